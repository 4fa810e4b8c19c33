// SPDX-License-Identifier: Apache-2.0
#include "run/thresholds.h"

#include <string_view>
#include <utility>

namespace ballast::run {

report::Thresholds ThresholdsOf(const workspace::Config& config) {
  report::Thresholds thresholds;
  const std::pair<std::string_view, report::Threshold*> known[] = {
      {"fresh_deploy", &thresholds.fresh_deploy},
      {"apply", &thresholds.apply},
      {"success_rate", &thresholds.success_rate},
      {"package_generation", &thresholds.package_generation},
      {"drift", &thresholds.drift},
      {"package_age", &thresholds.package_age}};
  for (const workspace::ThresholdSetting& setting : config.thresholds) {
    for (const auto& [name, threshold] : known) {
      if (name != setting.name) continue;
      const bool lower_is_worse = setting.name == "success_rate";
      if (setting.warn) threshold->warn = *setting.warn;
      if (setting.alert) threshold->alert = *setting.alert;
      const bool is_past =
          lower_is_worse ? threshold->alert > threshold->warn : threshold->alert < threshold->warn;
      // The default of the other one.
      if (is_past)
        (setting.warn ? threshold->alert : threshold->warn) = setting.warn.value_or(*setting.alert);
    }
  }
  if (config.window_ms) thresholds.window = static_cast<double>(*config.window_ms) / 1000;
  return thresholds;
}

}  // namespace ballast::run
