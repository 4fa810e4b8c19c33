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
#include "workspace/script_imports.h"
#include "workspace/script_members.h"
#include "workspace/script_text.h"
#include "workspace/script_url.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;
using Kind = ScriptValue::Kind;

constexpr int kDeepestValue = 100;
constexpr int kMostSteps = 100'000;

using Locals = std::map<std::string, ScriptValue, std::less<>>;

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
    may_throw_ |= value.kind == Kind::kUnknown || value.kind == Kind::kMissing;
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
      case ExpressionKind::kChangedUrl:
        return ChangedUrl(e);
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
      if (!builtin.empty()) return BuiltinValue(builtin, context_.file);
      return ImportedValue(script_, name, import->second, context_.working_directory);
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
    return global.empty() ? ScriptValue() : BuiltinValue(global, context_.file);
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
    // A path of the file system in place of its URL, which encodes other characters.
    if (object.kind == Kind::kText && e.parts[0].kind == ExpressionKind::kNew) {
      return e.text == "pathname" && IsPlainUrlPath(object.text) ? object : UnknownBy(object);
    }
    return Member(object, e.text);
  }

  ScriptValue Member(const ScriptValue& object, const std::string& name) {
    if (object.kind == Kind::kBuiltin) {
      if (object.text == "process.env" || object.text == "Bun.env") return Variable(name);
      if (object.text == "globalThis") return BuiltinValue(name, context_.file);
      if (object.text == "path" && (name == "posix" || name == "default")) return object;
      return BuiltinValue(object.text + "." + name, context_.file);
    }
    if (object.kind == Kind::kUrl) {
      ScriptValue member = MemberOfUrl(object, name);
      if (member.kind == Kind::kUnknown) ClearUrls();  // what is done with it may change the URL
      return member;
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
    const ScriptValue object = Evaluate(e.parts[0]);
    if (object.kind == Kind::kArray && index.is_number) return ItemOf(object, index);
    ScriptValue member = Member(object, index.text);
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
    if (name == "path.join" || name == "path.resolve")
      return JoinPath(name, arguments, context_.working_directory);
    const bool is_parse = name == "parseInt" || name == "Number.parseInt";
    if (is_parse && HasRadixTen(arguments)) arguments.pop_back();
    if (arguments.size() != 1) return {};
    if (is_parse || name == "Number") return NumberOf(std::move(arguments.front()));
    return CallWith(name, arguments.front());
  }

  // Functions see their own constants and those of the file, not those of functions around them.
  ScriptValue CallFunction(const Expression& function, const Expression& call) {
    Locals locals;
    for (size_t i = 0; i < function.texts.size(); ++i) {
      const bool given = i + 1 < call.parts.size();
      locals[function.texts[i]] = given ? Evaluate(call.parts[i + 1]) : ValueOf(Kind::kUndefined);
      ScriptValue& argument = locals[function.texts[i]];
      if (argument.kind == Kind::kMissing) return argument;
      argument = PartOf(std::move(argument));
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
          // Under a second name, it would not change with the first.
          if (locals_[statement.text].kind == Kind::kUrl &&
              statement.parts[0].kind != ExpressionKind::kNew) {
            locals_[statement.text] = {};
          }
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
            *result = condition.kind == Kind::kMissing ? condition : UnknownBy(condition);
            return true;
          }
          const std::span<const Expression> parts(statement.parts);
          const Locals before = locals_;  // constants of the block end with it
          if (*truth && RunStatements(parts.subspan(1), result)) return true;
          EndBlock(before);
          break;
        }
        case ExpressionKind::kTry:
          if (Try(statement, result)) return true;
          break;
        case ExpressionKind::kEvaluate:
          if (ChangeLocalUrl(statement.parts[0])) break;
          [[fallthrough]];
        default:
          *result = {};
          result->line = statement.line;
          return true;
      }
    }
    return false;
  }

  // As RunStatements. What is not understood may throw as well as return.
  bool Try(const Expression& statement, ScriptValue* result) {
    const Locals before = locals_;
    const bool could_throw = std::exchange(may_throw_, false);
    bool returned = RunStatements(statement.parts[0].parts, result);
    const bool throws = returned && result->kind == Kind::kMissing;
    const bool is_known = throws || !may_throw_;
    may_throw_ |= could_throw;
    EndBlock(before);
    if (!is_known) {
      *result = {};
      return true;
    }
    if (throws) {
      const std::vector<std::string> asked = result->variables;
      const Locals caught = locals_;
      if (!statement.text.empty()) locals_[statement.text] = {};
      returned = RunStatements(statement.parts[1].parts, result);
      AddVariables(asked, &result->variables);
      EndBlock(caught);
    }
    result->is_chosen = true;
    return returned;
  }

  // Constants of a block end with it; a URL that it changes is not known behind it.
  void EndBlock(Locals before) {
    for (auto& [name, value] : before) {
      const auto now = locals_.find(name);
      const bool is_same = now != locals_.end() && now->second.text == value.text;
      if (value.kind == Kind::kUrl && !(is_same && now->second.kind == Kind::kUrl)) value = {};
    }
    locals_ = std::move(before);
  }

  void ClearUrls() {
    for (auto& [name, value] : locals_) {
      if (value.kind == Kind::kUrl) value = {};
    }
  }

  // url.searchParams.set("a", "b") for a constant of the function.
  bool ChangeLocalUrl(const Expression& call) {
    for (auto& [name, value] : locals_) {
      if (value.kind != Kind::kUrl || SearchParameterMethod(call, name).empty()) continue;
      ChangeUrl(call, name, &value);
      return true;
    }
    return false;
  }

  void ChangeUrl(const Expression& call, const std::string& name, ScriptValue* url) {
    std::vector<std::string> arguments;
    for (size_t i = 1; i < call.parts.size() && url->kind == Kind::kUrl; ++i) {
      const ScriptValue argument = Evaluate(call.parts[i]);
      if (argument.kind != Kind::kText) *url = UnknownBy(argument);
      arguments.push_back(argument.text);
      AddVariables(argument.variables, &url->variables);
    }
    if (url->kind != Kind::kUrl) return;
    url->text = WithSearchParameter(url->text, SearchParameterMethod(call, name), arguments);
    if (!IsPlainUrl(url->text)) *url = UnknownBy(*url);
  }

  ScriptValue ChangedUrl(const Expression& e) {
    ScriptValue url = Evaluate(e.parts[0]);
    for (size_t i = 1; i < e.parts.size() && url.kind == Kind::kUrl; ++i) {
      ChangeUrl(e.parts[i], e.text, &url);
    }
    return url;
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
    if (argument.kind == Kind::kUrl && name == "String") argument.kind = Kind::kText;
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
    if (!builtin.empty()) return BuiltinValue(builtin, context_.file);
    ScriptValue unknown;
    unknown.import = fmt::format("\"{}\"", module);
    return unknown;
  }

  // new URL("./x", import.meta.url) as the path that fileURLToPath returns.
  ScriptValue Construct(const Expression& e) {
    const bool is_url = Evaluate(e.parts[0]).text == "URL";
    if (e.parts.size() == 2 && is_url) return UrlOf(Evaluate(e.parts[1]));
    if (e.parts.size() != 3 || !is_url) return {};
    const ScriptValue relative = Evaluate(e.parts[1]);
    const ScriptValue base = Evaluate(e.parts[2]);
    if (relative.kind != Kind::kText || base.text != context_.file.string()) return {};
    if (relative.text.find(':') != std::string::npos) return {};
    const fs::path path = context_.file.parent_path() / relative.text;
    return ValueOf(Kind::kText, NormalPath(path));
  }

  ScriptValue Object(const Expression& e) {
    ScriptValue object = ValueOf(Kind::kObject);
    for (const Expression& part : e.parts) {
      if (part.kind == ExpressionKind::kProperty) {
        object.members.emplace_back(part.text, PartOf(Evaluate(part.parts[0])));
        ScriptValue& member = object.members.back().second;
        // Of what is not understood, the line where that is.
        if (member.kind != Kind::kUnknown || member.line == 0) member.line = part.line;
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

  ScriptValue Array(const Expression& e) {
    ScriptValue array = ValueOf(Kind::kArray);
    for (const Expression& item : e.parts) array.items.push_back(PartOf(Evaluate(item)));
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
      const bool may_throw = may_throw_;
      left.is_chosen |= !Evaluate(e.parts[1]).variables.empty();
      read_ = read;
      may_throw_ = may_throw;
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
  Locals locals_;                  // of the function that runs
  std::vector<std::string> read_;  // variables of process.env that it has read
  bool in_function_ = false;
  bool may_throw_ = false;  // something that was evaluated throws, or is not understood
  int depth_ = 0;
  int steps_ = 0;
};

}  // namespace

ScriptValue EvaluateExpression(const Expression& expression, const Script& script,
                               const ScriptContext& context) {
  return Evaluator(script, context).Evaluate(expression);
}

ScriptValue EvaluateExport(const Script& script, const ScriptContext& context) {
  return Evaluator(script, context).Exported(*script.exported);
}

}  // namespace ballast::workspace
