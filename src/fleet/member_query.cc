// SPDX-License-Identifier: Apache-2.0
#include "fleet/member_query.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "base/sqlstate.h"
#include "base/text.h"

namespace ballast::fleet {
namespace {

// "{a,\"b c\"}" or "a, b".
std::vector<std::string> GroupsOf(std::string_view text) {
  text = Trim(text);
  const bool is_array = text.starts_with('{') && text.ends_with('}');
  if (is_array) text = text.substr(1, text.size() - 2);
  std::vector<std::string> groups;
  std::string group;
  bool quoted = false;
  bool has_quotes = false;  // this group
  const auto close = [&] {
    const std::string_view trimmed = Trim(group);
    const bool is_null = is_array && !has_quotes && trimmed == "NULL";
    if (!trimmed.empty() && !is_null) groups.emplace_back(trimmed);
    group.clear();
    has_quotes = false;
  };
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      quoted = !quoted;
      has_quotes = true;
    } else if (text[i] == '\\' && quoted && i + 1 < text.size()) {
      group += text[++i];
    } else if (text[i] == ',' && !quoted) {
      close();
    } else {
      group += text[i];
    }
  }
  close();
  return groups;
}

void Take(const std::string& column, const std::string& value, Member& member) {
  if (column == "name") {
    member.name = value;
  } else if (column == "url") {
    member.url = value;
  } else if (column == "database") {
    member.database = value;
  } else if (column == "schema") {
    member.schema = value;
  } else if (column == "groups") {
    member.groups = GroupsOf(value);
  } else {
    member.labels[column] = value;
  }
}

std::string NameFrom(const Member& member) {
  if (member.database.empty()) return member.schema;
  if (member.schema.empty()) return member.database;
  return member.database + "." + member.schema;
}

// One of them would be ignored.
Status CheckColumns(const std::vector<std::string>& columns) {
  std::set<std::string_view> known;
  for (const std::string& column : columns) {
    if (known.insert(column).second) continue;
    return MakeError(
        ErrorCode::kConfigInvalid,
        fmt::format("the targets query returns two columns with the name \"{}\"", column),
        "select only one of them, or give one another name with AS");
  }
  return {};
}

}  // namespace

Result<std::vector<Member>> MembersOf(const postgres::Rows& rows) {
  TRY(CheckColumns(rows.columns));
  const bool has_databases = std::ranges::find(rows.columns, "database") != rows.columns.end();
  std::vector<Member> members;
  members.reserve(rows.rows.size());
  for (size_t r = 0; r < rows.rows.size(); ++r) {
    Member member;
    for (size_t c = 0; c < rows.columns.size(); ++c) {
      if (rows.rows[r][c]) Take(rows.columns[c], *rows.rows[r][c], member);
    }
    member.lacks_database = has_databases && member.database.empty();
    if (member.name.empty()) member.name = NameFrom(member);
    if (member.name.empty()) {
      return MakeError(ErrorCode::kConfigInvalid,
                       fmt::format("row {} of the targets query names no target", r + 1),
                       "select a column name, database or schema");
    }
    members.push_back(std::move(member));
  }
  return members;
}

namespace {

// Whether the query itself is at fault, by the class of the SQLSTATE (PostgreSQL manual, appendix
// A): unsupported, cardinality, data, transaction state, syntax or access rule, PL/pgSQL.
bool IsOfQuery(std::string_view sqlstate) {
  constexpr std::string_view kClasses[] = {"0A", "21", "22", "25", "42", "P0"};
  return std::ranges::any_of(kClasses,
                             [&](std::string_view start) { return sqlstate.starts_with(start); });
}

// ", at line 2, character 8"
std::string PlaceIn(const std::string& query, std::string_view position) {
  int character = 0;
  std::from_chars(position.data(), position.data() + position.size(), character);
  if (character <= 0) return {};
  const size_t offset = ByteOffset(query, character);
  const size_t line_start = offset == 0 ? 0 : query.rfind('\n', offset - 1) + 1;
  const std::string_view line = std::string_view(query).substr(line_start, offset - line_start);
  size_t before = 0;  // characters of the line
  for (size_t at = 0; at < line.size(); at = NextCharacter(line, at)) ++before;
  return fmt::format(", at line {}, character {}", LineAt(query, offset), before + 1);
}

Error FailedQuery(const std::string& query, const ControlDatabase& control, Error error) {
  const std::string sqlstate(error.Detail("sqlstate"));
  if (sqlstate.empty() || error.code == ErrorCode::kConnectionLost) return error;
  error.message = fmt::format("the query of --targets-query failed in {}: {} (SQLSTATE {}){}",
                              control.name, error.Detail("server_message"), sqlstate,
                              PlaceIn(query, error.Detail("position")));
  if (error.code == ErrorCode::kPrivilege || !IsOfQuery(sqlstate)) return error;
  error.code = ErrorCode::kUsageError;
  if (sqlstate == sqlstate::kReadOnlySqlTransaction) {
    error.hint = "the targets query may only read";
  } else if (error.hint.empty()) {
    error.hint = "the targets query must be one statement";
    if (sqlstate != sqlstate::kSyntaxError) error.hint = "correct the query";
  }
  if (control.is_default) {
    error.hint += "; --control-url names another database than the project's";
  }
  return error;
}

}  // namespace

Result<std::vector<Member>> QueryMembers(const std::string& query, const ControlDatabase& control,
                                         const postgres::ConnectOptions& connect,
                                         Progress& progress) {
  progress.Stage("listing the targets in " + control.name, 0);
  TRY_ASSIGN(postgres::Session session,
             postgres::ConnectWithRetry(control.target, connect, progress));
  TRY(session.Query("BEGIN READ ONLY"));
  Result<postgres::Rows> rows = session.QueryOne(query);
  if (!rows) return FailedQuery(query, control, std::move(rows).error());
  return MembersOf(*rows);
}

}  // namespace ballast::fleet
