// SPDX-License-Identifier: Apache-2.0
// The parse tree of libpg_query, which is JSON. Only for this folder.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/object_name.h"

namespace ballast::sql {

// The tree of a script, whose "stmts" are its statements; nullopt on a syntax error.
std::optional<nlohmann::json> ParseTreeOf(std::string_view script);

// The text in `key`; empty if there is none.
std::string TextAt(const nlohmann::json& node, const char* key);

// The node in `key`; an empty object if there is none. Valid as long as `node`.
const nlohmann::json& At(const nlohmann::json& node, const char* key);

// The value of a String node; empty for any other node.
std::string StringIn(const nlohmann::json& node);

// The name in a RangeVar.
ObjectName RelationName(const nlohmann::json& range);

// The parts of a name: the strings of a list, or of a node that holds one (List, TypeName,
// ObjectWithArgs, String).
std::vector<std::string> NamePartsIn(const nlohmann::json& node);

// The last two parts, which are schema and name; empty without parts.
ObjectName NameFromParts(const std::vector<std::string>& parts);

}  // namespace ballast::sql
