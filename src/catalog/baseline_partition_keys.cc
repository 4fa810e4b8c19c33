// SPDX-License-Identifier: Apache-2.0
// The keys of partitions, and how they are tied to those of the partitioned table.
#include <fmt/format.h>

#include "base/text.h"
#include "catalog/baseline_internal.h"
#include "catalog/default_object_name.h"
#include "catalog/render_ddl.h"
#include "sql/quote.h"

namespace ballast::catalog {
namespace {

struct Key {
  const TableObject* table;
  const TableConstraint* constraint;
  std::string Index() const { return QuotedName({table->table.name.schema, constraint->name}); }
};

std::map<ObjectId, Key> KeysByIndex(const Database& database) {
  std::map<ObjectId, Key> keys;
  for (const TableObject& table : database.tables) {
    for (const TableConstraint& constraint : table.constraints) {
      if (constraint.index.object != 0) keys[constraint.index] = {&table, &constraint};
    }
  }
  return keys;
}

// Keys of a partitioned table that not every partition has are created ON ONLY, and those of the
// partitions are attached.
void Attach(const Key& key, const Key& above, Draft& draft) {
  const Name& table = key.table->table.name;
  draft.Add(
      MakeDefinition(SectionObject(key.constraint->index, 1), Step::kAttachIndex, table,
                     "ALTER INDEX " + above.Index() + " ATTACH PARTITION " + key.Index() + ";\n",
                     {key.constraint->id, above.constraint->id}, key.constraint->name));
}

// Keys that the server created when a table was attached, each with its parent.
struct Attached {
  Key key;
  Key above;
};

// "SELECT … FROM keys that do not have their final names".
std::string RenamingSql(const std::vector<Attached>& keys, const std::string& new_name) {
  std::vector<std::string> rows;
  rows.reserve(keys.size());
  for (const Attached& one : keys) {
    rows.push_back(fmt::format("({}, {})", sql::QuoteLiteral(one.above.Index()),
                               sql::QuoteLiteral(one.key.constraint->name)));
  }
  return fmt::format(R"(  EXECUTE coalesce((SELECT string_agg(
      format('ALTER INDEX %s RENAME TO %I', c.oid::regclass, {}), '; ')
    FROM (VALUES {}) k (above, name)
    JOIN pg_catalog.pg_inherits h ON h.inhparent = k.above::regclass
    JOIN pg_catalog.pg_index i ON i.indexrelid = h.inhrelid AND i.indrelid = {}::regclass
    JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid WHERE c.relname <> k.name), 'SELECT 1');
)",
                     new_name, Join(rows, ", "),
                     sql::QuoteLiteral(QuotedName(keys.front().key.table->table.name)));
}

// The server chose names when the partition was attached, but the keys have other names here. Two
// keys can have exchanged names, so all of them get temporary names first.
void Rename(const std::vector<Attached>& keys, Draft& draft) {
  std::vector<ObjectId> needs, also;
  for (const Attached& one : keys) {
    needs.push_back(one.key.constraint->id);
    needs.push_back(one.above.constraint->id);
    if (one.above.constraint->by_attaching)
      needs.push_back(SectionObject(one.above.constraint->index, 1));
    also.push_back(SectionObject(one.key.constraint->index, 1));
  }
  const std::string aside = keys.size() > 1 ? RenamingSql(keys, "'ballast ' || c.oid::text") : "";
  const TableConstraint& first = *keys.front().key.constraint;
  draft.Add(MakeDefinition(SectionObject(first.index, 1), Step::kAttachIndex,
                           keys.front().key.table->table.name,
                           RenderDoBlock(aside + RenamingSql(keys, "k.name")), needs, first.name),
            also);
}

// Whether the server would choose this name (PostgreSQL indexcmds.c, ChooseIndexName). Keys with
// several columns or an expression are always renamed if necessary.
bool HasUsualName(const Key& key) {
  for (const Column& column : key.table->table.columns) {
    if (key.constraint->name ==
        DefaultObjectName(key.table->table.name.name, column.name, "excl")) {
      return true;
    }
  }
  return false;
}

bool AreNamedAlready(const std::vector<Attached>& keys) {
  return keys.size() == 1 && HasUsualName(keys.front().key);
}

}  // namespace

void AttachPartitionKeys(const Database& database, Draft& draft) {
  const std::map<ObjectId, Key> keys = KeysByIndex(database);
  for (const TableObject& table : database.tables) {
    std::vector<Attached> attached;
    for (const TableConstraint& constraint : table.constraints) {
      const auto above = keys.find(constraint.parent_index);
      if (constraint.index.object == 0 || above == keys.end()) continue;
      if (constraint.by_attaching) {
        attached.push_back({{&table, &constraint}, above->second});
      } else if (above->second.constraint->only) {
        Attach({&table, &constraint}, above->second, draft);
      }
    }
    if (!attached.empty() && !AreNamedAlready(attached)) Rename(attached, draft);
  }
}

}  // namespace ballast::catalog
