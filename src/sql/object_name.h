// SPDX-License-Identifier: Apache-2.0
// The name of an object in parts, because each of them can contain a dot.
#pragma once

#include <compare>
#include <string>

namespace ballast::sql {

// Raw, as in the catalog. Default order.
struct ObjectName {
  std::string schema;  // empty: not qualified
  std::string name;

  bool empty() const { return name.empty(); }
  auto operator<=>(const ObjectName&) const = default;
};

}  // namespace ballast::sql
