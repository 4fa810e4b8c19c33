// SPDX-License-Identifier: Apache-2.0
#include "difference/reverse_statements.h"

#include "base/text.h"
#include "difference/settings.h"
#include "sql/quote.h"

namespace ballast::difference {
namespace {

using catalog::Address;
using catalog::Definition;
using catalog::ObjectId;
using catalog::Step;
using catalog::TableObject;

std::string DropConstraint(const Definition& definition) {
  const char* alter = definition.step == Step::kAlterDomain ? "ALTER DOMAIN " : "ALTER TABLE ";
  return alter + QuotedName(definition.name) + " DROP CONSTRAINT " +
         sql::QuoteIdentifier(definition.detail) + ";\n";
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

std::string DropByAddress(const DatabaseDefinitions& side, size_t at) {
  const Definition& definition = side.At(at);
  const Address* address = side.AddressOf(definition.id);
  if (address == nullptr) return {};
  if (address->kind == "CONSTRAINT") return DropConstraint(definition);
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
    case Step::kAttachPartition:
      return "ALTER TABLE ONLY " + ParentNames(side, definition) + " DETACH PARTITION " +
             QuotedName(definition.name) + ";\n";
    case Step::kInheritTable:
      return NoInherit(side, definition);
    default:
      break;
  }
  if (!definition.settings.empty()) {
    return ResetAll(definition.settings, side.TableNamed(definition.name));
  }
  if (side.AddressOf(definition.id) == nullptr) return std::nullopt;
  return DropByAddress(side, at);
}

}  // namespace ballast::difference
