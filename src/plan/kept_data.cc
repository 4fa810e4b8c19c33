// SPDX-License-Identifier: Apache-2.0
#include "plan/kept_data.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "catalog/render_ddl.h"
#include "sql/quote.h"

namespace ballast::plan {
namespace {

// Among the columns of `t`: those of its primary key and @column, or all of them.
constexpr char kKeep[] = R"(  EXECUTE 'CREATE SCHEMA IF NOT EXISTS ballast_kept';
  IF pg_catalog.to_regclass('@kept') IS NOT NULL THEN  -- what did not go back stays
    EXECUTE pg_catalog.format('ALTER TABLE @kept RENAME TO %I', pg_catalog.left(@label, 48) || '.'
      || pg_catalog.to_regclass('@kept')::oid);
  END IF;
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
  progress boolean := true;
  left_over text[];
BEGIN
  WHILE progress LOOP  -- a row may need the rows of a table that comes later
  progress := false;
  left_over := '{}';
  FOR kept IN SELECT c.oid, c.oid::pg_catalog.regclass::text AS place,
      pg_catalog.split_part(d.description, E'\n', 1) AS home,
      pg_catalog.split_part(d.description, E'\n', 2) AS col
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'ballast_kept'
    JOIN pg_catalog.pg_description d ON d.objoid = c.oid AND d.objsubid = 0
      AND d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass
    WHERE c.relkind = 'r'
    -- Of values that were kept twice, those of the last time win.
    ORDER BY CASE WHEN pg_catalog.split_part(d.description, E'\n', 2) = '' THEN -c.oid::bigint
                  ELSE c.oid::bigint END
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
        FOR names, texts IN SELECT pg_catalog.quote_ident(a.attname),
            pg_catalog.pg_get_serial_sequence(kept.home, a.attname) FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = kept.home::pg_catalog.regclass AND a.attnum > 0
              AND NOT a.attisdropped
              AND pg_catalog.pg_get_serial_sequence(kept.home, a.attname) IS NOT NULL LOOP
          EXECUTE pg_catalog.format('SELECT pg_catalog.setval(%L, greatest((SELECT max(%s) FROM %s), '
            || '(SELECT last_value FROM %s))) WHERE EXISTS (SELECT FROM %s)', texts, names,
            kept.home, texts, kept.home);
        END LOOP;
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
      progress := true;
    EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
      left_over := left_over || pg_catalog.format('the data of %s stays in %s: %s', kept.home,
                                                  kept.place, SQLERRM);
    END;
  END LOOP;
  END LOOP;
  FOREACH names IN ARRAY left_over LOOP
    RAISE NOTICE '%', names;
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
  body = ReplaceAll(body, "@label", sql::QuoteLiteral(label));
  body = ReplaceAll(body, "@table", sql::QuoteLiteral(table));
  body = ReplaceAll(body, "@bare", "@column");
  return catalog::RenderDoBlock(ReplaceAll(body, "@column", sql::QuoteLiteral(column)));
}

std::string RestoreDataSql() {
  return std::string("DO $ballast$\n") + kRestore + "$ballast$;\n";
}

void AddKeptData(Plan& plan) {
  if (plan.empty() || plan.transactions.back().mode != ScriptMode::kInTransaction) return;
  RunScript run{release::MakeMigration(kKeptSchema, RestoreDataSql())};
  run.record = false;
  std::vector<Step>& steps = plan.transactions.back().steps;
  const auto verify = std::find_if(steps.begin(), steps.end(), [](const Step& step) {
    return std::holds_alternative<VerifyCatalog>(step.act);
  });
  steps.insert(verify, {std::move(run), "restore data that a rollback has kept"});
}

}  // namespace ballast::plan
