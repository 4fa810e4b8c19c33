// SPDX-License-Identifier: Apache-2.0
// Columns that contain a domain or the row type of a table, as an array, in a composite type or in
// a range. While they exist, the server refuses some changes (find_composite_type_dependencies in
// PostgreSQL's tablecmds.c). Only for this folder.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "catalog/database.h"

namespace ballast::difference {

using ColumnKey = std::pair<catalog::Name, std::string>;  // of a table

class TypeUses {
 public:
  explicit TypeUses(const catalog::Database& database);

  // Columns whose type is not the domain, nor a domain over it, but contains it.
  std::set<ColumnKey> ColumnsContaining(catalog::ObjectId domain) const;
  // Columns whose type is the row type of the table, or contains it.
  std::set<ColumnKey> ColumnsOfRowType(catalog::ObjectId table) const;

 private:
  std::set<ColumnKey> Columns(catalog::ObjectId type, bool contains) const;

  std::set<catalog::ObjectId> domains_;
  std::map<catalog::ObjectId, ColumnKey> columns_;
  std::map<catalog::ObjectId, std::vector<catalog::ObjectId>> users_;
  std::map<catalog::ObjectId, catalog::ObjectId> composites_;  // relation of the type → type
  std::map<catalog::ObjectId, catalog::ObjectId> row_types_;   // table → type
};

// The domains of both databases that get a new constraint although a column which remains contains
// them: such a domain must be dropped and created again.
std::set<catalog::Name> DomainsToRecreate(const catalog::Database& from,
                                          const catalog::Database& to);

}  // namespace ballast::difference
