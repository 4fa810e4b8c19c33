// SPDX-License-Identifier: Apache-2.0
#include "difference/retyped_objects.h"

#include <variant>

#include "catalog/default_object_name.h"
#include "difference/step_kinds.h"

namespace ballast::difference {

using catalog::Definition;
using catalog::IndexObject;
using catalog::ObjectId;
using catalog::Step;

namespace {

// The name that the server gives to the index of a partition (PostgreSQL
// src/backend/commands/indexcmds.c, ChooseIndexName).
std::string UsualName(const catalog::Index& index) {
  std::string columns;
  for (const catalog::IndexKey& key : index.keys) {
    columns += (columns.empty() ? "" : "_") + (key.column.empty() ? "expr" : key.column);
  }
  return catalog::DefaultObjectName(index.table.name, columns, "idx");
}

// The server gives them to the role that changes the type, without their target.
bool KeepsStatistics(const DatabaseDefinitions& side, const Definition& definition) {
  const auto* statistics = std::get_if<catalog::Statistics>(&definition.created);
  if (statistics != nullptr && statistics->has_target) return false;
  const catalog::Address* address = side.AddressOf(definition.id);
  if (address == nullptr || address->owner.empty()) return true;
  return address->owner == side.database().owner;
}

}  // namespace

RetypedObjects::RetypedObjects(const DatabaseDefinitions& side) : side_(side) {
  const catalog::Database& database = side.database();
  for (const IndexObject& index : database.indexes) indexes_[index.id] = &index;
  for (const catalog::Comment& comment : database.comments) comments_[comment.id] = comment.text;
  for (const catalog::TableObject& table : database.tables) {
    for (const Definition& change : table.changes) {
      if (change.step == Step::kAlterTable)
        marked_.insert(change.needs.begin(), change.needs.end());
    }
  }
  for (const IndexObject& index : database.indexes) {
    const auto parent = indexes_.find(index.parent);
    if (parent == indexes_.end() || !DiffersFromParent(index, *parent->second)) continue;
    with_own_properties_.insert(RootOf(index));
  }
}

std::string RetypedObjects::CommentOf(ObjectId index) const {
  const auto comment = comments_.find(index);
  return comment == comments_.end() ? std::string() : comment->second;
}

bool RetypedObjects::DiffersFromParent(const IndexObject& index, const IndexObject& parent) const {
  return index.index.name != UsualName(index.index) ||
         index.index.parameters != parent.index.parameters ||
         index.index.tablespace != parent.index.tablespace || !index.statistics.empty() ||
         CommentOf(index.id) != CommentOf(parent.id) || marked_.contains(index.id);
}

ObjectId RetypedObjects::RootOf(const IndexObject& index) const {
  ObjectId root = index.id;
  for (auto at = indexes_.find(index.parent); at != indexes_.end();
       at = indexes_.find(at->second->parent)) {
    root = at->first;
  }
  return root;
}

bool RetypedObjects::Survives(size_t at) const {
  const Definition& definition = side_.At(at);
  switch (definition.step) {
    case Step::kCreateIndex: {
      const auto index = indexes_.find(definition.id);
      return index == indexes_.end() || (index->second->statistics.empty() &&
                                         !with_own_properties_.contains(RootOf(*index->second)));
    }
    case Step::kCreateStatistics:
      return KeepsStatistics(side_, definition);
    case Step::kCreateSequence:
      return true;
    default:
      return IsProperty(definition.step);
  }
}

}  // namespace ballast::difference
