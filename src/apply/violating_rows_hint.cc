// SPDX-License-Identifier: Apache-2.0
#include "apply/violating_rows_hint.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "apply/deploy_failure.h"
#include "base/sqlstate.h"
#include "base/text.h"
#include "sql/duplicate_rows.h"
#include "sql/lexer.h"
#include "sql/quote.h"
#include "sql/split.h"

namespace ballast::apply {
namespace {

// In "Key (a, b)=(1, 2) is duplicated." the columns or expressions, which the server quotes; in
// "Key (a, b)=(1, 2) is not present in table …" the names, which it does not.
std::string KeyIn(const std::string& detail) {
  constexpr std::string_view kKey = "Key (";
  const size_t end = detail.find(")=(");
  if (!detail.starts_with(kKey) || end == std::string::npos) return {};
  return detail.substr(kKey.size(), end - kKey.size());
}

std::vector<std::string> PartsOf(const std::string& list) {
  const std::vector<sql::Token> tokens = sql::Tokenize(list);
  std::vector<std::string> parts;
  for (const sql::TokenReader& part : sql::TokenReader(list, tokens).SplitAtCommas()) {
    parts.emplace_back(part.Source());
  }
  return parts;
}

bool Names(const sql::TokenReader& tokens, const std::string& name) {
  for (sql::TokenReader at = tokens; !at.AtEnd(); at.Skip()) {
    const bool is_name =
        at.Kind() == sql::TokenKind::kWord || at.Kind() == sql::TokenKind::kQuotedName;
    if (is_name && sql::NameContent(at.Text()) == name) return true;
  }
  return false;
}

// The definition of the constraint or index: the part of an ALTER TABLE, or the whole statement.
std::string DefinitionOf(const std::string& constraint, std::string_view script) {
  for (const sql::StatementText& statement : sql::SplitScript(script)) {
    const std::vector<sql::Token> tokens = sql::Tokenize(statement.text);
    const sql::TokenReader whole(statement.text, tokens);
    if (constraint.empty() || !Names(whole, constraint)) continue;
    if (whole.Is("create")) return std::string(statement.text);
    if (!whole.Is("alter")) continue;
    for (const sql::TokenReader& part : whole.SplitAtCommas()) {
      if (Names(part, constraint) && part.Has("add")) return std::string(part.Source());
    }
  }
  return {};
}

// What comes in parentheses behind the word; empty if nothing does.
std::string BehindWord(const std::string& definition, std::string_view word) {
  const std::vector<sql::Token> tokens = sql::Tokenize(definition);
  sql::TokenReader reader(definition, tokens);
  reader.SkipTo(word);
  if (!reader.Take(word)) return {};
  return std::string(reader.TakeParentheses().Source());
}

// `definition`: of the index or key.
std::string Duplicates(const std::string& table, const std::string& keys,
                       const std::string& definition) {
  const std::vector<sql::Token> tokens = sql::Tokenize(definition);
  sql::TokenReader reader(definition, tokens);
  const bool nulls_are_equal = reader.Has("not", "distinct");
  reader.SkipTo("where");
  const std::string predicate(reader.Take("where") ? reader.Source() : "");
  return sql::DuplicateRows(table, PartsOf(keys), nulls_are_equal, predicate);
}

// `columns`: raw names. The referenced columns must be written in the definition.
std::string Orphans(const std::string& table, const std::string& columns,
                    const std::string& definition) {
  const std::vector<sql::Token> tokens = sql::Tokenize(definition);
  sql::TokenReader reader(definition, tokens);
  reader.SkipTo("references");
  if (!reader.Take("references")) return {};
  const sql::ObjectName parent = reader.TakeName();
  const std::string list(reader.TakeParentheses().Source());
  const std::vector<std::string> referenced = PartsOf(list);
  std::vector<std::string> own;
  for (const std::string& name : Split(columns, ',')) {
    own.push_back(sql::QuoteIdentifier(own.empty() ? name : name.substr(1)));
  }
  if (list.empty() || own.size() != referenced.size()) return {};
  std::vector<std::string> present, equal;
  for (size_t at = 0; at < own.size(); ++at) {
    present.push_back("child." + own[at] + " IS NOT NULL");
    equal.push_back("parent." + referenced[at] + " = child." + own[at]);
  }
  return fmt::format(
      "SELECT * FROM {} AS child WHERE {} AND NOT EXISTS (SELECT FROM {} AS parent WHERE {})",
      table, Join(present, " AND "), sql::QualifiedName(parent.schema, parent.name),
      Join(equal, " AND "));
}

std::string_view OneLine(std::string& text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

}  // namespace

std::string QueryOfViolatingRows(const Error& error, std::string_view script) {
  if (error.Detail("table").empty()) return {};
  const std::string table = sql::QualifiedName(error.Detail("schema"), error.Detail("table"));
  const std::string state = error.Detail("sqlstate");
  if (state == sqlstate::kNotNullViolation && !error.Detail("column").empty()) {
    return fmt::format("SELECT * FROM {} WHERE {} IS NULL", table,
                       sql::QuoteIdentifier(error.Detail("column")));
  }
  const std::string definition = DefinitionOf(error.Detail("constraint"), script);
  const std::string keys = KeyIn(error.Detail("detail"));
  if (state == sqlstate::kUniqueViolation && !keys.empty()) {
    return Duplicates(table, keys, definition);
  }
  if (state == sqlstate::kForeignKeyViolation && !keys.empty())
    return Orphans(table, keys, definition);
  if (state != sqlstate::kCheckViolation) return {};
  const std::string condition = BehindWord(definition, "check");
  return condition.empty() ? "" : fmt::format("SELECT * FROM {} WHERE NOT ({})", table, condition);
}

void AddViolatingRowsHint(postgres::Session& session, std::string_view script, Error& error) {
  const bool asks = error.code == ErrorCode::kMigrationFailed && error.hint == kCorrectRows;
  if (!asks) return;
  std::string query = QueryOfViolatingRows(error, script);
  if (query.empty()) return;
  const auto any = session.Query(fmt::format("SELECT EXISTS ({})", query));
  if (!any || !postgres::IsTrue(any->back().rows.at(0).at(0))) return;
  error.hint = fmt::format(
      "correct the rows that conflict, or the script, then deploy again; to list the rows: {}",
      OneLine(query));
}

}  // namespace ballast::apply
