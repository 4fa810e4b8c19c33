// SPDX-License-Identifier: Apache-2.0
#include "report/stored_run.h"

#include <gtest/gtest.h>

namespace ballast::report {
namespace {

constexpr char kDeploy[] =
    R"({"run":"r","command":"deploy","outcome":"done","duration_ms":1,"stages":[],"migrations":[]})";

// "name: duration, …"; a duration that is not known is "?".
std::string MigrationsOf(const std::optional<RunReport>& report) {
  std::string text;
  for (const MigrationTime& time : report->migrations) {
    text += text.empty() ? "" : ", ";
    text += time.name + ": " +
            (time.duration_ms ? std::to_string(static_cast<int>(*time.duration_ms)) : "?");
  }
  return text;
}

TEST(StoredRunTest, HasWhatTheServerMeasured) {
  const std::string measured = R"({"apply_ms":12,"migrations":[{"name":"m2","duration_ms":5}],)"
                               R"("unrecorded":[{"name":"m1","duration_ms":3}]})";
  const auto report = ParseStoredRun({kDeploy, measured, 20.00049});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->duration_ms, 20);
  EXPECT_EQ(report->stages, (std::vector<Stage>{{"apply", 12}}));
  EXPECT_EQ(MigrationsOf(report), "m1: 3, m2: 5");
}

TEST(StoredRunTest, OnlyDeploysRunMigrationsWithoutRows) {
  const auto report = ParseStoredRun({R"({"run":"r","command":"repair","outcome":"done"})",
                                      R"({"unrecorded":[{"name":"repair","duration_ms":3}]})", 20});
  ASSERT_TRUE(report);
  EXPECT_EQ(MigrationsOf(report), "");
}

TEST(StoredRunTest, RunsWithoutMeasurementsAreAsWritten) {
  const auto report = ParseStoredRun({kDeploy, std::nullopt, 20});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->duration_ms, 1);
}

TEST(StoredRunTest, EntriesOfAJournalNameTheMigrations) {
  const auto report =
      ParseStoredRun({R"({"run":"r","command":"deploy","outcome":"done","entries":[)"
                      R"(["step_finished","m1",""],["deployed","m3","ran: m1, m2, m3"]]})",
                      std::nullopt, std::nullopt});
  ASSERT_TRUE(report);
  EXPECT_EQ(MigrationsOf(report), "m1: ?, m2: ?, m3: ?");
}

// Each role that deploys can write to the journal.
TEST(StoredRunTest, LeavesOutWhatCannotBe) {
  const StoredRun cases[] = {
      {kDeploy, R"({"apply_ms":"x"})", 20},
      {kDeploy, R"({"apply_ms":null})", 20},
      {kDeploy, R"({"migrations":[1]})", 20},
      {kDeploy, R"({"migrations":[{"name":2}]})", 20},
      {kDeploy, R"({"apply_ms":-1})", 20},
      {kDeploy, R"({"apply_ms":1e300})", 20},
      {kDeploy, "x", 20},
      {R"({"run":"r","command":"deploy","outcome":"done","entries":[1]})", std::nullopt,
       std::nullopt},
      {R"({"run":"r","command":"deploy","outcome":"done","duration_ms":-1})", std::nullopt, 20}};
  for (const StoredRun& stored : cases) {
    const auto report = ParseStoredRun(stored);
    ASSERT_TRUE(report) << stored.report;
    EXPECT_EQ(report->command, "deploy");
    EXPECT_TRUE(report->stages.empty()) << *stored.measured;
    EXPECT_EQ(MigrationsOf(report), "");
    EXPECT_GE(report->duration_ms.value_or(0), 0);
  }
}

TEST(StoredRunTest, RefusesWhatIsNoReport) {
  EXPECT_FALSE(ParseStoredRun({"[]", std::nullopt, std::nullopt}));
  EXPECT_FALSE(ParseStoredRun({R"({"run":"r"})", std::nullopt, std::nullopt}));
}

}  // namespace
}  // namespace ballast::report
