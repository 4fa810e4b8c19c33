// SPDX-License-Identifier: Apache-2.0
#include "sql/renames.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"
#include "sql/parse_tree_internal.h"
#include "sql/quote.h"

namespace ballast::sql {
namespace {

using nlohmann::json;

constexpr std::pair<const char*, const char*> kWords[] = {{"OBJECT_TABLE", "TABLE"},
                                                          {"OBJECT_VIEW", "VIEW"},
                                                          {"OBJECT_MATVIEW", "MATERIALIZED VIEW"},
                                                          {"OBJECT_INDEX", "INDEX"},
                                                          {"OBJECT_SEQUENCE", "SEQUENCE"}};

// The name of a list of String nodes, with its last part exchanged where one is given.
std::string NameOf(const json& list, const std::string& last = {}) {
  std::vector<std::string> parts;
  for (const json& part : list) {
    if (part.contains("String")) parts.push_back(TextAt(part["String"], "sval"));
  }
  if (parts.empty()) return {};
  if (!last.empty()) parts.back() = last;
  for (std::string& part : parts) part = QuoteIdentifier(part);
  return Join(parts, ".");
}

std::string LastOf(const json& list) {
  return list.empty() ? std::string() : TextAt(At(list.back(), "String"), "sval");
}

std::string UndoOfRelation(const json& rename, const std::string& kind) {
  const json& range = At(rename, "relation");
  const std::string schema = TextAt(range, "schemaname");
  const std::string name = TextAt(range, "relname");
  const std::string fresh = TextAt(rename, "newname");
  if (name.empty() || fresh.empty()) return {};
  if (kind == "OBJECT_COLUMN" || kind == "OBJECT_TABCONSTRAINT") {
    const char* word = kind == "OBJECT_COLUMN" ? " RENAME COLUMN " : " RENAME CONSTRAINT ";
    return "ALTER TABLE " + QualifiedName(schema, name) + word + QuoteIdentifier(fresh) + " TO " +
           QuoteIdentifier(TextAt(rename, "subname")) + ";\n";
  }
  for (const auto& [type, word] : kWords) {
    if (kind != type) continue;
    return std::string("ALTER ") + word + " " + QualifiedName(schema, fresh) + " RENAME TO " +
           QuoteIdentifier(name) + ";\n";
  }
  return {};
}

// ALTER TYPE … RENAME ATTRIBUTE.
std::string UndoOfAttribute(const json& rename) {
  const json& range = At(rename, "relation");
  const std::string cascade = TextAt(rename, "behavior") == "DROP_CASCADE" ? " CASCADE" : "";
  return "ALTER TYPE " + QualifiedName(TextAt(range, "schemaname"), TextAt(range, "relname")) +
         " RENAME ATTRIBUTE " + QuoteIdentifier(TextAt(rename, "newname")) + " TO " +
         QuoteIdentifier(TextAt(rename, "subname")) + cascade + ";\n";
}

std::string UndoOfRename(const json& rename) {
  const std::string kind = TextAt(rename, "renameType");
  if (kind == "OBJECT_ATTRIBUTE") return UndoOfAttribute(rename);
  if (kind == "OBJECT_SCHEMA") {
    return "ALTER SCHEMA " + QuoteIdentifier(TextAt(rename, "newname")) + " RENAME TO " +
           QuoteIdentifier(TextAt(rename, "subname")) + ";\n";
  }
  if (kind != "OBJECT_TYPE" && kind != "OBJECT_DOMAIN") return UndoOfRelation(rename, kind);
  const json& list = At(At(At(rename, "object"), "List"), "items");
  const std::string old = LastOf(list);
  if (old.empty()) return {};
  return std::string("ALTER ") + (kind == "OBJECT_TYPE" ? "TYPE " : "DOMAIN ") +
         NameOf(list, TextAt(rename, "newname")) + " RENAME TO " + QuoteIdentifier(old) + ";\n";
}

std::string UndoOfValue(const json& alter) {
  const std::string old = TextAt(alter, "oldVal");
  if (old.empty()) return {};
  return "ALTER TYPE " + NameOf(At(alter, "typeName")) + " RENAME VALUE " +
         QuoteLiteral(TextAt(alter, "newVal")) + " TO " + QuoteLiteral(old) + ";\n";
}

// `undo`: of UndoOfValue.
std::string AsideOfValue(const json& undo, const std::string& prefix) {
  const std::string taken = TextAt(undo, "newVal");
  return "ALTER TYPE " + NameOf(At(undo, "typeName")) + " RENAME VALUE " + QuoteLiteral(taken) +
         " TO " + QuoteLiteral(prefix + taken) + ";\n";
}

// ALTER TABLE and the like … SET SCHEMA. A name without a schema was that of the target schema.
std::string UndoOfMove(const json& move) {
  const json& range = At(move, "relation");
  const std::string name = TextAt(range, "relname");
  const std::string schema = TextAt(range, "schemaname");
  for (const auto& [type, word] : kWords) {
    if (name.empty() || TextAt(move, "objectType") != type) continue;
    const std::string alter = std::string("ALTER ") + word + " " +
                              QualifiedName(TextAt(move, "newschema"), name) + " SET SCHEMA ";
    if (!schema.empty()) return alter + QuoteIdentifier(schema) + ";\n";
    return "DO " +
           QuoteLiteral("BEGIN EXECUTE " + QuoteLiteral(alter) +
                        " || pg_catalog.quote_ident(pg_catalog.current_schema()); END") +
           ";\n";
  }
  return {};
}

constexpr char kAtTimeZone[] = " AT TIME ZONE ";

// The zone of: column AT TIME ZONE 'zone'.
std::string ZoneOf(const json& expression, const std::string& column) {
  const json& call = At(expression, "FuncCall");
  const json& arguments = At(call, "args");
  if (LastOf(At(call, "funcname")) != "timezone" || arguments.size() != 2) return {};
  const json& fields = At(At(arguments[1], "ColumnRef"), "fields");
  if (fields.size() != 1 || LastOf(fields) != column) return {};
  return TextAt(At(At(arguments[0], "A_Const"), "sval"), "sval");
}

// "(3)" for the precision of a type; empty without one.
std::string PrecisionOf(const json& type) {
  const json& modifiers = At(type, "typmods");
  if (modifiers.size() != 1) return {};
  const json& value = At(At(modifiers[0], "A_Const"), "ival");
  return "(" + (value.contains("ival") ? value["ival"].dump() : "0") + ")";
}

// ALTER TABLE t ALTER c TYPE timestamptz USING c AT TIME ZONE 'UTC', and the opposite: the same
// function converts back.
std::string UndoOfConversion(const json& range, const json& command) {
  const json& definition = At(At(command, "def"), "ColumnDef");
  const json& type = At(definition, "typeName");
  const std::string name = LastOf(At(type, "names"));
  if (TextAt(command, "subtype") != "AT_AlterColumnType" || !At(type, "arrayBounds").empty())
    return {};
  if (name != "timestamptz" && name != "timestamp") return {};
  const std::string column = TextAt(command, "name");
  const std::string zone = ZoneOf(At(definition, "raw_default"), column);
  if (zone.empty()) return {};
  const std::string quoted = QuoteIdentifier(column);
  return "ALTER TABLE " + QualifiedName(TextAt(range, "schemaname"), TextAt(range, "relname")) +
         " ALTER COLUMN " + quoted + " SET DATA TYPE " +
         (name == "timestamp" ? "timestamptz" : "timestamp") + PrecisionOf(type) + " USING " +
         quoted + kAtTimeZone + QuoteLiteral(zone) + ";\n";
}

void AddConversions(const json& alter, std::vector<std::string>& statements) {
  for (const json& command : At(alter, "cmds")) {
    std::string undo = UndoOfConversion(At(alter, "relation"), At(command, "AlterTableCmd"));
    if (!undo.empty()) statements.push_back(std::move(undo));
  }
}

}  // namespace

std::vector<std::string> ZonesOfConversions(std::string_view undo) {
  std::vector<std::string> zones;
  const std::optional<json> tree = ParseTreeOf(undo);
  if (!tree) return zones;
  for (const json& item : At(*tree, "stmts")) {
    for (const json& command : At(At(At(item, "stmt"), "AlterTableStmt"), "cmds")) {
      const json& alter = At(command, "AlterTableCmd");
      const json& expression = At(At(At(alter, "def"), "ColumnDef"), "raw_default");
      std::string zone = ZoneOf(expression, TextAt(alter, "name"));
      if (!zone.empty()) zones.push_back(std::move(zone));
    }
  }
  return zones;
}

std::vector<std::string> MoveAside(const std::string& undo, const std::string& prefix) {
  const std::optional<json> tree = ParseTreeOf(undo);
  if (!tree || At(*tree, "stmts").size() != 1) return {};
  const json& statement = At(At(*tree, "stmts").front(), "stmt");
  if (statement.contains("AlterEnumStmt"))
    return {AsideOfValue(statement["AlterEnumStmt"], prefix)};
  if (!statement.contains("RenameStmt")) return {};
  const json& rename = statement["RenameStmt"];
  const json& range = At(rename, "relation");
  const std::string kind = TextAt(rename, "renameType");
  const std::string name = TextAt(rename, "newname");
  const std::string aside = " TO " + QuoteIdentifier(prefix + name) + ";\n";
  if (kind == "OBJECT_SCHEMA") return {"ALTER SCHEMA " + QuoteIdentifier(name) + " RENAME" + aside};
  const bool type = kind == "OBJECT_TYPE" || kind == "OBJECT_DOMAIN";
  const std::string taken = type ? NameOf(At(At(At(rename, "object"), "List"), "items"), name)
                                 : QualifiedName(TextAt(range, "schemaname"), name);
  // ALTER TABLE renames every kind of relation, and a row type has the name of its table.
  const std::string as_relation = "ALTER TABLE " + taken + " RENAME" + aside;
  const std::string as_type = "ALTER TYPE " + taken + " RENAME" + aside;
  if (type) return {as_type, as_relation};
  const std::string owner = QualifiedName(TextAt(range, "schemaname"), TextAt(range, "relname"));
  if (kind == "OBJECT_ATTRIBUTE") {
    return {"ALTER TYPE " + owner + " RENAME ATTRIBUTE " + QuoteIdentifier(name) + aside};
  }
  const std::string table = "ALTER TABLE " + owner;
  if (kind == "OBJECT_COLUMN") {
    return {table + " RENAME COLUMN " + QuoteIdentifier(name) + aside};
  }
  if (kind != "OBJECT_TABCONSTRAINT") return {as_relation, as_type};
  // The name can be that of the index of another table's constraint.
  return {table + " RENAME CONSTRAINT " + QuoteIdentifier(name) + aside, as_relation};
}

std::vector<Rename> RenamesIn(std::string_view script) {
  std::vector<Rename> renames;
  if (!ContainsIgnoringAsciiCase(script, "rename")) return renames;
  const std::optional<json> tree = ParseTreeOf(script);
  if (!tree) return renames;
  for (const json& item : At(*tree, "stmts")) {
    const json& rename = At(At(item, "stmt"), "RenameStmt");
    const std::string kind = TextAt(rename, "renameType");
    const bool is_column =
        kind == "OBJECT_COLUMN" && TextAt(rename, "relationType") == "OBJECT_TABLE";
    if (!is_column && kind != "OBJECT_TABLE") continue;
    renames.push_back({RelationName(At(rename, "relation")),
                       is_column ? TextAt(rename, "subname") : "", TextAt(rename, "newname")});
  }
  return renames;
}

std::vector<std::string> UndoRenames(std::string_view script) {
  std::vector<std::string> statements;
  constexpr std::string_view kUndone[] = {"rename", "schema", "zone"};
  const bool any = std::any_of(std::begin(kUndone), std::end(kUndone), [&](const auto& word) {
    return ContainsIgnoringAsciiCase(script, word);
  });
  if (!any) return statements;
  const std::optional<json> tree = ParseTreeOf(script);
  if (!tree) return statements;
  for (const json& item : At(*tree, "stmts")) {
    const json& statement = At(item, "stmt");
    std::string undo;
    if (statement.contains("RenameStmt")) undo = UndoOfRename(statement["RenameStmt"]);
    if (statement.contains("AlterObjectSchemaStmt")) {
      undo = UndoOfMove(statement["AlterObjectSchemaStmt"]);
    }
    if (statement.contains("AlterEnumStmt")) undo = UndoOfValue(statement["AlterEnumStmt"]);
    if (!undo.empty()) statements.push_back(std::move(undo));
    if (statement.contains("AlterTableStmt")) {
      AddConversions(statement["AlterTableStmt"], statements);
    }
  }
  std::reverse(statements.begin(), statements.end());
  return statements;
}

bool UndoesConversion(std::string_view undo) {
  return undo.find(kAtTimeZone) != undo.npos;
}

bool RenamesRelations(std::string_view script) {
  const std::vector<std::string> undo = UndoRenames(script);
  return std::any_of(undo.begin(), undo.end(), [](const std::string& statement) {
    return !statement.starts_with("ALTER TYPE ") && statement.find(" RENAME ") != std::string::npos;
  });
}

}  // namespace ballast::sql
