// SPDX-License-Identifier: Apache-2.0
// Random releases and random lives of their databases before the comparison: whatever others add,
// it is no drift and stops no deploy; whatever of the release is missing or changed, it is named.
#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "base/check.h"
#include "catalog/managed_comparison.h"
#include "catalog/property_ownership.h"

namespace {

using namespace ballast;
using catalog::ObjectProperty;
using catalog::Snapshot;

// A kind of object, what a release says of one, and what others may set on it.
struct Kind {
  const char* name;
  bool on_table;                       // its identity begins with its table's
  std::vector<ObjectProperty> stated;  // property and value; $T is a table
  std::vector<ObjectProperty> open;    // what others may add
  std::vector<ObjectProperty> closed;  // what nobody else may add
};

const std::vector<Kind>& Kinds() {
  static const std::vector<Kind> kinds = {
      {"table",
       false,
       {{"", "", "kind", "ordinary"}},
       {{"", "", "options", "fillfactor=70, autovacuum_enabled=false"},
        {"", "", "replica identity", "full"},
        {"", "", "row security", "enabled"},
        {"", "", "tablespace", "fast"},
        {"", "", "grant to app", "INSERT, SELECT"}},
       {{"", "", "persistence", "unlogged"}, {"", "", "access method", "x"}}},
      {"column",
       true,
       {{"", "", "type", "text"}, {"", "", "default", "1"}},
       {{"", "", "statistics", "500"},
        {"", "", "storage", "external"},
        {"", "", "options", "n_distinct=5"}},
       {{"", "", "not null", "yes"}, {"", "", "generated", "x"}, {"", "", "identity", "always"}}},
      {"constraint",
       true,
       {{"", "", "definition", "CHECK (a)"}, {"", "", "comment", "x"}},
       {{"", "", "index options", "fillfactor=70"}, {"", "", "index clustered", "yes"}},
       {{"", "", "state", "not valid"}}},
      {"index",
       false,
       {{"", "", "table", "$T"}, {"", "", "definition", "USING btree (a)"}},
       {{"", "", "options", "fillfactor=70"},
        {"", "", "clustered", "yes"},
        {"", "", "replica identity", "yes"}},
       {{"", "", "state", "invalid"}, {"", "", "unique", "yes"}}},
      {"trigger",
       true,
       {{"", "", "definition", "x"}},
       {{"", "", "comment", "x"}},
       {{"", "", "enabled", "no"}}},
      {"policy",
       true,
       {{"", "", "command", "all"}},
       {{"", "", "comment", "x"}},
       {{"", "", "using", "x"}}},
      {"view",
       false,
       {{"", "", "definition", "SELECT 1"}},
       {{"", "", "owner", "x"}},
       {{"", "", "options", "security_invoker=true"}}},
      {"enum",
       false,
       {{"", "", "values", "A, B"}},
       {{"", "", "owner", "x"}},
       {{"", "", "other", "x"}}},
      {"function",
       false,
       {{"", "", "source", "x"}, {"", "", "grant to app", "EXECUTE"}},
       {{"", "", "grant to other", "EXECUTE"}, {"", "", "comment", "x"}},
       {{"", "", "volatility", "stable"}}},
      {"sequence",
       false,
       {{"", "", "type", "bigint"}},
       {{"", "", "owner", "x"}},
       {{"", "", "cycle", "yes"}}},
      {"extension", false, {{"", "", "schema", "<target>"}}, {{"", "", "version", "1.4"}}, {}},
      {"publication",
       false,
       {{"", "", "operations", "insert"}},
       {{"", "", "schemas", "a, b"}, {"", "", "table \"T\"", "yes"}},
       {{"", "", "all tables", "yes"}}},
      {"statistics", false, {{"", "", "definition", "ndistinct"}}, {{"", "", "target", "9"}}, {}},
  };
  return kinds;
}

class Dice {
 public:
  Dice(const uint8_t* data, size_t size) : data_(data, size) {}
  bool Coin() { return data_.ConsumeBool(); }
  size_t Below(size_t limit) { return data_.ConsumeIntegralInRange<size_t>(0, limit - 1); }
  template <class T>
  const T& Of(const std::vector<T>& all) {
    return all[Below(all.size())];
  }

 private:
  FuzzedDataProvider data_;
};

std::string Table(size_t n) {
  return "\"T" + std::to_string(n) + "\"";
}

// "f()", "\"T1\".x3", "x3".
std::string IdentityOf(const Kind& kind, const std::string& name, const std::string& table) {
  if (kind.on_table) return table + "." + name;
  return std::string(kind.name) == "function" ? name + "()" : name;
}

void Make(const Kind& kind, const std::string& object, const std::string& table, Snapshot& into) {
  for (ObjectProperty property : kind.stated) {
    property.kind = kind.name;
    property.object = object;
    if (property.value == "$T") property.value = table;
    into.push_back(std::move(property));
  }
}

// Tables T0 …, the last of them partitioned, and objects on them.
Snapshot RandomRelease(Dice& dice, const std::string& prefix) {
  Snapshot release;
  const size_t tables = 1 + dice.Below(4);
  for (size_t n = 0; n < tables; ++n) {
    Make(Kinds().front(), Table(n), "", release);
    if (n + 1 == tables) release.back().value = "partitioned";
  }
  for (size_t n = dice.Below(10); n > 0; --n) {
    const Kind& kind = Kinds()[1 + dice.Below(Kinds().size() - 1)];
    const std::string table = Table(dice.Below(tables));
    Make(kind, IdentityOf(kind, prefix + std::to_string(n), table), table, release);
  }
  return release;
}

bool Has(const Snapshot& snapshot, const ObjectProperty& like) {
  return std::any_of(snapshot.begin(), snapshot.end(), [&](const ObjectProperty& p) {
    return p.kind == like.kind && p.object == like.object && p.property == like.property;
  });
}

std::vector<ObjectProperty> Objects(const Snapshot& snapshot) {  // the first property of each
  std::vector<ObjectProperty> objects;
  for (const ObjectProperty& p : snapshot) {
    const bool known = std::any_of(objects.begin(), objects.end(), [&](const ObjectProperty& o) {
      return o.kind == p.kind && o.object == p.object;
    });
    if (!known) objects.push_back(p);
  }
  return objects;
}

const Kind& KindOf(const ObjectProperty& object) {
  return *std::find_if(Kinds().begin(), Kinds().end(),
                       [&](const Kind& kind) { return object.kind == kind.name; });
}

std::vector<ObjectProperty> TablesIn(const Snapshot& snapshot) {
  std::vector<ObjectProperty> tables = Objects(snapshot);
  std::erase_if(tables, [](const ObjectProperty& object) { return object.kind != "table"; });
  return tables;
}

// What others make: partitions, objects of their own, settings on objects of the release that all
// of `releases` say nothing of.
void AddPartition(const Snapshot& release, const std::string& name, Snapshot& additions) {
  for (const ObjectProperty& table : TablesIn(release)) {
    if (table.value != "partitioned") continue;
    additions.push_back({"table", name, "kind", "ordinary"});
    additions.push_back({"table", name, "partition of", table.object});
    additions.push_back({"column", name + ".c", "type", "text"});
    additions.push_back({"constraint", name + ".p", "definition", "PRIMARY KEY (c)"});
    additions.push_back({"index", name + "_i", "table", name});
    return;
  }
}

void AddSetting(Dice& dice, const std::vector<const Snapshot*>& releases, Snapshot& additions) {
  const std::vector<ObjectProperty> objects = Objects(*releases.front());
  const ObjectProperty& object = dice.Of(objects);
  const Kind& kind = KindOf(object);
  if (kind.open.empty()) return;
  ObjectProperty setting = dice.Of(kind.open);
  setting.kind = object.kind;
  setting.object = object.object;
  for (const Snapshot* release : releases) {
    if (Has(*release, setting)) return;
  }
  if (!Has(additions, setting)) additions.push_back(std::move(setting));
}

Snapshot RandomAdditions(Dice& dice, const std::vector<const Snapshot*>& releases) {
  Snapshot additions;
  for (size_t n = dice.Below(6); n > 0; --n) {
    const std::string name = "x" + std::to_string(n);
    const size_t what = dice.Below(4);
    if (what == 0) {
      AddPartition(*releases.front(), name, additions);
    } else if (what == 1) {
      additions.push_back({"event trigger", name, "event", "ddl_command_end"});
    } else if (what == 2) {
      AddSetting(dice, releases, additions);
    } else {
      const Kind& kind = dice.Of(Kinds());
      const bool shape =
          std::string(kind.name) == "column" || std::string(kind.name) == "constraint";
      const std::vector<ObjectProperty> tables = TablesIn(*releases.front());
      const std::string& table = dice.Of(tables).object;
      if (!shape) Make(kind, IdentityOf(kind, name, table), table, additions);
    }
  }
  return additions;
}

// Changes something that is the release's. False where nothing was changed.
bool Drift(Dice& dice, const Snapshot& release, Snapshot& live) {
  const std::vector<ObjectProperty> objects = Objects(release);
  const ObjectProperty& object = dice.Of(objects);
  const Kind& kind = KindOf(object);
  const auto is_it = [&](const ObjectProperty& p) {
    return p.kind == object.kind && p.object == object.object;
  };
  switch (dice.Below(4)) {
    case 0:  // it no longer exists
      return std::erase_if(live, is_it) > 0;
    case 1: {  // what the release says of it is different
      if (object.kind == "extension") return false;
      const auto property = std::find_if(live.begin(), live.end(), [&](const ObjectProperty& p) {
        return is_it(p) && p.property == object.property;
      });
      property->value += "1";
      return true;
    }
    case 2: {  // it has something that nobody else may set
      if (kind.closed.empty()) return false;
      ObjectProperty more = dice.Of(kind.closed);
      more.kind = object.kind;
      more.object = object.object;
      if (Has(live, more)) return false;
      live.push_back(std::move(more));
      return true;
    }
    default: {  // its table has another shape
      if (object.kind != "table") return false;
      const char* shape = dice.Coin() ? "column" : "constraint";
      const std::string name = dice.Coin() ? ".c" : ".d";
      live.push_back({shape, object.object + name, "type", "text"});
      return true;
    }
  }
}

Snapshot Together(const Snapshot& release, const Snapshot& additions) {
  Snapshot all = release;
  all.insert(all.end(), additions.begin(), additions.end());
  return catalog::SortedSnapshot(std::move(all));
}

// The partition that the addition is, or belongs to; empty: none.
std::string PartitionOf(const ObjectProperty& addition) {
  const std::string name = addition.object.substr(0, addition.object.find_first_of("._"));
  return name.starts_with('x') ? name : std::string();
}

// What is left of the additions in the next release: what was on its objects.
Snapshot Surviving(const Snapshot& additions, const Snapshot& before, const Snapshot& after) {
  const std::vector<ObjectProperty> then = Objects(after);
  const auto exists = [&](const std::string& name, const std::string& kind) {
    return std::any_of(then.begin(), then.end(), [&](const ObjectProperty& object) {
      return object.object == name && (kind.empty() || object.kind == kind);
    });
  };
  const std::vector<ObjectProperty> was = Objects(before);
  std::vector<std::string> gone;  // partitions, with their tables
  for (const ObjectProperty& addition : additions) {
    if (addition.property == "partition of" && !exists(addition.value, "table")) {
      gone.push_back(addition.object);
    }
  }
  Snapshot left;
  for (const ObjectProperty& addition : additions) {
    if (std::find(gone.begin(), gone.end(), PartitionOf(addition)) != gone.end()) continue;
    const bool setting = std::any_of(was.begin(), was.end(), [&](const ObjectProperty& object) {
      return object.kind == addition.kind && object.object == addition.object;
    });
    const std::string table = addition.object.substr(0, addition.object.find('.'));
    const bool on_managed = table != addition.object && table.starts_with('"');
    if (setting && !exists(addition.object, addition.kind)) continue;
    if (on_managed && !setting && !exists(table, "table")) continue;
    left.push_back(addition);
  }
  return left;
}

void CheckComparison(Dice& dice, const Snapshot& release) {
  const Snapshot additions = RandomAdditions(dice, {&release});
  Snapshot live = Together(release, additions);
  const auto undisturbed = catalog::CompareManaged(release, live, {});
  BALLAST_CHECK(undisturbed.drift.empty());
  BALLAST_CHECK(undisturbed.additions.empty() == additions.empty());
  if (!Drift(dice, release, live)) return;
  const auto drifted = catalog::CompareManaged(release, catalog::SortedSnapshot(live), {});
  BALLAST_CHECK(!drifted.drift.empty());
  std::vector<std::string> names;
  for (const catalog::Difference& difference : drifted.drift) names.push_back(difference.object);
  const auto ignored = catalog::CompareManaged(release, live, {names, {}});
  BALLAST_CHECK(ignored.drift.empty() && !ignored.ignored.empty());
}

void CheckUpgrade(Dice& dice, const Snapshot& before, const Snapshot& after) {
  const Snapshot additions = RandomAdditions(dice, {&before, &after});
  const Snapshot live_before = Together(before, additions);
  Snapshot live_after = Together(after, Surviving(additions, before, after));
  const catalog::DeployStates states{&before, after, live_before, live_after, false};
  BALLAST_CHECK(catalog::UnprovenChanges(states, {}).empty());
  (void)catalog::FindLostAdditions(states, {});
  if (!Drift(dice, after, live_after)) return;
  live_after = catalog::SortedSnapshot(std::move(live_after));
  BALLAST_CHECK(!catalog::UnprovenChanges(states, {}).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Dice dice(data, size);
  const Snapshot before = catalog::SortedSnapshot(RandomRelease(dice, "a"));
  CheckComparison(dice, before);
  const Snapshot after = catalog::SortedSnapshot(RandomRelease(dice, dice.Coin() ? "a" : "b"));
  CheckUpgrade(dice, before, after);
  return 0;
}
