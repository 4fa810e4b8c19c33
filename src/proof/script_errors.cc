// SPDX-License-Identifier: Apache-2.0
#include "proof/script_errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "apply/cut_off.h"
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

namespace {

// Where in the script the server found the error; nullopt if it reports no position.
std::optional<size_t> OffsetOf(const postgres::ServerError& error, const SentScript& sent) {
  if (sent.text.empty() || error.position <= static_cast<int>(sent.prefix)) return std::nullopt;
  return ByteOffset(sent.text, error.position - static_cast<int>(sent.prefix));
}

// Without the end that sql::EndStatement adds.
size_t EndOf(std::string_view script) {
  constexpr std::string_view kAdded = "\n;\n";
  if (script.ends_with(kAdded)) script.remove_suffix(kAdded.size());
  return TrimRight(script).size();
}

// For the server, a script that is cut off continues with what follows it in the message.
std::string WordsOf(const postgres::ServerError& error, const SentScript& sent,
                    std::optional<size_t> offset) {
  std::string cut_off = apply::CutOffText(sent.text, error.message);
  if (!cut_off.empty() && !sent.text.empty()) return cut_off;
  const bool after =
      offset && *offset >= EndOf(sent.text) && error.sqlstate == sqlstate::kSyntaxError;
  return after ? apply::CutOffText(sent.text.substr(0, EndOf(sent.text))) : error.message;
}

}  // namespace

Error ScriptRefused(ErrorCode code, const std::string& what, const postgres::ServerError& error,
                    const SentScript& sent) {
  if (error.connection_lost) return postgres::ErrorOf(error, what);
  const std::optional<size_t> offset = OffsetOf(error, sent);
  const std::string line =
      offset ? fmt::format(" at line {}", LineAt(sent.text, std::min(*offset, EndOf(sent.text))))
             : "";
  Error made = MakeError(code, fmt::format("{} does not run{}: {} (SQLSTATE {})", what, line,
                                           WordsOf(error, sent, offset), error.sqlstate));
  made.details.emplace_back("sqlstate", error.sqlstate);
  made.details.emplace_back("server_message", error.message);
  if (!error.table.empty()) {
    made.details.emplace_back("schema", error.schema);
    made.details.emplace_back("table", error.table);
  }
  return made;
}

std::string ReasonOf(const Error& error) {
  const std::vector<std::string> objects = error.AllDetails("object");
  return objects.empty() ? error.message : error.message + ": " + JoinSome(objects);
}

}  // namespace ballast::proof
