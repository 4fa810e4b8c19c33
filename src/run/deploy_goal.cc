// SPDX-License-Identifier: Apache-2.0
#include "run/deploy_goal.h"

#include "base/shell_word.h"

namespace ballast::run {

plan::Policy PolicyOf(const DeployGoal& goal, const plan::RefusedScripts& refused) {
  return {.adopt = goal.adopt,
          .strict = goal.strict,
          .replay = goal.replay_mode.value_or(release::ReplayMode::kAuto),
          .refused = refused,
          .allow_drift = goal.allow_drift,
          .adopts_named = goal.adopt && !goal.to.empty()};
}

std::string DeployCommand(const DeployGoal& goal) {
  std::string command = "ballast deploy";
  const auto add = [&](const char* option, const std::string& value) {
    if (!value.empty()) command += std::string(" ") + option + " " + ShellWord(value);
  };
  add("--strategy", goal.strategy);
  add("--branch", goal.branch);
  add("--to", goal.to);
  if (goal.replay_mode) add("--replay-mode", std::string(NameOf(*goal.replay_mode)));
  for (const std::string& key : goal.trusted_keys) add("--trusted-key", key);
  if (goal.adopt) command += " --adopt";
  if (goal.strict) command += " --strict";
  if (goal.allow_drift) command += " --allow-drift";
  return command;
}

}  // namespace ballast::run
