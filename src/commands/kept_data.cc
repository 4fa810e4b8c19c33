// SPDX-License-Identifier: Apache-2.0
#include "commands/kept_data.h"

#include "base/text.h"
#include "catalog/render_ddl.h"
#include "sql/quote.h"

namespace ballast::commands {
namespace {

// Among the columns of `t`: those of its primary key and @column, or all of them.
constexpr char kKeep[] = R"(  EXECUTE 'CREATE SCHEMA IF NOT EXISTS ballast_kept';
  EXECUTE 'DROP TABLE IF EXISTS @kept';
  EXECUTE 'CREATE TABLE @kept AS SELECT ' || (
    SELECT pg_catalog.string_agg(pg_catalog.format('%1$I::text AS %1$I', a.attname), ', '
                                 ORDER BY a.attnum)
    FROM pg_catalog.pg_attribute a
    LEFT JOIN pg_catalog.pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
    WHERE a.attrelid = @table::pg_catalog.regclass AND a.attnum > 0 AND NOT a.attisdropped
      AND (@column = '' OR i.indexrelid IS NULL OR a.attnum = ANY (i.indkey)
           OR '"' || pg_catalog.replace(a.attname, '"', '""') || '"' = @bare)) || ' FROM ' || @table;
  EXECUTE 'COMMENT ON TABLE @kept IS ' || pg_catalog.quote_literal(@table || E'\n' || @bare);
)";

constexpr char kRestore[] = R"(DECLARE
  kept record;
  names text;
  texts text;
  keys text;
BEGIN
  FOR kept IN SELECT c.oid, c.oid::pg_catalog.regclass::text AS place,
      pg_catalog.split_part(d.description, E'\n', 1) AS home,
      pg_catalog.split_part(d.description, E'\n', 2) AS col
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'ballast_kept'
    JOIN pg_catalog.pg_description d ON d.objoid = c.oid AND d.objsubid = 0
      AND d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass
    WHERE c.relkind = 'r' ORDER BY c.relname
  LOOP
    CONTINUE WHEN pg_catalog.to_regclass(kept.home) IS NULL;
    SELECT pg_catalog.string_agg(pg_catalog.format('%I', a.attname), ', ' ORDER BY a.attnum),
      pg_catalog.string_agg(pg_catalog.format('k.%I::%s', a.attname,
        pg_catalog.format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum),
      pg_catalog.string_agg(pg_catalog.format('h.%1$I::text = k.%1$I', a.attname), ' AND ')
        FILTER (WHERE a.attnum = ANY (i.indkey))
    INTO names, texts, keys
    FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_attribute k ON k.attrelid = kept.oid AND k.attname = a.attname
    LEFT JOIN pg_catalog.pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
    WHERE a.attrelid = kept.home::pg_catalog.regclass AND a.attnum > 0 AND NOT a.attisdropped
      AND a.attgenerated = '' AND (kept.col = '' OR a.attnum = ANY (i.indkey)
        OR '"' || pg_catalog.replace(a.attname, '"', '""') || '"' = kept.col);
    BEGIN
      IF kept.col = '' THEN
        EXECUTE 'INSERT INTO ' || kept.home || ' (' || names || ') OVERRIDING SYSTEM VALUE SELECT '
          || texts || ' FROM ' || kept.place || ' AS k ON CONFLICT DO NOTHING';
      ELSIF keys IS NOT NULL AND EXISTS (SELECT FROM pg_catalog.pg_attribute a
          WHERE a.attrelid = kept.home::pg_catalog.regclass AND NOT a.attisdropped
            AND '"' || pg_catalog.replace(a.attname, '"', '""') || '"' = kept.col) THEN
        EXECUTE 'UPDATE ' || kept.home || ' AS h SET ' || kept.col || ' = k.' || kept.col || '::'
          || (SELECT pg_catalog.format_type(a.atttypid, a.atttypmod) FROM pg_catalog.pg_attribute a
              WHERE a.attrelid = kept.home::pg_catalog.regclass AND NOT a.attisdropped
                AND '"' || pg_catalog.replace(a.attname, '"', '""') || '"' = kept.col)
          || ' FROM ' || kept.place || ' AS k WHERE k.' || kept.col || ' IS NOT NULL AND ' || keys;
      ELSE
        CONTINUE;
      END IF;
      EXECUTE 'DROP TABLE ' || kept.place;
    EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
      RAISE NOTICE 'the data of % stays in %: %', kept.home, kept.place, SQLERRM;
    END;
  END LOOP;
END
)";

}  // namespace

std::string KeepDataSql(const std::string& table, const std::string& column) {
  std::string label = table + (column.empty() ? "" : "." + column);
  label = ReplaceAll(label, "\"", "");
  const std::string kept = sql::QualifiedName(kKeptSchema, label);
  std::string body = kKeep;
  body = ReplaceAll(body, "@kept", ReplaceAll(kept, "'", "''"));
  body = ReplaceAll(body, "@table", sql::QuoteLiteral(table));
  body = ReplaceAll(body, "@bare", "@column");
  return catalog::RenderDoBlock(ReplaceAll(body, "@column", sql::QuoteLiteral(column)));
}

std::string RestoreDataSql() {
  return std::string("DO $ballast$\n") + kRestore + "$ballast$;\n";
}

}  // namespace ballast::commands
