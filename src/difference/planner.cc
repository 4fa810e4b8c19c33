// SPDX-License-Identifier: Apache-2.0
#include "difference/planner.h"

#include <algorithm>
#include <utility>

#include "difference/alter.h"
#include "difference/reverse_statements.h"
#include "difference/step_kinds.h"
#include "sql/quote.h"

namespace ballast::difference {
namespace {

using catalog::Definition;
using catalog::Step;
using catalog::TableObject;

bool SetsDefaultPrivileges(const DatabaseDefinitions& side) {
  for (size_t at = 0; at < side.size(); ++at) {
    if (side.At(at).step == Step::kAlterDefaultPrivileges) return true;
  }
  return false;
}

}  // namespace

Planner::Planner(const DatabaseDefinitions& from, const DatabaseDefinitions& to,
                 const Options& options, const DatabaseDefinitions* managed,
                 std::set<catalog::Name> recreated)
    : from_(from),
      to_(to),
      options_(options),
      managed_(managed),
      recreated_(std::move(recreated)),
      retyped_objects_(from) {
  for (const PartDependency& use : from.uses()) {
    users_[{use.used.definition, use.used.column}].push_back(&use);
    if (use.used.column != 0) users_[{use.used.definition, -1}].push_back(&use);
    uses_of_[use.user.definition].push_back(&use);
  }
}

void Planner::PairObjects() {
  of_from_.resize(from_.size());
  of_to_.resize(to_.size());
  for (size_t at = 0; at < from_.size(); ++at) {
    of_from_[at] = pairs_.size();
    pairs_.push_back({at, to_.Find(from_.KeyOf(at)), ObjectAction::kKeep, false, {}});
  }
  for (size_t at = 0; at < to_.size(); ++at) {
    const std::optional<size_t> same = from_.Find(to_.KeyOf(at));
    of_to_[at] = same ? of_from_[*same] : pairs_.size();
    if (!same) pairs_.push_back({std::nullopt, at, ObjectAction::kCreate, false, {}});
  }
}

const TableChanges* Planner::ChangesOf(size_t from_definition) const {
  const auto found = changes_.find(from_definition);
  return found == changes_.end() ? nullptr : found->second.get();
}

void Planner::SelectTableAction(ObjectPair& item) {
  const TableObject* before = from_.TableAt(*item.from);
  const TableObject* after = to_.TableAt(*item.to);
  auto changes = std::make_unique<TableChanges>(from_, *before, to_, *after, options_);
  if (changes->must_recreate()) {
    item.action = ObjectAction::kRecreate;
    return;
  }
  item.action = ObjectAction::kAlter;
  if (std::string refused = changes->Refused(); !refused.empty()) refused_.push_back(refused);
  changes_[*item.from] = std::move(changes);
}

namespace {

// The position of a sequence that `from` lacks. One that it has continues from its own.
bool PositionsNewSequence(const DatabaseDefinitions& from, const DatabaseDefinitions& to,
                          const ObjectPair& item) {
  if (item.from || to.At(*item.to).step != Step::kSetSequence) return false;
  const catalog::Sequence* sequence = to.SequenceAt(*item.to);
  const auto& existing = from.database().sequences;
  return sequence != nullptr && std::ranges::none_of(existing, [&](const catalog::Sequence& one) {
           return one.name == sequence->name && one.identity == sequence->identity;
         });
}

}  // namespace

void Planner::SelectAction(ObjectPair& item) {
  if (item.from && item.to && from_.TableAt(*item.from) != nullptr) {
    SelectTableAction(item);
    return;
  }
  const Definition& definition = item.from ? from_.At(*item.from) : to_.At(*item.to);
  const TableObject* table = to_.TableNamed(definition.name);
  const bool both = table != nullptr && from_.TableNamed(definition.name) != nullptr;
  const bool data = definition.step == Step::kSetSequence || definition.step == Step::kInsertRows;
  // Only one of the databases has rows of the history, or a sequence that was used.
  const bool only_data = data && !(item.from && item.to) && !PositionsNewSequence(from_, to_, item);
  if (only_data || IsRefreshOfExisting(item) || (both && IsCoveredByTable(definition))) {
    item.action = ObjectAction::kSkip;
  } else if (IsUnmanaged(item)) {
    item.action = item.from ? ObjectAction::kKeep : ObjectAction::kSkip;
  } else if (!item.from) {
    item.action = ObjectAction::kCreate;
  } else if (!item.to) {
    item.action = ObjectAction::kDrop;
  } else if (from_.At(*item.from).statements != to_.At(*item.to).statements) {
    if (definition.step == Step::kCreateEnum) {
      if (auto added = AddedLabels(from_, *item.from, to_, *item.to)) {
        item.action = ObjectAction::kAlter;
        for (AddedLabel& one : *added) {
          added_labels_[*item.from].emplace_back(one.label, one.statement);
        }
        return;
      }
    }
    if (definition.step == Step::kCreateDomain && recreated_.contains(definition.name)) {
      item.action = ObjectAction::kRecreate;
      return;
    }
    std::optional<std::string> alter = AlterIndexParameters(item);
    if (!alter) alter = AlterOf(from_, *item.from, to_, *item.to);
    if (options_.keep_additions && managed_ == nullptr) {
      auto added = AddedSettings(from_.At(*item.from), to_.At(*item.to));
      if (added) alter = std::move(added);
    } else if (alter) {
      *alter += SettingsToKeep(item);
    }
    item.action = alter ? ObjectAction::kAlter : ObjectAction::kRecreate;
    if (alter) item.alter = *std::move(alter);
  }
}

const ColumnChange* Planner::ChangeOfColumn(const Part& part) const {
  const TableChanges* changes = ChangesOf(part.definition);
  if (part.column <= 0 || changes == nullptr) return nullptr;
  const auto at = ColumnNumbered(changes->before(), part.column);
  return at ? changes->Find(changes->before().table.columns[*at].name) : nullptr;
}

bool Planner::IsDropped(const Part& part) const {
  const ObjectPair& item = PairOfFrom(part.definition);
  if (!item.drop_deferred && Drops(item.action)) return true;
  const ColumnChange* change = ChangeOfColumn(part);
  return change != nullptr &&
         (change->action == ColumnAction::kDrop || change->action == ColumnAction::kReadd);
}

bool Planner::IsDroppedForGood(const Part& part) const {
  if (PairOfFrom(part.definition).action == ObjectAction::kDrop) return true;
  const ColumnChange* change = ChangeOfColumn(part);
  return change != nullptr && change->action == ColumnAction::kDrop;
}

bool Planner::IsPartitionOfRecreated(size_t at) const {
  const TableObject* partition = from_.TableAt(at);
  if (partition == nullptr || partition->bound.empty()) return false;
  const auto parent = from_.parts().makers.find(partition->parents.front());
  return parent != from_.parts().makers.end() &&
         PairOfFrom(parent->second).action == ObjectAction::kRecreate;
}

bool Planner::IsDroppedWithParent(const catalog::Name& table) const {
  const TableObject* partition = from_.TableNamed(table);
  const auto parent = partition == nullptr ? std::nullopt : from_.ParentOf(*partition);
  if (!parent || PairOfFrom(*parent).action != ObjectAction::kDrop) return false;
  const auto maker = from_.parts().makers.find(partition->id);
  return maker != from_.parts().makers.end() && IsAddition(maker->second);
}

bool Planner::IsDroppedWithOwner(size_t at) const {
  if (IsPartitionOfRecreated(at)) return false;
  const Definition& definition = from_.At(at);
  const auto uses = uses_of_.find(at);
  if (uses == uses_of_.end()) return false;
  const bool about = IsProperty(definition.step) || definition.id.part < 0;
  bool goes = false;
  for (const PartDependency* use : uses->second) {
    if (use->used.definition == at || !IsDropped(use->used)) continue;
    if (RemainsDetached(*use)) continue;
    const bool owned = use->kind == 'a' || use->kind == 'i' || use->kind == 'P' || use->kind == 'S';
    if (definition.step == Step::kAttachPartition) {
      const bool itself = from_.At(use->used.definition).id.object == definition.id.object;
      if (itself || IsDroppedWithParent(definition.name)) goes = true;
      continue;
    }
    if (definition.step == Step::kAddForeignKey && use->kind == 'n') {
      const Step used = from_.At(use->used.definition).step;
      const bool referenced =
          used == Step::kCreateTable || used == Step::kCreateIndex || used == Step::kAlterTable;
      if (referenced && from_.At(use->used.definition).name != definition.name) return false;
    }
    if (owned || about) goes = true;
  }
  return goes;
}

bool Planner::UsesDropped(size_t at) const {
  const auto uses = uses_of_.find(at);
  const Step step = from_.At(at).step;
  const catalog::IndexObject* index = from_.IndexAt(at);
  const bool attached = index != nullptr && index->parent.object != 0;
  if (uses == uses_of_.end() || IsProperty(step) || attached) return false;
  return std::any_of(uses->second.begin(), uses->second.end(), [&](const PartDependency* use) {
    const Step used = from_.At(use->used.definition).step;
    return IsUsedByExpressions(used) && IsDropped(use->used) &&
           !PairOfFrom(use->used.definition).drop_deferred;
  });
}

// Additions whose names are needed: an index where the other database has a constraint of that
// name. Relations of a schema share their names.
void Planner::DropConflictingNames() {
  std::set<catalog::Name> needed;
  for (const ObjectPair& item : pairs_) {
    const bool made =
        item.to && (item.action == ObjectAction::kCreate || item.action == ObjectAction::kRecreate);
    if (!made) continue;
    if (const auto name = to_.RelationMadeAt(*item.to)) needed.insert(*name);
  }
  for (ObjectPair& item : pairs_) {
    const bool addition = item.from && !item.to && item.action == ObjectAction::kKeep;
    if (!addition || !IsRelation(from_.At(*item.from).step)) continue;
    if (needed.contains(from_.At(*item.from).name)) item.action = ObjectAction::kDrop;
  }
}

// New objects must not get default privileges that the other database does not have. Those that a
// live database has of its own apply to objects that are created, as they do at a deploy, unless
// the project sets default privileges: then privileges are compared exactly. Where objects are only
// dropped and created again, these are suspended, too, so that each has the privileges that it had.
void Planner::SuspendDefaultPrivileges() {
  bool creates = false, recreates = false;
  for (const ObjectPair& item : pairs_) {
    if (!item.to || !GetsDefaultPrivileges(to_.At(*item.to).step)) continue;
    creates |= item.action == ObjectAction::kCreate;
    recreates |= item.action == ObjectAction::kRecreate;
  }
  if (!creates && !recreates) return;
  const bool apply_own = options_.keep_additions && creates && !SetsDefaultPrivileges(to_);
  for (ObjectPair& item : pairs_) {
    if (!item.from || from_.At(*item.from).step != Step::kAlterDefaultPrivileges) continue;
    if (apply_own && !item.to) continue;
    if (item.action == ObjectAction::kKeep || item.action == ObjectAction::kAlter)
      item.action = ObjectAction::kRecreate;
  }
}

bool Planner::IsDetached(const catalog::Name& table) const {
  const TableObject* partition = from_.TableNamed(table);
  if (partition == nullptr || partition->bound.empty()) return false;
  const auto parent = from_.parts().makers.find(partition->parents.front());
  if (parent != from_.parts().makers.end() && Drops(PairOfFrom(parent->second).action)) return true;
  return std::any_of(pairs_.begin(), pairs_.end(), [&](const ObjectPair& item) {
    if (!item.from || !Drops(item.action)) return false;
    const Definition& definition = from_.At(*item.from);
    return definition.step == Step::kAttachPartition && definition.name == table;
  });
}

// A detached partition keeps its indexes and keys, which then no longer belong to those of the
// partitioned table.
bool Planner::RemainsDetached(const PartDependency& use) const {
  const bool of_partitions = use.kind == 'P' || use.kind == 'S';
  if (!of_partitions) return false;
  const catalog::Name& table = from_.TableNameAt(use.user.definition);
  return from_.TableNameAt(use.used.definition) != table && IsDetached(table);
}

// No statement detaches an index from its parent: both are created again.
void Planner::RecreateAttachedIndexes() {
  for (const catalog::IndexObject& index : from_.database().indexes) {
    if (index.parent.object == 0) continue;
    const auto child = from_.parts().makers.find(index.id);
    const auto parent = from_.parts().makers.find(index.parent);
    if (child == from_.parts().makers.end() || parent == from_.parts().makers.end()) continue;
    for (const PartDependency* use : users_[{child->second, 0}]) {
      const size_t attachment = use->user.definition;
      if (from_.At(attachment).step != Step::kAttachIndex) continue;
      if (PairOfFrom(attachment).action != ObjectAction::kDrop || IsDetached(index.index.table))
        continue;
      if (from_.TableNamed(index.index.table) != nullptr &&
          to_.TableNamed(index.index.table) == nullptr) {
        continue;
      }
      Recreate(of_from_[parent->second]);
    }
  }
}

bool Planner::IsAttachedLast(size_t at) const {
  const catalog::Name& name = to_.At(at).name;
  const TableObject* table = to_.TableNamed(name);
  return RemainsNamed(name) ||
         std::any_of(table->parents.begin(), table->parents.end(), [&](const auto& id) {
           const TableObject* parent = to_.TableOf(id);
           return parent != nullptr && RemainsNamed(parent->table.name);
         });
}

// Whether a table of `from` is neither dropped nor created again.
bool Planner::RemainsNamed(const catalog::Name& name) const {
  const TableObject* table = from_.TableNamed(name);
  return table != nullptr && Remains(table->id);
}

void Planner::PostponeIndexes() {
  for (size_t at = 0; at < to_.size(); ++at) {
    const ObjectAction action = PairOfTo(at).action;
    const bool made = action == ObjectAction::kCreate || action == ObjectAction::kRecreate;
    if (to_.At(at).step != Step::kAttachPartition || !made || !IsAttachedLast(at)) continue;
    const TableObject& partition = *to_.TableNamed(to_.At(at).name);
    std::set<catalog::ObjectId> attached;
    for (const catalog::IndexObject& index : to_.database().indexes)
      if (index.table == partition.id) attached.insert(index.parent);
    for (const catalog::IndexObject& index : to_.database().indexes) {
      if (index.table != partition.parents.front() || attached.contains(index.id)) continue;
      late_indexes_.insert(index.id);
      const auto maker = to_.parts().makers.find(index.id);
      if (maker != to_.parts().makers.end()) Recreate(of_to_[maker->second]);
    }
  }
}

// The server refuses SET LOGGED and SET UNLOGGED while a foreign key connects tables that differ.
void Planner::RecreateKeysOfLoggingChanges() {
  for (size_t at = 0; at < from_.size(); ++at) {
    if (from_.At(at).step != Step::kAddForeignKey) continue;
    const auto uses = uses_of_.find(at);
    if (uses == uses_of_.end()) continue;
    const bool changes =
        std::any_of(uses->second.begin(), uses->second.end(), [&](const PartDependency* use) {
          const TableChanges* table = ChangesOf(use->used.definition);
          return table != nullptr &&
                 table->before().table.unlogged != table->after().table.unlogged;
        });
    if (changes) Recreate(of_from_[at]);
  }
}

bool Planner::RestoresEnforcement(size_t at) const {
  const ObjectPair& item = PairOfFrom(at);
  const auto& disabled = from_.database().switched_constraints;
  if (from_.At(at).step != Step::kAddForeignKey || !disabled.contains(from_.At(at).id))
    return false;
  return item.to && !to_.database().switched_constraints.contains(to_.At(*item.to).id);
}

void Planner::RecreateDisabledKeys() {
  for (size_t at = 0; at < from_.size(); ++at) {
    if (!RestoresEnforcement(at) || IsUnmanaged(PairOfFrom(at))) continue;
    Recreate(of_from_[at]);
  }
}

void Planner::RecreateRetypedPartitionKeys() {
  for (size_t at = 0; at < pairs_.size(); ++at) {
    const ObjectPair& item = pairs_[at];
    const TableChanges* changes = item.from ? ChangesOf(*item.from) : nullptr;
    if (changes == nullptr || item.action != ObjectAction::kAlter) continue;
    if (!changes->RetypesPartitionKey()) continue;
    Recreate(at);
    changes_.erase(*item.from);
  }
}

// Their children are detached, changed on their own and attached again.
void Planner::NoteRecreatedTables() {
  for (const ObjectPair& item : pairs_) {
    const bool table = item.from && item.to && from_.TableAt(*item.from) != nullptr;
    if (table && item.action == ObjectAction::kRecreate)
      recreated_tables_.insert(from_.At(*item.from).name);
  }
  if (recreated_tables_.empty()) return;
  for (const auto& [at, changes] : changes_) changes->IgnoreParents(recreated_tables_);
  for (ObjectPair& item : pairs_) {
    if (!item.to || item.action != ObjectAction::kSkip) continue;
    const Definition& definition = to_.At(*item.to);
    if (IsCoveredByTable(definition) && recreated_tables_.contains(definition.name))
      item.action = ObjectAction::kCreate;
  }
  // Partitions that others have added are dropped with the table: their rows are copied, too.
  for (const catalog::Name& name : recreated_tables_) {
    const TableObject& before = *from_.TableNamed(name);
    const auto copied = CopyOf(from_, before, to_, *to_.TableNamed(name));
    if (!copied || !CanCopy(*copied)) continue;
    copied_.emplace(name, *copied);
    for (const TableObject& table : from_.database().tables) {
      const auto maker = from_.parts().makers.find(table.id);
      if (maker == from_.parts().makers.end() || !IsAddition(maker->second)) continue;
      if (!IsPartitionOf(from_, table, before)) continue;
      pairs_[of_from_[maker->second]].action = ObjectAction::kDrop;
      dropped_additions_.push_back(from_.RefOf(maker->second));
    }
  }
}

// Whether no partition has rows of its own after the script that it had before. Without a proven
// state, nothing has decided to drop those that others have added.
bool Planner::CanCopy(const CopiedTable& copied) const {
  for (const TableObject& table : to_.database().tables) {
    if (!IsPartitionOf(to_, table, *copied.after)) continue;
    if (table.foreign || RemainsNamed(table.table.name)) return false;
  }
  return std::ranges::none_of(from_.database().tables, [&](const TableObject& table) {
    if (!IsPartitionOf(from_, table, *copied.before)) return false;
    const auto maker = from_.parts().makers.find(table.id);
    const bool is_addition = maker != from_.parts().makers.end() && IsAddition(maker->second);
    const bool goes = is_addition && managed_ != nullptr;
    return table.foreign || (!goes && Remains(table.id));
  });
}

bool Planner::Remains(catalog::ObjectId id) const {
  const auto maker = from_.parts().makers.find({id.catalog, id.object, 0});
  if (maker == from_.parts().makers.end()) return true;
  const ObjectPair& item = PairOfFrom(maker->second);
  if (Drops(item.action) || item.drop_deferred) return false;
  return id.part == 0 || !IsDropped({maker->second, id.part});
}

void Planner::CompareChecks() {
  CheckQuestions questions;
  questions.remains = [this](const catalog::Name& name) {
    return Remains(from_.TableNamed(name)->id);
  };
  questions.is_dropped = [this](catalog::ObjectId id) {
    const auto maker = from_.parts().makers.find(id);
    return maker != from_.parts().makers.end() && Drops(PairOfFrom(maker->second).action);
  };
  questions.is_ignored = [this](catalog::ObjectId id) {
    if (!options_.ignore) return false;
    for (const DatabaseDefinitions* side : {&from_, &to_}) {
      const auto maker = side->parts().makers.find(id);
      if (maker != side->parts().makers.end() && options_.ignore(side->RefOf(maker->second)))
        return true;
    }
    return false;
  };
  questions.uses_changed = [this](catalog::ObjectId id) {
    const auto maker = to_.parts().makers.find(id);
    return maker != to_.parts().makers.end() && UsesChangedRoutine(maker->second);
  };
  checks_ = std::make_unique<CheckChanges>(from_, to_, std::move(questions));
  refused_.insert(refused_.end(), checks_->refused().begin(), checks_->refused().end());
  for (ObjectPair& item : pairs_) FollowChecks(item);
}

// The constraints that the changes cover, and the comments on them.
void Planner::FollowChecks(ObjectPair& item) {
  const Definition& definition = item.from ? from_.At(*item.from) : to_.At(*item.to);
  const bool comment = definition.step == Step::kComment;
  if (!comment && definition.step != Step::kAlterTable) return;
  const auto id_in = [&](const DatabaseDefinitions& side, size_t at) {
    return comment ? side.At(at).needs.front() : side.At(at).id;
  };
  if (!item.from || !item.to) return;
  const bool covered = checks_->Covers(from_, id_in(from_, *item.from)) &&
                       checks_->Covers(to_, id_in(to_, *item.to));
  if (!covered) return;
  if (checks_->made().contains(id_in(to_, *item.to))) {
    item.action = ObjectAction::kRecreate;
    MarkDropped({*item.from, -1}, false);
  } else if (!comment) {
    item.action = ObjectAction::kKeep;
  }
}

void Planner::ComparePrivileges() {
  std::set<catalog::ObjectId> of_other_owners;
  for (const ObjectPair& item : pairs_) {
    if (!item.from || item.to || item.action != ObjectAction::kKeep) continue;
    const Definition& definition = from_.At(*item.from);
    if (definition.step == Step::kAlterOwner) of_other_owners.insert(definition.needs.front());
  }
  PrivilegeQuestions questions;
  questions.remains = [this](catalog::ObjectId id) { return Remains(id); };
  questions.keeps_owner = [&](catalog::ObjectId id) { return of_other_owners.contains(id); };
  privileges_ =
      std::make_unique<PrivilegeChanges>(from_, to_, managed_, options_, std::move(questions));
}

void Planner::Plan() {
  PairObjects();
  for (ObjectPair& item : pairs_) SelectAction(item);
  DropConflictingNames();
  RecreateAttachedIndexes();
  RecreateKeysOfLoggingChanges();
  RecreateDisabledKeys();
  ComputeAgain();
  PropagateToDependents();
  RecreateRetypedPartitionKeys();
  PropagateToDependents();
  PostponeIndexes();
  PropagateToDependents();
  NoteRecreatedTables();
  CompareChecks();
  PropagateToDependents();
  DropAdditions();
  RefuseKeysWithoutTarget();
  RefuseLostPartitions();
  RefuseLostLabels();
  SuspendDefaultPrivileges();
  DeferTypeDrops();
  ComparePrivileges();
}

}  // namespace ballast::difference
