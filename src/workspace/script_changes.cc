// SPDX-License-Identifier: Apache-2.0
#include "workspace/script_changes.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "workspace/expression_parser.h"

namespace ballast::workspace {
namespace {

constexpr size_t kMostChanges = 1000;

// A member of a named object: config.datasource.url.
struct MemberPath {
  std::string name;
  std::vector<std::string> path;
  bool is_exact = true;  // false: a computed index follows
};

bool IsDefineConfig(const Expression& callee) {
  return callee.text == "defineConfig";
}

std::optional<MemberPath> PathOf(const Expression& e) {
  if (e.kind == ExpressionKind::kName) return MemberPath{e.text, {}};
  if (e.kind == ExpressionKind::kCall && e.parts.size() == 2 && IsDefineConfig(e.parts[0])) {
    return PathOf(e.parts[1]);
  }
  if (e.kind != ExpressionKind::kMember && e.kind != ExpressionKind::kIndex) return std::nullopt;
  std::optional<MemberPath> path = PathOf(e.parts[0]);
  if (!path || !path->is_exact) return path;
  if (e.kind == ExpressionKind::kMember) {
    path->path.push_back(e.text);
  } else if (e.parts[1].kind == ExpressionKind::kText) {
    path->path.push_back(e.parts[1].text);
  } else {
    path->is_exact = false;
  }
  return path;
}

// What a function changes is found where it does so.
void AddNamesIn(const Expression& e, std::set<std::string>* names) {
  if (e.kind == ExpressionKind::kFunction) return;
  if (e.kind == ExpressionKind::kName) names->insert(e.text);
  for (const Expression& part : e.parts) AddNamesIn(part, names);
}

// Words before "(" that call nothing.
bool IsKeyword(std::string_view word) {
  constexpr std::string_view kKeywords[] = {"if",     "for",    "while",   "switch",
                                            "catch",  "return", "await",   "typeof",
                                            "import", "super",  "function"};
  return std::ranges::find(kKeywords, word) != std::end(kKeywords);
}

// Functions that change none of their arguments.
bool IsHarmless(const Expression& callee) {
  constexpr std::string_view kNames[] = {"defineConfig",
                                         "env",
                                         "require",
                                         "String",
                                         "Number",
                                         "Boolean",
                                         "fileURLToPath",
                                         "URL",
                                         "join",
                                         "resolve",
                                         "dirname",
                                         "stringify",
                                         "keys",
                                         "values",
                                         "entries",
                                         "freeze",
                                         "trim",
                                         "toString",
                                         "loadEnvFile",
                                         "config",
                                         "cwd",
                                         "existsSync",
                                         "encodeURIComponent",
                                         "parseInt"};
  if (callee.kind == ExpressionKind::kMember && callee.parts[0].text == "console") return true;
  return std::ranges::find(kNames, callee.text) != std::end(kNames);
}

class ChangeFinder {
 public:
  ChangeFinder(const std::vector<Token>& tokens, const std::set<size_t>& declarations,
               Script* script)
      : tokens_(tokens), declarations_(declarations), script_(script) {
    for (const auto& [name, value] : script->constants) aliases_[name].push_back(value);
  }

  void Find() {
    for (at_ = 0; at_ < tokens_.size(); ++at_) {
      FindNestedDeclaration();
      FindAssignment();
      FindCall();
      for (const std::vector<Token>& inside : tokens_[at_].expressions) {
        ChangeFinder(inside, {}, script_).Find();
      }
    }
    FollowAliases();
  }

 private:
  bool IsSign(size_t at, std::string_view text) const {
    return at < tokens_.size() && tokens_[at].kind == TokenKind::kSign && tokens_[at].text == text;
  }
  bool IsWord(size_t at, std::string_view text) const {
    return at < tokens_.size() && tokens_[at].kind == TokenKind::kWord && tokens_[at].text == text;
  }
  Expression ExpressionAt(size_t at) const { return TokenCursor(tokens_, at).ParseExpression(); }

  // Where the operand that ends before `end` begins: a.b, a["b"], (a as B).c, f(a).b.
  size_t BeginOfOperand(size_t end) const {
    size_t begin = end;
    while (begin > 0) {
      if (IsSign(begin - 1, "!")) --begin;
      if (begin > 0 && IsClosingBracket(tokens_[begin - 1])) {
        begin = BeginOfBrackets(tokens_, begin - 1);
        const bool follows = begin > 0 && (tokens_[begin - 1].kind == TokenKind::kWord ||
                                           IsClosingBracket(tokens_[begin - 1]));
        if (follows) continue;
      } else if (begin > 0) {
        --begin;
      }
      if (begin == 0 || (!IsSign(begin - 1, ".") && !IsSign(begin - 1, "?."))) return begin;
      --begin;
    }
    return begin;
  }

  // `const a = b` and `for (const a of b)`, also inside of functions.
  void FindNestedDeclaration() {
    const bool declares = IsWord(at_, "const") || IsWord(at_, "let") || IsWord(at_, "var");
    if (!declares || at_ + 2 >= tokens_.size()) return;
    const std::string& name = tokens_[at_ + 1].text;
    if (IsSign(at_ + 2, "=")) aliases_[name].push_back(ExpressionAt(at_ + 3));
    if (!IsWord(at_ + 2, "of")) return;
    Expression items{ExpressionKind::kUnknown, {}, {ExpressionAt(at_ + 3)}, {}, 0};
    aliases_[name].push_back(std::move(items));
  }

  void FindAssignment() {
    if (IsWord(at_, "delete")) return Change(ExpressionAt(at_ + 1));
    const bool is_sign = tokens_[at_].kind == TokenKind::kSign;
    if (!is_sign || !IsAssignmentSign(tokens_[at_].text) || at_ == 0 || declarations_.contains(at_))
      return;
    const size_t begin = BeginOfOperand(at_);
    if (IsSign(begin, "[") || IsSign(begin, "{")) return ChangeAllBetween(begin, at_);
    Expression target = ExpressionAt(begin);
    while (target.kind == ExpressionKind::kBinary) {
      Expression left = std::move(target.parts[0]);
      target = std::move(left);
    }
    if (PathOf(target)) return Change(target);
    ChangeAllBetween(begin, at_);
  }

  // A destructuring assignment, or one whose target is written in an unsupported way.
  void ChangeAllBetween(size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      if (tokens_[i].kind == TokenKind::kWord) Add(tokens_[i].text, {{}, true});
    }
  }

  void FindCall() {
    if (!IsSign(at_, "(") || at_ == 0 || IsKeyword(tokens_[at_ - 1].text)) return;
    if (IsClosingBracket(tokens_[at_ - 1])) return FindCallOfResult();
    if (tokens_[at_ - 1].kind != TokenKind::kWord) return;
    const Expression call = ExpressionAt(BeginOfOperand(at_));
    if (call.kind != ExpressionKind::kCall) return;
    const Expression& callee = call.parts[0];
    const bool assigns = callee.kind == ExpressionKind::kMember && callee.text == "assign" &&
                         callee.parts[0].text == "Object";
    if (assigns) return ChangeByAssign(call);
    if (callee.text == "config" || callee.text == "configDotenv") ChangeByLoading(call);
    if (IsHarmless(callee)) return;
    if (callee.kind == ExpressionKind::kMember) ChangeContent(callee.parts[0]);
    for (size_t i = 1; i < call.parts.size(); ++i) ChangeContent(call.parts[i]);
  }

  // f(a)(b), (function (a) {…})(b)
  void FindCallOfResult() {
    const Expression call{
        ExpressionKind::kCall, {}, TokenCursor(tokens_, at_).ParseArguments(), {}, 0};
    for (const Expression& argument : call.parts) ChangeContent(argument);
  }

  // dotenv.config({ processEnv: object })
  void ChangeByLoading(const Expression& call) {
    if (call.parts.size() < 2) return;
    const auto named = script_->constants.find(call.parts[1].text);
    const bool is_name =
        call.parts[1].kind == ExpressionKind::kName && named != script_->constants.end();
    const Expression& options = is_name ? named->second : call.parts[1];
    if (options.kind != ExpressionKind::kObject) return;
    for (const Expression& property : options.parts) {
      if (property.text == "processEnv") ChangeContent(property.parts[0]);
    }
  }

  // Object.assign(target, { key: value }, …) changes these keys; other sources may change any.
  void ChangeByAssign(const Expression& call) {
    if (call.parts.size() < 2) return;
    const std::optional<MemberPath> target = PathOf(call.parts[1]);
    if (!target) return;
    for (size_t i = 2; i < call.parts.size(); ++i) {
      const Expression& source = call.parts[i];
      const bool known = source.kind == ExpressionKind::kObject &&
                         std::ranges::all_of(source.parts, [](const Expression& part) {
                           return part.kind == ExpressionKind::kProperty;
                         });
      if (!known || !target->is_exact) {
        Add(target->name, {target->path, true});
        continue;
      }
      for (const Expression& property : source.parts) {
        ScriptChange change{target->path, false};
        change.path.push_back(property.text);
        Add(target->name, std::move(change));
      }
    }
  }

  void Change(const Expression& target) {
    const std::optional<MemberPath> path = PathOf(target);
    if (!path || (path->path.empty() && path->is_exact)) return;  // a name: Script::assigned
    Add(path->name, {path->path, !path->is_exact});
  }

  void ChangeContent(const Expression& value) {
    if (const auto path = PathOf(value)) return Add(path->name, {path->path, true});
    std::set<std::string> names;
    AddNamesIn(value, &names);
    for (const std::string& name : names) {
      if (script_->constants.contains(name)) Add(name, {{}, true});
    }
  }

  void Add(const std::string& name, ScriptChange change) {
    std::vector<ScriptChange>& changes = script_->changes[name];
    if (std::ranges::find(changes, change) != changes.end() || count_ >= kMostChanges) return;
    ++count_;
    changes.push_back(change);
    open_.emplace_back(name, std::move(change));
  }

  // An object that has several names, or is part of another, changes under all of them.
  void FollowAliases() {
    while (!open_.empty()) {
      const auto [name, change] = std::move(open_.back());
      open_.pop_back();
      const auto known = aliases_.find(name);
      if (known == aliases_.end()) continue;
      for (const Expression& value : known->second) {
        if (const auto of = PathOf(value); of && of->is_exact) {
          ScriptChange same{of->path, change.is_content};
          same.path.insert(same.path.end(), change.path.begin(), change.path.end());
          Add(of->name, std::move(same));
          continue;
        }
        std::set<std::string> names;
        AddNamesIn(value, &names);
        for (const std::string& part : names) {
          if (script_->constants.contains(part)) Add(part, {{}, true});
        }
      }
    }
  }

  const std::vector<Token>& tokens_;
  const std::set<size_t>& declarations_;
  Script* script_;
  std::map<std::string, std::vector<Expression>, std::less<>> aliases_;
  std::vector<std::pair<std::string, ScriptChange>> open_;
  size_t count_ = 0;
  size_t at_ = 0;
};

}  // namespace

void FindChanges(const std::vector<Token>& tokens, const std::set<size_t>& declarations,
                 Script* script) {
  ChangeFinder(tokens, declarations, script).Find();
}

}  // namespace ballast::workspace
