// SPDX-License-Identifier: Apache-2.0
// Checks with the server's catalog whether a role may run the statements of a plan that create or
// change extensions (PostgreSQL manual, CREATE EXTENSION and pg_available_extension_versions).
#pragma once

#include <string>
#include <vector>

#include "plan/lacked_privileges.h"
#include "plan/observation.h"
#include "plan/plan.h"
#include "sql/extension_statements.h"

namespace ballast::plan {

struct ExtensionUse {
  std::string migration;
  sql::ExtensionStatement statement;  // its text is a view into the plan's script
};
// In the order of the plan. Statements after one that switches the role are left out, because
// another role runs them.
std::vector<ExtensionUse> ExtensionUsesOf(const Plan& plan);

struct ExtensionVersion {
  std::string version;
  bool superuser = true;              // only a superuser may create it, unless it is trusted
  bool trusted = false;               // a role with CREATE on the database may
  std::vector<std::string> required;  // extensions that it needs
};

struct ExtensionOnServer {
  std::string name;
  std::string installed_by;        // the owner; empty: not installed
  bool owned = false;              // by the role, or by one that it is a member of
  bool is_owner_powerful = false;  // a superuser, or a role that can become one
  std::string default_version;
  std::vector<ExtensionVersion> versions;
};

// A statement that the role may not run according to the catalog. (A platform may allow more: RDS,
// Supabase and others let their own roles create some extensions.)
struct ForbiddenUse {
  ExtensionUse use;
  std::string extension;  // the one that is named, or one that it needs
  std::string why;        // a sentence
  std::string remedy;     // a statement for an admin; empty: only the owner can run it
  std::string owner = {};
};
std::vector<ForbiddenUse> ForbiddenUses(const std::vector<ExtensionUse>& uses,
                                        const std::vector<ExtensionOnServer>& extensions,
                                        const ServerState& server);

// With each extension and the statements for an admin. `forbidden` is not empty.
LackedPrivileges LackedForExtensions(const std::vector<ForbiddenUse>& forbidden,
                                     const ServerState& server);

}  // namespace ballast::plan
