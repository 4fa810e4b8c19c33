// SPDX-License-Identifier: Apache-2.0
// The bounds of partitions, in statements that make or attach one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sql/object_name.h"

namespace ballast::sql {

struct NewPartition {
  ObjectName table;
  ObjectName parent;
  std::string bound;  // SQL: "FOR VALUES IN (1)", "DEFAULT"
};

// Of CREATE TABLE … PARTITION OF and ATTACH PARTITION; else empty. The text has one statement.
std::optional<NewPartition> NewPartitionIn(std::string_view statement);

}  // namespace ballast::sql
