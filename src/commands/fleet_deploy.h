// SPDX-License-Identifier: Apache-2.0
// `ballast fleet deploy`: `ballast deploy` for many databases or schemas, in waves. The state is
// read from the databases themselves, so repeating the command continues where it stopped.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "commands/fleet.h"
#include "report/run_report.h"

namespace ballast::commands {

// Renders the document that --report-dir writes for a target.
using RenderReport = std::function<std::string(const DeployReport&)>;

struct FleetDeployOptions : FleetOptions {
  std::string canary;          // a number, a percentage, a group or a name
  std::string waves;           // "10,100,rest"
  std::string failure_budget;  // "3" or "5%"; empty: no failures allowed
  // After each wave that changed something; then the wave is observed again. For what an earlier
  // run has changed, the pause counts from that change.
  std::chrono::milliseconds pause{0};
  std::chrono::milliseconds canary_timeout{
      std::chrono::minutes(15)};  // for waiting for the canaries of other shards
  std::string report_dir;
  RenderReport render;
};

enum class FleetOutcome {
  kNotStarted,
  kApplied,      // everything was applied or recorded
  kNothing,      // current or ahead
  kPlanned,      // a dry run: a deploy would apply something
  kFailed,       // nothing was changed, except that its database may have been created
  kPartial,      // something was applied, but not everything
  kInterrupted,  // as kFailed
  kUnhealthy     // after the wave: not current, not as proven or not reachable
};
std::string_view NameOf(FleetOutcome outcome);  // "applied", "nothing", "not_started" …

struct FleetTargetReport {
  std::string name;
  std::string wave;
  FleetAddress address;
  FleetOutcome outcome = FleetOutcome::kNotStarted;
  std::optional<plan::Found> found;
  bool changed = false;  // by this run
  bool created = false;  // its database, by this run
  size_t applied = 0;    // number of migrations
  std::vector<std::string> drift;
  size_t additions = 0;
  std::string fingerprint;  // of the live catalog, if read
  double duration_ms = 0;
  std::vector<std::string> notices;
  std::optional<Error> error;
  std::vector<std::string> remedies;  // of the error, if it is a refusal
};

struct FleetWaveReport {
  std::string name;
  size_t targets = 0;
  size_t failed = 0;
  size_t not_started = 0;
};

struct FleetDeployReport : project::StrategySelection {
  std::optional<fleet::Shard> shard;
  size_t budget = 0;
  std::vector<FleetWaveReport> waves;
  std::vector<FleetTargetReport> targets;  // of this shard, in wave order
  bool dry_run = false;
  bool accepts_drift = false;  // --allow-drift
  report::RunReport run;       // of the fleet; each target's journal has that of its own deploy
  std::optional<Error> error;
  std::vector<std::string> remedies;  // those of its hint, if a target failed

  size_t Count(FleetOutcome outcome) const;
  bool HasChanged() const;  // any target
  size_t Failed() const;    // targets that count against the failure budget
};

// B703 if some targets were changed and others failed or were not started; if nothing was changed
// anywhere, the code of the first failure. Errors of PrepareDeploy, ListMembers and ShardOf are
// reported before any target is changed.
FleetDeployReport DeployFleet(const FleetDeployOptions& options,
                              const project::Invocation& invocation);

}  // namespace ballast::commands
