// SPDX-License-Identifier: Apache-2.0
#include "proof/rollback_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <utility>

#include "base/text.h"
#include "proof/rollback_losses.h"
#include "proof/rollback_renames.h"
#include "proof/script_errors.h"
#include "release/package.h"
#include "sql/quote.h"

namespace ballast::proof {
namespace {

// Tables with fewer rows than before, and how many they have lost.
std::map<std::string, int64_t> RemovedRowsOf(const std::vector<TableDigest>& before,
                                             const std::vector<TableDigest>& after) {
  const auto number = [](const TableDigest& table) { return std::atoll(table.count.c_str()); };
  std::map<std::string, int64_t> left;
  for (const TableDigest& table : after) left[table.table] = number(table);
  std::map<std::string, int64_t> removed;
  for (const TableDigest& table : before) {
    const auto now = left.find(table.table);
    if (now == left.end() || number(table) <= now->second) continue;
    removed[table.table] = number(table) - now->second;
  }
  return removed;
}

// Of the place of a column: the table's.
std::string OidIn(const std::string& place) {
  return place.substr(0, place.find(' '));
}

// A sentence about migrations that change this.
std::string RepeatedChange(const std::string& what) {
  return "the migrations change " + what +
         " each time they run, and the rollback does not change them back: an upgrade after it "
         "changes them twice";
}

}  // namespace

RollbackRows::RollbackRows(const RollbackQuestion& question, const ComposedRollback& script,
                           const catalog::Database& newer, RollbackScene& scene)
    : question_(question),
      script_(script),
      newer_(newer),
      scene_(scene),
      named_(script.renames.empty() ? newer : WithoutRenamed(newer, script.renamed)) {}

Status RollbackRows::ReadBefore(const PhysicalColumns& columns) {
  TRY_ASSIGN(before_, DigestsOfCommonRows(named_, question_.older, session()));
  std::vector<PhysicalColumn> all;
  for (const auto& [place, column] : columns) all.push_back(column);
  TRY_ASSIGN(values_before_, DigestsOf(all, session()));
  TRY_ASSIGN(counts_before_, CountRows(columns));
  return {};
}

// Rows of partitions are those of the partitioned table, whose partitions the upgrade may replace.
Result<RollbackRows::TableCounts> RollbackRows::CountRows(const PhysicalColumns& columns) const {
  std::map<std::string, std::string> tables;  // OID to name
  for (const auto& [place, column] : columns) {
    if (column.is_partitioned) continue;
    tables[OidIn(place)] = sql::QualifiedName(column.schema, column.table);
  }
  std::vector<std::string> queries;
  for (const auto& [oid, name] : tables) {
    queries.push_back(fmt::format(
        "SELECT coalesce(pg_catalog.pg_partition_root({0})::oid, {0}::oid), count(*) FROM ONLY {1}",
        oid, name));
  }
  TableCounts counts;
  if (queries.empty()) return counts;
  TRY_ASSIGN(const auto answers, session().Query(Join(queries, "\nUNION ALL\n")));
  for (const auto& row : answers.back().rows) {
    counts[row[0].value_or("")] += std::atoll(row[1].value_or("0").c_str());
  }
  return counts;
}

// The tables that have more rows, of those that the script keeps. By OID.
std::set<std::string> RollbackRows::Grown(const TableCounts& before, const TableCounts& now,
                                          const PhysicalColumns& back) {
  std::set<std::string> kept, grown;
  for (const auto& [place, column] : back) kept.insert(OidIn(place));
  for (const auto& [oid, rows] : now) {
    const auto was = before.find(oid);
    if (was != before.end() && was->second < rows && kept.contains(oid)) grown.insert(oid);
  }
  return grown;
}

bool RollbackRows::BecomesNull(const PhysicalColumn& column) const {
  const std::string table = NameOf(sql::QualifiedName(column.schema, column.table));
  const std::string name = sql::QuoteIdentifier(column.column);
  return std::ranges::any_of(script_.statements, [&](const difference::Statement& statement) {
    return statement.nulls_values && statement.lost_table == table && statement.lost_column == name;
  });
}

bool RollbackRows::HadRows(const PhysicalColumn& column) const {
  const auto values = values_before_.find(KeyOf(column));
  return values != values_before_.end() && values->second.rows != "0";
}

Result<std::optional<std::map<std::string, int64_t>>> RollbackRows::CompareAfterScript(
    const SampleRows& samples, const PhysicalColumns& columns) {
  TRY_ASSIGN(auto after, DigestsOfCommonRows(question_.older, named_, session()));
  TRY(OmitReplaced(columns, after));
  std::vector<std::string> harmed = ChangedTables(before_, after);
  if (!harmed.empty() && IsWrittenByHand(script_.origin)) {
    TRY_ASSIGN(harmed, NotOfMigrations(harmed, after, samples));
  }
  if (!harmed.empty()) {
    TRY_ASSIGN(harmed, ChangedBesidesDropped(harmed, columns));
  }
  if (!harmed.empty()) {
    return MakeError(ErrorCode::kNoRollback,
                     "the rollback changes rows of " + JoinSome(harmed) + OfScript());
  }
  // With no rows before, the script ran on empty tables only.
  std::optional<std::map<std::string, int64_t>> removed;
  if (!before_.empty()) removed = RemovedRowsOf(before_, after);
  return removed;
}

// Omits tables that the script has dropped and made again with other rows: that is a loss.
Status RollbackRows::OmitReplaced(const PhysicalColumns& columns,
                                  std::vector<TableDigest>& after) const {
  TRY_ASSIGN(const PhysicalColumns now, ReadColumns(session()));
  const auto tables_in = [&](const PhysicalColumns& all) {
    std::map<std::string, std::string> oids;  // by name
    for (const auto& [place, column] : all) {
      oids[NameOf(sql::QualifiedName(column.schema, column.table))] = OidIn(place);
    }
    return oids;
  };
  const std::map<std::string, std::string> were = tables_in(columns);
  const std::map<std::string, std::string> are = tables_in(now);
  const std::vector<std::string> changed = ChangedTables(before_, after);
  std::erase_if(after, [&](const TableDigest& table) {
    const auto was = were.find(NameOf(table.table));
    const auto is = are.find(NameOf(table.table));
    return was != were.end() && is != are.end() && was->second != is->second &&
           std::ranges::find(changed, table.table) != changed.end();
  });
  return {};
}

// Which script people have to correct.
std::string RollbackRows::OfScript() const {
  switch (script_.origin) {
    case release::RollbackOrigin::kScript:
      return ", with the script " + release::RollbackPath(question_.to);
    case release::RollbackOrigin::kDownScripts:
      return ", with the down.sql of migrations";
    default:
      return {};
  }
}

// Unqualified in the target schema.
std::string RollbackRows::NameOf(const std::string& qualified) const {
  const std::string schema = sql::QuoteIdentifier(session().target().SchemaOrPublic()) + ".";
  return qualified.starts_with(schema) ? qualified.substr(schema.size()) : qualified;
}

// Of these tables, those that have other rows, or other values in columns that the script does not
// drop, rename or make NULL; with the names of these columns. The values of renamed columns are
// compared after the upgrade.
Result<std::vector<std::string>> RollbackRows::ChangedBesidesDropped(
    const std::vector<std::string>& tables, const PhysicalColumns& columns) {
  TRY_ASSIGN(const PhysicalColumns now, ReadColumns(session()));
  std::map<std::string, std::vector<PhysicalColumn>> kept;  // by table
  std::set<std::string> moved;                              // tables with such columns
  std::set<std::string> retyped;                            // keys of columns
  for (const auto& [place, column] : columns) {
    const std::string table = NameOf(sql::QualifiedName(column.schema, column.table));
    const auto same = now.find(place);
    if (same == now.end()) {
      moved.insert(table);
    } else if (BecomesNull(same->second)) {
      moved.insert(table);
    } else if (same->second.column == column.column) {
      kept[table].push_back(same->second);
      if (same->second.type != column.type) retyped.insert(KeyOf(same->second));
    } else {
      moved.insert(table);
    }
  }
  std::vector<std::string> changed;
  for (const std::string& table : tables) {
    const std::vector<PhysicalColumn>& own = kept[NameOf(table)];
    TRY_ASSIGN(const ColumnDigests digests, DigestsOf(own, session()));
    std::vector<std::string> names;
    bool same_rows = !digests.empty();
    for (const PhysicalColumn& column : own) {
      const std::string key = KeyOf(column);
      const auto was = values_before_.find(key);
      const auto is = digests.find(key);
      if (was == values_before_.end() || is == digests.end()) continue;
      same_rows &= was->second.rows == is->second.rows;
      // A value of another type is compared after the upgrade.
      const bool differs = retyped.contains(key) ? was->second.values != is->second.values
                                                 : was->second.digest != is->second.digest;
      if (differs) names.push_back(sql::QuoteIdentifier(column.column));
    }
    if (same_rows && names.empty() && moved.contains(NameOf(table))) continue;
    std::string what = table;
    if (!same_rows && !digests.empty()) {
      what += " (the number of rows)";
    } else if (!names.empty()) {
      what += fmt::format(" ({} {})", names.size() == 1 ? "column" : "columns", JoinSome(names));
    }
    changed.push_back(std::move(what));
  }
  return changed;
}

// Of these tables, those that have a sample row or are not as the older migrations make them.
Result<std::vector<std::string>> RollbackRows::NotOfMigrations(
    const std::vector<std::string>& tables, const std::vector<TableDigest>& after,
    const SampleRows& samples) {
  TRY_ASSIGN(const std::vector<TableDigest> older, scene_.OlderRows(question_.older, newer_));
  const std::vector<std::string> different = ChangedTables(older, after);
  std::vector<std::string> changed;
  for (const std::string& table : tables) {
    TRY_ASSIGN(const std::string sample, SampledName(table, samples, session()));
    const bool differs = std::find(different.begin(), different.end(), table) != different.end();
    if (!sample.empty() || differs) changed.push_back(table);
  }
  return changed;
}

Result<std::string> RollbackRows::CompareColumns(const std::vector<PhysicalColumn>& redefined) {
  TRY_ASSIGN(const ColumnDigests now, DigestsOf(redefined, session()));
  const std::vector<std::string> changed = ChangedColumns(values_before_, now);
  if (changed.empty()) return std::string();
  std::vector<std::string> names;
  for (const std::string& name : changed) names.push_back(NameOf(name));
  if (HasAllScripts()) return RepeatedChange("the values of " + JoinSome(names));
  return MakeError(
      ErrorCode::kNoRollback,
      fmt::format("the migrations convert the values of {}, and the rollback does not convert them "
                  "back: write statements that do, in a down.sql next to the migration",
                  JoinSome(names)));
}

Result<std::vector<release::RollbackLoss>> RollbackRows::DroppedByUpgrade(
    const PhysicalColumns& before, const PhysicalColumns& back) {
  TRY_ASSIGN(const PhysicalColumns now, ReadColumns(session()));
  std::set<std::string> tables;  // OIDs
  for (const auto& [place, column] : now) tables.insert(OidIn(place));
  std::vector<PhysicalColumn> all;
  for (const auto& [place, column] : now) all.push_back(column);
  TRY_ASSIGN(const ColumnDigests values, DigestsOf(all, session()));
  const std::string schema = session().target().SchemaOrPublic();
  std::vector<release::RollbackLoss> losses;
  for (const auto& [place, column] : before) {
    if (now.contains(place) || !back.contains(place) || column.is_partitioned) continue;
    const auto was = values_before_.find(KeyOf(column));
    const auto is = values.find(KeyOf(column));
    const bool whole = !tables.contains(OidIn(place));
    const bool has_rows = was != values_before_.end() && was->second.rows != "0";
    const bool same_rows = has_rows && is != values.end() && was->second.rows == is->second.rows;
    if (whole && same_rows && was->second.digest == is->second.digest) continue;
    if (same_rows && was->second.values != "0" && was->second.values == is->second.values) {
      TRY_ASSIGN(const bool is_default, HasOnlyDefaults(column));
      if (!is_default) continue;  // the migrations compute the values
    }
    AddLosses({LossOf(column, schema, whole && !same_rows)}, losses);
  }
  return losses;
}

std::string RollbackRows::DefaultOf(const PhysicalColumn& column,
                                    const catalog::Database& database) const {
  const std::string target = session().target().SchemaOrPublic();
  for (const catalog::TableObject& table : database.tables) {
    const std::string& schema = table.table.name.schema;
    if ((schema.empty() ? target : schema) != column.schema) continue;
    if (table.table.name.name != column.table) continue;
    for (const catalog::Column& one : table.table.columns) {
      if (one.name == column.column) return one.default_value;
    }
  }
  return {};
}

Result<bool> RollbackRows::IsFilled(const MadeAgain& made) const {
  const PhysicalColumn& column = made.column;
  std::string condition;
  if (!made.whole_table) {
    const std::string name = sql::QuoteIdentifier(column.column);
    const std::string value = DefaultOf(column, question_.older);
    condition = fmt::format(" WHERE {} IS NOT NULL", name);
    if (!value.empty()) {
      condition += fmt::format(" AND {}::text IS DISTINCT FROM ({})::text", name, value);
    }
  }
  const postgres::Outcome outcome =
      session().Run(fmt::format("SELECT EXISTS (SELECT FROM {}{})",
                                sql::QualifiedName(column.schema, column.table), condition));
  if (outcome.error) return postgres::ErrorOf(*outcome.error, "a query for values");
  return postgres::IsTrue(outcome.results.back().rows.at(0).at(0));
}

// Whether all values of the column are what its default makes.
Result<bool> RollbackRows::HasOnlyDefaults(const PhysicalColumn& column) {
  const std::string value = DefaultOf(column, newer_);
  if (value.empty()) return false;
  const postgres::Outcome outcome = session().Run(fmt::format(
      "SELECT NOT EXISTS (SELECT FROM ONLY {} WHERE {}::text IS DISTINCT FROM ({})::text)",
      sql::QualifiedName(column.schema, column.table), sql::QuoteIdentifier(column.column), value));
  if (outcome.error) return postgres::ErrorOf(*outcome.error, "a query for defaults");
  return postgres::IsTrue(outcome.results.back().rows.at(0).at(0));
}

// Whether somebody has written how each migration is reverted.
bool RollbackRows::HasAllScripts() const {
  if (script_.origin == release::RollbackOrigin::kScript) return true;
  const std::vector<release::Migration>& migrations = question_.migrations;
  return !migrations.empty() &&
         std::ranges::all_of(migrations, [&](const release::Migration& migration) {
           return question_.scripts.by_migration.contains(migration.name);
         });
}

Result<bool> RollbackRows::AreChanged() const {
  TRY_ASSIGN(const auto now, DigestsOfCommonRows(named_, question_.older, session()));
  return !ChangedTables(before_, now).empty();
}

Result<std::vector<std::string>> RollbackRows::FindRepeatedChanges(
    const PhysicalColumns& back, const std::function<Status()>& back_and_forward) {
  std::vector<std::string> sentences;
  if (before_.empty() && counts_before_.empty()) return sentences;
  TRY_ASSIGN(const PhysicalColumns columns, ReadColumns(session()));
  TRY_ASSIGN(const auto once, DigestsOfCommonRows(named_, question_.older, session()));
  TRY_ASSIGN(const TableCounts rows_once, CountRows(columns));
  std::set<std::string> grown = Grown(counts_before_, rows_once, back);
  if (grown.empty() && ChangedTables(before_, once).empty()) return sentences;
  Status again = back_and_forward();
  std::vector<std::string> changed;
  if (again) {
    TRY_ASSIGN(const PhysicalColumns columns_twice, ReadColumns(session()));
    TRY_ASSIGN(const TableCounts rows_twice, CountRows(columns_twice));
    grown = Grown(rows_once, rows_twice, back);
    TRY_ASSIGN(const auto twice, DigestsOfCommonRows(named_, question_.older, session()));
    changed = ChangedTables(once, twice);
  } else if (!IsAboutScripts(again.error())) {
    return std::move(again).error();
  }
  const std::vector<std::string> inserted = NamesOf(grown, columns);
  if (!inserted.empty()) {
    sentences.push_back(fmt::format(
        "the migrations insert rows into {} each time they run, and the rollback does not remove "
        "them: an upgrade after it inserts them again",
        Join(inserted, ", ")));
  }
  TRY(OmitPartsOf(grown, changed));
  if (!changed.empty()) sentences.push_back(RepeatedChange("rows of " + JoinSome(changed)));
  if (!again) {
    sentences.push_back(
        "the migrations do not run again on rows that they have inserted or changed and the "
        "rollback keeps: " +
        again.error().message);
  }
  return sentences;
}

// Omits the tables that are one of these or a partition of it.
Status RollbackRows::OmitPartsOf(const std::set<std::string>& oids,
                                 std::vector<std::string>& tables) const {
  if (oids.empty() || tables.empty()) return {};
  TRY_ASSIGN(const auto answers,
             session().Query(
                 fmt::format("SELECT name FROM pg_catalog.unnest({}) AS t(name) WHERE coalesce("
                             "pg_catalog.pg_partition_root(name::pg_catalog.regclass)::oid, "
                             "name::pg_catalog.regclass::oid) = ANY ('{{{}}}'::oid[])",
                             sql::QuoteTextArray(tables),
                             Join(std::vector<std::string>(oids.begin(), oids.end()), ","))));
  for (const auto& row : answers.back().rows) std::erase(tables, row[0].value_or(""));
  return {};
}

std::vector<std::string> RollbackRows::NamesOf(const std::set<std::string>& oids,
                                               const PhysicalColumns& columns) const {
  std::set<std::string> names;
  for (const auto& [place, column] : columns) {
    if (!oids.contains(OidIn(place))) continue;
    names.insert(NameOf(sql::QualifiedName(column.schema, column.table)));
  }
  return {names.begin(), names.end()};
}

}  // namespace ballast::proof
