// SPDX-License-Identifier: Apache-2.0
// Only for this folder.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "sql/partition_bound.h"

namespace ballast::sql {

// `statement`: a node of the parse tree of the script.
std::optional<NewPartition> NewPartitionIn(const nlohmann::json& statement,
                                           std::string_view script);

}  // namespace ballast::sql
