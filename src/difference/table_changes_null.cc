// SPDX-License-Identifier: Apache-2.0
// NOT NULL of the columns of a table that both databases have.
#include <algorithm>

#include "catalog/default_object_name.h"
#include "difference/table_changes.h"
#include "sql/quote.h"

namespace ballast::difference {
namespace {

using catalog::Column;
using catalog::ObjectId;
using catalog::TableObject;

// PostgreSQL 18 has constraints for NOT NULL, which children inherit.
constexpr int kFirstWithNotNulls = 18;

std::string NotNullName(const TableObject& table, size_t at) {
  const Column& column = table.table.columns[at];
  if (!column.not_null_name.empty()) return column.not_null_name;
  return catalog::DefaultObjectName(table.table.name.name, column.name, "not_null");
}

}  // namespace

// What the statement for a parent does to NOT NULL of the column, which both databases have.
NullAbove TableChanges::ParentChangesNull(const std::string& name) const {
  NullAbove above;
  const auto passes_down = [](const Column& column) {
    return column.not_null && column.not_null_tail.empty();
  };
  for (const ObjectId& id : before_.parents) {
    const TableObject* parent = from_.TableOf(id);
    const TableObject* same = parent == nullptr ? nullptr : to_.TableNamed(parent->table.name);
    if (same == nullptr || ignored_parents_.contains(parent->table.name)) continue;
    if (!HasParent(to_, after_, parent->table.name)) continue;
    const auto old = ColumnNamed(*parent, name);
    const auto now = ColumnNamed(*same, name);
    if (!old || !now) continue;
    const bool did = passes_down(parent->table.columns[*old]);
    const bool does = passes_down(same->table.columns[*now]);
    above.passes_down |= does;
    above.drops |= did && !does;
    above.adds |= !did && does;
  }
  return above;
}

// Whether the column is NOT NULL after the statements for the parents. Up to 17, DROP NOT NULL on
// one of them applies to every child.
bool TableChanges::IsNotNullMeanwhile(size_t before, const NullAbove& above) const {
  if (above.adds) return true;
  const bool is_not_null = before_.table.columns[before].not_null;
  if (!above.drops || !is_not_null) return is_not_null;
  const bool has_own = before_.not_null_outlives[before] || above.passes_down;
  return has_own && options_.server_major >= kFirstWithNotNulls;
}

// Whether the table has a constraint for NOT NULL, which servers before 18 do not have, and may
// change it: the table above determines the name of one that it inherits.
bool TableChanges::HasOwnNotNull(const DatabaseDefinitions& side, const TableObject& table,
                                 size_t at) const {
  const Column& column = table.table.columns[at];
  if (table.not_nulls[at].object == 0 || !table.not_null_local[at]) return false;
  return std::none_of(table.parents.begin(), table.parents.end(), [&](const ObjectId& id) {
    const TableObject* parent = side.TableOf(id);
    const auto above = parent == nullptr ? std::nullopt : ColumnNamed(*parent, column.name);
    return above && parent->table.columns[*above].not_null &&
           parent->table.columns[*above].not_null_tail.empty();
  });
}

void TableChanges::ChangeNull(size_t before, size_t after,
                              std::vector<Statement>& statements) const {
  const Column& column = after_.table.columns[after];
  const NullAbove above = ParentChangesNull(column.name);
  const bool is_not_null = IsNotNullMeanwhile(before, above);
  if (is_not_null && column.not_null) {
    RenameNotNull(before, after, above, statements);
  } else if (is_not_null) {
    if (above.passes_down && options_.server_major >= kFirstWithNotNulls) return;
    statements.push_back(Make("ALTER TABLE " + table_ + " ALTER COLUMN " +
                                  sql::QuoteIdentifier(column.name) + " DROP NOT NULL",
                              column.name));
  } else if (column.not_null) {
    statements.push_back(SetNotNull(after));
  }
}

// Another name, or another tail, of a constraint that remains.
void TableChanges::RenameNotNull(size_t before, size_t after, const NullAbove& above,
                                 std::vector<Statement>& statements) const {
  const Column& old = before_.table.columns[before];
  const Column& column = after_.table.columns[after];
  const std::string alter = "ALTER TABLE " + table_ + " ";
  if (!old.not_null || !HasOwnNotNull(to_, after_, after)) return;
  if (!above.drops && !HasOwnNotNull(from_, before_, before)) return;
  const std::string was = NotNullName(before_, before), is = NotNullName(after_, after);
  if (was != is) {
    statements.push_back(Make(alter + "RENAME CONSTRAINT " + sql::QuoteIdentifier(was) + " TO " +
                                  sql::QuoteIdentifier(is),
                              column.name));
  }
  if (old.not_null_tail != column.not_null_tail) {
    statements.push_back(
        Make(alter + "ALTER CONSTRAINT " + sql::QuoteIdentifier(is) +
                 (column.not_null_tail.empty() ? " INHERIT" : " " + column.not_null_tail),
             column.name));
  }
}

Statement TableChanges::SetNotNull(size_t after) const {
  const Column& column = after_.table.columns[after];
  const std::string name = sql::QuoteIdentifier(column.name);
  const std::string alter = "ALTER TABLE " + table_ + " ";
  const bool named = !column.not_null_name.empty() || !column.not_null_tail.empty();
  const std::string tail = column.not_null_tail.empty() ? "" : " " + column.not_null_tail;
  Statement statement =
      Make(alter + (named ? "ADD CONSTRAINT " + sql::QuoteIdentifier(NotNullName(after_, after)) +
                                " NOT NULL " + name + tail
                          : "ALTER COLUMN " + name + " SET NOT NULL"),
           column.name);
  statement.fails_on = "NULL in " + table_ + "." + name;
  statement.offending_rows = "SELECT * FROM " + table_ + " WHERE " + name + " IS NULL";
  return statement;
}

}  // namespace ballast::difference
