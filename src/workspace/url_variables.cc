// SPDX-License-Identifier: Apache-2.0
#include "workspace/url_variables.h"

#include <algorithm>

namespace ballast::workspace {
namespace {

using State = ConfigValue::State;

constexpr char kUrlKey[] = "datasource.url";
constexpr char kDirectUrlKey[] = "datasource.directUrl";
constexpr char kShadowUrlKey[] = "datasource.shadowDatabaseUrl";

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

void Add(const std::string& name, std::vector<std::string>& names) {
  const bool is_name = !name.empty() && name.find_first_of("=:/") == std::string::npos;
  if (is_name && !Contains(names, name)) names.push_back(name);
}

// A variable that is only a part of the URL, or only decides which URL it is, does not count.
bool IsUrl(const std::string& variable, const PrismaConfig& config, const char* key,
           const Variables& values) {
  constexpr char kUrl[] = "postgresql://localhost/of_the_variable";
  Variables changed = values;
  changed[variable] = kUrl;
  const ConfigValue value = config.Read(key, changed);
  return value.state == State::kText && value.text.starts_with(kUrl);
}

void AddOfConfig(const PrismaConfig& config, const char* key, const Variables& values,
                 std::vector<std::string>& names) {
  // Without any variable, the value is undefined and names those that were asked for.
  for (const Variables& known : {values, Variables()}) {
    for (const std::string& variable : config.Read(key, known).variables) {
      if (IsUrl(variable, config, key, values) || IsUrl(variable, config, key, {})) {
        Add(variable, names);
      }
    }
  }
}

bool IsOther(const ConfigValue& value, const std::string& url) {
  if (value.state == State::kNotUnderstood) return true;
  return value.state == State::kText && !value.text.starts_with(url);
}

}  // namespace

UrlVariableNames UrlVariablesOf(const Project& project, const Environment& environment) {
  UrlVariableNames names;
  Add(project.config.url_variable, names.database);
  for (const char* key : {kUrlKey, kDirectUrlKey}) {
    AddOfConfig(project.prisma_config(), key, environment.values, names.database);
  }
  Add(project.datasource.url.variable, names.database);
  Add(project.datasource.direct_url.variable, names.database);
  AddOfConfig(project.prisma_config(), kShadowUrlKey, environment.values, names.shadow);
  Add(project.datasource.shadow_url.variable, names.shadow);
  std::erase_if(names.shadow,
                [&](const std::string& name) { return Contains(names.database, name); });
  return names;
}

std::optional<Place> OtherUrlThan(const std::string& url, const Project& project,
                                  const Environment& environment) {
  bool in_config = false;
  for (const char* key : {kUrlKey, kDirectUrlKey}) {
    const ConfigValue value =
        project.prisma_config().Read(key, environment.values, &environment.uncertain);
    if (IsOther(value, url)) return Place{project.prisma_config().file().string(), value.line};
    in_config |= value.state != State::kAbsent;
  }
  if (in_config) return std::nullopt;
  for (const UrlSource* source : {&project.datasource.url, &project.datasource.direct_url}) {
    if (!source->literal.empty()) return source->where;
  }
  return std::nullopt;
}

}  // namespace ballast::workspace
