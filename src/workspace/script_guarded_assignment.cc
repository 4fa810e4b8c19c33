// SPDX-License-Identifier: Apache-2.0
#include "workspace/script_guarded_assignment.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "workspace/expression_parser.h"

namespace ballast::workspace {
namespace {

// A part of the tokens, without the end.
struct Range {
  size_t begin = 0;
  size_t end = 0;
};

class GuardFinder {
 public:
  GuardFinder(const std::vector<Token>& tokens, const NamedAssignment& assignment)
      : tokens_(tokens), assignment_(assignment) {
    const size_t end = BehindBrackets(assignment.bracket) - 1;
    name_ = {assignment.bracket + 1, end};
    const std::string name = Joined(name_);
    const std::string environment = assignment.environment == "process.env"
                                        ? "process . env"
                                        : std::string(assignment.environment);
    const std::string value = environment + " [ " + name + " ]";
    unset_ = {"! ( " + name + " in " + environment + " )",
              "! " + value,
              value + " === undefined",
              value + " == undefined",
              value + " == null",
              "typeof " + value + " === 'undefined'",
              "! Object . hasOwn ( " + environment + " , " + name + " )",
              "! " + environment + " . hasOwnProperty ( " + name + " )"};
    set_ = {name + " in " + environment,
            value,
            value + " !== undefined",
            value + " != undefined",
            value + " != null",
            "typeof " + value + " !== 'undefined'",
            "Object . hasOwn ( " + environment + " , " + name + " )",
            environment + " . hasOwnProperty ( " + name + " )"};
  }

  bool Find() const {
    size_t at = assignment_.begin;
    while (true) {
      if (const auto condition = ConditionBefore(at); condition && AsksForUnset(*condition)) {
        return IsSameName(condition->begin);
      }
      const std::optional<size_t> block = BlockAround(at);
      if (const auto skip = SkipBetween(block ? *block + 1 : 0, at)) return IsSameName(*skip);
      if (!block || BeginsFunctionOrLoop(*block)) return false;
      at = *block;
    }
  }

 private:
  std::string_view Text(size_t at) const { return TextAt(tokens_, at); }

  size_t BehindBrackets(size_t at) const {
    TokenCursor cursor(tokens_, at);
    cursor.SkipBalanced();
    return cursor.position();
  }

  std::string Joined(const Range& range) const {
    std::string joined;
    for (size_t i = range.begin; i < range.end; ++i) {
      if (!joined.empty()) joined += ' ';
      const bool is_text = tokens_[i].kind == TokenKind::kText;
      joined += is_text ? "'" + tokens_[i].text + "'" : tokens_[i].text;
      if (tokens_[i].kind == TokenKind::kTemplate) joined += '`';  // equals nothing
    }
    return joined;
  }

  // The condition of an `if (…)` right before the position.
  std::optional<Range> ConditionBefore(size_t at) const {
    if (at == 0 || Text(at - 1) != ")") return std::nullopt;
    const size_t parenthesis = BeginOfBrackets(tokens_, at - 1);
    if (parenthesis == 0 || Text(parenthesis - 1) != "if") return std::nullopt;
    return Range{parenthesis + 1, at - 1};
  }

  std::optional<size_t> BlockAround(size_t at) const {
    int depth = 0;
    for (size_t i = at; i > 0; --i) {
      if (IsClosingBracket(tokens_[i - 1])) ++depth;
      const bool opens = Text(i - 1) == "{" || Text(i - 1) == "(" || Text(i - 1) == "[";
      if (opens && depth-- == 0) return Text(i - 1) == "{" ? std::optional(i - 1) : std::nullopt;
    }
    return std::nullopt;
  }

  bool BeginsFunctionOrLoop(size_t block) const {
    if (block == 0 || Text(block - 1) == "=>") return true;
    if (Text(block - 1) != ")") return Text(block - 1) != "try" && Text(block - 1) != "else";
    return !ConditionBefore(block);
  }

  // Behind the condition of the last `if (…) continue` of a block that skips variables that are
  // set.
  std::optional<size_t> SkipBetween(size_t begin, size_t end) const {
    std::optional<size_t> found;
    for (size_t i = begin; i < end; ++i) {
      if (Text(i) == "if" && Text(i + 1) == "(") {
        const size_t behind = BehindBrackets(i + 1);
        const size_t body = Text(behind) == "{" ? behind + 1 : behind;
        const bool skips = Text(body) == "continue" || Text(body) == "return";
        if (skips && behind < end && AsksForSet({i + 2, behind - 1})) found = i + 2;
      }
      if (Text(i) == "(" || Text(i) == "[" || Text(i) == "{") i = BehindBrackets(i) - 1;
    }
    return found;
  }

  // The operands of the sign, outside of brackets; empty if another sign separates the range.
  std::vector<Range> SplitAt(const Range& range, std::string_view sign,
                             std::string_view weaker_sign) const {
    std::vector<Range> parts = {{range.begin, range.end}};
    for (size_t i = range.begin; i < range.end; ++i) {
      if (Text(i) == "(" || Text(i) == "[" || Text(i) == "{") i = BehindBrackets(i) - 1;
      if (Text(i) == weaker_sign || Text(i) == "??" || Text(i) == "?") return {};
      if (Text(i) != sign) continue;
      parts.back().end = i;
      parts.push_back({i + 1, range.end});
    }
    return parts;
  }

  bool IsOneOf(Range part, const std::vector<std::string>& forms) const {
    while (part.begin + 1 < part.end && Text(part.begin) == "(" &&
           BehindBrackets(part.begin) == part.end) {
      ++part.begin;
      --part.end;
    }
    return std::ranges::find(forms, Joined(part)) != forms.end();
  }

  bool AsksForUnset(const Range& condition) const {
    const std::vector<Range> all = SplitAt(condition, "&&", "||");
    return std::ranges::any_of(all, [&](const Range& part) { return IsOneOf(part, unset_); });
  }

  // With a part that is true where the variable is set, the whole condition is.
  bool AsksForSet(const Range& condition) const {
    const std::vector<Range> any = SplitAt(condition, "||", "");
    return std::ranges::any_of(any, [&](const Range& part) { return IsOneOf(part, set_); });
  }

  // Whether no name in the brackets gets another value between the condition and the assignment.
  bool IsSameName(size_t condition) const {
    for (size_t i = condition; i < assignment_.begin; ++i) {
      if (tokens_[i].kind != TokenKind::kWord || (i > 0 && Text(i - 1) == ".")) continue;
      const bool changes = IsAssignmentSign(Text(i + 1)) || Text(i + 1) == "++" ||
                           Text(i + 1) == "--" ||
                           (i > 0 && (Text(i - 1) == "++" || Text(i - 1) == "--"));
      if (!changes) continue;
      for (size_t name = name_.begin; name < name_.end; ++name) {
        if (Text(name) == Text(i)) return false;
      }
    }
    return true;
  }

  const std::vector<Token>& tokens_;
  const NamedAssignment& assignment_;
  Range name_;
  std::vector<std::string> unset_;
  std::vector<std::string> set_;
};

}  // namespace

bool KeepsVariablesThatAreSet(const std::vector<Token>& tokens, const NamedAssignment& assignment) {
  const std::string_view sign = TextAt(tokens, assignment.sign);
  if (sign == "?\?=" || sign == "||=") return true;
  return sign == "=" && GuardFinder(tokens, assignment).Find();
}

}  // namespace ballast::workspace
