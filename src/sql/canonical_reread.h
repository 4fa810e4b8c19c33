// SPDX-License-Identifier: Apache-2.0
// Changes that the server makes when it parses its own output. A restored dump and a baseline are
// parsed from printed text, so the text of the second parse is canonical:
//     - if the first operand of AND is itself an AND (from BETWEEN and row comparisons), it is
//       merged: ((a AND b) AND c) becomes (a AND b AND c); the same for OR;
//     - a cast of ARRAY[…] becomes a cast of each element (parse_expr.c, transformTypeCast):
//       (ARRAY['x'::character varying])::text[] becomes ARRAY[('x'::character varying)::text];
//     - an outer join without a condition, from NATURAL, is printed as ON TRUE and parsed as a
//       condition: ON (true);
//     - a value in the list of a SELECT that is printed with a cast and without a name is named
//       after the type (parse_target.c, FigureColname): SELECT 'x'::text AS text;
//     - a function in FROM is printed with names for the columns that its row type had when the
//       view was created, and with all of them when that is parsed: the canonical text has those
//       that it uses (sql/canonical_columns.h): f() f(a, b);
//     - ROW(…)::type has NULL without a type for each attribute that the type got later, which is
//       parsed as NULL::type: the canonical text has NULL for all of those at the end.
#pragma once

#include "sql/canonical_tree.h"

namespace ballast::sql {

// Rewrites a tree until it no longer changes, innermost first; returns whether anything changed.
bool RewriteAsReread(TextNodes* nodes);

}  // namespace ballast::sql
