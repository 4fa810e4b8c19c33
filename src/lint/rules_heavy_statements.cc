// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/text.h"
#include "lint/deletion.h"
#include "lint/linted_migration.h"
#include "lint/lock_timeouts.h"
#include "lint/made_up_name.h"
#include "lint/names_and_locks.h"
#include "lint/row_copy.h"
#include "lint/safe_form.h"
#include "lint/safe_statement.h"
#include "lint/type_change.h"
#include "lint/unique_rows.h"
#include "lint/written_tables.h"
#include "sql/lexer.h"

namespace ballast::lint {
namespace {

bool Contains(const std::vector<Oid>& oids, Oid oid) {
  return std::find(oids.begin(), oids.end(), oid) != oids.end();
}

// Statements that read tables for their own result, not to check rows: no lock on the tables that
// they read blocks writes, unless an earlier statement holds one.
bool ReadsForItself(sql::StatementKind kind) {
  return kind == sql::StatementKind::kInsert || kind == sql::StatementKind::kUpdate ||
         kind == sql::StatementKind::kDelete || kind == sql::StatementKind::kMerge ||
         kind == sql::StatementKind::kQuery || kind == sql::StatementKind::kCopy ||
         kind == sql::StatementKind::kCreateTableAs || kind == sql::StatementKind::kMaintenance;
}

const AddedConstraint* ConstraintOf(const StatementTrace& at, Oid table, std::string_view types) {
  for (const AddedConstraint& constraint : at.constraints) {
    if (constraint.table == table && types.find(constraint.type) != std::string_view::npos) {
      return &constraint;
    }
  }
  return nullptr;
}

bool IsAlterDomain(const sql::Statement& statement) {
  const std::vector<sql::Token> tokens = sql::Tokenize(statement.text);
  sql::TokenReader reader(statement.text, tokens);
  return reader.Take("alter", "domain");
}

// Reads one statement after the other.
class HeavyStatements {
 public:
  HeavyStatements(const LintedMigration& linted, std::vector<Finding>* findings)
      : linted_(linted), findings_(findings) {}

  void Read() {
    const auto& statements = linted_.migration().statements;
    for (size_t at = 0; at < statements.size(); ++at) {
      const size_t before = findings_->size();
      Rewrites(at);
      IndexBuilds(at);
      Scans(at);
      BulkWrites(at);
      for (size_t i = before; i < findings_->size(); ++i) {
        const Finding& finding = (*findings_)[i];
        if (finding.rule != Rule::kAddsUnique && finding.severity != Severity::kNotice) {
          heavy_.insert(at);
        }
      }
      IndexDrops(at);
      PartitionLocks(at);
      AloneOrNot(at);
    }
    Transaction();
    LockTimeout();
  }

 private:
  const StatementTrace& At(size_t at) const { return linted_.migration().statements[at]; }

  // A table before and after a statement.
  struct BothStates {
    const Relation& before;
    const Relation& after;
  };

  // Null unless the table exists both before and after the statement.
  std::optional<BothStates> StatesOf(size_t at, Oid table) const {
    const auto& old_relations = At(at).before->relations;
    const auto& new_relations = At(at).after->relations;
    const auto before = old_relations.find(table);
    const auto after = new_relations.find(table);
    if (before == old_relations.end() || after == new_relations.end()) return std::nullopt;
    return BothStates{before->second, after->second};
  }

  // Adds a finding about a table, unless the table is not in use.
  void Add(Rule rule, size_t at, Oid table, std::string message, std::string safe_form) {
    const Relation* relation = LintedMigration::RelationAt(At(at), table);
    if (relation == nullptr || !linted_.IsInUse(table)) return;
    Finding finding = linted_.Start(rule, at, NameOf(*relation));
    const bool takes_time = rule != Rule::kAddsUnique && rule != Rule::kIndexDropBlocks &&
                            rule != Rule::kPartitionBlocks;
    if (takes_time) finding.severity = linted_.SeverityFor(rule, table);
    finding.message = std::move(message);
    finding.safe_form = std::move(safe_form);
    finding.table = linted_.LiveOf(table);
    findings_->push_back(std::move(finding));
  }

  void Rewrites(size_t at) {
    for (const Oid table : At(at).rewritten) {
      const Relation* relation = LintedMigration::RelationAt(At(at), table);
      if (relation == nullptr || At(at).statement.kind == sql::StatementKind::kTruncate) continue;
      const sql::LockMode mode = linted_.LockDuring(at, table);
      const bool is_view = relation->kind == 'm';
      const std::string name = linted_.NameWithSize(*relation, table);
      const bool depends = !is_view && ChangesOnlyTimeZones(at, table);
      // A conversion of its own rewrites the table in UTC, too.
      const bool unless_utc =
          depends && linted_.context().time_zone.empty() && !HasUsing(At(at).statement.text);
      const size_t before = findings_->size();
      Add(Rule::kTableRewrite, at, table,
          is_view ? fmt::format("recomputes {}, and blocks reads of it until it is done", name)
                  : fmt::format("rewrites {}{}, and {} until it is done", name,
                                unless_utc ? " unless the session's TimeZone is UTC" : "",
                                DescribeBlocking(mode, "it")),
          SafeRewrite(at, table) + OtherClauses(At(at)));
      const bool added = findings_->size() > before;
      if (added && unless_utc) findings_->back().severity = Severity::kNotice;
    }
  }

  // Whether the statement only changes columns between timestamp and timestamptz, for which the
  // server rewrites no row while TimeZone is UTC.
  bool ChangesOnlyTimeZones(size_t at, Oid table) const {
    const std::optional<BothStates> states = StatesOf(at, table);
    if (!states) return false;
    bool changes = false;
    for (const auto& [number, column] : states->after.columns) {
      const auto old = states->before.columns.find(number);
      if (old == states->before.columns.end()) return false;
      if (old->second.type == column.type) continue;
      if (!ChangesOnlyTimeZone(old->second.type, column.type)) return false;
      changes = true;
    }
    return changes;
  }

  std::string SafeRewrite(size_t at, Oid table) const {
    const std::optional<BothStates> states = StatesOf(at, table);
    if (!states) return {};
    const auto& [before, after] = *states;
    if (after.kind == 'm') return SafeRefresh(after, HasUniqueIndex(at, table));
    const bool in_utc = ChangesOnlyTimeZones(at, table);
    std::string utc;
    for (const auto& [number, column] : after.columns) {
      const auto old = before.columns.find(number);
      if (old == before.columns.end()) return SafeNewColumn(after, column);
      if (old->second.type == column.type) continue;
      if (!in_utc) return SafeTypeChange(after, old->second, column, At(at).statement.text);
      utc += SafeTimeZoneChange(after, column);
    }
    if (in_utc) return SafeInUtc(utc);
    return "-- run it by hand while nobody uses the table, and mark the migration as applied\n";
  }

  bool HasUniqueIndex(size_t at, Oid table) const {
    const auto& relations = At(at).after->relations;
    return std::any_of(relations.begin(), relations.end(), [&](const auto& entry) {
      return entry.second.table == table && entry.second.is_unique;
    });
  }

  void IndexBuilds(size_t at) {
    for (const BuiltIndex& index : At(at).indexes) {
      const Relation* table = LintedMigration::RelationAt(At(at), index.table);
      const Relation* made = LintedMigration::RelationAt(At(at), index.index);
      if (table == nullptr || made == nullptr || ReadsNoRows(At(at), *made)) continue;
      Unique(at, index, *table, *made);
      if (index.concurrently || Contains(At(at).rewritten, index.table)) continue;
      if (index.definition.empty() && At(at).statement.kind != sql::StatementKind::kReindex) {
        continue;
      }
      Add(Rule::kIndexBlocksWrites, at, index.table,
          fmt::format("builds index {} on {}, and {} until it is done", made->name,
                      linted_.NameWithSize(*table, index.table),
                      DescribeBlocking(linted_.LockDuring(at, index.table), "it")),
          SafeBuild(at, *table, index, *made));
    }
  }

  std::string SafeBuild(size_t at, const Relation& table, const BuiltIndex& index,
                        const Relation& made) const {
    if (index.definition.empty()) return SafeReindex(At(at).statement.text);
    if (const auto changed = ChangedType(at, index.table);
        changed && IndexBefore(At(at), made) != nullptr) {
      return SafeTypeChange(table, changed->before, changed->after, At(at).statement.text);
    }
    return SafeStatementOr(At(at),
                           SafeIndexBuild(table, index, ConstraintOf(At(at), index.table, "pux"),
                                          BuiltIndexName(*At(at).before, made.schema, made.name)));
  }

  struct BothColumns {
    const Column& before;
    const Column& after;
  };

  // The first column of the table of which the statement changes the type.
  std::optional<BothColumns> ChangedType(size_t at, Oid table) const {
    const std::optional<BothStates> states = StatesOf(at, table);
    if (!states) return std::nullopt;
    for (const auto& [number, column] : states->after.columns) {
      const auto old = states->before.columns.find(number);
      if (old == states->before.columns.end() || old->second.type == column.type) continue;
      return BothColumns{old->second, column};
    }
    return std::nullopt;
  }

  // Whether it is the index of a partitioned table alone, as ON ONLY makes it.
  static bool ReadsNoRows(const StatementTrace& trace, const Relation& made) {
    const auto is_partitioned = [&](const BuiltIndex& index) {
      const Relation* other = LintedMigration::RelationAt(trace, index.index);
      return other != nullptr && other->kind == 'I';
    };
    return made.kind == 'I' && std::ranges::all_of(trace.indexes, is_partitioned);
  }

  // A unique index over columns that have values already.
  void Unique(size_t at, const BuiltIndex& index, const Relation& table, const Relation& made) {
    if (!made.is_unique || index.definition.empty()) return;
    if (At(at).statement.kind == sql::StatementKind::kReindex) return;  // it was unique before
    if (HasUniqueRows(linted_.migration(), at, index, made)) return;
    for (const IndexKey& key : made.keys) {
      const int number = key.column;
      const auto after = At(at).after->relations.find(index.table);
      if (number == 0 || after == At(at).after->relations.end()) continue;
      const auto column = after->second.columns.find(number);
      if (column == after->second.columns.end()) continue;
      // A column of this set is NULL, or its own value, in every row that exists.
      if (!linted_.ColumnExistedBefore(index.table, number)) return;
    }
    const std::string where = index.predicate.empty() ? "" : " where " + index.predicate;
    Add(Rule::kAddsUnique, at, index.table,
        fmt::format("fails if rows of {} have equal values in {}{}",
                    linted_.NameWithSize(table, index.table), index.keys, where),
        DuplicatesQuery(table, index));
  }

  static std::string DuplicatesQuery(const Relation& table, const BuiltIndex& index) {
    std::vector<std::string> conditions;
    if (!index.predicate.empty()) conditions.push_back(index.predicate);
    // A row with NULL in a key equals no other.
    if (index.definition.find(" NULLS NOT DISTINCT") == std::string::npos) {
      conditions.push_back(fmt::format("({}) IS NOT NULL", index.keys));
    }
    const std::string where = conditions.empty() ? "" : " WHERE " + Join(conditions, " AND ");
    return fmt::format(
        "-- look for duplicates first:\nSELECT {0}, count(*) FROM {1}{2} GROUP BY {0} "
        "HAVING count(*) > 1;\n",
        index.keys, SqlNameOf(table), where);
  }

  // Reads of every row under a lock that blocks writes.
  void Scans(size_t at) {
    if (ReadsForItself(At(at).statement.kind)) return;
    std::set<Oid> scanned(At(at).scanned.begin(), At(at).scanned.end());
    for (const AddedConstraint& constraint : At(at).constraints) {
      if (constraint.type == 'f' && constraint.validated) scanned.insert(constraint.table);
    }
    for (const Oid table : scanned) {
      if (Contains(At(at).rewritten, table) || OnlyBuildsIndexes(at, table)) continue;
      const sql::LockMode mode = linted_.LockDuring(at, table);
      if (!WritesWithin(at, table) && BlocksWrites(mode) && IsValidated(at, table)) {
        Scan(at, table, DescribeBlocking(mode, "it"));
      }
    }
  }

  bool OnlyBuildsIndexes(size_t at, Oid table) const {
    return std::ranges::find(At(at).indexes, table, &BuiltIndex::table) != At(at).indexes.end() &&
           !Contains(At(at).checked, table) && ConstraintOf(At(at), table, "f") == nullptr;
  }

  // The table that a foreign key points to is read, too, but not because of its own rows.
  bool IsValidated(size_t at, Oid table) const {
    const auto& constraints = At(at).constraints;
    const bool any_foreign_key =
        std::any_of(constraints.begin(), constraints.end(),
                    [](const AddedConstraint& constraint) { return constraint.type == 'f'; });
    return !any_foreign_key || ConstraintOf(At(at), table, "fc") != nullptr;
  }

  void Scan(size_t at, Oid table, const std::string& blocking) {
    const Relation* relation = LintedMigration::RelationAt(At(at), table);
    if (relation == nullptr) return;
    const auto add = [&](const std::string& what, std::string safe) {
      Add(Rule::kConstraintValidation, at, table,
          fmt::format("checks every row{} of {}, and {} until it is done", what,
                      linted_.NameWithSize(*relation, table), blocking),
          std::move(safe));
    };
    bool found = false;
    for (const AddedConstraint& constraint : At(at).constraints) {
      const bool is_check = constraint.type == 'c' && Contains(At(at).checked, table);
      if (constraint.table != table || !constraint.validated) continue;
      if (!is_check && constraint.type != 'f') continue;
      found = true;
      add(" against constraint " + constraint.name,
          SafeStatementOr(At(at), SafeConstraint(*relation, constraint)));
    }
    for (const std::string& column : ColumnsSetNotNull(at, table)) {
      if (!Contains(At(at).checked, table)) continue;
      found = true;
      add(" for NULL in " + column, SafeStatementOr(At(at), SafeNotNull(*relation, column)));
    }
    if (!found) OtherScan(at, table, add);
  }

  template <typename AddScan>
  void OtherScan(size_t at, Oid table, const AddScan& add) {
    const Relation* relation = LintedMigration::RelationAt(At(at), table);
    if (BecomesPartition(at, table)) {
      add(" against the bounds of the partition", SafeAttach(*relation));
    } else if (relation->is_default_partition) {
      add(" against the bounds of the new partition", SafeDefaultPartition(*relation));
    } else if (IsAlterDomain(At(at).statement)) {
      add("", SafeDomainCheck(At(at).statement.text));
    } else if (!AddsRequiredColumn(at, table)) {
      add("", "");
    }  // else it fails as soon as there is a row, which is a finding of its own
  }

  bool BecomesPartition(size_t at, Oid table) const {
    const std::optional<BothStates> states = StatesOf(at, table);
    return states && states->before.partition_of == 0 && states->after.partition_of != 0;
  }

  std::vector<std::string> ColumnsSetNotNull(size_t at, Oid table) const {
    std::vector<std::string> names;
    const std::optional<BothStates> states = StatesOf(at, table);
    if (!states) return names;
    for (const auto& [number, column] : states->after.columns) {
      const auto old = states->before.columns.find(number);
      if (old == states->before.columns.end()) continue;
      if (column.not_null && !old->second.not_null) names.push_back(column.name);
    }
    return names;
  }

  bool AddsRequiredColumn(size_t at, Oid table) const {
    const std::optional<BothStates> states = StatesOf(at, table);
    if (!states) return false;
    for (const auto& [number, column] : states->after.columns) {
      const bool added = !states->before.columns.contains(number);
      if (added && column.not_null && !column.has_default) return true;
    }
    return false;
  }

  // Whether a block or a routine that the statement runs writes rows of the table: it checks
  // nothing of it.
  bool WritesWithin(size_t at, Oid table) const {
    const sql::StatementKind kind = At(at).statement.kind;
    const bool runs_code = kind == sql::StatementKind::kDo || kind == sql::StatementKind::kCall ||
                           kind == sql::StatementKind::kQuery;
    const auto& locks = At(at).locks;
    return runs_code && ConstraintOf(At(at), table, "cf") == nullptr &&
           std::any_of(locks.begin(), locks.end(), [&](const HeldLock& lock) {
             return lock.relation == table && lock.mode == sql::LockMode::kRowExclusive;
           });
  }

  void WritesInBlock(size_t at) {
    for (const Oid table : At(at).scanned) {
      const Relation* relation = LintedMigration::RelationAt(At(at), table);
      if (relation == nullptr || !relation->IsTable() || !WritesWithin(at, table)) continue;
      Add(Rule::kBulkWrite, at, table,
          fmt::format("reads every row of {} and changes rows of it, in one transaction",
                      linted_.NameWithSize(*relation, table)),
          SafeBulkWrite(*relation, DeletesWithoutUpdates(At(at).statement),
                        HasChildren(At(at), table)));
    }
  }

  // An INSERT that reads a whole table, which an earlier statement has locked.
  void CopiesRows(size_t at) {
    if (At(at).statement.kind == sql::StatementKind::kDo) return CopiesRowsInBlock(at);
    if (At(at).statement.kind != sql::StatementKind::kInsert) return;
    for (const Oid table : At(at).scanned) AddCopy(at, table, linted_.LockDuring(at, table));
  }

  // The same in a block, which can lock the table itself, and drop it, so that no scan is counted.
  void CopiesRowsInBlock(size_t at) {
    std::set<Oid> locked;
    for (const HeldLock& lock : At(at).locks) locked.insert(lock.relation);
    for (const Oid table : locked) {
      const std::optional<RowCopy> copy = CopyIn(At(at), table);
      if (!copy) continue;
      const bool is_first = At(at).transaction == at;
      const sql::LockMode before =
          is_first ? sql::LockMode::kNone : linted_.LockDuring(at - 1, table);
      AddCopy(at, table, copy->is_locked ? linted_.LockDuring(at, table) : before);
    }
  }

  void AddCopy(size_t at, Oid table, sql::LockMode mode) {
    const Relation* relation = LintedMigration::RelationAt(At(at), table);
    if (relation == nullptr || !relation->IsTable() || !BlocksWrites(mode)) return;
    Add(Rule::kBulkWrite, at, table,
        fmt::format("copies every row of {} in one transaction, and {} until it is done",
                    linted_.NameWithSize(*relation, table), DescribeBlocking(mode, "it")),
        "-- copy the rows in small steps before this migration, which then locks the table and "
        "copies\n-- only those that have changed since\n");
  }

  // An UPDATE or DELETE of some rows, for which it reads all of a table that an earlier statement
  // has locked.
  void WritesUnderLock(size_t at, bool update) {
    for (const Oid table : WrittenTables(At(at))) {
      const Relation& relation = *LintedMigration::RelationAt(At(at), table);
      const sql::LockMode mode = linted_.LockDuring(at, table);
      if (!Contains(At(at).scanned, table) || !BlocksWrites(mode)) continue;
      Add(Rule::kBulkWrite, at, table,
          fmt::format("reads every row of {} to {} some, and {} until it is done",
                      linted_.NameWithSize(relation, table), update ? "update" : "delete",
                      DescribeBlocking(mode, "it")),
          SafeBulkWrite(relation, !update, HasChildren(At(at), table)));
    }
  }

  void BulkWrites(size_t at) {
    const sql::Statement& statement = At(at).statement;
    WritesInBlock(at);
    CopiesRows(at);
    const bool update = statement.kind == sql::StatementKind::kUpdate;
    if (!update && statement.kind != sql::StatementKind::kDelete) return;
    const bool new_columns = update && SelectsByNewColumns(linted_, at);
    if (HasWhere(statement.text) && !new_columns) return WritesUnderLock(at, update);
    for (const Oid table : WrittenTables(At(at))) {
      const Relation& relation = *LintedMigration::RelationAt(At(at), table);
      Add(Rule::kBulkWrite, at, table,
          fmt::format("{} every row of {} in one transaction{}", update ? "updates" : "deletes",
                      linted_.NameWithSize(relation, table),
                      new_columns ? ": only new columns, the same in all rows, select them" : ""),
          SafeBulkWrite(relation, !update, HasChildren(At(at), table)));
    }
  }

  void IndexDrops(size_t at) {
    const sql::Statement& statement = At(at).statement;
    if (statement.kind != sql::StatementKind::kDropIndex) return;
    for (const auto& [oid, relation] : At(at).before->relations) {
      if (!relation.IsIndex() || At(at).after->relations.contains(oid)) continue;
      if (!BlocksReads(linted_.LockDuring(at, relation.table))) continue;
      const Relation* table = LintedMigration::RelationAt(At(at), relation.table);
      if (table == nullptr) continue;
      Add(Rule::kIndexDropBlocks, at, relation.table,
          fmt::format("waits for all running queries on {}, and blocks new ones until it is done",
                      linted_.NameWithSize(*table, relation.table)),
          SafeIndexDrop(relation));
    }
  }

  // The partitioned table is locked as if the statement changed it.
  void PartitionLocks(size_t at) {
    for (const auto& [oid, after] : At(at).after->relations) {
      const auto found = At(at).before->relations.find(oid);
      const Oid before = found == At(at).before->relations.end() ? 0 : found->second.partition_of;
      const Oid parent = before != 0 ? before : after.partition_of;
      if (before == after.partition_of || !Acquires(at, parent, sql::LockMode::kAccessExclusive))
        continue;
      const Relation* table = LintedMigration::RelationAt(At(at), parent);
      if (table == nullptr) continue;
      Add(Rule::kPartitionBlocks, at, parent,
          fmt::format("waits for all running queries on {}, and blocks new ones until it is done",
                      linted_.NameWithSize(*table, parent)),
          before != 0 ? SafeDetach(*table, after, HasDefaultPartition(at, parent))
                      : SafeNewPartition(*table, after));
    }
  }

  bool HasDefaultPartition(size_t at, Oid table) const {
    return std::ranges::any_of(At(at).before->relations, [&](const auto& entry) {
      return entry.second.partition_of == table && entry.second.is_default_partition;
    });
  }

  bool Acquires(size_t at, Oid table, sql::LockMode mode) const {
    const auto& locks = At(at).locks;
    return std::any_of(locks.begin(), locks.end(), [&](const HeldLock& lock) {
      return lock.relation == table && lock.mode == mode;
    });
  }

  void AloneOrNot(size_t at) {
    if (!At(at).statement.runs_outside_transaction) return;
    if (linted_.migration().statements.size() == 1) return;
    Finding finding = linted_.Start(Rule::kConcurrentlyWithOthers, at, {});
    finding.message =
        "PostgreSQL refuses this statement when Prisma before 7.4 sends the script as one message";
    finding.safe_form = "-- in a separate migration:\n" + finding.sql + ";\n";
    findings_->push_back(std::move(finding));
  }

  void Transaction() {
    std::map<size_t, std::vector<size_t>> transactions;  // by their first statements
    for (const size_t at : heavy_) transactions[At(at).transaction].push_back(at);
    for (const auto& [first, heavy] : transactions) {
      if (heavy.size() < 2) continue;
      Finding finding = linted_.Start(Rule::kHeavyTransaction, heavy.back(), {});
      finding.message = fmt::format(
          "is one of {} heavy statements in one transaction: the locks of the first are held until "
          "the last is done",
          heavy.size());
      finding.safe_form = "-- put each of these statements into a separate migration\n";
      findings_->push_back(std::move(finding));
    }
  }

  void LockTimeout() {
    if (linted_.context().has_lock_timeout) return;
    const auto& statements = linted_.migration().statements;
    LockTimeouts timeouts;
    for (size_t at = 0; at < statements.size(); ++at) {
      timeouts.Read(statements[at]);
      if (timeouts.limited()) continue;
      // The strongest lock, and the first by name: locks are listed in no order.
      const HeldLock* first = nullptr;
      const Relation* table = nullptr;
      for (const HeldLock& lock : statements[at].locks) {
        const Relation* relation = LintedMigration::RelationAt(statements[at], lock.relation);
        if (relation == nullptr || !relation->IsTable() || !BlocksWrites(lock.mode)) continue;
        if (!linted_.IsInUse(lock.relation)) continue;
        const bool weaker = first != nullptr && lock.mode < first->mode;
        const bool equal = first != nullptr && lock.mode == first->mode;
        if (weaker || (equal && NameOf(*relation) >= NameOf(*table))) continue;
        first = &lock;
        table = relation;
      }
      if (first == nullptr) continue;
      AddLockTimeout(at, *first, *table);
      return;
    }
  }

  void AddLockTimeout(size_t at, const HeldLock& lock, const Relation& relation) {
    Finding finding = linted_.Start(Rule::kMissingLockTimeout, at, NameOf(relation));
    finding.message = fmt::format(
        "waits for the {} lock on {}, and later queries on that table queue behind it; Prisma sets "
        "no lock_timeout",
        sql::NameOf(lock.mode), linted_.NameWithSize(relation, lock.relation));
    finding.safe_form =
        "-- `ballast deploy` limits this wait by itself; for other programs, begin the script "
        "with\n"
        "SET lock_timeout = '3s';\n";
    finding.table = linted_.LiveOf(lock.relation);
    findings_->push_back(std::move(finding));
  }

  const LintedMigration& linted_;
  std::vector<Finding>* findings_;
  std::set<size_t> heavy_;  // statements that take long on a large table
};

}  // namespace

void FindHeavyStatements(const LintedMigration& linted, std::vector<Finding>* findings) {
  HeavyStatements(linted, findings).Read();
}

}  // namespace ballast::lint
