// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "workspace/config_internal.h"

namespace ballast::workspace {
namespace {

Status ReadServedSetting(std::string_view setting, const ConfigSetting& value,
                         ServedDatabase* database) {
  if (setting == "url") return value.ReadReference(&database->url);
  if (setting == "project") return value.Read(&database->project);
  if (setting == "strategy") return value.ReadStrategy(&database->strategy);
  if (setting == "branch") return value.Read(&database->branch);
  if (setting == "group") return value.Read(&database->group);
  return value.Unknown();
}

// [serve.database.NAME]
Status ReadServedDatabases(const toml::node& node, const std::string& file, ServeConfig* serve) {
  if (!node.is_table()) {
    return ConfigError(file, node.source(),
                       "\"serve.database\" is not a table: write [serve.database.NAME]");
  }
  for (const auto& [name, settings] : *node.as_table()) {
    if (!settings.is_table() || !IsConfigName(name.str())) {
      return ConfigError(
          file, settings.source(),
          fmt::format("\"serve.database.{}\" is not a database: write [serve.database.NAME], "
                      "where NAME is 1 to 64 of A-Z a-z 0-9 . _ - and does not begin with a "
                      "dot",
                      name.str()));
    }
    ServedDatabase database;
    database.name = name.str();
    for (const auto& [key, value] : *settings.as_table()) {
      TRY(ReadServedSetting(key.str(), ConfigSetting(file, key.str(), value), &database));
    }
    if (database.url.empty()) {
      return ConfigError(file, settings.source(),
                         fmt::format("[serve.database.{}] has no \"url\"", database.name));
    }
    serve->databases.push_back(std::move(database));
  }
  return {};
}

}  // namespace

Status ReadServe(const toml::node& node, const std::string& file, ServeConfig* serve) {
  if (!node.is_table())
    return ConfigError(file, node.source(), "\"serve\" is not a table: write [serve]");
  for (const auto& [name, content] : *node.as_table()) {
    const std::string_view setting = name.str();
    const ConfigSetting value(file, setting, content);
    Status taken;
    if (setting == "database") {
      taken = ReadServedDatabases(content, file, serve);
    } else if (setting == "listen") {
      taken = value.Read(&serve->listen);
    } else if (setting == "store") {
      taken = value.Read(&serve->store);
    } else if (setting == "token") {
      taken = value.ReadReference(&serve->token);
    } else if (setting == "interval") {
      taken = value.Read(&serve->interval_ms);
    } else if (setting == "allowed_hosts") {
      taken = value.Read(&serve->allowed_hosts);
    } else {
      taken = value.Unknown();
    }
    TRY(taken);
  }
  return {};
}

}  // namespace ballast::workspace
