// SPDX-License-Identifier: Apache-2.0
#include "proof/column_digests.h"

#include <fmt/format.h>

#include <cstdlib>
#include <tuple>

#include "base/text.h"
#include "plan/user_tables.h"
#include "sql/quote.h"

namespace ballast::proof {
namespace {

constexpr char kPhysicalColumns[] = R"(
SELECT a.attrelid::bigint::text, a.attnum::text, n.nspname, c.relname, a.attname,
  a.atttypid::bigint || ' ' || a.atttypmod,
  (t.typcategory IN ('N', 'A', 'C', 'R'))::integer::text
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
  AND @user_table)";

std::string TableOf(const PhysicalColumn& column) {
  return sql::QualifiedName(column.schema, column.table);
}

// The text of a value. 1.5 and 1.50 are the same number, and a conversion to numeric(10,2) makes
// one the other.
std::string TextOfValue(const PhysicalColumn& column) {
  const std::string text = sql::QuoteIdentifier(column.column) + "::text";
  if (!column.has_numbers) return text;
  return "pg_catalog.regexp_replace(" + text +
         R"(, '(\.[0-9]*[1-9])0+(?![0-9])|\.0+(?![0-9])', '\1', 'g'))";
}

// One query for each table: for each column its name, the number of rows, and the digest.
std::string DigestQuery(const std::string& table, const std::vector<PhysicalColumn>& columns) {
  std::vector<std::string> names, sums;
  for (const PhysicalColumn& column : columns) {
    names.push_back(sql::QuoteLiteral(table + "." + sql::QuoteIdentifier(column.column)));
    sums.push_back(fmt::format(
        "sum(pg_catalog.hashtextextended(coalesce({}, '~') COLLATE \"C\", 0)::numeric)::text",
        TextOfValue(column)));
  }
  return fmt::format(
      "SELECT u.name, s.rows, coalesce(u.digest, '') FROM (SELECT count(*)::text AS rows, "
      "ARRAY[{}] AS digests FROM ONLY {}) AS s CROSS JOIN LATERAL unnest(ARRAY[{}], s.digests) AS "
      "u(name, digest)",
      Join(sums, ", "), table, Join(names, ", "));
}

}  // namespace

Result<PhysicalColumns> ReadColumns(postgres::Session& session) {
  TRY_ASSIGN(const auto answers,
             session.Query(ReplaceAll(kPhysicalColumns, "@user_table", plan::kIsUserTable)));
  PhysicalColumns columns;
  for (const auto& row : answers.back().rows) {
    const auto text = [&](size_t at) { return row[at].value_or(""); };
    columns[{std::atoll(text(0).c_str()), std::atoi(text(1).c_str())}] = {text(2), text(3), text(4),
                                                                          text(5), text(6) == "1"};
  }
  return columns;
}

std::vector<PhysicalColumn> RedefinedColumns(const PhysicalColumns& before,
                                             const PhysicalColumns& after) {
  std::vector<PhysicalColumn> redefined;
  for (const auto& [place, was] : before) {
    const auto now = after.find(place);
    if (now == after.end()) continue;
    const auto name_and_type = [](const PhysicalColumn& one) {
      return std::tie(one.schema, one.table, one.column, one.type);
    };
    if (name_and_type(was) != name_and_type(now->second)) redefined.push_back(was);
  }
  return redefined;
}

Result<ColumnDigests> DigestsOf(const std::vector<PhysicalColumn>& columns,
                                postgres::Session& session) {
  std::map<std::string, std::vector<PhysicalColumn>> tables;
  for (const PhysicalColumn& column : columns) tables[TableOf(column)].push_back(column);
  std::vector<std::string> queries;
  for (const auto& [table, own] : tables) queries.push_back(DigestQuery(table, own));
  ColumnDigests digests;
  if (queries.empty()) return digests;
  TRY_ASSIGN(const auto answers, session.Query(Join(queries, "\nUNION ALL\n")));
  for (const auto& row : answers.back().rows) {
    digests[row[0].value_or("")] = {row[1].value_or(""), row[2].value_or("")};
  }
  return digests;
}

std::vector<std::string> ChangedColumns(const ColumnDigests& before, const ColumnDigests& now) {
  std::vector<std::string> changed;
  for (const auto& [name, digest] : now) {
    const auto was = before.find(name);
    if (was == before.end() || was->second.rows != digest.rows) continue;
    if (was->second.digest != digest.digest) changed.push_back(name);
  }
  return changed;
}

}  // namespace ballast::proof
