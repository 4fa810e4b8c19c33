// SPDX-License-Identifier: Apache-2.0
#include "workspace/script_parser.h"

#include <algorithm>
#include <utility>

#include "workspace/expression_parser.h"
#include "workspace/script_changes.h"
#include "workspace/script_hidden_code.h"
#include "workspace/script_loaders.h"
#include "workspace/script_reassignments.h"
#include "workspace/script_steps.h"
#include "workspace/script_url.h"

namespace ballast::workspace {
namespace {

bool IsAssignment(const Token& token) {
  return token.kind == TokenKind::kSign && IsAssignmentSign(token.text);
}

class ScriptParser {
 public:
  explicit ScriptParser(std::string_view text)
      : tokens_(TokenizeScript(text)), cursor_(tokens_, 0), reassignments_(tokens_, &script_) {}

  Script Parse() {
    while (!cursor_.AtEnd()) ParseStatement();
    FindAssignments();
    FindInTemplates(tokens_);
    FindDeclaredAgain();
    reassignments_.Finish();
    FindEarlyUses();
    CheckExport();
    declarations_.insert(reassignments_.signs().begin(), reassignments_.signs().end());
    FindChanges(tokens_, declarations_, &script_);
    FollowUrlObjects(tokens_, &script_);
    FindSteps(tokens_, &script_);
    script_.NoteEffects();
    script_.fault = FindFault(tokens_);
    if (script_.fault) script_.exported.reset();
    const bool is_common = std::ranges::any_of(tokens_, [](const Token& token) {
      return token.kind == TokenKind::kWord && token.text == "exports";
    });
    if (script_.fault || is_common || FindHiddenCode(tokens_)) script_.has_plain_exports = false;
    return std::move(script_);
  }

 private:
  void ParseStatement() {
    if (cursor_.TakeWords({"import"})) return ParseImport();
    if (cursor_.TakeWords({"export", "default"}) || cursor_.TakeWords({"export", "="}) ||
        cursor_.TakeWords({"module", ".", "exports", "="}) ||
        cursor_.TakeWords({"exports", ".", "default", "="})) {
      script_.exported_at = cursor_.position();
      if (cursor_.At("function") || cursor_.At("class")) {
        script_.exported = UnknownHere();
        return SkipOne();
      }
      script_.exported = ParseValue();
      return;
    }
    if (cursor_.At("export") && cursor_.position() + 1 < tokens_.size() &&
        tokens_[cursor_.position() + 1].text == "{") {
      return ParseExportList();
    }
    if (cursor_.TakeWords({"export", "*"})) return ParseReexport();
    is_exported_ = cursor_.TakeWords({"export"});
    if (cursor_.TakeWords({"const"})) return ParseDeclarations(false);
    if (cursor_.TakeWords({"let"}) || cursor_.TakeWords({"var"})) return ParseDeclarations(true);
    if (cursor_.TakeWords({"function"})) return ParseFunction();
    if (reassignments_.Parse(&cursor_)) return;
    SkipOne();
  }

  // A value with which the statement ends; unknown if it continues.
  Expression ParseValue() {
    Expression value = cursor_.ParseExpression();
    const bool ends = cursor_.EndsStatement() || cursor_.At(",");
    return ends ? value : UnknownHere();
  }

  Expression UnknownHere() const {
    const size_t at = std::min(cursor_.position(), tokens_.size() - 1);
    return {ExpressionKind::kUnknown, {}, {}, {}, tokens_.empty() ? 0 : tokens_[at].line};
  }

  // export { a as default, b }; with `from`, the value is that of another file.
  void ParseExportList() {
    const size_t begin = cursor_.position();
    script_.has_plain_exports = false;
    Expression exported = UnknownHere();
    cursor_.TakeWords({"export", "{"});
    bool has_default = false;
    while (!cursor_.AtEnd() && !cursor_.Take("}")) {
      const std::string name = cursor_.TakeAny();
      const bool is_default = cursor_.Take("as") ? cursor_.TakeAny() == "default" : false;
      if (!is_default && name != "default") continue;
      has_default = true;
      if (is_default) exported = {ExpressionKind::kName, name, {}, {}, exported.line};
    }
    const bool is_of_other_file = cursor_.At("from");
    if (has_default) {
      script_.exported = is_of_other_file ? UnknownHere() : std::move(exported);
      script_.exported_at = begin;
    }
    if (is_of_other_file) ParseReexport();
  }

  // export * as a from "m" imports the module, too.
  void ParseReexport() {
    script_.has_plain_exports = false;
    if (cursor_.Take("as")) cursor_.Advance();
    if (cursor_.Take("from") && cursor_.AtText()) AddImport(cursor_.TakeText(), false);
  }

  // One token, or everything between two braces.
  void SkipOne() {
    if (!cursor_.SkipBalanced()) cursor_.Advance();
  }

  // import "m"; import d, { a as b } from "m"; import * as n from "m"; import type … is not a
  // value.
  void ParseImport() {
    if (cursor_.AtText()) {
      const std::string module = cursor_.TakeText();
      AddImport(module, true);
      return;
    }
    if (IsTypeImport()) return;
    std::vector<std::pair<std::string, std::string>> names;  // local name, exported name
    bool in_braces = false;
    while (!cursor_.AtEnd() && !cursor_.At("from") && !cursor_.At(";") && !cursor_.At("(") &&
           !cursor_.At(".")) {
      if (cursor_.Take("{")) {
        in_braces = true;
      } else if (cursor_.Take("*")) {
        if (cursor_.Take("as")) names.emplace_back(cursor_.TakeAny(), "*");
      } else if (cursor_.AtWord()) {
        std::string name = cursor_.TakeAny();
        std::string local = cursor_.Take("as") ? cursor_.TakeAny() : name;
        names.emplace_back(std::move(local), in_braces ? std::move(name) : "default");
      } else {
        cursor_.Advance();
      }
    }
    if (!cursor_.Take("from") || !cursor_.AtText()) return;
    const std::string module = cursor_.TakeText();
    AddImport(module, names.empty());
    for (auto& [local, name] : names) script_.imports[local] = {module, name};
  }

  // import type { A } from "m", of which nothing is loaded.
  bool IsTypeImport() const {
    const size_t next = cursor_.position() + 1;
    if (!cursor_.At("type") || next >= tokens_.size()) return false;
    const Token& token = tokens_[next];
    return token.kind == TokenKind::kWord ? token.text != "from"
                                          : token.text == "{" || token.text == "*";
  }

  void AddImport(const std::string& module, bool for_effect) {
    Script::Step step;
    const size_t at = std::min(cursor_.position(), tokens_.size()) - 1;
    step.line = tokens_[at].line;
    script_.modules.emplace(module, step.line);
    step.module = module;
    if (!IsDotenvModule(module)) {
      const auto effect = EffectOfImport(module, for_effect);
      if (!effect) return;
      SetEffect(*effect, &step);
    }
    script_.steps.push_back(std::move(step));
  }

  // `is_variable`: by let or var.
  void ParseDeclarations(bool is_variable) {
    do {
      if (cursor_.At("{")) {
        ParsePattern();
      } else if (cursor_.AtWord()) {
        script_.declared.emplace(tokens_[cursor_.position()].text, cursor_.position());
        const std::string name = cursor_.TakeAny();
        if (script_.constants.contains(name)) script_.assigned.insert(name);
        if (is_exported_) script_.exports.insert(name);
        SkipAnnotation();
        if (cursor_.At("=")) {
          declarations_.insert(cursor_.position());
          cursor_.Advance();
          const size_t begin = cursor_.position();
          Expression& value = script_.constants[name] = ParseValue();
          if (value.kind == ExpressionKind::kFunction) {
            script_.functions[name] = {script_.declared[name], begin, cursor_.position()};
          }
        } else if (is_variable && cursor_.EndsStatement()) {
          const int line = tokens_[cursor_.position() - 1].line;
          script_.constants[name] = {ExpressionKind::kName, "undefined", {}, {}, line};
        }
        if (is_variable) reassignments_.Declare(name);
      } else {
        return;
      }
    } while (cursor_.Take(","));
  }

  // const { A, B: b, C = "c", d: { E } } = value
  void ParsePattern() {
    std::vector<Binding> bindings;
    const size_t begin = cursor_.position();
    ReadPattern({}, &bindings);
    SkipAnnotation();
    if (!cursor_.At("=")) return;
    declarations_.insert(cursor_.position());
    cursor_.Advance();
    const Expression value = ParseValue();
    for (const Binding& binding : bindings) {
      if (!script_.declared.emplace(binding.name, begin).second) {
        script_.assigned.insert(binding.name);
      }
      script_.constants[binding.name] = binding.is_known ? ValueOf(binding, value) : UnknownHere();
    }
  }

  struct PatternMember {
    std::string key;
    std::optional<Expression> otherwise;
  };
  struct Binding {
    std::string name;
    std::vector<PatternMember> path;
    bool is_known = true;
  };

  static Expression ValueOf(const Binding& binding, Expression value) {
    const int line = value.line;
    for (const PatternMember& one : binding.path) {
      value = {ExpressionKind::kMember, one.key, {std::move(value)}, {}, line};
      if (!one.otherwise) continue;
      value = {ExpressionKind::kBinary,
               std::string(kDefaultOperator),
               {std::move(value), *one.otherwise},
               {},
               line};
    }
    return value;
  }

  // `{ … }`, whose members are those at the path.
  void ReadPattern(const std::vector<PatternMember>& path, std::vector<Binding>* bindings) {
    cursor_.Take("{");
    while (!cursor_.AtEnd() && !cursor_.Take("}")) {
      if (cursor_.Take(",")) continue;
      const size_t first = bindings->size();
      ReadPatternMember(path, bindings);
      if (!cursor_.At("=")) continue;
      declarations_.insert(cursor_.position());
      cursor_.Advance();
      const Expression otherwise = cursor_.ParseExpression();
      for (size_t i = first; i < bindings->size(); ++i) {
        Binding& binding = (*bindings)[i];
        if (binding.path.size() > path.size()) binding.path[path.size()].otherwise = otherwise;
      }
    }
  }

  void ReadPatternMember(std::vector<PatternMember> path, std::vector<Binding>* bindings) {
    const bool has_key = cursor_.AtWord() || cursor_.AtText();
    if (cursor_.Take("...")) {
      bindings->push_back({cursor_.TakeAny(), {}, false});
      return;
    }
    path.push_back({has_key ? cursor_.TakeAny() : std::string(), std::nullopt});
    if (!has_key) SkipOne();
    if (!cursor_.Take(":")) {
      bindings->push_back({path.back().key, path, has_key});
    } else if (cursor_.At("{")) {
      const size_t first = bindings->size();
      ReadPattern(path, bindings);
      for (size_t i = first; i < bindings->size(); ++i) (*bindings)[i].is_known &= has_key;
    } else if (cursor_.At("[")) {
      const size_t begin = cursor_.position();
      SkipOne();
      for (size_t i = begin; i < cursor_.position(); ++i) {
        if (IsWordAt(i)) bindings->push_back({tokens_[i].text, {}, false});
      }
    } else {
      bindings->push_back({cursor_.TakeAny(), path, has_key});
    }
  }

  void SkipAnnotation() {
    cursor_.Take("!");  // let a!: string
    if (!cursor_.Take(":")) return;
    do {
      cursor_.SkipType();
    } while (cursor_.Take("=>"));  // of a function
    if (cursor_.EndsStatement()) return;
    while (!cursor_.AtEnd() && !cursor_.At("=") && !cursor_.At(";")) SkipOne();
  }

  void ParseFunction() {
    if (!cursor_.AtWord()) return;
    const std::string name = cursor_.TakeAny();
    const size_t begin = cursor_.position();
    if (script_.constants.contains(name)) script_.assigned.insert(name);
    script_.constants[name] = cursor_.ParseFunctionRest();
    script_.functions[name] = {begin - 1, begin, cursor_.position()};
  }

  void FindAssignments() {
    for (size_t i = 1; i < tokens_.size(); ++i) {
      const bool is_followed = declarations_.contains(i) || reassignments_.signs().contains(i);
      if (!IsAssignment(tokens_[i]) || is_followed) continue;
      const Token& target = tokens_[i - 1];
      if (target.kind == TokenKind::kWord) {
        const bool member = i >= 2 && tokens_[i - 2].text == ".";
        // A constant of a function is another one than that of the file.
        const bool declares = i >= 2 && IsDeclarationWord(tokens_[i - 2].text);
        if (!member && !declares) script_.assigned.insert(target.text);
      } else if (target.text == "]" || target.text == "}") {
        AssignPattern(i - 1);
      }
    }
  }

  // Assignments in ${…}: every name there may have another value.
  void FindInTemplates(const std::vector<Token>& tokens) {
    for (const Token& token : tokens) {
      for (const std::vector<Token>& inside : token.expressions) {
        if (std::ranges::any_of(inside, IsAssignment)) {
          for (const Token& name : inside) {
            if (name.kind == TokenKind::kWord) script_.assigned.insert(name.text);
          }
        }
        FindInTemplates(inside);
      }
    }
  }

  bool IsWordAt(size_t at) const {
    return at < tokens_.size() && tokens_[at].kind == TokenKind::kWord;
  }

  // A second declaration of a name that reaches the top level: `var` and functions in blocks, also
  // those of functions, since they are not distinguished. `for (a of …)` assigns.
  void FindDeclaredAgain() {
    for (size_t i = 0; i + 1 < tokens_.size(); ++i) {
      const std::string_view word = TextAt(tokens_, i);
      const bool loops = word == "for" && TextAt(tokens_, i + 1) == "(";
      const bool assigns =
          loops && (TextAt(tokens_, i + 3) == "of" || TextAt(tokens_, i + 3) == "in");
      if (assigns && IsWordAt(i + 2)) script_.assigned.insert(tokens_[i + 2].text);
      const bool declares = word == "var" || word == "function";
      if (!declares || !IsWordAt(i + 1)) continue;
      const std::string& name = tokens_[i + 1].text;
      const auto declared = script_.declared.find(name);
      const auto function = script_.functions.find(name);
      const bool is_first =
          (declared != script_.declared.end() && declared->second == i + 1) ||
          (function != script_.functions.end() && function->second.declared == i + 1);
      if (!is_first) script_.assigned.insert(name);
    }
  }

  // A name that is read before its declaration has been reached has no value yet.
  void FindEarlyUses() {
    for (const auto& [name, at] : script_.declared) {
      const auto constant = script_.constants.find(name);
      if (constant != script_.constants.end()) FindLaterNames(constant->second, at);
    }
    const bool is_list = TextAt(tokens_, script_.exported_at) == "export";
    if (script_.exported && !is_list) FindLaterNames(*script_.exported, script_.exported_at);
  }

  void FindLaterNames(const Expression& value, size_t at) {
    if (value.kind == ExpressionKind::kFunction) return;
    std::set<std::string> seen;
    std::vector<const Expression*> open = {&value};
    while (!open.empty()) {
      const Expression* e = open.back();
      open.pop_back();
      for (const Expression& part : e->parts) open.push_back(&part);
      if (e->kind != ExpressionKind::kName || !seen.insert(e->text).second) continue;
      const auto declared = script_.declared.find(e->text);
      if (declared != script_.declared.end() && declared->second > at) {
        script_.assigned.insert(e->text);
      }
      const auto constant = script_.constants.find(e->text);
      if (constant != script_.constants.end()) open.push_back(&constant->second);
    }
  }

  // What is exported is unknown after code that hides, or if there are several exports.
  void CheckExport() {
    if (!script_.exported) return;
    size_t exports = 0;
    for (size_t i = 0; i < tokens_.size(); ++i) {
      TokenCursor at(tokens_, i);
      exports += at.TakeWords({"module", ".", "exports", "="}) ||
                 at.TakeWords({"exports", ".", "default", "="}) ||
                 at.TakeWords({"export", "default"});
    }
    const std::optional<int> hidden = FindHiddenCode(tokens_);
    if (exports <= 1 && !hidden) return;
    script_.exported = UnknownHere();
    script_.exported->line = hidden.value_or(tokens_[script_.exported_at].line);
  }

  // [a, b] = … and { A: a } = …: every name in it may have another value.
  void AssignPattern(size_t end) {
    for (size_t i = BeginOfBrackets(tokens_, end); i < end; ++i) {
      if (tokens_[i].kind == TokenKind::kWord) script_.assigned.insert(tokens_[i].text);
    }
  }

  std::vector<Token> tokens_;
  TokenCursor cursor_;
  std::set<size_t> declarations_;  // positions of "=" that are not assignments
  Script script_;
  bool is_exported_ = false;  // the statement that is parsed
  Reassignments reassignments_;
};

}  // namespace

void Script::NoteEffects() {
  may_set = std::ranges::any_of(steps, [](const Step& step) { return !step.effect.empty(); });
  may_override = std::ranges::any_of(steps, &Step::may_override);
}

bool ReturnsByCondition(std::span<const Expression> statements) {
  return std::ranges::any_of(statements, [](const Expression& one) {
    if (one.kind == ExpressionKind::kTry) return true;
    if (one.kind != ExpressionKind::kIf) return false;
    const std::span<const Expression> inside = std::span(one.parts).subspan(1);
    return ReturnsByCondition(inside) ||
           std::ranges::any_of(inside, [](const Expression& statement) {
             return statement.kind == ExpressionKind::kReturn;
           });
  });
}

Script ParseScript(std::string_view text) {
  return ScriptParser(text).Parse();
}

}  // namespace ballast::workspace
