// SPDX-License-Identifier: Apache-2.0
#include "cli/target_line.h"

#include <fmt/format.h>

#include <cstdint>

#include "base/server_address.h"
#include "cli/safe_text.h"

namespace ballast::cli {

std::string TargetLine(const std::optional<report::Target>& target) {
  if (!target) return {};
  const std::string host = target->host.empty() ? "the default host" : target->host;
  const std::string address = ServerAddress(host, std::to_string(target->port));
  const std::string project =
      target->project.empty() ? std::string() : "project " + target->project + ": ";
  std::string line = fmt::format("🔌 {}{} on {}", project, target->database, address);
  if (!target->schema.empty()) line += ", schema " + target->schema;
  if (!target->role.empty()) line += ", role " + target->role;
  if (!target->server_version.empty()) line += ", PostgreSQL " + target->server_version;
  return SafeLine(line) + "\n";
}

report::Target TargetOf(const RunEvent& connected) {
  report::Target target;
  const auto text = [&](std::string_view name) {
    for (const auto& [key, value] : connected.fields) {
      const auto* found = key == name ? std::get_if<std::string>(&value) : nullptr;
      if (found != nullptr) return *found;
    }
    return std::string();
  };
  for (const auto& [key, value] : connected.fields) {
    const auto* port = std::get_if<int64_t>(&value);
    if (key == "port" && port != nullptr) target.port = static_cast<int>(*port);
  }
  target.host = text("host");
  target.database = text("database");
  target.schema = text("schema");
  target.role = text("role");
  target.server_version = text("server_version");
  target.project = text("project");
  return target;
}

}  // namespace ballast::cli
