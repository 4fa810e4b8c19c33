// SPDX-License-Identifier: Apache-2.0
// What a value of a script has inside: members, methods of texts, equality.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "workspace/script_value.h"

namespace ballast::workspace {

ScriptValue ValueOf(ScriptValue::Kind kind, std::string text = {});
ScriptValue BooleanValue(bool boolean);

// Unknown, because a value is that these variables or this import determine.
ScriptValue UnknownBy(const ScriptValue& cause);

// One of two values: of objects, all members of both are unknown.
ScriptValue Either(ScriptValue a, const ScriptValue& b, const ScriptValue& condition);

// array[number], in decimal. Unknown behind an unknown item, which may be a spread of several.
ScriptValue ItemOf(const ScriptValue& array, const ScriptValue& number);

std::string NormalPath(const std::filesystem::path& path);  // without "/" at the end

// path.join(…) or path.resolve(…), by the name of the function.
ScriptValue JoinPath(std::string_view function, const std::vector<ScriptValue>& parts,
                     const std::filesystem::path& working_directory);

// The value that `__dirname`, `path.join` and the like have in that script.
ScriptValue BuiltinValue(const std::string& name, const std::filesystem::path& file);

// new URL(text) of a text that it keeps; it throws without one.
ScriptValue UrlOf(ScriptValue text);
ScriptValue MemberOfUrl(const ScriptValue& url, const std::string& name);

// The value as a part of an object or list, or as an argument, where a URL could change under
// another name.
ScriptValue PartOf(ScriptValue value);

// The text that a template has for it.
// Number(value) and parseInt(value); unknown unless the value is written as a whole number, or is
// undefined: then it is not a number.
ScriptValue NumberOf(ScriptValue value);
// Whether these are the arguments of parseInt(text, 10).
bool HasRadixTen(const std::vector<ScriptValue>& arguments);

std::string TextOf(const ScriptValue& value);

// Adds the names that are missing.
void AddVariables(const std::vector<std::string>& from, std::vector<std::string>* to);

// Makes the member at the end of the path unknown; if its content changes, only an object or array.
void ApplyChange(std::span<const std::string> path, bool is_content, ScriptValue* value);

// { ...value }
void Spread(const ScriptValue& value, ScriptValue* object);

// Whether it is a?.b, a?.b.c() …, which is undefined where `a` is.
bool IsOptionalChain(const Expression& e);

// Whether every object has such a member: toString, constructor …
bool IsInherited(std::string_view member);

// Whether a == b, or strictly a === b; nothing when that is not known.
std::optional<bool> AreEqual(const ScriptValue& a, const ScriptValue& b, bool strictly);

ScriptValue CallTextMethod(const ScriptValue& of, const std::string& name,
                           const std::vector<ScriptValue>& arguments);

}  // namespace ballast::workspace
