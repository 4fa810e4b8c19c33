// SPDX-License-Identifier: Apache-2.0
// `ballast fleet status`: where each database of a fleet stands. It changes nothing and takes no
// lock.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/fleet.h"
#include "plan/plan.h"

namespace ballast::commands {

struct FleetStatusOptions : FleetOptions {};

struct FleetStatusLine {
  std::string name;
  std::vector<std::string> groups;
  std::map<std::string, std::string> labels;
  FleetAddress address;
  std::optional<plan::Found> found;  // empty: it was not reached
  std::vector<std::string> pending;
  std::vector<std::string> failed;
  std::vector<std::string> drift;
  std::vector<std::string> additions;
  std::optional<Error> refusal;  // what a deploy would say
  std::optional<Error> error;    // why it could not be looked at

  // Current or ahead, without drift, and nothing in the way.
  bool IsAsWanted() const;
};

struct FleetStatusReport : project::StrategySelection {
  std::optional<fleet::Shard> shard;
  std::vector<FleetStatusLine> targets;
  double duration_ms = 0;
  std::optional<Error> error;

  size_t Wanted() const;  // how many are as wanted
};

// With an error of the first target that could not be looked at, if there is one. The errors of
// PrepareDeploy, ListMembers and ShardOf.
FleetStatusReport ReadFleetStatus(const FleetStatusOptions& options,
                                  const project::Invocation& invocation);

}  // namespace ballast::commands
