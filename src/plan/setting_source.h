// SPDX-License-Identifier: Apache-2.0
// Where a session has a setting from.
#pragma once

#include <string_view>

namespace ballast::plan {

// PostgreSQL manual, "pg_settings", source.
enum class SettingSource {
  kDatabase,        // ALTER DATABASE
  kRole,            // ALTER ROLE
  kRoleInDatabase,  // ALTER ROLE … IN DATABASE
  kClient,          // the connection's options
  kOther            // the server's configuration …
};
SettingSource SettingSourceNamed(std::string_view name);  // as in pg_settings: "database user"

}  // namespace ballast::plan
