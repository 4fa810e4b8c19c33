// SPDX-License-Identifier: Apache-2.0
#include "plan/restore_kept_column_sql.h"

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

}  // namespace

std::string ComputedValuesBody() {
  return kComputed;
}

}  // namespace ballast::plan
