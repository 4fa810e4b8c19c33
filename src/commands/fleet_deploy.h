// SPDX-License-Identifier: Apache-2.0
// `ballast fleet deploy`: `ballast deploy` for many databases or schemas, wave by wave. What is
// done is known from the databases themselves, so the same command goes on where one ended.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "commands/fleet.h"
#include "report/run_report.h"

namespace ballast::commands {

// The document that --report-dir gets for a target.
using RenderReport = std::function<std::string(const DeployReport&)>;

struct FleetDeployOptions : FleetOptions {
  std::string canary;                  // a number, a percentage, a group or a name
  std::string waves;                   // "10,100,rest"
  std::string failure_budget;          // "3" or "5%"; empty: none may fail
  std::chrono::milliseconds pause{0};  // between waves; then the wave is looked at again
  std::chrono::milliseconds canary_timeout{std::chrono::minutes(15)};  // of the other shards
  std::string report_dir;
  RenderReport render;
};

enum class FleetOutcome {
  kNotStarted,
  kApplied,      // something was applied or recorded, and all of it
  kNothing,      // current or ahead
  kPlanned,      // a dry run: a deploy would apply something
  kFailed,       // nothing was changed
  kPartial,      // something was applied, and not all of it
  kInterrupted,  // nothing was changed
  kUnhealthy     // applied, and after the pause it was not current or could not be reached
};
std::string_view NameOf(FleetOutcome outcome);  // "applied", "nothing", "not_started" …

struct FleetTargetReport {
  std::string name;
  std::string wave;
  FleetAddress address;
  FleetOutcome outcome = FleetOutcome::kNotStarted;
  std::optional<plan::Found> found;
  size_t applied = 0;  // migrations
  std::vector<std::string> drift;
  size_t additions = 0;
  std::string fingerprint;  // of the live catalog, where it was read
  double duration_ms = 0;
  std::vector<std::string> notices;
  std::optional<Error> error;
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
  std::vector<FleetTargetReport> targets;  // of this shard, by waves
  bool dry_run = false;
  double duration_ms = 0;
  report::RunReport run;  // of the fleet; each target's journal has that of its own deploy
  std::optional<Error> error;

  size_t Count(FleetOutcome outcome) const;
  bool HasChanged() const;  // any target
  size_t Failed() const;    // all that count against the budget
};

// B703 when some targets were changed and others failed or were not started; when nothing was
// changed anywhere, the first failure's own code. The errors of PrepareDeploy, ListMembers and
// ShardOf come before any target is touched.
FleetDeployReport DeployFleet(const FleetDeployOptions& options,
                              const project::Invocation& invocation);

}  // namespace ballast::commands
