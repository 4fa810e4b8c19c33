// SPDX-License-Identifier: Apache-2.0
// `ballast fleet status`: reports the state of each database of a fleet. Changes nothing and takes
// no lock.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assess/summary.h"
#include "commands/fleet.h"

namespace ballast::commands {

struct FleetStatusOptions : FleetOptions {};

struct FleetStatusLine : assess::Summary {
  std::string name;
  std::vector<std::string> groups;
  std::map<std::string, std::string> labels;
  FleetAddress address;
  std::optional<Error> error;  // why it could not be observed

  // The target was observed and is up to date.
  bool IsUpToDate() const { return Summary::IsUpToDate() && !error; }
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
