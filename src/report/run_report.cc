// SPDX-License-Identifier: Apache-2.0
#include "report/run_report.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>

namespace ballast::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::pair<Outcome, std::string_view> kOutcomes[] = {
    {Outcome::kDone, "done"},       {Outcome::kNothing, "nothing"},
    {Outcome::kRefused, "refused"}, {Outcome::kFailed, "failed"},
    {Outcome::kPartial, "partial"}, {Outcome::kInterrupted, "interrupted"}};

Json TextOrNull(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json TargetJson(const std::optional<Target>& target) {
  if (!target) return nullptr;
  return {{"host", target->host},         {"port", target->port},
          {"database", target->database}, {"schema", target->schema},
          {"role", target->role},         {"server_version", TextOrNull(target->server_version)}};
}

template <typename Timed>
Json TimesJson(const std::vector<Timed>& times) {
  Json json = Json::array();
  for (const Timed& time : times) {
    json.push_back({{"name", time.name}, {"duration_ms", time.duration_ms}});
  }
  return json;
}

Json OriginJson(const Origin& origin) {
  Json variables = Json::object();
  for (const auto& [name, value] : origin.variables) variables[name] = value;
  return {{"host", origin.host},
          {"user", origin.user},
          {"program", origin.program},
          {"variables", std::move(variables)}};
}

Json PackageJson(const std::optional<PackageMade>& package) {
  if (!package) return nullptr;
  return {{"migration_count", package->migration_count},
          {"baseline_includes_up_to", package->baseline_includes_up_to},
          {"fingerprint", package->fingerprint},
          {"changed", package->changed}};
}

Json ErrorJson(const RunReport& report) {
  if (report.code.empty()) return nullptr;
  return {{"code", report.code}, {"message", report.message}};
}

// Reads the members of an object; a missing or null one leaves the value as it is.
class Reader {
 public:
  explicit Reader(const Json& json) : json_(json) {}

  template <typename Value>
  void Into(const char* key, Value& value) const {
    const auto found = json_.find(key);
    if (found != json_.end() && !found->is_null()) value = found->template get<Value>();
  }
  const Json* Object(const char* key) const {
    const auto found = json_.find(key);
    return found != json_.end() && found->is_object() ? &*found : nullptr;
  }

 private:
  const Json& json_;
};

template <typename Timed>
void ReadTimes(const Json& json, const char* key, std::vector<Timed>& times) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_array()) return;
  for (const Json& time : *found) {
    Timed& read = times.emplace_back();
    time.at("name").get_to(read.name);
    time.at("duration_ms").get_to(read.duration_ms);
  }
}

Target ReadTarget(const Json& json) {
  Target target;
  const Reader reader(json);
  reader.Into("host", target.host);
  reader.Into("port", target.port);
  reader.Into("database", target.database);
  reader.Into("schema", target.schema);
  reader.Into("role", target.role);
  reader.Into("server_version", target.server_version);
  return target;
}

Origin ReadOrigin(const Json& json) {
  Origin origin;
  const Reader reader(json);
  reader.Into("host", origin.host);
  reader.Into("user", origin.user);
  reader.Into("program", origin.program);
  const Json* variables = reader.Object("variables");
  if (variables == nullptr) return origin;
  for (const auto& [name, value] : variables->items()) {
    origin.variables.emplace_back(name, value.get<std::string>());
  }
  return origin;
}

PackageMade ReadPackage(const Json& json) {
  PackageMade package;
  const Reader reader(json);
  reader.Into("migration_count", package.migration_count);
  reader.Into("baseline_includes_up_to", package.baseline_includes_up_to);
  reader.Into("fingerprint", package.fingerprint);
  reader.Into("changed", package.changed);
  return package;
}

void ReadParts(const Json& json, RunReport& report) {
  const Reader reader(json);
  if (const Json* error = reader.Object("error")) {
    Reader(*error).Into("code", report.code);
    Reader(*error).Into("message", report.message);
  }
  if (const Json* target = reader.Object("target")) report.target = ReadTarget(*target);
  if (const Json* package = reader.Object("package")) report.package = ReadPackage(*package);
  if (const Json* origin = reader.Object("origin")) report.origin = ReadOrigin(*origin);
  if (const Json* fingerprint = reader.Object("fingerprint")) {
    Reader(*fingerprint).Into("expected", report.fingerprint_expected);
    Reader(*fingerprint).Into("actual", report.fingerprint_actual);
  }
  ReadTimes(json, "stages", report.stages);
  ReadTimes(json, "migrations", report.migrations);
}

std::optional<RunReport> Read(const Json& json) {
  RunReport report;
  std::string outcome;
  const Reader reader(json);
  reader.Into("run", report.run);
  reader.Into("command", report.command);
  reader.Into("outcome", outcome);
  const std::optional<Outcome> known = OutcomeOf(outcome);
  if (report.run.empty() || report.command.empty() || !known) return std::nullopt;
  report.outcome = *known;
  reader.Into("started_at", report.started_at);
  reader.Into("duration_ms", report.duration_ms);
  reader.Into("project", report.project);
  reader.Into("strategy", report.strategy);
  reader.Into("found", report.found);
  reader.Into("release", report.release);
  reader.Into("release_before", report.release_before);
  reader.Into("recorded", report.recorded);
  reader.Into("drift", report.drift);
  reader.Into("additions", report.additions);
  reader.Into("round_trips", report.round_trips);
  ReadParts(json, report);
  return report;
}

}  // namespace

std::string_view NameOf(Outcome outcome) {
  for (const auto& [value, name] : kOutcomes) {
    if (value == outcome) return name;
  }
  return {};
}

std::optional<Outcome> OutcomeOf(std::string_view name) {
  for (const auto& [value, known] : kOutcomes) {
    if (known == name) return value;
  }
  return std::nullopt;
}

bool IsFailure(Outcome outcome) {
  return outcome != Outcome::kDone && outcome != Outcome::kNothing;
}

std::string ToJson(const RunReport& report) {
  Json json = {{"run", report.run},
               {"command", report.command},
               {"started_at", report.started_at},
               {"duration_ms", report.duration_ms},
               {"outcome", NameOf(report.outcome)},
               {"error", ErrorJson(report)},
               {"project", report.project},
               {"target", TargetJson(report.target)},
               {"strategy", TextOrNull(report.strategy)},
               {"found", TextOrNull(report.found)},
               {"release", TextOrNull(report.release)},
               {"release_before", TextOrNull(report.release_before)},
               {"recorded", report.recorded},
               {"stages", TimesJson(report.stages)},
               {"migrations", TimesJson(report.migrations)},
               {"drift", report.drift},
               {"additions", report.additions},
               {"fingerprint",
                {{"expected", TextOrNull(report.fingerprint_expected)},
                 {"actual", TextOrNull(report.fingerprint_actual)}}},
               {"round_trips", report.round_trips},
               {"package", PackageJson(report.package)},
               {"origin", OriginJson(report.origin)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<RunReport> ParseRunReport(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  try {
    return Read(json);
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

std::string TimeNow() {
  using std::chrono::milliseconds;
  const auto now = std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now());
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(now)),
                     now.time_since_epoch().count() % 1000);
}

}  // namespace ballast::report
