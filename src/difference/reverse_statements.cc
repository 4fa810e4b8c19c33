// SPDX-License-Identifier: Apache-2.0
#include "difference/reverse_statements.h"

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/inheritance.h"
#include "catalog/render_ddl.h"
#include "difference/alter.h"
#include "difference/step_kinds.h"
#include "sql/quote.h"

namespace ballast::difference {
namespace {

using catalog::Address;
using catalog::Definition;
using catalog::ObjectId;
using catalog::Step;
using catalog::TableObject;

std::string DropConstraint(const Definition& definition, const std::string& name) {
  return "ALTER TABLE " + QuotedName(definition.name) + " DROP CONSTRAINT " +
         sql::QuoteIdentifier(name) + ";\n";
}

std::string AboutText(const Definition& definition, const std::string& before,
                      const std::string& after) {
  if (definition.detail != "%I") return before + definition.detail + after + ";\n";
  const std::string named_by =
      definition.name.name == "DATABASE" ? "current_database()" : "current_schema()";
  return catalog::RenderNamed(before, after, named_by);
}

std::string ParentNames(const DatabaseDefinitions& side, const Definition& definition) {
  const TableObject* table = side.TableOf({definition.id.catalog, definition.id.object, 0});
  std::vector<std::string> names;
  if (table == nullptr) return {};
  for (const ObjectId& id : table->parents) {
    if (const TableObject* parent = side.TableOf(id)) {
      names.push_back(QuotedName(parent->table.name));
    }
  }
  return Join(names, ", ");
}

std::string NoInherit(const DatabaseDefinitions& side, const Definition& definition) {
  const TableObject* table = side.TableOf({definition.id.catalog, definition.id.object, 0});
  std::string text;
  if (table == nullptr) return text;
  for (const ObjectId& id : table->parents) {
    const TableObject* parent = side.TableOf(id);
    if (parent == nullptr) continue;
    text += "ALTER TABLE " + QuotedName(table->table.name) + " NO INHERIT " +
            QuotedName(parent->table.name) + ";\n";
  }
  return text;
}

// ALTER TABLE steps other than constraints and defaults: replica identity, clustering.
std::string UndoMarks(const Definition& definition) {
  const std::string alter = "ALTER TABLE " + QuotedName(definition.name) + " ";
  std::string text;
  if (definition.statements.find(" CLUSTER ON ") != std::string::npos) {
    text += alter + "SET WITHOUT CLUSTER;\n";
  }
  if (definition.statements.find(" REPLICA IDENTITY ") != std::string::npos) {
    text += alter + "REPLICA IDENTITY DEFAULT;\n";
  }
  return text;
}

std::string UndoRowSecurity(const Definition& definition) {
  const std::string alter = "ALTER TABLE " + QuotedName(definition.name) + " ";
  std::string text;
  if (definition.statements.find(" FORCE ROW LEVEL") != std::string::npos) {
    text += alter + "NO FORCE ROW LEVEL SECURITY;\n";
  }
  if (definition.statements.find(" ENABLE ROW LEVEL") != std::string::npos) {
    text += alter + "DISABLE ROW LEVEL SECURITY;\n";
  }
  return text;
}

std::string UndoDefaultPrivileges(const Definition& definition) {
  std::string text;
  for (std::string line : LinesOf(definition.statements)) {
    const size_t grant = line.rfind(" GRANT ");
    const size_t revoke = line.rfind(" REVOKE ");
    if (grant != line.npos) {
      const size_t option = line.rfind(" WITH GRANT OPTION");
      if (option != line.npos) line.erase(option, std::string_view(" WITH GRANT OPTION").size());
      const size_t to = line.rfind(" TO ");
      if (to != line.npos) line.replace(to, 4, " FROM ");
      line.replace(grant, 7, " REVOKE ");
    } else if (revoke != line.npos) {
      const size_t from = line.rfind(" FROM ");
      if (from != line.npos) line.replace(from, 6, " TO ");
      line.replace(revoke, 8, " GRANT ");
    }
    text += line + "\n";
  }
  return text;
}

std::string UndoDatabaseSettings(const Definition& definition) {
  std::string text;
  for (std::string line : LinesOf(definition.statements)) {
    const size_t set = line.find(" SET ");
    const size_t to = set == line.npos ? set : line.find(" TO ", set);
    const size_t end = line.rfind("', current_database()");
    if (to != line.npos && end != line.npos && end > to) {
      line.erase(to, end - to);
      line.replace(set, 5, " RESET ");
    }
    text += line + "\n";
  }
  return text;
}

std::string UndoPublished(const Definition& definition) {
  const std::string name = sql::QuoteIdentifier(definition.name.name);
  if (definition.detail.starts_with("schema ")) {
    const size_t at = definition.statements.find(" ADD TABLES IN SCHEMA ");
    std::string text = definition.statements;
    if (at != text.npos) text.replace(at + 1, 3, "DROP");
    return text;
  }
  return "ALTER PUBLICATION " + name + " DROP TABLE " + definition.detail + ";\n";
}

std::string UndoAlterTable(const DatabaseDefinitions& side, size_t at) {
  const Definition& definition = side.At(at);
  if (definition.id.part == catalog::kColumnSettingsPart) {
    return ResetSettings(definition.statements, side.TableNamed(definition.name));
  }
  const bool sets_inherited = IsCoveredByTable(definition) &&
                              definition.statements.find(" SET DEFAULT ") != std::string::npos;
  if (definition.id.part < 0 && !sets_inherited) return UndoMarks(definition);
  if (const Address* address = side.AddressOf(definition.id);
      address != nullptr && address->kind == "CONSTRAINT") {
    return DropConstraint(definition, definition.detail);
  }
  return "ALTER TABLE ONLY " + QuotedName(definition.name) + " ALTER COLUMN " +
         sql::QuoteIdentifier(definition.detail) + " DROP DEFAULT;\n";
}

std::string UndoAbout(const Definition& definition) {
  const std::string& kind = definition.name.name;
  if (definition.step == Step::kComment) {
    return AboutText(definition, "COMMENT ON " + kind + " ", " IS NULL");
  }
  return AboutText(definition, "ALTER " + kind + " ", " OWNER TO CURRENT_USER");
}

std::string UndoOwnSequence(const Definition& definition) {
  for (const auto& [set, unset] :
       {std::pair(" SET UNLOGGED;", " SET LOGGED;"), std::pair(" SET LOGGED;", " SET UNLOGGED;")}) {
    if (definition.statements.find(set) != std::string::npos) {
      return ReplaceAll(definition.statements, set, unset);
    }
  }
  if (definition.statements.find(" OWNED BY ") == std::string::npos) return {};
  return "ALTER SEQUENCE " + QuotedName(definition.name) + " OWNED BY NONE;\n";
}

// The trigger of a partition gets the state of the partitioned table's again.
std::string UndoTriggerState(const DatabaseDefinitions& side, const Definition& definition) {
  const std::string end = " TRIGGER " + sql::QuoteIdentifier(definition.detail) + ";\n";
  std::string word = "ENABLE";
  const auto parent = side.parts().makers.find(definition.needs.front());
  if (parent != side.parts().makers.end()) {
    const Definition& above = side.At(parent->second);
    for (const char* state : {"DISABLE", "ENABLE REPLICA", "ENABLE ALWAYS"}) {
      const std::string line = "ALTER TABLE " + QuotedName(above.name) + " " + state + end;
      if (above.statements.ends_with(line)) word = state;
    }
  }
  return "ALTER TABLE " + QuotedName(definition.name) + " " + word + end;
}

std::string DropByAddress(const DatabaseDefinitions& side, size_t at) {
  const Definition& definition = side.At(at);
  const Address* address = side.AddressOf(definition.id);
  if (address == nullptr) return {};
  if (address->kind == "CONSTRAINT") {
    if (definition.step == Step::kAlterDomain) {
      return "ALTER DOMAIN " + QuotedName(definition.name) + " DROP CONSTRAINT " +
             address->text.substr(0, address->text.find(" ON DOMAIN ")) + ";\n";
    }
    return DropConstraint(definition, definition.detail);
  }
  return "DROP " + address->kind + " " + address->text + ";\n";
}

}  // namespace

std::optional<std::string> ReverseOf(const DatabaseDefinitions& side, size_t at) {
  const Definition& definition = side.At(at);
  switch (definition.step) {
    case Step::kInsertRows:
    case Step::kSetSequence:
    case Step::kAttachIndex:
    case Step::kCreateRole:
    case Step::kAddColumn:
    case Step::kGrant:  // dropped with its object; else privilege_changes.h
      return "";
    case Step::kAlterOperatorFamily:
      return std::nullopt;
    case Step::kRefreshMaterializedView:
      return "REFRESH MATERIALIZED VIEW " + QuotedName(definition.name) + " WITH NO DATA;\n";
    case Step::kAttachPartition:
      return "ALTER TABLE ONLY " + ParentNames(side, definition) + " DETACH PARTITION " +
             QuotedName(definition.name) + ";\n";
    case Step::kInheritTable:
      return NoInherit(side, definition);
    case Step::kOwnSequence:
      return UndoOwnSequence(definition);
    case Step::kAlterTable:
      return UndoAlterTable(side, at);
    case Step::kAlterView:
      return definition.statements.find(" SET DEFAULT ") == std::string::npos
                 ? ResetSettings(definition.statements, nullptr)
                 : "ALTER VIEW " + QuotedName(definition.name) + " ALTER COLUMN " +
                       definition.detail + " DROP DEFAULT;\n";
    case Step::kRowSecurity:
      return UndoRowSecurity(definition);
    case Step::kAlterPublication:
      return UndoPublished(definition);
    case Step::kAlterDefaultPrivileges:
      return UndoDefaultPrivileges(definition);
    case Step::kAlterDatabase:
      return UndoDatabaseSettings(definition);
    case Step::kComment:
    case Step::kAlterOwner:
      return UndoAbout(definition);
    case Step::kGrantRole:
      return "REVOKE " + sql::QuoteIdentifier(definition.name.name) + " FROM " +
             sql::QuoteIdentifier(definition.detail) + ";\n";
    default:
      break;
  }
  if (side.AddressOf(definition.id) == nullptr) {
    if (definition.step != Step::kCreateTrigger) return std::nullopt;
    return UndoTriggerState(side, definition);
  }
  return DropByAddress(side, at);
}

}  // namespace ballast::difference
