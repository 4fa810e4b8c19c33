// SPDX-License-Identifier: Apache-2.0
// What the planner knows about the server, the session and its role.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/setting_source.h"

namespace ballast::plan {

// A setting of the session with another value than on a scratch server.
struct ScriptSetting {
  std::string name, value;
  std::string proven;  // the value of a scratch server
  SettingSource source = SettingSource::kOther;
  bool of_values = false;  // it only changes how values are read and written
};

// What GRANT would give: "INSERT" on "ballast.journal".
struct MissingPrivilege {
  std::string privilege;
  std::string object;
};

struct ServerState {
  int major = 0;
  std::string version;  // "15.14"
  std::string database;
  std::string role;
  bool superuser = false;  // the role is one
  bool in_recovery = false;
  bool read_only = false;
  SettingSource read_only_source = SettingSource::kOther;  // if it is
  bool can_create_schema = false;                          // CREATE on the database
  bool can_create_in_schema = false;                       // CREATE on the current schema
  // Of the session, if no schema on it can take new objects; none where the URL names the schema.
  std::optional<std::string> unusable_search_path = {};
  SettingSource search_path_source = SettingSource::kOther;  // likewise
  std::vector<MissingPrivilege> missing_privileges;  // on the migrations table and the journal
  std::vector<ScriptSetting> script_settings = {};   // by name
};

}  // namespace ballast::plan
