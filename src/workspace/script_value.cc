// SPDX-License-Identifier: Apache-2.0
#include "workspace/script_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <utility>

#include "base/text.h"
#include "workspace/script_builtins.h"
#include "workspace/script_text.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;
using Kind = ScriptValue::Kind;

constexpr int kDeepestValue = 100;
constexpr int kMostSteps = 100'000;

ScriptValue Of(Kind kind, std::string text = {}) {
  ScriptValue value;
  value.kind = kind;
  value.text = std::move(text);
  return value;
}

ScriptValue Boolean(bool boolean) {
  ScriptValue value = Of(Kind::kBoolean, boolean ? "true" : "false");
  value.boolean = boolean;
  return value;
}

void AddVariables(const std::vector<std::string>& from, std::vector<std::string>* to) {
  for (const std::string& name : from) {
    if (std::find(to->begin(), to->end(), name) == to->end()) to->push_back(name);
  }
}

std::string Normal(const fs::path& path) {
  std::string text = path.lexically_normal().string();
  if (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text;
}

// Makes the member at the end of the path unknown; if its content changes, only an object or array.
void ApplyChange(std::span<const std::string> path, bool is_content, ScriptValue* value) {
  if (path.empty()) {
    const bool has_content = value->kind == Kind::kObject || value->kind == Kind::kArray;
    if (!is_content || has_content) *value = {};
    return;
  }
  if (value->kind != Kind::kObject) return;
  const ScriptValue* found = value->Find(path.front());
  ScriptValue member = found == nullptr ? Of(Kind::kUndefined) : *found;
  if (found == nullptr && value->is_open) return;
  ApplyChange(path.subspan(1), is_content, &member);
  value->members.emplace_back(path.front(), std::move(member));
}

class Evaluator {
 public:
  Evaluator(const Script& script, const ScriptContext& context)
      : script_(script), context_(context) {
    if (context.locals != nullptr) locals_ = *context.locals;
  }

  // The default export, with what was changed as `module.exports` or `exports`.
  ScriptValue Exported(const Expression& e) {
    ScriptValue value = Evaluate(e);
    for (const auto& [root, names] :
         {std::pair<std::string_view, size_t>{"module", 1}, {"exports", 0}}) {
      const auto changes = script_.changes.find(root);
      if (changes == script_.changes.end()) continue;
      for (const ScriptChange& change : changes->second) {
        std::span<const std::string> path = change.path;
        path = path.subspan(std::min(names, path.size()));
        if (!path.empty() && path.front() == "default") path = path.subspan(1);
        if (!path.empty()) ApplyChange(path, change.is_content, &value);
      }
    }
    return value;
  }

  ScriptValue Evaluate(const Expression& e) {
    if (depth_ >= kDeepestValue || ++steps_ > kMostSteps) return {};
    ++depth_;
    ScriptValue value = EvaluateKind(e);
    --depth_;
    if (value.line == 0) value.line = e.line;
    return value;
  }

 private:
  ScriptValue EvaluateKind(const Expression& e) {
    switch (e.kind) {
      case ExpressionKind::kText:
        return Of(Kind::kText, e.text);
      case ExpressionKind::kName:
        return Name(e.text);
      case ExpressionKind::kMember:
        return MemberOf(e);
      case ExpressionKind::kIndex:
        return Index(e);
      case ExpressionKind::kCall:
        return Call(e);
      case ExpressionKind::kNew:
        return Construct(e);
      case ExpressionKind::kObject:
        return Object(e);
      case ExpressionKind::kArray:
        return Array(e);
      case ExpressionKind::kBinary:
        return Binary(e);
      case ExpressionKind::kNot:
        return Not(e);
      case ExpressionKind::kConditional:
        return Conditional(e);
      case ExpressionKind::kTemplate:
        return Template(e);
      case ExpressionKind::kFunction: {
        ScriptValue value = Of(Kind::kFunction);
        value.function = std::make_shared<const Expression>(e);
        return value;
      }
      default:
        return {};
    }
  }

  // Unknown, because a value is that these variables determine.
  static ScriptValue UnknownBy(const ScriptValue& cause) {
    ScriptValue unknown;
    unknown.variables = cause.variables;
    return unknown;
  }

  ScriptValue Name(const std::string& name) {
    if (name == "undefined" || name == "null") return Of(Kind::kUndefined);
    if (name == "true" || name == "false") return Boolean(name == "true");
    if (const auto local = locals_.find(name); local != locals_.end()) return local->second;
    if (const auto import = script_.imports.find(name); import != script_.imports.end()) {
      const std::string builtin = BuiltinOf(import->second);
      return builtin.empty() ? ScriptValue() : Builtin(builtin);
    }
    if (const auto constant = script_.constants.find(name); constant != script_.constants.end()) {
      if (script_.assigned.contains(name)) return {};
      Locals others;  // those of a function do not hold in constants of the file
      std::swap(locals_, others);
      ScriptValue value = Changed(name, Evaluate(constant->second));
      std::swap(locals_, others);
      return value;
    }
    const std::string global = GlobalOf(name);
    return global.empty() ? ScriptValue() : Builtin(global);
  }

  // What changed after the declaration is unknown, because statements are not run.
  ScriptValue Changed(const std::string& name, ScriptValue value) const {
    const auto changes = script_.changes.find(name);
    if (changes == script_.changes.end()) return value;
    for (const ScriptChange& change : changes->second) {
      ApplyChange(change.path, change.is_content, &value);
    }
    return value;
  }

  ScriptValue Builtin(const std::string& name) const {
    const fs::path folder = context_.file.parent_path();
    if (name == "__dirname" || name == "import.meta.dirname") {
      return Of(Kind::kText, Normal(folder));
    }
    if (name == "__filename" || name == "import.meta.filename" || name == "import.meta.url") {
      return Of(Kind::kText, context_.file.string());
    }
    if (name == "path.sep") return Of(Kind::kText, "/");
    return Of(Kind::kBuiltin, name);
  }

  ScriptValue Variable(const std::string& name) {
    ScriptValue value = Of(Kind::kUndefined);
    value.variables = {name};
    AddVariables(value.variables, &read_);
    const Variables* listed = context_.uncertain;
    const bool is_set = context_.variables->contains(name);
    const bool uncertain =
        listed != nullptr && (listed->contains(name) || (!is_set && listed->contains(kAllUnset)));
    // The steps have not run yet.
    const bool may_change =
        listed == nullptr && (script_.may_override || (!is_set && script_.may_set));
    if (uncertain || may_change || script_.assigned_variables.contains(name)) {
      value.kind = Kind::kUnknown;
      return value;
    }
    const auto found = context_.variables->find(name);
    if (found == context_.variables->end()) return value;
    value.kind = Kind::kText;
    value.text = found->second;
    return value;
  }

  ScriptValue MemberOf(const Expression& e) {
    ScriptValue object = Evaluate(e.parts[0]);
    if (object.kind == Kind::kUndefined && IsOptionalChain(e)) return object;
    return Member(object, e.text);
  }

  // a?.b, a?.b.c(), …: undefined where `a` is.
  static bool IsOptionalChain(const Expression& e) {
    const bool is_link = e.kind == ExpressionKind::kMember || e.kind == ExpressionKind::kCall ||
                         e.kind == ExpressionKind::kIndex;
    if (!is_link) return false;
    return (e.kind == ExpressionKind::kMember && !e.texts.empty()) || IsOptionalChain(e.parts[0]);
  }

  ScriptValue Member(const ScriptValue& object, const std::string& name) {
    if (object.kind == Kind::kBuiltin) {
      if (object.text == "process.env" || object.text == "Bun.env") return Variable(name);
      if (object.text == "globalThis") return Builtin(name);
      if (object.text == "path" && (name == "posix" || name == "default")) return object;
      return Builtin(object.text + "." + name);
    }
    const bool has_method = object.kind == Kind::kText
                                ? IsTextMethod(name)
                                : object.kind == Kind::kArray && name == "join";
    if (has_method) {
      ScriptValue method = Of(Kind::kBuiltin, "method." + name);
      method.items = {object};
      return method;
    }
    if (object.kind == Kind::kUnknown) return UnknownBy(object);
    if (object.kind != Kind::kObject) return {};
    const ScriptValue* member = object.Find(name);
    if (member != nullptr) return *member;
    return object.is_open ? ScriptValue() : Of(Kind::kUndefined);
  }

  ScriptValue Index(const Expression& e) {
    const ScriptValue index = Evaluate(e.parts[1]);
    if (index.kind != Kind::kText) return {};
    ScriptValue member = Member(Evaluate(e.parts[0]), index.text);
    member.is_chosen |= !index.variables.empty();
    return member;
  }

  ScriptValue Call(const Expression& e) {
    const ScriptValue callee = Evaluate(e.parts[0]);
    if (callee.kind == Kind::kFunction) return CallFunction(*callee.function, e);
    if (callee.kind == Kind::kUndefined && IsOptionalChain(e.parts[0])) return callee;
    if (callee.kind == Kind::kUnknown) return UnknownBy(callee);
    if (callee.kind != Kind::kBuiltin) return {};
    std::vector<ScriptValue> arguments;
    for (size_t i = 1; i < e.parts.size(); ++i) arguments.push_back(Evaluate(e.parts[i]));
    const std::string& name = callee.text;
    if (name == "process.cwd") return Of(Kind::kText, context_.working_directory.string());
    if (name.starts_with("method.")) {
      return CallTextMethod(callee.items.front(), name.substr(7), arguments);
    }
    if (name == "path.join" || name == "path.resolve") return Path(name, arguments);
    if (arguments.size() != 1) return {};
    return CallWith(name, arguments.front());
  }

  // Functions see their own constants and those of the file, not those of functions around them.
  ScriptValue CallFunction(const Expression& function, const Expression& call) {
    Locals locals;
    for (size_t i = 0; i < function.texts.size(); ++i) {
      const bool given = i + 1 < call.parts.size();
      locals[function.texts[i]] = given ? Evaluate(call.parts[i + 1]) : Of(Kind::kUndefined);
      if (locals[function.texts[i]].kind == Kind::kMissing) return locals[function.texts[i]];
    }
    std::swap(locals_, locals);
    std::vector<std::string> read;
    std::swap(read_, read);
    ScriptValue result;
    const bool returned = RunStatements(function.parts, &result);
    result.is_chosen |= ReturnsByCondition(function.parts);
    std::swap(read_, read);
    AddVariables(read, &read_);
    std::swap(locals_, locals);
    return returned ? result : Of(Kind::kUndefined);
  }

  // True if the statements end with `result`: by return, by throw, or because one is not
  // understood.
  bool RunStatements(std::span<const Expression> statements, ScriptValue* result) {
    for (const Expression& statement : statements) {
      switch (statement.kind) {
        case ExpressionKind::kDeclare:
          locals_[statement.text] = Evaluate(statement.parts[0]);
          if (locals_[statement.text].kind != Kind::kMissing) break;
          *result = locals_[statement.text];
          return true;
        case ExpressionKind::kReturn:
          *result = Evaluate(statement.parts[0]);
          return true;
        case ExpressionKind::kThrow:
          *result = Of(read_.empty() ? Kind::kUnknown : Kind::kMissing);
          result->variables = read_;
          result->line = statement.line;
          return true;
        case ExpressionKind::kIf: {
          const ScriptValue condition = Evaluate(statement.parts[0]);
          const std::optional<bool> truth = TruthOf(condition);
          if (!truth) {
            *result = condition.kind == Kind::kMissing ? condition : ScriptValue();
            return true;
          }
          const std::span<const Expression> parts(statement.parts);
          if (*truth && RunStatements(parts.subspan(1), result)) return true;
          break;
        }
        default:
          *result = {};
          return true;
      }
    }
    return false;
  }

  static ScriptValue CallTextMethod(const ScriptValue& of, const std::string& name,
                                    const std::vector<ScriptValue>& arguments) {
    std::vector<std::string> texts;
    for (const ScriptValue& item : of.items) {
      if (item.kind != Kind::kText) return {};
      texts.push_back(item.text);
    }
    if (of.kind == Kind::kText) texts = {of.text};
    std::vector<std::string> given;
    ScriptValue result = Of(Kind::kUnknown);
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
      for (const std::string& item : *found.list) result.items.push_back(Of(Kind::kText, item));
    }
    return result;
  }

  ScriptValue CallWith(const std::string& name, ScriptValue argument) {
    if (name == "prisma.defineConfig") return argument;
    if (argument.kind == Kind::kUndefined && (name == "String" || name == "encodeURIComponent")) {
      return AsText(std::move(argument));
    }
    if (argument.kind != Kind::kText) return {};
    if (name == "fileURLToPath" || name == "String") return argument;
    if (name == "fs.existsSync") {
      std::error_code failed;
      return Boolean(fs::exists(context_.working_directory / argument.text, failed));
    }
    if (name == "encodeURIComponent") {
      argument.text = EncodedUriComponent(argument.text);
      return argument;
    }
    if (name == "path.dirname") {
      argument.text = fs::path(argument.text).parent_path().string();
      return argument;
    }
    if (name == "require") return Required(argument.text);
    if (name != "prisma.env") return {};
    ScriptValue value = Variable(argument.text);
    if (value.kind == Kind::kUndefined || (value.kind == Kind::kText && value.text.empty())) {
      value.kind = Kind::kMissing;
      value.text = argument.text;
    }
    return value;
  }

  ScriptValue Required(const std::string& module) const {
    const std::string builtin = BuiltinOf({module, "*"});
    return builtin.empty() ? ScriptValue() : Builtin(builtin);
  }

  ScriptValue Path(const std::string& name, const std::vector<ScriptValue>& parts) const {
    ScriptValue joined = Of(Kind::kText);
    fs::path path = name == "path.resolve" ? context_.working_directory : fs::path();
    for (const ScriptValue& part : parts) {
      if (part.kind != Kind::kText) return {};
      AddVariables(part.variables, &joined.variables);
      const fs::path next = part.text;
      // path.join puts absolute parts below those before them.
      path = name == "path.join" && !path.empty() ? path / next.relative_path() : path / next;
    }
    joined.text = Normal(path);
    return joined;
  }

  // new URL("./x", import.meta.url) as the path that fileURLToPath returns.
  ScriptValue Construct(const Expression& e) {
    if (e.parts.size() != 3 || Evaluate(e.parts[0]).text != "URL") return {};
    const ScriptValue relative = Evaluate(e.parts[1]);
    const ScriptValue base = Evaluate(e.parts[2]);
    if (relative.kind != Kind::kText || base.text != context_.file.string()) return {};
    if (relative.text.find(':') != std::string::npos) return {};
    const fs::path path = context_.file.parent_path() / relative.text;
    return Of(Kind::kText, Normal(path));
  }

  ScriptValue Object(const Expression& e) {
    ScriptValue object = Of(Kind::kObject);
    for (const Expression& part : e.parts) {
      if (part.kind == ExpressionKind::kProperty) {
        object.members.emplace_back(part.text, Evaluate(part.parts[0]));
        object.members.back().second.line = part.line;
        continue;
      }
      Spread(Evaluate(part.parts[0]), &object);
    }
    return object;
  }

  static void Spread(const ScriptValue& value, ScriptValue* object) {
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

  ScriptValue Array(const Expression& e) {
    ScriptValue array = Of(Kind::kArray);
    for (const Expression& item : e.parts) array.items.push_back(Evaluate(item));
    return array;
  }

  ScriptValue Binary(const Expression& e) {
    ScriptValue left = Evaluate(e.parts[0]);
    if (left.kind == Kind::kMissing) return left;
    if (e.text == "??" || e.text == "||" || e.text == "&&") return Choice(e, std::move(left));
    const ScriptValue right = Evaluate(e.parts[1]);
    if (right.kind == Kind::kMissing) return right;
    if (e.text == "+") {
      return Sum(std::move(left), right);
    }
    const bool equal = e.text == "===" || e.text == "==";
    if (!equal && e.text != "!==" && e.text != "!=") return {};
    const auto is_plain = [](const ScriptValue& value) {
      return value.kind == Kind::kText || value.kind == Kind::kUndefined;
    };
    if (!is_plain(left) || !is_plain(right)) return {};
    return Boolean((left.kind == right.kind && left.text == right.text) == equal);
  }

  // Of texts. One that is missing counts as in a template.
  ScriptValue Sum(ScriptValue left, const ScriptValue& right) const {
    if (left.kind != Kind::kText && right.kind != Kind::kText) return {};
    for (const ScriptValue* part : {&std::as_const(left), &right}) {
      if (part->kind == Kind::kUndefined && !context_.undefined_is_text) return *part;
      if (part->kind != Kind::kText && part->kind != Kind::kUndefined) return {};
    }
    left.text = TextOf(left) + TextOf(right);
    left.kind = Kind::kText;
    AddVariables(right.variables, &left.variables);
    left.is_chosen |= right.is_chosen;
    return left;
  }

  ScriptValue Choice(const Expression& e, ScriptValue left) {
    if (left.kind == Kind::kUnknown || left.kind == Kind::kBuiltin) return UnknownBy(left);
    const bool takes_left = e.text == "??"   ? left.kind != Kind::kUndefined
                            : e.text == "||" ? *TruthOf(left)
                                             : !*TruthOf(left);
    if (takes_left) {
      const std::vector<std::string> read = read_;
      left.is_chosen |= !Evaluate(e.parts[1]).variables.empty();
      read_ = read;
      return left;
    }
    ScriptValue right = Evaluate(e.parts[1]);
    if (right.kind == Kind::kUndefined) {
      std::vector<std::string> asked = left.variables;
      AddVariables(right.variables, &asked);
      right.variables = std::move(asked);
    }
    right.is_chosen |= !left.variables.empty();
    return right;
  }

  ScriptValue Not(const Expression& e) {
    const std::optional<bool> truth = TruthOf(Evaluate(e.parts[0]));
    return truth ? Boolean(!*truth) : ScriptValue();
  }

  ScriptValue Conditional(const Expression& e) {
    const std::optional<bool> truth = TruthOf(Evaluate(e.parts[0]));
    if (!truth) return {};
    ScriptValue chosen = Evaluate(e.parts[*truth ? 1 : 2]);
    chosen.is_chosen = true;
    return chosen;
  }

  static std::string TextOf(const ScriptValue& value) {
    return value.kind == Kind::kUndefined ? "undefined" : value.text;
  }

  // What a template has in the place of `undefined`.
  ScriptValue AsText(ScriptValue undefined) const {
    if (!context_.undefined_is_text) return undefined;
    undefined.text = TextOf(undefined);
    undefined.kind = Kind::kText;
    return undefined;
  }

  ScriptValue Template(const Expression& e) {
    ScriptValue text = Of(Kind::kText, e.texts.front());
    for (size_t i = 0; i < e.parts.size(); ++i) {
      const ScriptValue part = Evaluate(e.parts[i]);
      if (part.kind == Kind::kMissing) return part;
      AddVariables(part.variables, &text.variables);
      text.is_chosen |= part.is_chosen;
      if (part.kind == Kind::kUndefined && !context_.undefined_is_text) return part;
      if (part.kind != Kind::kText && part.kind != Kind::kUndefined) return UnknownBy(part);
      text.text += TextOf(part) + e.texts[i + 1];
    }
    return text;
  }

  const Script& script_;
  const ScriptContext& context_;
  using Locals = std::map<std::string, ScriptValue, std::less<>>;
  Locals locals_;                  // of the function that runs
  std::vector<std::string> read_;  // variables of process.env that it has read
  int depth_ = 0;
  int steps_ = 0;
};

}  // namespace

std::optional<bool> TruthOf(const ScriptValue& value) {
  switch (value.kind) {
    case Kind::kUndefined:
      return false;
    case Kind::kText:
      return !value.text.empty();
    case Kind::kBoolean:
      return value.boolean;
    case Kind::kObject:
    case Kind::kArray:
    case Kind::kFunction:
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

ScriptValue EvaluateExpression(const Expression& expression, const Script& script,
                               const ScriptContext& context) {
  return Evaluator(script, context).Evaluate(expression);
}

ScriptValue EvaluateExport(const Script& script, const ScriptContext& context) {
  return Evaluator(script, context).Exported(*script.exported);
}

}  // namespace ballast::workspace
