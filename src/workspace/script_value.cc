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
#include "workspace/script_members.h"
#include "workspace/script_text.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;
using Kind = ScriptValue::Kind;

constexpr int kDeepestValue = 100;
constexpr int kMostSteps = 100'000;

std::string Normal(const fs::path& path) {
  std::string text = path.lexically_normal().string();
  if (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text;
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
    if (value.Find("default") != nullptr) return {};  // which Prisma takes for no configuration
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
        return ValueOf(Kind::kText, e.text);
      case ExpressionKind::kNumber: {
        ScriptValue value = ValueOf(Kind::kText, e.text);
        value.is_number = true;
        return value;
      }
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
        ScriptValue value = ValueOf(Kind::kFunction);
        value.function = std::make_shared<const Expression>(e);
        value.is_open = in_function_;
        return value;
      }
      default:
        return {};
    }
  }

  // Unknown, because a value is that these variables or this import determine.
  static ScriptValue UnknownBy(const ScriptValue& cause) {
    ScriptValue unknown;
    unknown.variables = cause.variables;
    unknown.import = cause.import;
    return unknown;
  }

  ScriptValue Name(const std::string& name) {
    if (name == "undefined" || name == "null") {
      ScriptValue value = ValueOf(Kind::kUndefined);
      value.is_null = name == "null";
      return value;
    }
    if (name == "true" || name == "false") return BooleanValue(name == "true");
    if (const auto local = locals_.find(name); local != locals_.end()) return local->second;
    if (const auto import = script_.imports.find(name); import != script_.imports.end()) {
      const std::string builtin = BuiltinOf(import->second);
      if (!builtin.empty()) return Builtin(builtin);
      ScriptValue unknown;
      unknown.import = fmt::format("`{}` from \"{}\"", name, import->second.module);
      return unknown;
    }
    if (script_.assigned.contains(name)) return {};
    if (const auto constant = script_.constants.find(name); constant != script_.constants.end()) {
      Locals others;  // those of a function do not hold in constants of the file
      bool in_function = false;
      std::swap(locals_, others);
      std::swap(in_function_, in_function);
      ScriptValue value = Changed(name, Evaluate(constant->second));
      std::swap(locals_, others);
      std::swap(in_function_, in_function);
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
      return ValueOf(Kind::kText, Normal(folder));
    }
    if (name == "__filename" || name == "import.meta.filename" || name == "import.meta.url") {
      return ValueOf(Kind::kText, context_.file.string());
    }
    if (name == "path.sep") return ValueOf(Kind::kText, "/");
    return ValueOf(Kind::kBuiltin, name);
  }

  ScriptValue Variable(const std::string& name) {
    ScriptValue value = ValueOf(Kind::kUndefined);
    value.variables = {name};
    AddVariables(value.variables, &read_);
    if (IsInherited(name) && !context_.variables->contains(name)) value.kind = Kind::kUnknown;
    if (value.kind == Kind::kUnknown) return value;
    const Variables* listed = context_.uncertain;
    const auto found = context_.variables->find(name);
    const bool is_set = found != context_.variables->end();
    const bool uncertain =
        listed != nullptr && (listed->contains(name) || (!is_set && listed->contains(kAllUnset)));
    // The steps have not run yet.
    const bool may_change =
        listed == nullptr &&
        (script_.may_override || (script_.may_set && (!is_set || found->second.empty())));
    if (uncertain || may_change || script_.assigned_variables.contains(name)) {
      value.kind = Kind::kUnknown;
      return value;
    }
    if (!is_set) return value;
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
      ScriptValue method = ValueOf(Kind::kBuiltin, "method." + name);
      method.items = {object};
      return method;
    }
    if (object.kind == Kind::kUnknown) return UnknownBy(object);
    if (object.kind != Kind::kObject) return {};
    const ScriptValue* member = object.Find(name);
    if (member != nullptr) return *member;
    return object.is_open || IsInherited(name) ? ScriptValue() : ValueOf(Kind::kUndefined);
  }

  ScriptValue Index(const Expression& e) {
    const ScriptValue index = Evaluate(e.parts[1]);
    if (index.kind != Kind::kText) return UnknownBy(index);
    ScriptValue member = Member(Evaluate(e.parts[0]), index.text);
    member.is_chosen |= !index.variables.empty();
    return member;
  }

  ScriptValue Call(const Expression& e) {
    const ScriptValue callee = Evaluate(e.parts[0]);
    if (callee.kind == Kind::kFunction) {
      // One that is made in a function sees what is declared there.
      return callee.is_open ? ScriptValue() : CallFunction(*callee.function, e);
    }
    if (callee.kind == Kind::kUndefined && IsOptionalChain(e.parts[0])) return callee;
    if (callee.kind == Kind::kUnknown) return UnknownBy(callee);
    if (callee.kind != Kind::kBuiltin) return {};
    std::vector<ScriptValue> arguments;
    for (size_t i = 1; i < e.parts.size(); ++i) arguments.push_back(Evaluate(e.parts[i]));
    const std::string& name = callee.text;
    if (name == "process.cwd") return ValueOf(Kind::kText, context_.working_directory.string());
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
      locals[function.texts[i]] = given ? Evaluate(call.parts[i + 1]) : ValueOf(Kind::kUndefined);
      if (locals[function.texts[i]].kind == Kind::kMissing) return locals[function.texts[i]];
    }
    std::swap(locals_, locals);
    std::vector<std::string> read;
    std::swap(read_, read);
    ScriptValue result;
    bool in_function = true;
    std::swap(in_function_, in_function);
    const bool returned = RunStatements(function.parts, &result);
    std::swap(in_function_, in_function);
    result.is_chosen |= ReturnsByCondition(function.parts);
    std::swap(read_, read);
    AddVariables(read, &read_);
    std::swap(locals_, locals);
    return returned ? result : ValueOf(Kind::kUndefined);
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
          *result = ValueOf(read_.empty() ? Kind::kUnknown : Kind::kMissing);
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
          const Locals before = locals_;  // constants of the block end with it
          if (*truth && RunStatements(parts.subspan(1), result)) return true;
          locals_ = before;
          break;
        }
        default:
          *result = {};
          return true;
      }
    }
    return false;
  }

  ScriptValue CallWith(const std::string& name, ScriptValue argument) {
    if (name == "prisma.defineConfig") return argument;
    if (name == "Boolean") {
      const std::optional<bool> truth = TruthOf(argument);
      if (truth) return BooleanValue(*truth);
      return argument.kind == Kind::kMissing ? argument : UnknownBy(argument);
    }
    if (argument.kind == Kind::kUndefined && (name == "String" || name == "encodeURIComponent")) {
      return AsText(std::move(argument));
    }
    if (argument.kind != Kind::kText) return {};
    argument.is_number = false;
    if (name == "fileURLToPath" || name == "String") return argument;
    if (name == "fs.existsSync") {
      std::error_code failed;
      return BooleanValue(fs::exists(context_.working_directory / argument.text, failed));
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
    if (!builtin.empty()) return Builtin(builtin);
    ScriptValue unknown;
    unknown.import = fmt::format("\"{}\"", module);
    return unknown;
  }

  ScriptValue Path(const std::string& name, const std::vector<ScriptValue>& parts) const {
    ScriptValue joined = ValueOf(Kind::kText);
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
    return ValueOf(Kind::kText, Normal(path));
  }

  ScriptValue Object(const Expression& e) {
    ScriptValue object = ValueOf(Kind::kObject);
    for (const Expression& part : e.parts) {
      if (part.kind == ExpressionKind::kProperty) {
        object.members.emplace_back(part.text, Evaluate(part.parts[0]));
        object.members.back().second.line = part.line;
        continue;
      }
      Spread(SpreadValue(part.parts[0]), &object);
    }
    return object;
  }

  // …a && { b } has the member `b` or not, if `a` is not known.
  ScriptValue SpreadValue(const Expression& e) {
    if (e.kind == ExpressionKind::kBinary && e.text == "&&") {
      const ScriptValue condition = Evaluate(e.parts[0]);
      if (condition.kind == Kind::kUnknown) {
        return Either(Evaluate(e.parts[1]), ValueOf(Kind::kObject), condition);
      }
    }
    return Evaluate(e);
  }

  // One of two objects: all members of both are unknown.
  static ScriptValue Either(ScriptValue a, const ScriptValue& b, const ScriptValue& condition) {
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

  ScriptValue Array(const Expression& e) {
    ScriptValue array = ValueOf(Kind::kArray);
    for (const Expression& item : e.parts) array.items.push_back(Evaluate(item));
    return array;
  }

  ScriptValue Binary(const Expression& e) {
    ScriptValue left = Evaluate(e.parts[0]);
    if (left.kind == Kind::kMissing) return left;
    const bool chooses =
        e.text == "??" || e.text == "||" || e.text == "&&" || e.text == kDefaultOperator;
    if (chooses) return Choice(e, std::move(left));
    const ScriptValue right = Evaluate(e.parts[1]);
    if (right.kind == Kind::kMissing) return right;
    if (e.text == "+") {
      return Sum(std::move(left), right);
    }
    const bool equal = e.text == "===" || e.text == "==";
    if (!equal && e.text != "!==" && e.text != "!=") return {};
    const std::optional<bool> same = AreEqual(left, right, e.text.size() == 3);
    return same ? BooleanValue(*same == equal) : ScriptValue();
  }

  // Of texts. One that is missing counts as in a template.
  ScriptValue Sum(ScriptValue left, const ScriptValue& right) const {
    if (left.kind != Kind::kText && right.kind != Kind::kText) return {};
    if ((left.is_number && right.kind != Kind::kText) || (left.is_number && right.is_number) ||
        (right.is_number && left.kind != Kind::kText)) {
      return {};
    }
    left.is_number = false;
    for (const ScriptValue* part : {&std::as_const(left), &right}) {
      if (part->kind == Kind::kUndefined && !context_.undefined_is_text) return *part;
      if (part->kind != Kind::kText && part->kind != Kind::kUndefined) return UnknownBy(*part);
    }
    left.text = TextOf(left) + TextOf(right);
    left.kind = Kind::kText;
    AddVariables(right.variables, &left.variables);
    left.is_chosen |= right.is_chosen;
    return left;
  }

  ScriptValue Choice(const Expression& e, ScriptValue left) {
    if (left.kind == Kind::kUnknown || left.kind == Kind::kBuiltin) return UnknownBy(left);
    const bool takes_left = e.text == kDefaultOperator
                                ? left.kind != Kind::kUndefined || left.is_null
                            : e.text == "??" ? left.kind != Kind::kUndefined
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
    return truth ? BooleanValue(!*truth) : ScriptValue();
  }

  ScriptValue Conditional(const Expression& e) {
    const ScriptValue condition = Evaluate(e.parts[0]);
    const std::optional<bool> truth = TruthOf(condition);
    if (!truth) return Either(Evaluate(e.parts[1]), Evaluate(e.parts[2]), UnknownBy(condition));
    ScriptValue chosen = Evaluate(e.parts[*truth ? 1 : 2]);
    chosen.is_chosen = true;
    return chosen;
  }

  static std::string TextOf(const ScriptValue& value) {
    if (value.kind != Kind::kUndefined) return value.text;
    return value.is_null ? "null" : "undefined";
  }

  // What a template has in the place of `undefined`.
  ScriptValue AsText(ScriptValue undefined) const {
    if (!context_.undefined_is_text) return undefined;
    undefined.text = TextOf(undefined);
    undefined.kind = Kind::kText;
    return undefined;
  }

  ScriptValue Template(const Expression& e) {
    ScriptValue text = ValueOf(Kind::kText, e.texts.front());
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
  bool in_function_ = false;
  int depth_ = 0;
  int steps_ = 0;
};

}  // namespace

std::optional<bool> TruthOf(const ScriptValue& value) {
  switch (value.kind) {
    case Kind::kUndefined:
      return false;
    case Kind::kText:
      return !value.text.empty() && !(value.is_number && value.text == "0");
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
