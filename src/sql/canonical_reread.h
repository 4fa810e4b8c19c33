// SPDX-License-Identifier: Apache-2.0
// What the server prints differently once it has read its own text again. A restored dump and a
// baseline are read from printed text, so the text of the second reading is the canonical one:
//   - the first operand of AND is merged into it when it is an AND itself (what BETWEEN and row
//     comparisons become), and the same for OR: ((a AND b) AND c) becomes (a AND b AND c);
//   - a cast of ARRAY[…] is a cast of each element (parse_expr.c, transformTypeCast):
//     (ARRAY['x'::character varying])::text[] becomes ARRAY[('x'::character varying)::text];
//   - an outer join without a condition, which NATURAL makes, is printed ON TRUE and read again as
//     a condition: ON (true).
#pragma once

#include "sql/canonical_tree.h"

namespace ballast::sql {

// Rewrites a tree to the text that does not change any more, the inner parts first; whether
// anything changed.
bool RewriteAsReread(TextNodes* nodes);

}  // namespace ballast::sql
