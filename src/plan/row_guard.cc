// SPDX-License-Identifier: Apache-2.0
#include "plan/row_guard.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "base/fill_template.h"
#include "base/text.h"
#include "catalog/render_ddl.h"
#include "plan/loss_guard.h"
#include "plan/text_sum.h"
#include "plan/user_tables.h"
#include "sql/quote.h"
#include "sql/split.h"

namespace ballast::plan {
namespace {

// The query of the sums of the table t, as text: the number of rows, and for each column, by its
// number, type and name, a sum over its values that does not depend on their order.
constexpr char kSums[] = R"(pg_catalog.format(
      'SELECT pg_catalog.jsonb_object(ARRAY[''rows''%s]::text[], ARRAY[count(*)::text%s]) FROM ONLY %s',
      coalesce((SELECT pg_catalog.string_agg(pg_catalog.format(', %L', a.attnum || ' '
          || pg_catalog.format_type(a.atttypid, a.atttypmod) || ' ' || a.attname), '' ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.oid AND a.attnum > 0
          AND NOT a.attisdropped AND a.attgenerated = ''), ''),
      coalesce((SELECT pg_catalog.string_agg(pg_catalog.format(
          ', @sum::text', a.attname), '' ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.oid AND a.attnum > 0
          AND NOT a.attisdropped AND a.attgenerated = ''), ''),
      t.oid::pg_catalog.regclass))";

constexpr char kBefore[] = R"(DECLARE
  t record;
  sums jsonb;
  tables jsonb := '{}';
BEGIN
  IF NOT (@may_call) THEN
    PERFORM pg_catalog.set_config('ballast.rows', '{}', true);
    RETURN;
  END IF;
  FOR t IN SELECT c.oid, coalesce((SELECT max(r.number) FROM (VALUES @removable) AS r(place, number)
        WHERE pg_catalog.to_regclass(r.place) = c.oid), 0) AS removable
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND @user_table
        AND pg_catalog.has_table_privilege(c.oid, 'SELECT')  -- the script may change no others
        AND pg_catalog.has_table_privilege(c.oid, 'UPDATE, DELETE, TRUNCATE')
      ORDER BY c.oid LOOP
    EXECUTE pg_catalog.format('LOCK TABLE ONLY %s IN SHARE ROW EXCLUSIVE MODE',
                              t.oid::pg_catalog.regclass);
    EXECUTE @sums INTO sums;
    tables := tables || pg_catalog.jsonb_build_object(t.oid::text, sums
      || pg_catalog.jsonb_build_object('removable', t.removable::text));
  END LOOP;
  PERFORM pg_catalog.set_config('ballast.rows', tables::text, true);
END;
)";

constexpr char kAfter[] = R"(DECLARE
  t record;
  sums jsonb;
  removed bigint;
  harmed text[] := '{}';
BEGIN
  FOR t IN SELECT c.oid, s.value AS sums
      FROM pg_catalog.jsonb_each(pg_catalog.current_setting('ballast.rows')::jsonb) AS s
      JOIN pg_catalog.pg_class c ON c.oid = s.key::oid ORDER BY c.oid LOOP
    EXECUTE @sums INTO sums;
    removed := (t.sums ->> 'rows')::bigint - (sums ->> 'rows')::bigint;
    CONTINUE WHEN removed > 0 AND removed <= (t.sums ->> 'removable')::bigint
      AND pg_catalog.pg_stat_get_xact_tuples_updated(t.oid) = 0;
    IF EXISTS (SELECT FROM pg_catalog.jsonb_each_text(sums) AS now
        JOIN pg_catalog.jsonb_each_text(t.sums) AS was ON was.key = now.key
        WHERE was.value IS DISTINCT FROM now.value) THEN
      harmed := harmed || t.oid::pg_catalog.regclass::text;
    END IF;
  END LOOP;
  IF harmed <> '{}' THEN
    RAISE EXCEPTION USING ERRCODE = '@state', MESSAGE = 'the script would change rows of '
      || pg_catalog.array_to_string(harmed, ', ') || ' that are not those of the migrations';
  END IF;
END;
)";

// Functions that can change rows: by name, or volatile ones in the expressions of the catalog.
constexpr char kMayCall[] = R"(EXISTS (SELECT FROM pg_catalog.pg_proc p
      JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      JOIN pg_catalog.pg_language l ON l.oid = p.prolang
      WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
        AND l.lanname NOT IN ('internal', 'c') AND (p.proname = ANY (@names)
          OR @of_catalog AND p.provolatile = 'v' AND EXISTS (SELECT FROM pg_catalog.pg_depend d
            WHERE d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.refobjid = p.oid
              AND d.classid IN ('pg_catalog.pg_constraint'::pg_catalog.regclass,
                'pg_catalog.pg_attrdef'::pg_catalog.regclass,
                'pg_catalog.pg_class'::pg_catalog.regclass, 'pg_catalog.pg_cast'::pg_catalog.regclass,
                'pg_catalog.pg_operator'::pg_catalog.regclass,
                'pg_catalog.pg_rewrite'::pg_catalog.regclass)))))";

constexpr char kUnhide[] = "SET LOCAL row_security = off;\n";
constexpr char kHide[] = "SET LOCAL row_security = on;\n";

std::string SumsSql() {
  return FillTemplate(kSums, {{"@sum", SumOfTexts("coalesce(%I::text, ''~'')")}});
}

}  // namespace

namespace {

// The first words of the statements that may change rows, in lower case.
std::vector<std::string> ChangingWords(const std::string& script) {
  static constexpr std::array<std::string_view, 9> kWords = {
      "update", "delete", "truncate", "merge", "with", "do", "call", "execute", "select"};
  constexpr std::array<std::string_view, 2> kSequences = {"SELECT setval(",
                                                          "SELECT pg_catalog.setval("};
  std::vector<std::string> words;
  for (const sql::StatementText& one : sql::SplitScript(script)) {
    const size_t end = one.text.find_first_of(" \t\r\n(");
    std::string word = ToLowerAscii(std::string(one.text.substr(0, end)));
    const bool changes = std::find(kWords.begin(), kWords.end(), word) != kWords.end();
    const bool sets_sequence =
        std::any_of(kSequences.begin(), kSequences.end(),
                    [&](const auto& start) { return one.text.starts_with(start); });
    if (changes && !sets_sequence) words.push_back(std::move(word));
  }
  return words;
}

}  // namespace

bool MayChangeRows(const std::string& script) {
  return !ChangingWords(script).empty();
}

bool MayReplaceValues(const std::string& script) {
  return std::ranges::any_of(ChangingWords(script),
                             [](const std::string& word) { return word != "delete"; });
}

std::string RowGuardBefore(const std::map<std::string, int64_t>& removable,
                           const sql::EvaluatedCode* code) {
  std::string may_call = "true";
  if (code != nullptr && !code->is_own) {
    may_call = FillTemplate(kMayCall, {{"@names", sql::QuoteTextArray(code->functions)},
                                       {"@of_catalog", code->of_catalog ? "true" : "false"}});
  }
  std::vector<std::string> rows = {"(NULL::text, 0::bigint)"};
  for (const auto& [table, number] : removable) {
    rows.push_back(fmt::format("({}, {})", sql::QuoteLiteral(table), number));
  }
  return catalog::RenderDoBlock(FillTemplate(kBefore, {{"@user_table", IsUserTable()},
                                                       {"@may_call", may_call},
                                                       {"@sums", SumsSql()},
                                                       {"@removable", Join(rows, ", ")}}));
}

std::string RowGuardAfter() {
  const std::string body =
      FillTemplate(kAfter, {{"@sums", SumsSql()}, {"@state", kUnexpectedLoss}});
  return kUnhide + catalog::RenderDoBlock(body) + kHide;
}

}  // namespace ballast::plan
