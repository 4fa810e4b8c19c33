// SPDX-License-Identifier: Apache-2.0
// Tables that are dropped and created again, because no ALTER TABLE expresses the change, and whose
// rows a script can copy: an ordinary table that becomes a partitioned one, or the other way. Only
// for this folder.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "difference/database_definitions.h"
#include "difference/difference.h"

namespace ballast::difference {

struct CopiedTable {
  const catalog::TableObject* before;
  const catalog::TableObject* after;
  std::vector<std::string> columns;  // raw names: whose values are copied
  std::vector<std::string> lost;     // raw names: columns that only `before` has
};

// Nothing if the columns that both tables have are of different types, or if a new one needs a
// value.
std::optional<CopiedTable> CopyOf(const DatabaseDefinitions& from,
                                  const catalog::TableObject& before, const DatabaseDefinitions& to,
                                  const catalog::TableObject& after);

// Of the tables, the one that a table of `from` is or is a partition of; or null.
const CopiedTable* CopiedWith(const std::map<catalog::Name, CopiedTable>& copied,
                              const DatabaseDefinitions& from, const catalog::TableObject& table);

// Before everything else: copies the rows to a table of this number, in the same schema.
Statement CopyRows(const CopiedTable& table, size_t number);

// After the new table and its partitions are created: inserts them, and drops the copy.
Statement InsertCopiedRows(const CopiedTable& table, size_t number);

// What dropping the old table, or a partition of it, still loses.
void LoseColumnsOnly(const CopiedTable& table, Statement& drop);

}  // namespace ballast::difference
