// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "lint/deletion.h"
#include "lint/linted_migration.h"
#include "lint/names_and_locks.h"
#include "lint/row_copy.h"
#include "lint/safe_form.h"
#include "lint/safe_statement.h"
#include "lint/type_change.h"
#include "lint/written_tables.h"

namespace ballast::lint {
namespace {

const Relation* Find(const CatalogState& state, Oid oid) {
  const auto found = state.relations.find(oid);
  return found == state.relations.end() ? nullptr : &found->second;
}

const Column* Find(const CatalogState& state, Oid table, int number) {
  const Relation* relation = Find(state, table);
  if (relation == nullptr) return nullptr;
  const auto found = relation->columns.find(number);
  return found == relation->columns.end() ? nullptr : &found->second;
}

bool HoldsRows(const Relation& relation) {
  return relation.IsTable() || relation.kind == 'm';
}

std::string WordFor(const Relation& relation) {
  return relation.kind == 'v' ? "view" : relation.kind == 'm' ? "materialized view" : "table";
}

// A composite type has attributes.
std::string ColumnOf(const Relation& relation, const std::string& name) {
  return (relation.IsComposite() ? "attribute " : "column ") + name;
}

constexpr char kSafeTypeChange[] =
    "-- create a type of another name with the new attributes, and move the columns to it in "
    "steps\n";

// Compares the catalog before the script with the one after it: what a script does and undoes again
// is not a change.
class BreakingChanges {
 public:
  BreakingChanges(const LintedMigration& linted, std::vector<Finding>* findings)
      : linted_(linted),
        before_(*linted.migration().before),
        after_(*linted.migration().after),
        findings_(findings) {}

  void Read() {
    for (const auto& [oid, relation] : before_.relations) {
      if (relation.IsIndex() || relation.kind == 'S' || !linted_.ExistedBefore(oid)) continue;
      CompareRelation(oid, relation);
    }
    for (const auto& [oid, type] : before_.enums) CompareEnum(oid, type);
    const auto& statements = linted_.migration().statements;
    for (size_t at = 0; at < statements.size(); ++at) DeletedRows(at);
  }

 private:
  // The finding is about the statement that first makes `changed` true.
  Finding& Add(Rule rule, Oid table, std::string object, std::string message,
               const std::function<bool(const StatementTrace&)>& changed) {
    Finding finding = linted_.Start(rule, linted_.FindStatement(changed), std::move(object));
    finding.message = std::move(message);
    finding.table = linted_.LiveOf(table);
    return findings_->emplace_back(std::move(finding));
  }

  const StatementTrace& StatementOf(const Finding& finding) const {
    return linted_.migration().statements[static_cast<size_t>(finding.statement)];
  }

  void CompareRelation(Oid oid, const Relation& before) {
    const Relation* after = Find(after_, oid);
    if (before.IsComposite()) return after == nullptr ? void() : ViewColumns(oid, before, *after);
    if (after == nullptr) return Dropped(oid, before);
    const bool renamed = after->name != before.name || after->schema != before.schema;
    if (renamed && !IsReadThroughView(before)) Renamed(oid, before, *after);
    if (before.kind == 'v') return ViewColumns(oid, before, *after);
    for (const auto& [number, column] : before.columns) {
      if (!linted_.ColumnExistedBefore(oid, number)) continue;
      const auto now = after->columns.find(number);
      if (now == after->columns.end()) {
        DroppedColumn(oid, number, before, column);
      } else {
        CompareColumn(oid, number, *after, column, now->second);
      }
    }
    if (!linted_.IsInUse(oid)) return;
    for (const auto& [number, column] : after->columns) {
      if (!before.columns.contains(number)) AddedColumn(oid, number, *after, column);
    }
  }

  // A view that is recreated under its name with all of its columns breaks no reader.
  bool IsMadeAgain(const Relation& before) const {
    if (HoldsRows(before) && before.kind != 'm') return false;
    return SuccessorOf(before) != nullptr;
  }

  // Whether another table has the name and all columns, and an INSERT has read all rows of this one
  // for it. Not if it can leave out some.
  bool IsCopied(Oid oid, const Relation& before) const {
    const Relation* successor = SuccessorOf(before);
    if (!before.IsTable() || successor == nullptr || !successor->IsTable()) return false;
    return std::ranges::any_of(linted_.migration().statements, [&](const StatementTrace& at) {
      if (!Reads(at, oid)) return false;
      const std::optional<RowCopy> copy = CopyIn(at, oid);
      return copy && copy->certain && copy->target == before.name;
    });
  }

  static bool Reads(const StatementTrace& at, Oid table) {
    const bool locks =
        std::ranges::any_of(at.locks, [&](const HeldLock& lock) { return lock.relation == table; });
    return locks || std::ranges::find(at.scanned, table) != at.scanned.end();
  }

  // A renamed table whose name a view took over, as in "expand and contract".
  bool IsReadThroughView(const Relation& before) const {
    const Relation* successor = SuccessorOf(before);
    return successor != nullptr && successor->kind == 'v';
  }

  // What has this name after the script; null unless it has all of the columns.
  const Relation* SuccessorOf(const Relation& before) const {
    for (const auto& [oid, relation] : after_.relations) {
      if (relation.name != before.name || relation.schema != before.schema) continue;
      for (const auto& [number, column] : before.columns) {
        bool found = false;
        for (const auto& [other, now] : relation.columns) found |= now.name == column.name;
        if (!found) return nullptr;
      }
      return &relation;
    }
    return nullptr;
  }

  void Dropped(Oid oid, const Relation& before) {
    if (IsMadeAgain(before)) return;
    const bool copied = IsCopied(oid, before);
    const std::string loss = copied             ? ", after its rows were copied to a new one"
                             : before.IsTable() ? ", with its rows"
                                                : "";
    Finding& finding =
        Add(Rule::kDropsTable, oid, NameOf(before),
            fmt::format("drops {} {}{}", WordFor(before), linted_.NameWithSize(before, oid), loss),
            [oid](const StatementTrace& at) { return !Find(*at.after, oid); });
    if (copied) {
      finding.severity = Severity::kNotice;
      return;
    }
    finding.safe_form = SafeDrop(finding.object, finding.sql, "drops-table");
  }

  void Renamed(Oid oid, const Relation& before, const Relation& after) {
    const bool moved = before.schema != after.schema && before.name == after.name;
    Finding& finding = Add(
        Rule::kRenamesTable, oid, NameOf(before),
        fmt::format("{} {} {} to {}: the application version that is still running uses the old {}",
                    moved ? "moves" : "renames", WordFor(before), linted_.NameWithSize(before, oid),
                    moved ? "schema " + after.schema : NameOf(after), moved ? "schema" : "name"),
        [&](const StatementTrace& at) {
          const Relation* now = Find(*at.after, oid);
          return now == nullptr || now->name != before.name || now->schema != before.schema;
        });
    finding.safe_form = moved ? SafeTableMove(before) : SafeTableRename(before, after);
  }

  void ViewColumns(Oid oid, const Relation& before, const Relation& after) {
    for (const auto& [number, column] : before.columns) {
      const auto now = after.columns.find(number);
      if (now == after.columns.end()) {
        DroppedColumn(oid, number, before, column);
      } else {
        CompareColumn(oid, number, after, column, now->second);
      }
    }
  }

  void DroppedColumn(Oid oid, int number, const Relation& table, const Column& column) {
    const Relation* now = Find(after_, oid);
    bool again = false;
    if (now != nullptr) {
      for (const auto& [other, added] : now->columns) again |= added.name == column.name;
    }
    const std::string object = NameOf(table) + "." + column.name;
    Finding& finding =
        Add(Rule::kDropsColumn, oid, object,
            fmt::format("drops {} of {}, with its values{}", ColumnOf(table, column.name),
                        linted_.NameWithSize(table, oid), again ? ", and adds it again" : ""),
            [oid, number](const StatementTrace& at) { return !Find(*at.after, oid, number); });
    finding.safe_form = again ? SafeTypeChange(*now, column, ColumnNamed(*now, column.name), {})
                              : SafeDrop(object, finding.sql, "drops-column");
  }

  static Column ColumnNamed(const Relation& table, const std::string& name) {
    for (const auto& [number, column] : table.columns) {
      if (column.name == name) return column;
    }
    return {};
  }

  void CompareColumn(Oid oid, int number, const Relation& table, const Column& before,
                     const Column& after) {
    const std::string object = NameOf(table) + "." + before.name;
    if (before.name != after.name) {
      Finding& finding = Add(
          Rule::kRenamesColumn, oid, object,
          fmt::format("renames {} of {} to {}: the application version that is still "
                      "running uses the old name",
                      ColumnOf(table, before.name), linted_.NameWithSize(table, oid), after.name),
          [&](const StatementTrace& at) {
            const Column* now = Find(*at.after, oid, number);
            return now == nullptr || now->name != before.name;
          });
      finding.safe_form = table.IsComposite() ? kSafeTypeChange : SafeColumnRename(before, after);
    }
    if (table.IsComposite()) return CompareType(oid, number, table, before, after);
    if (!table.IsTable()) return;
    CompareType(oid, number, table, before, after);
    if (linted_.IsInUse(oid)) CompareNull(oid, number, table, before, after);
  }

  void CompareType(Oid oid, int number, const Relation& table, const Column& before,
                   const Column& after) {
    if (before.enum_type != 0 && after.enum_type != 0) {
      return CompareEnums(oid, number, table, before, after);
    }
    // The values of a domain are values of its base type.
    const bool leaves_domain = !before.base_type.empty() && after.base_type.empty();
    const TypeChange change =
        CompareTypes(leaves_domain ? before.base_type : before.type, after.type);
    if (change != TypeChange::kOther && change != TypeChange::kNarrows) return;
    ChangedType(oid, number, table, before, after, change == TypeChange::kNarrows);
  }

  void ChangedType(Oid oid, int number, const Relation& table, const Column& before,
                   const Column& after, bool narrows) {
    Finding& finding = Add(
        narrows ? Rule::kNarrowsType : Rule::kChangesType, oid, NameOf(table) + "." + before.name,
        fmt::format("changes {} of {} from {} to {}: {}", ColumnOf(table, after.name),
                    linted_.NameWithSize(table, oid), before.type, after.type,
                    narrows ? "values may not fit or may lose a part"
                            : "the application version that is still running expects the old type"),
        [&](const StatementTrace& at) {
          const Column* now = Find(*at.after, oid, number);
          return now == nullptr || now->type != before.type;
        });
    finding.safe_form =
        table.IsComposite() ? kSafeTypeChange : SafeTypeChange(table, before, after, finding.sql);
  }

  // An enum is exchanged for another one to get rid of a value.
  void CompareEnums(Oid oid, int number, const Relation& table, const Column& before,
                    const Column& after) {
    if (before.enum_type == after.enum_type) return;
    const auto old_type = before_.enums.find(before.enum_type);
    const auto new_type = after_.enums.find(after.enum_type);
    if (old_type == before_.enums.end() || new_type == after_.enums.end()) return;
    std::vector<std::string> removed;
    for (const auto& [label_oid, label] : old_type->second.labels) {
      bool kept = false;
      for (const auto& [other, now] : new_type->second.labels) kept |= now == label;
      if (!kept) removed.push_back(label);
    }
    // Prisma casts to the name that its schema has.
    const bool same_name = NameOf(old_type->second) == NameOf(new_type->second);
    if (removed.empty() && !same_name) ChangedType(oid, number, table, before, after, false);
    if (removed.empty()) return;
    Finding& finding =
        Add(Rule::kRemovesEnumValue, oid, NameOf(table) + "." + after.name,
            fmt::format(
                "removes {} of enum {} from column {} of {}: the statement fails if "
                "rows contain it, and the application version that is still running may write it",
                Join(removed, ", "), NameOf(old_type->second), after.name,
                linted_.NameWithSize(table, oid)),
            [&](const StatementTrace& at) {
              const Column* now = Find(*at.after, oid, number);
              return now == nullptr || now->enum_type != before.enum_type;
            });
    finding.safe_form = SafeRemovalOfValues(table, after, removed);
  }

  void CompareEnum(Oid oid, const EnumType& before) {
    const auto initial = linted_.context().initial->enums.find(oid);
    const auto after = after_.enums.find(oid);
    if (initial == linted_.context().initial->enums.end() || after == after_.enums.end()) return;
    if (NameOf(before) != NameOf(after->second)) RenamedEnum(oid, before, after->second);
    for (const auto& [label_oid, label] : before.labels) {
      const auto now = after->second.labels.find(label_oid);
      if (now == after->second.labels.end() || now->second == label) continue;
      Finding& finding =
          Add(Rule::kRenamesEnumValue, 0, NameOf(before) + "." + label,
              fmt::format("renames value {} of enum {} to {}: the application version that is "
                          "still running does not know the new name",
                          label, NameOf(before), now->second),
              [oid = oid, label_oid = label_oid, label = label](const StatementTrace& at) {
                const auto type = at.after->enums.find(oid);
                if (type == at.after->enums.end()) return true;
                const auto found = type->second.labels.find(label_oid);
                return found == type->second.labels.end() || found->second != label;
              });
      finding.safe_form = fmt::format(
          "-- keep the value's name in the database, and rename it in schema.prisma alone:\n"
          "--   {} @map(\"{}\")\n",
          now->second, label);
    }
  }

  // Prisma casts to the name that its schema has.
  void RenamedEnum(Oid oid, const EnumType& before, const EnumType& after) {
    Finding& finding = Add(Rule::kChangesType, 0, NameOf(before),
                           fmt::format("renames enum {} to {}: the application version that is "
                                       "still running uses the old name",
                                       NameOf(before), NameOf(after)),
                           [oid, name = NameOf(before)](const StatementTrace& at) {
                             const auto type = at.after->enums.find(oid);
                             return type == at.after->enums.end() || NameOf(type->second) != name;
                           });
    finding.safe_form = fmt::format(
        "-- keep the enum's name in the database, and rename it in schema.prisma alone:\n"
        "--   enum {} {{ … @@map(\"{}\") }}\n",
        after.name, before.name);
  }

  static bool IsNotNullAfter(const StatementTrace& at, Oid oid, int number) {
    const Column* now = Find(*at.after, oid, number);
    return now == nullptr || now->not_null;
  }

  // The server reads no row for SET NOT NULL if a validated check excludes NULL already.
  bool IsProvenNotNull(Oid oid, int number) const {
    const StatementTrace& at = linted_.migration().statements[linted_.FindStatement(
        [&](const StatementTrace& trace) { return IsNotNullAfter(trace, oid, number); })];
    const Relation* table = LintedMigration::RelationAt(at, oid);
    // Of a partitioned table, the partitions are read.
    if (table != nullptr && table->kind == 'p' && !at.scanned.empty()) return false;
    const bool reads =
        std::find(at.scanned.begin(), at.scanned.end(), oid) != at.scanned.end() ||
        std::find(at.rewritten.begin(), at.rewritten.end(), oid) != at.rewritten.end();
    const Column* column = Find(*at.after, oid, number);
    return !reads && (column == nullptr || !column->may_have_nulls);
  }

  void CompareNull(Oid oid, int number, const Relation& table, const Column& before,
                   const Column& after) {
    const std::string object = NameOf(table) + "." + before.name;
    if (after.not_null && !before.not_null) {
      if (IsProvenNotNull(oid, number)) return;
      Finding& finding =
          Add(Rule::kSetsNotNull, oid, object,
              fmt::format("column {} of {} no longer accepts NULL: the statement fails if "
                          "rows contain it{}",
                          after.name, linted_.NameWithSize(table, oid),
                          after.has_default
                              ? ""
                              : ", and the application version that is still running may write it"),
              [&](const StatementTrace& at) { return IsNotNullAfter(at, oid, number); });
      finding.safe_form = SafeStatementOr(StatementOf(finding), SafeNotNull(table, after.name));
      return;
    }
    if (after.has_default || !before.has_default) return;
    Finding& finding = Add(Rule::kDropsDefault, oid, object,
                           fmt::format("column {} of {} {}loses its default: the application "
                                       "version that is still running may "
                                       "rely on it",
                                       after.name, linted_.NameWithSize(table, oid),
                                       after.not_null ? "needs a value and " : ""),
                           [&](const StatementTrace& at) {
                             const Column* now = Find(*at.after, oid, number);
                             return now == nullptr || !now->has_default;
                           });
    finding.safe_form =
        "-- first deploy an application that writes the column itself; drop the default in a later "
        "release\n";
  }

  void AddedColumn(Oid oid, int number, const Relation& table, const Column& column) {
    if (!column.not_null || column.has_default) return;
    Finding& finding =
        Add(Rule::kRequiredColumn, oid, NameOf(table) + "." + column.name,
            fmt::format("adds column {} to {} without a default: {}", column.name,
                        linted_.NameWithSize(table, oid), WhatRequiredDoes(oid, number)),
            [oid, number](const StatementTrace& at) {
              return Find(*at.after, oid, number) != nullptr;
            });
    finding.safe_form = SafeNewColumn(table, column);
  }

  // One that is added nullable, filled and then made NOT NULL does not fail on the rows.
  std::string WhatRequiredDoes(Oid oid, int number) const {
    const auto& statements = linted_.migration().statements;
    const size_t added = linted_.FindStatement([oid, number](const StatementTrace& at) {
      return Find(*at.after, oid, number) != nullptr;
    });
    const Column* at_first = Find(*statements[added].after, oid, number);
    const bool filled = at_first != nullptr && (!at_first->not_null || at_first->has_default);
    return filled ? "the application version that is still running can no longer insert rows"
                  : "it fails if the table has rows, and the application version that is still "
                    "running can no longer insert rows";
  }

  static bool IsRewritten(const StatementTrace& trace, Oid table) {
    return std::find(trace.rewritten.begin(), trace.rewritten.end(), table) !=
           trace.rewritten.end();
  }

  // By the lock of a TRUNCATE, else of a DELETE.
  static std::vector<Oid> LockedTables(const StatementTrace& trace, bool truncate) {
    std::vector<Oid> tables;
    for (const HeldLock& lock : trace.locks) {
      const sql::LockMode mode =
          truncate ? sql::LockMode::kAccessExclusive : sql::LockMode::kRowExclusive;
      if (lock.mode == mode) tables.push_back(lock.relation);
    }
    return tables;
  }

  void DeletedRows(size_t at) {
    const StatementTrace& trace = linted_.migration().statements[at];
    const Deletion deletion = DeletionIn(trace.statement);
    if (deletion == Deletion::kNone) return;
    const bool truncate = deletion == Deletion::kTruncate;
    const bool in_block = trace.statement.kind == sql::StatementKind::kDo;
    const bool named = trace.statement.kind == sql::StatementKind::kDelete;
    for (const Oid table : named ? WrittenTables(trace) : LockedTables(trace, truncate)) {
      const Relation* relation = LintedMigration::RelationAt(trace, table);
      if (relation == nullptr || !relation->IsTable() || !linted_.IsInUse(table)) continue;
      if (truncate && in_block && !IsRewritten(trace, table)) continue;
      Finding finding = linted_.Start(Rule::kDeletesRows, at, NameOf(*relation));
      finding.message = fmt::format("{} {}", truncate ? "truncates" : "deletes rows of",
                                    linted_.NameWithSize(*relation, table));
      finding.table = linted_.LiveOf(table);
      finding.safe_form = SafeDrop("these rows", finding.sql, "deletes-rows");
      if (deletion == Deletion::kSome) finding.severity = Severity::kWarning;
      findings_->push_back(std::move(finding));
    }
  }

  const LintedMigration& linted_;
  const CatalogState& before_;
  const CatalogState& after_;
  std::vector<Finding>* findings_;
};

}  // namespace

void FindBreakingChanges(const LintedMigration& linted, std::vector<Finding>* findings) {
  BreakingChanges(linted, findings).Read();
}

}  // namespace ballast::lint
