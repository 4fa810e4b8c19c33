// SPDX-License-Identifier: Apache-2.0
#include "report/run_report.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <climits>
#include <concepts>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "base/record_json.h"

namespace ballast::report {
namespace {

using Json = nlohmann::ordered_json;
using Variables = std::vector<std::pair<std::string, std::string>>;

constexpr std::pair<Outcome, std::string_view> kOutcomes[] = {
    {Outcome::kDone, "done"},       {Outcome::kNothing, "nothing"},
    {Outcome::kRefused, "refused"}, {Outcome::kFailed, "failed"},
    {Outcome::kPartial, "partial"}, {Outcome::kInterrupted, "interrupted"}};

template <class Visitor, OneOf<Target> T>
void Fields(Visitor& visit, T& target) {
  visit("host", target.host);
  visit("port", target.port);
  visit("database", target.database);
  visit("schema", target.schema);
  visit("role", target.role);
  visit.OrNull("server_version", target.server_version);
}

template <class Visitor, OneOf<Stage, MigrationTime> T>
void Fields(Visitor& visit, T& part) {
  visit("name", part.name);
  visit("duration_ms", part.duration_ms);
}

template <class Visitor, OneOf<Origin> T>
void Fields(Visitor& visit, T& origin) {
  visit("host", origin.host);
  visit("user", origin.user);
  visit("program", origin.program);
  visit("variables", origin.variables);
}

template <class Visitor, OneOf<PackageMade> T>
void Fields(Visitor& visit, T& package) {
  visit("migration_count", package.migration_count);
  visit("baseline_includes_up_to", package.baseline_includes_up_to);
  visit("fingerprint", package.fingerprint);
  visit("changed", package.changed);
}

template <class Visitor, OneOf<FleetTargets> T>
void Fields(Visitor& visit, T& targets) {
  visit("applied", targets.applied);
  visit("nothing", targets.nothing);
  visit("planned", targets.planned);
  visit("failed", targets.failed);
  visit("partial", targets.partial);
  visit("unhealthy", targets.unhealthy);
  visit("interrupted", targets.interrupted);
  visit("not_started", targets.not_started);
}

template <class Visitor, OneOf<RunReport> T>
void Fields(Visitor& visit, T& report) {
  visit("run", report.run);
  visit("command", report.command);
  visit("started_at", report.started_at);
  visit("duration_ms", report.duration_ms);
  visit("outcome", report.outcome);
  visit.Group("error", !report.code.empty(), [&](auto& error) {
    error("code", report.code);
    error("message", report.message);
  });
  visit("project", report.project);
  visit("target", report.target);
  visit.OrNull("strategy", report.strategy);
  visit.OrNull("found", report.found);
  visit.OrNull("release", report.release);
  visit.OrNull("release_before", report.release_before);
  visit("recorded", report.recorded);
  visit("stages", report.stages);
  visit("migrations", report.migrations);
  visit("drift", report.drift);
  visit("additions", report.additions);
  visit.Group("fingerprint", true, [&](auto& fingerprint) {
    fingerprint.OrNull("expected", report.fingerprint_expected);
    fingerprint.OrNull("actual", report.fingerprint_actual);
  });
  visit("round_trips", report.round_trips);
  visit("package", report.package);
  visit("targets", report.targets);
  visit("origin", report.origin);
}

class Writer : public RecordWriter<Writer> {
 public:
  using RecordWriter::Encode;

  void OrNull(const char* key, const std::string& text) {
    object_[key] = text.empty() ? Json() : Json(text);
  }
  // An object of several members of the struct; null unless `present`.
  template <class Members>
  void Group(const char* key, bool present, const Members& members) {
    Writer group;
    if (present) members(group);
    object_[key] = present ? std::move(group.object_) : Json();
  }

  static Json Encode(Outcome outcome) { return Json(NameOf(outcome)); }
  static Json Encode(const Variables& variables) {
    Json object = Json::object();
    for (const auto& [name, value] : variables) object[name] = value;
    return object;
  }
};

// Thrown by the reader, and caught by ParseRunReport.
struct WrongValue {
  std::string name;  // "target.port"
};

// A missing or null key leaves the value as it is.
class Reader {
 public:
  explicit Reader(const Json& json) : json_(json.get_ref<const Json::object_t&>()) {}

  template <class T>
  void operator()(const char* key, T& value) {
    const auto found = json_.find(key);
    if (found == json_.end() || found->second.is_null()) return;
    Within(key, [&] { Decode(found->second, value); });
  }
  void OrNull(const char* key, std::string& text) { (*this)(key, text); }
  template <class Members>
  void Group(const char* key, bool /*present*/, const Members& members) {
    const auto found = json_.find(key);
    if (found == json_.end() || found->second.is_null()) return;
    Within(key, [&] {
      Reader group(found->second);
      members(group);
    });
  }

  template <class T>
  static void Decode(const Json& json, T& value) {
    if constexpr (std::same_as<T, int>) {
      const bool fits = json.is_number_integer() && json >= 0 && json <= INT_MAX;
      if (!fits) throw WrongValue{};
      json.get_to(value);
    } else if constexpr (std::is_arithmetic_v<T> || std::same_as<T, std::string>) {
      json.get_to(value);
    } else {
      Reader reader(json);
      Fields(reader, value);
    }
  }
  static void Decode(const Json& json, Outcome& outcome) {
    const std::optional<Outcome> known = OutcomeOf(json.get<std::string>());
    if (!known) throw WrongValue{};
    outcome = *known;
  }
  static void Decode(const Json& json, Variables& variables) {
    for (const auto& [name, value] : json.get_ref<const Json::object_t&>()) {
      variables.emplace_back(name, value.get<std::string>());
    }
  }
  template <class T>
  static void Decode(const Json& json, std::optional<T>& value) {
    Decode(json, value.emplace());
  }
  template <class T>
  static void Decode(const Json& json, std::vector<T>& values) {
    for (const Json& item : json.get_ref<const Json::array_t&>()) {
      Decode(item, values.emplace_back());
    }
  }

 private:
  // Adds the key to the name of a wrong value.
  template <class Work>
  static void Within(const char* key, const Work& work) {
    try {
      work();
    } catch (const WrongValue& inner) {
      throw WrongValue{inner.name.empty() ? key : fmt::format("{}.{}", key, inner.name)};
    } catch (const Json::exception&) {
      throw WrongValue{key};
    }
  }

  const Json::object_t& json_;
};

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
  return Writer::Encode(report).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<std::pair<std::string_view, int>> CountsOf(const FleetTargets& targets) {
  return {{"applied", targets.applied},         {"nothing", targets.nothing},
          {"planned", targets.planned},         {"failed", targets.failed},
          {"partial", targets.partial},         {"unhealthy", targets.unhealthy},
          {"interrupted", targets.interrupted}, {"not_started", targets.not_started}};
}

std::optional<RunReport> ParseRunReport(std::string_view text, std::string* wrong) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  const auto is_wrong = [&](std::string name) {
    if (wrong != nullptr) *wrong = std::move(name);
    return std::nullopt;
  };
  if (!json.contains("outcome")) return is_wrong("outcome");
  RunReport report;
  try {
    Reader::Decode(json, report);
  } catch (const WrongValue& value) {
    return is_wrong(value.name);
  }
  if (report.run.empty()) return is_wrong("run");
  if (report.command.empty()) return is_wrong("command");
  return report;
}

std::string TimeNow() {
  using std::chrono::milliseconds;
  const auto now = std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now());
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(now)),
                     now.time_since_epoch().count() % 1000);
}

}  // namespace ballast::report
