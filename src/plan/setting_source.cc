// SPDX-License-Identifier: Apache-2.0
#include "plan/setting_source.h"

namespace ballast::plan {

SettingSource SettingSourceNamed(std::string_view name) {
  if (name == "database") return SettingSource::kDatabase;
  if (name == "user") return SettingSource::kRole;
  if (name == "database user") return SettingSource::kRoleInDatabase;
  return name == "client" ? SettingSource::kClient : SettingSource::kOther;
}

}  // namespace ballast::plan
