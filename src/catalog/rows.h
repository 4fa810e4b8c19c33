// SPDX-License-Identifier: Apache-2.0
// Renders rows as INSERT statements that recreate exactly the same rows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/catalog.h"

namespace ballast::catalog {

struct RowColumn {
  std::string name;
  bool bare = false;  // integers, decimals and booleans can be written without quotes
  // The expressions that replace kTheClock and kANewId: the current time, a new id.
  std::string clock = {};
  std::string new_id = {};
};

// Placeholders for a cell whose value came from the clock or from an id generator when the
// migrations ran. The script fills such a cell in the same way.
inline constexpr char kTheClock[] = "\x01clock";
inline constexpr char kANewId[] = "\x01id";

struct TableContent {
  Name table;
  std::vector<RowColumn> columns;
  bool overriding = false;  // GENERATED ALWAYS AS IDENTITY: the rows contain explicit values
  std::vector<std::vector<std::optional<std::string>>> rows;  // text output; nullopt: NULL
};

// A value as a literal of its column's type. Quotes are omitted only where the unquoted form is
// read as the same value: not for -0, exponents, NaN or infinity.
std::string RenderValue(const std::optional<std::string>& value, bool bare);

// INSERT statements with column names, each of at most 500 rows and about 200 KB.
std::string RenderRows(const TableContent& content);

}  // namespace ballast::catalog
