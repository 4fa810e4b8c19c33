// SPDX-License-Identifier: Apache-2.0
// Functions, procedures and triggers.
#include "base/text.h"
#include "introspect/catalog_internal.h"
#include "sql/quote.h"

namespace ballast::introspect {
namespace {

// pg_get_functiondef always writes the schema, in a known position; the target schema's name is
// removed.
std::string RoutinesQuery(const Reading&) {
  return std::string(R"(
SELECT p.oid::int8 AS oid, n.nspname AS schema, p.proname AS name, p.prokind AS kind,
  pg_get_userbyid(p.proowner) AS owner, pg_get_function_identity_arguments(p.oid) AS arguments,
  oidvectortypes(p.proargtypes) AS types, pg_get_function_arguments(p.oid) AS signature,
  pg_get_function_result(p.oid) AS result,
  pg_get_functiondef(p.oid) AS definition,
  'CREATE OR REPLACE ' || CASE p.prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END AS verb,
  quote_ident(n.nspname) || '.' AS prefix, quote_ident(p.proname) AS quoted_name
FROM pg_proc AS p
JOIN pg_namespace AS n ON n.oid = p.pronamespace
WHERE p.prokind <> 'a' AND NOT EXISTS (SELECT 1 FROM pg_depend AS d
  WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i') AND )") +
         SupportedSchema() + " AND " + NotOfExtension("pg_proc", "p.oid") +
         " ORDER BY n.nspname, p.proname";
}

void ReadRoutines(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const bool procedure = row.Letter("kind") == 'p';
    const catalog::Name name = reading.NameOf(row);
    const catalog::ObjectId id = reading.Id("pg_proc", row.Oid("oid"));
    std::string definition = row.Text("definition");
    const std::string verb = row.Text("verb");
    if (name.schema.empty()) definition.erase(verb.size(), row.Text("prefix").size());
    definition.replace(0, verb.size(), procedure ? "CREATE PROCEDURE " : "CREATE FUNCTION ");
    definition = std::string(Trim(definition)) + ";\n";
    reading.Describe(id, procedure ? "PROCEDURE" : "FUNCTION",
                     QuotedName(name) + "(" + row.Text("arguments") + ")", row.Text("owner"));
    reading.database.addresses[id].arguments = row.Text("types");
    reading.Define(id, procedure ? catalog::Step::kCreateProcedure : catalog::Step::kCreateFunction,
                   name, definition, row.Text("arguments"));
    reading.database.definitions.back().created =
        catalog::RoutineSignature{row.Text("signature"), row.Text("result")};
    reading.database.has_functions = true;
  });
}

std::string TriggersQuery(const Reading&) {
  return std::string(R"(
WITH RECURSIVE copies AS (
  SELECT oid, tgparentid AS root FROM pg_trigger WHERE tgparentid <> 0
  UNION ALL
  SELECT y.oid, g.tgparentid FROM copies AS y JOIN pg_trigger AS g ON g.oid = y.root
  WHERE g.tgparentid <> 0
)
SELECT t.oid::int8 AS oid, t.tgname AS name, c.oid::int8 AS table_id, n.nspname AS schema,
  c.relname AS table_name, t.tgenabled AS enabled, coalesce((SELECT y.root FROM copies AS y JOIN pg_trigger AS g ON g.oid = y.root
            WHERE y.oid = t.oid AND g.tgparentid = 0), 0)::int8 AS copied_from,
  u.tgenabled AS parent_enabled,
  pg_get_triggerdef(t.oid) AS definition,
  quote_ident(t.tgname) AS quoted_name,
  ' ON ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) || ' ' AS on_table,
  ' ON ' || quote_ident(c.relname) || ' ' AS on_bare_table,
  ' FROM ' || quote_ident(rn.nspname) || '.' || quote_ident(r.relname) || ' ' AS from_table,
  ' FROM ' || quote_ident(r.relname) || ' ' AS from_bare_table, rn.nspname AS from_schema
FROM pg_trigger AS t
JOIN pg_class AS c ON c.oid = t.tgrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_trigger AS u ON u.oid = t.tgparentid
LEFT JOIN pg_class AS r ON r.oid = t.tgconstrrelid
LEFT JOIN pg_namespace AS rn ON rn.oid = r.relnamespace
WHERE ((NOT t.tgisinternal AND u.oid IS NULL)
  OR (u.oid IS NOT NULL AND (NOT u.tgisinternal OR t.tgconstraint = 0))) AND )") +
         SupportedSchema() + " AND " + NotOfExtension("pg_class", "c.oid") + " AND " +
         NotOfExtension("pg_trigger", "t.oid") + " ORDER BY n.nspname, c.relname, t.tgname";
}

void ReplaceFirst(std::string& text, size_t from, const std::string& what,
                  const std::string& with) {
  const size_t at = text.find(what, from);
  if (at != std::string::npos) text.replace(at, what.size(), with);
}

// Triggers of partitions are created with their parent's; only a different state is written.
void ReadCopy(const postgres::Record& row, const catalog::Name& table, Reading& reading) {
  const catalog::ObjectId id = reading.Id("pg_trigger", row.Oid("oid"));
  const catalog::ObjectId copied_from = reading.Id("pg_trigger", row.Oid("copied_from"));
  const std::string name = sql::QuoteIdentifier(row.Text("name"));
  reading.database.trigger_copies[id] = {copied_from, reading.Id("pg_class", row.Oid("table_id")),
                                         table, row.Text("name")};
  reading.Describe(id, "TRIGGER", name + " ON " + QuotedName(table));
  if (row.Letter("enabled") == row.Letter("parent_enabled")) return;
  const auto statement = [&](char enabled) {
    const std::string word = EnabledClause(enabled);
    return "ALTER TABLE " + QuotedName(table) + " " + (word.empty() ? "ENABLE" : word) +
           " TRIGGER " + name + ";\n";
  };
  reading.DefineSettings(
      id, catalog::Step::kCreateTrigger, table,
      {{statement(row.Letter("enabled")), statement(row.Letter("parent_enabled"))}},
      row.Text("name"));
  reading.database.definitions.back().needs = {copied_from};
}

void ReadTriggers(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const catalog::Name table = reading.NameOf(row.Text("schema"), row.Text("table_name"));
    const catalog::ObjectId id = reading.Id("pg_trigger", row.Oid("oid"));
    if (row.Oid("copied_from") != 0) {
      ReadCopy(row, table, reading);
      return;
    }
    std::string definition = row.Text("definition");
    const size_t start = row.Text("quoted_name").size();
    if (table.schema.empty()) {
      ReplaceFirst(definition, start, row.Text("on_table"), row.Text("on_bare_table"));
    }
    if (!row.IsNull("from_schema") && row.Text("from_schema") == reading.target) {
      ReplaceFirst(definition, start, row.Text("from_table"), row.Text("from_bare_table"));
    }
    definition += ";\n";
    const std::string name = sql::QuoteIdentifier(row.Text("name"));
    if (const std::string word = EnabledClause(row.Letter("enabled")); !word.empty()) {
      definition += "ALTER TABLE " + QuotedName(table) + " " + word + " TRIGGER " + name + ";\n";
    }
    reading.Describe(id, "TRIGGER", name + " ON " + QuotedName(table));
    reading.Define(id, catalog::Step::kCreateTrigger, table, definition, row.Text("name"));
  });
}

}  // namespace

const std::vector<Part>& FunctionQueries() {
  static const std::vector<Part> parts = {{RoutinesQuery, ReadRoutines},
                                          {TriggersQuery, ReadTriggers}};
  return parts;
}

}  // namespace ballast::introspect
