// SPDX-License-Identifier: Apache-2.0
// Parses JavaScript and TypeScript expressions from tokens; for script_parser.cc.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "workspace/script_parser.h"

namespace ballast::workspace {

class TokenCursor {
 public:
  // `tokens` must outlive the cursor.
  TokenCursor(const std::vector<Token>& tokens, size_t position) : tokens_(tokens), at_(position) {}

  bool AtEnd() const { return at_ >= tokens_.size(); }
  bool At(std::string_view text) const;  // whether this word or sign comes next
  bool AtText() const;
  bool AtWord() const;
  bool Take(std::string_view text);
  bool TakeWords(std::initializer_list<std::string_view> texts);  // skips all of them, or none
  std::string TakeText() { return tokens_[at_++].text; }
  std::string TakeAny() { return AtEnd() ? std::string() : tokens_[at_++].text; }
  void Advance() { ++at_; }
  size_t position() const { return at_; }

  // Skips (…), […] or {…} where one begins here.
  bool SkipBalanced();

  // Whether a statement can end in front of the next token.
  bool EndsStatement() const;

  // Skips a type of TypeScript.
  void SkipType();

  // Parses the longest expression. Unsupported syntax becomes kUnknown.
  Expression ParseExpression();
  // Parses `(a, …b)`.
  std::vector<Expression> ParseArguments();
  // Parses `{ … }`, or one statement. Statements that are not supported are unknown.
  std::vector<Expression> ParseBlock();
  // Parses the rest of a function after its name: parameters, return type, and body.
  Expression ParseFunctionRest();

 private:
  Expression ParseBinary(int precedence);
  Expression ParseUnary();
  Expression ParsePostfix(Expression operand);
  Expression ParsePrimary();
  Expression ParseNumber();
  Expression ParseParenthesis();
  Expression ParseArrow();
  Expression ParseObject();
  Expression ParseProperty();
  Expression ParseArray();
  Expression ParseTemplate();
  std::vector<Expression> ParseBody();
  Expression ParseOtherStatement();
  bool ParsePattern(std::vector<Expression>* declarations);
  Expression ParseStatement();
  Expression ParseIf();
  Expression ParseTry();
  bool ParseParameters(std::vector<std::string>* names);
  bool IsArrowAhead() const;
  bool IsTemplate() const;
  bool IsAtNextLine() const;
  void SkipTypeArguments();
  int Line() const;
  Expression Unknown() const { return {ExpressionKind::kUnknown, {}, {}, {}, Line()}; }

  const std::vector<Token>& tokens_;
  size_t at_;
  int depth_ = 0;
};

}  // namespace ballast::workspace
