// SPDX-License-Identifier: Apache-2.0
// Indexes and foreign keys.
#include "catalog/baseline_internal.h"
#include "catalog/render_ddl.h"

namespace ballast::catalog {

void AddIndexes(const Database& database, Draft& draft) {
  std::map<ObjectId, const IndexObject*> by_id;
  for (const IndexObject& index : database.indexes) by_id[index.id] = &index;
  for (const IndexObject& index : database.indexes) {
    const Step step = index.on_view ? Step::kCreateViewIndex : Step::kCreateIndex;
    const Name order{index.index.table.schema, index.index.name};
    draft.Add(MakeDefinition(index.id, step, order,
                             RenderCreateIndex(index.index) + SetStatements(index.statistics),
                             {index.table}));
    const auto parent = by_id.find(index.parent);
    if (parent == by_id.end()) continue;
    const Name parent_name{parent->second->index.table.schema, parent->second->index.name};
    draft.Add(MakeDefinition(
        SectionObject(index.id, 1), Step::kAttachIndex, order,
        "ALTER INDEX " + QuotedName(parent_name) + " ATTACH PARTITION " + QuotedName(order) + ";\n",
        {index.id, index.parent}));
  }
}

void AddForeignKeys(const Database& database, Draft& draft) {
  for (const ForeignKeyObject& key : database.foreign_keys) {
    draft.Add(MakeDefinition(key.id, Step::kAddForeignKey, key.key.table,
                             RenderAddForeignKey(key.key), key.needs, key.key.name));
  }
}

}  // namespace ballast::catalog
