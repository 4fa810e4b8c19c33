// SPDX-License-Identifier: Apache-2.0
#include "workspace/script_steps.h"

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "workspace/expression_parser.h"
#include "workspace/script_loader_uses.h"
#include "workspace/script_loaders.h"

namespace ballast::workspace {
namespace {

bool IsWordAt(const std::vector<Token>& tokens, size_t at, std::string_view word) {
  return at < tokens.size() && tokens[at].kind == TokenKind::kWord && tokens[at].text == word;
}

bool IsSignAt(const std::vector<Token>& tokens, size_t at, std::string_view sign) {
  return at < tokens.size() && tokens[at].kind == TokenKind::kSign && tokens[at].text == sign;
}

bool IsStepSign(std::string_view sign) {
  return sign == "=" || sign == "?\?=" || sign == "||=";
}

// Adds the variables that the tokens read: process.env.A, process.env["A"],
// const { A } = process.env, and Prisma's env("A").
void AddReads(const std::vector<Token>& tokens, size_t begin, size_t end, Script::Step* step) {
  for (size_t i = begin; i < end; ++i) {
    for (const std::vector<Token>& inside : tokens[i].expressions) {
      AddReads(inside, 0, inside.size(), step);
    }
    const bool of_prisma = IsWordAt(tokens, i, "env") && IsSignAt(tokens, i + 1, "(") &&
                           i + 2 < end && tokens[i + 2].kind == TokenKind::kText;
    if (of_prisma) step->read_before.insert(tokens[i + 2].text);
    if (!IsEnvironmentAt(tokens, i) || (i > 0 && IsWordAt(tokens, i - 1, "delete"))) continue;
    const size_t next = i + 3;
    if ((IsSignAt(tokens, next, ".") || IsSignAt(tokens, next, "?.")) && next + 1 < end) {
      const bool assigns = next + 2 < tokens.size() && IsSignAt(tokens, next + 2, "=");
      if (!assigns) step->read_before.insert(tokens[next + 1].text);
    } else if (IsSignAt(tokens, next, "[") && next + 1 < end &&
               tokens[next + 1].kind == TokenKind::kText) {
      step->read_before.insert(tokens[next + 1].text);
    } else if (i >= 2 && IsSignAt(tokens, i - 1, "=") && IsSignAt(tokens, i - 2, "}")) {
      for (size_t name = BeginOfBrackets(tokens, i - 2); name < i - 2; ++name) {
        if (tokens[name].kind == TokenKind::kWord) step->read_before.insert(tokens[name].text);
      }
    } else {
      step->reads_all = true;
    }
  }
}

// Whether the tokens use the name, other than as the name of a member.
bool Names(const std::vector<Token>& tokens, size_t begin, size_t end, std::string_view name) {
  for (size_t i = begin; i < end; ++i) {
    const bool is_member = i > 0 && (IsSignAt(tokens, i - 1, ".") || IsSignAt(tokens, i - 1, "?."));
    if (IsWordAt(tokens, i, name) && !is_member) return true;
    for (const std::vector<Token>& inside : tokens[i].expressions) {
      if (Names(inside, 0, inside.size(), name)) return true;
    }
  }
  return false;
}

// Whether the parentheses that begin there, in front of the cursor, are those of a function.
bool IsParameters(const std::vector<Token>& tokens, size_t begin, TokenCursor behind) {
  const std::string_view before = begin > 0 ? TextAt(tokens, begin - 1) : std::string_view();
  for (const std::string_view word : {"if", "while", "for", "switch", "with"}) {
    if (before == word) return false;
  }
  if (behind.Take(":")) behind.SkipType();
  return behind.At("=>") || behind.At("{");
}

// Whether the word is a name in a pattern that declares or assigns: const { a, b: [c] } = …,
// ({ a }) => …, function f(b, { a }). In an object or a list, `{ a: b, c }`, it is a value.
bool IsInPattern(const std::vector<Token>& tokens, size_t at) {
  const std::string_view before = at > 0 ? TextAt(tokens, at - 1) : std::string_view();
  const std::string_view after = TextAt(tokens, at + 1);
  const bool is_item = (before == "{" || before == "," || before == "[" || before == ":" ||
                        before == "(" || before == "...") &&
                       (after == "," || after == "}" || after == "]" || after == ")" ||
                        after == "=" || after == ":");
  int depth = 0;
  for (size_t i = at; is_item && i > 0; --i) {
    if (IsClosingBracket(tokens[i - 1])) ++depth;
    const std::string_view bracket = TextAt(tokens, i - 1);
    if ((bracket != "(" && bracket != "[" && bracket != "{") || depth-- > 0) continue;
    depth = 0;
    TokenCursor cursor(tokens, i - 1);
    cursor.SkipBalanced();
    if (bracket == "(") return IsParameters(tokens, i - 1, cursor);
    const std::string_view behind = TextAt(tokens, cursor.position());
    const bool declares = i >= 2 && IsDeclarationWord(TextAt(tokens, i - 2));
    if (declares || behind == "=") return true;
  }
  return false;
}

void AddNames(const Expression& e, std::set<std::string>* names) {
  if (e.kind == ExpressionKind::kName) names->insert(e.text);
  for (const Expression& part : e.parts) AddNames(part, names);
}

class StepFinder {
 public:
  StepFinder(const std::vector<Token>& tokens, Script* script) : tokens_(tokens), script_(script) {}

  void Find() {
    std::vector<EnvironmentEffect> effects = FindEnvironmentEffects(tokens_, script_);
    const std::vector<EnvironmentEffect> uses = FindLoaderUses(tokens_, *script_);
    effects.insert(effects.end(), uses.begin(), uses.end());
    std::ranges::stable_sort(effects, {}, &EnvironmentEffect::at);
    auto effect = effects.begin();
    for (size_t i = 0; i + 1 < tokens_.size(); ++i) {
      for (; effect != effects.end() && effect->at <= i; ++effect) AddEffect(*effect, i);
      FindLoop(i);
      if (tokens_[i].kind == TokenKind::kWord && IsSignAt(tokens_, i + 1, "(")) FindCall(i);
      if (IsEnvironmentStep(tokens_, i)) FindAssignment(i);
      if (IsWordAt(tokens_, i, "delete")) FindDeletion(i);
      FindGuard(i);
      if (IsEnvironmentAssign(tokens_, i)) FindAssignments(i);
    }
    // What is in a function, a callback or a loop may happen earlier or later than its text.
    const std::vector<Script::Step> before = std::move(script_->steps);
    script_->steps.clear();
    const auto add = [&](const std::vector<Script::Step>& steps) {
      script_->steps.insert(script_->steps.end(), steps.begin(), steps.end());
    };
    add(before);
    add(at_any_time_);
    add(in_order_);
    add(at_any_time_);
  }

 private:
  // A condition under which a statement runs, and where it is written.
  struct Branch {
    Expression condition;
    size_t begin = 0;
    size_t end = 0;
  };

  void AddEffect(const EnvironmentEffect& effect, size_t at) {
    Script::Step step = StepAt(effect.at);
    SetEffect(effect, &step);
    AddStep(std::move(step), at);
  }

  void AddStep(Script::Step step, size_t at) {
    if (UsesNamesOfBlocks(step, at)) step.is_conditional = step.uses_later = true;
    const bool moves = !step.effect.empty() && (step.is_conditional || IsInFunction(at));
    (moves ? at_any_time_ : in_order_).push_back(std::move(step));
  }

  // Whether it uses a name that is declared in a block around it, and so may not be that of the
  // file.
  bool UsesNamesOfBlocks(const Script::Step& step, size_t at) const {
    std::set<std::string> names;
    AddNames(step.expression, &names);
    if (step.loop) AddNames(*step.loop, &names);
    for (const Expression& condition : step.conditions) AddNames(condition, &names);
    std::vector<size_t> open;
    for (size_t i = 0; i < at; ++i) {
      if (IsSignAt(tokens_, i, "{")) open.push_back(i);
      if (IsSignAt(tokens_, i, "}") && !open.empty()) open.pop_back();
    }
    if (open.empty()) return false;
    for (size_t i = open.front() + 1; i < tokens_.size(); ++i) {
      const std::string_view before = TextAt(tokens_, i - 1);
      const bool may_declare =
          IsDeclarationWord(before) || before == "function" || before == "class";
      const bool is_named = tokens_[i].kind == TokenKind::kWord && names.contains(tokens_[i].text);
      if (is_named && (may_declare || IsInPattern(tokens_, i))) return true;
      if (IsClosingBracket(tokens_[i]) && IsSignAt(tokens_, i, "}") &&
          BeginOfBrackets(tokens_, i) == open.front()) {
        return false;
      }
    }
    return false;
  }

  bool IsInFunction(size_t at) const {
    return std::ranges::any_of(script_->functions, [&](const auto& function) {
      return function.second.begin <= at && at < function.second.end;
    });
  }

  // for (const a of […]) { … } and […].forEach((a) => { … }) that load .env files.
  void FindLoop(size_t at) {
    Expression loop{ExpressionKind::kUnknown, {}, {}, {}, tokens_[at].line};
    TokenCursor cursor(tokens_, at + 1);
    size_t begin = at;
    const bool is_for = IsWordAt(tokens_, at, "for") && cursor.Take("(") &&
                        (cursor.Take("const") || cursor.Take("let")) && cursor.AtWord();
    if (is_for) {
      loop.text = cursor.TakeAny();
      if (!cursor.Take("of")) return;
      loop.parts.push_back(cursor.ParseExpression());
      if (!cursor.Take(")")) return;
      for (Expression& one : cursor.ParseBlock()) loop.parts.push_back(std::move(one));
    } else if (IsWordAt(tokens_, at, "forEach") && at >= 2 && IsSignAt(tokens_, at - 1, ".")) {
      begin = IsClosingBracket(tokens_[at - 2]) ? BeginOfBrackets(tokens_, at - 2) : at - 2;
      const Expression call = TokenCursor(tokens_, begin).ParseExpression();
      const bool is_plain = call.kind == ExpressionKind::kCall && call.parts.size() == 2 &&
                            call.parts[0].text == "forEach" &&
                            call.parts[1].kind == ExpressionKind::kFunction &&
                            call.parts[1].texts.size() == 1;
      if (!is_plain) return;
      loop.text = call.parts[1].texts[0];
      loop.parts.push_back(call.parts[0].parts[0]);
      for (Expression one : call.parts[1].parts) {
        if (one.kind == ExpressionKind::kReturn) one.kind = ExpressionKind::kEvaluate;
        loop.parts.push_back(std::move(one));
      }
      cursor.SkipBalanced();
    } else {
      return;
    }
    bool loads = false;
    if (!OnlyLoads(std::span(loop.parts).subspan(1), &loads) || !loads) return;
    Script::Step step = StepAt(begin);
    step.uses_later = UsesLater(loop, begin);
    step.loop = std::move(loop);
    AddStep(std::move(step), at);
    behind_loop_ = cursor.position();
  }

  // Whether the statements do nothing but load .env files.
  bool OnlyLoads(std::span<const Expression> statements, bool* loads) const {
    for (const Expression& one : statements) {
      if (one.kind == ExpressionKind::kIf) {
        if (!OnlyLoads(std::span(one.parts).subspan(1), loads)) return false;
      } else if (one.kind == ExpressionKind::kEvaluate) {
        const Expression& callee =
            one.parts[0].parts.empty() ? one.parts[0] : one.parts[0].parts[0];
        const bool is_load =
            one.parts[0].kind == ExpressionKind::kCall &&
            (IsNodeLoader(callee, *script_) || ModuleOfCallee(*script_, callee) == "dotenv");
        const bool is_log =
            callee.kind == ExpressionKind::kMember && callee.parts[0].text == "console";
        if (!is_load && !is_log) return false;
        *loads |= is_load;
      } else if (one.kind != ExpressionKind::kDeclare && one.kind != ExpressionKind::kBreak) {
        return false;
      }
    }
    return true;
  }

  // require("…") and import("…") of a module for what it does.
  void FindRequire(size_t at) {
    const std::string& module = tokens_[at + 2].text;
    script_->modules.emplace(module, tokens_[at].line);
    Script::Step step = StepAt(at);
    step.module = module;
    if (!IsDotenvModule(module)) {
      const auto effect = EffectOfImport(module, IsStatement(at, at + 3));
      if (!effect) return;
      SetEffect(*effect, &step);
    }
    AddStep(std::move(step), at);
  }

  // Whether the value of a call, whose last ")" is given, is not used.
  bool IsStatement(size_t begin, size_t end) const {
    const bool is_first = begin == 0 || IsWordAt(tokens_, begin - 1, "await") ||
                          IsBody(begin - 1) || IsSignAt(tokens_, begin - 1, ";") ||
                          IsSignAt(tokens_, begin - 1, "{") || IsSignAt(tokens_, begin - 1, "}") ||
                          tokens_[begin - 1].line < tokens_[begin].line;
    const bool is_last = end + 1 >= tokens_.size() || IsSignAt(tokens_, end + 1, ";") ||
                         IsSignAt(tokens_, end + 1, "}") ||
                         tokens_[end].line < tokens_[end + 1].line;
    return is_first && is_last;
  }

  // Calls of something named "config", "loadEnvFile" and the like, of functions of modules that
  // may load variables, and every require("…").
  void FindCall(size_t at) {
    const std::string& name = tokens_[at].text;
    const bool loads_module = name == "require" || name == "import";
    if (loads_module && at + 2 < tokens_.size() && tokens_[at + 2].kind == TokenKind::kText) {
      return FindRequire(at);
    }
    size_t begin = at;
    while (begin >= 2 && (tokens_[begin - 1].text == "." || tokens_[begin - 1].text == "?.") &&
           tokens_[begin - 2].kind == TokenKind::kWord) {
      begin -= 2;
    }
    const bool of_require = begin >= 5 && tokens_[begin - 1].text == "." &&
                            tokens_[begin - 2].text == ")" && tokens_[begin - 5].text == "require";
    if (of_require) begin -= 5;
    if (begin > 0 && (tokens_[begin - 1].text == "." || tokens_[begin - 1].text == "?.")) return;
    TokenCursor cursor(tokens_, at + 1);
    cursor.SkipBalanced();
    if (at < behind_loop_) return;
    Expression call = CallOf(TokenCursor(tokens_, begin).ParseExpression());
    if (call.kind != ExpressionKind::kCall) return;
    const auto effect = EffectOfCall(*script_, call, IsStatement(begin, cursor.position() - 1));
    const bool loads = name == "config" || name == "loadEnvFile" ||
                       ModuleOfCallee(*script_, call.parts[0]) == "dotenv";
    if (!effect && !loads) return;
    Script::Step step = StepAt(begin);
    if (effect) SetEffect(*effect, &step);
    step.expression = std::move(call);
    step.uses_later = UsesLater(step.expression, begin);
    AddStep(std::move(step), at);
  }

  // The call itself in config().parsed?.A ?? "x".
  static Expression CallOf(Expression e) {
    const auto is_load = [](const Expression& call) {
      return call.kind == ExpressionKind::kCall && !call.parts.empty() &&
             (call.parts[0].kind == ExpressionKind::kName ||
              call.parts[0].kind == ExpressionKind::kMember);
    };
    while (!is_load(e) && !e.parts.empty()) {
      Expression first = std::move(e.parts[0]);
      e = std::move(first);
    }
    return e;
  }

  void FindAssignment(size_t sign) {
    Script::Step step = StepAt(sign - 5);
    step.variable = tokens_[sign - 1].text;
    step.sign = tokens_[sign].text;
    step.expression = TokenCursor(tokens_, sign + 1).ParseExpression();
    AddAssignment(std::move(step), sign);
  }

  // delete process.env.A
  void FindDeletion(size_t at) {
    if (!IsEnvironmentAt(tokens_, at + 1) || !IsSignAt(tokens_, at + 4, ".")) return;
    Script::Step step = StepAt(at);
    step.variable = tokens_[at + 5].text;
    step.sign = "delete";
    AddAssignment(std::move(step), at);
  }

  // if (…) throw …; if (…) { process.exit(1) }. A try block may catch what is thrown.
  void FindGuard(size_t at) {
    const bool exits = IsWordAt(tokens_, at, "process") && IsSignAt(tokens_, at + 1, ".") &&
                       IsWordAt(tokens_, at + 2, "exit") && IsSignAt(tokens_, at + 3, "(");
    const bool is_member = at > 0 && IsSignAt(tokens_, at - 1, ".");
    const bool throws = IsWordAt(tokens_, at, "throw") && !IsSignAt(tokens_, at + 1, ":");
    if ((!exits && !throws) || is_member || IsInFunction(at)) return;
    if (throws && at >= 2 && IsWordAt(tokens_, at - 2, "try")) return;
    Script::Step step = StepAt(at);
    if (step.is_conditional || UsesNamesOfBlocks(step, at)) return;
    if (std::ranges::any_of(step.conditions, [&](const auto& one) { return UsesLater(one, at); })) {
      return;
    }
    script_->guards.push_back({std::move(step.conditions), step.line});
  }

  void FindAssignments(size_t parenthesis) {
    const Expression call = TokenCursor(tokens_, parenthesis - 3).ParseExpression();
    for (const Expression& property : call.parts[2].parts) {
      Script::Step step = StepAt(parenthesis - 3);
      step.variable = property.text;
      step.sign = "=";
      step.expression = property.parts[0];
      AddAssignment(std::move(step), parenthesis);
    }
  }

  void AddAssignment(Script::Step step, size_t at) {
    if (step.is_conditional || UsesLater(step.expression, at)) {
      script_->assigned_variables.insert(step.variable);
      return;
    }
    AddStep(std::move(step), at);
  }

  Script::Step StepAt(size_t begin) const {
    Script::Step step;
    step.line = tokens_[begin].line;
    std::vector<Branch> branches;
    step.is_conditional = !AddBranches(begin, &branches);
    for (Branch& branch : branches) step.conditions.push_back(std::move(branch.condition));
    AddReadsBefore(begin, branches, &step);
    const bool is_late = script_->exported_at != 0 && begin > script_->exported_at;
    if (is_late) step.is_conditional = true;
    return step;
  }

  // What is read before the position, other than by the conditions of the step itself, which keep
  // nothing. A function reads when it is called, so that its text counts only if its name is used
  // before the position.
  void AddReadsBefore(size_t end, const std::vector<Branch>& own, Script::Step* step) const {
    std::map<size_t, size_t> skipped;  // begin and end of the functions that are not called yet
    for (const Branch& branch : own) {
      bool assigns = false;
      for (size_t i = branch.begin; i < branch.end; ++i) {
        assigns |= IsAssignmentSign(TextAt(tokens_, i));
      }
      if (!assigns) skipped.emplace(branch.begin, branch.end);
    }
    for (const auto& [name, range] : script_->functions) {
      const bool is_used = range.end > end || Names(tokens_, 0, range.declared, name) ||
                           Names(tokens_, range.declared + 1, range.begin, name) ||
                           Names(tokens_, range.end, end, name);
      if (!is_used) skipped.emplace(range.begin, range.end);
    }
    size_t at = 0;
    for (const auto& [begin, behind] : skipped) {
      AddReads(tokens_, at, std::max(at, begin), step);
      at = std::max(at, behind);
    }
    AddReads(tokens_, at, end, step);
  }

  // Adds the conditions under which the statement that begins there runs; false if they are not
  // known: it is in a function, in a loop, part of an expression.
  bool AddBranches(size_t begin, std::vector<Branch>* branches) const {
    std::vector<size_t> open;
    for (size_t i = 0; i < begin; ++i) {
      if (IsSignAt(tokens_, i, "{")) open.push_back(i);
      if (IsSignAt(tokens_, i, "}") && !open.empty()) open.pop_back();
    }
    for (const size_t brace : open) {
      if (brace == 0) return false;
      // What precedes it in a try block may throw.
      const bool tries = IsWordAt(tokens_, brace - 1, "try") && brace + 1 == begin;
      if (!tries && !AddBranch(brace, branches)) return false;
    }
    if (begin == 0) return true;
    if (IsSometimesEvaluated(begin)) return false;
    if (!IsSignAt(tokens_, begin - 1, ")")) return true;
    const size_t parenthesis = BeginOfBrackets(tokens_, begin - 1);
    if (parenthesis == 0) return true;
    const std::string& word = tokens_[parenthesis - 1].text;
    if (word == "while" || word == "for") return false;
    return word != "if" || AddBranch(begin, branches);
  }

  // Whether the statement behind this token belongs to another one: else …, if (…) …
  bool IsBody(size_t before) const {
    if (IsWordAt(tokens_, before, "else") || IsWordAt(tokens_, before, "do")) return true;
    if (!IsSignAt(tokens_, before, ")")) return false;
    const size_t parenthesis = BeginOfBrackets(tokens_, before);
    if (parenthesis == 0) return false;
    const std::string& word = tokens_[parenthesis - 1].text;
    return word == "if" || word == "while" || word == "for";
  }

  // Whether an operator in front of it in its statement decides if it is evaluated.
  bool IsSometimesEvaluated(size_t begin) const {
    for (size_t i = begin; i > 0; --i) {
      const Token& before = tokens_[i - 1];
      const bool is_sign = before.kind == TokenKind::kSign;
      for (const std::string_view sign : {"&&", "||", "??", "?", "=>"}) {
        if (is_sign && before.text == sign) return true;
      }
      if (before.kind == TokenKind::kWord && (before.text == "else" || before.text == "do")) {
        return true;
      }
      if (is_sign && (before.text == ";" || before.text == "{" || before.text == "}")) return false;
      // A line that ends with an operand ends the statement.
      const bool ends = !is_sign || IsClosingBracket(before);
      if (ends && before.line < tokens_[i].line && tokens_[i].kind == TokenKind::kWord)
        return false;
    }
    return false;
  }

  // The condition of `if (…)` or of its else block, in front of the position.
  bool AddBranch(size_t at, std::vector<Branch>* branches) const {
    const bool otherwise = IsWordAt(tokens_, at - 1, "else") && at >= 2;
    size_t end = at - 1;  // of the condition
    if (otherwise) {
      if (!IsSignAt(tokens_, at - 2, "}")) return false;
      const size_t block = BeginOfBrackets(tokens_, at - 2);
      if (block == 0) return false;
      end = block - 1;
    }
    if (!IsSignAt(tokens_, end, ")")) return false;
    const size_t begin = BeginOfBrackets(tokens_, end);
    if (begin == 0 || !IsWordAt(tokens_, begin - 1, "if")) return false;
    if (begin >= 2 && IsBody(begin - 2)) return false;  // of another if, else or loop
    Expression condition = TokenCursor(tokens_, begin + 1).ParseExpression();
    if (otherwise) {
      condition = {ExpressionKind::kNot, {}, {condition}, {}, condition.line};
    }
    branches->push_back({std::move(condition), begin, end});
    return true;
  }

  // Whether the expression uses a constant that is declared after `at`, by itself or by others.
  bool UsesLater(const Expression& e, size_t at) const {
    std::set<std::string> names;
    AddNames(e, &names);
    std::vector<std::string> open(names.begin(), names.end());
    while (!open.empty()) {
      const std::string name = std::move(open.back());
      open.pop_back();
      const auto declared = script_->declared.find(name);
      if (declared != script_->declared.end() && declared->second > at) return true;
      const auto constant = script_->constants.find(name);
      if (constant == script_->constants.end()) continue;
      std::set<std::string> further;
      AddNames(constant->second, &further);
      for (const std::string& other : further) {
        if (names.insert(other).second) open.push_back(other);
      }
    }
    return false;
  }

  const std::vector<Token>& tokens_;
  Script* script_;
  size_t behind_loop_ = 0;  // that is a step
  std::vector<Script::Step> in_order_;
  std::vector<Script::Step> at_any_time_;
};

}  // namespace

bool IsEnvironmentAt(const std::vector<Token>& tokens, size_t at) {
  return IsWordAt(tokens, at, "process") && IsSignAt(tokens, at + 1, ".") &&
         IsWordAt(tokens, at + 2, "env");
}

bool IsEnvironmentStep(const std::vector<Token>& tokens, size_t sign) {
  return sign >= 5 && tokens[sign].kind == TokenKind::kSign && IsStepSign(tokens[sign].text) &&
         IsSignAt(tokens, sign - 2, ".") && IsEnvironmentAt(tokens, sign - 5);
}

bool IsEnvironmentAssign(const std::vector<Token>& tokens, size_t parenthesis) {
  const bool is_assign =
      parenthesis >= 3 && IsSignAt(tokens, parenthesis, "(") &&
      IsWordAt(tokens, parenthesis - 1, "assign") && IsWordAt(tokens, parenthesis - 3, "Object") &&
      IsEnvironmentAt(tokens, parenthesis + 1) && IsSignAt(tokens, parenthesis + 4, ",");
  if (!is_assign) return false;
  const Expression call = TokenCursor(tokens, parenthesis - 3).ParseExpression();
  return call.kind == ExpressionKind::kCall && call.parts.size() == 3 &&
         call.parts[2].kind == ExpressionKind::kObject &&
         std::ranges::all_of(call.parts[2].parts, [](const Expression& part) {
           return part.kind == ExpressionKind::kProperty;
         });
}

void SetEffect(const EnvironmentEffect& effect, Script::Step* step) {
  step->effect = effect.what;
  step->may_override = effect.overrides;
}

void FindSteps(const std::vector<Token>& tokens, Script* script) {
  StepFinder(tokens, script).Find();
}

}  // namespace ballast::workspace
