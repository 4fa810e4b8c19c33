// SPDX-License-Identifier: Apache-2.0
// What a value of a script has inside: members, methods of texts, equality.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "workspace/script_value.h"

namespace ballast::workspace {

ScriptValue ValueOf(ScriptValue::Kind kind, std::string text = {});
ScriptValue BooleanValue(bool boolean);

// Adds the names that are missing.
void AddVariables(const std::vector<std::string>& from, std::vector<std::string>* to);

// Makes the member at the end of the path unknown; if its content changes, only an object or array.
void ApplyChange(std::span<const std::string> path, bool is_content, ScriptValue* value);

// { ...value }
void Spread(const ScriptValue& value, ScriptValue* object);

// Whether every object has such a member: toString, constructor …
bool IsInherited(std::string_view member);

// Whether a == b, or strictly a === b; nothing when that is not known.
std::optional<bool> AreEqual(const ScriptValue& a, const ScriptValue& b, bool strictly);

ScriptValue CallTextMethod(const ScriptValue& of, const std::string& name,
                           const std::vector<ScriptValue>& arguments);

}  // namespace ballast::workspace
