// SPDX-License-Identifier: Apache-2.0
#include "catalog/dated_partitions.h"

#include <gmock/gmock.h>

#include "catalog/managed_comparison.h"

namespace ballast::catalog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

void Add(const std::string& name, const std::string& parent, const std::string& bound,
         Snapshot& snapshot) {
  snapshot.push_back({"table", name, "kind", "ordinary"});
  snapshot.push_back({"table", name, "partition of", parent});
  snapshot.push_back({"table", name, "partition bound", bound});
  snapshot.push_back({"column", name + ".x", "type", "text"});
  snapshot.push_back({"index", name + "_x_idx", "table", name});
}

// A log with partitions of these months, one that a migration names, and a default one.
Snapshot Log(const std::vector<std::string>& months) {
  Snapshot snapshot = {{"table", "log", "kind", "partitioned"},
                       {"table", "t", "kind", "ordinary"},
                       {"column", "t.at", "default", "2026-11-01"}};
  Add("log_old", "log", "FOR VALUES FROM (MINVALUE) TO ('2020')", snapshot);
  Add("log_rest", "log", "DEFAULT", snapshot);
  for (const std::string& month : months) {
    Add("log_" + month, "log", "FOR VALUES FROM ('" + month + "') TO ('later')", snapshot);
  }
  return SortedSnapshot(std::move(snapshot));
}

bool IsOld(std::string_view name) {
  return name == "log_old";
}

// The replays have the month 2027_12 in common.
Snapshot Proven() {
  Snapshot proven = Log({"2026_11", "2027_12"});
  FindVolatileObjects(proven, Log({"2027_12", "2028_01"}), IsOld).Mark(proven);
  return proven;
}

std::vector<std::string> Words(const std::vector<Difference>& differences) {
  return DescribeAll(differences);
}

TEST(DatedPartitions, AreFoundByTwoDates) {
  const Snapshot first = Log({"2026_11", "2027_12"});
  const VolatileObjects found = FindVolatileObjects(first, Log({"2027_12", "2028_01"}), IsOld);
  EXPECT_THAT(found.partitions.of, UnorderedElementsAre("log"));
  EXPECT_THAT(found.partitions.fixed, UnorderedElementsAre("log_old"));
  EXPECT_THAT(found.others, IsEmpty());
  EXPECT_THAT(TablesOfDate(found.partitions, first),
              UnorderedElementsAre("log_2026_11", "log_2027_12"));
  EXPECT_THAT(DescribeDated(Proven()), ElementsAre("2 partitions of log depend on the date"));
}

// No migration has their names, but each date has them.
TEST(DatedPartitions, ThoseOutsideOfTheTimeAreRequired) {
  const auto log = [](const std::vector<std::string>& months) {
    Snapshot snapshot = Log(months);
    Add("log_y1", "log", "FOR VALUES FROM ('2001_01') TO ('2002_01')", snapshot);
    Add("log_last", "log", "FOR VALUES FROM ('later') TO (MAXVALUE)", snapshot);
    return SortedSnapshot(std::move(snapshot));
  };
  const VolatileObjects found = FindVolatileObjects(
      log({"2026_11", "2027_12"}), log({"2027_12", "2028_01"}), [](auto) { return false; });
  EXPECT_THAT(found.partitions.fixed, UnorderedElementsAre("log_old", "log_y1", "log_last"));
}

TEST(DatedPartitions, BoundsCanBeNumbersOrLists) {
  const auto log = [](const std::string& kind, const std::vector<int>& numbers) {
    Snapshot snapshot = {{"table", "log", "kind", "partitioned"}};
    for (const int number : numbers) {
      const std::string from = std::to_string(number), to = std::to_string(number + 1);
      const std::string bound = kind == "list" ? "FOR VALUES IN ('" + from + "')"
                                : kind == "text"
                                    ? "FOR VALUES FROM ('" + from + "') TO ('" + to + "')"
                                    : "FOR VALUES FROM (" + from + ") TO (" + to + ")";
      Add("log_" + from, "log", bound, snapshot);
    }
    return SortedSnapshot(std::move(snapshot));
  };
  for (const char* kind : {"list", "text", "number"}) {
    const VolatileObjects found =
        FindVolatileObjects(log(kind, {9, 98, 99, 100, 1000}), log(kind, {9, 99, 100, 101, 1000}),
                            [](auto) { return false; });
    EXPECT_THAT(found.partitions.fixed, UnorderedElementsAre("log_9", "log_1000")) << kind;
  }
}

// They are parts of a partition that depends on the date, or of a table that does not.
TEST(DatedPartitions, PartitionsOfPartitions) {
  const auto state = [](const std::string& month) {
    Snapshot snapshot = Log({month});
    Add("log_" + month + "_0", "log_" + month, "FOR VALUES WITH (modulus 1, remainder 0)",
        snapshot);
    snapshot.push_back({"table", "x_" + month, "kind", "partitioned"});
    Add("x_" + month + "_a", "x_" + month, "FOR VALUES IN ('a')", snapshot);
    return SortedSnapshot(std::move(snapshot));
  };
  const VolatileObjects found = FindVolatileObjects(state("2026_11"), state("2028_01"), IsOld);
  EXPECT_THAT(found.partitions.of, UnorderedElementsAre("log"));
  EXPECT_THAT(TablesOfDate(found.partitions, state("2026_11")),
              UnorderedElementsAre("log_2026_11", "log_2026_11_0"));
  EXPECT_THAT(found.others,
              ElementsAre(ObjectKey("table", "x_2026_11"), ObjectKey("table", "x_2026_11_a")));
}

TEST(DatedPartitions, OtherObjectsOfTheClockStayNamed) {
  Snapshot other = Log({"2026_11"});
  for (ObjectProperty& item : other) {
    if (item.property == "default") item.value = "2028-01-01";
  }
  const VolatileObjects found = FindVolatileObjects(Log({"2026_11"}), other, IsOld);
  EXPECT_TRUE(found.partitions.empty());
  EXPECT_THAT(found.others, ElementsAre(ObjectKey("column", "t.at")));
  Snapshot proven = Log({"2026_11"});
  found.Mark(proven);
  EXPECT_EQ(IgnoreLineFor(Diff(proven, other)), "ignore = [\"column t.at\"]");
  EXPECT_EQ(IgnoreLineFor(Diff(other, proven)), "");
}

// Remarks are of the proven state alone: no hash has them.
TEST(DatedPartitions, RemarksAreNoProperties) {
  const Snapshot plain = Log({"2026_11", "2027_12"});
  EXPECT_NE(Proven(), plain);
  EXPECT_EQ(Fingerprint(Proven()), Fingerprint(plain));
  EXPECT_EQ(LayoutFingerprint(Proven()), LayoutFingerprint(plain));
  EXPECT_THAT(Diff(Proven(), plain, true), IsEmpty());
  EXPECT_EQ(*ParseSnapshot(RenderSnapshot(Proven()), "f"), Proven());
}

TEST(DatedPartitions, AnyOfThemMayBeThere) {
  for (const auto& months :
       {std::vector<std::string>{}, {"2026_11"}, {"2031_03", "2031_04"}, {"2026_11", "2031_03"}}) {
    const Snapshot live = Log(months);
    const ManagedComparison found = CompareManaged(Proven(), live, {});
    EXPECT_THAT(Words(found.drift), IsEmpty());
    EXPECT_FALSE(found.Equal());
    for (const Difference& addition : found.additions) EXPECT_EQ(addition.depends_on, kTheDate);
    EXPECT_THAT(Words(DiffOnAnyDate(Proven(), live, true)), IsEmpty());
    EXPECT_THAT(Words(DiffOnAnyDate(live, Proven(), true)), IsEmpty());
    const Snapshot none;
    EXPECT_THAT(Words(UnprovenChanges({&none, Proven(), none, live, true}, {})), IsEmpty());
    EXPECT_THAT(Words(UnprovenChanges({nullptr, Proven(), live, live}, {})), IsEmpty());
  }
  EXPECT_TRUE(CompareManaged(Proven(), Log({"2026_11", "2027_12"}), {}).Equal());
}

// As a retention job does.
TEST(DatedPartitions, TheyMayBeDetached) {
  Snapshot live = Log({"2026_11", "2027_12"});
  std::erase_if(live, [](const ObjectProperty& item) {
    return item.object == "log_2026_11" && item.property.starts_with("partition");
  });
  live.push_back({"index", "log_2026_11_more_idx", "table", "log_2026_11"});
  live = SortedSnapshot(std::move(live));
  EXPECT_THAT(Words(CompareManaged(Proven(), live, {}).drift), IsEmpty());
  EXPECT_THAT(Words(DiffOnAnyDate(live, Proven(), true)), IsEmpty());
  // A table of the release that somebody has attached.
  live = Log({"2026_11", "2027_12"});
  std::erase_if(live, [](const ObjectProperty& item) { return item.object == "t"; });
  Add("t", "log", "FOR VALUES FROM ('2019') TO ('2020')", live);
  live = SortedSnapshot(std::move(live));
  EXPECT_THAT(CompareManaged(Proven(), live, {}).drift, testing::Not(IsEmpty()));
}

TEST(DatedPartitions, EverythingElseIsAsProven) {
  struct Case {
    const char* object;  // to be removed with its parts; or whose property changes
    ObjectProperty item;
    const char* words;
  } const cases[] = {{"log_old", {}, "table log_old is missing"},
                     {"log_rest", {}, "table log_rest is missing"},
                     {"log_2026_11_x_idx", {}, "index log_2026_11_x_idx is missing"},
                     {"",
                      {"column", "log_2026_11.y", "type", "text"},
                      "column log_2026_11.y exists, but is not expected"},
                     {"",
                      {"table", "log_2026_11", "persistence", "unlogged"},
                      "table log_2026_11: persistence is unlogged, expected none"}};
  for (const Case& c : cases) {
    Snapshot live = Log({"2026_11"});
    const std::string object = c.object;
    std::erase_if(live, [&](const ObjectProperty& item) {
      return !object.empty() && item.object.starts_with(object);
    });
    if (object.empty()) live.push_back(c.item);
    live = SortedSnapshot(std::move(live));
    EXPECT_THAT(Words(CompareManaged(Proven(), live, {}).drift), ElementsAre(c.words));
  }
}

// With the same name, the bound depends on the date.
TEST(DatedPartitions, TheBoundMayDiffer) {
  const auto log = [](const std::string& from) {
    Snapshot snapshot = {{"table", "log", "kind", "partitioned"}};
    Add("log_now", "log", "FOR VALUES FROM ('" + from + "') TO ('later')", snapshot);
    return SortedSnapshot(std::move(snapshot));
  };
  Snapshot proven = log("2026");
  FindVolatileObjects(proven, log("2027"), [](std::string_view) { return true; }).Mark(proven);
  EXPECT_THAT(Words(CompareManaged(proven, log("2031"), {}).drift), IsEmpty());
  EXPECT_EQ(CompareManaged(proven, log("2031"), {}).of_date.size(), 1u);
}

}  // namespace
}  // namespace ballast::catalog
