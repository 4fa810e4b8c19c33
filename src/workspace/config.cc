// SPDX-License-Identifier: Apache-2.0
#include "workspace/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "base/nearest_name.h"
#include "base/text.h"
#include "workspace/toml.h"

namespace ballast::workspace {
namespace {

struct Unit {
  std::string_view name;
  int64_t milliseconds;
};
constexpr Unit kUnits[] = {{"", 1},         {"ms", 1},        {"s", 1000},
                           {"min", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
constexpr int64_t kLongestTime = 1'000'000'000;

Error Bad(const std::string& file, const toml::source_region& where, std::string message) {
  return MakeError(ErrorCode::kConfigInvalid, std::move(message),
                   "docs/configuration.md lists the keys and their values",
                   {file, static_cast<int>(where.begin.line)});
}

// Reads the value of one key.
class Value {
 public:
  Value(const std::string& file, std::string_view key, const toml::node& node)
      : file_(file), key_(key), node_(node) {}

  Status Into(std::string* text) const {
    if (!node_.is_string()) return Wrong("a text");
    *text = node_.as_string()->get();
    return {};
  }
  Status Into(std::optional<std::string>* text) const {
    text->emplace();
    return Into(&**text);
  }
  Status Into(std::vector<std::string>* texts) const {
    if (!node_.is_array()) return Wrong("a list of texts");
    texts->clear();
    for (const toml::node& item : *node_.as_array()) {
      if (!item.is_string()) return Wrong("a list of texts");
      texts->push_back(item.as_string()->get());
    }
    return {};
  }
  Status Into(std::optional<int64_t>* milliseconds) const {
    if (node_.is_integer() && node_.as_integer()->get() >= 0) {
      *milliseconds = node_.as_integer()->get();
    } else if (node_.is_string()) {
      *milliseconds = ParseMilliseconds(node_.as_string()->get());
    }
    return *milliseconds ? Status() : Wrong("a time such as \"30s\" or 1500 (milliseconds)");
  }
  Status IntoStrategy(std::string* strategy) const {
    TRY(Into(strategy));
    for (const char* known : {"auto", "release", "development", "history"}) {
      if (*strategy == known) return {};
    }
    return Wrong("one of auto, release, development, history");
  }
  // The name of a variable that holds a secret.
  Status IntoReference(std::string* reference) const {
    TRY(Into(reference));
    if (reference->starts_with("env:") && reference->size() > 4) return {};
    reference->clear();
    return Wrong("\"env:VARIABLE\": do not put secrets into this file");
  }
  Status Unknown(const std::vector<std::string>& known = {}) const {
    return Bad(file_, node_.source(),
               fmt::format("the key \"{}\" is not known{}", key_, DidYouMean(key_, known)));
  }

 private:
  Status Wrong(std::string_view expected) const {
    return Bad(file_, node_.source(), fmt::format("the value of \"{}\" is not {}", key_, expected));
  }

  const std::string& file_;
  std::string_view key_;
  const toml::node& node_;
};

Status Take(std::string_view key, const Value& value, Config* config) {
  if (key == "schema") return value.Into(&config->schema);
  if (key == "migrations") return value.Into(&config->migrations);
  if (key == "package") return value.Into(&config->package);
  if (key == "release_branches") return value.Into(&config->release_branches);
  if (key == "strategy") return value.IntoStrategy(&config->strategy);
  if (key == "platform") return value.Into(&config->platform);
  if (key == "setup_script") return value.Into(&config->setup_script);
  if (key == "ignore") return value.Into(&config->ignore);
  if (key == "url_variable") return value.Into(&config->url_variable);
  if (key == "accepted") return value.Into(&config->accepted);
  if (key == "trusted_keys") return value.Into(&config->trusted_keys);
  if (key == "lock_timeout") return value.Into(&config->lock_timeout_ms);
  if (key == "statement_timeout") return value.Into(&config->statement_timeout_ms);
  if (key == "password_command") return value.Into(&config->password_command);
  if (key == "scratch_url") return value.Into(&config->scratch_url);
  return value.Unknown({"schema", "migrations", "package", "release_branches", "strategy",
                        "platform", "setup_script", "ignore", "url_variable", "accepted",
                        "trusted_keys", "lock_timeout", "statement_timeout", "password_command",
                        "scratch_url"});
}

Status TakeOfProject(std::string_view key, const Value& value, NamedProject* project) {
  if (key == "schema") return value.Into(&project->schema);
  if (key == "migrations") return value.Into(&project->migrations);
  if (key == "package") return value.Into(&project->package);
  if (key == "url_variable") return value.Into(&project->url_variable);
  if (key == "platform") return value.Into(&project->platform);
  if (key == "setup_script") return value.Into(&project->setup_script);
  if (key == "ignore") return value.Into(&project->ignore);
  if (key == "accepted") return value.Into(&project->accepted);
  return value.Unknown({"schema", "migrations", "package", "url_variable", "platform",
                        "setup_script", "ignore", "accepted"});
}

// What the value of a key figure is: a time in seconds, or a number.
struct FigureKind {
  std::string_view name;
  bool is_time;
};
constexpr FigureKind kFigures[] = {{"fresh_deploy", true},  {"apply", true},
                                   {"success_rate", false}, {"package_generation", true},
                                   {"drift", false},        {"package_age", false}};

Status TakeLimit(const toml::node& node, const FigureKind& kind, std::string_view key,
                 const std::string& file, std::optional<double>* limit) {
  const Value value(file, key, node);
  if (kind.is_time) {
    std::optional<int64_t> milliseconds;
    TRY(value.Into(&milliseconds));
    *limit = static_cast<double>(*milliseconds) / 1000;
    return {};
  }
  const std::optional<double> number = node.value<double>();
  if (!number || node.is_boolean() || *number < 0) {
    return Bad(file, node.source(), fmt::format("the value of \"{}\" is not a number", key));
  }
  *limit = number;
  return {};
}

// fresh_deploy = { warn = "1min", alert = "5min" }
Status TakeFigure(const FigureKind& kind, const toml::node& node, const std::string& file,
                  Config* config) {
  ThresholdSetting setting{std::string(kind.name), {}, {}};
  if (!node.is_table()) {
    return Bad(file, node.source(),
               fmt::format("\"thresholds.{}\" is not a table: write {{ warn = …, alert = … }}",
                           kind.name));
  }
  for (const auto& [key, limit] : *node.as_table()) {
    if (key.str() != "warn" && key.str() != "alert") {
      return Value(file, key.str(), limit).Unknown();
    }
    TRY(TakeLimit(limit, kind, key.str(), file,
                  key.str() == "warn" ? &setting.warn : &setting.alert));
  }
  config->thresholds.push_back(std::move(setting));
  return {};
}

// [thresholds]
Status TakeThresholds(const toml::node& node, const std::string& file, Config* config) {
  if (!node.is_table()) {
    return Bad(file, node.source(), "\"thresholds\" is not a table: write [thresholds]");
  }
  for (const auto& [key, settings] : *node.as_table()) {
    if (key.str() == "window") {
      TRY(Value(file, "window", settings).Into(&config->window_ms));
      continue;
    }
    const std::string_view name = key.str();
    const auto* kind = std::find_if(std::begin(kFigures), std::end(kFigures),
                                    [&](const FigureKind& it) { return it.name == name; });
    if (kind == std::end(kFigures)) return Value(file, key.str(), settings).Unknown();
    TRY(TakeFigure(*kind, settings, file, config));
  }
  return {};
}

bool IsProjectName(std::string_view name) {
  constexpr std::string_view kAllowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  return !name.empty() && name.size() <= 64 && name.front() != '.' &&
         name.find_first_not_of(kAllowed) == std::string_view::npos;
}

// [project.NAME]
Status TakeProjects(const toml::node& node, const std::string& file, Config* config) {
  if (!node.is_table()) {
    return Bad(file, node.source(), "\"project\" is not a table: write [project.NAME]");
  }
  for (const auto& [name, settings] : *node.as_table()) {
    if (!settings.is_table() || !IsProjectName(name.str())) {
      return Bad(file, settings.source(),
                 fmt::format("\"project.{}\" is no project: write [project.NAME], where NAME is 1 "
                             "to 64 of A-Z a-z 0-9 . _ - and does not begin with a dot",
                             name.str()));
    }
    NamedProject project;
    project.name = name.str();
    for (const auto& [key, value] : *settings.as_table()) {
      TRY(TakeOfProject(key.str(), Value(file, key.str(), value), &project));
    }
    if (!project.schema) {
      return Bad(file, settings.source(),
                 fmt::format("[project.{}] has no \"schema\"", project.name));
    }
    config->projects.push_back(std::move(project));
  }
  return {};
}

Status TakeOfServed(std::string_view setting, const Value& value, ServedDatabase* database) {
  if (setting == "url") return value.IntoReference(&database->url);
  if (setting == "project") return value.Into(&database->project);
  if (setting == "strategy") return value.IntoStrategy(&database->strategy);
  if (setting == "branch") return value.Into(&database->branch);
  if (setting == "group") return value.Into(&database->group);
  return value.Unknown();
}

// [serve.database.NAME]
Status TakeServed(const toml::node& node, const std::string& file, ServeConfig* serve) {
  if (!node.is_table()) {
    return Bad(file, node.source(),
               "\"serve.database\" is not a table: write [serve.database.NAME]");
  }
  for (const auto& [name, settings] : *node.as_table()) {
    if (!settings.is_table() || !IsProjectName(name.str())) {
      return Bad(file, settings.source(),
                 fmt::format("\"serve.database.{}\" is no database: write [serve.database.NAME], "
                             "where NAME is 1 to 64 of A-Z a-z 0-9 . _ - and does not begin with a "
                             "dot",
                             name.str()));
    }
    ServedDatabase database;
    database.name = name.str();
    for (const auto& [key, value] : *settings.as_table()) {
      TRY(TakeOfServed(key.str(), Value(file, key.str(), value), &database));
    }
    if (database.url.empty()) {
      return Bad(file, settings.source(),
                 fmt::format("[serve.database.{}] has no \"url\"", database.name));
    }
    serve->databases.push_back(std::move(database));
  }
  return {};
}

// [serve]
Status TakeServe(const toml::node& node, const std::string& file, ServeConfig* serve) {
  if (!node.is_table()) return Bad(file, node.source(), "\"serve\" is not a table: write [serve]");
  for (const auto& [name, content] : *node.as_table()) {
    const std::string_view setting = name.str();
    const Value value(file, setting, content);
    Status taken;
    if (setting == "database") {
      taken = TakeServed(content, file, serve);
    } else if (setting == "listen") {
      taken = value.Into(&serve->listen);
    } else if (setting == "store") {
      taken = value.Into(&serve->store);
    } else if (setting == "token") {
      taken = value.IntoReference(&serve->token);
    } else if (setting == "interval") {
      taken = value.Into(&serve->interval_ms);
    } else if (setting == "allowed_hosts") {
      taken = value.Into(&serve->allowed_hosts);
    } else {
      taken = value.Unknown();
    }
    TRY(taken);
  }
  return {};
}

// [lint]
Status TakeLint(const toml::node& node, const std::string& file, Config* config) {
  if (!node.is_table()) return Bad(file, node.source(), "\"lint\" is not a table: write [lint]");
  for (const auto& [key, setting] : *node.as_table()) {
    const Value value(file, key.str(), setting);
    if (key.str() != "allow") return value.Unknown();
    TRY(value.Into(&config->lint_allow));
  }
  return {};
}

}  // namespace

Result<Config> ParseConfig(std::string_view text, const std::string& file) {
  Config config;
  config.file = file;
  toml::table table;
  try {
    table = toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    return Bad(file, error.source(), fmt::format("it is not TOML: {}", error.description()));
  }
  for (const auto& [key, node] : table) {
    if (key.str() == "project") {
      TRY(TakeProjects(node, file, &config));
      continue;
    }
    if (key.str() == "serve") {
      TRY(TakeServe(node, file, &config.serve));
      continue;
    }
    if (key.str() == "thresholds") {
      TRY(TakeThresholds(node, file, &config));
      continue;
    }
    if (key.str() == "lint") {
      TRY(TakeLint(node, file, &config));
      continue;
    }
    TRY(Take(key.str(), Value(file, key.str(), node), &config));
  }
  return config;
}

std::optional<int64_t> ParseMilliseconds(std::string_view text) {
  text = Trim(text);
  int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || number < 0 || number > kLongestTime) return std::nullopt;
  const std::string_view unit = Trim(text.substr(static_cast<size_t>(end - text.data())));
  for (const Unit& known : kUnits) {
    if (known.name == unit) return number * known.milliseconds;
  }
  return std::nullopt;
}

}  // namespace ballast::workspace
