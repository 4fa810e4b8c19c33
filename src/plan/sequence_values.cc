// SPDX-License-Identifier: Apache-2.0
#include "plan/sequence_values.h"

#include "base/fill_template.h"
#include "catalog/render_ddl.h"
#include "sql/quote.h"

namespace ballast::plan {
namespace {

constexpr char kJoins[] =
    R"(          LEFT JOIN pg_catalog.pg_attrdef v ON v.adrelid = a.attrelid AND v.adnum = a.attnum
          JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
              AND d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND d.objid = v.oid
            OR d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = a.attrelid
              AND d.refobjsubid = a.attnum AND d.deptype IN ('a', 'i')
          JOIN pg_catalog.pg_sequence s ON s.seqrelid
            = CASE WHEN d.objid = v.oid THEN d.refobjid ELSE d.objid END
)";

// @sequences: JoinSequences(). @value: an expression for the text of an expression on the column
// `a`; it is evaluated for the rows of the table %2$s.
constexpr char kContinue[] =
    R"(      FOR names, texts, kept_row IN SELECT DISTINCT pg_catalog.quote_ident(a.attname),
          s.seqrelid::pg_catalog.regclass::text, pg_catalog.format(CASE WHEN s.seqincrement < 0
            THEN 'least((SELECT min(%1$s) FROM %2$s), %3$s)'
            ELSE 'greatest((SELECT max(%1$s) FROM %2$s), %3$s)' END, @value, @rows,
            '(SELECT last_value FROM ' || s.seqrelid::pg_catalog.regclass || ')')
          FROM pg_catalog.pg_attribute a
@sequences          WHERE a.attrelid = @home::pg_catalog.regclass AND a.attnum > 0
            AND NOT a.attisdropped@which LOOP
        EXECUTE pg_catalog.format('SELECT pg_catalog.setval(%L, n.value) FROM (SELECT %s) AS '
          || 'n(value), pg_catalog.pg_sequence s WHERE s.seqrelid = %L::pg_catalog.regclass AND '
          || 'n.value BETWEEN s.seqmin AND s.seqmax AND EXISTS (SELECT FROM %s)', texts, kept_row,
          texts, @rows);
      END LOOP;
)";

// Columns of other types can have the numbers of a sequence as text.
constexpr char kNumberIn[] =
    R"(pg_catalog.format('CASE WHEN %1$I::text ~ ''^-?[0-9]{1,18}$'' '
            || 'THEN %1$I::text::pg_catalog.int8 END', a.attname))";

constexpr char kValue[] =
    R"(CASE WHEN a.atttypid IN ('pg_catalog.int2'::pg_catalog.regtype,
              'pg_catalog.int4'::pg_catalog.regtype, 'pg_catalog.int8'::pg_catalog.regtype)
            THEN pg_catalog.quote_ident(a.attname) ELSE @number END)";

constexpr char kInCopy[] = R"(
            AND EXISTS (SELECT FROM pg_catalog.pg_attribute k
              WHERE k.attrelid = @rows::pg_catalog.regclass AND k.attname = a.attname))";

std::string Loop(const std::string& table, const std::string& rows, const std::string& value,
                 const std::string& which) {
  return FillTemplate(kContinue, {{"@sequences", kJoins},
                                  {"@value", value},
                                  {"@which", FillTemplate(which, {{"@rows", rows}})},
                                  {"@rows", rows},
                                  {"@home", table}});
}

}  // namespace

std::string JoinSequences() {
  return kJoins;
}

std::string ContinueSequencesLoop(const std::string& table) {
  return Loop(table, table, FillTemplate(kValue, {{"@number", kNumberIn}}), {});
}

std::string ContinueAfterCopyLoop(const std::string& table, const std::string& copy) {
  return Loop(table, copy, kNumberIn, kInCopy);  // a copy stores values as text
}

std::string ContinueSequencesSql(const std::string& table) {
  return catalog::RenderDoBlock("DECLARE\n  names text;\n  texts text;\n  kept_row text;\nBEGIN\n" +
                                ContinueSequencesLoop(sql::QuoteLiteral(table)) + "END;\n");
}

}  // namespace ballast::plan
