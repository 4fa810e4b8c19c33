// SPDX-License-Identifier: Apache-2.0
#include "sql/role_switch.h"

namespace ballast::sql {

bool SwitchesRole(TokenReader statement) {
  const auto names_role = [&] {
    return statement.Is("role") || statement.Is("session_authorization") ||
           (statement.Is("session") && statement.Is("authorization", 1));
  };
  if (statement.Take("reset")) return statement.Is("all") || names_role();
  if (!statement.Take("set")) return false;
  if (names_role()) return true;
  return (statement.Take("local") || statement.Take("session")) && names_role();
}

}  // namespace ballast::sql
