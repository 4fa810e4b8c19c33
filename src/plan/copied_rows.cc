// SPDX-License-Identifier: Apache-2.0
#include "plan/copied_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "catalog/render_ddl.h"
#include "plan/text_sum.h"
#include "sql/created_columns.h"
#include "sql/quote.h"

namespace ballast::plan {
namespace {

// Sets `sum`: the number of rows of the table @place, and a sum over the columns @columns.
constexpr char kSum[] =
    R"(      EXECUTE (SELECT pg_catalog.format('SELECT count(*) || '' '' || coalesce(@sum, 0) FROM %s %s AS h',
        pg_catalog.string_agg(pg_catalog.format('h.%I::text', x.name), ', ' ORDER BY x.name),
        CASE WHEN (SELECT c.relkind FROM pg_catalog.pg_class c WHERE c.oid = @oid) = 'r'
          THEN 'ONLY' ELSE '' END, t.place)
        FROM pg_catalog.jsonb_object_keys(@columns) AS x(name)) INTO sum;
)";

// Names and types. @lost: rows of table and column, both quoted.
constexpr char kColumns[] = R"((SELECT coalesce(pg_catalog.jsonb_object_agg(a.attname,
        pg_catalog.format_type(a.atttypid, a.atttypmod)), '{}')
      FROM pg_catalog.pg_attribute a WHERE a.attrelid = @oid AND a.attnum > 0 AND NOT a.attisdropped
        AND a.attgenerated = @generated))";

constexpr char kKept[] = R"('' AND NOT EXISTS (SELECT FROM (VALUES @lost) AS l(place, col)
          WHERE pg_catalog.to_regclass(l.place) = a.attrelid
            AND l.col = '"' || pg_catalog.replace(a.attname, '"', '""') || '"'))";

constexpr char kBefore[] = R"(DECLARE
  t record;
  columns jsonb;
  sum text;
  tables jsonb := '{}';
BEGIN
  FOR t IN SELECT c.oid, n.nspname, c.relname, pg_catalog.format('%I.%I', n.nspname, c.relname) AS place
      FROM pg_catalog.unnest(@tables) AS x(name)
      JOIN pg_catalog.pg_class c ON c.oid = pg_catalog.to_regclass(x.name) AND c.relkind IN ('r', 'p')
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace LOOP
    IF pg_catalog.has_table_privilege(t.oid, 'SELECT')
      AND pg_catalog.has_table_privilege(t.oid, 'UPDATE, DELETE, TRUNCATE') THEN
      EXECUTE 'LOCK TABLE ' || t.place || ' IN ACCESS EXCLUSIVE MODE';
      columns := @columns_of;
@sum_of
      tables := tables || pg_catalog.jsonb_build_object(t.oid::text, pg_catalog.jsonb_build_object(
        'place', t.place, 'columns', columns, 'sum', sum));
    END IF;
  END LOOP;
  PERFORM pg_catalog.set_config('ballast.copied_before', tables::text, @local);
END;
)";

constexpr char kAfter[] = R"(DECLARE
  t record;
  sum text;
  copied jsonb := '{}';
BEGIN
  FOR t IN SELECT b.key::oid AS oid, b.value ->> 'place' AS place, b.value -> 'columns' AS columns,
        b.value ->> 'sum' AS sum, pg_catalog.to_regclass(b.value ->> 'place')::oid AS made
      FROM pg_catalog.jsonb_each(pg_catalog.current_setting('ballast.copied_before')::jsonb) AS b LOOP
    IF t.made <> t.oid AND t.columns <> '{}' AND @columns_of @> t.columns AND NOT (@empty) THEN
@sum_of
      IF sum = t.sum THEN
        copied := copied || pg_catalog.jsonb_build_object(t.oid::text, t.columns);
      END IF;
    END IF;
  END LOOP;
  PERFORM pg_catalog.set_config('ballast.copied', copied::text, @local);
END;
)";

struct Side {
  const char* oid;
  const char* columns;    // whose values are compared
  const char* generated;  // the condition on those that can be
};

std::string Filled(const char* text, const Side& side, bool local) {
  const std::string sum = ReplaceAll(ReplaceAll(kSum, "@columns", side.columns), "@sum",
                                     SumOfTexts("(ARRAY[%s]::text[])::text"));
  const std::string columns = ReplaceAll(kColumns, "@generated", side.generated);
  std::string body = ReplaceAll(ReplaceAll(text, "@columns_of", columns), "@sum_of", sum);
  return ReplaceAll(ReplaceAll(body, "@oid", side.oid), "@local", local ? "true" : "false");
}

std::string RowsOf(const std::vector<release::RollbackLoss>& losses) {
  std::vector<std::string> rows = {"(NULL::text, NULL::text)"};
  for (const release::RollbackLoss& loss : losses) {
    if (loss.table.empty() || loss.column.empty()) continue;
    rows.push_back(
        fmt::format("({}, {})", sql::QuoteLiteral(loss.table), sql::QuoteLiteral(loss.column)));
  }
  return Join(rows, ", ");
}

}  // namespace

std::vector<std::string> TablesToCompare(const std::string& script,
                                         const std::vector<release::RollbackLoss>& losses) {
  std::vector<std::string> tables;
  for (const sql::CreatedColumn& created : sql::CreatedColumnsIn(script)) {
    if (!created.column.empty()) continue;
    const std::string table = sql::QualifiedName(created.table.schema, created.table.name);
    const bool lost = std::ranges::any_of(losses, [&](const release::RollbackLoss& loss) {
      return loss.table == table && loss.column.empty();
    });
    if (!lost) tables.push_back(table);
  }
  return tables;
}

std::string CopiedRowsBefore(const std::vector<std::string>& tables,
                             const std::vector<release::RollbackLoss>& losses, bool local) {
  const std::string body = ReplaceAll(Filled(kBefore, {"t.oid", "columns", kKept}, local),
                                      "@tables", sql::QuoteTextArray(tables));
  return catalog::RenderDoBlock(ReplaceAll(body, "@lost", RowsOf(losses)));
}

std::string CopiedRowsAfter(bool local, bool with_rows) {
  return catalog::RenderDoBlock(ReplaceAll(Filled(kAfter, {"t.made", "t.columns", "''"}, local),
                                           "@empty", with_rows ? "t.sum LIKE '0 %'" : "false"));
}

std::string CopiedColumns(const std::string& oid) {
  return "(nullif(pg_catalog.current_setting('ballast.copied', true), '')::jsonb -> (" + oid +
         ")::text)";
}

}  // namespace ballast::plan
