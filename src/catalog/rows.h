// SPDX-License-Identifier: Apache-2.0
// Rows as INSERT statements that read back as exactly the same rows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/catalog.h"

namespace ballast::catalog {

struct RowColumn {
  std::string name;
  bool bare = false;  // integers, decimals and booleans may stand without quotes
  // Stand in for the values kTheClock and kANewId: expressions for "when this runs" and "a new id".
  std::string clock = {};
  std::string new_id = {};
};

// A cell that was filled from the clock, or with a generated id that no other cell has, when the
// history ran, and is to be filled so again.
inline constexpr char kTheClock[] = "\x01clock";
inline constexpr char kANewId[] = "\x01id";

struct TableContent {
  Name table;
  std::vector<RowColumn> columns;
  bool overriding = false;  // GENERATED ALWAYS AS IDENTITY: the rows bring their own values
  std::vector<std::vector<std::optional<std::string>>> rows;  // text output; nullopt: NULL
};

// One value as a literal of its column's type. Quotes are left out only where the bare form is read
// as the same value: not for -0, exponents, NaN or infinity.
std::string RenderValue(const std::optional<std::string>& value, bool bare);

// Statements of at most 500 rows and about 200 KB; the columns are named.
std::string RenderRows(const TableContent& content);

}  // namespace ballast::catalog
