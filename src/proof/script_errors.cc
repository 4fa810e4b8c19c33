// SPDX-License-Identifier: Apache-2.0
#include "proof/script_errors.h"

#include <fmt/format.h>

#include "base/interruption.h"
#include "base/sqlstate.h"

namespace ballast::proof {

bool IsAboutScripts(const Error& error) {
  if (Interruption::Requested()) return false;
  if (sqlstate::IsFailureOfServer(error.Detail("sqlstate"))) return false;
  // A query of ballast's own that the server refuses only after these scripts.
  if (error.code == ErrorCode::kQueryFailed) return true;
  if (error.code == ErrorCode::kOutcomeUnknown) return false;
  const ExitStatus status = StatusOf(error.code);
  return status == ExitStatus::kRefused || status == ExitStatus::kPartial;
}

Error ScriptRefused(ErrorCode code, const std::string& what, const postgres::ServerError& error) {
  if (error.connection_lost) return postgres::ErrorOf(error, what);
  Error made = MakeError(
      code, fmt::format("{} does not run: {} (SQLSTATE {})", what, error.message, error.sqlstate));
  made.details.emplace_back("sqlstate", error.sqlstate);
  made.details.emplace_back("server_message", error.message);
  return made;
}

}  // namespace ballast::proof
