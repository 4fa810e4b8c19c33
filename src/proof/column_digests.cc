// SPDX-License-Identifier: Apache-2.0
#include "proof/column_digests.h"

#include <fmt/format.h>

#include "base/text.h"
#include "plan/text_sum.h"
#include "sql/quote.h"

namespace ballast::proof {
namespace {

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
  std::vector<std::string> names, counts, sums;
  for (const PhysicalColumn& column : columns) {
    names.push_back(sql::QuoteLiteral(KeyOf(column)));
    counts.push_back("count(" + sql::QuoteIdentifier(column.column) + ")::text");
    sums.push_back(plan::SumOfTexts("coalesce(" + TextOfValue(column) + ", '~')") + "::text");
  }
  return fmt::format(
      "SELECT u.name, s.rows, u.number, coalesce(u.digest, '') FROM (SELECT count(*)::text AS "
      "rows, ARRAY[{}] AS numbers, ARRAY[{}] AS digests FROM ONLY {}) AS s CROSS JOIN LATERAL "
      "unnest(ARRAY[{}], s.numbers, s.digests) AS u(name, number, digest)",
      Join(counts, ", "), Join(sums, ", "), table, Join(names, ", "));
}

}  // namespace

std::string KeyOf(const PhysicalColumn& column) {
  return TableOf(column) + "." + sql::QuoteIdentifier(column.column);
}

Result<ColumnDigests> DigestsOf(const std::vector<PhysicalColumn>& columns,
                                postgres::Session& session) {
  std::map<std::string, std::vector<PhysicalColumn>> tables;
  for (const PhysicalColumn& column : columns) {
    if (!column.is_partitioned) tables[TableOf(column)].push_back(column);
  }
  std::vector<std::string> queries;
  for (const auto& [table, own] : tables) queries.push_back(DigestQuery(table, own));
  ColumnDigests digests;
  if (queries.empty()) return digests;
  TRY_ASSIGN(const auto answers, session.Query(Join(queries, "\nUNION ALL\n")));
  for (const auto& row : answers.back().rows) {
    digests[row[0].value_or("")] = {row[1].value_or(""), row[2].value_or(""), row[3].value_or("")};
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
