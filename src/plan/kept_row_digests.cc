// SPDX-License-Identifier: Apache-2.0
#include "plan/kept_row_digests.h"

#include "base/text.h"
#include "catalog/render_ddl.h"
#include "plan/kept_data.h"
#include "plan/text_sum.h"
#include "plan/user_tables.h"
#include "sql/quote.h"

namespace ballast::plan {
namespace {

// A column as it is compared before and after the script of a rollback.
constexpr char kColumn[] =
    "a.attnum || ' ' || a.atttypid || ' ' || a.atttypmod || ' ' || a.attname";

constexpr char kNoteColumns[] = R"(BEGIN
  PERFORM pg_catalog.set_config('ballast.kept_schema', @schema, true),
    pg_catalog.set_config('ballast.kept_columns', (
      SELECT coalesce(pg_catalog.jsonb_object_agg(t.place, t.columns), '{}')::text FROM (
        SELECT c.oid::text AS place, pg_catalog.jsonb_agg(@column) AS columns
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relkind IN ('r', 'p') AND @user_table GROUP BY c.oid) AS t), true);
END;
)";

// The columns of a table that the script has made or changed.
constexpr char kOlderColumns[] = R"(SELECT a.attname FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = @place AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
          AND NOT coalesce(pg_catalog.jsonb_exists(pg_catalog.current_setting('ballast.kept_columns')::jsonb
            -> a.attrelid::text, @column), false))";

// The copies: their table with schema, the columns whose digest comes first, and how a row is
// found. A copy without a key has no digests of rows.
constexpr char kDescribeCopies[] =
    R"(SELECT c.oid, c.oid::pg_catalog.regclass::text AS place, o.lines,
      pg_catalog.cardinality(o.lines) > 3 AND o.lines[4] ~ '^[0-9]+ [0-9]+$' AS is_new,
      'same' = ANY (o.lines[4:]) AS others_same, coalesce(o.lines[2], '') <> '' AS of_column,
      r.lines AS row_lines, v.lines AS value_lines, k.key, k.any_key, k.of_tables
    FROM pg_catalog.pg_class c
    CROSS JOIN LATERAL (SELECT pg_catalog.string_to_array(
      pg_catalog.obj_description(c.oid, 'pg_class'), E'\n') AS lines) AS o
    LEFT JOIN LATERAL (SELECT pg_catalog.string_to_array(
        pg_catalog.col_description(c.oid, a.attnum), E'\n') AS lines
      FROM pg_catalog.pg_attribute a
      WHERE a.attrelid = c.oid AND a.attname = 'ballast row' AND NOT a.attisdropped) AS r ON true
    LEFT JOIN LATERAL (SELECT pg_catalog.string_to_array(
        pg_catalog.col_description(c.oid, a.attnum), E'\n') AS lines
      FROM pg_catalog.pg_attribute a
      WHERE a.attrelid = c.oid AND a.attname = 'ballast value' AND NOT a.attisdropped) AS v ON true
    CROSS JOIN LATERAL (SELECT pg_catalog.array_agg(a.attname) FILTER (
        WHERE pg_catalog.col_description(c.oid, a.attnum) = 'key') AS key,
      pg_catalog.array_agg(a.attname ORDER BY a.attnum) FILTER (
        WHERE pg_catalog.col_description(c.oid, a.attnum) IN ('key', 'row')) AS any_key,
      coalesce(pg_catalog.bool_or(a.attname = 'ballast table'), false) AS of_tables
      FROM pg_catalog.pg_attribute a
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS k
    WHERE @mine)";

// Sets `digest`, an expression on a row h, and `keys`, a condition on h and the copy k. NULL if the
// table `home` does not have the columns.
constexpr char kDescribeRow[] = R"(
      digest := NULL;
      IF pg_catalog.to_regclass(home) IS NOT NULL AND NOT EXISTS (
          SELECT FROM pg_catalog.unnest(kept.key || columns) AS x(name) WHERE x.name NOT IN (
            SELECT a.attname FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = pg_catalog.to_regclass(home) AND NOT a.attisdropped)) THEN
        keys := (SELECT pg_catalog.string_agg(pg_catalog.format('h.%1$I::text = k.%1$I', x.name), ' AND ')
          FROM pg_catalog.unnest(kept.key) AS x(name))
          || CASE WHEN kept.of_tables THEN ' AND h.tableoid::pg_catalog.regclass::text = k."ballast table"'
            ELSE '' END;
        digest := pg_catalog.format('pg_catalog.hashtextextended((ARRAY[%s]::text[])::text COLLATE "C", 0)'
          || ' || '' '' || pg_catalog.hashtextextended((h.*)::text COLLATE "C", 0)', (
            SELECT pg_catalog.string_agg(pg_catalog.format('h.%I::text', x.name), ', ' ORDER BY x.name)
            FROM pg_catalog.unnest(columns) AS x(name)));
      END IF;
)";

// The name, after the script, of the column that a copy is of, and of those by which its rows are
// found; in `columns` after the table. NULL if one of them no longer exists.
constexpr char kFindValue[] = R"(
      columns := (SELECT ARRAY[a.attname] || k.names
        FROM pg_catalog.pg_attribute a CROSS JOIN LATERAL (
          SELECT pg_catalog.array_agg(m.attname ORDER BY x.number) AS names
          FROM pg_catalog.unnest(kept.any_key) WITH ORDINALITY AS x(name, number)
          JOIN pg_catalog.jsonb_array_elements_text(pg_catalog.current_setting('ballast.kept_columns')::jsonb
            -> a.attrelid::text) AS was(line)
            ON pg_catalog.regexp_replace(was.line, '^[^ ]+ [^ ]+ [^ ]+ ', '') = x.name
          JOIN pg_catalog.pg_attribute m ON m.attrelid = a.attrelid AND NOT m.attisdropped
            AND m.attnum = pg_catalog.split_part(was.line, ' ', 1)::integer) AS k
        WHERE a.attrelid = pg_catalog.split_part(kept.lines[4], ' ', 1)::oid AND NOT a.attisdropped
          AND a.attnum = pg_catalog.split_part(kept.lines[4], ' ', 2)::integer AND a.attnum > 0
          AND a.attgenerated = '' AND pg_catalog.cardinality(k.names) = pg_catalog.cardinality(kept.any_key));
)";

// Sets `digest`, a query: for each row as the copy finds it (several can be equal), a digest of the
// values of the column columns[1]. NULL if the table `home` does not have the columns. `keys`: the
// same row of the copy k.
constexpr char kDescribeValue[] = R"(
      digest := NULL;
      keys := (SELECT 'ROW(' || pg_catalog.string_agg(pg_catalog.format('k.%I', x.name), ', ' ORDER BY x.number)
        || CASE WHEN kept.of_tables THEN ', k."ballast table"' ELSE '' END || ')::text'
        FROM pg_catalog.unnest(kept.any_key) WITH ORDINALITY AS x(name, number));
      IF pg_catalog.to_regclass(home) IS NOT NULL AND pg_catalog.cardinality(columns) > 1 AND NOT EXISTS (
          SELECT FROM pg_catalog.unnest(columns) AS x(name) WHERE x.name NOT IN (
            SELECT a.attname FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = pg_catalog.to_regclass(home) AND NOT a.attisdropped)) THEN
        digest := 'SELECT ROW(' || (SELECT pg_catalog.string_agg(pg_catalog.format('h.%I::text', x.name), ', '
            ORDER BY x.number)
          FROM pg_catalog.unnest(columns[2:]) WITH ORDINALITY AS x(name, number))
          || CASE WHEN kept.of_tables THEN ', h.tableoid::pg_catalog.regclass::text' ELSE '' END
          || ')::text AS found, count(*) || '' '' || ' || pg_catalog.replace('@value_sum', '@value',
            pg_catalog.format('coalesce(h.%I::text, ''~'')', columns[1]))
          || ' AS digest FROM ' || home || ' AS h GROUP BY 1';
      END IF;
)";

// A line "sum DIGEST TABLE" for each table that has columns of the older release only.
constexpr char kDigest[] = R"(DECLARE
  kept record;
  t record;
  sum text;
  sums text[] := ARRAY['sums'];
  home text;
  columns name[];
  keys text;
  digest text;
BEGIN
  PERFORM pg_catalog.set_config('row_security', 'off', true);
  BEGIN
    FOR t IN SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS place
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND @user_table AND EXISTS (@older_columns_of_class) ORDER BY c.oid LOOP
      EXECUTE 'SELECT count(*) || '':'' || coalesce(@sum, 0) FROM ONLY ' || t.place || ' AS h' INTO sum;
      sums := sums || ('sum ' || sum || ' ' || pg_catalog.replace(t.place, E'\n', E'\\n'));
    END LOOP;
  EXCEPTION WHEN insufficient_privilege THEN
    sums := ARRAY['changed'];  -- nobody knows
  END;
  FOR kept IN @copies LOOP
    BEGIN
      EXECUTE pg_catalog.format('COMMENT ON TABLE %s IS %L', kept.place, pg_catalog.array_to_string(ARRAY(
        SELECT l.line FROM pg_catalog.unnest(kept.lines) WITH ORDINALITY AS l(line, number)
        WHERE l.number < 4 OR l.line !~ '^(same|changed|sums|sum .*)$' ORDER BY l.number)
        || CASE WHEN kept.is_new OR kept.others_same THEN sums ELSE ARRAY['changed'] END, E'\n'));
      CONTINUE WHEN NOT kept.of_column OR NOT kept.is_new AND kept.row_lines IS NULL
        AND kept.value_lines IS NULL;
      home := CASE WHEN kept.is_new THEN coalesce((
          SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
          FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE c.oid = pg_catalog.split_part(kept.lines[4], ' ', 1)::oid), (
          SELECT pg_catalog.format('%I.%I', CASE WHEN pg_catalog.cardinality(p.names) > 1 THEN p.names[1]
            ELSE kept.lines[3] END, p.names[pg_catalog.cardinality(p.names)])
          FROM pg_catalog.parse_ident(pg_catalog.replace(kept.lines[1], E'\\n', E'\n')) AS p(names)))
        ELSE pg_catalog.replace((coalesce(kept.row_lines, kept.value_lines))[1], E'\\n', E'\n') END;
      IF kept.is_new OR kept.value_lines IS NOT NULL THEN
        IF kept.is_new THEN
@find_value
        ELSE
          columns := ARRAY(SELECT pg_catalog.replace(l.line, E'\\n', E'\n')
            FROM pg_catalog.unnest(kept.value_lines[2:]) WITH ORDINALITY AS l(line, number) ORDER BY l.number);
        END IF;
@describe_value
        IF digest IS NOT NULL THEN
          IF kept.is_new THEN
            EXECUTE 'ALTER TABLE ' || kept.place || ' ADD COLUMN "ballast value" text';
            EXECUTE pg_catalog.format('COMMENT ON COLUMN %s."ballast value" IS %L', kept.place,
              pg_catalog.array_to_string(ARRAY(SELECT pg_catalog.replace(l.line, E'\n', E'\\n')
                FROM pg_catalog.unnest(home || columns::text[]) WITH ORDINALITY AS l(line, number)
                ORDER BY l.number), E'\n'));
          END IF;
          EXECUTE 'UPDATE ' || kept.place || ' AS k SET "ballast value" = v.digest FROM (' || digest
            || ') AS v WHERE v.found = ' || keys
            || CASE WHEN kept.is_new THEN '' ELSE ' AND k."ballast value" = ''same''' END;
        END IF;
      END IF;
      CONTINUE WHEN kept.key IS NULL OR NOT kept.is_new AND kept.row_lines IS NULL;
      columns := ARRAY(@older_columns_of_home UNION SELECT pg_catalog.replace(l.line, E'\\n', E'\n')
        FROM pg_catalog.unnest(kept.row_lines[2:]) AS l(line) ORDER BY 1);
@describe_row
      CONTINUE WHEN digest IS NULL;
      IF kept.row_lines IS NULL THEN
        EXECUTE 'ALTER TABLE ' || kept.place || ' ADD COLUMN "ballast row" text';
      END IF;
      EXECUTE 'UPDATE ' || kept.place || ' AS k SET "ballast row" = ' || digest || ' FROM ' || home
        || ' AS h WHERE ' || keys || CASE WHEN kept.is_new THEN '' ELSE ' AND k."ballast row" = ''same''' END;
      EXECUTE pg_catalog.format('COMMENT ON COLUMN %s."ballast row" IS %L', kept.place,
        pg_catalog.array_to_string(ARRAY(SELECT pg_catalog.replace(l.line, E'\n', E'\\n')
          FROM pg_catalog.unnest(home || columns::text[]) WITH ORDINALITY AS l(line, number)
          ORDER BY l.number), E'\n'));
    EXCEPTION WHEN insufficient_privilege THEN
      NULL;
    END;
  END LOOP;
  PERFORM pg_catalog.set_config('row_security', 'on', true);
END;
)";

constexpr char kObserve[] = R"(DECLARE
  kept record;
  t record;
  sum text;
  others_same boolean;
  home text;
  columns name[];
  keys text;
  digest text;
  observed text[] := '{}';
BEGIN
  PERFORM pg_catalog.set_config('row_security', 'off', true),
    pg_catalog.set_config('ballast.column_numbers', (
      SELECT coalesce(pg_catalog.jsonb_object_agg(c.oid::text, c.relnatts), '{}')::text
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND @user_table), true);
  FOR kept IN @copies LOOP
    CONTINUE WHEN pg_catalog.cardinality(kept.lines) < 3;  -- from an earlier version
    BEGIN
      IF kept.value_lines IS NOT NULL THEN
        home := pg_catalog.replace(kept.value_lines[1], E'\\n', E'\n');
        columns := ARRAY(SELECT pg_catalog.replace(l.line, E'\\n', E'\n')
          FROM pg_catalog.unnest(kept.value_lines[2:]) WITH ORDINALITY AS l(line, number) ORDER BY l.number);
@describe_value
        IF digest IS NOT NULL THEN
          EXECUTE 'LOCK TABLE ' || home || ' IN ACCESS EXCLUSIVE MODE';
          EXECUTE 'UPDATE ' || kept.place || ' AS k SET "ballast value" = CASE WHEN k."ballast value" IS NULL '
            || 'THEN NULL WHEN now.digest = k."ballast value" THEN ''same'' ELSE ''changed'' END FROM ('
            || 'SELECT k.ctid AS place, v.digest FROM ' || kept.place || ' AS k LEFT JOIN (' || digest
            || ') AS v ON v.found = ' || keys || ') AS now WHERE now.place = k.ctid';
        ELSE
          EXECUTE 'UPDATE ' || kept.place || ' SET "ballast value" = NULL';
        END IF;
      END IF;
      home := pg_catalog.replace(kept.row_lines[1], E'\\n', E'\n');
      columns := ARRAY(SELECT pg_catalog.replace(l.line, E'\\n', E'\n')
        FROM pg_catalog.unnest(kept.row_lines[2:]) AS l(line) ORDER BY 1);
@describe_row
      IF digest IS NOT NULL THEN
        EXECUTE 'LOCK TABLE ' || home || ' IN ACCESS EXCLUSIVE MODE';
        EXECUTE 'UPDATE ' || kept.place || ' AS k SET "ballast row" = CASE WHEN k."ballast row" IS NULL '
          || 'THEN NULL WHEN now.digest = k."ballast row" THEN ''same'' WHEN pg_catalog.split_part('
          || 'now.digest, '' '', 1) = pg_catalog.split_part(k."ballast row", '' '', 1) THEN ''other'' '
          || 'ELSE ''changed'' END FROM (SELECT k.ctid AS place, ' || digest || ' AS digest FROM '
          || kept.place || ' AS k LEFT JOIN ' || home || ' AS h ON ' || keys || ') AS now '
          || 'WHERE now.place = k.ctid';
      ELSIF kept.row_lines IS NOT NULL THEN
        EXECUTE 'UPDATE ' || kept.place || ' SET "ballast row" = NULL';
      END IF;
      others_same := 'sums' = ANY (kept.lines[4:]);
      FOR t IN SELECT m.parts[1] AS sum, pg_catalog.replace(m.parts[2], E'\\n', E'\n') AS place
          FROM pg_catalog.unnest(kept.lines[4:]) AS l(line),
            pg_catalog.regexp_match(l.line, '^sum ([0-9:-]+) (.*)$') AS m(parts)
          WHERE m.parts IS NOT NULL LOOP
        CONTINUE WHEN t.place = home OR NOT others_same;
        IF pg_catalog.to_regclass(t.place) IS NULL THEN
          others_same := false;
        ELSE
          EXECUTE 'LOCK TABLE ' || t.place || ' IN ACCESS EXCLUSIVE MODE';
          EXECUTE 'SELECT count(*) || '':'' || coalesce(@sum, 0) FROM ONLY ' || t.place || ' AS h' INTO sum;
          others_same := sum = t.sum;
        END IF;
      END LOOP;
      EXECUTE pg_catalog.format('COMMENT ON TABLE %s IS %L', kept.place, pg_catalog.array_to_string(ARRAY(
        SELECT l.line FROM pg_catalog.unnest(kept.lines) WITH ORDINALITY AS l(line, number)
        WHERE l.number < 4 OR l.line !~ '^(same|changed|sums|sum .*)$' ORDER BY l.number)
        || CASE WHEN others_same THEN 'same' ELSE 'changed' END, E'\n'));
      observed := observed || kept.oid::text;
    EXCEPTION WHEN insufficient_privilege THEN
      NULL;
    END;
  END LOOP;
  PERFORM pg_catalog.set_config('ballast.observed', pg_catalog.array_to_string(observed, ' '), true);
END;
)";

std::string Filled(const char* text, const std::string& mine) {
  const std::string older = kOlderColumns;
  std::string body = ReplaceAll(text, "@copies", kDescribeCopies);
  body = ReplaceAll(body, "@describe_row", kDescribeRow);
  body = ReplaceAll(body, "@find_value", kFindValue);
  body = ReplaceAll(body, "@describe_value", kDescribeValue);
  body = ReplaceAll(body, "@older_columns_of_class", ReplaceAll(older, "@place", "c.oid"));
  body = ReplaceAll(body, "@older_columns_of_home",
                    ReplaceAll(older, "@place", "pg_catalog.to_regclass(home)"));
  body = ReplaceAll(body, "@column", kColumn);
  body = ReplaceAll(body, "@value_sum", ReplaceAll(SumOfTexts("@value"), "'", "''"));
  body = ReplaceAll(body, "@sum", ReplaceAll(SumOfTexts("(h.*)::text"), "'", "''"));
  body = ReplaceAll(body, "@user_table", IsUserTable());
  return catalog::RenderDoBlock(ReplaceAll(body, "@mine", mine));
}

}  // namespace

std::string NoteColumnsSql(const std::string& schema) {
  std::string body = ReplaceAll(kNoteColumns, "@column", kColumn);
  body = ReplaceAll(body, "@user_table", IsUserTable());
  return catalog::RenderDoBlock(ReplaceAll(body, "@schema", sql::QuoteLiteral(schema)));
}

std::string DigestRowsSql() {
  return Filled(kDigest,
                "c.relkind = 'r' AND c.relnamespace = pg_catalog.to_regnamespace('ballast_kept') "
                "AND o.lines[3] = pg_catalog.current_setting('ballast.kept_schema')");
}

std::string ObserveRowsSql(const std::string& schema) {
  return Filled(kObserve, IsKeptSql(schema));
}

}  // namespace ballast::plan
