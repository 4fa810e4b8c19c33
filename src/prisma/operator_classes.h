// SPDX-License-Identifier: Apache-2.0
// The operator classes that can be used without raw() (prisma-engines
// psl/parser-database/src/types.rs; PostgreSQL manual, "Operator Classes and Operator Families").
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ballast::prisma {

struct OperatorClassSnapshot {
  std::string_view name;  // "TimestampTzMinMaxMultiOps"
  std::string_view type;  // "TimestampTz"
  std::string_view rest;  // "MinMaxMulti"; empty for simple ones such as "TextOps"
};

std::optional<OperatorClassSnapshot> FindOperatorClass(std::string_view name);

// The SQL name: "timestamptz_minmax_multi_ops".
std::string SqlNameOf(const OperatorClassSnapshot& snapshot);

}  // namespace ballast::prisma
