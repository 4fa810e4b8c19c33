// SPDX-License-Identifier: Apache-2.0
#include "workspace/script_hidden_code.h"

#include <algorithm>
#include <string_view>

namespace ballast::workspace {
namespace {

// Functions that run a text, and members that lead to them or to what objects inherit.
bool IsHidingName(std::string_view name) {
  constexpr std::string_view kNames[] = {"eval",      "Function",       "constructor",
                                         "__proto__", "setPrototypeOf", "prototype"};
  return std::ranges::find(kNames, name) != std::end(kNames);
}

bool IsHidingModule(std::string_view module) {
  constexpr std::string_view kModules[] = {"vm", "node:vm", "inspector", "node:inspector"};
  return std::ranges::find(kModules, module) != std::end(kModules);
}

// `constructor() {…}` of a class.
bool IsConstructor(const std::vector<Token>& tokens, size_t at) {
  if (TextAt(tokens, at) != "constructor" || TextAt(tokens, at + 1) != "(" || at == 0) return false;
  const std::string_view before = TextAt(tokens, at - 1);
  return before != "." && before != "?.";
}

bool IsHiding(const std::vector<Token>& tokens, size_t at) {
  const Token& token = tokens[at];
  const std::string_view before = at > 0 ? TextAt(tokens, at - 1) : std::string_view();
  const std::string_view after = TextAt(tokens, at + 1);
  if (token.kind == TokenKind::kText) {
    if (before == "from" || before == "import" || before == "(") {
      if (IsHidingModule(token.text)) return true;
    }
    return (before == "[" || after == ":") && IsHidingName(token.text);
  }
  if (token.kind != TokenKind::kWord) return false;
  if (token.text == "with") return after == "(" && before != "." && before != "?.";
  return IsHidingName(token.text) && !IsConstructor(tokens, at);
}

}  // namespace

std::optional<int> FindHiddenCode(const std::vector<Token>& tokens) {
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (IsHiding(tokens, i)) return tokens[i].line;
    for (const std::vector<Token>& inside : tokens[i].expressions) {
      if (const auto line = FindHiddenCode(inside)) return line;
    }
  }
  return std::nullopt;
}

}  // namespace ballast::workspace
