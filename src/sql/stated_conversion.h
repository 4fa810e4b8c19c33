// SPDX-License-Identifier: Apache-2.0
// The expression by which a script converts the values of a column: ALTER TABLE … ALTER COLUMN …
// TYPE … USING expression.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/object_name.h"
#include "sql/value_changes.h"

namespace ballast::sql {

class StatedConversion {
 public:
  // `pieces`: the texts between the references to the column; at least one.
  explicit StatedConversion(std::vector<std::string> pieces) : pieces_(std::move(pieces)) {}

  // The expression for another value than the column: "(value * 100)". In parentheses.
  std::string Of(const std::string& value) const;

 private:
  std::vector<std::string> pieces_;
};

// The conversion of the column if exactly one statement of the scripts changes its values, and the
// expression depends on no other column. Columns that the scripts rename before, and scripts with
// code (DO, CALL) have none. `column`: as before the scripts, raw; so is the table, whose schema
// may be empty.
std::optional<StatedConversion> StatedConversionOf(const ValueChanges& changes,
                                                   const ObjectName& table,
                                                   const std::string& column);

}  // namespace ballast::sql
