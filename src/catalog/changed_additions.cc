// SPDX-License-Identifier: Apache-2.0
#include "catalog/changed_additions.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>

#include "base/text.h"
#include "catalog/object_identity.h"
#include "catalog/property_name.h"
#include "catalog/property_ownership.h"
#include "catalog/snapshot_objects.h"
#include "catalog/used_columns.h"

namespace ballast::catalog {
namespace {

SnapshotObjects WithoutLayout(const Snapshot& items) {
  return SnapshotObjects(items, LayoutProperties::kLeftOut);
}

class AdditionWatch {
 public:
  // `before` and `after`: the live states, item by item, with the keys after the deploy.
  AdditionWatch(const DeployStates& states, const Snapshot& before, const Snapshot& after,
                const ComparisonRules& rules)
      : rules_(rules),
        knows_before_(states.proven_before != nullptr),
        moved_(states.moved),
        proven_before_(WithoutLayout(ProvenItemsBefore(states))),
        proven_after_(WithoutLayout(SeparateItems(states.proven_after))),
        before_(WithoutLayout(before)),
        after_(WithoutLayout(after)),
        others_react_(HasForeignEventTrigger(before_, proven_after_)) {}

  // Those of a difference between the database before and after the deploy.
  std::optional<Difference> Changed(const Difference& difference) const {
    if (IsCovered(difference, rules_.ignore) || IsCovered(difference, rules_.platform)) return {};
    const ObjectKey key{difference.kind, difference.identity};
    if (difference.change == ChangeKind::kExtra) {
      return IsAddedPart(difference) ? std::optional(difference) : std::nullopt;
    }
    if (difference.change != ChangeKind::kChanged || !IsAddition(key) ||
        FollowsOthers(difference)) {
      return std::nullopt;
    }
    if (WasInvalid(key)) return std::nullopt;
    Difference left = difference;
    std::erase_if(left.properties, [&](const PropertyChange& change) {
      return IsNamedAsLost(difference, change) || IsExplained(key, change);
    });
    return left.properties.empty() ? std::nullopt : std::optional(left);
  }

  // Those of a changed addition that it had, and has no longer: settings, which follow nothing, and
  // other properties that vanished.
  std::vector<PropertyChange> Lost(const Difference& difference) const {
    const ObjectKey key{difference.kind, difference.identity};
    const bool is_changed = difference.change == ChangeKind::kChanged && IsAddition(key);
    if (!is_changed || IsNowManaged(key) || FollowsOthers(difference) || WasInvalid(key)) return {};
    if (IsCovered(difference, rules_.ignore) || IsCovered(difference, rules_.platform)) return {};
    std::vector<PropertyChange> lost = difference.properties;
    std::erase_if(lost, [&](const PropertyChange& change) {
      const bool is_setting = IsOpenProperty(key.first, change.property);
      return change.a.empty() || !(change.b.empty() || is_setting) ||
             IsNamedAsLost(difference, change) || IsExplained(key, change);
    });
    return lost;
  }

  bool IsNowManaged(const ObjectKey& key) const { return proven_after_.Has(key); }

 private:
  // If the state before is not known, an object of the release can be the work of an earlier
  // attempt.
  bool IsAddition(const ObjectKey& key) const {
    if (!before_.Has(key) || proven_before_.Has(key)) return false;
    return knows_before_ || !proven_after_.Has(key);
  }

  // The addition that has the part, if it is one.
  std::optional<ObjectKey> AdditionOf(const std::string& owner) const {
    if (owner.empty()) return std::nullopt;
    for (const std::string_view kind : ParentKinds()) {
      const ObjectKey key{std::string(kind), owner};
      if (IsAddition(key)) return key;
    }
    return std::nullopt;
  }

  // Partitions and tables that inherit change with their parents.
  bool FollowsOthers(const ObjectKey& key) const {
    return FollowsParent(before_.PropertiesOf(key)) || FollowsParent(after_.PropertiesOf(key));
  }
  bool FollowsOthers(const Difference& difference) const {
    if (FollowsOthers(ObjectKey{difference.kind, difference.identity})) return true;
    const auto owner = AdditionOf(ParentOf(difference));
    return owner && FollowsOthers(*owner);
  }

  bool IsAddedPart(const Difference& difference) const {
    const auto owner = AdditionOf(ParentOf(difference));
    const bool of_release = proven_after_.Has({difference.kind, difference.identity});
    return owner && !of_release && after_.Has(*owner) && !FollowsOthers(difference) &&
           !others_react_;
  }

  // Whether FindLostAdditions names it: a property of a part, or a table of a publication.
  bool IsNamedAsLost(const Difference& difference, const PropertyChange& change) const {
    if (!change.b.empty()) return false;
    const bool is_member =
        difference.kind == "publication" && change.property.starts_with("table ");
    return is_member || IsAskedFor(change.property) || AdditionOf(ParentOf(difference)).has_value();
  }

  // The build of such an index is repeated.
  bool WasInvalid(const ObjectKey& key) const {
    return std::ranges::any_of(before_.PropertiesOf(key),
                               [](const auto& value) { return IsInvalidIndex(value.first); });
  }

  bool IsExplained(const ObjectKey& key, const PropertyChange& change) const {
    const bool open = IsOpenProperty(key.first, change.property);
    // What the release adds to an object that it takes over.
    const std::string* proven = proven_after_.Value(key, change.property);
    if (change.a.empty() && proven != nullptr && *proven == change.b) {
      return true;
    }
    if (open && others_react_) return true;
    return FollowsRename(key, change) || FollowsType(key, change);
  }

  // It names what has another name now.
  bool FollowsRename(const ObjectKey& key, const PropertyChange& change) const {
    if (!change.a.empty()) return moved_.IsRenamedText(change.a, change.b);
    // A table of a publication is the name of a property.
    return key.first == "publication" &&
           std::ranges::any_of(before_.PropertiesOf(key), [&](const auto& member) {
             const auto& [property, value] = member;
             return moved_.IsRenamedText(property, change.property) &&
                    (value == change.b || moved_.IsRenamedText(value, change.b));
           });
  }

  // It uses a column that has another type now, and is the same without casts.
  bool FollowsType(const ObjectKey& key, const PropertyChange& change) const {
    const PropertyValues& properties = before_.PropertiesOf(key);
    const std::string table = ParentOf(key.first, key.second, properties);
    if (table.empty() || !DiffersInCasts(key.first, change.property, change.a, change.b)) {
      return false;
    }
    const std::set<std::string> used = UsedColumns(key.first, table, properties);
    return std::ranges::any_of(before_, [&](const auto& object) {
      const auto& [kind, identity] = object.first;
      if (kind != "column" || !used.contains(LastNameOf(identity))) return false;
      const std::string* was = before_.Value(object.first, "type");
      const std::string* is = after_.Value(object.first, "type");
      return PlaceOf(kind, identity).parent == table && was != nullptr && is != nullptr &&
             *was != *is;
    });
  }

  const ComparisonRules& rules_;
  bool knows_before_;
  const MovedObjects& moved_;
  SnapshotObjects proven_before_, proven_after_, before_, after_;
  bool others_react_;  // there is an event trigger that is not part of the release
};

bool HasOtherPrivilegesOnly(const Difference& difference) {
  return difference.change == ChangeKind::kChanged &&
         std::ranges::all_of(difference.properties, [](const PropertyChange& change) {
           return IsPrivilege(change.property);
         });
}

}  // namespace

ChangedAdditions FindChangedAdditions(const DeployStates& states, const ComparisonRules& rules) {
  const Snapshot before = LiveItemsBefore(states);
  const Snapshot after = SeparateItems(states.live_after);
  const AdditionWatch watch(states, before, after, rules);
  ChangedAdditions found;
  std::set<std::string> identities;  // of the changed ones, and of what their parts belong to
  for (const Difference& difference : Diff(before, after)) {
    auto changed = watch.Changed(difference);
    if (!changed) continue;
    identities.insert(changed->identity);
    const bool managed = watch.IsNowManaged({changed->kind, changed->identity});
    if (managed || HasOtherPrivilegesOnly(*changed)) {
      (managed ? found.replaced : found.regranted).push_back(*std::move(changed));
      continue;
    }
    if (const std::string owner = ParentOf(*changed); !owner.empty()) identities.insert(owner);
    found.changed.push_back(*std::move(changed));
  }
  const Snapshot& known = states.proven_before ? *states.proven_before : states.proven_after;
  for (const Difference& addition : CompareManaged(known, states.live_before, rules).additions) {
    if (addition.change != ChangeKind::kExtra) continue;
    const ObjectKey key{addition.kind, addition.identity};
    const ObjectKey now = states.moved.TakenAlong(key).value_or(key);
    if (watch.IsNowManaged(now) || identities.contains(now.second)) {
      found.names.push_back(NameOfAddition(addition));
    }
  }
  return found;
}

std::vector<std::string> FindLostSettings(const DeployStates& states,
                                          const ComparisonRules& rules) {
  const Snapshot before = LiveItemsBefore(states);
  const Snapshot after = SeparateItems(states.live_after);
  const AdditionWatch watch(states, before, after, rules);
  std::vector<std::string> lost;
  for (const Difference& difference : Diff(before, after)) {
    for (const PropertyChange& change : watch.Lost(difference)) {
      lost.push_back(fmt::format("{}: {} {}", difference.object, change.property, change.a));
    }
  }
  return lost;
}

std::vector<std::string> DescribeAccepted(const ChangedAdditions& additions) {
  std::vector<std::string> sentences;
  for (const Difference& it : additions.replaced) {
    sentences.push_back(it.object + " was another one before: it is part of the release now");
  }
  for (const Difference& it : additions.regranted) {
    sentences.push_back(it.object +
                        " is not part of the release, but a migration has changed its privileges");
  }
  return sentences;
}

std::vector<std::string> DescribeChanged(const ChangedAdditions& additions) {
  std::vector<std::string> sentences;
  for (const Difference& it : additions.changed) {
    if (it.change == ChangeKind::kExtra) {
      sentences.push_back(it.object +
                          " was added by a migration to what is not part of the release");
      continue;
    }
    std::vector<std::string> parts;
    for (const PropertyChange& change : it.properties) {
      parts.push_back(fmt::format("{} is {}, was {}", change.property,
                                  change.b.empty() ? "none" : change.b,
                                  change.a.empty() ? "none" : change.a));
    }
    sentences.push_back(
        it.object +
        " is not part of the release, but a migration has changed it: " + Join(parts, "; "));
  }
  return sentences;
}

}  // namespace ballast::catalog
