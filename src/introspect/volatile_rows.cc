// SPDX-License-Identifier: Apache-2.0
#include "introspect/volatile_rows.h"

#include <fmt/format.h>

#include "base/text.h"
#include "introspect/rows_reader.h"
#include "postgres/session.h"
#include "sql/lexer.h"
#include "sql/quote.h"

namespace ballast::introspect {
namespace {

using Digests = std::map<std::string, release::TableRows>;

Result<Digests> DigestsOf(postgres::Session& session) {
  TRY_ASSIGN(const std::vector<release::TableRows> rows, ReadRowDigests(session));
  Digests digests;
  for (const release::TableRows& table : rows) digests[table.table] = table;
  return digests;
}

// A table as in digests, and with its schema, because pg_catalog can have the same bare name.
struct NamedTable {
  std::string name;
  std::string relation;
};

// Column → a digest of its values, independent of their order.
Result<std::map<std::string, std::string>> ColumnDigests(postgres::Session& session,
                                                         const NamedTable& table) {
  std::map<std::string, std::string> digests;
  TRY_ASSIGN(const std::vector<postgres::Rows> names,
             session.Query(fmt::format(
                 "SELECT attname, pg_catalog.quote_ident(attname) FROM pg_attribute WHERE "
                 "attrelid = {}::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
                 sql::QuoteLiteral(table.relation))));
  std::vector<std::string> values;
  for (const auto& row : names.back().rows) {
    values.push_back(fmt::format(
        "encode(sha256(convert_to(coalesce(string_agg(coalesce({0}::text, '\\x01'), '\\x02' ORDER "
        "BY {0}::text COLLATE \"C\"), ''), 'UTF8')), 'hex')",
        *row[1]));
  }
  if (values.empty()) return digests;
  TRY_ASSIGN(const std::vector<postgres::Rows> answer,
             session.Query("SELECT " + Join(values, ", ") + " FROM ONLY " + table.relation));
  for (size_t at = 0; at < names.back().rows.size(); ++at) {
    digests[*names.back().rows[at][0]] = answer.back().rows[0][at].value_or("");
  }
  return digests;
}

// The column's values that have the form of a UUID.
Result<std::set<std::string>> UuidsOf(postgres::Session& session, const NamedTable& table,
                                      const std::string& column) {
  TRY_ASSIGN(const std::vector<postgres::Rows> answer,
             session.Query(fmt::format(
                 "SELECT {0}::text FROM ONLY {1} WHERE {0}::text ~ "
                 "'^[0-9a-f]{{8}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{12}}$'",
                 sql::QuoteIdentifier(column), table.relation)));
  std::set<std::string> values;
  for (const auto& row : answer.back().rows) values.insert(row[0].value_or(""));
  return values;
}

// Columns in the order in which FindMoved takes them: those of the primary key first.
Result<std::vector<std::string>> ColumnsKeyFirst(postgres::Session& session,
                                                 const NamedTable& table) {
  TRY_ASSIGN(const std::vector<postgres::Rows> names,
             session.Query(fmt::format(
                 "SELECT a.attname FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = "
                 "a.attrelid AND i.indisprimary WHERE a.attrelid = {}::regclass AND a.attnum > 0 "
                 "AND NOT a.attisdropped ORDER BY a.attnum = ANY (i.indkey) IS NOT TRUE, a.attnum",
                 sql::QuoteLiteral(table.relation))));
  std::vector<std::string> columns;
  for (const auto& row : names.back().rows) columns.push_back(*row[0]);
  return columns;
}

// A digest of these columns of the rows, independent of the order of rows.
Result<std::string> DigestOf(postgres::Session& session, const NamedTable& table,
                             const std::vector<std::string>& columns) {
  std::vector<std::string> quoted;
  quoted.reserve(columns.size());
  for (const std::string& column : columns) quoted.push_back(sql::QuoteIdentifier(column));
  TRY_ASSIGN(
      const postgres::Value digest,
      session.QueryValue(fmt::format(
          "SELECT encode(sha256(convert_to(coalesce(string_agg(r, '\\x02' ORDER BY r COLLATE "
          "\"C\"), ''), 'UTF8')), 'hex') FROM (SELECT ROW({})::text AS r FROM ONLY {}) t",
          Join(quoted, ", "), table.relation)));
  return digest.value_or("");
}

// Columns that have the same values in different rows (row_number() OVER (ORDER BY
// random())): those that do not fit the rows of the columns before them.
Status FindMoved(postgres::Session& first, postgres::Session& second, const NamedTable& table,
                 VolatileRows& found) {
  std::vector<std::string> same;
  TRY_ASSIGN(const std::vector<std::string> columns, ColumnsKeyFirst(first, table));
  for (const std::string& column : columns) {
    std::set<std::string>& differing = found.columns[table.name];
    if (differing.contains(column)) continue;
    same.push_back(column);
    TRY_ASSIGN(const std::string here, DigestOf(first, table, same));
    TRY_ASSIGN(const std::string there, DigestOf(second, table, same));
    if (here == there) continue;
    differing.insert(column);
    same.pop_back();
  }
  return {};
}

Status FindGenerated(postgres::Session& first, postgres::Session& second, const NamedTable& table,
                     VolatileRows& found) {
  for (const std::string& column : found.ColumnsOf(table.name)) {
    TRY_ASSIGN(const std::set<std::string> here, UuidsOf(first, table, column));
    TRY_ASSIGN(const std::set<std::string> there, UuidsOf(second, table, column));
    for (const std::string& value : here) {
      if (!there.contains(value)) found.generated_ids.insert(value);
    }
  }
  return {};
}

Status Compare(postgres::Session& first, postgres::Session& second, const NamedTable& table,
               VolatileRows& found) {
  TRY_ASSIGN(const auto a, ColumnDigests(first, table));
  TRY_ASSIGN(const auto b, ColumnDigests(second, table));
  for (const auto& [column, digest] : a) {
    const auto other = b.find(column);
    if (other == b.end() || other->second != digest) found.columns[table.name].insert(column);
  }
  TRY(FindMoved(first, second, table, found));
  return FindGenerated(first, second, table, found);
}

// Columns with times of the replay itself; constants in migrations are older.
Status FindClocked(postgres::Session& session, const NamedTable& table, VolatileRows& found) {
  TRY_ASSIGN(
      const std::vector<postgres::Rows> columns,
      session.Query(fmt::format(
          "SELECT attname, pg_catalog.quote_ident(attname), pg_catalog.format_type(atttypid, "
          "atttypmod), atttypid = 'timestamptz'::regtype FROM pg_attribute WHERE attrelid = "
          "{}::regclass AND attnum > 0 AND NOT attisdropped AND atttypid IN "
          "('timestamp'::regtype, 'timestamptz'::regtype)",
          sql::QuoteLiteral(table.relation))));
  std::vector<std::string> tests;
  for (const auto& row : columns.back().rows) {
    tests.push_back(fmt::format("bool_or({})", IsBetween(*row[1], *row[2], postgres::IsTrue(row[3]),
                                                         found.from, found.to)));
  }
  if (tests.empty()) return {};
  TRY_ASSIGN(const std::vector<postgres::Rows> answer,
             session.Query("SELECT " + Join(tests, ", ") + " FROM ONLY " + table.relation));
  for (size_t at = 0; at < tests.size(); ++at) {
    if (postgres::IsTrue(answer.back().rows[0][at]))
      found.columns[table.name].insert(*columns.back().rows[at][0]);
  }
  return {};
}

}  // namespace

std::string IsBetween(const std::string& value, const std::string& type, bool with_time_zone,
                      const std::string& from, const std::string& to) {
  const auto bound = [&](const std::string& moment) {
    const std::string literal = sql::QuoteLiteral(moment) + "::timestamptz";
    if (with_time_zone) return literal + "::" + type;
    return "(" + literal +
           " AT TIME ZONE (SELECT reset_val FROM pg_settings WHERE name = 'TimeZone'))::" + type;
  };
  return fmt::format("{} BETWEEN {} AND {}", value, bound(from), bound(to));
}

std::vector<std::string> VolatileRows::ColumnsOf(const std::string& table) const {
  const auto found = columns.find(table);
  if (found == columns.end()) return {};
  return {found->second.begin(), found->second.end()};
}

std::vector<std::string> VolatileRows::Describe() const {
  std::vector<std::string> lines;
  for (const auto& [table, names] : columns) {
    lines.push_back(table + ": " + Join({names.begin(), names.end()}, ", "));
  }
  for (const std::string& table : counts) lines.push_back(table + ": the number of rows");
  return lines;
}

Result<VolatileRows> FindVolatileRows(postgres::Session& first, postgres::Session& second,
                                      const std::string& from, const std::string& to) {
  TRY_ASSIGN(const Digests a, DigestsOf(first));
  TRY_ASSIGN(const Digests b, DigestsOf(second));
  VolatileRows found;
  found.from = from;
  found.to = to;
  TRY_ASSIGN(const postgres::Value schema,
             first.QueryValue("SELECT pg_catalog.quote_ident(current_schema()::text)"));
  for (const auto& [name, rows] : a) {
    const auto other = b.find(name);
    if (other == b.end() || other->second.count != rows.count) {
      found.counts.insert(name);
      continue;
    }
    const bool bare = sql::Tokenize(name).size() == 1;
    const NamedTable table{name, bare ? schema.value_or("") + "." + name : name};
    if (other->second.digest != rows.digest) TRY(Compare(first, second, table, found));
    TRY(FindClocked(first, table, found));
  }
  for (const auto& [table, rows] : b) {
    if (!a.contains(table)) found.counts.insert(table);
  }
  return found;
}

Result<std::string> ServerTime(postgres::Session& session) {
  TRY_ASSIGN(const postgres::Value time, session.QueryValue("SELECT clock_timestamp()::text"));
  return time.value_or("");
}

}  // namespace ballast::introspect
