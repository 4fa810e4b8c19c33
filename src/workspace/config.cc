// SPDX-License-Identifier: Apache-2.0
#include "workspace/config.h"

#include <fmt/format.h>

#include "workspace/config_internal.h"

namespace ballast::workspace {
namespace {

Status ReadSetting(std::string_view key, const ConfigSetting& value, Config* config) {
  if (key == "schema") return value.Read(&config->schema);
  if (key == "migrations") return value.Read(&config->migrations);
  if (key == "package") return value.Read(&config->package);
  if (key == "release_branches") return value.Read(&config->release_branches);
  if (key == "strategy") return value.ReadStrategy(&config->strategy);
  if (key == "platform") return value.Read(&config->platform);
  if (key == "setup_script") return value.Read(&config->setup_script);
  if (key == "ignore") return value.Read(&config->ignore);
  if (key == "url_variable") return value.Read(&config->url_variable);
  if (key == "accepted") return value.Read(&config->accepted);
  if (key == "trusted_keys") return value.Read(&config->trusted_keys);
  if (key == "lock_timeout") return value.Read(&config->lock_timeout_ms);
  if (key == "statement_timeout") return value.Read(&config->statement_timeout_ms);
  if (key == "password_command") return value.Read(&config->password_command);
  if (key == "scratch_url") return value.Read(&config->scratch_url);
  return value.Unknown({"schema", "migrations", "package", "release_branches", "strategy",
                        "platform", "setup_script", "ignore", "url_variable", "accepted",
                        "trusted_keys", "lock_timeout", "statement_timeout", "password_command",
                        "scratch_url"});
}

Status ReadProjectSetting(std::string_view key, const ConfigSetting& value, NamedProject* project) {
  if (key == "schema") return value.Read(&project->schema);
  if (key == "migrations") return value.Read(&project->migrations);
  if (key == "package") return value.Read(&project->package);
  if (key == "url_variable") return value.Read(&project->url_variable);
  if (key == "platform") return value.Read(&project->platform);
  if (key == "setup_script") return value.Read(&project->setup_script);
  if (key == "ignore") return value.Read(&project->ignore);
  if (key == "accepted") return value.Read(&project->accepted);
  return value.Unknown({"schema", "migrations", "package", "url_variable", "platform",
                        "setup_script", "ignore", "accepted"});
}

// [project.NAME]
Status ReadProjects(const toml::node& node, const std::string& file, Config* config) {
  if (!node.is_table()) {
    return ConfigError(file, node.source(), "\"project\" is not a table: write [project.NAME]");
  }
  for (const auto& [name, settings] : *node.as_table()) {
    if (!settings.is_table() || !IsConfigName(name.str())) {
      return ConfigError(
          file, settings.source(),
          fmt::format("\"project.{}\" is no project: write [project.NAME], where NAME is 1 "
                      "to 64 of A-Z a-z 0-9 . _ - and does not begin with a dot",
                      name.str()));
    }
    NamedProject project;
    project.name = name.str();
    for (const auto& [key, value] : *settings.as_table()) {
      TRY(ReadProjectSetting(key.str(), ConfigSetting(file, key.str(), value), &project));
    }
    if (!project.schema) {
      return ConfigError(file, settings.source(),
                         fmt::format("[project.{}] has no \"schema\"", project.name));
    }
    config->projects.push_back(std::move(project));
  }
  return {};
}

// [lint]
Status ReadLint(const toml::node& node, const std::string& file, Config* config) {
  if (!node.is_table())
    return ConfigError(file, node.source(), "\"lint\" is not a table: write [lint]");
  for (const auto& [key, setting] : *node.as_table()) {
    const ConfigSetting value(file, key.str(), setting);
    if (key.str() != "allow") return value.Unknown();
    TRY(value.Read(&config->lint_allow));
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
    return ConfigError(file, error.source(),
                       fmt::format("it is not TOML: {}", error.description()));
  }
  for (const auto& [key, node] : table) {
    if (key.str() == "project") {
      TRY(ReadProjects(node, file, &config));
      continue;
    }
    if (key.str() == "serve") {
      TRY(ReadServe(node, file, &config.serve));
      continue;
    }
    if (key.str() == "thresholds") {
      TRY(ReadThresholds(node, file, &config));
      continue;
    }
    if (key.str() == "lint") {
      TRY(ReadLint(node, file, &config));
      continue;
    }
    TRY(ReadSetting(key.str(), ConfigSetting(file, key.str(), node), &config));
  }
  return config;
}

}  // namespace ballast::workspace
