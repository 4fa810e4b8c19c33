// SPDX-License-Identifier: Apache-2.0
#include "proof/physical_columns.h"

#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "plan/user_tables.h"
#include "postgres/record.h"

namespace ballast::proof {
namespace {

constexpr char kPhysicalColumns[] = R"(
SELECT a.attrelid::bigint || ' ' || a.attnum AS place, n.nspname AS schema, c.relname AS table,
  a.attname AS column, a.attnum AS number, a.atttypid::bigint || ' ' || a.atttypmod AS type,
  pg_catalog.format_type(a.atttypid, a.atttypmod) AS type_name,
  t.typcategory IN ('N', 'A', 'C', 'R') AS has_numbers, c.relkind = 'p' AS is_partitioned,
  (SELECT pg_catalog.string_agg(p.attrelid::bigint || ' ' || p.attnum, E'\x1f')
   FROM pg_catalog.pg_inherits i
   JOIN pg_catalog.pg_attribute p ON p.attrelid = i.inhparent AND p.attname = a.attname
   WHERE i.inhrelid = a.attrelid AND NOT a.attislocal) AS inherited_from
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
  AND @user_table)";

}  // namespace

Result<PhysicalColumns> ReadColumns(postgres::Session& session) {
  TRY_ASSIGN(const auto answers,
             session.Query(ReplaceAll(kPhysicalColumns, "@user_table", plan::IsUserTable())));
  PhysicalColumns columns;
  postgres::ForEachRecord(answers.back(), [&](const postgres::Record& row) {
    PhysicalColumn& column = columns[row.Text("place")];
    column.place = row.Text("place");
    column.schema = row.Text("schema");
    column.table = row.Text("table");
    column.column = row.Text("column");
    column.number = static_cast<int>(row.Number("number"));
    column.type = row.Text("type");
    column.type_name = row.Text("type_name");
    column.has_numbers = row.Flag("has_numbers");
    column.is_partitioned = row.Flag("is_partitioned");
    column.inherited_from = row.List("inherited_from");
  });
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

std::vector<RetypedColumn> RetypedColumns(const PhysicalColumns& before,
                                          const PhysicalColumns& after) {
  const auto is_retyped = [&](const std::string& place) {
    const auto was = before.find(place);
    const auto now = after.find(place);
    return was != before.end() && now != after.end() && was->second.type != now->second.type;
  };
  std::vector<RetypedColumn> retyped;
  for (const auto& [place, was] : before) {
    if (!is_retyped(place)) continue;
    const auto& parents = was.inherited_from;
    if (std::any_of(parents.begin(), parents.end(), is_retyped)) continue;
    retyped.push_back({place, was, after.at(place).type_name});
  }
  std::sort(retyped.begin(), retyped.end(), [](const RetypedColumn& a, const RetypedColumn& b) {
    const auto key = [](const PhysicalColumn& one) {
      return std::tie(one.schema, one.table, one.number);
    };
    return key(a.before) < key(b.before);
  });
  return retyped;
}

}  // namespace ballast::proof
