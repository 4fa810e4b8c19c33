// SPDX-License-Identifier: Apache-2.0
#include "introspect/extension_table_dependents.h"

#include <algorithm>

#include "postgres/record.h"
#include "sql/quote.h"

namespace ballast::introspect {
namespace {

constexpr const char* kObjects = R"(
WITH t AS (
  SELECT c.oid, e.extname, c.oid::regclass::text AS name
  FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid
  JOIN pg_class AS c ON c.oid = d.objid AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  WHERE d.refclassid = 'pg_extension'::regclass AND d.classid = 'pg_class'::regclass
    AND d.deptype = 'e')
SELECT o.what || ' on ' || t.name || ', which extension ' || pg_catalog.quote_ident(t.extname)
  || ' owns'
FROM t JOIN (
  SELECT indrelid AS relation, 'index ' || indexrelid::regclass::text AS what FROM pg_index
  UNION ALL SELECT conrelid, 'constraint ' || pg_catalog.quote_ident(conname) || ' '
    || pg_get_constraintdef(oid) FROM pg_constraint WHERE contype <> 'n'
  UNION ALL SELECT tgrelid, 'trigger ' || pg_catalog.quote_ident(tgname) FROM pg_trigger
    WHERE NOT tgisinternal
  UNION ALL SELECT ev_class, 'rule ' || pg_catalog.quote_ident(rulename) FROM pg_rewrite
  UNION ALL SELECT polrelid, 'policy ' || pg_catalog.quote_ident(polname) FROM pg_policy
) AS o ON o.relation = t.oid)";

constexpr const char* kConfiguration = R"(
SELECT pg_catalog.quote_ident(e.extname) AS extension, x.oid::regclass::text AS name,
  coalesce(e.extcondition[x.at], '') AS condition
FROM pg_extension AS e, unnest(e.extconfig) WITH ORDINALITY AS x (oid, at)
JOIN pg_class AS c ON c.oid = x.oid AND c.relkind IN ('r', 'p') ORDER BY 1, 2)";

// The rows that pg_dump would include, in any order.
std::string RowsQuery(const postgres::Rows& tables) {
  std::string query;
  postgres::ForEachRecord(tables, [&](const postgres::Record& row) {
    const std::string words = "rows of " + row.Text("name") +
                              ", a configuration table of extension " + row.Text("extension");
    query +=
        std::string(query.empty() ? "" : " UNION ALL ") + "SELECT " + sql::QuoteLiteral(words) +
        " || ' (' || count(*)::text || ', digest ' || "
        "md5(string_agg(line, E'\\n' ORDER BY line)) || ')' FROM (SELECT t::text AS line FROM " +
        row.Text("name") + " AS t " + row.Text("condition") + ") AS lines HAVING count(*) > 0";
  });
  return query;
}

void AddLines(const postgres::Rows& rows, std::vector<std::string>& lines) {
  for (const std::vector<postgres::Value>& row : rows.rows) lines.push_back(row[0].value_or(""));
}

}  // namespace

Result<std::vector<std::string>> ReadExtensionTableDependents(postgres::Session& session) {
  TRY_ASSIGN(const std::vector<postgres::Rows> results,
             session.Query(std::string(kObjects) + ";" + kConfiguration));
  std::vector<std::string> lines;
  AddLines(results[0], lines);
  if (const std::string query = RowsQuery(results[1]); !query.empty()) {
    TRY_ASSIGN(const std::vector<postgres::Rows> counts, session.Query(query));
    AddLines(counts.back(), lines);
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace ballast::introspect
