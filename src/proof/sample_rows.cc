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
#include "postgres/record.h"
#include "proof/sample_values.h"
#include "sql/quote.h"

namespace ballast::proof {
namespace {

// pg_temp.ballast_insert(table, attempt): the INSERT of one row. A column gets a value of its type
// that its checks accept, complete in the first three attempts, or that of a row that its foreign
// key may refer to; in the third attempt, numbers and dates increase from column to column (a CHECK
// (start < finish)); in the fifth, only columns that must have a value get one. Generated and
// identity columns are left out, and others with a default; but the first attempt also replaces
// defaults of numbers, booleans, times and arrays, since a conversion may not change a zero.
constexpr char kInsertOf[] = R"(
CREATE FUNCTION pg_temp.ballast_insert(place oid, attempt integer) RETURNS text LANGUAGE sql AS $f$
SELECT 'INSERT INTO ' || place::pg_catalog.regclass || ' (' ||
  pg_catalog.string_agg(pg_catalog.quote_ident(attname), ', ' ORDER BY attnum) || ') SELECT ' ||
  pg_catalog.string_agg(value, ', ' ORDER BY attnum)
FROM (
  SELECT a.attname, a.attnum, coalesce(
    (SELECT pg_catalog.format('(SELECT %I FROM %s %s ORDER BY ctid LIMIT 1)', r.attname,
       CASE WHEN o.relkind = 'p' THEN '' ELSE 'ONLY' END, k.confrelid::pg_catalog.regclass)
     FROM pg_catalog.pg_constraint k
     CROSS JOIN LATERAL unnest(k.conkey, k.confkey) AS u(own, other)
     JOIN pg_catalog.pg_attribute r ON r.attrelid = k.confrelid AND r.attnum = u.other
     JOIN pg_catalog.pg_class o ON o.oid = k.confrelid
     WHERE k.contype = 'f' AND k.conrelid = a.attrelid AND u.own = a.attnum
     ORDER BY o.relkind, k.oid LIMIT 1),
    -- The least value of a partition with one key column.
    (SELECT (pg_catalog.regexp_match(pg_catalog.pg_get_expr(c.relpartbound, c.oid),
        '(?:FROM|IN) \(((?:''[^'']*'')|[-0-9.]+|true|false)[,)]'))[1]
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_inherits i ON i.inhrelid = c.oid
     JOIN pg_catalog.pg_partitioned_table y ON y.partrelid = i.inhparent AND y.partnatts = 1
       AND y.partstrat IN ('r', 'l')
     JOIN pg_catalog.pg_attribute r ON r.attrelid = y.partrelid AND r.attnum = y.partattrs[0]
     WHERE c.oid = place AND c.relispartition AND r.attname = a.attname),
    (SELECT h.value FROM ballast_choice h WHERE h.place = a.attrelid AND h.number = a.attnum),
    CASE WHEN attempt = 3 THEN pg_temp.ballast_increased(a.atttypid, a.atttypmod, a.attnum) END,
    pg_temp.ballast_value(a.atttypid, a.atttypmod, attempt < 4)) AS value
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
    AND (attempt < 5 OR a.attnotnull OR t.typnotnull)
) AS columns $f$;
)";

constexpr char kFindEmpty[] = R"(
CREATE TEMPORARY TABLE ballast_sample (place oid PRIMARY KEY, filled boolean NOT NULL);
DO $b$
DECLARE
  t record;
  present boolean;
BEGIN
  FOR t IN SELECT c.oid FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND @user_table LOOP
    EXECUTE pg_catalog.format('SELECT EXISTS (SELECT FROM ONLY %s)', t.oid::pg_catalog.regclass)
      INTO present;
    IF NOT present THEN INSERT INTO ballast_sample VALUES (t.oid, false); END IF;
  END LOOP;
END
$b$;
)";

// Round after round, since a table may need the row of another. Then notes which tables have a row
// that refers to that of another.
constexpr char kFill[] = R"(
CREATE TEMPORARY TABLE ballast_need (place oid NOT NULL, parent oid NOT NULL);
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
  WHILE progress LOOP
    progress := false;
    FOR t IN SELECT s.place, attempt FROM ballast_sample s
        CROSS JOIN pg_catalog.generate_series(1, 6) AS attempt WHERE NOT s.filled
        ORDER BY s.place, attempt LOOP
      CONTINUE WHEN (SELECT filled FROM ballast_sample WHERE place = t.place);
      statement := CASE WHEN t.attempt < 6 THEN pg_temp.ballast_insert(t.place, t.attempt)
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
  FOR t IN SELECT k.conrelid AS place, k.confrelid AS parent,
        (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname) || ' IS NOT NULL', ' AND ')
         FROM pg_catalog.pg_attribute a
         WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)) AS refers
      FROM pg_catalog.pg_constraint k
      JOIN ballast_sample s ON s.place = k.conrelid AND s.filled
      JOIN ballast_sample p ON p.place = k.confrelid AND p.filled
      WHERE k.contype = 'f' AND k.conrelid <> k.confrelid LOOP
    EXECUTE pg_catalog.format('SELECT EXISTS (SELECT FROM ONLY %s WHERE %s)',
                              t.place::pg_catalog.regclass, t.refers) INTO present;
    IF present THEN INSERT INTO ballast_need VALUES (t.place, t.parent); END IF;
  END LOOP;
END
$b$;
)";

constexpr char kFilled[] = R"(
WITH names AS (SELECT c.oid, '"' || pg_catalog.replace(n.nspname, '"', '""') || '"."'
    || pg_catalog.replace(c.relname, '"', '""') || '"' AS name
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace)
SELECT x.name, s.filled, (SELECT pg_catalog.string_agg(y.name, E'\x1f') FROM ballast_need d
  JOIN names y ON y.oid = d.parent WHERE d.place = s.place) AS needs
FROM ballast_sample s JOIN names x ON x.oid = s.place ORDER BY 1;
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
  role text := pg_catalog.current_setting('session_replication_role');
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
  DROP TABLE ballast_publication;
  IF role <> pg_catalog.current_setting('session_replication_role') THEN
    PERFORM pg_catalog.set_config('session_replication_role', role, true);
  END IF;
END;
)";

constexpr char kDropSampleObjects[] =
    "DROP TABLE ballast_need, ballast_sample; DROP FUNCTION pg_temp.ballast_insert(oid, integer);";

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
             session.QueryValue(fmt::format(
                 R"(SELECT '"' || pg_catalog.replace(n.nspname, '"', '""') || '"."'
  || pg_catalog.replace(c.relname, '"', '""') || '"' FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = pg_catalog.to_regclass({}))",
                 sql::QuoteLiteral(table))));
  return name.value_or("");
}

}  // namespace

Result<SampleRows> AddSampleRows(postgres::Session& session) {
  TRY(session.Query("BEGIN;" + ReplaceAll(kFindEmpty, "@user_table", plan::IsUserTable()) +
                    ChooseSampleValues() + kInsertOf + kFill));
  TRY_ASSIGN(const auto answers, session.Query(kFilled));
  SampleRows rows;
  postgres::ForEachRecord(answers.back(), [&](const postgres::Record& row) {
    (row.Flag("filled") ? rows.filled : rows.empty).push_back(row.Text("name"));
    for (const std::string& parent : row.List("needs")) {
      rows.referring[parent].push_back(row.Text("name"));
    }
  });
  TRY(session.Query(kDropSampleObjects + DropSampleValues() + "COMMIT;"));
  return rows;
}

std::vector<std::string> WithReferring(std::vector<std::string> tables, const SampleRows& rows) {
  for (size_t at = 0; at < tables.size(); ++at) {
    const auto referring = rows.referring.find(tables[at]);
    if (referring == rows.referring.end()) continue;
    for (const std::string& table : referring->second) {
      if (std::ranges::find(tables, table) == tables.end()) tables.push_back(table);
    }
  }
  return tables;
}

Result<std::string> SampledName(const std::string& table, const SampleRows& rows,
                                postgres::Session& session) {
  if (table.empty()) return std::string();
  TRY_ASSIGN(std::string name, FilledName(table, session));
  if (std::ranges::find(rows.filled, name) == rows.filled.end()) name.clear();
  return name;
}

std::string RemoveSampleRowsSql(const std::vector<std::string>& tables) {
  return catalog::RenderDoBlock(FillTemplate(kRemove, {{"@tables", sql::QuoteTextArray(tables)}}));
}

Status RemoveSampleRows(const std::vector<std::string>& tables, SampleRows& rows,
                        postgres::Session& session) {
  if (tables.empty()) return {};
  TRY(session.Query("BEGIN;\n" + RemoveSampleRowsSql(tables) + "COMMIT;"));
  for (const std::string& table : tables) {
    if (std::erase(rows.filled, table) > 0) rows.empty.push_back(table);
  }
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
