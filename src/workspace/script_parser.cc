// SPDX-License-Identifier: Apache-2.0
#include "workspace/script_parser.h"

#include <algorithm>
#include <utility>

#include "workspace/expression_parser.h"
#include "workspace/script_changes.h"
#include "workspace/script_loaders.h"
#include "workspace/script_steps.h"

namespace ballast::workspace {
namespace {

bool IsAssignment(const Token& token) {
  return token.kind == TokenKind::kSign &&
         (token.text == "=" || token.text == "?\?=" || token.text == "||=" || token.text == "&&=" ||
          token.text == "+=");
}

bool IsDeclarationWord(std::string_view word) {
  return word == "const" || word == "let" || word == "var";
}

class ScriptParser {
 public:
  explicit ScriptParser(std::string_view text)
      : tokens_(TokenizeScript(text)), cursor_(tokens_, 0) {}

  Script Parse() {
    while (!cursor_.AtEnd()) ParseStatement();
    FindAssignments();
    FindChanges(tokens_, declarations_, &script_);
    FindSteps(tokens_, &script_);
    script_.NoteEffects();
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
      script_.exported = cursor_.ParseExpression();
      return;
    }
    if (cursor_.At("export") && cursor_.position() + 1 < tokens_.size() &&
        tokens_[cursor_.position() + 1].text == "{") {
      return ParseExportList();
    }
    if (cursor_.TakeWords({"export", "*"})) return ParseReexport();
    cursor_.TakeWords({"export"});
    if (cursor_.TakeWords({"const"}) || cursor_.TakeWords({"let"}) || cursor_.TakeWords({"var"})) {
      return ParseDeclarations();
    }
    if (cursor_.TakeWords({"function"})) return ParseFunction();
    SkipOne();
  }

  Expression UnknownHere() const {
    const size_t at = std::min(cursor_.position(), tokens_.size() - 1);
    return {ExpressionKind::kUnknown, {}, {}, {}, tokens_.empty() ? 0 : tokens_[at].line};
  }

  // export { a as default, b }; with `from`, the value is that of another file.
  void ParseExportList() {
    const size_t begin = cursor_.position();
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

  void ParseDeclarations() {
    do {
      if (cursor_.At("{")) {
        ParsePattern();
      } else if (cursor_.AtWord()) {
        script_.declared.emplace(tokens_[cursor_.position()].text, cursor_.position());
        const std::string name = cursor_.TakeAny();
        SkipAnnotation();
        if (cursor_.At("=")) {
          declarations_.insert(cursor_.position());
          cursor_.Advance();
          const size_t begin = cursor_.position();
          Expression& value = script_.constants[name] = cursor_.ParseExpression();
          if (value.kind == ExpressionKind::kFunction) {
            script_.functions[name] = {script_.declared[name], begin, cursor_.position()};
          }
        }
      } else {
        return;
      }
    } while (cursor_.Take(","));
  }

  // const { A, B: b, C = "c" } = value
  void ParsePattern() {
    struct Binding {
      std::string key;
      std::string name;
      std::optional<Expression> otherwise;
    };
    std::vector<Binding> bindings;
    const size_t begin = cursor_.position();
    cursor_.Take("{");
    while (!cursor_.AtEnd() && !cursor_.Take("}")) {
      if (!cursor_.AtWord()) {
        cursor_.Advance();
        continue;
      }
      Binding binding;
      binding.key = binding.name = cursor_.TakeAny();
      if (cursor_.Take(":") && cursor_.AtWord()) binding.name = cursor_.TakeAny();
      if (cursor_.At("=")) {
        declarations_.insert(cursor_.position());
        cursor_.Advance();
        binding.otherwise = cursor_.ParseExpression();
      }
      bindings.push_back(std::move(binding));
    }
    SkipAnnotation();
    if (!cursor_.At("=")) return;
    declarations_.insert(cursor_.position());
    cursor_.Advance();
    const Expression value = cursor_.ParseExpression();
    for (Binding& binding : bindings) {
      script_.declared.emplace(binding.name, begin);
      Expression member{ExpressionKind::kMember, binding.key, {value}, {}, value.line};
      if (binding.otherwise) {  // undefined alone takes the default; null is not distinguished
        member = {ExpressionKind::kBinary, "??", {member, *binding.otherwise}, {}, value.line};
      }
      script_.constants[binding.name] = std::move(member);
    }
  }

  void SkipAnnotation() {
    if (!cursor_.Take(":")) return;
    while (!cursor_.AtEnd() && !cursor_.At("=") && !cursor_.At(";")) SkipOne();
  }

  void ParseFunction() {
    if (!cursor_.AtWord()) return;
    const std::string name = cursor_.TakeAny();
    const size_t begin = cursor_.position();
    script_.constants[name] = cursor_.ParseFunctionRest();
    script_.functions[name] = {begin - 1, begin, cursor_.position()};
  }

  void FindAssignments() {
    for (size_t i = 1; i < tokens_.size(); ++i) {
      if (!IsAssignment(tokens_[i]) || declarations_.contains(i)) continue;
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
};

}  // namespace

void Script::NoteEffects() {
  may_set = std::ranges::any_of(steps, [](const Step& step) { return !step.effect.empty(); });
  may_override = std::ranges::any_of(steps, &Step::may_override);
}

bool ReturnsByCondition(std::span<const Expression> statements) {
  return std::ranges::any_of(statements, [](const Expression& one) {
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
