// SPDX-License-Identifier: Apache-2.0
#include "cli/render_fleet.h"
#include "cli/render_json_internal.h"

namespace ballast::cli {
namespace {

Json AddressJson(const commands::FleetAddress& address) {
  if (address.database.empty()) return nullptr;
  return {{"server", address.server},
          {"database", address.database},
          {"schema", OrNull(address.schema)}};
}

Json ShardJson(const std::optional<fleet::Shard>& shard) {
  if (!shard) return nullptr;
  return {{"index", shard->index + 1}, {"count", shard->count}, {"source", shard->source}};
}

Json FoundJson(const std::optional<plan::Found>& found) {
  return found ? Json(plan::NameOf(*found)) : Json();
}

Json Head(const project::StrategySelection& selection) {
  Json json;
  json["strategy"] = selection.strategy ? Json(plan::NameOf(*selection.strategy)) : Json();
  json["strategy_reason"] = selection.strategy_reason;
  json["release"] = nullptr;
  if (selection.release) {
    json["release"] = {{"version", selection.release->version},
                       {"migration_count", selection.release->migration_count}};
  }
  return json;
}

Json TargetJson(const commands::FleetTargetReport& line) {
  return {{"name", line.name},
          {"target", AddressJson(line.address)},
          {"wave", line.wave},
          {"outcome", NameOf(line.outcome)},
          {"found", FoundJson(line.found)},
          {"applied", line.applied},
          {"drift", line.drift},
          {"additions", line.additions},
          {"fingerprint", OrNull(line.fingerprint)},
          {"duration_ms", line.duration_ms},
          {"notices", line.notices},
          {"error", ErrorJson(line.error)}};
}

Json TargetJson(const commands::FleetStatusLine& line) {
  const auto known = [&](const std::vector<std::string>& list) {
    return line.found ? Json(list) : Json();
  };
  return {{"name", line.name},
          {"groups", line.groups},
          {"labels", line.labels},
          {"target", AddressJson(line.address)},
          {"found", FoundJson(line.found)},
          {"pending", known(line.pending)},
          {"failed", known(line.failed)},
          {"drift", known(line.drift)},
          {"additions", known(line.additions)},
          {"refusal", ErrorJson(line.refusal)},
          {"error", ErrorJson(line.error)}};
}

template <class Line>
Json TargetsJson(const std::vector<Line>& targets) {
  Json json = Json::array();
  for (const Line& line : targets) json.push_back(TargetJson(line));
  return json;
}

Json CountsJson(const commands::FleetDeployReport& report) {
  using commands::FleetOutcome;
  Json counts;
  counts["targets"] = report.targets.size();
  for (const FleetOutcome outcome :
       {FleetOutcome::kApplied, FleetOutcome::kNothing, FleetOutcome::kPlanned,
        FleetOutcome::kFailed, FleetOutcome::kPartial, FleetOutcome::kUnhealthy,
        FleetOutcome::kInterrupted, FleetOutcome::kNotStarted}) {
    counts[std::string(NameOf(outcome))] = report.Count(outcome);
  }
  return counts;
}

}  // namespace

std::string RenderJson(const commands::FleetDeployReport& report) {
  Json json = Head(report);
  json["shard"] = ShardJson(report.shard);
  json["dry_run"] = report.dry_run;
  json["counts"] = CountsJson(report);
  json["failure_budget"] = report.budget;
  json["waves"] = Json::array();
  for (const commands::FleetWaveReport& wave : report.waves) {
    json["waves"].push_back({{"name", wave.name},
                             {"targets", wave.targets},
                             {"failed", wave.failed},
                             {"not_started", wave.not_started}});
  }
  json["targets"] = TargetsJson(report.targets);
  json["duration_ms"] = report.run.duration_ms.value_or(0);
  json["notices"] = report.notices;
  json["error"] = ErrorJson(report.error);
  return JsonText(json);
}

std::string RenderJson(const commands::FleetStatusReport& report) {
  Json json = Head(report);
  json["shard"] = ShardJson(report.shard);
  json["counts"] = {{"targets", report.targets.size()}, {"as_wanted", report.UpToDateCount()}};
  json["targets"] = TargetsJson(report.targets);
  json["duration_ms"] = report.duration_ms;
  json["notices"] = report.notices;
  json["error"] = ErrorJson(report.error);
  return JsonText(json);
}

}  // namespace ballast::cli
