// SPDX-License-Identifier: Apache-2.0
#include "difference/definition_refs.h"

#include "base/text.h"
#include "catalog/inheritance.h"
#include "catalog/snapshot.h"
#include "difference/offending_rows.h"
#include "difference/step_kinds.h"

namespace ballast::difference {
namespace {

using catalog::Definition;
using catalog::ObjectId;
using catalog::ObjectRef;
using catalog::Step;

void AddTable(const catalog::TableObject& table, RefsById& refs) {
  const catalog::Name& name = table.table.name;
  refs[table.id] = {table.foreign ? "foreign table" : "table", name, {}, {}, {}};
  for (size_t at = 0; at < table.table.columns.size(); ++at) {
    const ObjectRef column = catalog::PartOf(name, "column", table.table.columns[at].name);
    refs[catalog::ColumnId(table, at)] = column;
    for (const auto* ids : {&table.defaults, &table.not_nulls}) {
      if (at < ids->size() && (*ids)[at].object != 0) refs[(*ids)[at]] = column;
    }
  }
  for (const catalog::TableConstraint& one : table.constraints)
    refs.emplace(one.id, catalog::PartOf(name, "constraint", one.name));
}

// The object that a definition creates; its address names the kind.
ObjectRef RefOfMadeObject(const Definition& definition, const catalog::Address& address) {
  std::string kind = address.object_kind.empty() ? ToLowerAscii(address.kind) : address.object_kind;
  switch (definition.step) {
    case Step::kCreateTrigger:
    case Step::kCreateRule:
    case Step::kCreatePolicy:
      return catalog::PartOf(definition.name, std::move(kind), definition.detail);
    case Step::kAlterDomain:
      return catalog::PartOf(definition.name, std::move(kind), definition.detail);
    case Step::kCreateOperatorClass:
    case Step::kCreateOperatorFamily:
      return {std::move(kind),
              {definition.name.schema, definition.name.name + " using " + definition.detail},
              {},
              {},
              {}};
    default:
      return {std::move(kind), definition.name, {}, address.arguments, {}};
  }
}

// An object that the script does not create: the target schema, the database, a part of an object.
ObjectRef StandingObject(const catalog::Address& address) {
  const std::string kind = ToLowerAscii(address.kind);
  if (address.named_by.empty()) return {kind, {"", address.text}, {}, {}, {}};
  return {kind, {"", kind == "schema" ? std::string(catalog::kTargetSchema) : "this"}, {}, {}, {}};
}

// Steps about what is no object of its own: default privileges, settings of the database.
ObjectRef OtherRef(const DatabaseDefinitions& side, size_t at) {
  constexpr std::string_view kDefaults = "default privileges ";
  const Definition& definition = side.At(at);
  if (definition.step == Step::kCreateTrigger)
    return catalog::PartOf(definition.name, "trigger", definition.detail);
  const std::string label = side.LabelOf(at);
  if (label.starts_with(kDefaults))
    return {"default privileges", {"", label.substr(kDefaults.size())}, {}, {}, {}};
  return {label.substr(0, label.find(' ')), side.At(at).name, {}, {}, {}};
}

}  // namespace

RefsById RefsOfObjects(const DatabaseDefinitions& side) {
  const catalog::Database& database = side.database();
  RefsById refs;
  for (const catalog::TableObject& table : database.tables) AddTable(table, refs);
  for (const catalog::IndexObject& one : database.indexes) {
    const catalog::Name& table = one.index.table;
    refs[one.id] = {"index", {table.schema, one.index.name}, {}, {}, table};
  }
  for (const catalog::ForeignKeyObject& one : database.foreign_keys)
    refs[one.id] = catalog::PartOf(one.key.table, "constraint", one.key.name);
  for (const catalog::Sequence& one : database.sequences)
    refs[one.id] = {"sequence", one.name, {}, {}, {}};
  for (const auto& [id, copy] : database.trigger_copies)
    refs[id] = catalog::PartOf(copy.table, "trigger", copy.name);
  for (size_t at = 0; at < side.size(); ++at) {
    const Definition& definition = side.At(at);
    const catalog::Address* address = side.AddressOf(definition.id);
    const bool creates =
        address != nullptr && definition.id.part == 0 && !IsProperty(definition.step);
    if (creates) refs.emplace(definition.id, RefOfMadeObject(definition, *address));
  }
  for (const catalog::Dependency& edge : database.dependencies) {
    const auto user = refs.find(edge.from);
    const catalog::TableObject* table = side.TableOf(edge.to);
    if (user == refs.end() || user->second.kind != "statistics" || table == nullptr) continue;
    user->second.table = table->table.name;
  }
  for (const auto& [id, address] : database.addresses) {
    if (id.part == 0) refs.emplace(id, StandingObject(address));
  }
  return refs;
}

std::vector<ObjectRef> RefsOfDefinitions(const DatabaseDefinitions& side, const RefsById& objects) {
  std::vector<ObjectRef> refs;
  refs.reserve(side.size());
  for (size_t at = 0; at < side.size(); ++at) {
    const Definition& definition = side.At(at);
    const bool about = definition.step == Step::kComment || definition.step == Step::kGrant ||
                       definition.step == Step::kAlterOwner;
    const ObjectId id =
        about && !definition.needs.empty() ? definition.needs.front() : definition.id;
    auto found = objects.find(id);
    if (found == objects.end()) found = objects.find({id.catalog, id.object, 0});
    refs.push_back(found == objects.end() ? OtherRef(side, at) : found->second);
  }
  return refs;
}

}  // namespace ballast::difference
