// SPDX-License-Identifier: Apache-2.0
// What tables and views have besides columns and keys: rules, policies, statistics objects,
// defaults of views' columns, and their places in publications.
#include "base/text.h"
#include "introspect/catalog_internal.h"
#include "sql/quote.h"

namespace ballast::introspect {
namespace {

using catalog::ObjectId;
using catalog::Step;

catalog::Name TableOf(const postgres::Record& row, const Reading& reading) {
  return reading.NameOf(row.Text("schema"), row.Text("table_name"));
}

std::string RulesQuery(const Reading&) {
  return std::string(R"(
SELECT r.oid::int8 AS oid, r.rulename AS name, n.nspname AS schema, c.relname AS table_name,
  r.ev_enabled AS enabled, pg_get_ruledef(r.oid) AS definition,
  length('CREATE RULE ' || quote_ident(r.rulename)) AS start,
  ' TO ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS on_table,
  ' TO ' || quote_ident(c.relname) AS on_bare_table
FROM pg_rewrite AS r
JOIN pg_class AS c ON c.oid = r.ev_class
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE r.rulename <> '_RETURN' AND )") +
         SupportedSchema() + " AND " + NotOfExtension("pg_class", "c.oid") +
         " ORDER BY n.nspname, c.relname, r.rulename";
}

void ReadRules(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const catalog::Name table = TableOf(row, reading);
    const ObjectId id = reading.Id("pg_rewrite", row.Oid("oid"));
    std::string text = row.Text("definition");
    if (table.schema.empty()) {
      const std::string qualified = row.Text("on_table");
      const size_t at = text.find(qualified, static_cast<size_t>(row.Number("start")));
      if (at != std::string::npos) text.replace(at, qualified.size(), row.Text("on_bare_table"));
    }
    const std::string name = sql::QuoteIdentifier(row.Text("name"));
    text += "\n";
    if (const std::string word = EnabledClause(row.Letter("enabled")); !word.empty()) {
      text += "ALTER TABLE " + QuotedName(table) + " " + word + " RULE " + name + ";\n";
    }
    reading.Describe(id, "RULE", name + " ON " + QuotedName(table));
    reading.Define(id, Step::kCreateRule, table, text, row.Text("name"));
  });
}

std::string PoliciesQuery(const Reading&) {
  return std::string(R"(
SELECT p.oid::int8 AS oid, p.polname AS name, n.nspname AS schema, c.relname AS table_name,
  p.polpermissive AS permissive, p.polcmd AS command,
  (SELECT string_agg(CASE WHEN r = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(r)) END, ', '
     ORDER BY CASE WHEN r = 0 THEN '' ELSE pg_get_userbyid(r) END COLLATE "C")
   FROM unnest(p.polroles) AS r WHERE p.polroles <> '{0}') AS roles,
  pg_get_expr(p.polqual, p.polrelid) AS qualifier,
  pg_get_expr(p.polwithcheck, p.polrelid) AS with_check
FROM pg_policy AS p
JOIN pg_class AS c ON c.oid = p.polrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE )") +
         SupportedSchema() + " AND " + NotOfExtension("pg_class", "c.oid") +
         " ORDER BY n.nspname, c.relname, p.polname";
}

std::string CommandWord(char command) {
  switch (command) {
    case 'r':
      return " FOR SELECT";
    case 'a':
      return " FOR INSERT";
    case 'w':
      return " FOR UPDATE";
    case 'd':
      return " FOR DELETE";
    default:
      return "";
  }
}

void ReadPolicies(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const catalog::Name table = TableOf(row, reading);
    const ObjectId id = reading.Id("pg_policy", row.Oid("oid"));
    const std::string name = sql::QuoteIdentifier(row.Text("name")) + " ON " + QuotedName(table);
    std::string text = "CREATE POLICY " + name;
    if (!row.Flag("permissive")) text += " AS RESTRICTIVE";
    text += CommandWord(row.Letter("command"));
    if (!row.IsNull("roles")) text += " TO " + row.Text("roles");
    if (!row.IsNull("qualifier")) text += " USING (" + row.Text("qualifier") + ")";
    if (!row.IsNull("with_check")) text += " WITH CHECK (" + row.Text("with_check") + ")";
    reading.Describe(id, "POLICY", name);
    reading.Define(id, Step::kCreatePolicy, table, text + ";\n", row.Text("name"));
  });
}

// pg_get_statisticsobjdef always names the schema, in a known place.
std::string StatisticsQuery(const Reading& /*reading*/) {
  return std::string(R"(
SELECT s.oid::int8 AS oid, n.nspname AS schema, s.stxname AS name,
  pg_get_userbyid(s.stxowner) AS owner, pg_get_statisticsobjdef(s.oid) AS definition,
  quote_ident(n.nspname) || '.' AS prefix, coalesce(s.stxstattarget, -1) AS target
FROM pg_statistic_ext AS s
JOIN pg_namespace AS n ON n.oid = s.stxnamespace
WHERE )") +
         SupportedSchema() + " AND " + NotOfExtension("pg_statistic_ext", "s.oid") +
         " ORDER BY n.nspname, s.stxname";
}

void ReadStatistics(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const catalog::Name name = reading.NameOf(row);
    const ObjectId id = reading.Id("pg_statistic_ext", row.Oid("oid"));
    std::string text = row.Text("definition") + ";\n";
    constexpr std::string_view kVerb = "CREATE STATISTICS ";
    if (name.schema.empty()) text.erase(kVerb.size(), row.Text("prefix").size());
    const bool has_target = row.Number("target") >= 0;
    if (has_target) {
      text +=
          "ALTER STATISTICS " + QuotedName(name) + " SET STATISTICS " + row.Text("target") + ";\n";
    }
    reading.Describe(id, "STATISTICS", QuotedName(name), row.Text("owner"));
    reading.Define(id, Step::kCreateStatistics, name, text);
    reading.database.definitions.back().created = catalog::Statistics{has_target};
  });
}

// Columns of views: their defaults, ALTER COLUMN settings of materialized views, and names for
// comments and privileges.
std::string ViewColumnsQuery(const Reading& reading) {
  const std::string compression = reading.major >= 14 ? "a.attcompression" : "''::\"char\"";
  return R"(
SELECT a.attrelid::int8 AS relation, a.attnum AS number, quote_ident(a.attname) AS column_name,
  n.nspname AS schema, c.relname AS table_name, c.relkind AS kind,
  pg_get_userbyid(c.relowner) AS owner, d.oid::int8 AS default_id,
  pg_get_expr(d.adbin, d.adrelid) AS default_value,
  CASE WHEN c.relkind = 'm' THEN nullif(a.attstattarget, -1) END AS statistics,
  CASE WHEN c.relkind = 'm' AND a.attstorage <> t.typstorage THEN a.attstorage END AS storage,
  t.typstorage AS type_storage,
  CASE WHEN c.relkind = 'm' THEN )" +
         compression + " END AS compression, CASE WHEN c.relkind = 'm' THEN " +
         OptionList(kColumnOptions) + R"( END AS options
FROM pg_attribute AS a
JOIN pg_type AS t ON t.oid = a.atttypid
JOIN pg_class AS c ON c.oid = a.attrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relkind IN ('v', 'm') AND a.attnum > 0 AND NOT a.attisdropped AND )" +
         SupportedSchema() + " AND " + NotOfExtension("pg_class", "c.oid") +
         " ORDER BY a.attrelid, a.attnum";
}

void ReadViewColumns(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const catalog::Name view = TableOf(row, reading);
    const int32_t number = static_cast<int32_t>(row.Number("number"));
    const ObjectId column = reading.Id("pg_class", row.Oid("relation"), number);
    const std::string name = row.Text("column_name");
    reading.Describe(column, "COLUMN", QuotedName(view) + "." + name);
    reading.database.addresses[column].column = name;
    reading.database.addresses[column].owner = row.Text("owner");
    const bool materialized = row.Letter("kind") == 'm';
    const std::string alter = std::string("ALTER ") + (materialized ? "MATERIALIZED " : "") +
                              "VIEW " + QuotedName(view) + " ALTER COLUMN " + name + " ";
    std::vector<catalog::Setting> settings = ColumnSettings(row, alter, {});
    if (!row.IsNull("default_value")) {
      settings.insert(settings.begin(), {alter + "SET DEFAULT " + row.Text("default_value") + ";\n",
                                         alter + "DROP DEFAULT;\n"});
    }
    if (settings.empty()) return;
    const ObjectId made = row.IsNull("default_id")
                              ? ObjectId{column.catalog, column.object, -7000 - number}
                              : reading.Id("pg_attrdef", row.Oid("default_id"));
    reading.DefineSettings(made, Step::kAlterView, view, std::move(settings), name);
    reading.database.definitions.back().needs = {{column.catalog, column.object, 0}};
  });
}

std::string PublicationsQuery(const Reading& reading) {
  return "SELECT p.oid::int8 AS oid, p.pubname AS name, pg_get_userbyid(p.pubowner) AS owner, "
         "p.puballtables AS all_tables, concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, "
         "CASE WHEN p.pubupdate THEN 'update' END, CASE WHEN p.pubdelete THEN 'delete' END, CASE "
         "WHEN p.pubtruncate THEN 'truncate' END) AS publish, p.pubviaroot AS via_root, " +
         std::string(reading.major >= 18 ? "p.pubgencols" : "'n'") +
         " AS generated FROM pg_publication AS p WHERE " +
         NotOfExtension("pg_publication", "p.oid") + " ORDER BY p.pubname";
}

void ReadPublications(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const ObjectId id = reading.Id("pg_publication", row.Oid("oid"));
    const std::string name = sql::QuoteIdentifier(row.Text("name"));
    std::string text = "CREATE PUBLICATION " + name;
    if (row.Flag("all_tables")) text += " FOR ALL TABLES";
    std::vector<std::string> options;
    if (row.Text("publish") != "insert, update, delete, truncate") {
      options.push_back("publish = " + sql::QuoteLiteral(row.Text("publish")));
    }
    if (row.Flag("via_root")) options.emplace_back("publish_via_partition_root = true");
    if (row.Letter("generated") == 's') {
      options.emplace_back("publish_generated_columns = stored");
    }
    if (!options.empty()) text += " WITH (" + Join(options, ", ") + ")";
    reading.Describe(id, "PUBLICATION", name, row.Text("owner"));
    reading.Define(id, Step::kCreatePublication, {"", row.Text("name")}, text + ";\n");
  });
}

std::string PublishedTablesQuery(const Reading& reading) {
  const std::string extra =
      reading.major >= 15
          ? "(SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY x.at) FROM "
            "unnest(r.prattrs::int2[]) WITH ORDINALITY AS x (num, at) JOIN pg_attribute AS a ON "
            "a.attrelid = r.prrelid AND a.attnum = x.num) AS columns, pg_get_expr(r.prqual, "
            "r.prrelid) AS condition"
          : "NULL AS columns, NULL AS condition";
  return "SELECT r.oid::int8 AS oid, p.oid::int8 AS publication, p.pubname AS name, n.nspname AS "
         "schema, c.oid::int8 AS relation, c.relname AS table_name, " +
         extra +
         " FROM pg_publication_rel AS r JOIN pg_publication AS p ON p.oid = r.prpubid JOIN "
         "pg_class "
         "AS c ON c.oid = r.prrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE " +
         SupportedSchema() + " AND " + NotOfExtension("pg_publication_rel", "r.oid") +
         " ORDER BY p.pubname, n.nspname, c.relname";
}

void ReadPublishedTables(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const catalog::Name table = TableOf(row, reading);
    const std::string alter = "ALTER PUBLICATION " + sql::QuoteIdentifier(row.Text("name"));
    std::string text = alter + " ADD TABLE ONLY " + QuotedName(table);
    if (!row.IsNull("columns")) text += " (" + row.Text("columns") + ")";
    if (!row.IsNull("condition")) text += " WHERE (" + row.Text("condition") + ")";
    const std::string drop = alter + " DROP TABLE " + QuotedName(table) + ";\n";
    reading.DefineSettings(reading.Id("pg_publication_rel", row.Oid("oid")),
                           Step::kAlterPublication, {"", row.Text("name")}, {{text + ";\n", drop}},
                           QuotedName(table));
    reading.database.definitions.back().needs = {
        reading.Id("pg_publication", row.Oid("publication")),
        reading.Id("pg_class", row.Oid("relation"))};
  });
}

std::string PublishedSchemasQuery(const Reading& reading) {
  if (reading.major < 15) return "SELECT 1 WHERE false";
  return "SELECT r.oid::int8 AS oid, p.oid::int8 AS publication, p.pubname AS name, n.oid::int8 AS "
         "schema_id, n.nspname AS schema FROM pg_publication_namespace AS r JOIN pg_publication AS "
         "p ON p.oid = r.pnpubid JOIN pg_namespace AS n ON n.oid = r.pnnspid WHERE " +
         NotOfExtension("pg_publication_namespace", "r.oid") + " ORDER BY p.pubname, n.nspname";
}

void ReadPublishedSchemas(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const std::string schema = row.Text("schema") == reading.target
                                   ? "CURRENT_SCHEMA"
                                   : sql::QuoteIdentifier(row.Text("schema"));
    const std::string alter = "ALTER PUBLICATION " + sql::QuoteIdentifier(row.Text("name"));
    const std::string tables = " TABLES IN SCHEMA " + schema + ";\n";
    reading.DefineSettings(reading.Id("pg_publication_namespace", row.Oid("oid")),
                           Step::kAlterPublication, {"", row.Text("name")},
                           {{alter + " ADD" + tables, alter + " DROP" + tables}},
                           "schema " + row.Text("schema"));
    reading.database.definitions.back().needs = {
        reading.Id("pg_publication", row.Oid("publication")),
        reading.Id("pg_namespace", row.Oid("schema_id"))};
  });
}

}  // namespace

const std::vector<Part>& RelationExtraQueries() {
  static const std::vector<Part> parts = {{RulesQuery, ReadRules},
                                          {PoliciesQuery, ReadPolicies},
                                          {StatisticsQuery, ReadStatistics},
                                          {ViewColumnsQuery, ReadViewColumns},
                                          {PublicationsQuery, ReadPublications},
                                          {PublishedTablesQuery, ReadPublishedTables},
                                          {PublishedSchemasQuery, ReadPublishedSchemas}};
  return parts;
}

}  // namespace ballast::introspect
