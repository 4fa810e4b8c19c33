// SPDX-License-Identifier: Apache-2.0
#include "fleet/member_query.h"

#include <fmt/format.h>

#include "base/sqlstate.h"
#include "base/text.h"

namespace ballast::fleet {
namespace {

// "{a,\"b c\"}" or "a, b".
std::vector<std::string> GroupsOf(std::string_view text) {
  text = Trim(text);
  if (text.starts_with('{') && text.ends_with('}')) text = text.substr(1, text.size() - 2);
  std::vector<std::string> groups;
  std::string group;
  bool quoted = false;
  const auto close = [&] {
    const std::string_view trimmed = Trim(group);
    if (!trimmed.empty()) groups.emplace_back(trimmed);
    group.clear();
  };
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      quoted = !quoted;
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

}  // namespace

Result<std::vector<Member>> MembersOf(const postgres::Rows& rows) {
  std::vector<Member> members;
  members.reserve(rows.rows.size());
  for (size_t r = 0; r < rows.rows.size(); ++r) {
    Member member;
    for (size_t c = 0; c < rows.columns.size(); ++c) {
      if (rows.rows[r][c]) Take(rows.columns[c], *rows.rows[r][c], member);
    }
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

Result<std::vector<Member>> QueryMembers(const std::string& query, const postgres::Target& control,
                                         const postgres::ConnectOptions& connect,
                                         Progress& progress) {
  TRY_ASSIGN(postgres::Session session, postgres::ConnectWithRetry(control, connect, progress));
  TRY(session.Query("BEGIN READ ONLY"));
  Result<postgres::Rows> rows = session.QueryOne(query);
  if (!rows) {
    Error error = std::move(rows).error();
    if (error.Detail("sqlstate") == sqlstate::kSyntaxError && error.hint.empty()) {
      error.hint = "the targets query must be one statement";
    }
    return error;
  }
  return MembersOf(*rows);
}

}  // namespace ballast::fleet
