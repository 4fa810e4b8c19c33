// SPDX-License-Identifier: Apache-2.0
#include "plan/restore_kept_rows_sql.h"

#include "base/text.h"

namespace ballast::plan {
namespace {

// Writes the rows of a copy: all with one statement, or else (in the last phase) those that the
// server accepts.
constexpr char kAct[] = R"sql(
      FOREACH action IN ARRAY actions LOOP
        done := NULL;
        BEGIN
          EXECUTE action USING NULL::tid[];
          GET DIAGNOSTICS done = ROW_COUNT;
        EXCEPTION WHEN integrity_constraint_violation OR data_exception THEN
          state := SQLSTATE;
          message := SQLERRM;
        END;
        IF done IS NULL AND kept.col <> '' AND state IN ('23505', '23P01') THEN
@exchange
        END IF;
        restored := coalesce(done, 0);
        IF restored > 0 THEN
          changed := changed || home::pg_catalog.regclass::oid;
        END IF;
        CONTINUE WHEN done IS NOT NULL;
        failing := true;
        IF state = '23503' AND kept.col = '' THEN
          referring := referring || home::pg_catalog.regclass::oid;
        END IF;
        IF phase < 3 OR (by_row AND kept.col <> '') THEN
          untried := true;
          reasons := reasons || message;
          CONTINUE;
        END IF;
        EXECUTE 'SELECT pg_catalog.array_agg(k.ctid ORDER BY k.ctid) FROM ' || kept.place || ' AS k'
          INTO places;
        lows := ARRAY[1];
        highs := ARRAY[coalesce(pg_catalog.cardinality(places), 0)];
        WHILE pg_catalog.cardinality(lows) > 0 LOOP
          low := lows[pg_catalog.cardinality(lows)];
          high := highs[pg_catalog.cardinality(lows)];
          highs := highs[1:pg_catalog.cardinality(lows) - 1];
          lows := lows[1:pg_catalog.cardinality(lows) - 1];
          CONTINUE WHEN low > high;
          BEGIN
            EXECUTE action USING places[low:high];
            GET DIAGNOSTICS done = ROW_COUNT;
            restored := restored + done;
            IF done > 0 THEN
              changed := changed || home::pg_catalog.regclass::oid;
            END IF;
          EXCEPTION WHEN integrity_constraint_violation OR data_exception THEN
            IF low < high AND pg_catalog.cardinality(failed) < 1000 THEN
              lows := lows || ARRAY[(low + high) / 2 + 1, low];
              highs := highs || ARRAY[high, (low + high) / 2];
            ELSE
              untried := untried OR low < high;
              failed := failed || places[low:low];
              reasons := CASE WHEN SQLERRM = ANY (reasons) THEN reasons ELSE reasons || SQLERRM END;
            END IF;
          END;
        END LOOP;
      END LOOP;
)sql";

// The rows of a column may exchange their unique values: first they get others.
constexpr char kExchange[] = R"sql(          BEGIN
            IF required AND coltype IN ('smallint', 'integer', 'bigint') THEN
              EXECUTE 'SELECT greatest((SELECT max(h.' || kept.col || ') FROM ' || home || ' AS h), max(k.'
                || kept.col || '::' || coltype || '))::bigint - min(k.' || kept.col || '::' || coltype
                || ') + 1 FROM ' || kept.place || ' AS k' INTO shift;
              EXECUTE 'UPDATE ' || home || ' AS h SET ' || kept.col || ' = k.' || kept.col || '::' || coltype
                || ' + $1 FROM ' || source || ' WHERE ' || rows_to_set USING shift;
              EXECUTE 'UPDATE ' || home || ' AS h SET ' || kept.col || ' = k.' || kept.col || '::' || coltype
                || ' FROM ' || source || ' WHERE ' || pairs || ' AND h.' || kept.col || ' = k.'
                || kept.col || '::' || coltype || ' + $1' USING shift;
              GET DIAGNOSTICS done = ROW_COUNT;
            ELSE
              IF required THEN
                EXECUTE 'ALTER TABLE ' || home || ' ALTER COLUMN ' || kept.col || ' DROP NOT NULL';
              END IF;
              EXECUTE 'UPDATE ' || home || ' AS h SET ' || kept.col || ' = NULL FROM ' || source
                || ' WHERE ' || rows_to_set;
              EXECUTE action USING NULL::tid[];
              GET DIAGNOSTICS done = ROW_COUNT;
              IF required THEN
                EXECUTE 'ALTER TABLE ' || home || ' ALTER COLUMN ' || kept.col || ' SET NOT NULL';
              END IF;
            END IF;
          EXCEPTION WHEN integrity_constraint_violation OR data_exception OR invalid_table_definition THEN
            done := NULL;
          END;)sql";

// Deletes from the copy what the table has now, and says what is left.
constexpr char kReport[] = R"sql(
      EXECUTE 'SELECT count(*) <> $1 FROM ' || kept.place
        || CASE WHEN kept.in_place THEN ' WHERE ' || kept.col || ' IS NOT NULL' ELSE '' END
        INTO remains USING restored;
      IF remains THEN
        EXECUTE 'DELETE FROM ' || kept.place || ' AS k WHERE ' || is_home;
        GET DIAGNOSTICS done = ROW_COUNT;
        progress := progress OR done > 0;
        totals := totals || pg_catalog.jsonb_build_object(kept.place,
          coalesce((totals ->> kept.place)::bigint, 0) + done);
        EXECUTE 'SELECT count(*), count(*) FILTER (WHERE k.ctid = ANY ($1)), count(*) FILTER (WHERE '
          || 'k.ctid <> ALL ($1) AND ' || coalesce('EXISTS (SELECT FROM ' || home || ' AS h WHERE '
          || keys || ')', 'false') || '), pg_catalog.array_to_string((pg_catalog.array_agg('
          || coalesce(place_key, 'NULL::text') || '))[1:5], ''; '') FROM ' || kept.place || ' AS k'
          INTO left_rows, left_failed, left_same, left_keys USING failed;
        remains := left_rows > 0;
      END IF;
      IF remains THEN
        IF untried OR left_failed > 0 THEN
          waiting := waiting || target;
        END IF;
        IF untried THEN
          left_failed := left_rows;
          left_same := 0;
        END IF;
        left_over := left_over || pg_catalog.format('%s: %s not restored, because %s%s%s', kept.place,
          CASE left_rows WHEN 1 THEN '1 row was' ELSE left_rows || ' rows were' END,
          pg_catalog.concat_ws(', and ',
            CASE WHEN left_failed > 0
              THEN pg_catalog.array_to_string(reasons[1:3], ', and ') END,
            CASE WHEN left_same > 0 THEN home::pg_catalog.regclass || CASE WHEN by_row AND of_tables
              THEN ' has several rows with these values'
              ELSE ' has other values in rows with the same key' END END,
            CASE WHEN left_rows > left_same + left_failed AND kept.col <> ''
              THEN home::pg_catalog.regclass || ' does not have the row'
              WHEN left_rows > left_same + left_failed
              THEN home::pg_catalog.regclass || ' has another row with the same unique value' END),
          CASE WHEN left_keys <> '' THEN pg_catalog.format(' (%s%s)', left_keys,
            CASE WHEN left_rows > 5 THEN ' …' END) END,
          CASE WHEN NOT kept.in_place AND (totals ->> kept.place)::bigint > 0
            THEN pg_catalog.format('; %s %s there', totals ->> kept.place,
              CASE totals ->> kept.place WHEN '1' THEN 'other is' ELSE 'others are' END) END);
      ELSE
        EXECUTE 'DROP TABLE ' || kept.place;
        progress := true;
      END IF;
)sql";

}  // namespace

std::string WriteRowsBody() {
  return ReplaceAll(kAct, "@exchange", kExchange);
}

std::string ReportRowsBody() {
  return kReport;
}

}  // namespace ballast::plan
