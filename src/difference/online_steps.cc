// SPDX-License-Identifier: Apache-2.0
#include "difference/online_steps.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "difference/statement_kind.h"
#include "difference/statement_target.h"
#include "sql/lexer.h"
#include "sql/quote.h"

namespace ballast::difference {
namespace {

bool IsOneOf(std::string_view kind, std::initializer_list<std::string_view> kinds) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

// What a statement about one table cannot depend on: other relations, and their parts.
bool IsOfARelation(const Statement& statement) {
  const std::string& kind = statement.target.kind;
  if (IsOneOf(kind, {"column", "constraint", "index", "policy", "rule", "statistics", "trigger",
                     "default privileges"}))
    return true;
  return IsOneOf(kind, {"table", "view"}) && statement.purpose == StatementPurpose::kObject;
}

// Whether the SQL contains the name, quoted or not, outside of strings and comments.
bool ContainsName(const std::string& text, const std::string& name) {
  const std::vector<sql::Token> tokens = sql::Tokenize(text);
  return std::ranges::any_of(tokens, [&](const sql::Token& token) {
    const std::string_view word = std::string_view(text).substr(token.offset, token.length);
    const bool is_name =
        token.kind == sql::TokenKind::kWord || token.kind == sql::TokenKind::kQuotedName;
    return is_name && sql::NameContent(word) == name;
  });
}

bool IsComment(const Statement& statement) {
  return statement.purpose == StatementPurpose::kSetting &&
         KindOf(statement) == sql::StatementKind::kComment;
}

// What concerns a table, but no index or constraint of it. The owner of a table needs privileges on
// another one for a foreign key.
bool IsAboutNoRows(const Statement& statement, const Statement& other) {
  if (IsOneOf(other.target.kind, {"policy", "rule", "statistics", "trigger"})) return true;
  const bool about_relation = IsOneOf(other.target.kind, {"table", "column"});
  return other.purpose == StatementPurpose::kSetting && about_relation &&
         statement.references.empty();
}

// Whether the other statement, which concerns a table of this one, changes nothing that this one
// reads: it needs only the columns that it names. A check can also read whole rows.
bool LeavesIntact(const Statement& statement, const Statement& other) {
  const catalog::ObjectRef& part = other.target;
  const bool reads_columns =
      statement.target.kind == "index" || !statement.references.empty() || statement.makes_a_key;
  if (!reads_columns || other.rewrites || part.parent.empty()) return false;
  if (other.purpose == StatementPurpose::kColumnDefault) return true;
  if (other.purpose != StatementPurpose::kObject) return false;
  if (part.kind == "constraint") return part.name.name != statement.target.name.name;
  return part.kind == "column" && !ContainsName(statement.text, part.name.name);
}

// Whether the other statement makes what this foreign key references.
bool MakesAKeyOf(const Statement& statement, const Statement& other) {
  if (!other.makes_a_key || !Concerns(other, statement.references)) return false;
  return other.target.kind != "column" || ContainsName(statement.text, other.target.name.name);
}

// Whether the statement makes or can need the whole object that the other one concerns.
bool Uses(const Statement& statement, const Statement& other) {
  const catalog::ObjectRef& target = other.target;
  if (!target.kind.empty() && target == statement.target) return true;
  // A key has an index of its name.
  const bool can_be_a_key = target.kind == "index" || target.kind == "constraint";
  if (can_be_a_key && target.name == statement.target.name) return true;
  return target.parent.empty() && !target.name.name.empty() &&
         NamesRelation(statement.text, QuotedName(target.name));
}

}  // namespace

std::vector<Statement> OnlineSteps(const Statement& statement) {
  std::vector<Statement> steps;
  for (const OnlineStep& step : statement.online) {
    Statement& one = steps.emplace_back(statement);
    one.text = step.text;
    one.kind = step.kind;
    one.lock = step.lock;
  }
  return steps;
}

void DropFirst(const std::string& index, Statement& create) {
  create.text.insert(0, "DROP INDEX " + index + ";\n");
  if (create.online.empty()) return;
  create.online.insert(create.online.begin(),
                       {"DROP INDEX CONCURRENTLY " + index + ";\n", ActionKind::kDrop});
}

bool ReplacesAKey(const Statement& statement, const std::vector<Statement>& all) {
  if (!statement.makes_a_key || statement.target.kind != "constraint") return false;
  return std::ranges::any_of(all, [&](const Statement& other) {
    return other.kind == ActionKind::kDrop && other.target.kind == "constraint" &&
           Concerns(other, statement.table);
  });
}

bool IsIndependent(const Statement& statement, const std::vector<Statement>& all) {
  return std::all_of(all.begin(), all.end(), [&](const Statement& other) {
    const bool itself = other.text == statement.text;
    if (!itself && MakesAKeyOf(statement, other)) return false;
    if (itself || !other.online.empty() || IsComment(other)) return true;
    if (IsAboutNoRows(statement, other)) return true;
    const bool shares_a_table =
        Concerns(other, statement.table) || Concerns(other, statement.references);
    if (shares_a_table && !LeavesIntact(statement, other)) return false;
    // A type or a function, which an expression may use.
    const bool may_use = !statement.stands_alone && !IsOfARelation(other);
    if (may_use && other.kind != ActionKind::kDrop) return false;
    return !Uses(statement, other);
  });
}

}  // namespace ballast::difference
