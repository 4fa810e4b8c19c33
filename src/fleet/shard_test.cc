// SPDX-License-Identifier: Apache-2.0
#include "fleet/shard.h"

#include <gtest/gtest.h>

namespace ballast::fleet {
namespace {

struct Case {
  const char* option;
  int count;
  workspace::Variables environment;
  const char* shard;  // "2/4 by --shard"; "": all of the fleet; null: refused
};

std::string Text(const std::optional<Shard>& shard) {
  if (!shard) return "";
  return std::to_string(shard->index + 1) + "/" + std::to_string(shard->count) + " by " +
         shard->source;
}

TEST(Shard, IsTakenFromTheOptionOrTheJob) {
  const workspace::Variables one_task = {{"SLURM_ARRAY_TASK_ID", "3"},
                                         {"SLURM_ARRAY_TASK_MIN", "3"},
                                         {"SLURM_ARRAY_TASK_MAX", "3"},
                                         {"SLURM_ARRAY_TASK_STEP", "1"},
                                         {"SLURM_ARRAY_TASK_COUNT", "1"}};  // sbatch --array=3
  const Case cases[] = {
      {"", 0, {}, ""},
      {"", 1, {}, ""},
      {"2/4", 0, {}, "2/4 by --shard"},
      {"1/1", 0, {}, "1/1 by --shard"},
      {"2/4", 0, {{"JOB_COMPLETION_INDEX", "0"}}, "2/4 by --shard"},
      {"2/4", 4, {}, "2/4 by --shard"},
      {"1/3", 4, {}, nullptr},
      {"0/4", 0, {}, nullptr},
      {"5/4", 0, {}, nullptr},
      {"1/0", 0, {}, nullptr},
      {"1", 0, {}, nullptr},
      {"a/b", 0, {}, nullptr},
      {"1/4x", 0, {}, nullptr},
      {"", 4, {}, nullptr},
      {"", 4, {{"JOB_COMPLETION_INDEX", "3"}}, "4/4 by JOB_COMPLETION_INDEX"},
      {"",
       0,
       {{"JOB_COMPLETION_INDEX", "0"}, {"JOB_COMPLETIONS", "8"}},
       "1/8 by JOB_COMPLETION_INDEX"},
      {"",
       8,
       {{"JOB_COMPLETION_INDEX", "0"}, {"JOB_COMPLETIONS", "8"}},
       "1/8 by JOB_COMPLETION_INDEX"},
      // Half of the shards would have no pod.
      {"", 8, {{"JOB_COMPLETION_INDEX", "1"}, {"JOB_COMPLETIONS", "4"}}, nullptr},
      {"", 0, {{"JOB_COMPLETION_INDEX", "0"}}, nullptr},
      {"", 4, {{"JOB_COMPLETION_INDEX", "4"}}, nullptr},
      {"", 4, {{"JOB_COMPLETION_INDEX", ""}}, nullptr},
      {"",
       0,
       {{"SLURM_ARRAY_TASK_ID", "5"},
        {"SLURM_ARRAY_TASK_MIN", "1"},
        {"SLURM_ARRAY_TASK_COUNT", "8"}},
       "5/8 by SLURM_ARRAY_TASK_ID"},
      {"",
       0,
       {{"SLURM_ARRAY_TASK_ID", "6"},
        {"SLURM_ARRAY_TASK_MIN", "0"},
        {"SLURM_ARRAY_TASK_COUNT", "4"},
        {"SLURM_ARRAY_TASK_STEP", "2"}},
       "4/4 by SLURM_ARRAY_TASK_ID"},
      {"", 8, {{"SLURM_ARRAY_TASK_ID", "0"}}, "1/8 by SLURM_ARRAY_TASK_ID"},
      {"", 0, {{"SLURM_ARRAY_TASK_ID", "7"}}, nullptr},
      {"", 0, {{"JOB_COMPLETIONS", "4"}}, nullptr},
      {"", 4, {{"JOB_COMPLETIONS", "4"}}, nullptr},
      {"2/4", 0, {{"JOB_COMPLETIONS", "4"}}, "2/4 by --shard"},
      {"", 0, {{"SLURM_ARRAY_TASK_COUNT", "4"}}, nullptr},
      {"",
       0,
       {{"SLURM_ARRAY_TASK_COUNT", "4"},
        {"SLURM_ARRAY_TASK_MIN", "0"},
        {"SLURM_ARRAY_TASK_STEP", "1"}},
       nullptr},
      // Shards that were killed and are started again: --array=3, --array=3-4, --array=0,3.
      {"", 0, one_task, nullptr},
      {"", 8, one_task, "4/8 by SLURM_ARRAY_TASK_ID"},
      {"",
       0,
       {{"SLURM_ARRAY_TASK_ID", "0"},
        {"SLURM_ARRAY_TASK_MIN", "0"},
        {"SLURM_ARRAY_TASK_COUNT", "1"}},
       nullptr},
      {"",
       0,
       {{"SLURM_ARRAY_TASK_ID", "4"},
        {"SLURM_ARRAY_TASK_MIN", "3"},
        {"SLURM_ARRAY_TASK_COUNT", "2"}},
       nullptr},
      {"",
       0,
       {{"SLURM_ARRAY_TASK_ID", "0"},
        {"SLURM_ARRAY_TASK_MIN", "0"},
        {"SLURM_ARRAY_TASK_MAX", "3"},
        {"SLURM_ARRAY_TASK_COUNT", "2"}},
       nullptr},
      // An array with gaps: 1,3,7.
      {"",
       0,
       {{"SLURM_ARRAY_TASK_ID", "7"},
        {"SLURM_ARRAY_TASK_MIN", "1"},
        {"SLURM_ARRAY_TASK_COUNT", "3"}},
       nullptr},
  };
  for (const Case& one : cases) {
    const auto shard = ShardOf(one.option, one.count, one.environment);
    if (one.shard == nullptr) {
      EXPECT_FALSE(shard.ok()) << one.option;
    } else {
      ASSERT_TRUE(shard.ok()) << one.option << ": " << shard.error().message;
      EXPECT_EQ(Text(*shard), one.shard);
    }
  }
}

TEST(Shard, NamesAnIndexThatIsNone) {
  for (const char* index : {"x", "-1", ""}) {
    const auto shard = ShardOf("", 4, {{"JOB_COMPLETION_INDEX", index}});
    ASSERT_FALSE(shard.ok()) << index;
    EXPECT_EQ(shard.error().message,
              std::string("JOB_COMPLETION_INDEX is not an index: \"") + index + "\"");
  }
}

TEST(Shard, EveryNameIsInOneOfThem) {
  for (const int count : {1, 2, 3, 8, 100}) {
    std::vector<int> sizes(static_cast<size_t>(count));
    for (int name = 0; name < 1000; ++name) {
      int held = 0;
      for (int index = 0; index < count; ++index) {
        if (!IsInShard({index, count, ""}, "tenant_" + std::to_string(name))) continue;
        ++held;
        ++sizes[static_cast<size_t>(index)];
      }
      EXPECT_EQ(held, 1);
    }
    for (const int size : sizes) EXPECT_GT(size, 500 / count / 2) << count;
  }
}

}  // namespace
}  // namespace ballast::fleet
