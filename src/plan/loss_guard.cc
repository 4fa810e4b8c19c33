// SPDX-License-Identifier: Apache-2.0
#include "plan/loss_guard.h"

#include "base/fill_template.h"
#include "base/text.h"
#include "catalog/render_ddl.h"
#include "plan/copied_rows.h"
#include "plan/user_tables.h"
#include "sql/quote.h"

namespace ballast::plan {
namespace {

// @expected: rows of table and column, both quoted.
constexpr char kColumns[] = R"(WITH RECURSIVE expected(place, col) AS (
  SELECT pg_catalog.to_regclass(l.place)::oid, l.col FROM (VALUES @expected) AS l(place, col)
  UNION
  SELECT i.inhrelid, e.col FROM expected e
  JOIN pg_catalog.pg_inherits i ON i.inhparent = e.place
  JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid AND (e.col <> '' OR c.relispartition)
), ancestors(place, above) AS (
  SELECT inhrelid, inhparent FROM pg_catalog.pg_inherits
  UNION
  SELECT a.place, i.inhparent FROM ancestors a
  JOIN pg_catalog.pg_inherits i ON i.inhrelid = a.above
)
SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
  'o', a.attrelid::bigint, 'n', a.attnum, 's', n.nspname, 't', c.relname, 'c', a.attname,
  'p', c.relispartition, 'k', c.relkind, 'l', a.attislocal,
  'u', (SELECT coalesce(pg_catalog.jsonb_agg(x.above::bigint), '[]') FROM ancestors x
        WHERE x.place = a.attrelid))), '[]')::text
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
  AND @user_table
  AND NOT EXISTS (SELECT FROM expected e WHERE e.place = a.attrelid AND (e.col = ''
                  OR e.col = '"' || pg_catalog.replace(a.attname, '"', '""') || '"')))";

// A partitioned table has no rows itself, so it is lost only with one of its partitions.
constexpr char kLost[] = R"(WITH gone AS (
  SELECT w.*, NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = w.o) AS whole
  FROM pg_catalog.jsonb_to_recordset(@columns::jsonb)
    AS w(o bigint, n int, s text, t text, c text, p boolean, k text, l boolean, u jsonb)
  WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a
                    WHERE a.attrelid = w.o AND a.attnum = w.n AND NOT a.attisdropped)
), lost AS (
  SELECT w.* FROM gone w
  WHERE NOT w.whole OR w.k IS DISTINCT FROM 'p' OR EXISTS (SELECT FROM gone x
    WHERE x.whole AND x.k = 'r' AND x.u @> pg_catalog.to_jsonb(w.o))
)
SELECT w.s, w.t, CASE WHEN NOT w.whole OR @copied IS NOT NULL THEN w.c END
FROM lost w
WHERE NOT EXISTS (SELECT FROM lost x WHERE w.u @> pg_catalog.to_jsonb(x.o)
  AND (w.whole AND w.p AND x.whole OR NOT w.whole AND NOT w.l AND NOT x.whole AND x.c = w.c))
  AND NOT coalesce(@copied ? w.c, false)
GROUP BY w.o, w.s, w.t, w.whole, 3
ORDER BY w.s, w.t, min(w.n))";

constexpr char kAfter[] = R"(DECLARE
  names text;
BEGIN
  SELECT pg_catalog.string_agg(CASE WHEN x.c IS NULL
    THEN pg_catalog.format('table %I.%I', x.s, x.t)
    ELSE pg_catalog.format('column %I.%I.%I', x.s, x.t, x.c) END, ', ')
  INTO names FROM (@lost) AS x(s, t, c);
  IF names IS NOT NULL THEN
    RAISE EXCEPTION 'the script would drop % without having counted the data', names
      USING ERRCODE = '@state';
  END IF;
END;
)";

constexpr char kSetting[] = "ballast.columns";

}  // namespace

bool IsUnexpectedLoss(std::string_view sqlstate) {
  return sqlstate == kDataSinceCounted || sqlstate == kUnexpectedLoss;
}

std::string ColumnsSql(const std::vector<release::RollbackLoss>& expected) {
  std::vector<std::string> rows;
  for (const release::RollbackLoss& loss : expected) {
    if (loss.table.empty()) continue;
    rows.push_back("(" + sql::QuoteLiteral(loss.table) + ", " + sql::QuoteLiteral(loss.column) +
                   ")");
  }
  if (rows.empty()) rows.emplace_back("(NULL::text, NULL::text)");
  return FillTemplate(kColumns, {{"@user_table", IsUserTable()}, {"@expected", Join(rows, ", ")}});
}

std::string LostColumnsSql(const std::string& columns) {
  return FillTemplate(kLost, {{"@columns", columns}, {"@copied", CopiedColumns("w.o")}});
}

std::string WhereLost(const release::RollbackLoss& loss) {
  if (!loss.condition.empty()) return " WHERE " + loss.condition;
  return loss.column.empty() ? "" : " WHERE " + loss.column + " IS NOT NULL";
}

std::string LossGuardBefore(const std::vector<release::RollbackLoss>& expected,
                            const std::vector<release::RollbackLoss>& empty) {
  std::string body;
  for (const release::RollbackLoss& loss : empty) {
    if (loss.table.empty()) continue;
    body += "  LOCK TABLE " + loss.table + " IN ACCESS EXCLUSIVE MODE;\n  IF EXISTS (SELECT FROM " +
            loss.table + WhereLost(loss) + ") THEN\n    RAISE EXCEPTION USING ERRCODE = '" +
            kDataSinceCounted + "', MESSAGE = " +
            sql::QuoteLiteral(loss.object + " has received data since it was counted") +
            ";\n  END IF;\n";
  }
  body += std::string("  PERFORM pg_catalog.set_config('") + kSetting + "', (" +
          ColumnsSql(expected) + "), true);\n";
  return catalog::RenderDoBlock(body);
}

std::string LossGuardAfter() {
  const std::string columns = std::string("pg_catalog.current_setting('") + kSetting + "')";
  return catalog::RenderDoBlock(
      FillTemplate(kAfter, {{"@lost", LostColumnsSql(columns)}, {"@state", kUnexpectedLoss}}));
}

}  // namespace ballast::plan
