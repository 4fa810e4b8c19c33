// SPDX-License-Identifier: Apache-2.0
#include "catalog/managed_comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>

#include "base/text.h"
#include "catalog/dated_partitions.h"
#include "catalog/object_identity.h"
#include "catalog/property_ownership.h"
#include "catalog/snapshot_objects.h"
#include "catalog/used_columns.h"
#include "sql/constraint_kind.h"

namespace ballast::catalog {
namespace {

// For a partition that the proven state lacks: the table that it is a partition of.
std::string PartitionedTableOf(const Difference& addition) {
  return addition.Value("partition of");
}

constexpr char kPartitionBy[] = "partition by";

// Keeps only the properties of a changed object for which `keep` is true; nothing if none is left.
template <class Keep>
std::optional<Difference> Part(const Difference& difference, Keep keep) {
  Difference part = difference;
  std::erase_if(part.properties, [&](const PropertyChange& change) { return !keep(change); });
  if (part.properties.empty()) return std::nullopt;
  return part;
}

// Columns, constraints and rules belong to the definition of a table: an additional one on a
// managed table is a change of that table. (Those of a table that the proven state lacks are part
// of its difference.)
bool ChangesItsParent(const std::string& kind) {
  return kind == "column" || kind == "constraint" || kind == "domain constraint" || kind == "rule";
}

// The copy of a trigger on a partition is listed, without its definition, only if its state is not
// that of the trigger: of a managed partition, that is a change.
bool IsSwitchedCopy(const Difference& extra) {
  return extra.kind == "trigger" && extra.values.contains("enabled") &&
         !extra.values.contains("definition");
}

Difference AsChange(Difference copy) {
  copy.change = ChangeKind::kChanged;
  copy.properties = {{"enabled", "yes", copy.Value("enabled")}};
  return copy;
}

ManagedComparison Classify(const Snapshot& proven, const Snapshot& live,
                           const ComparisonRules& rules) {
  ManagedComparison result;
  const DatedComparison dated(proven, live);
  std::optional<SnapshotObjects> made;  // only if an object asks for it
  const auto state = [&]() -> const SnapshotObjects& {
    if (!made) made.emplace(proven);
    return *made;
  };
  // A sequence that a column owns is part of the column where that should be an identity column,
  // whose own sequence takes its place.
  const auto is_replaced_by_identity = [&](const Difference& extra) {
    const std::string column = OwningColumn(extra);
    if (column.empty()) return false;
    return state().Value({"column", column}, "identity") != nullptr;
  };
  const auto is_switched = [&](const Difference& extra) {
    return IsSwitchedCopy(extra) && state().HasParent(PlaceOf(extra.kind, extra.identity).parent);
  };
  const auto add_drift = [&](const Difference& difference) {
    (IsCovered(difference, rules.ignore) ? result.ignored : result.drift).push_back(difference);
  };
  const auto add_addition = [&](const Difference& difference) {
    if (!IsCovered(difference, rules.platform)) result.additions.push_back(difference);
  };
  for (Difference& found : Diff(proven, live)) {
    const auto rest = dated.Rest(found);
    if (!rest || rest->properties.size() != found.properties.size()) {
      found.depends_on = kTheDate;
      if (found.change == ChangeKind::kExtra) {
        add_addition(found);
      } else {
        result.of_date.push_back(found);
      }
    }
    if (!rest) continue;
    const Difference& difference = *rest;
    const bool extra = difference.change == ChangeKind::kExtra;
    const bool of_managed =
        extra && (ChangesItsParent(difference.kind) || is_replaced_by_identity(difference));
    if (extra && is_switched(difference)) {
      add_drift(AsChange(difference));
    } else if (difference.change == ChangeKind::kMissing || of_managed) {
      add_drift(difference);
    } else if (extra) {
      add_addition(difference);
    } else {
      const auto open = [&](const PropertyChange& change) {
        return IsOpenChange(difference.kind, change);
      };
      if (const auto part = Part(difference, [&](const auto& c) { return !open(c); })) {
        add_drift(*part);
      }
      if (const auto part = Part(difference, open)) add_addition(*part);
    }
  }
  return result;
}

// Judges one deploy, object by object. The objects of all states have the keys that they have after
// it.
class Comparison {
 public:
  Comparison(const DeployStates& states, const ComparisonRules& rules)
      : knows_before_(states.proven_before != nullptr),
        allows_drift_(rules.allow_drift),
        accepts_drift_(!knows_before_ && rules.allow_drift),
        proven_before_(ProvenItemsBefore(states)),
        proven_after_(SeparateItems(states.proven_after)),
        live_before_(LiveItemsBefore(states)),
        live_after_(states.live_after),
        others_react_(HasForeignEventTrigger(live_before_, proven_after_)) {}

  // The part of a difference between the proven and the live state after the deploy that did not
  // exist before it.
  std::optional<Difference> Unproven(const Difference& difference) const {
    const ObjectKey key{difference.kind, difference.identity};
    switch (difference.change) {
      case ChangeKind::kMissing:
        return WasMissing(key) ? std::nullopt : std::optional(difference);
      case ChangeKind::kExtra:
        // The application can create one while the deploy runs.
        if (!PartitionedTableOf(difference).empty()) return std::nullopt;
        if (WasAddition(key) || FollowsAddition(key)) return std::nullopt;
        return difference;
      case ChangeKind::kChanged:
        break;
    }
    return Part(difference, [&](const PropertyChange& change) { return !WasSo(key, change); });
  }

  // An object that was an addition before, or accepted drift. If the state before is not known, a
  // part of a managed table counts as drift.
  bool WasAddition(const ObjectKey& key) const {
    if (live_before_.Has(key)) {
      if (!knows_before_) return accepts_drift_ || !ChangesItsParent(key.first);
      if (proven_before_.Has(key)) return false;
      return allows_drift_ || !ChangesItsParent(key.first) ||
             !BecameManaged(PlaceOf(key.first, key.second).parent);
    }
    return others_react_ && (key.first == "trigger" || key.first == "policy");
  }

 private:
  // An index of a partition that the server has made for an addition to its partitioned table.
  bool FollowsAddition(ObjectKey index) const {
    while (const std::string* above = live_after_.Value(index, "attached to")) {
      index.second = *above;
      if (!proven_after_.Has(index) && WasAddition(index)) return true;
    }
    return false;
  }

  // A table of others that the release takes over (CREATE TABLE IF NOT EXISTS): it must be as
  // proven.
  bool BecameManaged(const std::string& table) const {
    return proven_after_.HasParent(table) && !proven_before_.HasParent(table);
  }

  bool WasMissing(const ObjectKey& key) const {
    return !live_before_.Has(key) && (proven_before_.Has(key) || accepts_drift_);
  }

  bool WasSo(const ObjectKey& key, const PropertyChange& change) const {
    const std::string* before = live_before_.Value(key, change.property);
    const std::string was = before ? *before : std::string();
    const bool open = IsOpenChange(key.first, change);
    if (was == change.b && live_before_.Has(key)) {
      if (accepts_drift_ || (open && !proven_before_.Has(key))) return true;
      const std::string* proven = proven_before_.Value(key, change.property);
      const std::string expected = proven ? *proven : std::string();
      // Earlier drift in a property that the deploy was not to change.
      return knows_before_ && proven_before_.Has(key) && expected != was && expected == change.a;
    }
    const bool of_role = FollowsRole(change.property) && !live_before_.Has(key);
    return open && (others_react_ || of_role);
  }

  bool knows_before_;
  bool allows_drift_;
  bool accepts_drift_;
  SnapshotObjects proven_before_;
  SnapshotObjects proven_after_;
  SnapshotObjects live_before_;
  SnapshotObjects live_after_;
  bool others_react_;  // there is an event trigger that is not part of the release
};

}  // namespace

namespace {

// "Post_title_idx" and "billing.Invoice.total", without quotes.
std::string Unquoted(const std::string& identity) {
  return Join(PartsOf(identity), ".");
}

}  // namespace

ObjectRef RefOf(const Difference& difference) {
  ObjectRef object = RefOf(difference.kind, difference.identity);
  const std::string table = difference.Value("table");
  if (object.parent.empty() && !table.empty()) object.table = RefOf("table", table).name;
  return object;
}

bool IsCovered(const Difference& difference, const std::vector<std::string>& globs) {
  const bool named = std::ranges::any_of(
      globs, [&](const std::string& glob) { return MatchesGlob(glob, difference.object); });
  return named || IsCovered(RefOf(difference), globs);
}

ManagedComparison CompareManaged(const Snapshot& proven, const Snapshot& live,
                                 const ComparisonRules& rules) {
  const Snapshot items = SeparateItems(proven);
  return Classify(items, WithoutUnasked(items, SeparateItems(live)), rules);
}

void SeparateAnticipated(const Snapshot& proven_after, const Snapshot& live,
                         ManagedComparison& comparison) {
  const auto is_present = [](const Difference& it) { return it.change != ChangeKind::kMissing; };
  if (std::ranges::none_of(comparison.drift, is_present)) return;
  const SnapshotObjects after(SeparateItems(proven_after));
  std::set<ObjectKey> differs;
  for (const Difference& difference : CompareManaged(proven_after, live, {}).drift) {
    differs.insert({difference.kind, difference.identity});
  }
  const auto moved = std::stable_partition(
      comparison.drift.begin(), comparison.drift.end(), [&](const Difference& it) {
        const ObjectKey key{it.kind, it.identity};
        return !is_present(it) || !after.Has(key) || differs.contains(key);
      });
  std::move(moved, comparison.drift.end(), std::back_inserter(comparison.anticipated));
  comparison.drift.erase(moved, comparison.drift.end());
}

bool IsTableParameter(const Difference& addition) {
  return addition.kind == "table" && addition.change == ChangeKind::kChanged &&
         std::ranges::any_of(addition.properties, [](const PropertyChange& change) {
           return change.property.starts_with("options ");
         });
}

std::string NameOfAddition(const Difference& addition) {
  if (addition.change == ChangeKind::kChanged) {
    std::vector<std::string> parts;
    for (const PropertyChange& change : addition.properties) {
      const bool named_alone = change.b == "yes" || change.b.empty();
      parts.push_back(named_alone ? change.property : change.property + " " + change.b);
    }
    return addition.object + ": " + Join(parts, ", ");
  }
  const std::string partitioned = PartitionedTableOf(addition);
  if (!partitioned.empty()) return addition.object + ", a partition of " + partitioned;
  const std::string table = addition.Value("table");
  const bool named_by_table = addition.kind == "index" || addition.kind == "statistics";
  return named_by_table && !table.empty() ? addition.object + " on " + table : addition.object;
}

Snapshot LiveItemsBefore(const DeployStates& states) {
  if (states.moved.empty()) return SeparateItems(states.live_before);
  const SnapshotObjects before(states.proven_before ? *states.proven_before : Snapshot());
  const SnapshotObjects after(states.proven_after);
  const auto is_managed = [&](const ObjectKey& key) {
    if (states.proven_before != nullptr) return before.Has(key);
    const auto now = states.moved.After(key);
    return now && after.Has(*now);
  };
  return SeparateItems(states.moved.Followed(states.live_before, is_managed));
}

Snapshot ProvenItemsBefore(const DeployStates& states) {
  if (states.proven_before == nullptr) return {};
  if (states.moved.empty()) return SeparateItems(*states.proven_before);
  const auto is_managed = [](const ObjectKey&) { return true; };
  return SeparateItems(states.moved.Followed(*states.proven_before, is_managed));
}

std::vector<Difference> UnprovenChanges(const DeployStates& states, const ComparisonRules& rules) {
  const Comparison comparison(states, rules);
  std::vector<Difference> unproven;
  const Snapshot proven = SeparateItems(states.proven_after);
  for (const Difference& difference : DiffOnAnyDate(
           proven, WithoutUnasked(proven, SeparateItems(states.live_after)), states.with_layout)) {
    if (IsCovered(difference, rules.ignore) || IsCovered(difference, rules.platform)) continue;
    if (auto left = comparison.Unproven(difference)) unproven.push_back(*std::move(left));
  }
  return unproven;
}

std::string OwnerOfAddition(const Difference& addition) {
  const std::string parent = ParentOf(addition);
  return parent.empty() ? PartitionedTableOf(addition) : parent;
}

namespace {

// Two states, and which object of the first one is which of the second one.
struct Passage {
  const SnapshotObjects& before;
  const SnapshotObjects& after;
  const MovedObjects& moved;

  bool Drops(const ObjectKey& key) const {
    const auto now = moved.After(key);
    return before.Has(key) && (!now || !after.Has(*now));
  }
  // The addition afterwards, if it still exists.
  std::optional<ObjectKey> AdditionAfter(const ObjectKey& key) const {
    const auto now = moved.TakenAlong(key);
    return now && after.Has(*now) && !moved.IsMadeAgain(key) ? now : std::nullopt;
  }
};

// Whether the table has another partition key, or none: its partitions have been dropped.
bool HasOtherPartitions(const Passage& passage, const std::string& table) {
  const ObjectKey key{"table", table};
  const std::string* was = passage.before.Value(key, kPartitionBy);
  const auto now = passage.moved.After(key);
  const std::string* is = now ? passage.after.Value(*now, kPartitionBy) : nullptr;
  return was != nullptr && (is == nullptr || *is != *was);
}

// Whether it drops what the additional object belongs to: its owner, or a column that its
// definition uses.
bool DropsOwner(const Passage& passage, const Difference& addition) {
  const std::string owner = OwnerOfAddition(addition);
  if (owner.empty() || !passage.before.HasParent(owner)) return false;
  for (const std::string_view kind : ParentKinds()) {
    if (passage.Drops({std::string(kind), owner})) return true;
  }
  if (addition.kind == "table") return HasOtherPartitions(passage, owner);
  if (const std::string owning = OwningColumn(addition); !owning.empty()) {
    return passage.Drops({"column", owning});
  }
  const std::set<std::string> used = UsedColumns(addition.kind, owner, addition.values);
  if (used.empty()) return false;
  return std::ranges::any_of(passage.before, [&](const auto& object) {
    const auto& [kind, identity] = object.first;
    return kind == "column" && used.contains(LastNameOf(identity)) &&
           PlaceOf(kind, identity).parent == owner && passage.Drops(object.first);
  });
}

// Whether the index of a new constraint has the name of an index that no longer exists: the release
// needed the name.
bool IsReplacedByConstraint(const Passage& passage, const ObjectKey& index) {
  if (index.first != "index") return false;
  const std::string schema = PlaceOf(index.first, index.second).schema;
  return std::ranges::any_of(passage.after, [&](const auto& object) {
    const auto& [kind, identity] = object.first;
    if (kind != "constraint" || LastNameOf(identity) != LastNameOf(index.second)) return false;
    const std::string* definition = passage.after.Value(object.first, "definition");
    return PlaceOf(kind, identity).schema == schema && !passage.before.Has(object.first) &&
           definition != nullptr && sql::HasIndex(sql::ConstraintKindOf(*definition));
  });
}

}  // namespace

std::vector<std::string> OwnersOfAddition(const Difference& addition) {
  std::vector<std::string> owners;
  if (addition.change == ChangeKind::kChanged) owners.push_back(Unquoted(addition.identity));
  const std::string owner = OwnerOfAddition(addition);
  if (!owner.empty()) owners.push_back(Unquoted(owner));
  return owners;
}

namespace {

// Parts of remaining additions that were dropped, by CASCADE: columns, constraints, indexes,
// defaults … of tables of others.
std::vector<std::string> LostParts(const Passage& passage,
                                   const std::vector<Difference>& additions) {
  std::set<std::string> owners;
  for (const Difference& addition : additions) {
    const ObjectKey key{addition.kind, addition.identity};
    if (addition.change != ChangeKind::kExtra || !passage.AdditionAfter(key)) continue;
    if (!IsChildTable(passage.before.PropertiesOf(key))) owners.insert(key.second);
  }
  std::vector<std::string> lost;
  for (const auto& [key, properties] : passage.before) {
    // The loss of an owned sequence is that of its column, or of its default.
    if (key.first == "sequence") continue;
    if (!owners.contains(ParentOf(key.first, key.second, properties))) continue;
    const std::string name = DescriptionOf(key);
    const auto part = passage.AdditionAfter(key);
    if (!part) {
      lost.push_back(name);
      continue;
    }
    const PropertyValues& now = passage.after.PropertiesOf(*part);
    for (const auto& [property, value] : properties) {
      if (!now.contains(property)) lost.push_back(fmt::format("{}: {} {}", name, property, value));
    }
  }
  return lost;
}

constexpr std::string_view kMember = "table ";  // of a publication

// The property of a publication, with the name that the table has afterwards.
std::string PropertyAfter(const MovedObjects& moved, const std::string& property) {
  if (!property.starts_with(kMember)) return property;
  const auto table = moved.After({"table", property.substr(kMember.size())});
  return table ? std::string(kMember) + table->second : property;
}

// Publications of others from which the server has removed a table that was dropped, for good or to
// be created again. A renamed table remains, under its new name.
void AddLostMembers(const Passage& passage, const Difference& publication, LostAdditions& lost) {
  const ObjectKey key{publication.kind, publication.identity};
  if (!passage.before.Has(key) || !passage.after.Has(key)) return;
  const PropertyValues& has = passage.after.PropertiesOf(key);
  for (const auto& [property, value] : passage.before.PropertiesOf(key)) {
    const std::string now = PropertyAfter(passage.moved, property);
    if (!property.starts_with(kMember) || has.contains(now)) continue;
    const bool remains = passage.after.Has({"table", now.substr(kMember.size())});
    (remains ? lost.of_remaining : lost.dropped)
        .push_back(NameOfAddition(publication) + ": " + property);
  }
}

// Properties that others set on an object of the release.
void AddLostProperties(const Passage& passage, const SnapshotObjects& expected,
                       const Difference& addition, LostAdditions& lost) {
  const ObjectKey key{addition.kind, addition.identity};
  if (passage.Drops(key)) {
    lost.dropped.push_back(NameOfAddition(addition));
    return;
  }
  const ObjectKey now = passage.moved.After(key).value_or(key);
  const auto is_kept = [&](const PropertyChange& change) {
    const std::string* value =
        passage.after.Value(now, PropertyAfter(passage.moved, change.property));
    return value != nullptr && *value == change.b;
  };
  const auto is_managed = [&](const PropertyChange& change) {
    return expected.Value(now, PropertyAfter(passage.moved, change.property)) != nullptr;
  };
  const auto add = [&](const auto& condition, std::vector<std::string>& to) {
    if (const auto part = Part(addition, condition)) to.push_back(NameOfAddition(*part));
  };
  const auto is_lost = [&](const auto& c) { return !is_kept(c) && !is_managed(c); };
  add(is_lost, lost.of_remaining);
  const auto parameters = Part(addition, is_lost);
  if (parameters && IsTableParameter(*parameters)) lost.of_table_parameters = true;
  add([&](const auto& c) { return !is_kept(c) && is_managed(c); }, lost.replaced);
  add([&](const auto& c) { return is_kept(c) && is_managed(c); }, lost.managed);
  const auto left = Part(addition, [&](const auto& c) { return is_kept(c) && !is_managed(c); });
  if (!left) {
    lost.managed.push_back(NameOfAddition(addition));
  } else if (left->properties.size() < addition.properties.size()) {
    lost.remainders.emplace(NameOfAddition(addition), NameOfAddition(*left));
  }
}

void AddLostObject(const Passage& passage, const Difference& addition, LostAdditions& lost) {
  const ObjectKey key{addition.kind, addition.identity};
  if (passage.AdditionAfter(key)) return;
  std::vector<std::string>& names = DropsOwner(passage, addition)          ? lost.dropped
                                    : IsReplacedByConstraint(passage, key) ? lost.replaced
                                                                           : lost.of_remaining;
  names.push_back(NameOfAddition(addition));
}

}  // namespace

LostAdditions FindLostAdditions(const DeployStates& states, const ComparisonRules& rules) {
  const Snapshot& known = states.proven_before ? *states.proven_before : states.proven_after;
  const SnapshotObjects expected(SeparateItems(states.proven_after));
  const SnapshotObjects before(SeparateItems(states.live_before)),
      after(SeparateItems(states.live_after));
  const Passage passage{before, after, states.moved};
  const std::vector<Difference> additions =
      CompareManaged(known, states.live_before, rules).additions;
  LostAdditions lost;
  lost.of_remaining = LostParts(passage, additions);
  for (const Difference& addition : additions) {
    if (addition.kind == "publication") AddLostMembers(passage, addition, lost);
    if (addition.change == ChangeKind::kExtra) {
      AddLostObject(passage, addition, lost);
    } else {
      AddLostProperties(passage, expected, addition, lost);
    }
  }
  return lost;
}

std::vector<std::string> AdditionsDroppedWith(const Snapshot& proven_before,
                                              const Snapshot& proven_after, const Snapshot& live,
                                              const ComparisonRules& rules) {
  const SnapshotObjects before(SeparateItems(proven_before)), after(SeparateItems(proven_after));
  const SnapshotObjects existing(live);
  const MovedObjects moved;  // none: a change with renames does not ask
  std::vector<std::string> dropped;
  for (const Difference& addition : CompareManaged(proven_before, live, rules).additions) {
    const bool whole = addition.change == ChangeKind::kExtra;
    const bool gone = whole ? DropsOwner({before, after, moved}, addition)
                            : !after.Has({addition.kind, addition.identity});
    if (gone) dropped.push_back(NameOfAddition(addition));
    if (gone || addition.kind != "publication") continue;
    // The server removes a dropped table from it.
    const ObjectKey publication{addition.kind, addition.identity};
    for (const auto& [property, value] : existing.PropertiesOf(publication)) {
      if (!property.starts_with(kMember)) continue;
      const ObjectKey table{"table", property.substr(kMember.size())};
      if (before.Has(table) && !after.Has(table)) {
        dropped.push_back(NameOfAddition(addition) + ": " + property);
      }
    }
  }
  return dropped;
}

}  // namespace ballast::catalog
