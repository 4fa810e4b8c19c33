// SPDX-License-Identifier: Apache-2.0
#include "proof/sample_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/fill_template.h"
#include "base/text.h"
#include "catalog/render_ddl.h"
#include "difference/type_shapes.h"
#include "plan/text_sum.h"
#include "plan/user_tables.h"
#include "sql/quote.h"

namespace ballast::proof {
namespace {

// pg_temp.ballast_value(type, modifier, complete): an expression for a value, by the category of
// the type. An enum gets the oldest label, which an earlier release has, too. If `complete`, arrays
// have an element. Attributes of composite types are NULL: an earlier release may not have them.
// 'NULL' for an unknown type.
constexpr char kValueOf[] = R"(
SET LOCAL check_function_bodies = false;
CREATE FUNCTION pg_temp.ballast_value(type oid, modifier integer, complete boolean) RETURNS text
LANGUAGE sql AS $f$
SELECT coalesce(CASE
    WHEN t.typtype = 'd' THEN pg_temp.ballast_value(t.typbasetype, t.typtypmod, complete)
    WHEN t.typtype = 'e' THEN (SELECT pg_catalog.quote_literal(e.enumlabel)
      FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.oid LIMIT 1)
    WHEN t.typtype IN ('r', 'm') THEN '''empty'''
    WHEN t.typtype = 'c' THEN (SELECT pg_catalog.quote_literal('(' || pg_catalog.repeat(',',
        greatest(count(*)::integer - 1, 0)) || ')') FROM pg_catalog.pg_attribute f
      WHERE f.attrelid = t.typrelid AND f.attnum > 0 AND NOT f.attisdropped)
    WHEN t.typname = 'uuid' THEN '''00000000-0000-4000-8000-000000000001'''
    WHEN t.typname IN ('json', 'jsonb') THEN '''{}'''
    WHEN t.typname IN ('_text', '_varchar') THEN '''{a,b}'''
    WHEN t.typname = 'bytea' THEN ''''''
    WHEN t.typname = 'money' THEN '''1'''
    WHEN t.typname = 'bit' THEN pg_catalog.quote_literal(
      pg_catalog.repeat('1', greatest(modifier, 1)))
    WHEN t.typname = 'varbit' THEN '''1'''
    WHEN t.typname = 'point' THEN '''(1,1)'''
    WHEN t.typname = 'circle' THEN '''<(1,1),1>'''
    WHEN t.typname = 'line' THEN '''{1,1,1}'''
    WHEN t.typname IN ('lseg', 'box', 'path', 'polygon') THEN '''(1,1),(0,0)'''
    WHEN t.typname IN ('tsvector', 'tsquery', 'ltree') THEN '''a'''
    WHEN t.typname = 'hstore' THEN '''a=>1'''
    WHEN t.typname = 'xml' THEN '''<a/>'''
    WHEN t.typname = 'jsonpath' THEN '''$'''
    WHEN t.typname = 'pg_lsn' THEN '''0/1'''
    WHEN t.typname IN ('macaddr', 'macaddr8') THEN '''08:00:2b:01:02:03'''
    WHEN t.typcategory = 'N' THEN '''1'''
    WHEN t.typcategory = 'S' THEN '''a'''
    WHEN t.typcategory = 'B' THEN '''true'''
    WHEN t.typname IN ('time', 'timetz') THEN '''12:00'''
    WHEN t.typcategory = 'D' THEN '''2020-01-02'''
    WHEN t.typcategory = 'T' THEN '''1 day'''
    WHEN t.typcategory = 'I' THEN '''127.0.0.1'''
    WHEN t.typcategory = 'A' AND complete AND t.typelem <> 0
      THEN 'ARRAY[' || pg_temp.ballast_value(t.typelem, modifier, true) || ']'
    WHEN t.typcategory = 'A' THEN '''{}'''
  END || '::' || pg_catalog.format_type(type, modifier), 'NULL')
FROM pg_catalog.pg_type t WHERE t.oid = type $f$;
)";

// pg_temp.ballast_insert(table, attempt): the INSERT of one row. A column gets a value of its type,
// complete in the first two attempts, or that of a row that its foreign key may refer to; in the
// fourth attempt only where it must have one. Generated and identity columns are left out, and
// others with a default; but the first attempt also replaces defaults of numbers, booleans, times
// and arrays, since a conversion may not change a zero.
constexpr char kInsertOf[] = R"(
CREATE FUNCTION pg_temp.ballast_insert(place oid, attempt integer) RETURNS text LANGUAGE sql AS $f$
SELECT 'INSERT INTO ' || place::pg_catalog.regclass || ' (' ||
  pg_catalog.string_agg(pg_catalog.quote_ident(attname), ', ' ORDER BY attnum) || ') SELECT ' ||
  pg_catalog.string_agg(value, ', ' ORDER BY attnum)
FROM (
  SELECT a.attname, a.attnum, coalesce(
    (SELECT pg_catalog.format('(SELECT %I FROM ONLY %s ORDER BY ctid LIMIT 1)', r.attname,
                              k.confrelid::pg_catalog.regclass)
     FROM pg_catalog.pg_constraint k
     CROSS JOIN LATERAL unnest(k.conkey, k.confkey) AS u(own, other)
     JOIN pg_catalog.pg_attribute r ON r.attrelid = k.confrelid AND r.attnum = u.other
     WHERE k.contype = 'f' AND k.conrelid = a.attrelid AND u.own = a.attnum LIMIT 1),
    -- The least value of a partition with one key column.
    (SELECT (pg_catalog.regexp_match(pg_catalog.pg_get_expr(c.relpartbound, c.oid),
        '(?:FROM|IN) \(((?:''[^'']*'')|[-0-9.]+|true|false)[,)]'))[1]
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_inherits i ON i.inhrelid = c.oid
     JOIN pg_catalog.pg_partitioned_table y ON y.partrelid = i.inhparent AND y.partnatts = 1
       AND y.partstrat IN ('r', 'l')
     JOIN pg_catalog.pg_attribute r ON r.attrelid = y.partrelid AND r.attnum = y.partattrs[0]
     WHERE c.oid = place AND c.relispartition AND r.attname = a.attname),
    pg_temp.ballast_value(a.atttypid, a.atttypmod, attempt < 3)) AS value
  FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  JOIN pg_catalog.pg_type b ON b.oid = CASE WHEN t.typbasetype <> 0 THEN t.typbasetype ELSE t.oid END
  WHERE a.attrelid = place AND a.attnum > 0 AND NOT a.attisdropped
    AND (NOT a.atthasdef OR b.typtype = 'e' OR a.attname = (SELECT r.attname
        FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid AND c.relispartition
        JOIN pg_catalog.pg_partitioned_table y ON y.partrelid = i.inhparent AND y.partnatts = 1
        JOIN pg_catalog.pg_attribute r ON r.attrelid = y.partrelid AND r.attnum = y.partattrs[0]
        WHERE i.inhrelid = place)
      OR attempt = 1 AND b.typcategory IN ('N', 'B', 'D', 'A')
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_attrdef d WHERE d.adrelid = place
          AND d.adnum = a.attnum
          AND pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%'))
    AND a.attidentity = '' AND a.attgenerated = ''
    AND (attempt < 4 OR a.attnotnull OR t.typnotnull)
) AS columns $f$;
)";

// Round after round, since a table may need the row of another.
constexpr char kFill[] = R"(
CREATE TEMPORARY TABLE ballast_sample (place oid PRIMARY KEY, filled boolean NOT NULL);
DO $b$
DECLARE
  t record;
  statement text;
  progress boolean := true;
  present boolean;
BEGIN
  BEGIN
    PERFORM pg_catalog.set_config('session_replication_role', 'replica', true);
  EXCEPTION WHEN insufficient_privilege THEN NULL;
  END;
  FOR t IN SELECT c.oid FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND @user_table LOOP
    EXECUTE pg_catalog.format('SELECT EXISTS (SELECT FROM ONLY %s)', t.oid::pg_catalog.regclass)
      INTO present;
    IF NOT present THEN INSERT INTO ballast_sample VALUES (t.oid, false); END IF;
  END LOOP;
  WHILE progress LOOP
    progress := false;
    FOR t IN SELECT s.place, attempt FROM ballast_sample s
        CROSS JOIN pg_catalog.generate_series(1, 5) AS attempt WHERE NOT s.filled
        ORDER BY s.place, attempt LOOP
      CONTINUE WHEN (SELECT filled FROM ballast_sample WHERE place = t.place);
      statement := CASE WHEN t.attempt < 5 THEN pg_temp.ballast_insert(t.place, t.attempt)
        ELSE pg_catalog.format('INSERT INTO %s DEFAULT VALUES', t.place::pg_catalog.regclass) END;
      CONTINUE WHEN statement IS NULL;
      BEGIN
        EXECUTE statement;
        EXECUTE pg_catalog.format('SELECT EXISTS (SELECT FROM ONLY %s)',
                                  t.place::pg_catalog.regclass) INTO present;
        IF present THEN
          UPDATE ballast_sample SET filled = true WHERE place = t.place;
          progress := true;
        END IF;
      EXCEPTION WHEN OTHERS THEN NULL;
      END;
    END LOOP;
  END LOOP;
END
$b$;
)";

constexpr char kFilled[] = R"(
SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), s.filled
FROM ballast_sample s JOIN pg_catalog.pg_class c ON c.oid = s.place
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace ORDER BY 1;
)";

// Deletes the rows of @tables. The server refuses that for a published table whose replica identity
// does not suffice, so for that time no publication publishes it.
constexpr char kRemove[] = R"(DECLARE
  t text;
  p record;
  rest text[] := ARRAY(SELECT x.name FROM pg_catalog.unnest(@tables) AS x(name)
    WHERE pg_catalog.to_regclass(x.name) IS NOT NULL);
  referenced text[];
  are_last boolean := false;
BEGIN
  BEGIN
    PERFORM pg_catalog.set_config('session_replication_role', 'replica', true);
  EXCEPTION WHEN insufficient_privilege THEN NULL;
  END;
  CREATE TEMPORARY TABLE ballast_publication ON COMMIT DROP AS
    SELECT pubname, pg_catalog.concat_ws(', ', CASE WHEN pubinsert THEN 'insert' END,
      CASE WHEN pubupdate THEN 'update' END, CASE WHEN pubtruncate THEN 'truncate' END) AS others
    FROM pg_catalog.pg_publication WHERE pubdelete;
  FOR p IN SELECT * FROM ballast_publication LOOP
    EXECUTE pg_catalog.format('ALTER PUBLICATION %I SET (publish = %L)', p.pubname, p.others);
  END LOOP;
  WHILE pg_catalog.cardinality(rest) > 0 LOOP
    referenced := '{}';
    FOREACH t IN ARRAY rest LOOP
      BEGIN
        EXECUTE 'DELETE FROM ONLY ' || t;
      EXCEPTION WHEN foreign_key_violation THEN
        IF are_last THEN RAISE; END IF;
        referenced := referenced || t;
      END;
    END LOOP;
    are_last := pg_catalog.cardinality(referenced) = pg_catalog.cardinality(rest);
    rest := referenced;
  END LOOP;
  FOR p IN SELECT * FROM ballast_publication LOOP
    EXECUTE pg_catalog.format('ALTER PUBLICATION %I SET (publish = %L)', p.pubname,
      pg_catalog.concat_ws(', ', nullif(p.others, ''), 'delete'));
  END LOOP;
END;
)";

constexpr char kDropSampleObjects[] =
    "DROP TABLE ballast_sample; DROP FUNCTION pg_temp.ballast_insert(oid, integer); DROP FUNCTION "
    "pg_temp.ballast_value(oid, integer, boolean);";

struct TypedColumns {
  const catalog::Database& database;  // which defines the types
  const catalog::TableObject& table;
};

// Without generated columns, which change with their expressions.
std::map<std::string, difference::TypeShape> TypesOf(const TypedColumns& columns) {
  std::map<std::string, difference::TypeShape> types;
  for (const catalog::Column& column : columns.table.table.columns) {
    if (!column.generated.empty()) continue;
    types[column.name] = difference::ShapeOf(columns.database, column.type);
  }
  return types;
}

// The columns are in the order of their names: either database can have another order of its own.
std::string DigestSql(const TypedColumns& columns, const TypedColumns& other) {
  const catalog::TableObject& one = columns.table;
  const std::map<std::string, difference::TypeShape> types = TypesOf(other);
  std::vector<std::string> values;
  for (const auto& [column, shape] : TypesOf(columns)) {
    const auto same = types.find(column);
    if (same == types.end()) continue;
    const std::string name = sql::QuoteIdentifier(column);
    values.push_back(same->second == shape ? name + "::text" : "(" + name + " IS NULL)::text");
  }
  const std::string table = QuotedName(one.table.name);
  const std::string row = values.empty() ? "''" : "ARRAY[" + Join(values, ", ") + "]::text";
  // The rows of one that only one database has partitioned are those of its partitions.
  const bool with_partitions = one.partitioned != other.table.partitioned;
  return fmt::format("SELECT {}, count(*)::text, coalesce({}, 0)::text FROM {}{}",
                     sql::QuoteLiteral(table), plan::SumOfTexts(row),
                     with_partitions ? "" : "ONLY ", table);
}

// The table's name as SampleRows has it; empty if there is no such table.
Result<std::string> FilledName(const std::string& table, postgres::Session& session) {
  TRY_ASSIGN(const postgres::Value name,
             session.QueryValue(
                 fmt::format("SELECT pg_catalog.quote_ident(n.nspname) || '.' || "
                             "pg_catalog.quote_ident(c.relname) FROM pg_catalog.pg_class c JOIN "
                             "pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = "
                             "pg_catalog.to_regclass({})",
                             sql::QuoteLiteral(table))));
  return name.value_or("");
}

}  // namespace

Result<SampleRows> AddSampleRows(postgres::Session& session) {
  TRY(session.Query(std::string("BEGIN;") + kValueOf + kInsertOf +
                    ReplaceAll(kFill, "@user_table", plan::IsUserTable())));
  TRY_ASSIGN(const auto answers, session.Query(kFilled));
  SampleRows rows;
  for (const auto& row : answers.back().rows) {
    (postgres::IsTrue(row[1]) ? rows.filled : rows.empty).push_back(row[0].value_or(""));
  }
  TRY(session.Query(std::string(kDropSampleObjects) + "COMMIT;"));
  return rows;
}

Result<bool> HasSampleRow(const std::string& table, const SampleRows& rows,
                          postgres::Session& session) {
  TRY_ASSIGN(const std::string name, FilledName(table, session));
  return std::find(rows.filled.begin(), rows.filled.end(), name) != rows.filled.end();
}

Result<bool> RemoveSampleRow(const std::string& table, SampleRows& rows,
                             postgres::Session& session) {
  TRY_ASSIGN(const std::string name, FilledName(table, session));
  const auto filled = std::find(rows.filled.begin(), rows.filled.end(), name);
  if (filled == rows.filled.end()) return false;
  SampleRows one;
  one.filled = {*filled};
  TRY(RemoveSampleRows(one, session));
  rows.empty.push_back(*filled);
  rows.filled.erase(filled);
  return true;
}

Status RemoveSampleRows(const SampleRows& rows, postgres::Session& session) {
  const std::string body = FillTemplate(kRemove, {{"@tables", sql::QuoteTextArray(rows.filled)}});
  TRY(session.Query("BEGIN;\n" + catalog::RenderDoBlock(body) + "COMMIT;"));
  return {};
}

Result<std::vector<TableDigest>> DigestsOfCommonRows(const catalog::Database& one,
                                                     const catalog::Database& other,
                                                     postgres::Session& session) {
  std::map<catalog::Name, const catalog::TableObject*> others;
  for (const catalog::TableObject& table : other.tables) others[table.table.name] = &table;
  std::vector<std::string> queries;
  for (const catalog::TableObject& table : one.tables) {
    const auto same = others.find(table.table.name);
    if (same == others.end() || table.foreign || same->second->foreign) continue;
    queries.push_back(DigestSql({one, table}, {other, *same->second}));
  }
  std::vector<TableDigest> digests;
  if (queries.empty()) return digests;
  TRY_ASSIGN(const auto answers, session.Query(Join(queries, "\nUNION ALL\n") + "\nORDER BY 1"));
  for (const auto& row : answers.back().rows) {
    digests.push_back({row[0].value_or(""), row[1].value_or(""), row[2].value_or("")});
  }
  return digests;
}

std::vector<std::string> ChangedTables(const std::vector<TableDigest>& before,
                                       const std::vector<TableDigest>& after) {
  std::map<std::string, const TableDigest*> rows;
  for (const TableDigest& table : before) rows[table.table] = &table;
  std::vector<std::string> changed;
  for (const TableDigest& table : after) {
    const auto was = rows.find(table.table);
    if (was != rows.end() && *was->second != table) changed.push_back(table.table);
  }
  return changed;
}

}  // namespace ballast::proof
