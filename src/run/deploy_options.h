// SPDX-License-Identifier: Apache-2.0
// The options of a deploy: its goal, and how to reach it.
#pragma once

#include <chrono>
#include <optional>

#include "assess/assess.h"
#include "run/deploy_goal.h"

namespace ballast::run {

struct DeployOptions : DeployGoal {
  bool dry_run = false;
  bool sql = false;            // with dry_run: print the script
  bool from_template = false;  // create the database as a copy of a deployed template
  std::optional<std::chrono::milliseconds> lock_timeout;
  std::optional<std::chrono::milliseconds> statement_timeout;
  std::optional<std::chrono::milliseconds> connect_timeout;
  std::chrono::milliseconds wait_for_database{0};
  std::chrono::milliseconds wait_when_full{
      0};                       // for a free connection, in addition to the lock timeout
  bool create_database = true;  // if it does not exist; else P1003
  assess::Shortcuts shortcuts;  // a failure repeats the deploy without relies_on_end
};

}  // namespace ballast::run
