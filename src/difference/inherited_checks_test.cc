// SPDX-License-Identifier: Apache-2.0
#include "difference/inherited_checks.h"

#include <gtest/gtest.h>

namespace ballast::difference {
namespace {

const CheckState kOwn{"CHECK ((a > 0))", true, true};
const CheckState kOwnNotValid{"CHECK ((a > 0))", false, true};
const CheckState kOther{"CHECK ((a > 1))", true, true};
const CheckState kInherited{"CHECK ((a > 0))", true, false};
const CheckState kInheritedNotValid{"CHECK ((a > 0))", false, false};
const CheckState kInheritedOther{"CHECK ((a > 1))", true, false};

using MaybeState = std::optional<CheckState>;
using Names = std::set<std::string>;

TreeTable TableIn(const std::string& name, MaybeState before, MaybeState after,
                  const Names& parents_before = {}, const Names& parents_after = {}) {
  TreeTable table;
  table.name = {"", name};
  table.before = std::move(before);
  table.after = std::move(after);
  table.existed = table.remains = true;
  for (const std::string& parent : parents_before) table.parents_before.insert({"", parent});
  for (const std::string& parent : parents_after) table.parents_after.insert({"", parent});
  return table;
}

TreeTable Partition(TreeTable table) {
  table.is_partition = true;
  return table;
}

TreeTable New(TreeTable table) {
  table.existed = table.remains = false;
  return table;
}

TreeTable Dropped(TreeTable table) {
  table.remains = false;
  return table;
}

std::string TextOfChecks(const std::vector<CheckStep>& steps) {
  std::string text;
  for (const CheckStep& step : steps) {
    const char* const verbs[] = {"+", "-", "v"};
    text += (text.empty() ? "" : " ") + std::string(verbs[static_cast<int>(step.action)]) +
            step.table.name;
  }
  return text;
}

std::string PlanOf(const std::vector<TreeTable>& list) {
  std::map<catalog::Name, TreeTable> tables;
  for (const TreeTable& table : list) tables[table.name] = table;
  const std::optional<CheckPlan> plan = PlanChecks(tables);
  if (!plan) return "refused";
  return TextOfChecks(plan->drops) + "|" + TextOfChecks(plan->adds) + "|" +
         TextOfChecks(plan->finishes);
}

struct CheckCase {
  const char* title;
  std::vector<TreeTable> tables;
  std::string plan;
};

std::vector<CheckCase> CheckCases() {
  return {
      {"nothing differs",
       {TableIn("p", kOwn, kOwn), TableIn("c", kInherited, kInherited, {"p"}, {"p"})},
       "||"},
      {"the parent's is for all",
       {TableIn("p", {}, kOwn), TableIn("c", {}, kInherited, {"p"}, {"p"})},
       "|+p|"},
      {"and is dropped for all",
       {TableIn("p", kOwn, {}), TableIn("c", kInherited, {}, {"p"}, {"p"})},
       "-p||"},
      {"another condition",
       {TableIn("p", kOwn, kOther), TableIn("c", kInherited, kInheritedOther, {"p"}, {"p"})},
       "-p|+p|"},
      {"the child's own remains",
       {TableIn("p", kOwn, {}), TableIn("c", kOwn, kOwn, {"p"}, {"p"})},
       "-p||"},
      {"the child's own goes first",
       {TableIn("p", kOwn, kOwn), TableIn("c", kOwn, kInherited, {"p"}, {"p"})},
       "-p -c||+p"},
      {"the child declares it, too",
       {TableIn("p", kOwn, kOwn), TableIn("c", kInherited, kOwn, {"p"}, {"p"})},
       "|+c|"},
      {"validated for all",
       {TableIn("p", kOwnNotValid, kOwn),
        TableIn("c", kInheritedNotValid, kInherited, {"p"}, {"p"})},
       "||vp"},
      {"validated in the child alone",
       {TableIn("p", kOwnNotValid, kOwnNotValid),
        TableIn("c", kInheritedNotValid, kInherited, {"p"}, {"p"})},
       "||vc"},
      {"no longer valid in the child alone",
       {TableIn("p", kOwnNotValid, kOwnNotValid),
        TableIn("c", kInherited, kInheritedNotValid, {"p"}, {"p"})},
       "-p||+p"},
      {"a new partition has it before it is attached",
       {TableIn("p", kOwn, kOwn), New(Partition(TableIn("n", {}, kInherited, {}, {"p"})))},
       "|+n|"},
      {"a new child that inherits has it",
       {TableIn("p", kOwn, kOwn), New(TableIn("n", {}, kInherited, {}, {"p"}))},
       "||"},
      {"a new child whose constraint is not valid",
       {TableIn("p", kOwnNotValid, kOwnNotValid),
        New(TableIn("n", {}, kInheritedNotValid, {}, {"p"}))},
       "-p||+p"},
      {"a detached partition loses it",
       {TableIn("p", kOwn, kOwn), Partition(TableIn("c", kInherited, {}, {"p"}, {}))},
       "-c||"},
      {"or keeps it as its own",
       {TableIn("p", kOwn, kOwn), Partition(TableIn("c", kInherited, kOwn, {"p"}, {}))},
       "||"},
      {"a dropped parent",
       {Dropped(TableIn("p", kOwn, {})), TableIn("c", kInherited, {}, {"p"}, {})},
       "-c||"},
      {"an attached partition",
       {TableIn("p", kOwn, kOwn), Partition(TableIn("c", kOwn, kInherited, {}, {"p"}))},
       "||"},
      {"a table that gets a parent and has nothing of its own",
       {TableIn("p", kOwn, kOwn), TableIn("c", kOwn, kInherited, {}, {"p"})},
       "-c -p||+p"},
      {"levels",
       {TableIn("p", {}, kOwn), TableIn("c", {}, kInherited, {"p"}, {"p"}),
        TableIn("g", kOwn, kOwn, {"c"}, {"c"})},
       "|+p|"},
  };
}

TEST(InheritedChecksTest, Plans) {
  for (const CheckCase& one : CheckCases()) {
    SCOPED_TRACE(one.title);
    EXPECT_EQ(PlanOf(one.tables), one.plan);
  }
}

// An application's partitions are in no definition, and follow their parent.
TEST(InheritedChecksTest, LeavesTablesAloneThatAreNotManaged) {
  TreeTable addition = Partition(TableIn("x", kInherited, {}, {"p"}, {}));
  addition.unmanaged = true;
  EXPECT_EQ(PlanOf({TableIn("p", kOwn, kOwn), addition}), "||");
  EXPECT_EQ(PlanOf({TableIn("p", kOwn, kOther), addition}), "-p|+p|");
}

// A valid constraint of a parent is valid in all children.
TEST(InheritedChecksTest, RefusesWhatNoStatementsGive) {
  EXPECT_EQ(PlanOf({TableIn("p", kOwn, kOwn),
                    TableIn("c", kInherited, kInheritedNotValid, {"p"}, {"p"})}),
            "refused");
}

}  // namespace
}  // namespace ballast::difference
