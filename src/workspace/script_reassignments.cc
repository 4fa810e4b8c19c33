// SPDX-License-Identifier: Apache-2.0
#include "workspace/script_reassignments.h"

#include <algorithm>
#include <utility>

namespace ballast::workspace {
namespace {

constexpr size_t kMostParts = 2000;  // each `if` repeats the value before it

size_t CountParts(const Expression& e) {
  size_t count = 1;
  for (const Expression& part : e.parts) count += CountParts(part);
  return count;
}

Expression MakeCombined(ExpressionKind kind, std::string text, std::vector<Expression> parts) {
  const int line = parts.front().line;
  return {kind, std::move(text), std::move(parts), {}, line};
}

bool IsListed(std::string_view text, std::initializer_list<std::string_view> list) {
  return std::ranges::find(list, text) != list.end();
}

void AddUsedNames(const Expression& e, std::set<std::string>* names) {
  if (e.kind == ExpressionKind::kName) names->insert(e.text);
  for (const Expression& part : e.parts) AddUsedNames(part, names);
}

}  // namespace

bool BeginsStatement(const std::vector<Token>& tokens, size_t at) {
  if (at == 0 || TextAt(tokens, at - 1) == ";") return true;
  if (tokens[at - 1].line >= tokens[at].line) return false;
  // `a!`, which is not null
  if (at > 1 && TextAt(tokens, at - 1) == "!" && tokens[at - 2].line == tokens[at - 1].line) --at;
  const Token& before = tokens[at - 1];
  if (before.kind == TokenKind::kWord) return !IsListed(before.text, {"else", "do"});
  if (before.kind != TokenKind::kSign) return true;
  if (before.text != ")") return IsListed(before.text, {"}", "]"});
  const size_t begin = BeginOfBrackets(tokens, at - 1);
  return begin == 0 || !IsListed(TextAt(tokens, begin - 1), {"if", "while", "for", "with"});
}

bool Reassignments::Parse(TokenCursor* cursor) {
  const size_t begin = cursor->position();
  const bool may_assign = cursor->At("if") || (cursor->AtWord() && !variables_.empty());
  if (!may_assign || !BeginsStatement(tokens_, begin)) return false;
  TokenCursor ahead(tokens_, begin);
  std::vector<Statement> statements;
  found_.clear();
  if (!ReadStatement(&ahead, &statements) || found_.empty()) return false;
  while (cursor->position() < ahead.position()) cursor->Advance();
  signs_.insert(found_.begin(), found_.end());
  for (const size_t sign : found_) last_[tokens_[sign - 1].text] = ahead.position();
  ranges_.emplace_back(begin, ahead.position());
  Apply(statements);
  return true;
}

bool Reassignments::ReadStatement(TokenCursor* cursor, std::vector<Statement>* statements) {
  if (cursor->TakeWords({"if", "("})) {
    Statement statement{{}, {}, cursor->ParseExpression()};
    if (!cursor->Take(")") || !ReadBlock(cursor, &statement.then)) return false;
    if (cursor->Take("else") && !ReadBlock(cursor, &statement.otherwise)) return false;
    statements->push_back(std::move(statement));
    return true;
  }
  if (cursor->At("switch")) return ReadSwitch(cursor, statements);
  if (!cursor->AtWord()) return false;
  std::string name = cursor->TakeAny();
  const size_t sign = cursor->position();
  const bool assigns = IsListed(TextAt(tokens_, sign), {"=", "+=", "||=", "?\?="});
  if (!variables_.contains(name) || !assigns) return false;
  found_.push_back(sign);
  cursor->Advance();
  Expression value = cursor->ParseExpression();
  if (!cursor->EndsStatement()) return false;
  cursor->Take(";");
  statements->push_back({std::move(name), tokens_[sign].text, std::move(value)});
  return true;
}

bool Reassignments::ReadBlock(TokenCursor* cursor, std::vector<Statement>* statements) {
  if (!cursor->Take("{")) return ReadStatement(cursor, statements);
  while (!cursor->AtEnd() && !cursor->Take("}")) {
    if (!ReadStatement(cursor, statements)) return false;
  }
  return true;
}

bool Reassignments::ReadSwitch(TokenCursor* cursor, std::vector<Statement>* statements) {
  const size_t first_sign = found_.size();
  if (!cursor->TakeWords({"switch", "("})) return false;
  const Expression value = cursor->ParseExpression();
  if (!cursor->TakeWords({")", "{"})) return false;
  std::vector<Case> cases;
  while (!cursor->AtEnd() && !cursor->Take("}")) {
    const bool is_behind_default = !cases.empty() && cases.back().is_default;
    if (is_behind_default || !ReadCase(cursor, &cases.emplace_back())) return false;
  }
  std::vector<Statement> otherwise;
  for (auto one = cases.rbegin(); one != cases.rend(); ++one) {
    if (one->throws_in != 0) ResetInCase(first_sign, &*one);
    if (one->is_default) {
      otherwise = std::move(one->statements);
      continue;
    }
    Expression condition;
    for (Expression& label : one->values) {
      Expression same = MakeCombined(ExpressionKind::kBinary, "===", {value, std::move(label)});
      const bool is_first = condition.parts.empty();
      condition = is_first ? std::move(same)
                           : MakeCombined(ExpressionKind::kBinary, "||",
                                          {std::move(condition), std::move(same)});
    }
    Statement choice{{}, {}, std::move(condition), std::move(one->statements)};
    choice.otherwise = std::move(otherwise);
    otherwise = {std::move(choice)};
  }
  statements->insert(statements->end(), otherwise.begin(), otherwise.end());
  return true;
}

// False if the case continues with the next one, or if a statement is not understood.
bool Reassignments::ReadCase(TokenCursor* cursor, Case* one) {
  while (cursor->At("case") || cursor->At("default")) {
    if (cursor->Take("default")) {
      one->is_default = true;
    } else {
      cursor->Take("case");
      one->values.push_back(cursor->ParseExpression());
    }
    if (!cursor->Take(":")) return false;
  }
  if (!one->is_default && one->values.empty()) return false;
  bool ends = false;
  const bool in_braces = cursor->Take("{");
  while (!ends && !cursor->AtEnd() && !cursor->At("}") && !cursor->At("case") &&
         !cursor->At("default")) {
    const bool understood = ReadEndOfCase(cursor, one, &ends);
    if (!understood || (!ends && !ReadStatement(cursor, &one->statements))) return false;
  }
  if (in_braces && !cursor->Take("}")) return false;
  if (in_braces && !ends && !ReadEndOfCase(cursor, one, &ends)) return false;
  return ends || cursor->At("}");
}

// `break` or `throw …`; moves nothing if neither is there.
bool Reassignments::ReadEndOfCase(TokenCursor* cursor, Case* one, bool* ends) {
  const int line = tokens_[std::min(cursor->position(), tokens_.size() - 1)].line;
  const bool throws = cursor->Take("throw");
  if (!throws && !cursor->Take("break")) return true;
  if (throws) {
    cursor->ParseExpression();
    one->throws_in = line;
  }
  *ends = true;
  if (!cursor->EndsStatement()) return false;
  cursor->Take(";");
  return true;
}

void Reassignments::ResetInCase(size_t first_sign, Case* one) const {
  std::set<std::string> names;
  for (size_t i = first_sign; i < found_.size(); ++i) names.insert(tokens_[found_[i] - 1].text);
  for (const std::string& name : names) {
    one->statements.push_back({name, "=", {ExpressionKind::kUnknown, {}, {}, {}, one->throws_in}});
  }
}

void Reassignments::Apply(const std::vector<Statement>& statements) {
  for (const Statement& statement : statements) {
    if (statement.name.empty()) {
      ApplyCondition(statement);
      continue;
    }
    Expression value = Present(statement.value);
    Expression& variable = script_.constants[statement.name];
    if (statement.sign != "=") {
      const std::string sign = statement.sign.substr(0, statement.sign.size() - 1);
      value = MakeCombined(ExpressionKind::kBinary, sign, {variable, std::move(value)});
    }
    if (CountParts(value) > kMostParts) value = {};
    variable = std::move(value);
  }
}

void Reassignments::ApplyCondition(const Statement& statement) {
  const Expression condition = Present(statement.value);
  const auto before = script_.constants;
  Apply(statement.then);
  auto then = std::move(script_.constants);
  script_.constants = before;
  Apply(statement.otherwise);
  for (const std::string& name : variables_) {
    if (!last_.contains(name)) continue;
    Expression& value = script_.constants[name];
    value =
        MakeCombined(ExpressionKind::kConditional, {}, {condition, then[name], std::move(value)});
    if (CountParts(value) > kMostParts) value = {};
  }
}

Expression Reassignments::Present(Expression e) {
  if (e.kind == ExpressionKind::kFunction) {
    std::set<std::string> names;
    AddUsedNames(e, &names);
    const bool uses = std::ranges::any_of(
        names, [&](const std::string& name) { return variables_.contains(name); });
    return uses ? Expression() : e;
  }
  if (e.kind == ExpressionKind::kName && variables_.contains(e.text)) {
    return script_.constants[e.text];
  }
  for (Expression& part : e.parts) {
    Expression present = Present(std::move(part));
    part = std::move(present);
  }
  return e;
}

bool Reassignments::IsInFunction(size_t at) const {
  return std::ranges::any_of(script_.functions, [&](const auto& function) {
    return at >= function.second.begin && at < function.second.end;
  });
}

// `tokens`: of the script, or of a template in it (then `last` is 0: at an unknown position).
bool Reassignments::IsReadBefore(const std::vector<Token>& tokens, const std::string& name,
                                 size_t last) const {
  const bool inside = &tokens != &tokens_;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const bool early = inside || i < last || IsInFunction(i);
    const bool followed = !inside && std::ranges::any_of(ranges_, [&](const auto& range) {
      return i >= range.first && i < range.second;
    });
    if (!early || followed) continue;
    const bool declares = i > 0 && IsDeclarationWord(TextAt(tokens, i - 1));
    const bool is_read = tokens[i].kind == TokenKind::kWord && tokens[i].text == name &&
                         !(i > 0 && TextAt(tokens, i - 1) == ".") && !declares;
    if (is_read) return true;
    for (const std::vector<Token>& nested : tokens[i].expressions) {
      if (IsReadBefore(nested, name, 0)) return true;
    }
  }
  return false;
}

void Reassignments::Finish() {
  for (const auto& [name, last] : last_) {
    if (IsReadBefore(tokens_, name, last)) script_.assigned.insert(name);
    script_.declared[name] = last;
  }
}

}  // namespace ballast::workspace
