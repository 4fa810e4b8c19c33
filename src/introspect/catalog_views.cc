// SPDX-License-Identifier: Apache-2.0
// Views, materialized views, rules and policies.
#include "base/text.h"
#include "introspect/catalog_internal.h"
#include "sql/quote.h"

namespace ballast::introspect {
namespace {

std::string ViewsQuery(const Reading&) {
  return std::string(R"(
SELECT c.oid::int8 AS oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind,
  pg_get_userbyid(c.relowner) AS owner, c.relispopulated AS populated,
  pg_get_viewdef(c.oid) AS definition, r.oid::int8 AS rule_id, s.spcname AS tablespace,
  am.amname AS method,
  )") + OptionList("c.reloptions") +
         R"( AS options,
  )" + OptionList(R"(ARRAY(SELECT 'NULL::' || format_type(a.atttypid, a.atttypmod) || ' AS '
     || quote_ident(a.attname) FROM pg_attribute AS a
   WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum))") +
         R"( AS columns
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_rewrite AS r ON r.ev_class = c.oid AND r.rulename = '_RETURN'
LEFT JOIN pg_am AS am ON am.oid = c.relam AND am.amname <> 'heap'
LEFT JOIN pg_tablespace AS s ON s.oid = c.reltablespace
WHERE c.relkind IN ('v', 'm') AND )" +
         SupportedSchema() + " AND " + NotOfExtension("pg_class", "c.oid") +
         " ORDER BY n.nspname, c.relname";
}

// CHECK OPTION is stored with the view's parameters, but written after its query.
std::string CheckOption(std::vector<std::string>& options) {
  for (auto it = options.begin(); it != options.end(); ++it) {
    if (!it->starts_with("check_option=")) continue;
    const bool local = it->ends_with("local");
    options.erase(it);
    return local ? "\n WITH LOCAL CHECK OPTION" : "\n WITH CASCADED CHECK OPTION";
  }
  return "";
}

// The query without its final semicolon.
std::string QueryOf(const postgres::Record& row) {
  std::string query(Trim(row.Text("definition")));
  if (query.ends_with(";")) query.pop_back();
  return query;
}

void ReadView(const postgres::Record& row, Reading& reading) {
  const catalog::Name name = reading.NameOf(row);
  const catalog::ObjectId id = reading.Id("pg_class", row.Oid("oid"));
  std::vector<std::string> options = row.List("options");
  const std::string check = CheckOption(options);
  const std::string with = options.empty() ? "" : " WITH (" + RenderOptions(options) + ")";
  reading.Describe(id, "VIEW", QuotedName(name), row.Text("owner"));
  reading.Define(
      id, catalog::Step::kCreateView, name,
      "CREATE VIEW " + QuotedName(name) + with + " AS\n " + QueryOf(row) + check + ";\n");
  catalog::Definition& definition = reading.database.definitions.back();
  std::vector<std::string> columns = row.List("columns");
  definition.placeholder =
      "CREATE VIEW " + QuotedName(name) + " AS\n SELECT " + Join(columns, ", ") + ";\n";
  definition.created = catalog::ViewColumns{std::move(columns)};
  definition.body = reading.Id("pg_rewrite", row.Oid("rule_id"));
}

void ReadMaterializedView(const postgres::Record& row, Reading& reading) {
  const catalog::Name name = reading.NameOf(row);
  const catalog::ObjectId id = reading.Id("pg_class", row.Oid("oid"));
  std::string start = "CREATE MATERIALIZED VIEW " + QuotedName(name);
  if (!row.IsNull("method")) start += " USING " + sql::QuoteIdentifier(row.Text("method"));
  if (const auto options = row.List("options"); !options.empty()) {
    start += " WITH (" + RenderOptions(options) + ")";
  }
  if (!row.IsNull("tablespace")) {
    start += " TABLESPACE " + sql::QuoteIdentifier(row.Text("tablespace"));
  }
  reading.Describe(id, "MATERIALIZED VIEW", QuotedName(name), row.Text("owner"));
  reading.Define(id, catalog::Step::kCreateMaterializedView, name,
                 start + " AS\n " + QueryOf(row) + "\n WITH NO DATA;\n");
  if (!row.Flag("populated")) return;
  const std::string refresh = "REFRESH MATERIALIZED VIEW " + QuotedName(name);
  reading.DefineSettings({id.catalog, id.object, -4000}, catalog::Step::kRefreshMaterializedView,
                         name, {{refresh + ";\n", refresh + " WITH NO DATA;\n"}});
  reading.database.definitions.back().needs = {id};
}

void ReadViews(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    if (row.Letter("kind") == 'v') {
      ReadView(row, reading);
    } else {
      ReadMaterializedView(row, reading);
    }
  });
}

}  // namespace

const std::vector<Part>& ViewQueries() {
  static const std::vector<Part> parts = {{ViewsQuery, ReadViews}};
  return parts;
}

}  // namespace ballast::introspect
