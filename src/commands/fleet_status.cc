// SPDX-License-Identifier: Apache-2.0
#include "commands/fleet_status.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/interruption.h"
#include "base/printed_command.h"
#include "base/stopwatch.h"
#include "base/text.h"
#include "run/deploy_goal.h"
#include "run/deploy_settings.h"
#include "run/prepared_deploy.h"

namespace ballast::commands {
namespace {

Status ObserveTargets(const FleetStatusOptions& options, const project::Invocation& invocation,
                      FleetStatusReport& report) {
  SerialProgress progress(*invocation.progress);
  run::PreparedDeploy prepared;
  const Status loaded = run::PrepareDeploy(options.deploy, invocation, prepared);
  static_cast<project::StrategySelection&>(report) = prepared.selection;
  TRY(loaded);
  const project::ProjectContext& context = *prepared.context;
  TRY_ASSIGN(report.shard,
             fleet::ShardOf(options.shard, options.shards, context.environment.values));
  const postgres::ConnectOptions connect = run::ConnectSettings(
      options.deploy, context.project.config, options.deploy.wait_for_database);
  TRY_ASSIGN(std::vector<fleet::Member> members,
             fleet::ListMembers(options.selection, context, connect, progress));
  if (report.shard) {
    std::erase_if(members, [&](const fleet::Member& member) {
      return !fleet::IsInShard(*report.shard, member.name);
    });
  }
  std::vector<size_t> list(members.size());
  for (size_t i = 0; i < list.size(); ++i) list[i] = i;
  report.targets.resize(members.size());
  const std::string password_command = PasswordCommandOf(context);
  progress.Stage(fmt::format("checking {}", Counted(members.size(), "target")), members.size());
  const auto observe = [&](size_t i) -> Status {
    FleetStatusLine& line = report.targets[i];
    TRY_ASSIGN(const postgres::Target target, fleet::TargetOf(members[i], password_command));
    line.address = AddressOf(target);
    MemberProgress notices(members[i].name, progress);
    TRY_ASSIGN(const assess::Assessment assessment,
               run::AssessAt(target, options.deploy, assess::Purpose::kStatus, prepared, notices));
    static_cast<assess::Summary&>(line) =
        assess::Summarize(assessment, run::DeployCommand(options.deploy));
    const std::string url = fleet::UrlArgument(members[i], invocation.environment);
    for (std::string& remedy : line.remedies) remedy = WithDatabaseUrl(std::move(remedy), url);
    if (line.refusal && !line.remedies.empty()) line.refusal->hint = line.remedies.front();
    return {};
  };
  for (const size_t i : list) {
    report.targets[i].name = members[i].name;
    report.targets[i].groups = members[i].groups;
    report.targets[i].labels = fleet::ShownLabels(members[i]);
  }
  DoInParallel({list,
                {},
                options.parallel,
                [&](size_t i) {
                  Status observed = observe(i);
                  if (!observed) report.targets[i].error = std::move(observed).error();
                  progress.Advance(members[i].name);
                },
                [] { return true; }});
  return Interruption::Requested() ? Status(Interruption::AsError()) : Status();
}

// The error if some could not be observed.
std::optional<Error> Unreached(const FleetStatusReport& report) {
  const auto failed = [](const FleetStatusLine& line) { return line.error.has_value(); };
  const auto first = std::find_if(report.targets.begin(), report.targets.end(), failed);
  if (first == report.targets.end()) return std::nullopt;
  const long count = std::count_if(report.targets.begin(), report.targets.end(), failed);
  Error error = *first->error;
  error.message = fmt::format("{} of {} could not be observed; the first is \"{}\": {}", count,
                              Counted(report.targets.size(), "target"), first->name, error.message);
  return error;
}

}  // namespace

size_t FleetStatusReport::UpToDateCount() const {
  return static_cast<size_t>(
      std::count_if(targets.begin(), targets.end(),
                    [](const FleetStatusLine& line) { return line.IsUpToDate(); }));
}

FleetStatusReport ReadFleetStatus(const FleetStatusOptions& options,
                                  const project::Invocation& invocation) {
  Stopwatch watch;
  FleetStatusReport report;
  Status done = ObserveTargets(options, invocation, report);
  report.error = done ? Unreached(report) : std::optional<Error>(std::move(done).error());
  report.duration_ms = watch.Lap();
  return report;
}

}  // namespace ballast::commands
