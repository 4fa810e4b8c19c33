// SPDX-License-Identifier: Apache-2.0
// `ballast fleet status`: reports the state of each database of a fleet. Changes nothing and takes
// no lock.
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
  std::optional<plan::Found> found;  // empty: the database was not reached
  std::vector<std::string> pending;
  std::vector<std::string> failed;
  std::vector<std::string> drift;
  std::vector<std::string> additions;
  std::optional<Error> refusal;  // the error that a deploy would return
  std::optional<Error> error;    // why it could not be observed

  // Current or ahead, without drift and without refusal.
  bool IsUpToDate() const;
};

struct FleetStatusReport : project::StrategySelection {
  std::optional<fleet::Shard> shard;
  std::vector<FleetStatusLine> targets;
  double duration_ms = 0;
  std::optional<Error> error;

  size_t UpToDateCount() const;  // number of targets that are up to date
};

// The report contains the first error of a target, if any, and errors as PrepareDeploy, ListMembers
// and ShardOf.
FleetStatusReport ReadFleetStatus(const FleetStatusOptions& options,
                                  const project::Invocation& invocation);

}  // namespace ballast::commands
