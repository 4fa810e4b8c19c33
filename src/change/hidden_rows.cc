// SPDX-License-Identifier: Apache-2.0
#include "change/hidden_rows.h"

#include "base/sqlstate.h"

namespace ballast::change {

bool IsHiddenByPolicy(const Error& error) {
  return error.Detail("sqlstate") == sqlstate::kInsufficientPrivilege &&
         error.message.find("row-level security") != std::string::npos;
}

Error HiddenRows(const Error& error) {
  return MakeError(
      ErrorCode::kCannotTell,
      "row security hides rows from this role, so it is not known what would be lost: " +
          error.message,
      "run the command as a role with BYPASSRLS, or as a superuser");
}

}  // namespace ballast::change
