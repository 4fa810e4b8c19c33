// SPDX-License-Identifier: Apache-2.0
#include "workspace/script_environment.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <set>
#include <utility>

#include "workspace/expression_parser.h"
#include "workspace/script_guarded_assignment.h"
#include "workspace/script_loaders.h"
#include "workspace/script_steps.h"

namespace ballast::workspace {
namespace {

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> texts) {
  return std::ranges::find(texts, text) != texts.end();
}

// Functions that read an object that they get, and neither change nor keep it.
bool OnlyReads(std::string_view function) {
  return IsOneOf(function, {"keys",
                            "values",
                            "entries",
                            "fromEntries",
                            "stringify",
                            "log",
                            "debug",
                            "info",
                            "warn",
                            "error",
                            "dir",
                            "parse",
                            "safeParse",
                            "parseAsync",
                            "safeParseAsync",
                            "createEnv",
                            "cleanEnv",
                            "String",
                            "Boolean",
                            "has",
                            "hasOwn",
                            "ownKeys",
                            "getOwnPropertyNames",
                            "structuredClone",
                            "get",
                            "if",
                            "while",
                            "switch"});
}

class EffectFinder {
 public:
  EffectFinder(const std::vector<Token>& tokens, Script* script)
      : EffectFinder(tokens, script, false) {}
  EffectFinder(const std::vector<Token>& tokens, Script* script, bool in_template)
      : tokens_(tokens), script_(script), in_template_(in_template) {}

  std::vector<EnvironmentEffect> Find() {
    for (size_t i = 0; i < tokens_.size(); ++i) {
      if (const size_t end = EndOfEnvironment(i); end != 0) FindUse(i, end, "process.env");
      FindInside(i);
      FindWhole(i);
    }
    while (!open_.empty()) {
      const std::string name = std::move(open_.back());
      open_.pop_back();
      for (size_t i = 0; i < tokens_.size(); ++i) {
        if (IsUseOf(name, i)) FindUse(i, i + 1, name);
      }
    }
    std::ranges::sort(effects_, {}, &EnvironmentEffect::at);
    return std::move(effects_);
  }

 private:
  std::string_view Text(size_t at) const { return TextAt(tokens_, at); }
  bool IsWord(size_t at) const {
    return at < tokens_.size() && tokens_[at].kind == TokenKind::kWord;
  }
  bool IsMember(size_t at) const { return at > 0 && IsOneOf(Text(at - 1), {".", "?."}); }

  void Add(size_t at, std::string what) { effects_.push_back({at, std::move(what), true}); }

  // The position behind process.env, process["env"] or, imported from "process", env; or 0.
  size_t EndOfEnvironment(size_t at) const {
    if (Text(at) == "Bun" && Text(at + 1) == "." && Text(at + 2) == "env") return at + 3;
    if (Text(at) != "process") return 0;
    if (IsMember(at) && (at < 2 || !IsOneOf(Text(at - 2), {"globalThis", "global"}))) return 0;
    if (IsOneOf(Text(at + 1), {".", "?."}) && Text(at + 2) == "env") return at + 3;
    const bool by_index = Text(at + 1) == "[" && at + 3 < tokens_.size() &&
                          tokens_[at + 2].kind == TokenKind::kText && tokens_[at + 2].text == "env";
    return by_index ? at + 4 : 0;
  }

  // Changes inside of a template literal.
  void FindInside(size_t at) {
    for (const std::vector<Token>& inside : tokens_[at].expressions) {
      std::vector<EnvironmentEffect> found = EffectFinder(inside, script_, true).Find();
      for (EnvironmentEffect& effect : found) Add(at, std::move(effect.what));
    }
  }

  // Other names for process.env. Other uses of `process` itself: script_loader_uses.h.
  void FindWhole(size_t at) {
    if (!IsWord(at) || IsMember(at)) return;
    const std::string& name = tokens_[at].text;
    const auto import = script_->imports.find(name);
    if (import != script_->imports.end() && import->second.name == "env" &&
        IsOneOf(import->second.module, {"process", "node:process"})) {
      Alias(name);
    }
    if (name != "process") return;
    if (at >= 1 && Text(at - 1) == "=" && at >= 2 && Text(at - 2) == "}" &&
        !IsOneOf(Text(at + 1), {".", "?.", "["})) {
      AliasPattern(at - 2);
    }
  }

  // const { env } = process, const { env: e } = process.
  void AliasPattern(size_t end) {
    for (size_t i = BeginOfBrackets(tokens_, end); i < end; ++i) {
      if (Text(i) != "env") continue;
      Alias(std::string(Text(i + 1) == ":" ? Text(i + 2) : Text(i)));
    }
  }

  void Alias(const std::string& name) {
    if (!name.empty() && aliases_.insert(name).second) open_.push_back(name);
  }

  // Whether the token uses the value that has the name: no member, key, import or declaration.
  bool IsUseOf(const std::string& name, size_t at) const {
    if (!IsWord(at) || tokens_[at].text != name || IsMember(at)) return false;
    const std::string_view before = at > 0 ? Text(at - 1) : std::string_view();
    if (IsOneOf(before, {"const", "let", "var", "function"})) return false;
    if (Text(at + 1) == ":" && IsOneOf(before, {"{", ","})) return false;
    return !IsImportedAt(tokens_, at);
  }

  // Behind `!`, `as T` and the parentheses around the value.
  void Unwrap(size_t* begin, size_t* end) const {
    while (*end < tokens_.size()) {
      const std::string_view next = Text(*end);
      if (next == "!") {
        ++*end;
      } else if (IsOneOf(next, {"as", "satisfies"})) {
        TokenCursor cursor(tokens_, *end + 1);
        cursor.SkipType();
        *end = cursor.position();
      } else if (next == ")" && *begin > 0 && Text(*begin - 1) == "(" && IsGrouping(*begin - 1)) {
        --*begin;
        ++*end;
      } else {
        return;
      }
    }
  }

  bool IsGrouping(size_t parenthesis) const {
    if (parenthesis == 0) return true;
    const Token& before = tokens_[parenthesis - 1];
    if (before.kind == TokenKind::kWord) {
      return IsOneOf(before.text, {"return", "await", "typeof", "delete", "of", "in"});
    }
    return !IsClosingBracket(before);
  }

  size_t BehindBrackets(size_t at) const {
    TokenCursor cursor(tokens_, at);
    cursor.SkipBalanced();
    return cursor.position();
  }

  void FindUse(size_t begin, size_t end, std::string_view shown) {
    if (begin >= 2 && IsOneOf(Text(begin - 2), {"globalThis", "global"})) begin -= 2;
    const size_t plain = end;
    Unwrap(&begin, &end);
    const bool deletes = begin > 0 && Text(begin - 1) == "delete";
    size_t member = end;
    if (Text(member) == "?." && Text(member + 1) == "[") ++member;
    if (Text(member) == "[") {
      size_t behind = BehindBrackets(member);
      if (!IsChanged(begin, behind, deletes)) return;
      const bool is_literal = behind == member + 3 && tokens_[member + 1].kind == TokenKind::kText;
      if (is_literal) {
        script_->assigned_variables.insert(tokens_[member + 1].text);
      } else {
        Add(begin, "changes variables of process.env by computed names");
        while (Text(behind) == "!") ++behind;
        effects_.back().overrides =
            deletes || !KeepsVariablesThatAreSet(tokens_, {shown, begin, member, behind});
      }
      return;
    }
    if (IsOneOf(Text(member), {".", "?."})) {
      if (!IsChanged(begin, member + 2, deletes)) return;
      const bool by_step = !in_template_ && end == plain && shown == "process.env" &&
                           (deletes || IsEnvironmentStep(tokens_, member + 2));
      if (!by_step) script_->assigned_variables.insert(std::string(Text(member + 1)));
      return;
    }
    FindUseAsWhole(begin, end, shown);
  }

  bool IsChanged(size_t begin, size_t behind, bool deletes) const {
    while (Text(behind) == "!") ++behind;
    const bool in_pattern = IsInAssignedPattern(begin);
    const bool by_loop = begin > 0 && Text(begin - 1) == "(" && IsOneOf(Text(behind), {"of", "in"});
    const bool counts = IsOneOf(Text(behind), {"++", "--"}) ||
                        (begin > 0 && IsOneOf(Text(begin - 1), {"++", "--"}));
    return deletes || in_pattern || by_loop || counts || IsAssignmentSign(Text(behind));
  }

  // [process.env.A] = …, ({ a: process.env.A } = …)
  bool IsInAssignedPattern(size_t at) const {
    const std::optional<size_t> bracket = OpenBracket(at);
    if (!bracket || Text(*bracket) == "(") return false;
    const size_t behind = BehindBrackets(*bracket);
    return Text(behind) == "=" || IsInAssignedPattern(*bracket);
  }

  // The innermost bracket that is open there.
  std::optional<size_t> OpenBracket(size_t at) const {
    int depth = 0;
    for (size_t i = at; i > 0; --i) {
      if (IsClosingBracket(tokens_[i - 1])) ++depth;
      if (!IsOneOf(Text(i - 1), {"(", "[", "{"})) continue;
      if (depth == 0) return i - 1;
      --depth;
    }
    return std::nullopt;
  }

  // process.env that is copied, compared, gets another name, or is passed on.
  void FindUseAsWhole(size_t begin, size_t end, std::string_view shown) {
    const std::string_view before = begin > 0 ? Text(begin - 1) : std::string_view();
    const std::string_view after = Text(end);
    if (IsOneOf(before, {"...", "in", "typeof", "!"}) || IsOneOf(after, {"=>", "(", "?"})) return;
    if (after == "=" && shown != "process.env") return;  // the name gets another value
    if (IsAssignmentSign(after)) return Add(begin, "replaces process.env");
    if (before == "=" && begin >= 2) return FindAlias(begin);
    const std::optional<size_t> open = OpenBracket(begin);
    if (open && Text(*open) == "(" && *open > 0) return FindArgument(*open, begin, shown);
    if (open && Text(*open) == "{" && begin >= 2 && before == ":") {
      if (IsHarmlessProperty(*open, Text(begin - 2))) return;
    }
    const bool in_pattern = open && Text(*open) == "{" && Text(BehindBrackets(*open)) == "=";
    if (in_pattern) return;
    const bool is_condition = IsOneOf(after, {"&&", "===", "!==", "==", "!="});
    if (is_condition) return;
    Add(begin, fmt::format("passes {} on, so that it may be changed", shown));
  }

  bool IsHarmlessProperty(size_t object, std::string_view key) const {
    if (IsOneOf(key, {"runtimeEnv", "processEnv"})) return true;
    const std::optional<size_t> call = OpenBracket(object);
    if (key != "env" || !call || *call == 0) return false;
    const std::string_view callee = Text(*call - 1);
    return callee.starts_with("exec") || callee.starts_with("spawn") || callee == "fork";
  }

  // a = process.env, const a: T = process.env; const { A } = process.env only copies.
  void FindAlias(size_t begin) {
    if (Text(begin - 2) == "}") return;
    size_t name = begin - 2;
    for (size_t i = begin - 2; i > 0 && i + 20 > begin; --i) {
      if (IsOneOf(Text(i - 1), {"const", "let", "var"})) {
        name = i;
        break;
      }
      if (IsOneOf(Text(i - 1), {";", "}", "{"})) break;
    }
    if (IsWord(name) && !IsMember(name)) return Alias(tokens_[name].text);
    Add(begin, "passes process.env on, so that it may be changed");
  }

  void FindArgument(size_t parenthesis, size_t begin, std::string_view shown) {
    const size_t behind = BehindBrackets(parenthesis);
    const std::string_view callee = Text(parenthesis - 1);
    const bool declares = parenthesis >= 2 && Text(parenthesis - 2) == "function";
    if (declares || callee == "function" || Text(behind) == "=>" || Text(behind) == ":") return;
    const std::optional<size_t> at = ArgumentAt(parenthesis, begin);
    const std::string_view object = parenthesis >= 3 ? Text(parenthesis - 3) : std::string_view();
    if (callee == "assign" && at != 0U) return;  // a source of Object.assign is copied
    if (callee == "assign" && object == "Object") return FindAssign(parenthesis, begin);
    if (OnlyReads(callee) || IsHarmlessModule(ModuleOfName(*script_, std::string(callee)))) return;
    const auto function = script_->constants.find(callee);
    if (!IsMember(parenthesis - 1) && function != script_->constants.end() &&
        function->second.kind == ExpressionKind::kFunction && at) {
      if (*at < function->second.texts.size()) Alias(function->second.texts[*at]);
      return;
    }
    const std::string name = IsWord(parenthesis - 1) ? std::string(callee) : "a function";
    Add(begin, fmt::format("passes {} to {}{}, which may change it", shown, name,
                           IsWord(parenthesis - 1) ? "()" : ""));
  }

  // The number of the argument that begins there.
  std::optional<size_t> ArgumentAt(size_t parenthesis, size_t begin) const {
    size_t number = 0;
    for (size_t i = parenthesis + 1; i < begin; ++i) {
      if (IsOneOf(Text(i), {"(", "[", "{"})) i = BehindBrackets(i) - 1;
      if (i >= begin) return std::nullopt;
      if (Text(i) == ",") ++number;
    }
    return number;
  }

  // Object.assign(process.env, { A: … }) changes these variables alone.
  void FindAssign(size_t parenthesis, size_t begin) {
    if (IsEnvironmentAssign(tokens_, parenthesis)) return;
    Add(begin, "passes process.env to Object.assign()");
  }

  const std::vector<Token>& tokens_;
  Script* script_;
  bool in_template_;  // where no steps are
  std::vector<EnvironmentEffect> effects_;
  std::set<std::string> aliases_;
  std::vector<std::string> open_;
};

}  // namespace

std::vector<EnvironmentEffect> FindEnvironmentEffects(const std::vector<Token>& tokens,
                                                      Script* script) {
  return EffectFinder(tokens, script).Find();
}

}  // namespace ballast::workspace
