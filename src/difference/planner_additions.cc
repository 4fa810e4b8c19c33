// SPDX-License-Identifier: Apache-2.0
// What only the live database has: a part of the project's objects, or an addition of others, which
// remains.
#include <algorithm>

#include "difference/dependent_additions.h"
#include "difference/offending_rows.h"
#include "difference/planner.h"
#include "difference/settings.h"
#include "difference/storage_parameters.h"

namespace ballast::difference {

using catalog::Definition;
using catalog::Step;
using catalog::TableObject;

// Constraints, rules and columns belong to the definition of a managed table or domain, and so do
// the table that it is a partition of and its triggers; everything else that only the live database
// has is an addition.
bool Planner::IsPartOfManagedTable(size_t at) const {
  const Definition& definition = from_.At(at);
  if (definition.step == Step::kCreateRule || definition.step == Step::kAddForeignKey ||
      definition.step == Step::kAttachPartition) {
    return to_.TableNamed(definition.name) != nullptr;
  }
  // The state that a trigger of the partitioned table has on this partition.
  if (definition.step == Step::kCreateTrigger && !definition.settings.empty()) {
    return to_.TableNamed(definition.name) != nullptr;
  }
  if (definition.step == Step::kAlterDomain) {
    const auto domain = from_.parts().makers.find(definition.needs.front());
    return domain != from_.parts().makers.end() && to_.Find(from_.KeyOf(domain->second));
  }
  if (IsReplacedByIdentity(at)) return true;
  if (definition.step != Step::kAlterTable || definition.id.part < 0) return false;
  return to_.TableNamed(definition.name) != nullptr;
}

// A sequence that a column owns, which is an identity column in the other database: that has a
// sequence of its own, usually with the same name.
bool Planner::IsReplacedByIdentity(size_t at) const {
  const catalog::Sequence* sequence = from_.SequenceAt(at);
  if (sequence == nullptr || sequence->identity) return false;
  const TableObject* before = from_.TableOf(sequence->column);
  if (before == nullptr) return false;
  const auto number = ColumnNumbered(*before, sequence->column.part);
  const TableObject* after = to_.TableNamed(before->table.name);
  if (!number || after == nullptr) return false;
  const auto column = ColumnNamed(*after, before->table.columns[*number].name);
  return column && !after->table.columns[*column].identity.empty();
}

// The application decides with REFRESH which materialized views of a live database have rows.
bool Planner::IsRefreshOfExisting(const ObjectPair& item) const {
  if (!options_.keep_additions || item.from) return false;
  const Definition& refresh = to_.At(*item.to);
  if (refresh.step != Step::kRefreshMaterializedView) return false;
  const auto view = to_.parts().makers.find(refresh.needs.front());
  return view != to_.parts().makers.end() && from_.Find(to_.KeyOf(view->second));
}

bool Planner::IsUnmanaged(const ObjectPair& item) const {
  const catalog::ObjectRef& object = item.from ? from_.RefOf(*item.from) : to_.RefOf(*item.to);
  if (options_.ignore && options_.ignore(object)) return true;
  if (!options_.keep_additions || item.to || IsPartOfManagedTable(*item.from)) return false;
  return managed_ == nullptr || !managed_->Find(from_.KeyOf(*item.from));
}

std::string Planner::SettingsToKeep(const ObjectPair& item) const {
  if (!options_.keep_additions || !item.from) return {};
  const Definition& here = from_.At(*item.from);
  const bool settings = here.step == Step::kGrant || here.step == Step::kAlterDefaultPrivileges ||
                        here.step == Step::kAlterDatabase;
  if (!settings) return {};
  const DatabaseDefinitions& known = managed_ != nullptr ? *managed_ : to_;
  const auto same = known.Find(from_.KeyOf(*item.from));
  return SettingsNotIn(here.settings, same ? known.At(*same).settings : Settings{});
}

// Storage parameters that others set on an index of the release remain.
std::optional<std::string> Planner::AlterIndexParameters(const ObjectPair& item) const {
  if (to_.At(*item.to).step != Step::kCreateIndex) return std::nullopt;
  const DatabaseDefinitions& known = managed_ != nullptr ? *managed_ : to_;
  const auto same = known.Find(from_.KeyOf(*item.from));
  const StorageParameters of_release = StorageParametersOf(same ? known.IndexAt(*same) : nullptr);
  return difference::AlterIndexParameters(
      from_, *item.from, to_, *item.to, [&](const std::string& parameter) {
        return options_.keep_additions && !of_release.contains(parameter);
      });
}

// An addition that is part of a dropped object, such as an index, is dropped with it. Any other one
// cannot be created again without that object.
void Planner::DropAdditions() {
  for (bool progress = true; progress;) {
    progress = false;
    for (ObjectPair& item : pairs_) {
      if (!item.from || item.to || item.action != ObjectAction::kRecreate) continue;
      const auto uses = uses_of_.find(*item.from);
      if (uses == uses_of_.end()) continue;
      const auto dropped =
          std::find_if(uses->second.begin(), uses->second.end(),
                       [&](const PartDependency* use) { return IsDroppedForGood(use->used); });
      if (dropped == uses->second.end()) continue;
      item.action = ObjectAction::kDrop;
      progress = true;
      if (IsDroppedWithOwner(*item.from)) continue;
      const PartDependency& use = **dropped;
      in_the_way_.push_back(from_.LabelOf(use));
    }
  }
}

// Partitions of a table that becomes an ordinary one: dropping them would lose their rows.
void Planner::RefuseLostPartitions() {
  for (const ObjectPair& item : pairs_) {
    if (!item.from || item.to || item.action != ObjectAction::kRecreate) continue;
    const Definition& attachment = from_.At(*item.from);
    if (attachment.step != Step::kAttachPartition) continue;
    const TableObject* partition = from_.TableNamed(attachment.name);
    const auto parent = partition == nullptr ? std::nullopt : from_.ParentOf(*partition);
    const TableObject* after = parent ? to_.TableNamed(from_.At(*parent).name) : nullptr;
    if (after == nullptr || after->partitioned) continue;
    in_the_way_.push_back(PartitionInTheWay(from_.LabelOf(*item.from), from_.LabelOf(*parent)));
  }
}

}  // namespace ballast::difference
