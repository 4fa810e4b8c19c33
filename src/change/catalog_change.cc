// SPDX-License-Identifier: Apache-2.0
#include "change/catalog_change.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "apply/verify_catalog.h"
#include "base/overloaded.h"
#include "base/text.h"
#include "catalog/name_conflicts.h"
#include "catalog/object_identity.h"
#include "catalog/snapshot_objects.h"
#include "change/change_script.h"
#include "change/count_losses.h"
#include "change/lost_additions.h"
#include "change/missing_privileges.h"
#include "change/missing_rows.h"
#include "change/rename_remedies.h"
#include "difference/added_labels.h"
#include "difference/dependent_additions.h"
#include "difference/online_steps.h"
#include "difference/script_renames.h"
#include "difference/script_text.h"
#include "difference/statement_target.h"
#include "introspect/catalog_reader.h"
#include "introspect/partition_overlaps.h"
#include "postgres/rolled_back_transaction.h"
#include "proof/rollback_losses.h"
#include "proof/rollback_proof.h"
#include "sql/constraint_kind.h"
#include "sql/key_columns.h"
#include "sql/partition_bound.h"
#include "sql/quote.h"
#include "sql/renames.h"

namespace ballast::change {
namespace {

// `before`: the proven state of the database, where it is not `goal`; or null.
Result<apply::LiveStateBefore> ReadLive(const proof::KnownState& goal,
                                        const proof::KnownState* before,
                                        const catalog::ComparisonRules& rules,
                                        const std::string& schema, postgres::Session& session) {
  std::vector<const catalog::Snapshot*> states = {goal.snapshot.get()};
  if (before != nullptr) states.push_back(before->snapshot.get());
  TRY_ASSIGN(apply::LiveStateBefore live,
             apply::ReadLiveBefore(session, goal.record, schema, states));
  TRY(apply::ReadIdentities(session, goal.record, schema, live));
  live.rules = rules;
  live.keep_additions = true;
  if (before != nullptr) live.proven = before->snapshot;
  return live;
}

// The SQL of a change that can rename relations; or empty.
std::string RenamesOf(const ChangeQuestion& question) {
  return std::visit(
      Overloaded{[](const RepairTo&) { return std::string(); },
                 [](const RollBackByDifference&) { return std::string(); },
                 [](const RollBackByScript& proven) { return proven.rollback.script; },
                 [](const RollBackAfterRenames& proven) { return proven.rollback.renames; }},
      question.kind);
}

// Drops what an interrupted concurrent build left under the name of a missing index.
void DropInvalidIndexes(const std::vector<catalog::UnsupportedObject>& unsupported,
                        std::vector<difference::Statement>& statements) {
  for (const catalog::UnsupportedObject& left : unsupported) {
    if (left.kind != "invalid index") continue;
    const auto index = std::ranges::find_if(statements, [&](const difference::Statement& one) {
      const catalog::ObjectRef& target = one.target;
      const bool has_index = target.kind == "index" || one.makes_a_key;
      return has_index && one.purpose == difference::StatementPurpose::kObject &&
             QuotedName(target.name) == left.name;
    });
    if (index != statements.end()) difference::DropFirst(left.name, *index);
  }
}

// A constraint whose triggers are disabled, or enabled, where they are not expected to be.
bool LacksEnforcement(const catalog::Difference& difference) {
  if (difference.kind != "constraint") return false;
  return std::ranges::any_of(difference.properties, [](const catalog::PropertyChange& change) {
    return change.property == "enforcement";
  });
}

class ChangeFinder {
 public:
  ChangeFinder(const ChangeQuestion& question, const std::string& schema,
               postgres::Session& session)
      : question_(question),
        goal_(question.Goal()),
        before_(question.Before()),
        schema_(schema),
        session_(session) {}

  Result<CatalogChange> Find() {
    TRY(session_.Query("SET row_security = off"));
    TRY_ASSIGN(change_.live, ReadLive(goal_, before_, question_.rules, schema_, session_));
    Compare();
    TRY(std::visit([this](const auto& kind) { return FindOf(kind); }, question_.kind));
    TRY(FindPartitionsInTheWay());
    for (const auto* script : {&change_.apart, &change_.statements}) {
      for (const std::string& dropped : DroppedAdditions(*script, found_.additions))
        std::erase(change_.additions, dropped);
    }
    for (const release::RollbackLoss& loss : losses_) change_.losable.push_back(loss.object);
    change_.made_again = CountMadeAgain(question_.made_again, session_);
    return std::move(change_);
  }

 private:
  void Compare() {
    found_ = catalog::CompareManaged(before_ != nullptr ? *before_->snapshot : *goal_.snapshot,
                                     change_.live.live, question_.rules);
    change_.drift = catalog::DescribeAll(found_.drift);
    change_.lacks_enforcement = std::ranges::any_of(found_.drift, LacksEnforcement);
    change_.ignored = catalog::DescribeAll(found_.ignored);
    NoteAdditions();
  }

  Status FindOf(const RepairTo& repair) {
    if (!found_.drift.empty()) {
      TRY_ASSIGN(const catalog::Database model, proof::ReadModel(session_, schema_));
      TRY_ASSIGN(change_.statements, StatementsFrom(model, nullptr, repair.goal.model));
      FindTakenNames();
      change_.rename_remedies = RenameRemedies(change_.statements, model, repair.goal.model);
      losses_ = proof::LossesOf(change_.statements, model);
    }
    TRY_ASSIGN(const bool readable, CanReadRows(repair.goal.rows));
    if (!readable) return {};
    TRY(CountBlocking());
    TRY(CountLosses());
    TRY(InsertRows(repair.goal.rows));
    NoteUncompared(repair.goal.omitted_rows);
    difference::CommitLabelsInUse(rows_script_, change_.statements);
    TRY(MoveApart());
    Write(TextOf(change_.statements));
    return {};
  }

  Status FindOf(const RollBackByDifference& states) {
    TRY_ASSIGN(const catalog::Database model, proof::ReadModel(session_, schema_));
    TRY_ASSIGN(change_.statements, StatementsFrom(model, &states.before.model, states.goal.model));
    losses_ = proof::LossesOf(change_.statements, model);
    proof::AddLosses(states.lost_later, losses_);
    TRY_ASSIGN(const bool readable, CanReadRows({}));
    if (!readable) return {};
    TRY(CountBlocking());
    TRY(CountLosses());
    Write(TextOf(change_.statements));
    return {};
  }

  Status FindOf(const RollBackByScript& proven) {
    const proof::ProvenRollback& rollback = proven.rollback;
    change_.is_own_script = rollback.record.origin != release::RollbackOrigin::kScript;
    change_.statements = rollback.statements;
    losses_ = rollback.record.losses;
    // The script was written without knowledge of the additions.
    for (const catalog::Difference& one : LostAdditions(change_.statements, found_.additions)) {
      change_.lost.names.push_back(catalog::NameOfAddition(one));
      if (catalog::IsTableParameter(one)) change_.lost.of_table_parameters = true;
    }
    if (change_.is_own_script && !change_.additions.empty()) TRY(FindDependents());
    needed_.any_rows = TextOf(rollback).removable.has_value();
    TRY_ASSIGN(const bool readable, CanReadRows({}));
    if (!readable) return {};
    TRY(CountBlockingAfterRenames());
    TRY(CountLosses());
    Write(TextOf(rollback));
    return {};
  }

  Status FindOf(const RollBackAfterRenames& proven) {
    losses_ = proven.rollback.record.losses;  // with the names that the database has now
    TRY_ASSIGN(const bool readable, CanReadRows({}));
    TRY(AfterRenames(proven.rollback.renames, [&] { return StatementsAfterRenames(proven); }));
    if (!readable || change_.lacked.hides_rows) return {};
    TRY(CountLosses());
    Write(TextOf(change_.statements));
    return {};
  }

  // Whether the role may read all rows that the change depends on. Notes what it lacks.
  Result<bool> CanReadRows(const std::vector<proof::GoalRows>& rows_of_goal) {
    for (const proof::GoalRows& rows : rows_of_goal) needed_.read.push_back(rows.table);
    for (const release::RollbackLoss& lost : losses_) needed_.read.push_back(lost.table);
    AddStatements(change_.statements, needed_);
    TRY_ASSIGN(change_.lacked, FindLacked(needed_, schema_, session_));
    return !change_.lacked.hides_rows;
  }

  // Names that the goal needs and additions have, as after a table was renamed by hand: its indexes
  // and constraints keep their names. What belongs to a table of the goal changes with it.
  void FindTakenNames() {
    const catalog::Snapshot& goal = *goal_.snapshot;
    const catalog::SnapshotObjects expected(goal), live(change_.live.live);
    for (const catalog::NameConflict& conflict :
         catalog::FindNameConflicts(goal, change_.live.live)) {
      const bool changes_with_table =
          expected.Has({"table", conflict.parent}) && !IsAnotherIndex(conflict, expected, live);
      if (!conflict.IsSameObject() && !changes_with_table)
        change_.taken_names.push_back(catalog::DescriptionOf(conflict.live));
    }
  }

  // Whether it is an index that somebody made under the name of a key, and not the index that the
  // key takes over after an interrupted repair.
  static bool IsAnotherIndex(const catalog::NameConflict& conflict,
                             const catalog::SnapshotObjects& expected,
                             const catalog::SnapshotObjects& live) {
    if (conflict.live.first != "index") return false;
    const std::string key = ValueOf(expected, conflict.expected, "definition");
    const sql::ConstraintKind kind = sql::ConstraintKindOf(key);
    if (kind == sql::ConstraintKind::kExclusion) return true;
    if (!sql::HasIndex(kind)) return false;
    const auto& [expected_kind, identity] = conflict.expected;
    const std::string index = ValueOf(live, conflict.live, "definition");
    return catalog::PlaceOf(expected_kind, identity).parent != conflict.parent ||
           ValueOf(live, conflict.live, "unique") != "yes" ||
           index.find(" WHERE ") != std::string::npos ||
           sql::ColumnsOfKey(index) != sql::ColumnsOfKey(key);
  }

  static std::string ValueOf(const catalog::SnapshotObjects& objects,
                             const catalog::ObjectKey& object, std::string_view property) {
    const std::string* value = objects.Value(object, property);
    return value == nullptr ? std::string() : *value;
  }

  Status FindPartitionsInTheWay() {
    std::vector<sql::NewPartition> made;
    for (const difference::Statement& statement : change_.statements) {
      if (statement.text.find("PARTITION") == std::string::npos) continue;
      if (auto one = sql::NewPartitionIn(statement.text)) made.push_back(*std::move(one));
    }
    const auto is_addition = [this](const std::string& identity, const std::string&) {
      return std::ranges::any_of(found_.additions, [&](const catalog::Difference& one) {
        return one.change == catalog::ChangeKind::kExtra && catalog::IsRelationKind(one.kind) &&
               one.identity == identity;
      });
    };
    TRY_ASSIGN(const auto overlaps,
               introspect::FindPartitionOverlaps(session_, schema_, made, is_addition));
    for (const introspect::PartitionOverlap& overlap : overlaps) {
      if (overlap.kind == introspect::PartitionOverlap::Kind::kRows) continue;  // counted already
      const auto& [table, parent, bound] = made[overlap.requested];
      change_.partitions_in_the_way.push_back(
          fmt::format("partition {} {} conflicts with the partition {} {}", overlap.existing,
                      overlap.bound, sql::QualifiedName(table.schema, table.name), bound));
    }
    return {};
  }

  Result<std::vector<difference::Statement>> StatementsFrom(const catalog::Database& model,
                                                            const catalog::Database* managed,
                                                            const catalog::Database& goal) {
    difference::Options options;
    options.server_major = session_.server_major();
    options.keep_additions = true;
    options.managed = managed;
    options.ignore = [this](const catalog::ObjectRef& object) { return IsIgnored(object); };
    const catalog::ModelsOnAnyDate models =
        catalog::OnAnyDate(model, goal, DatedPartitions(), catalog::Omitted::kOnlyInOneModel);
    TRY_ASSIGN(difference::Script script, difference::Diff(models.from, models.to, options));
    AddOwners(script.statements, model, needed_);
    DropInvalidIndexes(model.unsupported, script.statements);
    NoteDropped(script.dropped_additions);
    return std::move(script.statements);
  }

  // A change neither makes nor drops them, except with their partitioned table.
  catalog::DatedPartitions DatedPartitions() const {
    catalog::DatedPartitions dated = catalog::DatedPartitionsOf(*goal_.snapshot);
    if (before_ != nullptr) dated.Add(catalog::DatedPartitionsOf(*before_->snapshot));
    return dated;
  }

  void NoteDropped(const std::vector<catalog::ObjectRef>& dropped) {
    for (const catalog::Difference& one : found_.additions) {
      if (one.change != catalog::ChangeKind::kExtra) continue;
      if (std::ranges::find(dropped, catalog::RefOf(one)) == dropped.end()) continue;
      std::string name = catalog::NameOfAddition(one);
      if (std::erase(change_.additions, name) > 0)
        change_.dropped_additions.push_back(std::move(name));
    }
  }

  // A rollback changes back what the release has changed, also if `ignore` names it, except for
  // objects that differ from the release.
  bool IsIgnored(const catalog::ObjectRef& object) const {
    if (!catalog::IsCovered(object, question_.rules.ignore)) return false;
    return question_.IsRepair() ||
           std::ranges::any_of(found_.ignored, [&](const catalog::Difference& difference) {
             const catalog::ObjectRef differs = catalog::RefOf(difference);
             return catalog::BelongsTo(object, {differs}) || catalog::BelongsTo(differs, {object});
           });
  }

  // The renames are tried in a transaction that is rolled back, because only the server can tell
  // how the additions look after them. It has the locks of the renames while it reads the catalog.
  Status AfterRenames(const std::string& renames, const std::function<Status()>& work) {
    return postgres::InRolledBackTransaction(
        session_,
        "BEGIN ISOLATION LEVEL REPEATABLE READ;\nSET LOCAL lock_timeout = '1s';\n" + renames, work);
  }

  // A script that ballast has proven begins with its renames.
  Status FindDependents() {
    return AfterRenames(difference::LeadingRenames(change_.statements), [&]() -> Status {
      TRY_ASSIGN(const catalog::Database model, proof::ReadModelHere(session_, schema_));
      change_.in_the_way = difference::DependentsThatScriptLacks(
          model, change_.statements,
          [this](const catalog::ObjectRef& object) { return BelongsTo(object, additions_); });
      return {};
    });
  }

  Status StatementsAfterRenames(const RollBackAfterRenames& proven) {
    TRY_ASSIGN(const catalog::Database model, proof::ReadModelHere(session_, schema_));
    TRY_ASSIGN(const auto rest, StatementsFrom(model, &proven.rollback.renamed, proven.goal.model));
    change_.statements = difference::RenamingStatements(proven.rollback.renames);
    const bool early = std::ranges::any_of(rest, [](const difference::Statement& statement) {
      return statement.placement == difference::Placement::kCommitFirst;
    });
    for (difference::Statement& rename : change_.statements) {
      rename.lock = difference::LockMode::kAccessExclusive;
      if (early) rename.placement = difference::Placement::kCommitFirst;
    }
    change_.statements.insert(change_.statements.end(), rest.begin(), rest.end());
    NeededPrivileges needed;
    AddStatements(change_.statements, needed);
    TRY_ASSIGN(const plan::LackedOfChange lacked, FindLacked(needed, schema_, session_));
    plan::AddLacked(lacked, change_.lacked);
    return change_.lacked.hides_rows ? Status() : CountRenamed(proven.rollback.renames);
  }

  // Additions move with relations and columns that are renamed.
  void NoteAdditions() {
    if (before_ != nullptr && !sql::RenamesRelations(RenamesOf(question_))) {
      change_.dropped_additions = catalog::AdditionsDroppedWith(*before_->snapshot, *goal_.snapshot,
                                                                change_.live.live, question_.rules);
    }
    const std::set<std::string> dropped(change_.dropped_additions.begin(),
                                        change_.dropped_additions.end());
    for (const catalog::Difference& one : found_.additions) {
      std::string name = catalog::NameOfAddition(one);
      // A publication without one of its tables is not unchanged.
      const auto part = dropped.lower_bound(name + ": ");
      const bool reduced = part != dropped.end() && part->starts_with(name + ": ");
      if (dropped.contains(name) || reduced) continue;
      change_.additions.push_back(std::move(name));
      if (one.change == catalog::ChangeKind::kExtra) additions_.push_back(catalog::RefOf(one));
    }
  }

  Status CountBlocking() {
    TRY_ASSIGN(change_.blocking, change::CountBlocking(change_.statements, session_, false));
    for (plan::BlockingRows& rows : change_.blocking) MakeRunnable(rows.query);
    NoteUncounted();
    return {};
  }

  void NoteUncounted() {
    std::vector<std::string> objects;
    for (const difference::Statement& statement : AfterChangedRows(change_.statements)) {
      if (!statement.offending_rows.empty()) objects.push_back(statement.object);
    }
    if (objects.empty()) return;
    change_.notices.push_back(fmt::format(
        "rows that conflict with {} were not counted, because the script changes rows before; if "
        "any remain then, nothing is changed (B508)",
        JoinSome(objects)));
  }

  // The queries describe the database after the renames that the script begins with.
  Status CountBlockingAfterRenames() {
    const std::string renames = difference::LeadingRenames(change_.statements);
    const bool any = std::ranges::any_of(change_.statements, [](const auto& statement) {
      return !statement.offending_rows.empty();
    });
    if (renames.empty() || !any) return CountBlocking();
    return AfterRenames(renames, [&] { return CountRenamed(renames); });
  }

  // In the transaction with the renames. People have to run them, too, before the query.
  Status CountRenamed(const std::string& renames) {
    TRY_ASSIGN(change_.blocking, change::CountBlocking(change_.statements, session_, true));
    for (plan::BlockingRows& rows : change_.blocking) {
      rows.query = "BEGIN; " + ReplaceAll(renames, "\n", " ") + rows.query + "; ROLLBACK";
      MakeRunnable(rows.query);
    }
    NoteUncounted();
    return {};
  }

  // So that people can run it as it is, in a session without the schema of the URL.
  void MakeRunnable(std::string& query) const {
    if (schema_ == "public") return;
    query = "SET search_path TO " + sql::QuoteIdentifier(schema_) + "; " + query;
  }

  Status CountLosses() {
    TRY_ASSIGN(LossCount count, change::CountLosses({losses_, change_.statements,
                                                     question_.allowed_losses, question_.keep_data},
                                                    session_));
    change_.losses = std::move(count.losses);
    without_data_ = std::move(count.without_data);
    for (const release::RollbackLoss& lost : count.to_keep) change_.kept.push_back(lost.object);
    keeping_ = KeepingSql(schema_, count.to_keep, losses_, *goal_.snapshot);
    for (plan::BlockingRows& rows : count.unconvertible) {
      MakeRunnable(rows.query);
      const bool known = std::ranges::any_of(
          change_.blocking,
          [&](const plan::BlockingRows& blocking) { return blocking.object == rows.object; });
      if (!known) change_.blocking.push_back(std::move(rows));
    }
    return {};
  }

  Status InsertRows(const std::vector<proof::GoalRows>& rows_of_goal) {
    TRY_ASSIGN(const std::vector<MissingRows> missing,
               FindMissingRows(rows_of_goal, schema_, question_.only_shows, session_));
    RestoredRows restored = RestoreRows(missing, [this](const std::string& table) {
      return std::ranges::any_of(change_.statements, [&](const difference::Statement& one) {
        return difference::Concerns(one, table);
      });
    });
    if (!restored.tables.empty()) {
      needed_.insert = std::move(restored.tables);
      TRY_ASSIGN(change_.lacked, FindLacked(needed_, schema_, session_));
    }
    change_.restored_rows = std::move(restored.rows);
    change_.missing_rows = restored.missing;
    change_.notices.insert(change_.notices.end(), restored.notices.begin(), restored.notices.end());
    rows_script_ = std::move(restored.script);
    return {};
  }

  void NoteUncompared(const std::vector<introspect::OmittedRows>& omitted) {
    for (const introspect::OmittedRows& rows : omitted) {
      change_.uncompared_rows.push_back(rows.table);
      change_.notices.push_back(fmt::format(
          "the rows of {} were not compared: the migrations insert {} into it, which are too many "
          "({}), so the repair neither finds nor restores missing ones",
          rows.table, Counted(rows.count, "row"), Counted(rows.bytes, "byte")));
    }
  }

  Status MoveApart() {
    std::vector<difference::Statement> together;
    for (const difference::Statement& statement : change_.statements) {
      std::vector<difference::Statement> steps;
      if (difference::IsIndependent(statement, change_.statements))
        steps = difference::OnlineSteps(statement);
      bool has_rows = false;
      if (!steps.empty()) {
        TRY_ASSIGN(has_rows, HasRows(statement.table));
      }
      if (has_rows) {
        if (difference::ReplacesAKey(statement, change_.statements)) {
          together.push_back(std::move(steps.back()));
          steps.pop_back();
        }
        change_.apart.insert(change_.apart.end(), steps.begin(), steps.end());
      } else {
        together.push_back(statement);
      }
    }
    change_.statements = std::move(together);
    return {};
  }

  // Partitioned tables cannot have either of the two.
  Result<bool> HasRows(const std::string& table) {
    TRY_ASSIGN(const postgres::Value any,
               session_.QueryValue(
                   fmt::format("SELECT (SELECT relkind = 'r' FROM pg_catalog.pg_class WHERE oid = "
                               "{}::pg_catalog.regclass) AND EXISTS (SELECT FROM {})",
                               sql::QuoteLiteral(table), table)));
    return postgres::IsTrue(any);
  }

  void Write(const ChangeText& text) {
    change_.first_script = text.first;
    change_.script = Guarded(text, {losses_, without_data_, keeping_}) + rows_script_;
  }

  const ChangeQuestion& question_;
  const proof::KnownState& goal_;
  const proof::KnownState* before_;
  const std::string& schema_;
  postgres::Session& session_;
  CatalogChange change_;
  catalog::ManagedComparison found_;
  NeededPrivileges needed_;
  std::vector<catalog::ObjectRef> additions_;        // whole objects that remain
  std::vector<release::RollbackLoss> losses_;        // of rows that may not be there
  std::vector<release::RollbackLoss> without_data_;  // those of `losses_` that have none
  std::string keeping_;
  std::string rows_script_;
};

}  // namespace

const proof::KnownState& ChangeQuestion::Goal() const {
  return std::visit([](const auto& one) -> const proof::KnownState& { return one.goal; }, kind);
}

const proof::KnownState* ChangeQuestion::Before() const {
  return std::visit(
      [](const auto& one) -> const proof::KnownState* {
        if constexpr (requires { one.before; }) return &one.before;
        return nullptr;
      },
      kind);
}

std::string ObjectAtLine(const CatalogChange& change, int line) {
  size_t begin = 0;
  for (int at = 1; at < line && begin != std::string::npos; ++at) {
    begin = change.script.find('\n', begin);
    if (begin != std::string::npos) ++begin;
  }
  if (begin == std::string::npos) return {};
  size_t from = 0;
  for (const difference::Statement& statement : change.statements) {
    if (statement.placement == difference::Placement::kCommitFirst) continue;
    const size_t at = change.script.find(statement.text, from);
    if (at == std::string::npos) continue;
    from = at + statement.text.size();
    if (begin >= at && begin < from) return statement.object;
  }
  return {};
}

Result<CatalogChange> FindChange(const ChangeQuestion& question, const std::string& schema,
                                 postgres::Session& session) {
  return ChangeFinder(question, schema, session).Find();
}

Result<std::vector<std::string>> FindDrift(const proof::KnownState& state,
                                           const catalog::ComparisonRules& rules,
                                           const std::string& schema, postgres::Session& session) {
  TRY_ASSIGN(const apply::LiveStateBefore live, ReadLive(state, nullptr, rules, schema, session));
  return catalog::DescribeAll(catalog::CompareManaged(*state.snapshot, live.live, rules).drift);
}

}  // namespace ballast::change
