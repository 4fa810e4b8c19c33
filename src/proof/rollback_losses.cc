// SPDX-License-Identifier: Apache-2.0
#include "proof/rollback_losses.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "difference/conversions.h"
#include "plan/copied_rows.h"
#include "plan/loss_guard.h"
#include "sql/computed_rows.h"
#include "sql/quote.h"
#include "sql/stated_conversion.h"
#include "sql/value_changes.h"

namespace ballast::proof {
namespace {

// Qualified outside of the target schema.
std::string NameIn(const std::string& target, const std::string& schema, const std::string& table) {
  return sql::QualifiedName(schema == target ? "" : schema, table);
}

// `table` is quoted; an empty column: the table. `values`: the condition of those that are lost.
release::RollbackLoss LossOf(const std::string& table, const std::string& column,
                             const std::string& values) {
  const std::string object = column.empty() ? "table " + table : "column " + table + "." + column;
  return {object, table, column, values};
}

// Whether every value of an enum is one of the other, too.
bool HasAllLabels(const difference::TypeShape& from, const difference::TypeShape& to) {
  if (from.labels.empty() || from.array != to.array) return false;
  if (!to.constraints.empty() || !to.element_constraints.empty()) return false;
  return std::all_of(from.labels.begin(), from.labels.end(), [&](const std::string& label) {
    return std::find(to.labels.begin(), to.labels.end(), label) != to.labels.end();
  });
}

// A condition on the values that are not the same in the new type and back. Empty: all are.
std::string LostValues(const std::string& column, const difference::TypeShape& from,
                       const difference::TypeShape& to, bool by_hand) {
  if (HasAllLabels(from, to)) return {};
  const difference::Conversion conversion = difference::ConversionOf(column, from, to);
  if (!conversion.lost_values.empty()) return conversion.lost_values;
  // A statement of ballast's own fails on these and loses none; another one may replace them.
  return by_hand ? conversion.condition : std::string();
}

// The type of a column before the script. Its parts have the names that the script converts.
difference::TypeShape ShapeBefore(const RetypedColumn& column, const ConvertingScript& script) {
  if (script.renamed == nullptr) return difference::ShapeOf(script.from, column.before.type_name);
  const auto renamed = script.renamed_columns->find(column.place);
  const bool known = renamed != script.renamed_columns->end();
  return difference::ShapeOf(*script.renamed, (known ? renamed->second : column.before).type_name);
}

std::string NameOf(const catalog::TableObject& table) {
  return QuotedName(table.table.name);
}

// The tables that the statements drop, some of them without rows of their own.
class DroppedTables {
 public:
  DroppedTables(const std::vector<difference::Statement>& statements, const catalog::Database& from)
      : from_(from) {
    std::set<std::string> names;
    for (const difference::Statement& statement : statements) {
      if (statement.kind != difference::ActionKind::kDrop) continue;
      if (statement.target.kind != "table") continue;
      if (statement.purpose != difference::StatementPurpose::kObject) continue;
      names.insert(QuotedName(statement.target.name));
    }
    for (const catalog::TableObject& table : from.tables) {
      tables_[table.id] = &table;
      if (names.contains(NameOf(table))) dropped_.insert(table.id);
    }
  }

  // Of the partitioned tables that are dropped with all of their partitions, the highest one that
  // this partition belongs to; else the table itself. Quoted.
  std::string WholeOf(const std::string& quoted) const {
    std::string whole = quoted;
    const auto part = std::ranges::find_if(
        from_.tables, [&](const catalog::TableObject& one) { return NameOf(one) == quoted; });
    if (part == from_.tables.end()) return whole;
    for (const catalog::TableObject* at = &*part; !at->bound.empty() && !at->parents.empty();) {
      const auto parent = tables_.find(at->parents.front());
      if (parent == tables_.end()) break;
      at = parent->second;
      if (dropped_.contains(at->id) && LosesAllBelow(at->id)) whole = NameOf(*at);
    }
    return whole;
  }

 private:
  bool LosesAllBelow(const catalog::ObjectId& id) const {
    return std::ranges::all_of(from_.tables, [&](const catalog::TableObject& one) {
      const bool below = !one.bound.empty() && !one.parents.empty() && one.parents.front() == id;
      return !below || (dropped_.contains(one.id) && LosesAllBelow(one.id));
    });
  }

  const catalog::Database& from_;
  std::map<catalog::ObjectId, const catalog::TableObject*> tables_;
  std::set<catalog::ObjectId> dropped_;
};

}  // namespace

std::vector<release::RollbackLoss> LossesOf(const std::vector<difference::Statement>& statements,
                                            const catalog::Database& from) {
  const DroppedTables dropped(statements, from);
  std::vector<release::RollbackLoss> losses;
  for (const difference::Statement& statement : statements) {
    for (size_t at = 0; at < statement.loses.size(); ++at) {
      const bool several = at < statement.lost_columns.size();
      release::RollbackLoss loss{statement.loses[at], statement.lost_table,
                                 several ? statement.lost_columns[at] : statement.lost_column,
                                 statement.lost_values};
      const std::string whole =
          loss.table.empty() || !loss.column.empty() ? loss.table : dropped.WholeOf(loss.table);
      if (whole != loss.table) loss = LossOf(whole, "", "");
      AddLosses({loss}, losses);
    }
  }
  return losses;
}

void AddLosses(const std::vector<release::RollbackLoss>& more,
               std::vector<release::RollbackLoss>& losses) {
  for (const release::RollbackLoss& loss : more) {
    const auto same = std::ranges::find(losses, loss.object, &release::RollbackLoss::object);
    if (same == losses.end()) {
      losses.push_back(loss);
    } else {
      *same = loss;
    }
  }
}

release::RollbackLoss LossOf(const PhysicalColumn& column, const std::string& target_schema,
                             bool whole_table) {
  return LossOf(NameIn(target_schema, column.schema, column.table),
                whole_table ? "" : sql::QuoteIdentifier(column.column), "");
}

std::vector<MadeAgain> MadeAgainSince(const PhysicalColumns& before, const PhysicalColumns& now,
                                      const std::string& target_schema) {
  const auto table_of = [](const std::string& place) { return place.substr(0, place.find(' ')); };
  std::map<std::string, std::string> names;              // of the tables before, by OID
  std::map<std::string, std::set<std::string>> columns;  // of the tables before, by name
  for (const auto& [place, column] : before) {
    const std::string name = NameIn(target_schema, column.schema, column.table);
    names[table_of(place)] = name;
    columns[name].insert(column.column);
  }
  const auto is_made = [&](const std::string& place) {
    return now.contains(place) && !before.contains(place);
  };
  std::vector<MadeAgain> made;
  for (const auto& [place, column] : now) {
    if (!is_made(place) || std::ranges::any_of(column.inherited_from, is_made)) continue;
    const std::string name = NameIn(target_schema, column.schema, column.table);
    const auto same_table = names.find(table_of(place));
    const auto same_name = columns.find(name);
    const bool whole = same_table == names.end() && same_name == columns.end();
    // A table that the script makes again with its rows.
    const bool copied = same_table == names.end() && same_name != columns.end();
    if (copied && same_name->second.contains(column.column)) continue;
    release::RollbackLoss record = LossOf(column, target_schema, whole);
    if (whole) record.table.clear();
    if (same_table != names.end()) record.table = same_table->second;
    made.push_back({column, whole, std::move(record)});
  }
  std::ranges::sort(made, [](const MadeAgain& a, const MadeAgain& b) {
    const auto key = [](const PhysicalColumn& one) {
      return std::tie(one.schema, one.table, one.number);
    };
    return key(a.column) < key(b.column);
  });
  const auto same =
      std::ranges::unique(made, {}, [](const MadeAgain& one) { return one.record.object; });
  made.erase(same.begin(), same.end());
  return made;
}

namespace {

// Columns that only the older state's tables of these names lack.
std::vector<release::RollbackLoss> ColumnsToLose(const std::vector<std::string>& tables,
                                                 const catalog::Database& from,
                                                 const catalog::Database& to) {
  std::map<std::string, const catalog::TableObject*> older;
  for (const catalog::TableObject& table : to.tables) older[NameOf(table)] = &table;
  std::vector<release::RollbackLoss> losses;
  for (const catalog::TableObject& table : from.tables) {
    const std::string name = NameOf(table);
    const auto same = older.find(name);
    if (same == older.end() || std::ranges::find(tables, name) == tables.end()) continue;
    for (const catalog::Column& column : table.table.columns) {
      const bool remains =
          std::ranges::any_of(same->second->table.columns,
                              [&](const catalog::Column& one) { return one.name == column.name; });
      if (!remains) losses.push_back(LossOf(name, sql::QuoteIdentifier(column.name), ""));
    }
  }
  return losses;
}

}  // namespace

Result<ColumnsBefore> ReadColumnsBefore(const std::string& script,
                                        const std::vector<release::RollbackLoss>& listed,
                                        const catalog::Database& from, const catalog::Database& to,
                                        postgres::Session& session) {
  const std::vector<std::string> tables = plan::TablesToCompare(script, listed);
  TRY(session.Query(plan::CopiedRowsBefore(tables, ColumnsToLose(tables, from, to), false)));
  ColumnsBefore before;
  TRY_ASSIGN(const postgres::Value unlisted, session.QueryValue(plan::ColumnsSql(listed)));
  before.unlisted = unlisted.value_or("[]");
  TRY_ASSIGN(before.columns, ReadColumns(session));
  return before;
}

Result<std::vector<release::RollbackLoss>> DroppedSince(const ColumnsBefore& before, bool with_rows,
                                                        postgres::Session& session) {
  TRY(session.Query(plan::CopiedRowsAfter(false, with_rows)));
  TRY_ASSIGN(const auto lost,
             session.Query(plan::LostColumnsSql(sql::QuoteLiteral(before.unlisted))));
  std::vector<release::RollbackLoss> losses;
  for (const auto& row : lost.back().rows) {
    const std::string table =
        NameIn(session.target().SchemaOrPublic(), row[0].value_or(""), row[1].value_or(""));
    losses.push_back(LossOf(table, row[2] ? sql::QuoteIdentifier(*row[2]) : "", ""));
  }
  return losses;
}

std::vector<release::RollbackLoss> ConvertedSince(const PhysicalColumns& before,
                                                  const PhysicalColumns& now,
                                                  const ConvertingScript& script) {
  std::vector<release::RollbackLoss> losses;
  for (const RetypedColumn& retyped : RetypedColumns(before, now)) {
    const PhysicalColumn& was = retyped.before;
    const std::string column = sql::QuoteIdentifier(was.column);
    const difference::TypeShape shape = ShapeBefore(retyped, script);
    release::RollbackLoss loss =
        LossOf(NameIn(script.target_schema, was.schema, was.table), column, "");
    const bool by_hand = script.by_hand && !script.own_conversions.contains(loss.object);
    loss.condition =
        LostValues(column, shape, difference::ShapeOf(script.to, retyped.type_name), by_hand);
    if (loss.condition.empty()) continue;
    // With other names the condition does not fit, so every value may be lost.
    if (shape != difference::ShapeOf(script.from, was.type_name)) loss.condition.clear();
    losses.push_back(std::move(loss));
  }
  return losses;
}

std::vector<release::RollbackLoss> ConvertedAtZones(const PhysicalColumns& before,
                                                    const PhysicalColumns& now,
                                                    const ConvertingScript& script,
                                                    const std::vector<std::string>& zones) {
  std::vector<release::RollbackLoss> losses;
  for (const RetypedColumn& retyped : RetypedColumns(before, now)) {
    const PhysicalColumn& was = retyped.before;
    const std::string newer = difference::ShapeOf(script.from, was.type_name).base;
    const std::string older = difference::ShapeOf(script.to, retyped.type_name).base;
    if (!newer.starts_with("timestamp") || !older.starts_with("timestamp")) continue;
    const std::string column = sql::QuoteIdentifier(was.column);
    std::string changes;
    for (const std::string& zone : zones) {
      changes += fmt::format(
          "{0}(({1} AT TIME ZONE {2})::{3} AT TIME ZONE {2})::{4} IS DISTINCT "
          "FROM {1}",
          changes.empty() ? "" : " OR ", column, sql::QuoteLiteral(zone), older, newer);
    }
    if (changes.empty()) continue;
    losses.push_back(LossOf(NameIn(script.target_schema, was.schema, was.table), column, changes));
  }
  return losses;
}

namespace {

// How a script written by hand replaces the values of a column.
enum class Replacement { kNone, kConversion, kAnything };

// A script written by hand, and the migrations that follow it; each is read once.
class HandScript {
 public:
  HandScript(const std::string& text, const std::vector<release::Migration>& upgrade)
      : changes_(sql::ValueChangesIn({text})) {
    if (sql::WritesValuesInCode(text)) computed_ = sql::ComputedColumnsIn(text);
    std::vector<std::string_view> scripts;
    for (const release::Migration& migration : upgrade) {
      scripts.emplace_back(migration.script.TextOrEmpty());
    }
    upgrade_ = sql::ValueChangesIn(scripts);
  }

  Replacement Of(const PhysicalColumn& column) const {
    if (computed_.contains({column.table, column.column}) ||
        computed_.contains({column.table, ""})) {
      return Replacement::kAnything;
    }
    const auto is_it = [&](const sql::ChangedColumn& one) {
      return one.Is({column.schema, column.table}, column.column);
    };
    if (std::ranges::any_of(changes_.updated, is_it)) return Replacement::kAnything;
    if (std::ranges::any_of(changes_.converted, is_it)) return Replacement::kConversion;
    return Replacement::kNone;
  }

  // A condition on the values that differ after both; empty if it is not known.
  std::string ChangedByBoth(const PhysicalColumn& was, const PhysicalColumn& is) const {
    const auto back = sql::StatedConversionOf(changes_, {was.schema, was.table}, was.column);
    const auto forward = sql::StatedConversionOf(upgrade_, {is.schema, is.table}, is.column);
    if (!back || !forward) return {};
    const std::string column = sql::QuoteIdentifier(was.column);
    const std::string older = fmt::format("{}::{}", back->Of(column), is.type_name);
    const std::string newer = fmt::format("({}::{})", forward->Of(older), was.type_name);
    // Types such as json cannot be compared; numbers that are equal can differ as text.
    const char* const as = was.has_numbers ? "" : "::text";
    return fmt::format("{}{} IS DISTINCT FROM {}{}", newer, as, column, as);
  }

 private:
  sql::ValueChanges changes_;
  sql::ValueChanges upgrade_;
  std::set<sql::ComputedColumn> computed_;  // by code that writes values
};

}  // namespace

std::vector<release::RollbackLoss> ConvertedByHand(const PhysicalColumns& before,
                                                   const PhysicalColumns& now,
                                                   const ConvertingScript& script,
                                                   const std::string& text,
                                                   const std::vector<release::Migration>& upgrade) {
  std::vector<release::RollbackLoss> losses;
  if (!script.by_hand) return losses;
  const HandScript by_hand(text, upgrade);
  for (const PhysicalColumn& was : RedefinedColumns(before, now)) {
    release::RollbackLoss loss = LossOf(was, script.target_schema, /*whole_table=*/false);
    if (script.own_conversions.contains(loss.object)) continue;
    const Replacement replacement = by_hand.Of(was);
    if (replacement == Replacement::kNone) continue;
    const PhysicalColumn& is = now.at(was.place);
    // Where the script runs, only the newer state's types exist.
    const bool exists = !difference::ShapeOf(script.to, is.type_name).defined ||
                        difference::ShapeOf(script.from, is.type_name).defined;
    if (replacement == Replacement::kConversion && exists) {
      loss.condition = by_hand.ChangedByBoth(was, is);
    }
    losses.push_back(std::move(loss));
  }
  return losses;
}

}  // namespace ballast::proof
