// SPDX-License-Identifier: Apache-2.0
#include "proof/rollback_renames.h"

#include <map>
#include <utility>

#include "sql/renames.h"

namespace ballast::proof {

std::vector<RevertedRename> RevertedRenamesOf(const release::Migration& migration) {
  std::vector<RevertedRename> renames;
  for (std::string& statement : sql::UndoRenames(migration.script.TextOrEmpty())) {
    renames.push_back({migration.name, std::move(statement)});
  }
  return renames;
}

catalog::Database WithoutRenamed(catalog::Database newer, const catalog::Database& renamed) {
  std::map<catalog::ObjectId, const catalog::TableObject*> after;
  for (const catalog::TableObject& table : renamed.tables) after[table.id] = &table;
  for (catalog::TableObject& table : newer.tables) {
    const auto now = after.find(table.id);
    if (now == after.end()) continue;
    for (size_t at = 0; at < table.table.columns.size(); ++at) {
      std::string& name = table.table.columns[at].name;
      if (now->second->table.columns.at(at).name != name) name.clear();
    }
    if (now->second->table.name != table.table.name) table.table.name = {};
  }
  return newer;
}

}  // namespace ballast::proof
