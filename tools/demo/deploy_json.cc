// SPDX-License-Identifier: Apache-2.0
#include "tools/demo/deploy_json.h"

#include <nlohmann/json.hpp>

namespace ballast::demo {

std::optional<Printed> ParsePrinted(const std::string& text) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  Printed printed;
  printed.round_trips = json.value("round_trips", 0);
  printed.duration_ms = json.value("duration_ms", 0.0);
  if (const auto error = json.find("error"); error != json.end() && error->is_object()) {
    printed.error = error->value("code", "") + ": " + error->value("message", "");
  }
  return printed;
}

}  // namespace ballast::demo
