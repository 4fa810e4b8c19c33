// SPDX-License-Identifier: Apache-2.0
#include "lint/unique_rows.h"

#include <algorithm>

#include "lint/linted_migration.h"
#include "lint/type_change.h"

namespace ballast::lint {
namespace {

const Relation* Find(const CatalogPointer& state, Oid oid) {
  const auto found = state->relations.find(oid);
  return found == state->relations.end() ? nullptr : &found->second;
}

const Column* ColumnOf(const Relation* table, const IndexKey& key) {
  if (table == nullptr) return nullptr;
  const auto found = table->columns.find(key.column);
  return found == table->columns.end() ? nullptr : &found->second;
}

// Whether the index was unique before, and the statement makes no values of its keys equal: it
// only gives their columns types that keep them.
bool StaysUnique(const StatementTrace& at, const Relation& made) {
  const auto columns = [](const Relation& index) {
    std::vector<int> numbers;
    for (const IndexKey& key : index.keys) numbers.push_back(key.column);
    return numbers;
  };
  const Relation* old = IndexBefore(at, made);
  if (old == nullptr || !old->is_unique || columns(*old) != columns(made)) return false;
  if (HasUsing(at.statement.text)) return false;
  return std::ranges::all_of(made.keys, [&](const IndexKey& key) {
    const Column* before = ColumnOf(Find(at.before, made.table), key);
    const Column* after = ColumnOf(Find(at.after, made.table), key);
    return before != nullptr && after != nullptr && KeepsValuesDistinct(before->type, after->type);
  });
}

// Whether rows that are distinct in the keys of `old` are distinct in those of `made`, which find
// the same values equal. `nulls_are_equal`: to `made`.
bool Implies(const Relation& old, const Relation& made, const Relation* before,
             const Relation* after, bool nulls_are_equal) {
  if (!old.proves_unique || old.table != made.table) return false;
  return std::ranges::all_of(old.keys, [&](const IndexKey& key) {
    const Column* column = ColumnOf(before, key);
    const Column* now = ColumnOf(after, key);
    if (column == nullptr || now == nullptr || column->type != now->type) return false;
    if (nulls_are_equal && (!column->not_null || column->may_have_nulls)) return false;
    return std::ranges::find(made.keys, key) != made.keys.end();
  });
}

}  // namespace

const Relation* IndexBefore(const StatementTrace& at, const Relation& made) {
  for (const auto& [oid, old] : at.before->relations) {
    const bool same = old.IsIndex() && old.table == made.table && old.name == made.name;
    if (same) return &old;
  }
  return nullptr;
}

bool HasUniqueRows(const MigrationTrace& migration, size_t statement, const BuiltIndex& index,
                   const Relation& made) {
  const StatementTrace& builds = migration.statements[statement];
  if (StaysUnique(builds, made)) return true;
  const bool nulls_are_equal = index.definition.find(" NULLS NOT DISTINCT") != std::string::npos;
  const Relation* after = Find(builds.after, made.table);
  for (size_t at = statement + 1; at-- > builds.transaction;) {
    const StatementTrace& earlier = migration.statements[at];
    const bool writes = at < statement && earlier.statement.writes_rows;
    if (writes || std::ranges::find(earlier.rewritten, made.table) != earlier.rewritten.end()) {
      return false;
    }
    const Relation* before = Find(earlier.before, made.table);
    const auto& relations = earlier.before->relations;
    const bool proven = std::ranges::any_of(relations, [&](const auto& entry) {
      return Implies(entry.second, made, before, after, nulls_are_equal);
    });
    if (proven) return true;
  }
  return false;
}

const Relation* IndexForConstraint(const CatalogState& before, const Relation& made) {
  for (const auto& [oid, index] : before.relations) {
    if (index.can_be_key && index.table == made.table && index.keys == made.keys) return &index;
  }
  return nullptr;
}

}  // namespace ballast::lint
