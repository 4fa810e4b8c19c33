// SPDX-License-Identifier: Apache-2.0
#include "plan/sequence_values.h"

#include "base/text.h"
#include "catalog/render_ddl.h"
#include "sql/quote.h"

namespace ballast::plan {
namespace {

constexpr char kContinue[] =
    R"(      FOR names, texts, kept_row IN SELECT DISTINCT pg_catalog.quote_ident(a.attname),
          s.seqrelid::pg_catalog.regclass::text, pg_catalog.format(CASE WHEN s.seqincrement < 0
            THEN 'least((SELECT min(%1$I) FROM %2$s), %3$s)'
            ELSE 'greatest((SELECT max(%1$I) FROM %2$s), %3$s)' END, a.attname, @home,
            '(SELECT last_value FROM ' || s.seqrelid::pg_catalog.regclass || ')')
          FROM pg_catalog.pg_attribute a
          LEFT JOIN pg_catalog.pg_attrdef v ON v.adrelid = a.attrelid AND v.adnum = a.attnum
          JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
              AND d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND d.objid = v.oid
            OR d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = a.attrelid
              AND d.refobjsubid = a.attnum AND d.deptype IN ('a', 'i')
          JOIN pg_catalog.pg_sequence s ON s.seqrelid
            = CASE WHEN d.objid = v.oid THEN d.refobjid ELSE d.objid END
          WHERE a.attrelid = @home::pg_catalog.regclass AND a.attnum > 0
            AND NOT a.attisdropped AND pg_catalog.format_type(a.atttypid, NULL)
              IN ('smallint', 'integer', 'bigint') LOOP
        EXECUTE pg_catalog.format('SELECT pg_catalog.setval(%L, n.value) FROM (SELECT %s) AS '
          || 'n(value), pg_catalog.pg_sequence s WHERE s.seqrelid = %L::pg_catalog.regclass AND '
          || 'n.value BETWEEN s.seqmin AND s.seqmax AND EXISTS (SELECT FROM %s)', texts, kept_row,
          texts, @home);
      END LOOP;
)";

}  // namespace

std::string ContinueSequencesLoop(const std::string& table) {
  return ReplaceAll(kContinue, "@home", table);
}

std::string ContinueSequencesSql(const std::string& table) {
  return catalog::RenderDoBlock("DECLARE\n  names text;\n  texts text;\n  kept_row text;\nBEGIN\n" +
                                ContinueSequencesLoop(sql::QuoteLiteral(table)) + "END;\n");
}

}  // namespace ballast::plan
