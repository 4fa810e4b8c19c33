// SPDX-License-Identifier: Apache-2.0
// The roles that a script names, and how. What a script does can depend on roles that exist on the
// server: `IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'app') THEN GRANT …`.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace ballast::sql {

struct NamedRoles {
  // Grantees, owners, and roles of policies, in statements and in code; where `reads_roles`, also
  // every string that could be the name of a role. PUBLIC is not among them.
  std::set<std::string> names;
  // Those that CREATE ROLE makes unconditionally: they do not exist before the script runs.
  std::set<std::string> created;
  // Whether the script may do something else where a role exists: it reads the catalog of roles, or
  // continues after an error.
  bool reads_roles = false;
  bool revokes = false;  // whether REVOKE occurs, also in code
};

// By words, also in strings that may be code.
NamedRoles FindNamedRoles(std::string_view script);

}  // namespace ballast::sql
