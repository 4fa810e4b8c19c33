// SPDX-License-Identifier: Apache-2.0
#include "apply/setup_script.h"

#include "apply/replay_failure.h"
#include "base/sqlstate.h"
#include "release/platform_script.h"
#include "sql/lexer.h"
#include "sql/split.h"

namespace ballast::apply {
namespace {

bool IsDuplicateObject(const Status& sent) {
  return !sent && sent.error().Detail("sqlstate") == sqlstate::kDuplicateObject;
}

bool CreatesRole(const sql::TokenReader& words) {
  return words.Is("create") && (words.Is("role", 1) || words.Is("user", 1) || words.Is("group", 1));
}

Status RunPart(const release::PlatformPart& part, postgres::Session& session) {
  const std::string text(part.text);
  FailedScript failed{.migration = "", .file = part.file, .script = text};
  const SendStatement send = [&](std::string_view statement, size_t offset) -> Status {
    const postgres::Outcome outcome = session.Run(statement);
    if (!outcome.error) return {};
    failed.sent_offset = offset;
    failed.completed = outcome.completed;
    failed.server_major = session.server_major();
    return ExplainFailure(failed, *outcome.error, {});
  };
  return AcceptExistingRoles(send(text, 0), text, send);
}

}  // namespace

Status AcceptExistingRoles(Status whole, std::string_view script, const SendStatement& send) {
  if (!IsDuplicateObject(whole)) return whole;
  for (sql::StatementIterator walk(script); walk.Next();) {
    Status sent = send(walk.statement().text, walk.statement().offset);
    if (!sent && !(IsDuplicateObject(sent) && CreatesRole(walk.reader()))) return sent;
  }
  return {};
}

Status RunSetupScript(const std::string& script, postgres::Session& session) {
  for (const release::PlatformPart& part : release::PartsOf(script)) TRY(RunPart(part, session));
  return {};
}

}  // namespace ballast::apply
