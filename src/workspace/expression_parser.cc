// SPDX-License-Identifier: Apache-2.0
#include "workspace/expression_parser.h"

#include <algorithm>

namespace ballast::workspace {
namespace {

constexpr int kDeepestExpression = 200;

struct Operator {
  std::string_view sign;
  int precedence;
};
// Unsupported operators are read so that the whole expression is unknown, not only its first part.
constexpr Operator kOperators[] = {{"??", 1}, {"||", 1}, {"&&", 2}, {"===", 3},        {"!==", 3},
                                   {"==", 3}, {"!=", 3}, {"<", 4},  {">", 4},          {"+", 5},
                                   {"-", 5},  {"*", 6},  {"%", 6},  {"|", 2},          {"&", 2},
                                   {"^", 2},  {"in", 4}, {"/", 6},  {"instanceof", 4}, {"=", 0}};

int PrecedenceOf(std::string_view sign) {
  for (const Operator& known : kOperators) {
    if (known.sign == sign) return known.precedence;
  }
  return -1;
}

Expression Make(ExpressionKind kind, int line, std::vector<Expression> parts,
                std::string text = {}) {
  return {kind, std::move(text), std::move(parts), {}, line};
}

// In new A(b).c(d), the innermost call is the construction.
void MarkConstruction(Expression* made) {
  Expression* call = nullptr;
  Expression* at = made;
  while (at->kind == ExpressionKind::kCall || at->kind == ExpressionKind::kMember ||
         at->kind == ExpressionKind::kIndex) {
    if (at->kind == ExpressionKind::kCall) call = at;
    at = &at->parts[0];
  }
  if (call != nullptr) call->kind = ExpressionKind::kNew;
}

}  // namespace

bool TokenCursor::At(std::string_view text) const {
  return at_ < tokens_.size() && tokens_[at_].text == text &&
         (tokens_[at_].kind == TokenKind::kWord || tokens_[at_].kind == TokenKind::kSign);
}

bool TokenCursor::AtText() const {
  return at_ < tokens_.size() && tokens_[at_].kind == TokenKind::kText;
}

bool TokenCursor::AtWord() const {
  return at_ < tokens_.size() && tokens_[at_].kind == TokenKind::kWord;
}

bool TokenCursor::Take(std::string_view text) {
  if (!At(text)) return false;
  ++at_;
  return true;
}

bool TokenCursor::TakeWords(std::initializer_list<std::string_view> texts) {
  const size_t start = at_;
  for (const std::string_view text : texts) {
    if (Take(text)) continue;
    at_ = start;
    return false;
  }
  return true;
}

bool TokenCursor::SkipBalanced() {
  int depth = 0;
  const size_t start = at_;
  for (; at_ < tokens_.size(); ++at_) {
    if (At("(") || At("[") || At("{")) ++depth;
    if (At(")") || At("]") || At("}")) --depth;
    if (depth == 0) break;
  }
  if (at_ == start) return false;
  if (at_ < tokens_.size()) ++at_;
  return true;
}

int TokenCursor::Line() const {
  if (tokens_.empty()) return 0;
  return tokens_[std::min(at_, tokens_.size() - 1)].line;
}

Expression TokenCursor::ParseExpression() {
  if (depth_ >= kDeepestExpression) return Unknown();
  ++depth_;
  Expression value = ParseBinary(0);
  if (Take("?")) {
    const int line = value.line;
    Expression then = ParseExpression();
    if (!Take(":")) value = Unknown();
    Expression otherwise = ParseExpression();
    value = Make(ExpressionKind::kConditional, line,
                 {std::move(value), std::move(then), std::move(otherwise)});
  }
  --depth_;
  return value;
}

Expression TokenCursor::ParseBinary(int precedence) {
  Expression left = ParseUnary();
  while (!AtEnd() && !AtText()) {
    const std::string sign = tokens_[at_].text;
    const int found = tokens_[at_].kind == TokenKind::kTemplate ? -1 : PrecedenceOf(sign);
    if (found < precedence) break;
    ++at_;
    const int line = left.line;
    Expression right = ParseBinary(found + 1);
    left = Make(ExpressionKind::kBinary, line, {std::move(left), std::move(right)}, sign);
  }
  return left;
}

Expression TokenCursor::ParseUnary() {
  const int line = Line();
  if (Take("!")) return Make(ExpressionKind::kNot, line, {ParseUnary()});
  if (Take("new")) {
    Expression made = ParseUnary();
    MarkConstruction(&made);
    return made;
  }
  if (Take("await")) return ParseUnary();  // what is understood is not a promise
  for (const char* word : {"typeof", "void", "delete", "-", "+", "++", "--"}) {
    if (!Take(word)) continue;
    ParseUnary();
    return Make(ExpressionKind::kUnknown, line, {});
  }
  return ParsePostfix(ParsePrimary());
}

Expression TokenCursor::ParsePostfix(Expression operand) {
  for (int steps = 0; !AtEnd() && steps < kDeepestExpression; ++steps) {
    const int line = operand.line;
    const bool same_line = at_ > 0 && tokens_[at_].line == tokens_[at_ - 1].line;
    if (At(".") || At("?.")) {
      const bool is_optional = TakeAny() == "?.";
      if (AtWord()) {
        operand = Make(ExpressionKind::kMember, line, {std::move(operand)}, TakeAny());
        if (is_optional) operand.texts = {"?."};
      }
    } else if (Take("[")) {
      Expression index = ParseExpression();
      Take("]");
      operand = Make(ExpressionKind::kIndex, line, {std::move(operand), std::move(index)});
    } else if (At("(")) {
      std::vector<Expression> parts = {std::move(operand)};
      for (Expression& argument : ParseArguments()) parts.push_back(std::move(argument));
      operand = Make(ExpressionKind::kCall, line, std::move(parts));
    } else if (same_line && (At("as") || At("satisfies"))) {
      ++at_;
      SkipType();
    } else if (same_line && Take("!")) {
      continue;  // the assertion that it is not null
    } else if (At("<")) {
      const size_t start = at_;
      SkipTypeArguments();
      if (at_ == start) return operand;
    } else if (IsTemplate() || At("++") || At("--")) {
      operand = Unknown();
      ++at_;
    } else {
      return operand;
    }
  }
  return operand;
}

// Also one without ${…}, which is a text otherwise.
bool TokenCursor::IsTemplate() const {
  return !AtEnd() && (tokens_[at_].kind == TokenKind::kTemplate || !tokens_[at_].texts.empty());
}

bool TokenCursor::IsAtNextLine() const {
  return at_ > 0 && !AtEnd() && tokens_[at_].line > tokens_[at_ - 1].line;
}

bool TokenCursor::EndsStatement() const {
  if (AtEnd() || At(";") || At("}")) return true;
  if (!IsAtNextLine()) return false;
  if (tokens_[at_].kind != TokenKind::kSign) return true;
  constexpr std::string_view kBegins[] = {"{", "!", "~", "++", "--", "@", "..."};
  return std::ranges::find(kBegins, tokens_[at_].text) != std::end(kBegins);
}

// `<A, B>` where a call follows.
void TokenCursor::SkipTypeArguments() {
  const size_t start = at_;
  int depth = 0;
  for (; at_ < tokens_.size(); ++at_) {
    if (At("<")) ++depth;
    if (At(">") && --depth == 0) break;
    if (At(";") || At("{") || At("(") || At("=") || At("=>")) break;
  }
  if (At(">") && at_ + 1 < tokens_.size() && tokens_[at_ + 1].text == "(") {
    ++at_;
  } else {
    at_ = start;
  }
}

void TokenCursor::SkipType() {
  do {
    while (Take("typeof") || Take("keyof") || Take("readonly")) continue;
    if (TakeWords({"import", "("})) {  // import("module").Type
      --at_;
      SkipBalanced();
      while (Take(".")) ++at_;
    } else if (!SkipBalanced() && (AtWord() || AtText())) {
      ++at_;
      while (Take(".")) ++at_;
    }
    if (At("<")) {
      int depth = 0;
      for (; at_ < tokens_.size(); ++at_) {
        if (At("<")) ++depth;
        if (At(">") && --depth == 0) break;
      }
      ++at_;
    }
    while (At("[") && !IsAtNextLine()) SkipBalanced();
  } while (Take("|") || Take("&"));
}

std::vector<Expression> TokenCursor::ParseArguments() {
  std::vector<Expression> arguments;
  Take("(");
  while (!AtEnd() && !Take(")")) {
    const size_t start = at_;
    if (Take("...")) {
      arguments.push_back(Make(ExpressionKind::kSpread, Line(), {ParseExpression()}));
    } else {
      arguments.push_back(ParseExpression());
    }
    if (Take(",")) continue;
    if (At(")")) continue;
    arguments.push_back(Unknown());
    if (at_ == start && !SkipBalanced()) ++at_;
  }
  return arguments;
}

Expression TokenCursor::ParsePrimary() {
  const int line = Line();
  if (AtEnd()) return Unknown();
  if (AtText()) return Make(ExpressionKind::kText, line, {}, TakeText());
  if (tokens_[at_].kind == TokenKind::kTemplate) return ParseTemplate();
  if (At("{")) return ParseObject();
  if (At("[")) return ParseArray();
  if (IsArrowAhead()) return ParseArrow();
  if (At("(")) return ParseParenthesis();
  if (Take("async")) {
    ParseExpression();
    return Unknown();
  }
  if (Take("function")) {
    if (AtWord()) ++at_;
    return ParseFunctionRest();
  }
  if (AtWord()) {
    const char first = tokens_[at_].text.front();
    if (first >= '0' && first <= '9') return ParseNumber();
    return Make(ExpressionKind::kName, line, {}, TakeAny());
  }
  if (Take("/")) return Unknown();
  return Unknown();
}

// A number that is shown as it is written; others are unknown.
Expression TokenCursor::ParseNumber() {
  constexpr size_t kMostDigits = 15;
  const int line = Line();
  std::string digits = TakeAny();
  const bool is_plain = digits.find_first_not_of("0123456789") == std::string::npos &&
                        digits.size() <= kMostDigits && (digits == "0" || digits[0] != '0') &&
                        !At(".");
  if (is_plain) return Make(ExpressionKind::kNumber, line, {}, std::move(digits));
  while (At(".") || (AtWord() && tokens_[at_ - 1].text == ".")) ++at_;
  return Unknown();
}

Expression TokenCursor::ParseParenthesis() {
  Take("(");
  Expression inner = ParseExpression();
  while (Take(",")) inner = ParseExpression();
  if (!Take(")")) inner = Unknown();
  return inner;
}

// `() =>`, `name =>`, `(a, b): T =>`.
bool TokenCursor::IsArrowAhead() const {
  TokenCursor ahead(tokens_, at_);
  if (AtWord()) return at_ + 1 < tokens_.size() && tokens_[at_ + 1].text == "=>";
  if (!At("(") || !ahead.SkipBalanced()) return false;
  if (ahead.Take(":")) ahead.SkipType();
  return ahead.At("=>");
}

Expression TokenCursor::ParseArrow() {
  Expression made = Make(ExpressionKind::kFunction, Line(), {});
  const bool plain = ParseParameters(&made.texts);
  if (Take(":")) SkipType();
  Take("=>");
  if (At("{")) {
    made.parts = ParseBody();
  } else {
    Expression value = ParseExpression();
    made.parts.push_back(Make(ExpressionKind::kReturn, value.line, {std::move(value)}));
  }
  return plain ? made : Unknown();
}

Expression TokenCursor::ParseFunctionRest() {
  Expression made = Make(ExpressionKind::kFunction, Line(), {});
  const bool plain = ParseParameters(&made.texts);
  if (Take(":")) SkipType();
  made.parts = ParseBody();
  return plain ? made : Unknown();
}

// `(a, b: string)` or `a`. False for patterns, defaults and the like; they are skipped.
bool TokenCursor::ParseParameters(std::vector<std::string>* names) {
  if (AtWord()) {
    names->push_back(TakeAny());
    return true;
  }
  TokenCursor inside(tokens_, at_);
  SkipBalanced();
  if (!inside.Take("(")) return false;
  while (!inside.Take(")")) {
    if (!inside.AtWord()) return false;
    names->push_back(inside.TakeAny());
    inside.Take("?");
    if (inside.Take(":")) inside.SkipType();
    if (!inside.Take(",") && !inside.At(")")) return false;
  }
  return true;
}

// `{ … }`. Statements that are not supported are unknown.
std::vector<Expression> TokenCursor::ParseBody() {
  TokenCursor inside(tokens_, at_);
  inside.depth_ = depth_ + 1;
  SkipBalanced();
  std::vector<Expression> statements;
  if (!inside.Take("{") || inside.depth_ >= kDeepestExpression) return {Unknown()};
  while (!inside.AtEnd() && !inside.Take("}")) {
    if (inside.Take(";")) continue;
    if (!inside.ParsePattern(&statements)) statements.push_back(inside.ParseStatement());
    if (statements.empty()) continue;
    if (statements.back().kind == ExpressionKind::kUnknown) return statements;
  }
  return statements;
}

// `const { A, B: b, C = "c" } = value` as one declaration for each name; false if none is there.
bool TokenCursor::ParsePattern(std::vector<Expression>* declarations) {
  if (!TakeWords({"const", "{"})) return false;
  std::vector<Expression> names;  // text: the name; texts: the key; parts: the default
  while (!AtEnd() && !Take("}")) {
    if (!AtWord()) break;
    Expression name = Make(ExpressionKind::kDeclare, Line(), {}, TakeAny());
    name.texts = {name.text};
    if (Take(":")) name.text = AtWord() ? TakeAny() : std::string();
    if (Take("=")) name.parts.push_back(ParseExpression());
    const bool continues = Take(",") || At("}");
    if (!continues || name.text.empty()) break;
    names.push_back(std::move(name));
  }
  const bool is_whole = at_ > 0 && tokens_[at_ - 1].text == "}";
  if (Take(":")) SkipType();
  if (!is_whole || !Take("=")) {
    declarations->push_back(Unknown());
    return true;
  }
  const Expression value = ParseExpression();
  for (Expression& name : names) {
    Expression member = Make(ExpressionKind::kMember, name.line, {value}, name.texts[0]);
    if (!name.parts.empty()) {
      member = Make(ExpressionKind::kBinary, name.line, {std::move(member), name.parts[0]},
                    std::string(kDefaultOperator));
    }
    declarations->push_back(
        Make(ExpressionKind::kDeclare, name.line, {std::move(member)}, name.text));
  }
  return true;
}

Expression TokenCursor::ParseStatement() {
  const int line = Line();
  if (Take("return")) {
    if (At(";") || At("}") || IsAtNextLine())
      return Make(ExpressionKind::kReturn, line,
                  {Make(ExpressionKind::kName, line, {}, "undefined")});
    Expression value = ParseExpression();
    if (!EndsStatement()) value = Unknown();
    return Make(ExpressionKind::kReturn, line, {std::move(value)});
  }
  if (Take("throw")) {
    ParseExpression();
    return Make(ExpressionKind::kThrow, line, {});
  }
  if (At("if")) return ParseIf();
  if (At("try")) return ParseTry();
  if (!At("const")) return ParseOtherStatement();
  if (!Take("const") || !AtWord()) return Unknown();
  std::string name = TakeAny();
  if (Take(":")) SkipType();
  if (!Take("=")) return Unknown();
  Expression value = ParseExpression();
  if (!EndsStatement()) return Unknown();
  return Make(ExpressionKind::kDeclare, line, {std::move(value)}, std::move(name));
}

// A call or `break`.
Expression TokenCursor::ParseOtherStatement() {
  const int line = Line();
  if (Take("break")) return Make(ExpressionKind::kBreak, line, {});
  Expression call = ParseExpression();
  if (call.kind != ExpressionKind::kCall) return Unknown();
  return Make(ExpressionKind::kEvaluate, line, {std::move(call)});
}

std::vector<Expression> TokenCursor::ParseBlock() {
  if (At("{")) return ParseBody();
  std::vector<Expression> statements;
  statements.push_back(ParseStatement());
  return statements;
}

// `if (condition) statement`, without else.
Expression TokenCursor::ParseIf() {
  const int line = Line();
  std::vector<Expression> parts;
  if (!TakeWords({"if", "("})) return Unknown();
  parts.push_back(ParseExpression());
  if (!Take(")")) return Unknown();
  const bool is_single = !At("{");
  for (Expression& statement : ParseBlock()) parts.push_back(std::move(statement));
  if (is_single) Take(";");
  if (At("else")) return Unknown();
  return Make(ExpressionKind::kIf, line, std::move(parts));
}

// `try { … } catch (error) { … }`, without finally.
Expression TokenCursor::ParseTry() {
  const int line = Line();
  if (!Take("try") || !At("{")) return Unknown();
  Expression tried = Make(ExpressionKind::kBlock, line, ParseBody());
  if (!Take("catch")) return Unknown();
  TokenCursor error(tokens_, at_);
  const bool has_error = error.Take("(");
  if (has_error) SkipBalanced();
  if (!At("{")) return Unknown();
  Expression caught = Make(ExpressionKind::kBlock, Line(), ParseBody());
  if (At("finally")) return Unknown();
  return Make(ExpressionKind::kTry, line, {std::move(tried), std::move(caught)},
              has_error && error.AtWord() ? error.TakeAny() : std::string());
}

Expression TokenCursor::ParseObject() {
  Expression object = Make(ExpressionKind::kObject, Line(), {});
  Take("{");
  while (!AtEnd() && !Take("}")) {
    const size_t start = at_;
    object.parts.push_back(ParseProperty());
    if (Take(",") || At("}")) continue;
    object.parts.push_back(Make(ExpressionKind::kSpread, Line(), {Unknown()}));
    if (at_ == start && !SkipBalanced()) ++at_;
  }
  return object;
}

Expression TokenCursor::ParseProperty() {
  const int line = Line();
  if (Take("...")) return Make(ExpressionKind::kSpread, line, {ParseExpression()});
  if (At("[") || (!AtText() && !AtWord())) {  // a computed key
    SkipBalanced();
    if (Take(":")) ParseExpression();
    return Make(ExpressionKind::kSpread, line, {Unknown()});
  }
  const bool word = AtWord();
  std::string key = TakeAny();
  if (Take(":")) return Make(ExpressionKind::kProperty, line, {ParseExpression()}, std::move(key));
  if (word && (At(",") || At("}"))) {
    Expression name = Make(ExpressionKind::kName, line, {}, key);
    return Make(ExpressionKind::kProperty, line, {std::move(name)}, std::move(key));
  }
  // A method or a getter: `key() {…}`, `async key() {…}`, `get key() {…}`.
  while (AtWord() || At("*")) key = TakeAny();
  SkipBalanced();
  if (Take(":")) SkipType();
  SkipBalanced();
  return Make(ExpressionKind::kProperty, line, {Unknown()}, std::move(key));
}

Expression TokenCursor::ParseArray() {
  Expression array = Make(ExpressionKind::kArray, Line(), {});
  Take("[");
  while (!AtEnd() && !Take("]")) {
    const size_t start = at_;
    const bool spread = Take("...");
    Expression item = ParseExpression();
    array.parts.push_back(spread ? Unknown() : std::move(item));
    if (Take(",") || At("]")) continue;
    array.parts.push_back(Unknown());
    if (at_ == start && !SkipBalanced()) ++at_;
  }
  return array;
}

Expression TokenCursor::ParseTemplate() {
  const Token& token = tokens_[at_];
  Expression made = Make(ExpressionKind::kTemplate, token.line, {});
  made.texts = token.texts;
  for (const std::vector<Token>& tokens : token.expressions) {
    TokenCursor inside(tokens, 0);
    Expression part = inside.ParseExpression();
    made.parts.push_back(inside.AtEnd() ? std::move(part) : Unknown());
  }
  ++at_;
  return made;
}

}  // namespace ballast::workspace
