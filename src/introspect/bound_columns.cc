// SPDX-License-Identifier: Apache-2.0
#include "introspect/bound_columns.h"

#include "postgres/record.h"
#include "postgres/session.h"

namespace ballast::introspect {
namespace {

// The dependencies of an index on columns include those of its expressions and predicate; those of
// a partitioned table on its own columns are from its partition key.
constexpr std::string_view kQuery = R"(
WITH RECURSIVE above (leaf, oid) AS (
  SELECT inhrelid, inhparent FROM pg_catalog.pg_inherits
  UNION SELECT a.leaf, i.inhparent FROM above AS a
    JOIN pg_catalog.pg_inherits AS i ON i.inhrelid = a.oid
), bound (relation, name, by_bounds) AS (
  SELECT a.leaf, k.attname, true
    FROM above AS a
    JOIN pg_catalog.pg_partitioned_table AS p ON p.partrelid = a.oid
    JOIN pg_catalog.pg_attribute AS k ON k.attrelid = p.partrelid AND k.attnum > 0
    WHERE k.attnum = ANY (p.partattrs::int2[]) OR EXISTS (
      SELECT FROM pg_catalog.pg_depend AS d
      WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = p.partrelid
        AND d.objsubid = 0 AND d.refclassid = d.classid AND d.refobjid = p.partrelid
        AND d.refobjsubid = k.attnum)
  UNION SELECT c.conrelid, k.attname, c.contype IN ('c', 'x')
    FROM pg_catalog.pg_constraint AS c
    JOIN pg_catalog.pg_attribute AS k ON k.attrelid = c.conrelid AND k.attnum = ANY (c.conkey)
    WHERE c.contype IN ('c', 'x', 'f')
  UNION SELECT c.confrelid, k.attname, false
    FROM pg_catalog.pg_constraint AS c
    JOIN pg_catalog.pg_attribute AS k ON k.attrelid = c.confrelid AND k.attnum = ANY (c.confkey)
    WHERE c.contype = 'f'
  UNION SELECT i.indrelid, k.attname, false
    FROM pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_attribute AS k ON k.attrelid = i.indrelid AND k.attnum > 0
    WHERE i.indisunique AND (k.attnum = ANY (i.indkey::int2[]) OR EXISTS (
      SELECT FROM pg_catalog.pg_depend AS d
      WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = i.indexrelid
        AND d.refclassid = d.classid AND d.refobjid = i.indrelid AND d.refobjsubid = k.attnum))
)
SELECT relation::int8 AS relation, name, bool_or(by_bounds) AS by_bounds FROM bound
WHERE relation >= 16384 GROUP BY relation, name)";

}  // namespace

Result<BoundColumns> ReadBoundColumns(postgres::Session& session) {
  TRY_ASSIGN(const std::vector<postgres::Rows> results, session.Query(kQuery));
  BoundColumns found;
  postgres::ForEachRecord(results.back(), [&](const postgres::Record& row) {
    auto& columns = row.Flag("by_bounds") ? found.by_bounds : found.by_keys;
    columns[row.Oid("relation")].insert(row.Text("name"));
  });
  return found;
}

}  // namespace ballast::introspect
