// SPDX-License-Identifier: Apache-2.0
// What only the live database has: a part of the project's objects, or an addition of others, which
// remains.
#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "difference/added_labels.h"
#include "difference/dependent_additions.h"
#include "difference/offending_rows.h"
#include "difference/planner.h"
#include "difference/settings.h"
#include "difference/storage_parameters.h"
#include "sql/key_columns.h"
#include "sql/quote.h"

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

// Whether it also concerns columns of its table that remain: an index on one that remains and one
// that does not.
bool Planner::ConcernsRemainingColumns(size_t at) const {
  const std::vector<const PartDependency*>& uses = uses_of_.at(at);
  return std::any_of(uses.begin(), uses.end(), [&](const PartDependency* use) {
    return use->used.column > 0 && !IsDroppedForGood(use->used);
  });
}

// An addition that is part of a dropped object, such as an index, is dropped with it. Any other one
// cannot be created again without that object. Without a proven state, nothing has decided to drop
// an index of which only one column is unexpected.
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
      const bool with_owner = IsDroppedWithOwner(*item.from);
      if (with_owner && (managed_ != nullptr || !ConcernsRemainingColumns(*item.from))) {
        dropped_additions_.push_back(from_.RefOf(*item.from));
        continue;
      }
      const PartDependency& use = **dropped;
      in_the_way_.push_back(from_.LabelOf(use));
    }
  }
}

// Whether a unique index or key, of the other database or an addition, has exactly these columns.
bool Planner::HasKeyAfter(const catalog::Name& table, std::vector<std::string> columns) const {
  std::ranges::sort(columns);
  const auto fits = [&](std::vector<std::string> key) {
    std::ranges::sort(key);
    return key == columns;
  };
  const auto is_key = [&](const catalog::IndexObject& one) {
    const catalog::Index& index = one.index;
    if (!index.unique || index.table != table || !index.predicate.empty()) return false;
    std::vector<std::string> names;
    for (const catalog::IndexKey& key : index.keys) names.push_back(key.column);
    return fits(std::move(names));
  };
  const TableObject* after = to_.TableNamed(table);
  if (after == nullptr) return true;
  const bool has_constraint =
      std::ranges::any_of(after->constraints, [&](const catalog::TableConstraint& one) {
        return (one.type == 'p' || one.type == 'u') && fits(sql::ColumnsOfKey(one.definition));
      });
  if (has_constraint || std::ranges::any_of(to_.database().indexes, is_key)) return true;
  return std::ranges::any_of(from_.database().indexes, [&](const catalog::IndexObject& one) {
    const auto maker = from_.parts().makers.find(one.id);
    return is_key(one) && maker != from_.parts().makers.end() &&
           PairOfFrom(maker->second).action == ObjectAction::kKeep;
  });
}

// Foreign keys of others to a key that the other database does not have.
void Planner::RefuseKeysWithoutTarget() {
  for (const catalog::ForeignKeyObject& one : from_.database().foreign_keys) {
    const auto maker = from_.parts().makers.find(one.id);
    if (maker == from_.parts().makers.end()) continue;
    const ObjectPair& item = PairOfFrom(maker->second);
    if (item.to || item.action != ObjectAction::kRecreate) continue;
    if (HasKeyAfter(one.key.referenced_table, one.key.referenced_columns)) continue;
    const std::vector<const PartDependency*>& uses = uses_of_[maker->second];
    const auto lost = std::ranges::find_if(uses, [&](const PartDependency* use) {
      return from_.TableAt(use->used.definition) == nullptr && IsDropped(use->used);
    });
    in_the_way_.push_back(lost == uses.end() ? from_.LabelOf(maker->second)
                                             : from_.LabelOf(**lost));
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

namespace {

// For an addition that uses an enum: a label in its text that the enum no longer has; or empty.
std::string LostLabelIn(const DatabaseDefinitions& from, const DatabaseDefinitions& to,
                        const Definition& addition, const PartDependency& use) {
  const auto* labels = std::get_if<catalog::Enum>(&from.At(use.used.definition).created);
  const auto same = labels ? to.Find(from.KeyOf(use.used.definition)) : std::nullopt;
  const auto* now = same ? std::get_if<catalog::Enum>(&to.At(*same).created) : nullptr;
  if (now == nullptr) return {};
  for (const std::string& label : labels->values) {
    const bool lost = std::ranges::find(now->values, label) == now->values.end();
    if (lost && HasLiteral(addition.statements, label, labels->name)) return label;
  }
  return {};
}

}  // namespace

// They cannot be created again with such a label.
void Planner::RefuseLostLabels() {
  for (const ObjectPair& item : pairs_) {
    if (!item.from || item.to || item.action != ObjectAction::kRecreate) continue;
    const Definition& addition = from_.At(*item.from);
    for (const PartDependency* use : uses_of_[*item.from]) {
      const std::string label = LostLabelIn(from_, to_, addition, *use);
      if (label.empty()) continue;
      in_the_way_.push_back(fmt::format("{}, which uses {}, a label that {} no longer has",
                                        from_.LabelOf(*item.from), sql::QuoteLiteral(label),
                                        from_.LabelOf(use->used.definition)));
      break;
    }
  }
}

}  // namespace ballast::difference
