// SPDX-License-Identifier: Apache-2.0
#include "serve/entity_catalog.h"

#include "base/text.h"
#include "catalog/own_schemas.h"

namespace ballast::serve {
namespace {

constexpr char kQuery[] = R"(
WITH s AS (SELECT oid, nspname FROM pg_catalog.pg_namespace
           WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', @own_schemas)),
r AS (SELECT c.oid, s.nspname, c.relname, c.relkind, c.relispartition
      FROM pg_catalog.pg_class c JOIN s ON s.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND c.relname <> '_prisma_migrations'
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                        AND d.objid = c.oid AND d.deptype = 'e')),
keys AS (SELECT k.conrelid, pg_catalog.unnest(k.conkey) AS attnum FROM pg_catalog.pg_constraint k WHERE k.contype = 'p'),
columns AS (
  SELECT a.attrelid, pg_catalog.json_agg(pg_catalog.json_build_object(
           'name', a.attname, 'type', pg_catalog.format_type(a.atttypid, a.atttypmod), 'not_null', a.attnotnull,
           'key', k.attnum IS NOT NULL) ORDER BY a.attnum) AS list
  FROM r JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN keys k ON k.conrelid = a.attrelid AND k.attnum = a.attnum GROUP BY a.attrelid),
tables AS (
  SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
           'schema', r.nspname, 'name', r.relname,
           'kind', CASE r.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table'
                   ELSE 'table' END,
           'comment', pg_catalog.obj_description(r.oid, 'pg_class'),
           'columns', COALESCE(c.list, '[]'::json)) ORDER BY r.nspname, r.relname) AS list
  FROM r LEFT JOIN columns c ON c.attrelid = r.oid),
refs AS (
  SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
           'name', k.conname, 'from', f.nspname || '.' || f.relname, 'to', t.nspname || '.' || t.relname,
           'columns', (SELECT pg_catalog.json_agg(a.attname ORDER BY u.n) FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY u(a, n)
                       JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.a),
           'to_columns', (SELECT pg_catalog.json_agg(a.attname ORDER BY u.n) FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY u(a, n)
                          JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.a))
         ORDER BY f.nspname, f.relname, k.conname) AS list
  FROM pg_catalog.pg_constraint k JOIN r f ON f.oid = k.conrelid JOIN r t ON t.oid = k.confrelid WHERE k.contype = 'f'),
enums AS (
  SELECT pg_catalog.json_agg(pg_catalog.json_build_object('schema', s.nspname, 'name', t.typname, 'values',
           (SELECT pg_catalog.json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid))
         ORDER BY s.nspname, t.typname) AS list
  FROM pg_catalog.pg_type t JOIN s ON s.oid = t.typnamespace WHERE t.typtype = 'e')
SELECT pg_catalog.json_build_object('tables', COALESCE((SELECT list FROM tables), '[]'::json),
  'references', COALESCE((SELECT list FROM refs), '[]'::json), 'enums', COALESCE((SELECT list FROM enums), '[]'::json)))";

}  // namespace

Result<std::string> ReadEntityCatalog(postgres::Session& session) {
  TRY_ASSIGN(const postgres::Value value,
             session.QueryValue(ReplaceAll(kQuery, "@own_schemas", catalog::kOwnSchemas)));
  return value.value_or("{}");
}

}  // namespace ballast::serve
