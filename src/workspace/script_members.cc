// SPDX-License-Identifier: Apache-2.0
#include "workspace/script_members.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "workspace/script_text.h"

namespace ballast::workspace {

namespace {

using Kind = ScriptValue::Kind;

}  // namespace

ScriptValue ValueOf(Kind kind, std::string text) {
  ScriptValue value;
  value.kind = kind;
  value.text = std::move(text);
  return value;
}

ScriptValue BooleanValue(bool boolean) {
  ScriptValue value = ValueOf(Kind::kBoolean, boolean ? "true" : "false");
  value.boolean = boolean;
  return value;
}

void AddVariables(const std::vector<std::string>& from, std::vector<std::string>* to) {
  for (const std::string& name : from) {
    if (std::find(to->begin(), to->end(), name) == to->end()) to->push_back(name);
  }
}

void ApplyChange(std::span<const std::string> path, bool is_content, ScriptValue* value) {
  if (path.empty()) {
    const bool has_content = value->kind == Kind::kObject || value->kind == Kind::kArray;
    if (!is_content || has_content) *value = {};
    return;
  }
  if (value->kind != Kind::kObject) return;
  const ScriptValue* found = value->Find(path.front());
  ScriptValue member = found == nullptr ? ValueOf(Kind::kUndefined) : *found;
  if (found == nullptr && value->is_open) return;
  ApplyChange(path.subspan(1), is_content, &member);
  value->members.emplace_back(path.front(), std::move(member));
}

void Spread(const ScriptValue& value, ScriptValue* object) {
  const bool nothing = value.kind == Kind::kUndefined || value.kind == Kind::kBoolean ||
                       (value.kind == Kind::kText && value.text.empty());
  if (nothing) return;
  if (value.kind != Kind::kObject || value.is_open) {
    // Everything that was known before may have another value now.
    for (auto& member : object->members) member.second = {};
    object->is_open = true;
  }
  if (value.kind != Kind::kObject) return;
  for (const auto& member : value.members) object->members.push_back(member);
}

bool IsInherited(std::string_view member) {
  constexpr std::string_view kMembers[] = {
      "constructor",      "hasOwnProperty",   "isPrototypeOf",    "propertyIsEnumerable",
      "toLocaleString",   "toString",         "valueOf",          "__proto__",
      "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__"};
  return std::ranges::find(kMembers, member) != std::end(kMembers);
}

std::optional<bool> AreEqual(const ScriptValue& a, const ScriptValue& b, bool strictly) {
  const auto is_plain = [](const ScriptValue& value) {
    return value.kind == Kind::kText || value.kind == Kind::kUndefined;
  };
  if (!is_plain(a) || !is_plain(b)) return std::nullopt;
  if (a.kind != b.kind) return false;
  if (a.kind == Kind::kUndefined) return !strictly || a.is_null == b.is_null;
  if (a.is_number != b.is_number) return std::nullopt;
  return a.text == b.text;
}

ScriptValue CallTextMethod(const ScriptValue& of, const std::string& name,
                           const std::vector<ScriptValue>& arguments) {
  std::vector<std::string> texts;
  if (of.is_number) return {};
  for (const ScriptValue& item : of.items) {
    if (item.kind != Kind::kText) return {};
    texts.push_back(item.text);
  }
  if (of.kind == Kind::kText) texts = {of.text};
  std::vector<std::string> given;
  ScriptValue result = ValueOf(Kind::kUnknown);
  result.variables = of.variables;
  result.is_chosen = of.is_chosen;
  for (const ScriptValue& argument : arguments) {
    AddVariables(argument.variables, &result.variables);
    if (argument.kind != Kind::kText) return result;
    given.push_back(argument.text);
  }
  if (of.kind == Kind::kArray) {
    if (given.size() > 1) return result;
    result.kind = Kind::kText;
    result.text = Join(texts, given.empty() ? "," : given.front());
    return result;
  }
  const TextResult found = CallMethodOfText(of.text, name, given);
  if (found.is_true) {
    result.kind = Kind::kBoolean;
    result.boolean = *found.is_true;
    result.text = result.boolean ? "true" : "false";
  } else if (found.text) {
    result.kind = Kind::kText;
    result.text = *found.text;
  } else if (found.list) {
    result.kind = Kind::kArray;
    for (const std::string& item : *found.list) result.items.push_back(ValueOf(Kind::kText, item));
  }
  return result;
}

}  // namespace ballast::workspace
