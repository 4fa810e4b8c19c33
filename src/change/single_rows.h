// SPDX-License-Identifier: Apache-2.0
// The rows of an INSERT as catalog::RenderRows writes it, one by one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ballast::change {

struct SingleRow {
  std::string insert;   // without semicolon
  std::string columns;  // "(\"id\", \"name\")"; empty without columns
  std::string values;   // "(1, 'Ann')"; likewise
};

// No row of another statement.
std::vector<SingleRow> SingleRowsOf(std::string_view insert);

}  // namespace ballast::change
