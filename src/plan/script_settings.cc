// SPDX-License-Identifier: Apache-2.0
#include "plan/script_settings.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "sql/quote.h"

namespace ballast::plan {
namespace {

bool RunsMigrations(const Plan& plan) {
  const std::vector<const Step*> steps = StepsOf(plan);
  return std::any_of(steps.begin(), steps.end(), [](const Step* step) {
    const auto* run = std::get_if<RunScript>(&step->act);
    return run != nullptr && run->settings == ScriptSettings::kSession;
  });
}

}  // namespace

bool IsSetFor(ScriptSettings settings, const ProvenSetting& setting) {
  if (settings == ScriptSettings::kSession || setting.use == SettingUse::kOnlyObserved)
    return false;
  return settings == ScriptSettings::kBaseline || !setting.of_values;
}

std::string ObservedSettingRows() {
  std::vector<std::string> rows;
  for (const ProvenSetting& setting : kProvenSettings) {
    if (setting.use == SettingUse::kOnlySet) continue;
    rows.push_back(fmt::format("({}, {}, {})", sql::QuoteLiteral(setting.name),
                               sql::QuoteLiteral(setting.value), setting.of_values));
  }
  return Join(rows, ", ");
}

std::string ResetOf(const ScriptSetting& setting, const ServerState& server) {
  const std::string database = sql::QuoteIdentifier(server.database);
  const std::string role = sql::QuoteIdentifier(server.role);
  switch (setting.source) {
    case SettingSource::kDatabase:
      return fmt::format("ALTER DATABASE {} RESET {}", database, setting.name);
    case SettingSource::kRole:
      return fmt::format("ALTER ROLE {} RESET {}", role, setting.name);
    case SettingSource::kRoleInDatabase:
      return fmt::format("ALTER ROLE {} IN DATABASE {} RESET {}", role, database, setting.name);
    case SettingSource::kClient:
      return fmt::format("remove {} from the options of the database URL, or from PGOPTIONS",
                         setting.name);
    case SettingSource::kOther:
      break;
  }
  return fmt::format("ALTER ROLE {} SET {} = {}", role, setting.name,
                     setting.proven.empty() ? "''" : setting.proven);
}

std::vector<std::string> DescribeSettings(const Plan& plan, const ServerState& server) {
  std::vector<std::string> notices;
  if (ProvenAfter(plan) == nullptr || !RunsMigrations(plan)) return notices;
  for (const ScriptSetting& setting : server.script_settings) {
    if (setting.of_values) continue;
    notices.push_back(
        fmt::format("the setting {} = {} can change what the migrations make, which "
                    "was proven with {}: {}",
                    setting.name, setting.value.empty() ? "''" : setting.value,
                    setting.proven.empty() ? "''" : setting.proven, ResetOf(setting, server)));
  }
  return notices;
}

std::string RemedyOfSettings(const ServerState& server) {
  if (server.script_settings.empty()) return {};
  std::vector<std::string> names, resets;
  for (const ScriptSetting& setting : server.script_settings) {
    names.push_back(setting.name + " = " + setting.value);
    resets.push_back(ResetOf(setting, server));
  }
  return fmt::format("if a setting of the session has changed what the migrations make ({}): {}",
                     Join(names, ", "), Join(resets, "; "));
}

}  // namespace ballast::plan
