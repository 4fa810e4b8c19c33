// SPDX-License-Identifier: Apache-2.0
// What depends on objects that are dropped or replaced: it is created again, converted, or in the
// way.
#include <algorithm>
#include <deque>

#include "difference/alter.h"
#include "difference/planner.h"
#include "difference/step_kinds.h"

namespace ballast::difference {

using catalog::Definition;
using catalog::Step;
using catalog::TableObject;

void Planner::MarkDropped(Part part, bool retyped) {
  if (seen_.insert({part.definition, part.column, retyped}).second)
    dropped_.push_back({part, retyped});
}

void Planner::Recreate(size_t at) {
  ObjectPair& item = pairs_[at];
  if (Drops(item.action) || item.action == ObjectAction::kSkip) return;
  item.action = ObjectAction::kRecreate;
  if (item.from) MarkDropped({*item.from, -1}, false);
}

// A column whose type is replaced, or whose expression depends on an object that is created again.
void Planner::AffectDependentTable(const PartDependency& use, size_t item) {
  const Part& user = use.user;
  const auto changes = changes_.find(user.definition);
  const ObjectAction action = pairs_[item].action;
  if (changes == changes_.end() || action == ObjectAction::kDrop ||
      action == ObjectAction::kRecreate)
    return;
  TableChanges& table = *changes->second;
  const auto at = user.column > 0 ? ColumnNumbered(table.before(), user.column) : std::nullopt;
  if (!at) {
    const Step used = from_.At(use.used.definition).step;
    if (used != Step::kCreateTable && used != Step::kCreateSequence) {
      refused_.push_back(from_.LabelOf(user.definition) + ", which depends on " +
                         from_.LabelOf(use.used.definition));
    }
    return;
  }
  const catalog::Column& column = table.before().table.columns[*at];
  ColumnChange* change = table.Find(column.name);
  if (change == nullptr || change->action == ColumnAction::kDrop) return;
  if (!column.generated.empty()) {
    if (change->action != ColumnAction::kReadd) change->action = ColumnAction::kReadd;
    MarkDropped({user.definition, user.column}, false);
    return;
  }
  const Step used = from_.At(use.used.definition).step;
  const bool row_type = used == Step::kCreateTable && use.used.column == 0;
  if (change->action == ColumnAction::kKeep && (IsType(used) || row_type)) {
    change->action = ColumnAction::kRetype;
    MarkDropped({user.definition, user.column}, true);
  }
}

bool Planner::IsAddition(size_t at) const {
  const ObjectPair& item = PairOfFrom(at);
  return options_.keep_additions && !item.to && item.action == ObjectAction::kKeep;
}

// A table with rows is not dropped and created again, and what its columns have is not converted
// without being asked; except for columns that are converted together with their parent's.
void Planner::AffectTableOfOthers(const PartDependency& use, bool retyped) {
  if (retyped || !IsAddition(use.user.definition)) return;
  const TableObject& table = *from_.TableAt(use.user.definition);
  const bool inherits = from_.TableAt(use.used.definition) != nullptr && use.user.column == 0;
  if (inherits && !table.bound.empty()) return;
  const auto at = ColumnNumbered(table, use.user.column);
  const bool of_parent = at && (table.inherited[*at] || table.merged[*at]);
  if (of_parent && IsType(from_.At(use.used.definition).step)) return;
  in_the_way_.push_back(from_.LabelOf(use));
}

void Planner::AffectDependent(const PartDependency& use, bool retyped) {
  if (RemainsDetached(use)) return;
  const size_t item = of_from_[use.user.definition];
  if (from_.TableAt(use.user.definition) != nullptr) {
    if (!changes_.contains(use.user.definition)) return AffectTableOfOthers(use, retyped);
    AffectDependentTable(use, item);
    return;
  }
  const Definition& user = from_.At(use.user.definition);
  if (retyped) {
    if (retyped_objects_.Survives(use.user.definition)) return;
    const catalog::Address* address = from_.AddressOf(user.id);
    const bool constraint = address != nullptr && address->kind == "CONSTRAINT";
    if (user.step == Step::kAlterTable && (constraint || user.id.part < 0)) return;
  }
  Recreate(item);
}

// Follows the dependencies of objects that are dropped or created again.
void Planner::PropagateToDependents() {
  for (size_t at = 0; at < pairs_.size(); ++at) {
    const ObjectPair& item = pairs_[at];
    if (item.from && Drops(item.action)) MarkDropped({*item.from, -1}, false);
    if (!item.from || !changes_.contains(*item.from)) continue;
    const TableChanges& table = *changes_.at(*item.from);
    for (const ColumnChange& change : table.columns()) {
      const auto column = ColumnNamed(table.before(), change.name);
      if (!column || change.action == ColumnAction::kKeep || change.action == ColumnAction::kAdd)
        continue;
      const bool retyped = change.action == ColumnAction::kRetype;
      MarkDropped({*item.from, table.before().numbers[*column]}, retyped);
      if (!retyped) continue;
      // The server converts the columns of others that inherit it, too.
      for (const Part& child : from_.InheritingColumns(table.before(), change.name))
        if (IsAddition(child.definition)) MarkDropped(child, true);
    }
  }
  while (!dropped_.empty()) {
    const auto [part, retyped] = dropped_.front();
    dropped_.pop_front();
    if (part.column == -1) {
      for (const PartDependency* use : users_[{part.definition, 0}]) AffectDependent(*use, false);
      for (const PartDependency* use : users_[{part.definition, -1}]) AffectDependent(*use, false);
    } else {
      for (const PartDependency* use : users_[{part.definition, part.column}])
        AffectDependent(*use, retyped);
    }
  }
}

// Whether the column is converted from the row type of the table.
bool Planner::IsRowTypeOf(const PartDependency& use) const {
  const ColumnChange* change = ChangeOfColumn(use.user);
  return change != nullptr && change->action == ColumnAction::kRetype && use.used.column == 0;
}

// Types that a column of a remaining table uses until it is converted, and their dependencies.
void Planner::DeferTypeDrops() {
  std::deque<size_t> late;
  const auto add = [&](size_t definition) {
    ObjectPair& item = pairs_[of_from_[definition]];
    if (!Drops(item.action) || item.drop_deferred) return;
    item.drop_deferred = true;
    late.push_back(definition);
  };
  for (const PartDependency& use : from_.uses()) {
    const ObjectPair& user = PairOfFrom(use.user.definition);
    if (!changes_.contains(use.user.definition) || use.user.column <= 0) continue;
    const Step used = from_.At(use.used.definition).step;
    if (user.action != ObjectAction::kAlter || IsDropped(use.user)) continue;
    if (used == Step::kCreateTable && !IsRowTypeOf(use)) continue;
    add(use.used.definition);
  }
  while (!late.empty()) {
    const size_t definition = late.front();
    late.pop_front();
    for (const PartDependency* use : uses_of_[definition]) {
      if (from_.TableAt(use->used.definition) == nullptr) add(use->used.definition);
    }
  }
}

}  // namespace ballast::difference
