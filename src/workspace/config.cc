// SPDX-License-Identifier: Apache-2.0
#include "workspace/config.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>

#include "workspace/config_internal.h"

namespace ballast::workspace {
namespace {

template <class Settings>
struct ConfigKey {
  std::string_view name;
  Status (*read)(const ConfigSetting& value, Settings* settings);
};

template <auto Member, class Settings>
Status ReadMember(const ConfigSetting& value, Settings* settings) {
  return value.Read(&(settings->*Member));
}

constexpr ConfigKey<Config> kConfigKeys[] = {
    {"schema", ReadMember<&Config::schema>},
    {"migrations", ReadMember<&Config::migrations>},
    {"package", ReadMember<&Config::package>},
    {"release_branches", ReadMember<&Config::release_branches>},
    {"strategy", [](const ConfigSetting& value,
                    Config* config) { return value.ReadStrategy(&config->strategy); }},
    {"platform", ReadMember<&Config::platform>},
    {"setup_script", ReadMember<&Config::setup_script>},
    {"ignore", ReadMember<&Config::ignore>},
    {"url_variable", ReadMember<&Config::url_variable>},
    {"accepted", ReadMember<&Config::accepted>},
    {"trusted_keys", ReadMember<&Config::trusted_keys>},
    {"lock_timeout", ReadMember<&Config::lock_timeout_ms>},
    {"statement_timeout", ReadMember<&Config::statement_timeout_ms>},
    {"password_command", ReadMember<&Config::password_command>},
    {"scratch_url", ReadMember<&Config::scratch_url>},
};

constexpr ConfigKey<NamedProject> kProjectKeys[] = {
    {"schema", ReadMember<&NamedProject::schema>},
    {"migrations", ReadMember<&NamedProject::migrations>},
    {"package", ReadMember<&NamedProject::package>},
    {"url_variable", ReadMember<&NamedProject::url_variable>},
    {"platform", ReadMember<&NamedProject::platform>},
    {"setup_script", ReadMember<&NamedProject::setup_script>},
    {"ignore", ReadMember<&NamedProject::ignore>},
    {"accepted", ReadMember<&NamedProject::accepted>},
};

// `known`: further names, for the suggestion.
template <class Settings, size_t N>
Status ReadSetting(const ConfigKey<Settings> (&keys)[N], std::string_view name,
                   const ConfigSetting& value, Settings* settings,
                   std::vector<std::string> known = {}) {
  for (const ConfigKey<Settings>& key : keys) {
    if (key.name == name) return key.read(value, settings);
    known.emplace_back(key.name);
  }
  return value.Unknown(known);
}

// The folders that can be a project's package folder, relative to the project's root.
std::vector<std::string> PackagePlaces(const NamedProject& project) {
  const std::vector<std::string> usual = {".railway/" + project.name, ".ballast/" + project.name};
  std::vector<std::string> places;
  for (const std::string& place : project.package ? std::vector{*project.package} : usual) {
    places.push_back((std::filesystem::path("/") / place / "").lexically_normal().string());
  }
  return places;
}

// Each package belongs to one project.
Status RefuseSharedPackages(const Config& config, const toml::source_region& where) {
  std::map<std::string, std::string> owners;  // package folder → name of the project
  for (const NamedProject& project : config.projects) {
    for (const std::string& place : PackagePlaces(project)) {
      const auto [owner, is_new] = owners.emplace(place, project.name);
      if (is_new || owner->second == project.name) continue;
      return ConfigError(
          config.file.string(), where,
          fmt::format("[project.{}] and [project.{}] have the same package folder, {}",
                      owner->second, project.name, place.substr(1, place.size() - 2)));
    }
  }
  return {};
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
          fmt::format("\"project.{}\" is not a project: write [project.NAME], where NAME is 1 "
                      "to 64 of A-Z a-z 0-9 . _ - and does not begin with a dot",
                      name.str()));
    }
    NamedProject project;
    project.name = name.str();
    for (const auto& [key, value] : *settings.as_table()) {
      TRY(ReadSetting(kProjectKeys, key.str(), ConfigSetting(file, key.str(), value), &project));
    }
    if (!project.schema) {
      return ConfigError(file, settings.source(),
                         fmt::format("[project.{}] has no \"schema\"", project.name));
    }
    config->projects.push_back(std::move(project));
  }
  return RefuseSharedPackages(*config, node.source());
}

// [lint]
Status ReadLint(const toml::node& node, const std::string& file, Config* config) {
  if (!node.is_table())
    return ConfigError(file, node.source(), "\"lint\" is not a table: write [lint]");
  for (const auto& [key, setting] : *node.as_table()) {
    const ConfigSetting value(file, key.str(), setting);
    if (key.str() != "allow") return value.Unknown({"allow"});
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
    TRY(ReadSetting(kConfigKeys, key.str(), ConfigSetting(file, key.str(), node), &config,
                    {"project", "serve", "thresholds", "lint"}));
  }
  return config;
}

}  // namespace ballast::workspace
