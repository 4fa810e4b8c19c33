// The keys of partitions, and how they are tied to those of the partitioned table.
#include "catalog/baseline_parts.h"
#include "catalog/prisma_words.h"
#include "catalog/render_ddl.h"
#include "sql/quote.h"

namespace ballast::catalog {
namespace {

struct Key {
  const TableObject* table;
  const TableConstraint* constraint;
  std::string Index() const { return Quoted({table->table.name.schema, constraint->name}); }
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

// Keys of a partitioned table that not every partition has are made for it alone; those of the
// partitions that belong to it are attached.
void Attach(const Key& key, const Key& above, Draft& draft) {
  const Name& table = key.table->table.name;
  draft.Add(
      MakeDefinition(StepOn(key.constraint->index, 1), Step::kAttachIndex, table,
                     "ALTER INDEX " + above.Index() + " ATTACH PARTITION " + key.Index() + ";\n",
                     {key.constraint->id, above.constraint->id}, key.constraint->name));
}

// The server chose the name when the partition was attached; it has another one here.
void Rename(const Key& key, const Key& above, Draft& draft) {
  const Name& table = key.table->table.name;
  const std::string name = sql::QuoteLiteral(key.constraint->name);
  draft.Add(MakeDefinition(
      StepOn(key.constraint->index, 1), Step::kAttachIndex, table,
      RenderDoBlock("  EXECUTE coalesce((SELECT format('ALTER INDEX %s RENAME TO %I', "
                    "c.oid::regclass, " +
                    name +
                    ")\n"
                    "    FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_index i ON i.indexrelid "
                    "= h.inhrelid\n"
                    "    JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid WHERE c.relname <> " +
                    name + "\n    AND h.inhparent = " + sql::QuoteLiteral(above.Index()) +
                    "::regclass AND i.indrelid = " + sql::QuoteLiteral(Quoted(table)) +
                    "::regclass), 'SELECT 1');\n"),
      {key.constraint->id, above.constraint->id}, key.constraint->name));
}

// Named as the server would (PostgreSQL indexcmds.c, ChooseIndexName)? Several columns or an
// expression are left to the renaming, which looks first.
bool HasUsualName(const Key& key) {
  for (const Column& column : key.table->table.columns) {
    if (key.constraint->name ==
        DefaultObjectName(key.table->table.name.name, column.name, "excl")) {
      return true;
    }
  }
  return false;
}

}  // namespace

void TieKeys(const Database& database, Draft& draft) {
  const std::map<ObjectId, Key> keys = KeysByIndex(database);
  for (const auto& [index, key] : keys) {
    const auto above = keys.find(key.constraint->parent_index);
    if (above == keys.end()) continue;
    if (key.constraint->by_attaching) {
      if (!HasUsualName(key)) Rename(key, above->second, draft);
    } else if (above->second.constraint->only) {
      Attach(key, above->second, draft);
    }
  }
}

}  // namespace ballast::catalog
