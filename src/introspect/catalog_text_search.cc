// SPDX-License-Identifier: Apache-2.0
// Text search parsers, templates, dictionaries and configurations.
#include "base/text.h"
#include "introspect/catalog_internal.h"
#include "sql/quote.h"

namespace ballast::introspect {
namespace {

using catalog::ObjectId;
using catalog::Step;

std::string ParsersQuery(const Reading&) {
  return "SELECT p.oid::int8 AS oid, n.nspname AS schema, p.prsname AS name, concat_ws(', ', "
         "'START = ' || " +
         FunctionName("p.prsstart") + ", 'GETTOKEN = ' || " + FunctionName("p.prstoken") +
         ", 'END = ' || " + FunctionName("p.prsend") + ", 'HEADLINE = ' || " +
         FunctionName("p.prsheadline") + ", 'LEXTYPES = ' || " + FunctionName("p.prslextype") +
         ") AS options, NULL AS owner FROM pg_ts_parser AS p JOIN pg_namespace AS n ON n.oid = "
         "p.prsnamespace WHERE " +
         SupportedSchema() + " AND " + NotOfExtension("pg_ts_parser", "p.oid") +
         " ORDER BY n.nspname, p.prsname";
}

std::string TemplatesQuery(const Reading&) {
  return "SELECT t.oid::int8 AS oid, n.nspname AS schema, t.tmplname AS name, concat_ws(', ', "
         "'INIT = ' || " +
         FunctionName("t.tmplinit") + ", 'LEXIZE = ' || " + FunctionName("t.tmpllexize") +
         ") AS options, NULL AS owner FROM pg_ts_template AS t JOIN pg_namespace AS n ON n.oid = "
         "t.tmplnamespace WHERE " +
         SupportedSchema() + " AND " + NotOfExtension("pg_ts_template", "t.oid") +
         " ORDER BY n.nspname, t.tmplname";
}

// dictinitoption has the form of the clause.
std::string DictionariesQuery(const Reading&) {
  return "SELECT d.oid::int8 AS oid, n.nspname AS schema, d.dictname AS name, concat_ws(', ', "
         "'TEMPLATE = ' || " +
         QuotedNameSql("tn.nspname", "t.tmplname") +
         ", d.dictinitoption) AS options, pg_get_userbyid(d.dictowner) AS owner FROM pg_ts_dict AS "
         "d JOIN pg_namespace AS n ON n.oid = d.dictnamespace JOIN pg_ts_template AS t ON t.oid = "
         "d.dicttemplate JOIN pg_namespace AS tn ON tn.oid = t.tmplnamespace WHERE " +
         SupportedSchema() + " AND " + NotOfExtension("pg_ts_dict", "d.oid") +
         " ORDER BY n.nspname, d.dictname";
}

std::string ConfigurationsQuery(const Reading&) {
  return "SELECT c.oid::int8 AS oid, n.nspname AS schema, c.cfgname AS name, 'PARSER = ' || " +
         QuotedNameSql("pn.nspname", "p.prsname") +
         " AS options, pg_get_userbyid(c.cfgowner) AS owner FROM pg_ts_config AS c JOIN "
         "pg_namespace AS n ON n.oid = c.cfgnamespace JOIN pg_ts_parser AS p ON p.oid = "
         "c.cfgparser JOIN pg_namespace AS pn ON pn.oid = p.prsnamespace WHERE " +
         SupportedSchema() + " AND " + NotOfExtension("pg_ts_config", "c.oid") +
         " ORDER BY n.nspname, c.cfgname";
}

template <Step kStep>
void Take(const postgres::Rows& rows, const char* catalog, const std::string& kind,
          Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const ObjectId id = reading.Id(catalog, row.Oid("oid"));
    const std::string name = QuotedName(reading.NameOf(row));
    reading.Describe(id, kind, name, row.Text("owner"));
    reading.Define(id, kStep, reading.NameOf(row),
                   "CREATE " + kind + " " + name + " (" + row.Text("options") + ");\n");
  });
}

void ReadParsers(const postgres::Rows& rows, Reading& reading) {
  Take<Step::kCreateTextSearchParser>(rows, "pg_ts_parser", "TEXT SEARCH PARSER", reading);
}

void ReadTemplates(const postgres::Rows& rows, Reading& reading) {
  Take<Step::kCreateTextSearchTemplate>(rows, "pg_ts_template", "TEXT SEARCH TEMPLATE", reading);
}

void ReadDictionaries(const postgres::Rows& rows, Reading& reading) {
  Take<Step::kCreateTextSearchDictionary>(rows, "pg_ts_dict", "TEXT SEARCH DICTIONARY", reading);
}

void ReadConfigurations(const postgres::Rows& rows, Reading& reading) {
  Take<Step::kCreateTextSearchConfiguration>(rows, "pg_ts_config", "TEXT SEARCH CONFIGURATION",
                                             reading);
}

std::string MappingsQuery(const Reading&) {
  return "SELECT c.oid::int8 AS oid, m.maptokentype AS token, (SELECT quote_ident(t.alias) FROM "
         "ts_token_type(c.cfgparser) AS t WHERE t.tokid = m.maptokentype) AS token_name, "
         "string_agg(" +
         QuotedNameSql("dn.nspname", "d.dictname") +
         ", ', ' ORDER BY m.mapseqno) AS dictionaries FROM pg_ts_config_map AS m JOIN pg_ts_config "
         "AS c ON c.oid = m.mapcfg JOIN pg_namespace AS n ON n.oid = c.cfgnamespace JOIN "
         "pg_ts_dict "
         "AS d ON d.oid = m.mapdict JOIN pg_namespace AS dn ON dn.oid = d.dictnamespace WHERE " +
         SupportedSchema() + " AND " + NotOfExtension("pg_ts_config", "c.oid") +
         " GROUP BY c.oid, c.cfgparser, m.maptokentype ORDER BY c.oid, m.maptokentype";
}

void ReadMappings(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const ObjectId id = reading.Id("pg_ts_config", row.Oid("oid"));
    for (catalog::Definition& definition : reading.database.definitions) {
      if (definition.id != id) continue;
      definition.statements += "ALTER TEXT SEARCH CONFIGURATION " + QuotedName(definition.name) +
                               " ADD MAPPING FOR " + row.Text("token_name") + " WITH " +
                               row.Text("dictionaries") + ";\n";
    }
  });
}

}  // namespace

const std::vector<Part>& TextSearchQueries() {
  static const std::vector<Part> parts = {{ParsersQuery, ReadParsers},
                                          {TemplatesQuery, ReadTemplates},
                                          {DictionariesQuery, ReadDictionaries},
                                          {ConfigurationsQuery, ReadConfigurations},
                                          {MappingsQuery, ReadMappings}};
  return parts;
}

}  // namespace ballast::introspect
