// SPDX-License-Identifier: Apache-2.0
#include "serve/documents_json.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "base/version.h"
#include "report/check_run_report.h"

namespace ballast::serve {
namespace {

using Json = nlohmann::ordered_json;

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

Json TimeOf(const std::optional<Clock::time_point>& time) {
  return time ? Json(TimeText(*time)) : Json();
}

Json ErrorOf(const std::optional<Error>& error) {
  if (!error) return nullptr;
  return {{"code", CodeOf(error->code)}, {"message", error->message}, {"hint", error->hint}};
}

Json OrNull(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json PortOf(const std::string& text) {
  int port = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
  return failed == std::errc() && end == text.data() + text.size() ? Json(port) : Json();
}

// What a database waits for, as a sentence; or empty.
std::string WaitsFor(const DatabaseState& state, const Staleness& staleness) {
  if (staleness.stale) return fmt::format("no answer for {} s", staleness.age.count() / 1000);
  const std::vector<std::string> reasons = state.Reasons();
  if (reasons.empty()) return state.lock_wait;
  return state.remedies.empty() ? reasons.front()
                                : fmt::format("{}; {}", reasons.front(), state.remedies.front());
}

std::string StateName(const DatabaseState& state, const Staleness& staleness) {
  if (staleness.stale) return "unreachable";
  if (state.error) {
    if (state.obstacle == Obstacle::kLock) return "blocked";
    return state.obstacle == Obstacle::kSettings ? "error" : "unreachable";
  }
  if (!state.found) return "loading";
  if (!state.drift.empty()) return "drifted";
  return std::string(plan::NameOf(*state.found));
}

Json ShortOf(const StateView& view, size_t index) {
  const DatabaseState& state = *view.databases[index];
  const Staleness& staleness = view.staleness[index];
  const bool known = view.KnownAt(index);
  const bool compared = known && state.compared;
  const auto count = [](bool is_known, size_t number) { return is_known ? Json(number) : Json(); };
  return {{"name", state.name},
          {"group", OrNull(state.group)},
          {"project", OrNull(state.project)},
          {"state", StateName(state, staleness)},
          {"ready", view.ReadyAt(index)},
          {"waits_for", OrNull(WaitsFor(state, staleness))},
          {"strategy", state.strategy ? Json(plan::NameOf(*state.strategy)) : Json(nullptr)},
          {"release", OrNull(state.release)},
          {"recorded", OrNull(state.recorded)},
          {"pending", count(known, state.pending.size())},
          {"failed", count(known, state.failed.size())},
          {"drift", count(compared, state.drift.size())},
          {"additions", count(compared, state.addition_objects.size())},
          {"looked_at", TimeOf(state.looked_at)},
          {"lock_wait", OrNull(state.lock_wait)},
          {"took_ms", state.took.count()}};
}

Json DifferencesOf(const std::vector<ObjectDifference>& differences) {
  Json list = Json::array();
  for (const ObjectDifference& difference : differences) {
    list.push_back({{"object", difference.object},
                    {"kind", difference.kind},
                    {"change", catalog::NameOf(difference.change)},
                    {"words", difference.text},
                    {"expected", OrNull(difference.expected)},
                    {"actual", OrNull(difference.actual)}});
  }
  return list;
}

Json FigureOf(const report::KeyFigure& figure) {
  return {{"name", figure.name},
          {"unit", figure.unit},
          {"value", figure.value ? Json(*figure.value) : Json(nullptr)},
          {"warn", figure.threshold.warn},
          {"alert", figure.threshold.alert},
          {"level", NameOf(figure.level)},
          {"detail", OrNull(figure.detail)}};
}

Json FigureList(const std::vector<report::KeyFigure>& figures) {
  Json list = Json::array();
  for (const report::KeyFigure& figure : figures) list.push_back(FigureOf(figure));
  return list;
}

std::string_view NameOf(PathNodeKind kind) {
  switch (kind) {
    case PathNodeKind::kEmpty:
      return "empty";
    case PathNodeKind::kRelease:
      return "release";
    case PathNodeKind::kUnproven:
      return "unproven";
  }
  return "";
}

// The databases at a node, according to their rows.
Json DatabasesAt(const StateView& view, const PackageState& package, const PathNode& node,
                 bool is_newest) {
  Json names = Json::array();
  for (const DatabasePtr& database : view.databases) {
    if (database->project != package.project || database->error) continue;
    const bool empty = node.kind == PathNodeKind::kEmpty && database->found == plan::Found::kFresh;
    const bool recorded =
        !database->recorded_version.empty() && database->recorded_version == node.name;
    const bool newest = is_newest && database->records_goal;
    if (empty || recorded || newest) names.push_back(database->name);
  }
  return names;
}

Json PathsOf(const StateView& view, const PackageState& package) {
  Json nodes = Json::array();
  for (size_t i = 0; i < package.nodes.size(); ++i) {
    const PathNode& node = package.nodes[i];
    nodes.push_back(
        {{"id", i},
         {"name", node.name},
         {"kind", NameOf(node.kind)},
         {"fingerprint", OrNull(node.fingerprint)},
         {"migrations", node.migrations},
         {"databases", DatabasesAt(view, package, node, node.name == package.version)}});
  }
  Json edges = Json::array();
  for (const PathEdge& edge : package.edges) {
    edges.push_back(
        {{"from", edge.from}, {"to", edge.to}, {"proven", edge.proven}, {"why", edge.why}});
  }
  return {{"nodes", nodes}, {"edges", edges}};
}

// The name under which the target of a run is watched; empty if it is not.
std::string WatchedName(const report::RunReport& report, const StateView& view) {
  if (!report.target) return {};
  const report::Target& target = *report.target;
  for (const DatabasePtr& database : view.databases) {
    const bool same = database->host == target.host &&
                      database->port == std::to_string(target.port) &&
                      database->database == target.database &&
                      (target.schema.empty() || database->schema == target.schema);
    if (same) return database->name;
  }
  return {};
}

}  // namespace

std::string TimeText(Clock::time_point time) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch());
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(Clock::to_time_t(time)),
                     ms.count() % 1000);
}

std::string OverviewJson(const StateView& view, const Settings& settings,
                         const std::vector<report::KeyFigure>& figures) {
  Json databases = Json::array();
  for (size_t i = 0; i < view.databases.size(); ++i) databases.push_back(ShortOf(view, i));
  Json packages = Json::array();
  for (const PackagePtr& package : view.packages) {
    packages.push_back({{"project", OrNull(package->project)},
                        {"present", package->present},
                        {"version", OrNull(package->version)},
                        {"intact", package->Intact()},
                        {"newer_migrations", package->newer_migrations.size()},
                        {"error", ErrorOf(package->error)}});
  }
  const std::vector<std::string> reasons = view.Reasons();
  return Dump({{"version", kVersion},
               {"revision", view.version},
               {"interval_ms", settings.interval.count()},
               {"ready", reasons.empty()},
               {"reasons", reasons},
               {"databases", databases},
               {"packages", packages},
               {"figures", FigureList(figures)}});
}

std::string DatabaseJson(const StateView& view, size_t index) {
  const DatabaseState& state = *view.databases[index];
  Json json = ShortOf(view, index);
  json["target"] = {{"host", state.host},         {"port", PortOf(state.port)},
                    {"database", state.database}, {"schema", state.schema},
                    {"role", state.role},         {"server_version", state.server_version}};
  json["reasons"] = state.Reasons();
  const bool known = view.KnownAt(index);
  json["pending"] = known ? Json(state.pending) : Json();
  json["failed"] = known ? Json(state.failed) : Json();
  json["unknown"] = known ? Json(state.unknown) : Json();
  const bool compared = known && state.compared;
  json["drift"] = compared ? DifferencesOf(state.drift_objects) : Json();
  json["additions"] = compared ? DifferencesOf(state.addition_objects) : Json();
  json["notices"] = state.notices;
  json["remedies"] = state.remedies;
  json["refusal"] = ErrorOf(state.refusal);
  json["error"] = ErrorOf(state.error);
  json["fingerprint"] = {{"expected", OrNull(state.fingerprint_expected)},
                         {"actual", OrNull(state.fingerprint_actual)}};
  return Dump(json);
}

std::string PackagesJson(const StateView& view) {
  Json list = Json::array();
  for (const PackagePtr& package : view.packages) {
    list.push_back({{"project", OrNull(package->project)},
                    {"folder", package->folder},
                    {"present", package->present},
                    {"intact", package->Intact()},
                    {"error", ErrorOf(package->error)},
                    {"looked_at", TimeOf(package->looked_at)},
                    {"version", OrNull(package->version)},
                    {"generated_at", OrNull(package->generated_at)},
                    {"baseline_includes_up_to", OrNull(package->baseline_includes_up_to)},
                    {"migration_count", package->migration_count},
                    {"baseline_lines", package->baseline_lines},
                    {"files", package->files},
                    {"fingerprint", OrNull(package->fingerprint)},
                    {"tool", OrNull(package->tool)},
                    {"commit", OrNull(package->commit)},
                    {"sealed_by", OrNull(package->sealed_by)},
                    {"hotfixes", package->hotfixes},
                    {"unproven_hotfixes", package->unproven},
                    {"proof", {{"servers", package->proven_on}, {"compared", package->compared}}},
                    {"newer_migrations", package->newer_migrations},
                    {"paths", PathsOf(view, *package)}});
  }
  return Dump({{"packages", list}});
}

std::string RunsJson(const std::vector<StoredRun>& runs) {
  Json list = Json::array();
  for (const StoredRun& run : runs) {
    Json report = Json::parse(run.report, nullptr, false);
    if (!report.is_object()) continue;
    report["name"] = OrNull(run.database);
    list.push_back(std::move(report));
  }
  return Dump({{"runs", list}});
}

std::string FiguresJson(const std::vector<report::KeyFigure>& figures) {
  return Dump({{"figures", FigureList(figures)}});
}

std::string SamplesJson(const std::vector<Sample>& samples) {
  Json list = Json::array();
  for (const Sample& s : samples) {
    list.push_back({{"at", s.at},
                    {"ready", s.ready},
                    {"reachable", s.reachable},
                    {"pending", s.reachable && s.pending >= 0 ? Json(s.pending) : Json()},
                    {"drift", s.reachable && s.drift >= 0 ? Json(s.drift) : Json()},
                    {"additions", s.reachable && s.additions >= 0 ? Json(s.additions) : Json()},
                    {"took_ms", s.took_ms}});
  }
  return Dump({{"samples", list}});
}

std::string ReadyJson(const StateView& view, bool detailed) {
  const std::vector<std::string> reasons = view.Reasons();
  Json json = {{"ready", reasons.empty()}};
  if (!detailed) return Dump(json);
  json["reasons"] = reasons;
  Json databases = Json::array();
  for (size_t i = 0; i < view.databases.size(); ++i) {
    databases.push_back({{"name", view.databases[i]->name},
                         {"ready", view.ReadyAt(i)},
                         {"state", StateName(*view.databases[i], view.staleness[i])},
                         {"looked_at", TimeOf(view.databases[i]->looked_at)},
                         {"lock_wait", OrNull(view.databases[i]->lock_wait)}});
  }
  json["databases"] = databases;
  return Dump(json);
}

std::string HealthJson(int64_t uptime_seconds) {
  return Dump({{"status", "ok"}, {"version", kVersion}, {"uptime_s", uptime_seconds}});
}

std::string ErrorJson(const std::string& code, const std::string& message,
                      const std::string& hint) {
  return Dump({{"error", {{"code", code}, {"message", message}, {"hint", hint}}}});
}

std::optional<std::string> ReadPostedReport(const std::string& body, const StateView& view,
                                            StoredRun& run) {
  std::string wrong;
  std::optional<report::RunReport> report = report::ParseRunReport(body, &wrong);
  if (!report) {
    if (wrong.empty()) return "the body is not a run report";
    return fmt::format("the body is not a run report: {} is missing or has a wrong value", wrong);
  }
  if (const auto field = report::CheckRunReport(*report, report::TimeNow())) {
    return fmt::format("the body is not a run report: {} is not {}", field->name, field->expected);
  }
  report::TidyTexts(*report);
  run.run = report->run;
  run.database = WatchedName(*report, view);
  run.command = report->command;
  run.outcome = report::NameOf(report->outcome);
  run.started_at = report->started_at;
  run.report = report::ToJson(*report);
  return std::nullopt;
}

}  // namespace ballast::serve
