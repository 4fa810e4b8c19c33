// SPDX-License-Identifier: Apache-2.0
#include "proof/script_errors.h"

#include <fmt/format.h>

#include <vector>

#include "base/interruption.h"
#include "base/sqlstate.h"
#include "base/text.h"

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

std::string ReasonOf(const Error& error) {
  std::vector<std::string> objects;
  for (const auto& [name, value] : error.details) {
    if (name == "object") objects.push_back(value);
  }
  return objects.empty() ? error.message : error.message + ": " + JoinSome(objects);
}

}  // namespace ballast::proof
