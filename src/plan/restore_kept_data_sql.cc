// SPDX-License-Identifier: Apache-2.0
#include "plan/restore_kept_data_sql.h"

#include "base/text.h"
#include "plan/restore_kept_column_sql.h"
#include "plan/restore_kept_rows_sql.h"

namespace ballast::plan {
namespace {

// The copies of this target schema, with what their comments say. Names in comments have "\n" for a
// line break. Of what was kept twice, that of the last time comes first and wins. A copy that
// `fills` replaces nothing but NULL: older ones, those that an earlier restore has left, and those
// of tables and columns that exist for longer than this upgrade, because users can have written
// into them since.
constexpr char kCopies[] = R"sql(
    SELECT c.oid, c.oid::pg_catalog.regclass::text AS place, o.lines,
      'fills' = ANY (o.lines[4:]) AS fills,
      CASE WHEN pg_catalog.cardinality(t.names) > 1 THEN t.names[1] ELSE @schema END AS schema,
      t.names[pg_catalog.cardinality(t.names)] AS bare,
      coalesce((SELECT pg_catalog.quote_ident(a.attname) FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = c.oid AND NOT a.attisdropped AND pg_catalog.replace('"'
          || pg_catalog.replace(a.attname, '"', '""') || '"', E'\n', E'\\n') = o.lines[2]),
        o.lines[2], '') AS col,
      coalesce(o.lines[4] IN ('replaced', 'other', 'generated'), false) AS replaced,
      coalesce(o.lines[4] IN ('other', 'generated'), false) AS other,
      coalesce(o.lines[4] = 'generated', false) AS was_generated,
      CASE WHEN o.lines[4] = 'replaced' AND o.lines[5] !~ '^(fills|sums|same|changed|at [0-9].*)$'
        THEN o.lines[5] END AS older_type,
      (pg_catalog.regexp_match(pg_catalog.array_to_string(o.lines[5:], E'\n'),
        '^at ([0-9]+ [0-9]+)$', 'n'))[1] AS column_at, false AS in_place,
      m.key, m.row_key, w.observed AND m.has_rows AS has_rows,
      w.observed AND m.has_values AS has_values,
      w.observed AND coalesce('same' = ANY (o.lines[4:]), false) AS others_same
    FROM pg_catalog.pg_class c
    CROSS JOIN LATERAL (SELECT pg_catalog.string_to_array(
      pg_catalog.obj_description(c.oid, 'pg_class'), E'\n') AS lines) AS o
    CROSS JOIN LATERAL (SELECT pg_catalog.parse_ident(pg_catalog.replace(o.lines[1], E'\\n', E'\n'))
      AS names) AS t
    CROSS JOIN LATERAL (SELECT pg_catalog.array_agg(a.attname) FILTER (
        WHERE pg_catalog.col_description(c.oid, a.attnum) = 'key') AS key,
      pg_catalog.array_agg(a.attname) FILTER (
        WHERE pg_catalog.col_description(c.oid, a.attnum) = 'row') AS row_key,
      coalesce(pg_catalog.bool_or(a.attname = 'ballast row'), false) AS has_rows,
      coalesce(pg_catalog.bool_or(a.attname = 'ballast value'), false) AS has_values
      FROM pg_catalog.pg_attribute a
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS m
    CROSS JOIN LATERAL (SELECT coalesce(c.oid::text = ANY (pg_catalog.string_to_array(
      pg_catalog.current_setting('ballast.observed', true), ' ')), false) AS observed) AS w
    WHERE @mine
    ORDER BY coalesce(o.lines[2], '') <> '', c.oid DESC)sql";

constexpr char kDeclare[] = R"sql(DECLARE
  kept record;
  home text;  -- the table
  names text;
  texts text;
  kept_row text;
  home_row text;
  kept_key text;  -- the values of the key as a list
  home_key text;
  keys text;  -- a condition on the table h and the copy k
  key_names name[];  -- by which the copy's rows are found
  by_row boolean;  -- the key is all columns, so that several rows can have it
  of_tables boolean;  -- the copy has rows of tables that inherit
  coltype text;
  no_column text;  -- columns of the copy that the table does not have
  is_home text;  -- a condition on the copy k: the table has the row or value
  sets text;  -- for an UPDATE of the table's other columns than its key
  place_key text;  -- an expression on the copy k: "id = 1"
  own_rows text;  -- "ONLY ", where the table can have children
  source text;  -- for an UPDATE: the copy k
  pairs text;  -- a condition on the table h and this copy k
  rows_to_set text;
  older_value text;  -- a condition on h and k: the value is what the rollback has made of k's
  same_older text;  -- a condition on k: the rollback has not changed the value
  required boolean;  -- NOT NULL
  made boolean;  -- by this upgrade: the table or column
  computed boolean;  -- so are values of the table or column
  opaque boolean;  -- the scripts run code, which can compute any values
  fresh boolean;  -- the column did not exist before the scripts
  initial text;  -- the value that a new column has in all rows
  is_initial text;  -- a condition on the table h: the row has that value, or none
  shift bigint;
  sequence text;  -- that numbers the rows of the column
  descends boolean;
  others text;  -- FROM: the rows h without a kept value
  collides boolean;
  actions text[];
  action text;
  in_part text := '($1::tid[] IS NULL OR k.ctid = ANY ($1))';
  done bigint;
  state text;
  message text;
  failed tid[];  -- rows that the server refuses
  untried boolean;  -- and perhaps others
  reasons text[];
  places tid[];
  lows integer[];
  highs integer[];
  low integer;
  high integer;
  left_rows bigint;
  left_failed bigint;
  left_same bigint;  -- those whose key the table has
  left_keys text;
  totals jsonb := '{}';  -- by copy: how many of its rows the table has got
  restored bigint;
  changed oid[] := '{}';  -- tables with rows that were restored
  remains boolean;
  trigger record;
  identity text;  -- a column
  enabling text[];  -- statements that restore the triggers and identity columns
  failing boolean := false;
  referring oid[] := '{}';  -- tables whose rows need rows of other tables
  cyclic text[];  -- their foreign keys: the begin of a statement
  deferring text;
  progress boolean;
  fills boolean;
  target text;
  left_over text[];
  targets text[] := '{}';  -- of the copies so far
  waiting text[];  -- targets of copies of which rows were refused: older ones come later
  renamed record;
  table_now text;
  column_now text;
)sql";

// The table, and the column, exist: users can write into them from now on.
constexpr char kHasHome[] = R"sql(EXISTS (
      SELECT FROM pg_catalog.pg_attribute a
      WHERE a.attrelid = pg_catalog.to_regclass(pg_catalog.format('%I.%I', kept.schema, kept.bare))
        AND NOT a.attisdropped AND (kept.col = '' OR pg_catalog.quote_ident(a.attname) = kept.col)))sql";

// Marks copies that only fill from now on. Copies of earlier versions have no line for the schema.
constexpr char kMarkFills[] = R"sql(
    IF NOT kept.fills AND @condition THEN
      BEGIN
        EXECUTE pg_catalog.format('COMMENT ON TABLE %s IS %L', kept.place,
          pg_catalog.array_to_string(kept.lines[1:2] || coalesce(kept.lines[3], @schema)
            || kept.lines[4:] || ARRAY['fills'], E'\n'));
      EXCEPTION WHEN insufficient_privilege THEN
        NULL;
      END;
    END IF;
)sql";

// What was kept under a name that the upgrade has renamed gets the new one: the tables first, then
// columns that the table no longer has.
constexpr char kFollowRenames[] = R"sql(
  FOR kept IN @copies LOOP
    CONTINUE WHEN NOT @has_renames;
    table_now := kept.bare;
    IF pg_catalog.to_regclass(pg_catalog.format('%I.%I', kept.schema, kept.bare)) IS NULL THEN
      FOR renamed IN SELECT * FROM @renames LOOP
        IF renamed.col = '' AND renamed.bare = table_now AND renamed.schema IN ('', kept.schema) THEN
          table_now := renamed.fresh;
        END IF;
      END LOOP;
    END IF;
    home := pg_catalog.format('%I.%I', kept.schema, table_now);
    CONTINUE WHEN pg_catalog.to_regclass(home) IS NULL;
    names := kept.bare;
    column_now := kept.col;
    BEGIN
      FOR renamed IN SELECT * FROM @renames LOOP
        CONTINUE WHEN renamed.bare <> names OR renamed.schema NOT IN ('', kept.schema);
        IF renamed.col = '' THEN
          IF table_now <> kept.bare THEN
            names := renamed.fresh;
          END IF;
        ELSIF NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = home::pg_catalog.regclass AND a.attname = renamed.col)
          AND EXISTS (SELECT FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = kept.oid AND a.attname = renamed.col) THEN
          EXECUTE pg_catalog.format('ALTER TABLE %s RENAME COLUMN %I TO %I', kept.place, renamed.col,
                                    renamed.fresh);
          IF column_now = pg_catalog.quote_ident(renamed.col) THEN
            column_now := pg_catalog.quote_ident(renamed.fresh);
          END IF;
        END IF;
      END LOOP;
      IF table_now <> kept.bare OR column_now <> kept.col THEN
        kept.lines[1] := pg_catalog.replace(CASE WHEN pg_catalog.cardinality(
            pg_catalog.parse_ident(kept.lines[1])) > 1
          THEN '"' || pg_catalog.replace(kept.schema, '"', '""') || '".' ELSE '' END || '"'
          || pg_catalog.replace(table_now, '"', '""') || '"', E'\n', E'\\n');
        kept.lines[2] := CASE WHEN column_now = '' THEN '' ELSE pg_catalog.replace('"'
          || pg_catalog.replace((pg_catalog.parse_ident(column_now))[1], '"', '""') || '"', E'\n',
          E'\\n') END;
        EXECUTE pg_catalog.format('COMMENT ON TABLE %s IS %L', kept.place,
                                  pg_catalog.array_to_string(kept.lines, E'\n'));
      END IF;
    EXCEPTION WHEN insufficient_privilege OR duplicate_column THEN
      NULL;  -- what has no place any more remains, with a reason
    END;
  END LOOP;
)sql";

// What must not happen during the restore, and the statements that allow it again.
constexpr char kPrepare[] = R"sql(
      -- The triggers of users have seen these rows and values before, and so have their rules.
      enabling := '{}';
      FOR trigger IN
        WITH RECURSIVE tree(place) AS (SELECT home::pg_catalog.regclass::oid UNION
          SELECT i.inhrelid FROM tree JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.place)
        SELECT t.tgrelid::pg_catalog.regclass::text AS place, 'TRIGGER' AS kind, t.tgname AS name,
          t.tgenabled AS state
        FROM tree JOIN pg_catalog.pg_trigger t ON t.tgrelid = tree.place
        WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
        UNION ALL SELECT home, 'RULE', r.rulename, r.ev_enabled FROM pg_catalog.pg_rewrite r
        WHERE r.ev_class = home::pg_catalog.regclass AND r.ev_type IN ('2', '3', '4')
          AND r.ev_enabled IN ('O', 'A') ORDER BY 1, 2, 3
      LOOP
        SET CONSTRAINTS ALL IMMEDIATE;  -- with events that wait, no trigger can be disabled
        EXECUTE pg_catalog.format('ALTER TABLE ONLY %s DISABLE %s %I', trigger.place, trigger.kind,
                                  trigger.name);
        enabling := enabling || pg_catalog.format('ALTER TABLE ONLY %s ENABLE %s %s %I',
          trigger.place, CASE WHEN trigger.state = 'A' THEN 'ALWAYS' ELSE '' END, trigger.kind,
          trigger.name);
      END LOOP;
      -- No UPDATE may set an identity column that is GENERATED ALWAYS.
      FOR identity IN SELECT pg_catalog.quote_ident(a.attname)
        FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_attribute k ON k.attrelid = kept.oid
          AND k.attname = a.attname
        WHERE a.attrelid = home::pg_catalog.regclass AND a.attidentity = 'a' AND keys IS NOT NULL
          AND CASE WHEN kept.col = '' THEN sets IS NOT NULL AND a.attname <> ALL (key_names)
            ELSE pg_catalog.quote_ident(a.attname) = kept.col END
      LOOP
        SET CONSTRAINTS ALL IMMEDIATE;
        EXECUTE 'ALTER TABLE ' || home || ' ALTER COLUMN ' || identity || ' SET GENERATED BY DEFAULT';
        enabling := enabling || ('ALTER TABLE ' || home || ' ALTER COLUMN ' || identity
          || ' SET GENERATED ALWAYS');
      END LOOP;
      IF phase = 2 THEN
        SET CONSTRAINTS ALL DEFERRED;  -- whatever was set before
      END IF;
)sql";

// The expressions of a copy and its table.
constexpr char kDescribe[] = R"sql(
    home := pg_catalog.format('%I.%I', kept.schema, kept.bare);
    IF pg_catalog.to_regclass(home) IS NULL THEN
      left_over := left_over || pg_catalog.format('%s: nothing was restored, because there is no table '
        || '%I', kept.place, kept.bare);
      CONTINUE;
    END IF;
    made := EXISTS (SELECT FROM @made WHERE m.bare = kept.bare
      AND (m.col = '' OR pg_catalog.quote_ident(m.col) = kept.col));
    computed := EXISTS (SELECT FROM @computed WHERE m.bare = kept.bare
      AND (m.col = '' OR kept.col = '' OR pg_catalog.quote_ident(m.col) = kept.col));
    opaque := EXISTS (SELECT FROM @computed WHERE m.bare = '' AND (m.col = ''
      -- A function that is not volatile cannot write; neither do those of PostgreSQL.
      OR EXISTS (SELECT FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang
        WHERE p.proname = m.col AND p.provolatile = 'v' AND l.lanname NOT IN ('internal', 'c'))))
      -- So can a trigger of a table into which they write.
      OR EXISTS (SELECT FROM @computed JOIN pg_catalog.pg_class c ON c.relname = m.bare
        JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal
        JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
        WHERE p.prosrc ~* '\m(insert|update|merge|copy|execute|perform|select|call)\M');
    IF kept.col = '' THEN
      computed := computed OR opaque AND NOT kept.others_same;
    END IF;
    fills := kept.fills OR NOT (
      -- It replaces only what the rollback has made of a value.
      (kept.replaced AND kept.col <> '')
      OR made
      -- What code has made in this transaction.
      OR EXISTS (SELECT FROM pg_catalog.pg_type t WHERE t.typrelid = home::pg_catalog.regclass
        AND t.xmin = pg_catalog.pg_current_xact_id()::xid)
      OR EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = home::pg_catalog.regclass
        AND pg_catalog.quote_ident(a.attname) = kept.col
        AND a.xmin = pg_catalog.pg_current_xact_id()::xid));
    -- The upgrade has made the column again, without values of the older release, or its values were
    -- computed there: nobody has written what the column has now.
    IF kept.col <> '' AND kept.replaced AND NOT kept.fills AND (
        made AND (kept.was_generated OR NOT computed)
        OR kept.was_generated AND EXISTS (SELECT FROM pg_catalog.pg_attribute a
          WHERE a.attrelid = home::pg_catalog.regclass AND pg_catalog.quote_ident(a.attname) = kept.col
          AND a.attgenerated = '' AND a.xmin = pg_catalog.pg_current_xact_id()::xid)) THEN
      kept.replaced := false;
      kept.other := false;
    END IF;
    -- The column is still the one that the rollback has left, and no script writes into it: what it
    -- has now is what the rollback has made of the value, or what users have written since.
    kept.in_place := kept.replaced AND NOT kept.other AND NOT computed AND NOT opaque AND EXISTS (
      SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = home::pg_catalog.regclass
        AND NOT a.attisdropped AND pg_catalog.quote_ident(a.attname) = kept.col
        AND a.attrelid || ' ' || a.attnum = kept.column_at);
    -- Earlier versions have not marked the key, which is that of the table.
    key_names := coalesce(kept.key, CASE WHEN kept.row_key IS NULL THEN (
      SELECT pg_catalog.array_agg(a.attname)
      FROM pg_catalog.pg_index i JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid
        AND a.attnum = ANY (i.indkey)
      WHERE i.indrelid = home::pg_catalog.regclass AND i.indisprimary) END);
    by_row := key_names IS NULL;
    IF by_row AND kept.col <> '' THEN
      key_names := coalesce(kept.row_key, (SELECT pg_catalog.array_agg(k.attname)
        FROM pg_catalog.pg_attribute k WHERE k.attrelid = kept.oid AND k.attnum > 0
          AND k.attname NOT IN ('ballast table', 'ballast row', 'ballast value') AND pg_catalog.quote_ident(k.attname) <> kept.col));
    END IF;
    -- Generated columns can be a key, but nothing is written into them.
    SELECT pg_catalog.string_agg(pg_catalog.format('%I', a.attname), ', ' ORDER BY a.attnum)
        FILTER (WHERE a.attgenerated = ''),
      pg_catalog.string_agg(pg_catalog.format('k.%I::%s', a.attname,
        pg_catalog.format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
        FILTER (WHERE a.attgenerated = ''),
      pg_catalog.string_agg(pg_catalog.format('(k.%I::%s)::text', a.attname,
        pg_catalog.format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
        FILTER (WHERE a.attgenerated = ''),
      pg_catalog.string_agg(pg_catalog.format('h.%I::text', a.attname), ', ' ORDER BY a.attnum)
        FILTER (WHERE a.attgenerated = ''),
      pg_catalog.string_agg(pg_catalog.format('(k.%I::%s)::text', a.attname,
        pg_catalog.format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
        FILTER (WHERE a.attname = ANY (key_names)),
      pg_catalog.string_agg(pg_catalog.format('h.%I::text', a.attname), ', ' ORDER BY a.attnum)
        FILTER (WHERE a.attname = ANY (key_names)),
      pg_catalog.string_agg(pg_catalog.format('h.%1$I::text = (k.%1$I::%2$s)::text', a.attname,
        pg_catalog.format_type(a.atttypid, a.atttypmod)), ' AND ')
        FILTER (WHERE a.attname = ANY (key_names)),
      pg_catalog.string_agg(pg_catalog.format('%L || coalesce(k.%I, ''NULL'')',
        pg_catalog.quote_ident(a.attname) || ' = ', a.attname), ' || '', '' || ' ORDER BY a.attnum)
        FILTER (WHERE a.attname = ANY (key_names)),
      pg_catalog.string_agg(pg_catalog.format(CASE
          WHEN NOT fills AND NOT kept.replaced AND NOT computed
          THEN '%1$I = k.%1$I::%2$s'
          ELSE '%1$I = coalesce(h.%1$I, k.%1$I::%2$s)' END, a.attname,
        pg_catalog.format_type(a.atttypid, a.atttypmod)), ', ')
        FILTER (WHERE a.attname <> ALL (key_names))
    INTO names, texts, kept_row, home_row, kept_key, home_key, keys, place_key, sets
    FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_attribute k ON k.attrelid = kept.oid AND k.attname = a.attname
    WHERE a.attrelid = home::pg_catalog.regclass AND a.attnum > 0 AND NOT a.attisdropped
      AND (a.attgenerated = '' OR a.attname = ANY (key_names))
      AND (kept.col = '' OR a.attname = ANY (key_names)
        OR pg_catalog.quote_ident(a.attname) = kept.col);
    of_tables := EXISTS (SELECT FROM pg_catalog.pg_attribute k
      WHERE k.attrelid = kept.oid AND k.attname = 'ballast table');
    IF of_tables THEN
      keys := keys || ' AND h.tableoid::pg_catalog.regclass::text = k."ballast table"';
      kept_key := kept_key || ', k."ballast table"';
      home_key := home_key || ', h.tableoid::pg_catalog.regclass::text';
    END IF;
    source := kept.place || ' AS k';
    IF by_row AND kept.col <> '' THEN
      keys := 'ROW(' || home_key || ')::text = ROW(' || kept_key || ')::text';
      -- Rows that are equal are numbered.
      source := '(SELECT k.*, h."ballast home", h."ballast place" FROM (SELECT k.ctid, k.*, '
        || 'ROW(' || kept_key || ')::text AS "ballast row", row_number() OVER (PARTITION BY ROW('
        || kept_key || ')::text ORDER BY k.ctid) AS "ballast number", count(*) OVER (PARTITION BY ROW('
        || kept_key || ')::text) AS "ballast count" FROM ' || source || ') AS k JOIN '
        || '(SELECT h.tableoid AS "ballast home", h.ctid AS "ballast place", ROW(' || home_key
        || ')::text AS "ballast row", row_number() OVER (PARTITION BY ROW(' || home_key
        || ')::text ORDER BY h.ctid) AS "ballast number" FROM ' || home || ' AS h) AS h ON '
        || 'h."ballast row" = k."ballast row" AND h."ballast number" = k."ballast number"'
        -- A table that inherits can have other columns, so that its rows are not equal.
        || CASE WHEN of_tables THEN ' AND (k."ballast count" = 1 OR NOT EXISTS (SELECT FROM '
          || 'pg_catalog.pg_attribute a WHERE a.attrelid = pg_catalog.to_regclass(k."ballast table") '
          || 'AND a.attnum > 0 AND NOT a.attisdropped AND a.attname NOT IN (SELECT p.attname FROM '
          || 'pg_catalog.pg_attribute p WHERE p.attrelid = ' || pg_catalog.quote_literal(home)
          || '::pg_catalog.regclass AND p.attnum > 0 AND NOT p.attisdropped)))' ELSE '' END || ') AS k';
    END IF;
    no_column := (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(k.attname), ', ')
      FROM pg_catalog.pg_attribute k WHERE k.attrelid = kept.oid AND k.attnum > 0
      AND NOT k.attisdropped AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = home::pg_catalog.regclass AND a.attname = k.attname)
      -- A part of a key finds other rows.
      AND (kept.col IN ('', pg_catalog.quote_ident(k.attname)) OR k.attname = ANY (key_names)));
    IF no_column IS NOT NULL OR (kept.col <> '' AND keys IS NULL) THEN
      left_over := left_over || pg_catalog.format('%s: nothing was restored, because %s has no %s',
        kept.place, home::pg_catalog.regclass, coalesce('column ' || no_column, 'key'));
      CONTINUE;
    END IF;
)sql";

// Refreshes the materialized views over tables with restored rows, also those over other views:
// each after the ones that it reads.
constexpr char kRefresh[] = R"sql(
  FOR home IN
    WITH RECURSIVE used(place, level) AS (
      SELECT c.place, 0 FROM pg_catalog.unnest(changed) AS c(place)
      UNION SELECT reader.place, used.level + 1 FROM used JOIN (
        SELECT i.inhparent AS source, i.inhrelid AS place FROM pg_catalog.pg_inherits i
        UNION ALL SELECT d.refobjid, r.ev_class
        FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid
        WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
          AND d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
          AND r.ev_class <> d.refobjid) AS reader ON reader.source = used.place)
    SELECT c.oid::pg_catalog.regclass FROM used JOIN pg_catalog.pg_class c ON c.oid = used.place
    WHERE c.relkind = 'm' AND c.relispopulated GROUP BY c.oid ORDER BY max(used.level), c.oid
  LOOP
    BEGIN
      EXECUTE 'REFRESH MATERIALIZED VIEW ' || home;
    EXCEPTION WHEN insufficient_privilege OR integrity_constraint_violation OR data_exception THEN
      left_over := left_over || pg_catalog.format('ballast_kept: the materialized view %s was not '
        || 'refreshed, because %s', home, SQLERRM);
    END;
  END LOOP;
)sql";

constexpr char kRestore[] = R"sql(BEGIN
  PERFORM pg_catalog.set_config('row_security', 'off', true);  -- an error instead of fewer rows
  SET CONSTRAINTS ALL IMMEDIATE;  -- what is restored must pass now, not at the commit
@follow_renames
  FOR kept IN @copies LOOP
    target := pg_catalog.format('%I.%I %s', kept.schema, kept.bare, kept.col);
@mark_older
    targets := targets || target;
  END LOOP;
  -- Tables can reference each other. If so, their foreign keys are checked at the end of the second
  -- phase. In the third, the rows that the server accepts are restored.
  FOR phase IN 1..3 LOOP
  CONTINUE WHEN phase = 2 AND cyclic IS NULL;
  EXIT WHEN phase = 3 AND NOT failing;
  BEGIN
  IF phase = 2 THEN
    FOREACH deferring IN ARRAY cyclic LOOP
      EXECUTE deferring || ' DEFERRABLE INITIALLY DEFERRED';
    END LOOP;
  END IF;
  progress := true;
  WHILE progress LOOP  -- a row may need the rows of a table that comes later
  progress := false;
  failing := false;
  left_over := '{}';
  waiting := '{}';
  FOR kept IN @copies LOOP
@describe
    target := home || ' ' || kept.col;
    IF target = ANY (waiting) THEN
      left_over := left_over || pg_catalog.format('%s: nothing was restored, because a later copy of '
        || 'the same remains', kept.place);
      CONTINUE;
    END IF;
    failed := '{}';
    untried := false;
    reasons := '{}';
    BEGIN
@prepare
      IF kept.col = '' THEN
        own_rows := CASE WHEN (SELECT c.relkind FROM pg_catalog.pg_class c
          WHERE c.oid = home::pg_catalog.regclass) = 'r' THEN 'ONLY ' ELSE '' END;
        -- The upgrade has made the rows that are there. If it makes them of constants, what users
        -- have written into them since is kept; otherwise only what they lack.
        actions := pg_catalog.array_remove(ARRAY['UPDATE ' || own_rows || home || ' AS h SET ' || sets
          || ' FROM ' || source || ' WHERE ' || keys || ' AND ROW(' || home_row || ')::text <> ROW('
          || kept_row || ')::text AND ' || in_part], NULL);
        actions := actions || ('INSERT INTO ' || home || ' (' || names || ') OVERRIDING SYSTEM VALUE SELECT '
          || texts || ' FROM ' || CASE WHEN key_names IS NOT NULL OR kept.replaced THEN source
            -- Without a key, a row that the upgrade has made would be there twice.
            ELSE '(SELECT k.ctid, k.*, ROW(' || kept_row || ')::text AS "ballast row", row_number() OVER '
              || '(PARTITION BY ROW(' || kept_row || ')::text) AS "ballast number" FROM ' || source
              || ') AS k LEFT JOIN (SELECT ROW(' || home_row || ')::text AS present, '
              || 'count(*) AS number FROM ' || own_rows || home || ' AS h GROUP BY 1) AS h '
              || 'ON h.present = k."ballast row"' END || ' WHERE ' || in_part
          || CASE WHEN key_names IS NOT NULL OR kept.replaced THEN ''
            ELSE ' AND k."ballast number" > coalesce(h.number, 0)' END
          -- A key that is checked later does not find conflicts.
          || CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_index i WHERE NOT i.indimmediate
              AND i.indrelid = home::pg_catalog.regclass) THEN '' ELSE ' ON CONFLICT DO NOTHING' END);
        is_home := 'ROW(' || kept_row || ')::text IN (SELECT ROW(' || home_row || ')::text FROM '
          || home || ' AS h)';
      ELSE
        SELECT pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, CASE t.typtype WHEN 'c'
          -- A row that has what the older type has of it.
          THEN (SELECT pg_catalog.string_agg(pg_catalog.format('((h.%1$s).%2$I IS NULL OR '
              || '(h.%1$s).%2$I::text = (k.%1$s::%3$s).%2$I::text)', kept.col, f.attname,
              pg_catalog.format_type(a.atttypid, a.atttypmod)), ' AND ')
            FROM pg_catalog.pg_attribute f
            WHERE f.attrelid = t.typrelid AND f.attnum > 0 AND NOT f.attisdropped) END
          INTO coltype, required, older_value
          FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
          WHERE a.attrelid = home::pg_catalog.regclass AND NOT a.attisdropped
            AND pg_catalog.quote_ident(a.attname) = kept.col;
        same_older := '(k.' || kept.col || '::' || coltype || '::' || kept.older_type || '::' || coltype
          || ')::text';
        IF same_older IS NOT NULL THEN
          BEGIN
            EXECUTE 'SELECT NULL::' || coltype || '::' || kept.older_type || '::' || coltype;
          EXCEPTION WHEN cannot_coerce THEN
            same_older := NULL;
          END;
        END IF;
        older_value := coalesce('h.' || kept.col || '::text = ' || same_older, older_value);
        same_older := same_older || ' = (k.' || kept.col || '::' || coltype || ')::text';
        -- A cast and AT TIME ZONE give other values.
        IF (coltype ~ 'with time zone$') <> (kept.older_type ~ 'with time zone$') THEN
          same_older := NULL;
        END IF;
        -- What the rollback has left is known, whatever its conversion was.
        IF kept.has_values AND NOT ((computed OR opaque) AND NOT (kept.has_rows AND kept.others_same)) THEN
          older_value := 'k."ballast value" = ''same''' || CASE WHEN computed OR opaque
            THEN ' AND k."ballast row" = ''same''' ELSE '' END
            || coalesce(' OR k."ballast value" IS NULL AND (' || older_value || ')', '');
        END IF;
        pairs := CASE WHEN by_row THEN 'h.tableoid = k."ballast home" AND h.ctid = k."ballast place"'
          ELSE keys END;
        rows_to_set := pairs || CASE WHEN fills OR kept.other THEN ' AND k.' || kept.col || ' IS NOT NULL AND h.'
            || kept.col || ' IS NULL' WHEN kept.replaced THEN ' AND k.' || kept.col
            || ' IS NOT NULL AND (h.' || kept.col || ' IS NULL'
            || coalesce(' OR ' || older_value, '') || ')' ELSE '' END;
        IF NOT (fills OR kept.other OR kept.replaced) THEN
@computed_values
@number_others
        END IF;
        actions := ARRAY['UPDATE ' || home || ' AS h SET ' || kept.col || ' = k.' || kept.col || '::'
          || coltype || ' FROM ' || source || ' WHERE ' || rows_to_set || ' AND ' || in_part];
        -- Nothing is lost with the NULL of a row that no longer exists. As long as the column has
        -- been there, nothing is lost with a value that the rollback has not changed, either.
        is_home := 'k.' || kept.col || ' IS NULL' || CASE WHEN kept.in_place THEN coalesce(' OR '
            || same_older, '') ELSE ' AND NOT EXISTS (SELECT FROM ' || home || ' AS h WHERE ' || keys
            || ')' END
          || ' OR EXISTS (SELECT FROM ' || home || ' AS h WHERE ' || keys || ' AND h.' || kept.col
          || '::text IS NOT DISTINCT FROM (k.' || kept.col || '::' || coltype || ')::text)';
      END IF;
@act
      IF pg_catalog.cardinality(enabling) > 0 THEN
        SET CONSTRAINTS ALL IMMEDIATE;
      END IF;
      FOREACH names IN ARRAY enabling LOOP
        EXECUTE names;
      END LOOP;
      -- Sequences of columns, owned by them or only in their defaults, continue after all values.
@sequences
@report
    EXCEPTION WHEN OTHERS THEN
      IF SQLSTATE ~ '^(40|53|55|57|58|XX)' AND SQLSTATE <> '55P04' THEN  -- not because of the data
        RAISE;
      END IF;
      failing := failing OR SQLSTATE ~ '^(22|23)';
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
  EXCEPTION WHEN integrity_constraint_violation OR insufficient_privilege THEN
    failing := true;  -- the data stays
  END;
  IF phase = 1 THEN
    cyclic := (SELECT coalesce(pg_catalog.array_agg(pg_catalog.format(
        'ALTER TABLE %s ALTER CONSTRAINT %I', f.conrelid::pg_catalog.regclass, f.conname))
        FILTER (WHERE NOT f.condeferrable), '{}')
      FROM pg_catalog.pg_constraint f
      WHERE f.contype = 'f' AND f.conparentid = 0 AND f.conrelid <> f.confrelid
        AND f.conrelid = ANY (referring) AND f.confrelid = ANY (referring) HAVING count(*) > 0);
  END IF;
  END LOOP;
@refresh
  FOR kept IN @copies LOOP
@mark_left
    home := pg_catalog.format('%I.%I', kept.schema, kept.bare);
    CONTINUE WHEN pg_catalog.to_regclass(home) IS NULL;
    BEGIN
@sequences_of_copy
    EXCEPTION WHEN insufficient_privilege THEN
      NULL;
    END;
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

std::string RestoreDataBody() {
  std::string body = std::string(kDeclare) + kRestore;
  body = ReplaceAll(body, "@follow_renames", kFollowRenames);
  body = ReplaceAll(body, "@describe", kDescribe);
  body = ReplaceAll(body, "@prepare", kPrepare);
  body = ReplaceAll(body, "@computed_values", ComputedValuesBody());
  body = ReplaceAll(body, "@number_others", NumberOthersBody());
  body = ReplaceAll(body, "@act", WriteRowsBody());
  body = ReplaceAll(body, "@report", ReportRowsBody());
  body = ReplaceAll(body, "@mark_older",
                    ReplaceAll(kMarkFills, "@condition", "target = ANY (targets)"));
  body = ReplaceAll(body, "@mark_left", ReplaceAll(kMarkFills, "@condition", kHasHome));
  body = ReplaceAll(body, "@refresh", kRefresh);
  return ReplaceAll(body, "@copies", kCopies);
}

}  // namespace ballast::plan
