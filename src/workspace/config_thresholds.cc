// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "workspace/config_internal.h"

namespace ballast::workspace {
namespace {

// What the value of a key figure is: a time in seconds, or a number.
struct FigureKind {
  std::string_view name;
  bool is_time;
  bool lower_is_worse = false;
  bool is_percentage = false;
};
constexpr FigureKind kFigures[] = {
    {"fresh_deploy", true},       {"apply", true},  {"success_rate", false, true, true},
    {"package_generation", true}, {"drift", false}, {"package_age", false}};

Status ReadLimit(const toml::node& node, const FigureKind& kind, std::string_view key,
                 const std::string& file, std::optional<double>* limit) {
  const ConfigSetting value(file, key, node);
  if (kind.is_time) {
    std::optional<int64_t> milliseconds;
    TRY(value.Read(&milliseconds));
    *limit = static_cast<double>(*milliseconds) / 1000;
    return {};
  }
  const std::optional<double> number = node.value<double>();
  if (!number || node.is_boolean() || !std::isfinite(*number) || *number < 0) {
    return ConfigError(file, node.source(),
                       fmt::format("the value of \"{}\" is not a number", key));
  }
  if (kind.is_percentage && *number > 100) {
    return ConfigError(file, node.source(),
                       fmt::format("the value of \"{}\" is more than 100 percent", key));
  }
  *limit = number;
  return {};
}

// fresh_deploy = { warn = "1min", alert = "5min" }
Status ReadFigure(const FigureKind& kind, const toml::node& node, const std::string& file,
                  Config* config) {
  ThresholdSetting setting{std::string(kind.name), {}, {}};
  if (!node.is_table()) {
    return ConfigError(
        file, node.source(),
        fmt::format("\"thresholds.{}\" is not a table: write {{ warn = …, alert = … }}",
                    kind.name));
  }
  for (const auto& [key, limit] : *node.as_table()) {
    if (key.str() != "warn" && key.str() != "alert") {
      return ConfigSetting(file, key.str(), limit).Unknown();
    }
    TRY(ReadLimit(limit, kind, key.str(), file,
                  key.str() == "warn" ? &setting.warn : &setting.alert));
  }
  const auto [low, high] = kind.lower_is_worse ? std::pair(setting.alert, setting.warn)
                                               : std::pair(setting.warn, setting.alert);
  if (low && high && *low > *high) {
    return ConfigError(
        file, node.source(),
        fmt::format("the warning threshold of \"{}\" is past its alert threshold", kind.name));
  }
  config->thresholds.push_back(std::move(setting));
  return {};
}

}  // namespace

Status ReadThresholds(const toml::node& node, const std::string& file, Config* config) {
  if (!node.is_table()) {
    return ConfigError(file, node.source(), "\"thresholds\" is not a table: write [thresholds]");
  }
  for (const auto& [key, settings] : *node.as_table()) {
    if (key.str() == "window") {
      TRY(ConfigSetting(file, "window", settings).Read(&config->window_ms));
      if (*config->window_ms > 0) continue;
      return ConfigError(file, settings.source(), "\"window\" is not a time of more than 0");
    }
    const std::string_view name = key.str();
    const auto* kind = std::find_if(std::begin(kFigures), std::end(kFigures),
                                    [&](const FigureKind& it) { return it.name == name; });
    if (kind == std::end(kFigures)) return ConfigSetting(file, key.str(), settings).Unknown();
    TRY(ReadFigure(*kind, settings, file, config));
  }
  return {};
}

}  // namespace ballast::workspace
