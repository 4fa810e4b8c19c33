// SPDX-License-Identifier: Apache-2.0
#include "plan/kept_data.h"

#include <set>
#include <string_view>
#include <utility>

#include "base/fill_template.h"
#include "base/text.h"
#include "catalog/own_schemas.h"
#include "catalog/render_ddl.h"
#include "plan/kept_row_digests.h"
#include "plan/script_settings_sql.h"
#include "plan/sequence_values.h"
#include "sql/quote.h"

namespace ballast::plan {
namespace {

// Of the columns of the table, the key and @column, or all of them. The key is @older, the primary
// key of the older release, if the table has its columns, or else a key of its own of columns that
// are not lost; if it is also one of all tables that inherit. Otherwise it is all columns that are
// not lost. Comments mark it.
constexpr char kKeep[] =
    R"(DECLARE
  lost text[] := ARRAY(SELECT l.name FROM ROWS FROM (pg_catalog.unnest(@lost_tables),
      pg_catalog.unnest(@lost_columns)) AS l(place, name)
    WHERE pg_catalog.to_regclass(l.place) IN (
      WITH RECURSIVE tree(place) AS (SELECT @table::pg_catalog.regclass::oid UNION
        SELECT i.inhparent FROM tree JOIN pg_catalog.pg_inherits i ON i.inhrelid = tree.place)
      SELECT place FROM tree));
  key int2[];
  mark text := 'key';
  name text;
BEGIN
  LOCK TABLE @place IN ACCESS EXCLUSIVE MODE;  -- nobody writes after the copy
  EXECUTE 'CREATE SCHEMA IF NOT EXISTS ballast_kept';
  IF pg_catalog.to_regclass('@kept') IS NOT NULL THEN  -- what did not go back stays
    EXECUTE pg_catalog.format('ALTER TABLE %s RENAME TO %I', pg_catalog.to_regclass('@kept'),
      @beginning || '.' || pg_catalog.to_regclass('@kept')::oid);
  END IF;
  IF @column <> '' THEN
    key := coalesce(
      (SELECT pg_catalog.array_agg(a.attnum) FROM pg_catalog.pg_attribute a
       WHERE a.attrelid = @table::pg_catalog.regclass AND NOT a.attisdropped
         AND a.attname = ANY (@older)
       HAVING count(*) > 0 AND count(*) = pg_catalog.cardinality(@older)),
      (SELECT k.columns FROM pg_catalog.pg_index i CROSS JOIN LATERAL (SELECT
         (pg_catalog.string_to_array(i.indkey::text, ' ')::int2[])[1:i.indnkeyatts]) AS k(columns)
       WHERE i.indrelid = @table::pg_catalog.regclass AND i.indisunique AND i.indisvalid
         AND i.indpred IS NULL AND i.indexprs IS NULL AND NOT EXISTS (
           SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = i.indrelid
           AND a.attnum = ANY (k.columns) AND (NOT a.attnotnull
             OR '"' || pg_catalog.replace(a.attname, '"', '""') || '"' = ANY (lost)))
       ORDER BY NOT i.indisprimary, i.indnkeyatts, i.indexrelid LIMIT 1));
    -- Tables that inherit from it do not inherit its keys.
    IF EXISTS (
      WITH RECURSIVE tree(place) AS (
        SELECT i.inhrelid FROM pg_catalog.pg_inherits i
        JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid AND NOT c.relispartition
        WHERE i.inhparent = @table::pg_catalog.regclass
        UNION SELECT i.inhrelid FROM tree JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.place)
      SELECT FROM tree WHERE NOT EXISTS (
        SELECT FROM pg_catalog.pg_index i
        WHERE i.indrelid = tree.place AND i.indisunique AND i.indisvalid AND i.indpred IS NULL
          AND i.indexprs IS NULL AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = i.indrelid AND a.attnum = ANY (
                (pg_catalog.string_to_array(i.indkey::text, ' ')::int2[])[1:i.indnkeyatts])
              AND (NOT a.attnotnull OR a.attname NOT IN (
                SELECT p.attname FROM pg_catalog.pg_attribute p
                WHERE p.attrelid = @table::pg_catalog.regclass AND p.attnum = ANY (key)))))) THEN
      key := NULL;
    END IF;
    IF key IS NULL THEN
      mark := 'row';
      key := (SELECT pg_catalog.array_agg(a.attnum) FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = @table::pg_catalog.regclass AND a.attnum > 0 AND NOT a.attisdropped
          AND a.attgenerated = ''
          AND '"' || pg_catalog.replace(a.attname, '"', '""') || '"' <> ALL (lost || @bare::text));
    END IF;
  END IF;
  EXECUTE 'CREATE TABLE @kept AS SELECT ' || (
    SELECT pg_catalog.string_agg(pg_catalog.format('%1$I::text AS %1$I', a.attname), ', '
                                 ORDER BY a.attnum)
    FROM pg_catalog.pg_attribute a
    WHERE a.attrelid = @table::pg_catalog.regclass AND a.attnum > 0 AND NOT a.attisdropped
      AND (key IS NULL OR a.attnum = ANY (key)
           OR '"' || pg_catalog.replace(a.attname, '"', '""') || '"' = @bare))
    -- Rows of tables that inherit from each other can be equal.
    || CASE WHEN @column <> '' AND EXISTS (SELECT FROM pg_catalog.pg_inherits i
        JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid AND NOT c.relispartition
        WHERE i.inhparent = @table::pg_catalog.regclass)
      THEN ', tableoid::pg_catalog.regclass::text AS "ballast table"' ELSE '' END
    || ' FROM ' || CASE WHEN @column = '' AND (SELECT relkind FROM pg_catalog.pg_class
      WHERE oid = @table::pg_catalog.regclass) = 'r' THEN 'ONLY ' ELSE '' END || @table;
  FOR name IN SELECT pg_catalog.quote_ident(a.attname) FROM pg_catalog.pg_attribute a
      WHERE a.attrelid = @table::pg_catalog.regclass AND a.attnum = ANY (key) LOOP
    EXECUTE 'COMMENT ON COLUMN @kept.' || name || ' IS ' || pg_catalog.quote_literal(mark);
  END LOOP;
  EXECUTE 'COMMENT ON TABLE @kept IS '
    || pg_catalog.quote_literal(pg_catalog.replace(@table, E'\n', E'\\n') || E'\n'
      || pg_catalog.replace(@bare, E'\n', E'\\n') || E'\n' || @schema || E'\n'
      || @table::pg_catalog.regclass::oid || ' ' || coalesce((
        SELECT a.attnum FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = @table::pg_catalog.regclass AND NOT a.attisdropped
          AND '"' || pg_catalog.replace(a.attname, '"', '""') || '"' = @bare), 0));  -- for kMark
END;
)";

// The fourth line becomes what it is for: "replaced" if the column still exists, under any name, or
// the older release has a table of this name; "other" or "generated" if it has another column of
// this name, whose values the script has not made of those that were kept. The type of that column
// follows, if it is one of PostgreSQL, and "at" with the numbers of the table and the column.
constexpr char kMark[] = R"(DECLARE
  kept record;
  home text;
  names text;
  texts text;
  kept_row text;
BEGIN
  FOR kept IN SELECT k.place, pg_catalog.array_to_string(k.lines[1:3], E'\n') AS origin, coalesce((
      SELECT CASE WHEN a.attgenerated <> '' THEN E'\ngenerated'
        WHEN a.attnum <> pg_catalog.split_part(k.lines[4], ' ', 2)::int THEN E'\nother'
        ELSE E'\nreplaced' END || CASE WHEN t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace
        THEN E'\n' || pg_catalog.format_type(a.atttypid, a.atttypmod) ELSE '' END
        || E'\nat ' || a.attrelid || ' ' || a.attnum
      FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
      WHERE a.attrelid = pg_catalog.split_part(k.lines[4], ' ', 1)::oid AND a.attnum > 0
        AND NOT a.attisdropped AND (a.attnum = pg_catalog.split_part(k.lines[4], ' ', 2)::int
          OR pg_catalog.replace('"' || pg_catalog.replace(a.attname, '"', '""') || '"', E'\n',
            E'\\n') = k.lines[2])
      ORDER BY a.attnum <> pg_catalog.split_part(k.lines[4], ' ', 2)::int LIMIT 1), CASE WHEN k.lines[2] = ''
        AND pg_catalog.to_regclass(pg_catalog.replace(k.lines[1], E'\\n', E'\n')) IS NOT NULL THEN E'\nreplaced' END) AS replaced
      , pg_catalog.replace(k.lines[1], E'\\n', E'\n') AS home
      , coalesce(E'\n' || nullif(pg_catalog.array_to_string(k.lines[5:], E'\n'), ''), '') AS digests
    FROM (SELECT c.oid::pg_catalog.regclass::text AS place, pg_catalog.string_to_array(
        pg_catalog.obj_description(c.oid, 'pg_class'), E'\n') AS lines
      FROM pg_catalog.pg_class c
      WHERE c.relnamespace = pg_catalog.to_regnamespace('ballast_kept') AND c.relkind = 'r') AS k
    WHERE k.lines[4] ~ '^[0-9]+ [0-9]+$'
  LOOP
    EXECUTE pg_catalog.format('COMMENT ON TABLE %s IS %L', kept.place,
                              kept.origin || coalesce(kept.replaced, '') || kept.digests);
    home := kept.home;
    CONTINUE WHEN pg_catalog.to_regclass(home) IS NULL;
    BEGIN
@sequences
    EXCEPTION WHEN insufficient_privilege THEN
      NULL;
    END;
  END LOOP;
END;
)";

constexpr char kIsKept[] = R"(c.relkind = 'r'
    AND c.relnamespace = pg_catalog.to_regnamespace('ballast_kept')
    AND (SELECT CASE
      WHEN pg_catalog.cardinality(l.lines) > 2 THEN l.lines[3] = @schema
      WHEN l.lines[1] ~ '"\."' THEN true
      ELSE NOT EXISTS (SELECT FROM pg_catalog.pg_class m
        JOIN pg_catalog.pg_namespace s ON s.oid = m.relnamespace
        WHERE m.relname = '_prisma_migrations' AND m.relkind = 'r' AND s.nspname <> @schema) END
      FROM pg_catalog.string_to_array(pg_catalog.obj_description(c.oid, 'pg_class'), E'\n')
        AS l(lines) WHERE l.lines IS NOT NULL))";

// The names of the copies of one rollback. They are unique, and the server does not cut them.
class CopyNames {
 public:
  explicit CopyNames(std::string schema) : schema_(std::move(schema)) {}

  std::string Next(const DataToKeep& data) {
    const std::string label = LabelOf(data);
    std::string name(CutToBytes(label, kMaxNameBytes));
    for (int number = 2; !taken_.insert(name).second; ++number) {
      name = BeginningOf(label) + "." + std::to_string(number);
    }
    return name;
  }

  // What leaves place for a period and a number, which can be an oid.
  static std::string BeginningOf(std::string_view label) {
    constexpr size_t kMaxDigits = 10;
    return std::string(CutToBytes(label, kMaxNameBytes - kMaxDigits - 1));
  }

 private:
  static constexpr size_t kMaxNameBytes = 63;  // NAMEDATALEN - 1

  std::string LabelOf(const DataToKeep& data) const {
    const std::string column = data.column.empty() ? "" : "." + data.column;
    const std::string name = ReplaceAll(data.table + column, "\"", "");
    const bool is_qualified = data.table.find("\".\"") != std::string::npos;
    return schema_ == "public" || is_qualified ? name : schema_ + "." + name;
  }

  std::string schema_;
  std::set<std::string> taken_;
};

// `name`: of the copy.
std::string KeepOneSql(const std::string& schema, const DataToKeep& data, const LostColumns& lost,
                       const std::string& name) {
  const std::string kept = sql::QualifiedName(catalog::kKeptSchema, name);
  const std::string column = sql::QuoteLiteral(data.column);
  return catalog::RenderDoBlock(
      FillTemplate(kKeep, {{"@kept", ReplaceAll(kept, "'", "''")},
                           {"@beginning", sql::QuoteLiteral(CopyNames::BeginningOf(name))},
                           {"@schema", sql::QuoteLiteral(schema)},
                           {"@lost_tables", sql::QuoteTextArray(lost.tables)},
                           {"@lost_columns", sql::QuoteTextArray(lost.columns)},
                           {"@older", sql::QuoteTextArray(data.older_key)},
                           {"@place", data.table},
                           {"@table", sql::QuoteLiteral(data.table)},
                           {"@bare", column},
                           {"@column", column}}));
}

}  // namespace

std::string KeepDataSql(const std::string& schema, const std::vector<DataToKeep>& data,
                        const LostColumns& lost) {
  if (data.empty()) return {};
  std::string text = ObserveRowsSql(schema) + NoteColumnsSql(schema);
  CopyNames names(schema);
  for (const DataToKeep& one : data) text += KeepOneSql(schema, one, lost, names.Next(one));
  return WithValuesAsText(text);
}

std::string MarkReplacedSql() {
  return WithValuesAsText(DigestRowsSql()) +
         catalog::RenderDoBlock(
             ReplaceAll(kMark, "@sequences", ContinueAfterCopyLoop("home", "kept.place")));
}

std::string IsKeptSql(const std::string& schema) {
  return ReplaceAll(kIsKept, "@schema", sql::QuoteLiteral(schema));
}

}  // namespace ballast::plan
