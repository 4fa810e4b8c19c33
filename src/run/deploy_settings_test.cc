// SPDX-License-Identifier: Apache-2.0
#include "run/deploy_settings.h"

#include <gtest/gtest.h>

namespace ballast::run {
namespace {

using std::chrono::milliseconds;

TEST(DeploySettingsTest, AnOptionHasPriorityOverTheFile) {
  const milliseconds wait = postgres::ObserveOptions().lock_wait;
  struct Case {
    std::optional<milliseconds> option;
    std::optional<int64_t> file;
    milliseconds lock_wait, lock_timeout;
  };
  for (const auto& [option, file, lock_wait, lock_timeout] :
       {Case{{}, {}, wait, milliseconds(7)},
        {{}, 200, milliseconds(200), milliseconds(200)},
        {milliseconds(100), 200, milliseconds(100), milliseconds(100)},
        {milliseconds(0), 200, milliseconds(0), milliseconds(0)}}) {
    workspace::Config config;
    config.lock_timeout_ms = file;
    const auto settings = TimeoutSettings(option, {}, config, milliseconds(7));
    EXPECT_EQ(settings.lock_wait, lock_wait);
    EXPECT_EQ(settings.lock_timeout, lock_timeout);
    EXPECT_EQ(settings.statement_timeout, milliseconds(0));
  }
}

TEST(DeploySettingsTest, StatementsHaveNoTimeoutByDefault) {
  workspace::Config config;
  EXPECT_EQ(ObserveSettings({}, config).statement_timeout, milliseconds(0));
  config.statement_timeout_ms = 300;
  EXPECT_EQ(ObserveSettings({}, config).statement_timeout, milliseconds(300));
  DeployOptions options;
  options.statement_timeout = milliseconds(400);
  EXPECT_EQ(ObserveSettings(options, config).statement_timeout, milliseconds(400));
}

// A deploy that waits for the lock holds a connection meanwhile, so it also waits for one.
TEST(DeploySettingsTest, WaitsForAConnectionAsLongAsForTheLock) {
  DeployOptions options;
  options.lock_timeout = milliseconds(5000);
  EXPECT_EQ(ConnectSettings(options, {}, milliseconds(0)).timeout_when_full, milliseconds(5000));
  EXPECT_FALSE(ConnectSettings(options, {}, milliseconds(0)).silent_is_full);
  options.wait_when_full = milliseconds(9000);
  EXPECT_EQ(ConnectSettings(options, {}, milliseconds(0)).timeout_when_full, milliseconds(9000));
  EXPECT_TRUE(ConnectSettings(options, {}, milliseconds(0)).silent_is_full);
}

// A dry run has to show drift, so it never skips the comparison.
TEST(DeploySettingsTest, ADryRunComparesTheCatalog) {
  DeployOptions options;
  options.shortcuts = {.rows_first = true, .relies_on_end = true};
  const assess::AssessOptions deploy = AssessSettings(options, {}, {});
  EXPECT_EQ(deploy.purpose, assess::Purpose::kDeploy);
  EXPECT_TRUE(deploy.shortcuts.rows_first && deploy.shortcuts.relies_on_end);
  EXPECT_FALSE(deploy.policy.foresees_split);
  options.dry_run = true;
  const assess::AssessOptions dry_run = AssessSettings(options, {}, {});
  EXPECT_EQ(dry_run.purpose, assess::Purpose::kDryRun);
  EXPECT_FALSE(dry_run.shortcuts.rows_first || dry_run.shortcuts.relies_on_end);
  EXPECT_TRUE(dry_run.policy.foresees_split);
}

}  // namespace
}  // namespace ballast::run
