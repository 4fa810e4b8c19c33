// SPDX-License-Identifier: Apache-2.0
#include "workspace/script_members.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "workspace/script_text.h"
#include "workspace/script_url.h"

namespace ballast::workspace {

namespace {

namespace fs = std::filesystem;
using Kind = ScriptValue::Kind;

constexpr char kNotANumber[] = "NaN";

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
    const bool has_content =
        value->kind == Kind::kObject || value->kind == Kind::kArray || value->kind == Kind::kUrl;
    if (!is_content || has_content) *value = {};
    return;
  }
  if (value->kind == Kind::kUrl) *value = {};
  if (value->kind != Kind::kObject) return;
  const ScriptValue* found = value->Find(path.front());
  ScriptValue member = found == nullptr ? ValueOf(Kind::kUndefined) : *found;
  if (found == nullptr && value->is_open) return;
  ApplyChange(path.subspan(1), is_content, &member);
  value->members.emplace_back(path.front(), std::move(member));
}

ScriptValue UnknownBy(const ScriptValue& cause) {
  ScriptValue unknown;
  unknown.variables = cause.variables;
  unknown.import = cause.import;
  unknown.line = cause.line;
  return unknown;
}

ScriptValue Either(ScriptValue a, const ScriptValue& b, const ScriptValue& condition) {
  const bool are_objects =
      a.kind == Kind::kObject && b.kind == Kind::kObject && !a.is_open && !b.is_open;
  if (!are_objects) return UnknownBy(condition);
  a.members.insert(a.members.end(), b.members.begin(), b.members.end());
  for (auto& [key, member] : a.members) {
    const int line = member.line;
    member = UnknownBy(condition);
    member.line = line;
  }
  return a;
}

ScriptValue ItemOf(const ScriptValue& array, const ScriptValue& number) {
  if (number.text == kNotANumber) return UnknownBy(number);
  size_t at = 0;
  for (const char digit : number.text) at = at * 10 + static_cast<size_t>(digit - '0');
  ScriptValue item = ValueOf(Kind::kUndefined);
  for (size_t i = 0; i < array.items.size() && i <= at; ++i) {
    if (array.items[i].kind == Kind::kUnknown) return UnknownBy(array.items[i]);
    if (i == at) item = array.items[i];
  }
  AddVariables(array.variables, &item.variables);
  AddVariables(number.variables, &item.variables);
  item.is_chosen = true;
  return item;
}

std::string NormalPath(const fs::path& path) {
  std::string text = path.lexically_normal().string();
  if (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text;
}

ScriptValue JoinPath(std::string_view function, const std::vector<ScriptValue>& parts,
                     const fs::path& working_directory) {
  ScriptValue joined = ValueOf(Kind::kText);
  fs::path path = function == "path.resolve" ? working_directory : fs::path();
  for (const ScriptValue& part : parts) {
    if (part.kind != Kind::kText) return {};
    AddVariables(part.variables, &joined.variables);
    const fs::path next = part.text;
    // path.join puts absolute parts below those before them.
    path = function == "path.join" && !path.empty() ? path / next.relative_path() : path / next;
  }
  joined.text = NormalPath(path);
  return joined;
}

ScriptValue BuiltinValue(const std::string& name, const fs::path& file) {
  const fs::path folder = file.parent_path();
  if (name == "__dirname" || name == "import.meta.dirname") {
    return ValueOf(Kind::kText, NormalPath(folder));
  }
  if (name == "__filename" || name == "import.meta.filename" || name == "import.meta.url") {
    return ValueOf(Kind::kText, file.string());
  }
  if (name == "path.sep") return ValueOf(Kind::kText, "/");
  return ValueOf(Kind::kBuiltin, name);
}

ScriptValue UrlOf(ScriptValue text) {
  if (text.kind == Kind::kUndefined) text.kind = Kind::kMissing;
  if (text.kind == Kind::kMissing) return text;
  if (text.kind != Kind::kText || !IsPlainUrl(text.text)) return UnknownBy(text);
  text.kind = Kind::kUrl;
  text.is_chosen = true;
  return text;
}

ScriptValue MemberOfUrl(const ScriptValue& url, const std::string& name) {
  ScriptValue text = url;
  text.kind = Kind::kText;
  if (name == "href") return text;
  if (name != "toString" && name != "toJSON") return {};
  ScriptValue method = ValueOf(Kind::kBuiltin, "method.toString");
  method.items = {text};
  return method;
}

ScriptValue PartOf(ScriptValue value) {
  return value.kind == Kind::kUrl ? UnknownBy(value) : value;
}

ScriptValue NumberOf(ScriptValue value) {
  constexpr size_t kMostDigits = 15;  // that a number keeps
  if (value.kind == Kind::kMissing) return value;
  if (value.kind == Kind::kUndefined && !value.is_null) {
    value.kind = Kind::kText;
    value.text = kNotANumber;
    value.is_number = true;
    return value;
  }
  if (value.kind != Kind::kText || value.text == kNotANumber) return UnknownBy(value);
  const bool is_plain = !value.text.empty() && value.text.size() <= kMostDigits &&
                        value.text.find_first_not_of("0123456789") == std::string::npos;
  if (!is_plain) return UnknownBy(value);
  value.text.erase(0, std::min(value.text.find_first_not_of('0'), value.text.size() - 1));
  value.is_number = true;
  return value;
}

bool HasRadixTen(const std::vector<ScriptValue>& arguments) {
  return arguments.size() == 2 && arguments[1].is_number && arguments[1].text == "10";
}

std::string TextOf(const ScriptValue& value) {
  if (value.kind != Kind::kUndefined) return value.text;
  return value.is_null ? "null" : "undefined";
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

bool IsOptionalChain(const Expression& e) {
  const bool is_link = e.kind == ExpressionKind::kMember || e.kind == ExpressionKind::kCall ||
                       e.kind == ExpressionKind::kIndex;
  if (!is_link) return false;
  return (e.kind == ExpressionKind::kMember && !e.texts.empty()) || IsOptionalChain(e.parts[0]);
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
  return a.text == b.text && !(a.is_number && a.text == kNotANumber);
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

std::optional<bool> TruthOf(const ScriptValue& value) {
  switch (value.kind) {
    case Kind::kUndefined:
      return false;
    case Kind::kText:
      if (value.is_number) return value.text != "0" && value.text != kNotANumber;
      return !value.text.empty();
    case Kind::kBoolean:
      return value.boolean;
    case Kind::kObject:
    case Kind::kArray:
    case Kind::kFunction:
    case Kind::kUrl:
      return true;
    default:
      return std::nullopt;
  }
}

ScriptValue::ScriptValue() = default;
ScriptValue::ScriptValue(const ScriptValue& other) = default;
ScriptValue::ScriptValue(ScriptValue&& other) noexcept = default;
ScriptValue& ScriptValue::operator=(const ScriptValue& other) = default;
ScriptValue& ScriptValue::operator=(ScriptValue&& other) noexcept = default;
ScriptValue::~ScriptValue() = default;

const ScriptValue* ScriptValue::Find(std::string_view key) const {
  for (auto member = members.rbegin(); member != members.rend(); ++member) {
    if (member->first == key) return &member->second;
  }
  return nullptr;
}

}  // namespace ballast::workspace
