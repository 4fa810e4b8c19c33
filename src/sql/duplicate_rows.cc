// SPDX-License-Identifier: Apache-2.0
#include "sql/duplicate_rows.h"

#include <fmt/format.h>

#include "base/text.h"

namespace ballast::sql {

std::string DuplicateRows(const std::string& table, const std::vector<std::string>& keys,
                          bool nulls_are_equal, const std::string& predicate) {
  std::vector<std::string> conditions;
  if (!predicate.empty()) conditions.push_back("(" + predicate + ")");
  for (const std::string& key : keys) {
    if (!nulls_are_equal) conditions.push_back("(" + key + ") IS NOT NULL");
  }
  const std::string where = conditions.empty() ? "" : " WHERE " + Join(conditions, " AND ");
  return fmt::format(
      "SELECT * FROM (SELECT *, count(*) OVER (PARTITION BY {}) AS \"equal rows\" FROM {}{}) AS t "
      "WHERE t.\"equal rows\" > 1",
      Join(keys, ", "), table, where);
}

}  // namespace ballast::sql
