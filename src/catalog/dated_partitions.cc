// SPDX-License-Identifier: Apache-2.0
#include "catalog/dated_partitions.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/text.h"
#include "catalog/object_ref.h"
#include "catalog/snapshot_objects.h"

namespace ballast::catalog {
namespace {

constexpr std::string_view kPartitionOf = "partition of";
constexpr std::string_view kBound = "partition bound";

struct Partition {
  std::string parent;
  std::string bound;
};
using Partitions = std::map<std::string, Partition>;  // by identity

Partitions PartitionsIn(const Snapshot& snapshot) {
  Partitions partitions;
  for (const ObjectProperty& item : snapshot) {
    if (!IsRelationKind(item.kind)) continue;
    if (item.property == kPartitionOf) partitions[item.object].parent = item.value;
    if (item.property == kBound) partitions[item.object].bound = item.value;
  }
  return partitions;
}

// The date can choose a range or a list of values. A default partition and those of a hash are the
// same on every date.
bool CanBeDated(std::string_view bound) {
  return bound.starts_with("FOR VALUES FROM") || bound.starts_with("FOR VALUES IN");
}

std::set<std::string> MarkedTables(const Snapshot& snapshot) {
  std::set<std::string> marked;
  for (const ObjectProperty& item : snapshot) {
    if (item.property == kDependsOnProperty && item.value == kTheDate) marked.insert(item.object);
  }
  return marked;
}

DatedPartitions DatedPartitionsOfBoth(const Snapshot& a, const Snapshot& b) {
  DatedPartitions dated = DatedPartitionsOf(a);
  dated.Add(DatedPartitionsOf(b));
  return dated;
}

std::set<std::string> RelationsIn(const Snapshot& snapshot) {
  std::set<std::string> relations;
  for (const ObjectProperty& item : snapshot) {
    if (IsRelationKind(item.kind)) relations.insert(item.object);
  }
  return relations;
}

void AddRemarks(const std::set<ObjectKey>& objects, std::string_view remark, Snapshot& snapshot) {
  std::erase_if(snapshot, [&](const ObjectProperty& item) {
    return item.property == kDependsOnProperty && objects.contains({item.kind, item.object});
  });
  for (const auto& [kind, object] : objects) {
    snapshot.push_back({kind, object, std::string(kDependsOnProperty), std::string(remark)});
  }
  snapshot = SortedSnapshot(std::move(snapshot));
}

// The lower and the upper bound of a partition, as far as texts can be compared: all of a table
// have the same format. The lower one of a list is its first value.
struct Range {
  std::string_view from;
  std::string_view to;
};

Range RangeOf(std::string_view bound) {
  constexpr std::string_view kFrom = "FOR VALUES FROM (", kTo = ") TO (", kIn = "FOR VALUES IN (";
  if (bound.ends_with(')')) bound.remove_suffix(1);
  if (bound.starts_with(kIn)) {
    const std::string_view values = bound.substr(kIn.size());
    return {values, values};
  }
  const size_t to = bound.find(kTo);
  if (!bound.starts_with(kFrom) || to == std::string_view::npos) return {};
  return {bound.substr(kFrom.size(), to - kFrom.size()), bound.substr(to + kTo.size())};
}

int OrderOf(std::string_view bound) {
  if (bound.starts_with("MINVALUE")) return -1;
  return bound.starts_with("MAXVALUE") ? 1 : 0;
}

std::string_view ContentOf(std::string_view bound) {
  const bool quoted = bound.size() > 1 && bound.starts_with('\'') && bound.ends_with('\'');
  return quoted ? bound.substr(1, bound.size() - 2) : bound;
}

// MINVALUE is less than all others, MAXVALUE greater; a shorter number is less than a longer one.
bool IsLess(std::string_view a, std::string_view b) {
  if (OrderOf(a) != OrderOf(b)) return OrderOf(a) < OrderOf(b);
  a = ContentOf(a);
  b = ContentOf(b);
  const auto is_number = [](std::string_view value) {
    return value.find_first_not_of("0123456789") == std::string_view::npos;
  };
  if (a.size() != b.size() && is_number(a) && is_number(b)) return a.size() < b.size();
  return a < b;
}

// What the partitions that only one replay has say about the date: on the later date, those below
// the first ones of the earlier date would have been left out, too.
class Window {
 public:
  void AddOnlyFirst(std::string_view bound) {
    const Range range = RangeOf(bound);
    if (!begin_ || IsLess(range.from, *begin_)) begin_ = range.from;
  }
  void AddOnlySecond(std::string_view bound) {
    const Range range = RangeOf(bound);
    if (!end_ || IsLess(*end_, range.to)) end_ = range.to;
  }
  // A partition that both replays have, although the partitions of either date begin after it or
  // end before it: it does not depend on the date.
  bool IsOutside(std::string_view bound) const {
    const Range range = RangeOf(bound);
    const bool below = begin_ && !IsLess(*begin_, range.to);
    const bool above = end_ && !IsLess(range.from, *end_);
    return below || above;
  }

 private:
  std::optional<std::string> begin_, end_;
};

// Whether only the bound of the partition, a relation that both states have, differs.
bool HasOtherBound(const Difference& difference) {
  return difference.change == ChangeKind::kChanged &&
         std::ranges::all_of(difference.properties,
                             [](const PropertyChange& one) { return one.property == kBound; });
}

// The partitioned tables of a model, by name, and its partitions with the tables above them.
struct PartitionsOfModel {
  std::set<Name> partitioned;
  struct Part {
    Name name;
    Name parent;
    std::string bound;

    bool operator==(const Part&) const = default;
  };
  std::vector<Part> parts;

  // Those of these tables, and all below them.
  std::set<Name> OfDate(const std::set<Name>& of, const std::set<Name>& fixed) const {
    std::set<Name> names;
    for (bool more = true; more;) {
      more = false;
      for (const Part& part : parts) {
        const bool own =
            of.contains(part.parent) && !fixed.contains(part.name) && CanBeDated(part.bound);
        if (own || names.contains(part.parent)) more = names.insert(part.name).second || more;
      }
    }
    return names;
  }

  // Those of `names` that the other model has with the same bound, below the same tables.
  std::set<Name> SharedWith(const PartitionsOfModel& other, const std::set<Name>& names) const {
    std::set<Name> shared;
    for (bool more = true; more;) {
      more = false;
      for (const Part& part : parts) {
        if (!names.contains(part.name) || std::ranges::find(other.parts, part) == other.parts.end())
          continue;
        const bool below = !names.contains(part.parent) || shared.contains(part.parent);
        if (below) more = shared.insert(part.name).second || more;
      }
    }
    return shared;
  }
};

PartitionsOfModel PartitionsOf(const Database& model) {
  PartitionsOfModel found;
  std::map<ObjectId, Name> names;
  for (const TableObject& table : model.tables) {
    names[table.id] = table.table.name;
    if (table.partitioned) found.partitioned.insert(table.table.name);
  }
  for (const TableObject& table : model.tables) {
    if (table.bound.empty() || table.parents.empty()) continue;
    found.parts.push_back({table.table.name, names[table.parents.front()], table.bound});
  }
  return found;
}

std::set<Name> NamesOf(const std::set<std::string>& identities) {
  std::set<Name> names;
  for (const std::string& identity : identities) names.insert(RefOf("table", identity).name);
  return names;
}

// The model without tables and what belongs to them.
Database WithoutTables(const Database& model, const std::set<Name>& names) {
  Database rest = model;
  if (names.empty()) return rest;
  std::set<std::pair<uint32_t, uint32_t>> parts;  // catalog and object
  const auto key = [](const ObjectId& id) { return std::pair(id.catalog, id.object); };
  const auto is_part = [&](const ObjectId& id) { return parts.contains(key(id)); };
  for (const TableObject& table : model.tables) {
    if (!names.contains(table.table.name)) continue;
    parts.insert(key(table.id));
    for (const ObjectId& id : table.defaults) parts.insert(key(id));
    for (const TableConstraint& constraint : table.constraints) parts.insert(key(constraint.id));
  }
  parts.erase({0, 0});
  // Triggers, policies, statistics.
  std::set<std::pair<uint32_t, uint32_t>> defined;
  for (const Definition& one : model.definitions) defined.insert(key(one.id));
  for (const Dependency& edge : model.dependencies) {
    const bool part = edge.kind == 'a' || edge.kind == 'i' || edge.kind == 'P' || edge.kind == 'S';
    if (part && is_part(edge.to) && defined.contains(key(edge.from))) parts.insert(key(edge.from));
  }
  std::erase_if(rest.tables, [&](const TableObject& one) { return is_part(one.id); });
  for (const IndexObject& index : model.indexes) {
    if (is_part(index.table)) parts.insert(key(index.id));
  }
  for (const ForeignKeyObject& one : model.foreign_keys) {
    if (is_part(one.table)) parts.insert(key(one.id));
  }
  for (const Sequence& one : model.sequences) {
    if (one.column.object != 0 && is_part(one.column)) parts.insert(key(one.id));
  }
  std::erase_if(rest.indexes, [&](const IndexObject& one) { return is_part(one.id); });
  std::erase_if(rest.foreign_keys, [&](const ForeignKeyObject& one) { return is_part(one.id); });
  std::erase_if(rest.sequences, [&](const Sequence& one) { return is_part(one.id); });
  std::erase_if(rest.definitions, [&](const Definition& one) { return is_part(one.id); });
  std::erase_if(rest.comments, [&](const Comment& one) { return is_part(one.id); });
  std::erase_if(rest.grants, [&](const Grant& one) { return is_part(one.id); });
  std::erase_if(rest.usual_grants, [&](const Grant& one) { return is_part(one.id); });
  std::erase_if(rest.dependencies,
                [&](const Dependency& edge) { return is_part(edge.from) || is_part(edge.to); });
  return rest;
}

// The name with `*` in place of its numbers.
std::string PatternOf(std::string_view name) {
  std::string pattern;
  for (const char c : name) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit) pattern += c;
    if (digit && !pattern.ends_with('*')) pattern += '*';
  }
  return pattern;
}

}  // namespace

void DatedPartitions::Add(const DatedPartitions& others) {
  of.insert(others.of.begin(), others.of.end());
  fixed.insert(others.fixed.begin(), others.fixed.end());
}

DatedPartitions DatedPartitionsOf(const Snapshot& proven) {
  DatedPartitions dated;
  const std::set<std::string> marked = MarkedTables(proven);
  if (marked.empty()) return dated;
  const Partitions partitions = PartitionsIn(proven);
  for (const std::string& table : marked) {
    const auto partition = partitions.find(table);
    if (partition == partitions.end() || marked.contains(partition->second.parent)) continue;
    dated.of.insert(partition->second.parent);
  }
  for (const auto& [table, partition] : partitions) {
    if (dated.of.contains(partition.parent) && !marked.contains(table)) dated.fixed.insert(table);
  }
  return dated;
}

std::set<std::string> TablesOfDate(const DatedPartitions& dated, const Snapshot& snapshot) {
  std::set<std::string> tables;
  if (dated.empty()) return tables;
  const Partitions partitions = PartitionsIn(snapshot);
  for (bool more = true; more;) {
    more = false;
    for (const auto& [table, partition] : partitions) {
      const bool own = dated.of.contains(partition.parent) && !dated.fixed.contains(table) &&
                       CanBeDated(partition.bound);
      if (own || tables.contains(partition.parent)) more = tables.insert(table).second || more;
    }
  }
  return tables;
}

void MarkDated(const DatedPartitions& dated, Snapshot& snapshot) {
  const std::set<std::string> tables = TablesOfDate(dated, snapshot);
  if (tables.empty()) return;
  std::set<ObjectKey> objects;
  for (const ObjectProperty& item : snapshot) {
    if (item.property == kPartitionOf && tables.contains(item.object)) {
      objects.emplace(item.kind, item.object);
    }
  }
  AddRemarks(objects, kTheDate, snapshot);
}

void VolatileObjects::Mark(Snapshot& snapshot) const {
  std::set<ObjectKey> there;
  for (const ObjectProperty& item : snapshot) {
    if (others.contains({item.kind, item.object})) there.emplace(item.kind, item.object);
  }
  if (!there.empty()) AddRemarks(there, kTheClockOrRandom, snapshot);
  MarkDated(partitions, snapshot);
}

VolatileObjects FindVolatileObjects(const Snapshot& first, const Snapshot& second,
                                    const std::function<bool(std::string_view)>& is_written) {
  VolatileObjects found;
  const std::vector<Difference> differences = Diff(first, second, /*with_layout=*/true);
  std::set<std::string> only_one;  // relations that one replay lacks
  for (const Difference& it : differences) {
    if (it.change != ChangeKind::kChanged && IsRelationKind(it.kind)) only_one.insert(it.identity);
  }
  std::set<std::string> differ;
  std::map<std::string, Window> windows;  // by partitioned table
  for (const Difference& it : differences) {
    const std::string parent = it.Value(kPartitionOf), bound = it.Value(kBound);
    if (!IsRelationKind(it.kind) || parent.empty() || only_one.contains(parent)) continue;
    if (!CanBeDated(bound) || (it.change == ChangeKind::kChanged && !HasOtherBound(it))) continue;
    differ.insert(it.identity);
    found.partitions.of.insert(parent);
    if (it.change == ChangeKind::kMissing) windows[parent].AddOnlyFirst(bound);
    if (it.change == ChangeKind::kExtra) windows[parent].AddOnlySecond(bound);
  }
  for (const auto& [table, partition] : PartitionsIn(first)) {
    if (!found.partitions.of.contains(partition.parent) || differ.contains(table)) continue;
    const bool fixed =
        is_written(PartsOf(table).back()) ||
        (CanBeDated(partition.bound) && windows[partition.parent].IsOutside(partition.bound));
    if (fixed) found.partitions.fixed.insert(table);
  }
  const std::set<std::string> dated = TablesOfDate(found.partitions, first);
  for (const Difference& it : differences) {
    const bool of_date = IsRelationKind(it.kind) && dated.contains(it.identity) &&
                         (it.change != ChangeKind::kChanged || HasOtherBound(it));
    if (it.change != ChangeKind::kExtra && !of_date) found.others.emplace(it.kind, it.identity);
  }
  return found;
}

std::vector<std::string> DescribeDated(const Snapshot& proven) {
  const DatedPartitions dated = DatedPartitionsOf(proven);
  std::vector<std::string> sentences;
  if (dated.empty()) return sentences;
  const std::set<std::string> tables = TablesOfDate(dated, proven);
  std::map<std::string, size_t> counts;
  for (const auto& [table, partition] : PartitionsIn(proven)) {
    if (tables.contains(table) && dated.of.contains(partition.parent)) ++counts[partition.parent];
  }
  for (const auto& [parent, count] : counts) {
    sentences.push_back(fmt::format("{} of {} {} on the date", Counted(count, "partition"), parent,
                                    count == 1 ? "depends" : "depend"));
  }
  return sentences;
}

DatedComparison::DatedComparison(const Snapshot& a, const Snapshot& b)
    : DatedComparison(DatedPartitionsOfBoth(a, b), a, b) {}

DatedComparison::DatedComparison(const DatedPartitions& dated, const Snapshot& a, const Snapshot& b)
    : tables_(TablesOfDate(dated, a)) {
  if (dated.empty()) return;
  std::set<std::string> marked = MarkedTables(a);
  marked.merge(MarkedTables(b));
  const Partitions of_a = PartitionsIn(a), of_b = PartitionsIn(b);
  const std::set<std::string> in_a = RelationsIn(a), in_b = RelationsIn(b);
  const auto note = [&](const std::set<std::string>& tables, const Partitions& here,
                        const Partitions& there, const std::set<std::string>& relations) {
    for (const std::string& table : tables) {
      const auto other = there.find(table);
      const bool same = other != there.end() && other->second.parent == here.at(table).parent;
      // One that is marked has been detached, and is a table of others.
      if (!same && (!relations.contains(table) || marked.contains(table))) only_one_.insert(table);
    }
  };
  note(tables_, of_a, of_b, in_b);
  note(TablesOfDate(dated, b), of_b, of_a, in_a);
}

std::optional<Difference> DatedComparison::Rest(Difference difference) const {
  const bool relation = IsRelationKind(difference.kind);
  if (only_one_.contains(relation ? difference.identity : ParentOf(difference))) {
    return std::nullopt;
  }
  const bool both = difference.change == ChangeKind::kChanged && relation &&
                    tables_.contains(difference.identity);
  if (!both) return difference;
  std::erase_if(difference.properties,
                [](const PropertyChange& change) { return change.property == kBound; });
  if (difference.properties.empty()) return std::nullopt;
  return difference;
}

std::vector<Difference> DiffOnAnyDate(const Snapshot& a, const Snapshot& b, bool with_layout) {
  const DatedComparison dated(a, b);
  std::vector<Difference> differences;
  for (Difference& difference : Diff(a, b, with_layout)) {
    if (auto rest = dated.Rest(std::move(difference))) differences.push_back(*std::move(rest));
  }
  return differences;
}

Snapshot OnAnyDate(const Snapshot& proven) {
  const std::set<std::string> marked = MarkedTables(proven);
  if (marked.empty()) return proven;
  std::set<ObjectKey> indexes;  // and statistics, whose names do not contain that of the table
  for (const ObjectProperty& item : proven) {
    if (item.property == "table" && marked.contains(item.value)) {
      indexes.emplace(item.kind, item.object);
    }
  }
  Snapshot rest;
  for (const ObjectProperty& item : proven) {
    const bool own = IsRelationKind(item.kind) && marked.contains(item.object);
    const bool part = marked.contains(PlaceOf(item.kind, item.object).parent);
    if (!own && !part && !indexes.contains({item.kind, item.object})) rest.push_back(item);
  }
  return rest;
}

ModelsOnAnyDate OnAnyDate(const Database& from, const Database& to, const DatedPartitions& dated,
                          Omitted omitted) {
  if (dated.empty()) return {from, to};
  const PartitionsOfModel before = PartitionsOf(from), after = PartitionsOf(to);
  const std::set<Name> of = NamesOf(dated.of), fixed = NamesOf(dated.fixed);
  std::set<Name> from_names = before.OfDate(of, fixed);
  std::set<Name> in_both;
  std::ranges::set_intersection(of, before.partitioned, std::inserter(in_both, in_both.end()));
  std::set<Name> to_names = after.OfDate(in_both, fixed);
  if (omitted == Omitted::kOnlyInOneModel) {
    const std::set<Name> shared = before.SharedWith(after, from_names);
    std::erase_if(from_names, [&](const Name& name) { return shared.contains(name); });
    std::erase_if(to_names, [&](const Name& name) { return shared.contains(name); });
  }
  // One that was detached is a table of others.
  for (const TableObject& table : from.tables) {
    if (to_names.contains(table.table.name)) from_names.insert(table.table.name);
  }
  return {WithoutTables(from, from_names), WithoutTables(to, to_names)};
}

std::string IgnoreLineFor(const std::vector<Difference>& differences) {
  std::set<std::string> patterns;
  for (const Difference& difference : differences) {
    if (difference.depends_on != kTheClockOrRandom) continue;
    patterns.insert(PatternOf(ReplaceAll(difference.object, "\"", "")));
  }
  if (patterns.empty()) return {};
  std::vector<std::string> quoted;
  for (const std::string& pattern : patterns) {
    // TOML: a basic string.
    quoted.push_back("\"" + ReplaceAll(pattern, "\\", "\\\\") + "\"");
  }
  return "ignore = [" + Join(quoted, ", ") + "]";
}

}  // namespace ballast::catalog
