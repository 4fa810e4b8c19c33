// SPDX-License-Identifier: Apache-2.0
#include "plan/restore_kept_column_sql.h"

#include "base/fill_template.h"
#include "plan/sequence_values.h"

namespace ballast::plan {
namespace {

constexpr char kComputed[] = R"sql(
          SELECT CASE WHEN s.columns IS NULL THEN made
              ELSE a.attnum > coalesce((s.columns ->> a.attrelid::text)::integer, 0) END,
            (a.attmissingval::text::text[])[1], pg_catalog.pg_get_expr(d.adbin, d.adrelid)
          INTO fresh, initial, texts
          FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef d
            ON d.adrelid = a.attrelid AND d.adnum = a.attnum
          CROSS JOIN LATERAL (SELECT nullif(pg_catalog.current_setting('ballast.column_numbers', true), '')::jsonb
            AS columns) AS s
          WHERE a.attrelid = home::pg_catalog.regclass AND pg_catalog.quote_ident(a.attname) = kept.col;
          IF initial IS NULL AND texts IS NOT NULL AND texts !~ 'nextval' THEN
            BEGIN
              EXECUTE 'SELECT (' || texts || ')::' || coltype || '::text' INTO initial;
            EXCEPTION WHEN OTHERS THEN
              NULL;
            END;
          END IF;
          is_initial := '(h.' || kept.col || ' IS NULL' || CASE WHEN fresh AND initial IS NOT NULL
            THEN ' OR h.' || kept.col || '::text = ' || pg_catalog.quote_literal(initial) ELSE '' END || ')';
          IF NOT computed AND kept.was_generated AND NOT fresh THEN
            computed := opaque;  -- until this upgrade nobody could write into it
          ELSIF NOT computed THEN
            EXECUTE 'SELECT EXISTS (SELECT FROM ' || home || ' AS h WHERE NOT ' || is_initial || ')'
              INTO computed;
            -- A default can give each row another value.
            computed := NOT fresh OR computed AND (opaque OR NOT made OR EXISTS (
              SELECT FROM pg_catalog.pg_trigger t
              WHERE t.tgrelid = home::pg_catalog.regclass AND NOT t.tgisinternal AND t.tgtype & 2 <> 0));
          END IF;
          IF computed THEN
            rows_to_set := pairs || ' AND (' || CASE WHEN kept.has_rows THEN
                CASE WHEN kept.others_same THEN 'k."ballast row" = ''same'' OR ' ELSE '' END
                || 'k."ballast row" IS DISTINCT FROM ''changed'' AND ' ELSE '' END
              || 'k.' || kept.col || ' IS NOT NULL AND ' || is_initial || ')';
          END IF;)sql";

// The sequence has numbered all rows, so one without a kept value can have the number of one that
// has. Then the rows without continue after all others, in their order.
constexpr char kNumberOthers[] = R"sql(
          sequence := NULL;
          IF fresh AND NOT computed AND coltype IN ('smallint', 'integer', 'bigint') THEN
            SELECT s.seqrelid::pg_catalog.regclass::text, s.seqincrement < 0 INTO sequence, descends
            FROM pg_catalog.pg_attribute a
@sequences            WHERE a.attrelid = home::pg_catalog.regclass
              AND pg_catalog.quote_ident(a.attname) = kept.col LIMIT 1;
          END IF;
          IF sequence IS NOT NULL THEN
            others := home || ' AS h WHERE NOT EXISTS (SELECT FROM ' || kept.place || ' AS k WHERE '
              || keys || ')';
            EXECUTE 'SELECT EXISTS (SELECT FROM ' || others || ' AND h.' || kept.col || ' IN (SELECT k.'
              || kept.col || '::' || coltype || ' FROM ' || kept.place || ' AS k))' INTO collides;
            IF collides THEN
@continue
@after_copy
              EXECUTE pg_catalog.format('UPDATE %1$s AS h SET %2$s = n.number FROM (SELECT r.home, r.place, '
                || 'pg_catalog.nextval(%3$L) AS number FROM (SELECT h.tableoid AS home, h.ctid AS place FROM '
                || '%4$s ORDER BY h.%2$s %5$s) AS r) AS n WHERE h.tableoid = n.home AND h.ctid = n.place',
                home, kept.col, sequence, others, CASE WHEN descends THEN 'DESC' ELSE '' END);
            END IF;
          END IF;)sql";

}  // namespace

std::string ComputedValuesBody() {
  return kComputed;
}

std::string NumberOthersBody() {
  return FillTemplate(kNumberOthers,
                      {{"@sequences", JoinSequences()},
                       {"@continue", ContinueSequencesLoop("home")},
                       {"@after_copy", ContinueAfterCopyLoop("home", "kept.place")}});
}

}  // namespace ballast::plan
