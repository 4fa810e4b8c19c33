// SPDX-License-Identifier: Apache-2.0
#include "plan/kept_data.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "catalog/render_ddl.h"
#include "plan/sequence_values.h"
#include "sql/computed_rows.h"
#include "sql/quote.h"

namespace ballast::plan {
namespace {

// Of the columns of the table, the key and @column, or all of them. The key is @older, the primary
// key of the older release, if the table has its columns, or else its own. Comments mark it.
constexpr char kKeep[] =
    R"(DECLARE
  key int2[];
  name text;
BEGIN
  LOCK TABLE @place IN ACCESS EXCLUSIVE MODE;  -- nobody writes after the copy
  EXECUTE 'CREATE SCHEMA IF NOT EXISTS ballast_kept';
  IF pg_catalog.to_regclass('@kept') IS NOT NULL THEN  -- what did not go back stays
    EXECUTE pg_catalog.format('ALTER TABLE @kept RENAME TO %I', pg_catalog.left(@label, 48) || '.'
      || pg_catalog.to_regclass('@kept')::oid);
  END IF;
  IF @column <> '' THEN
    key := coalesce(
      (SELECT pg_catalog.array_agg(a.attnum) FROM pg_catalog.pg_attribute a
       WHERE a.attrelid = @table::pg_catalog.regclass AND NOT a.attisdropped
         AND a.attname = ANY (@older)
       HAVING count(*) > 0 AND count(*) = pg_catalog.cardinality(@older)),
      (SELECT pg_catalog.string_to_array(i.indkey::text, ' ')::int2[] FROM pg_catalog.pg_index i
       WHERE i.indrelid = @table::pg_catalog.regclass AND i.indisprimary));
  END IF;
  EXECUTE 'CREATE TABLE @kept AS SELECT ' || (
    SELECT pg_catalog.string_agg(pg_catalog.format('%1$I::text AS %1$I', a.attname), ', '
                                 ORDER BY a.attnum)
    FROM pg_catalog.pg_attribute a
    WHERE a.attrelid = @table::pg_catalog.regclass AND a.attnum > 0 AND NOT a.attisdropped
      AND (key IS NULL OR a.attnum = ANY (key)
           OR '"' || pg_catalog.replace(a.attname, '"', '""') || '"' = @bare))
    -- Tables that inherit from each other can have the same key.
    || CASE WHEN @column <> '' AND EXISTS (SELECT FROM pg_catalog.pg_inherits i
        JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid AND NOT c.relispartition
        WHERE i.inhparent = @table::pg_catalog.regclass)
      THEN ', tableoid::pg_catalog.regclass::text AS "ballast table"' ELSE '' END
    || ' FROM ' || CASE WHEN @column = '' AND (SELECT relkind FROM pg_catalog.pg_class
      WHERE oid = @table::pg_catalog.regclass) = 'r' THEN 'ONLY ' ELSE '' END || @table;
  FOR name IN SELECT pg_catalog.quote_ident(a.attname) FROM pg_catalog.pg_attribute a
      WHERE a.attrelid = @table::pg_catalog.regclass AND a.attnum = ANY (key) LOOP
    EXECUTE 'COMMENT ON COLUMN @kept.' || name || ' IS ''key''';
  END LOOP;
  EXECUTE 'COMMENT ON TABLE @kept IS '
    || pg_catalog.quote_literal(@table || E'\n' || @bare || E'\n' || @schema || E'\n'
      || @table::pg_catalog.regclass::oid || ' ' || coalesce((
        SELECT a.attnum FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = @table::pg_catalog.regclass AND NOT a.attisdropped
          AND '"' || pg_catalog.replace(a.attname, '"', '""') || '"' = @bare), 0));  -- for kMark
END;
)";

// The fourth line becomes what it is for: whether the column still exists, under any name, or the
// older release has a table of this name.
constexpr char kMark[] = R"(DECLARE
  kept record;
BEGIN
  FOR kept IN SELECT k.place, pg_catalog.array_to_string(k.lines[1:3], E'\n') AS origin, coalesce((
      SELECT E'\nreplaced' || CASE WHEN t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace
        THEN E'\n' || pg_catalog.format_type(a.atttypid, a.atttypmod) ELSE '' END
      FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
      WHERE a.attrelid = pg_catalog.split_part(k.lines[4], ' ', 1)::oid AND a.attnum > 0
        AND NOT a.attisdropped AND (a.attnum = pg_catalog.split_part(k.lines[4], ' ', 2)::int
          OR '"' || pg_catalog.replace(a.attname, '"', '""') || '"' = k.lines[2])
      ORDER BY a.attnum LIMIT 1), CASE WHEN k.lines[2] = ''
        AND pg_catalog.to_regclass(k.lines[1]) IS NOT NULL THEN E'\nreplaced' END) AS replaced
    FROM (SELECT c.oid::pg_catalog.regclass AS place, pg_catalog.string_to_array(
        pg_catalog.obj_description(c.oid, 'pg_class'), E'\n') AS lines
      FROM pg_catalog.pg_class c
      WHERE c.relnamespace = pg_catalog.to_regnamespace('ballast_kept') AND c.relkind = 'r') AS k
    WHERE k.lines[4] ~ '^[0-9]+ [0-9]+$'
  LOOP
    EXECUTE pg_catalog.format('COMMENT ON TABLE %s IS %L', kept.place,
                              kept.origin || coalesce(kept.replaced, ''));
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

constexpr char kRestore[] = R"sql(DECLARE
  kept record;
  names text;
  texts text;
  kept_row text;
  home_row text;
  keys text;
  home_key name[];  -- by which the copy's rows are found
  coltype text;
  no_column text;  -- columns of the copy that the table does not have
  is_home text;  -- a condition on the copy k: the table has the row or value
  sets text;  -- for an UPDATE of the table's other columns than its key
  place_key text;  -- an expression on the copy k: "id = 1"
  own_rows text;  -- "ONLY ", where the table can have children
  left_rows bigint;
  left_same bigint;  -- those whose key the table has
  left_keys text;
  restored bigint;
  remains boolean;
  always boolean;  -- an identity column that no UPDATE may set
  required boolean;  -- NOT NULL
  rows_to_set text;  -- a condition on the table h and the copy k
  update_values text;
  trigger record;
  enabling text[];  -- statements that enable the triggers again
  referring oid[] := '{}';  -- tables whose rows need rows of other tables
  cyclic text[];  -- their foreign keys: the begin of a statement
  deferring text;
  progress boolean;
  left_over text[];
BEGIN
  PERFORM pg_catalog.set_config('row_security', 'off', true);  -- an error instead of fewer rows
  -- Tables can reference each other. If so, their foreign keys are checked at the end.
  FOR phase IN 1..2 LOOP
  BEGIN
  IF phase = 2 THEN
    FOREACH deferring IN ARRAY cyclic LOOP
      EXECUTE deferring || ' DEFERRABLE INITIALLY DEFERRED';
    END LOOP;
  END IF;
  progress := true;
  WHILE progress LOOP  -- a row may need the rows of a table that comes later
  progress := false;
  left_over := '{}';
  FOR kept IN SELECT c.oid, c.oid::pg_catalog.regclass::text AS place,
      CASE WHEN o.lines[1] ~ '^"([^"]|"")*"$' THEN pg_catalog.format('%I.', @schema) ELSE '' END
        || o.lines[1] AS home,
      coalesce(o.lines[2], '') AS col, o.lines[4] IS NOT NULL AS replaced,
      o.lines[5] AS older_type, pg_catalog.replace(pg_catalog.substring(o.lines[1],
        '"((?:[^"]|"")*)"$'), '""', '"') AS bare, (SELECT pg_catalog.array_agg(a.attname) FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
          AND pg_catalog.col_description(c.oid, a.attnum) = 'key') AS key
    FROM pg_catalog.pg_class c
    CROSS JOIN LATERAL (SELECT pg_catalog.string_to_array(
      pg_catalog.obj_description(c.oid, 'pg_class'), E'\n') AS lines) AS o
    WHERE @mine
    -- Of what was kept twice, that of the last time wins: it is written last where values replace
    -- others, and else first.
    ORDER BY coalesce(o.lines[2], '') <> '', CASE WHEN coalesce(o.lines[2], '') = ''
      AND o.lines[4] IS NOT NULL THEN -c.oid::bigint ELSE c.oid::bigint END
  LOOP
    CONTINUE WHEN pg_catalog.to_regclass(kept.home) IS NULL;
    -- Earlier versions have not marked the key, which is that of the table.
    home_key := coalesce(kept.key, (SELECT pg_catalog.array_agg(a.attname)
      FROM pg_catalog.pg_index i JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid
        AND a.attnum = ANY (i.indkey)
      WHERE i.indrelid = kept.home::pg_catalog.regclass AND i.indisprimary));
    SELECT pg_catalog.string_agg(pg_catalog.format('%I', a.attname), ', ' ORDER BY a.attnum),
      pg_catalog.string_agg(pg_catalog.format('k.%I::%s', a.attname,
        pg_catalog.format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum),
      pg_catalog.string_agg(pg_catalog.format('(k.%I::%s)::text', a.attname,
        pg_catalog.format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum),
      pg_catalog.string_agg(pg_catalog.format('h.%I::text', a.attname), ', ' ORDER BY a.attnum),
      pg_catalog.string_agg(pg_catalog.format('h.%1$I::text = (k.%1$I::%2$s)::text', a.attname,
        pg_catalog.format_type(a.atttypid, a.atttypmod)), ' AND ')
        FILTER (WHERE a.attname = ANY (home_key)),
      pg_catalog.string_agg(pg_catalog.format('%L || k.%I', pg_catalog.quote_ident(a.attname)
        || ' = ', a.attname), ' || '', '' || ' ORDER BY a.attnum)
        FILTER (WHERE a.attname = ANY (home_key)),
      pg_catalog.string_agg(pg_catalog.format(CASE
          WHEN NOT kept.replaced AND kept.bare <> ALL (@computed) THEN '%1$I = k.%1$I::%2$s'
          ELSE '%1$I = coalesce(h.%1$I, k.%1$I::%2$s)' END, a.attname,
        pg_catalog.format_type(a.atttypid, a.atttypmod)), ', ')
        FILTER (WHERE a.attname <> ALL (home_key) AND a.attidentity <> 'a')
    INTO names, texts, kept_row, home_row, keys, place_key, sets
    FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_attribute k ON k.attrelid = kept.oid AND k.attname = a.attname
    WHERE a.attrelid = kept.home::pg_catalog.regclass AND a.attnum > 0 AND NOT a.attisdropped
      AND a.attgenerated = '' AND (kept.col = '' OR a.attname = ANY (home_key)
        OR '"' || pg_catalog.replace(a.attname, '"', '""') || '"' = kept.col);
    IF (SELECT count(*) FROM pg_catalog.pg_attribute k JOIN pg_catalog.pg_attribute a
          ON a.attrelid = kept.home::pg_catalog.regclass AND a.attname = k.attname
            AND NOT a.attisdropped
        WHERE k.attrelid = kept.oid AND k.attname = ANY (home_key))
        < pg_catalog.cardinality(home_key) THEN
      keys := NULL;  -- a part of a key finds other rows
    ELSIF EXISTS (SELECT FROM pg_catalog.pg_attribute k WHERE k.attrelid = kept.oid
                  AND k.attname = 'ballast table') THEN
      keys := keys || ' AND h.tableoid::pg_catalog.regclass::text = k."ballast table"';
    END IF;
    BEGIN
      SELECT pg_catalog.string_agg(pg_catalog.quote_ident(k.attname), ', ') INTO no_column
        FROM pg_catalog.pg_attribute k WHERE k.attrelid = kept.oid AND k.attnum > 0
        AND NOT k.attisdropped AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a
          WHERE a.attrelid = kept.home::pg_catalog.regclass AND a.attname = k.attname);
      coltype := NULL;
      SELECT pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity = 'a'
        INTO coltype, required, always FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = kept.home::pg_catalog.regclass AND NOT a.attisdropped
          AND '"' || pg_catalog.replace(a.attname, '"', '""') || '"' = kept.col;
      IF kept.col = '' AND no_column IS NOT NULL THEN
        left_over := left_over || pg_catalog.format('%s: nothing was restored, because %s has no '
          || 'column %s', kept.place, kept.home::pg_catalog.regclass, no_column);
        CONTINUE;
      ELSIF kept.col <> '' AND (keys IS NULL OR coltype IS NULL) THEN
        CONTINUE;
      END IF;
      -- The triggers of users have seen these rows and values before.
      enabling := '{}';
      FOR trigger IN
        WITH RECURSIVE tree(place) AS (SELECT kept.home::pg_catalog.regclass::oid UNION
          SELECT i.inhrelid FROM tree JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.place)
        SELECT t.tgrelid::pg_catalog.regclass::text AS place, t.tgname AS name, t.tgenabled AS state
        FROM tree JOIN pg_catalog.pg_trigger t ON t.tgrelid = tree.place
        WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') ORDER BY 1, 2
      LOOP
        SET CONSTRAINTS ALL IMMEDIATE;  -- with events that wait, no trigger can be disabled
        EXECUTE pg_catalog.format('ALTER TABLE ONLY %s DISABLE TRIGGER %I', trigger.place,
                                  trigger.name);
        enabling := enabling || pg_catalog.format('ALTER TABLE ONLY %s ENABLE %s TRIGGER %I',
          trigger.place, CASE WHEN trigger.state = 'A' THEN 'ALWAYS' ELSE '' END, trigger.name);
      END LOOP;
      IF phase = 2 THEN
        SET CONSTRAINTS ALL DEFERRED;  -- whatever was set before
      END IF;
      IF kept.col = '' THEN
        own_rows := CASE WHEN (SELECT c.relkind FROM pg_catalog.pg_class c
          WHERE c.oid = kept.home::pg_catalog.regclass) = 'r' THEN 'ONLY ' ELSE '' END;
        IF keys IS NOT NULL AND sets IS NOT NULL THEN
          -- The upgrade has made the rows that are there. If it makes them of constants, what users
          -- have written into them since is kept; otherwise only what they lack.
          BEGIN
            EXECUTE 'UPDATE ' || own_rows || kept.home || ' AS h SET ' || sets || ' FROM ' || kept.place
              || ' AS k WHERE ' || keys || ' AND ROW(' || home_row || ')::text <> ROW(' || kept_row
              || ')::text';
          EXCEPTION WHEN unique_violation OR exclusion_violation OR check_violation THEN
            NULL;  -- these rows remain in the copy
          END;
        END IF;
        EXECUTE 'INSERT INTO ' || kept.home || ' (' || names || ') OVERRIDING SYSTEM VALUE SELECT '
          || texts || ' FROM ' || CASE WHEN home_key IS NOT NULL OR kept.replaced
            THEN kept.place || ' AS k'
            -- Without a key, a row that the upgrade has made would be there twice.
            ELSE '(SELECT k.*, ROW(' || kept_row || ')::text AS "ballast row", row_number() OVER '
              || '(PARTITION BY ROW(' || kept_row || ')::text) AS "ballast number" FROM ' || kept.place
              || ' AS k) AS k LEFT JOIN (SELECT ROW(' || home_row || ')::text AS present, '
              || 'count(*) AS number FROM ' || own_rows || kept.home || ' AS h GROUP BY 1) AS h '
              || 'ON h.present = k."ballast row" WHERE k."ballast number" > coalesce(h.number, 0)'
            END || ' ON CONFLICT DO NOTHING';
        GET DIAGNOSTICS restored = ROW_COUNT;
        is_home := 'ROW(' || kept_row || ')::text IN (SELECT ROW(' || home_row || ')::text FROM '
          || kept.home || ' AS h)';
      ELSE
        IF always THEN
          EXECUTE 'ALTER TABLE ' || kept.home || ' ALTER COLUMN ' || kept.col || ' SET GENERATED BY DEFAULT';
        END IF;
        rows_to_set := keys || CASE WHEN kept.replaced THEN ' AND k.' || kept.col
            || ' IS NOT NULL AND (h.' || kept.col || ' IS NULL'
            -- or what the rollback has made of the value
            || coalesce(' OR h.' || kept.col || '::text = (k.' || kept.col || '::' || coltype || '::'
              || kept.older_type || '::' || coltype || ')::text', '') || ')' ELSE '' END;
        update_values := 'UPDATE ' || kept.home || ' AS h SET ' || kept.col || ' = k.' || kept.col || '::'
          || coltype || ' FROM ' || kept.place || ' AS k WHERE ' || rows_to_set;
        BEGIN
          EXECUTE update_values;
          GET DIAGNOSTICS restored = ROW_COUNT;
        EXCEPTION WHEN unique_violation OR exclusion_violation THEN
          -- The rows may exchange their values.
          IF required THEN
            EXECUTE 'ALTER TABLE ' || kept.home || ' ALTER COLUMN ' || kept.col || ' DROP NOT NULL';
          END IF;
          EXECUTE 'UPDATE ' || kept.home || ' AS h SET ' || kept.col || ' = NULL FROM ' || kept.place
            || ' AS k WHERE ' || rows_to_set;
          EXECUTE update_values;
          GET DIAGNOSTICS restored = ROW_COUNT;
          IF required THEN
            EXECUTE 'ALTER TABLE ' || kept.home || ' ALTER COLUMN ' || kept.col || ' SET NOT NULL';
          END IF;
        END;
        -- Nothing is lost with the NULL of a row that no longer exists.
        is_home := 'k.' || kept.col || ' IS NULL' || CASE WHEN kept.replaced THEN '' ELSE
            ' AND NOT EXISTS (SELECT FROM ' || kept.home || ' AS h WHERE ' || keys || ')' END
          || ' OR EXISTS (SELECT FROM ' || kept.home || ' AS h WHERE ' || keys || ' AND h.' || kept.col
          || '::text IS NOT DISTINCT FROM (k.' || kept.col || '::' || coltype || ')::text)';
        IF always THEN
          EXECUTE 'ALTER TABLE ' || kept.home || ' ALTER COLUMN ' || kept.col || ' SET GENERATED ALWAYS';
        END IF;
      END IF;
      IF pg_catalog.cardinality(enabling) > 0 THEN
        SET CONSTRAINTS ALL IMMEDIATE;
      END IF;
      FOREACH names IN ARRAY enabling LOOP
        EXECUTE names;
      END LOOP;
      -- Sequences of columns, owned by them or only in their defaults, continue after all values.
@sequences      EXECUTE 'SELECT count(*) <> $1 FROM ' || kept.place
        || CASE WHEN kept.replaced AND kept.col <> '' THEN ' WHERE ' || kept.col || ' IS NOT NULL' ELSE '' END
        INTO remains USING restored;
      IF remains THEN
        EXECUTE 'DELETE FROM ' || kept.place || ' AS k WHERE ' || is_home;
        EXECUTE 'SELECT count(*), count(*) FILTER (WHERE ' || coalesce('EXISTS (SELECT FROM '
          || kept.home || ' AS h WHERE ' || keys || ')', 'false') || '), pg_catalog.array_to_string('
          || '(pg_catalog.array_agg(' || coalesce(place_key, 'NULL::text') || '))[1:5], ''; '') FROM '
          || kept.place || ' AS k' INTO left_rows, left_same, left_keys;
        remains := left_rows > 0;
      END IF;
      IF remains THEN
        left_over := left_over || pg_catalog.format('%s: %s not restored, because %s%s', kept.place,
          CASE left_rows WHEN 1 THEN '1 row was' ELSE left_rows || ' rows were' END,
          pg_catalog.concat_ws(', and ',
            CASE WHEN left_same > 0 THEN kept.home::pg_catalog.regclass
              || ' has other values in rows with the same key' END,
            CASE WHEN left_rows > left_same AND kept.col <> ''
              THEN kept.home::pg_catalog.regclass || ' does not have the row'
              WHEN left_rows > left_same
              THEN kept.home::pg_catalog.regclass || ' has another row with the same unique value' END),
          CASE WHEN left_keys <> '' THEN pg_catalog.format(' (%s%s)', left_keys,
            CASE WHEN left_rows > 5 THEN ' …' END) END);
      ELSE
        EXECUTE 'DROP TABLE ' || kept.place;
        progress := true;
      END IF;
    EXCEPTION WHEN OTHERS THEN
      IF SQLSTATE ~ '^(40|53|55|57|58|XX)' THEN  -- not because of the data
        RAISE;
      ELSIF SQLSTATE = '23503' AND kept.col = '' THEN
        referring := referring || kept.home::pg_catalog.regclass::oid;
      END IF;
      left_over := left_over || pg_catalog.format('%s: nothing was restored: %s', kept.place,
                                                  SQLERRM);
    END;
  END LOOP;
  END LOOP;
  IF phase = 2 THEN
    SET CONSTRAINTS ALL IMMEDIATE;
    FOREACH deferring IN ARRAY cyclic LOOP
      EXECUTE deferring || ' NOT DEFERRABLE';
    END LOOP;
  END IF;
  EXCEPTION WHEN foreign_key_violation THEN
    NULL;  -- the data stays: left_over has the reasons of phase 1
  END;
  cyclic := (SELECT pg_catalog.array_agg(pg_catalog.format('ALTER TABLE %s ALTER CONSTRAINT %I',
      f.conrelid::pg_catalog.regclass, f.conname))
    FROM pg_catalog.pg_constraint f
    WHERE f.contype = 'f' AND NOT f.condeferrable AND f.conparentid = 0
      AND f.conrelid = ANY (referring) AND f.confrelid = ANY (referring));
  EXIT WHEN cyclic IS NULL;
  END LOOP;
  SET LOCAL client_min_messages = notice;
  FOREACH names IN ARRAY left_over LOOP
    RAISE NOTICE '%', names;
  END LOOP;
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n
                 ON n.oid = c.relnamespace WHERE n.nspname = 'ballast_kept') THEN
    BEGIN
      EXECUTE 'DROP SCHEMA IF EXISTS ballast_kept';
    EXCEPTION WHEN dependent_objects_still_exist OR insufficient_privilege THEN
      NULL;  -- others use it
    END;
  END IF;
END
)sql";

}  // namespace

std::string KeptName(const std::string& schema, const std::string& table,
                     const std::string& column) {
  const std::string name = ReplaceAll(table + (column.empty() ? "" : "." + column), "\"", "");
  const bool is_qualified = table.find("\".\"") != std::string::npos;
  return schema == "public" || is_qualified ? name : schema + "." + name;
}

std::string KeepDataSql(const std::string& schema, const std::string& table,
                        const std::string& column, const std::vector<std::string>& older_key) {
  const std::string label = KeptName(schema, table, column);
  const std::string kept = sql::QualifiedName(kKeptSchema, label);
  std::string body = kKeep;
  body = ReplaceAll(body, "@kept", ReplaceAll(kept, "'", "''"));
  body = ReplaceAll(body, "@label", sql::QuoteLiteral(label));
  body = ReplaceAll(body, "@schema", sql::QuoteLiteral(schema));
  body = ReplaceAll(body, "@older", sql::QuoteTextArray(older_key));
  body = ReplaceAll(body, "@place", table);
  body = ReplaceAll(body, "@table", sql::QuoteLiteral(table));
  body = ReplaceAll(body, "@bare", "@column");
  return catalog::RenderDoBlock(ReplaceAll(body, "@column", sql::QuoteLiteral(column)));
}

std::string MarkReplacedSql() {
  return catalog::RenderDoBlock(kMark);
}

std::string IsKeptSql(const std::string& schema) {
  return ReplaceAll(kIsKept, "@schema", sql::QuoteLiteral(schema));
}

std::string RestoreDataSql(const std::string& schema, const std::set<std::string>& computed) {
  std::string body = ReplaceAll(kRestore, "@mine", kIsKept);
  body =
      ReplaceAll(body, "@computed",
                 sql::QuoteTextArray(std::vector<std::string>(computed.begin(), computed.end())));
  body = ReplaceAll(body, "@sequences", ContinueSequencesLoop("kept.home"));
  return "DO $ballast$\n" + ReplaceAll(body, "@schema", sql::QuoteLiteral(schema)) + "$ballast$;\n";
}

void AddKeptData(Plan& plan, const std::string& schema) {
  if (plan.empty() || plan.transactions.back().mode != ScriptMode::kInTransaction) return;
  std::set<std::string> computed;
  for (const Step* step : StepsOf(plan)) {
    const auto* run = std::get_if<RunScript>(&step->act);
    if (run != nullptr) computed.merge(sql::TablesWithComputedRows(run->Script()));
  }
  RunScript run{release::MakeMigration(kKeptSchema, RestoreDataSql(schema, computed))};
  run.record = false;
  run.settings = ScriptSettings::kBaseline;  // the formats in which the values were kept
  std::vector<Step>& steps = plan.transactions.back().steps;
  const auto verify = std::find_if(steps.begin(), steps.end(), [](const Step& step) {
    return std::holds_alternative<VerifyCatalog>(step.act);
  });
  steps.insert(verify, {std::move(run), "restore data that a rollback has kept"});
}

}  // namespace ballast::plan
