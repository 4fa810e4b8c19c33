// SPDX-License-Identifier: Apache-2.0
// Functions that a statement calls although it is no query: in USING, the default of a new column,
// a check, an index.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ballast::sql {

struct EvaluatedCode {
  // The script inserts rows, explains a statement by running it, or creates functions that it can
  // call itself; or the grammar cannot read it.
  bool is_own = false;
  // It evaluates expressions that the catalog can have: of checks, indexes, domains, casts.
  bool of_catalog = false;
  std::vector<std::string>
      functions;  // that its expressions name, without schema; not pg_catalog's

  bool None() const { return !is_own && !of_catalog && functions.empty(); }
};

// What the statements of a script evaluate when they run, apart from UPDATE, DELETE, MERGE,
// TRUNCATE, SELECT, DO, CALL and EXECUTE. What they only store (CREATE VIEW, SET DEFAULT) does not
// count.
EvaluatedCode EvaluatedBy(std::string_view script);

}  // namespace ballast::sql
