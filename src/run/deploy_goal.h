// SPDX-License-Identifier: Apache-2.0
// What a deploy is asked to reach, and what it may accept. `deploy` carries it out; `status` and
// `fleet` report what it would do, with the same values.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "plan/intent.h"
#include "release/replay_mode.h"

namespace ballast::run {

struct DeployGoal {
  std::string strategy;  // "", "auto", "release", "development", "history"
  std::string branch;
  std::string to;                                  // the last migration, or the release's version
  std::optional<release::ReplayMode> replay_mode;  // empty: kAuto
  std::vector<std::string> trusted_keys;           // public keys, or files of them
  bool adopt = false;
  bool strict = false;       // refuse a database that is ahead, and additions
  bool allow_drift = false;  // accept managed objects that are missing or changed
};

plan::Policy PolicyOf(const DeployGoal& goal, const plan::RefusedScripts& refused = {});

// The command line of the deploy with this goal: "ballast deploy --strategy release".
std::string DeployCommand(const DeployGoal& goal);

}  // namespace ballast::run
