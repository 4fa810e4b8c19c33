// SPDX-License-Identifier: Apache-2.0
#include "postgres/pooler.h"

#include <fmt/format.h>

namespace ballast::postgres {
namespace {

// A pooler in session mode whose pool is full lets the second connection wait, which is also an
// answer.
constexpr std::chrono::milliseconds kAnswerTimeout{2000};
constexpr int kTries = 3;

Error Pooler(const Target& target) {
  return MakeError(
      ErrorCode::kPooler,
      fmt::format("{} leads to a connection pooler in transaction mode; the deployment lock needs "
                  "one session for the whole deploy; nothing was changed",
                  target.Address()),
      "connect to the server directly: --database-url, directUrl or DIRECT_URL");
}

std::string ProcessOf(const Outcome& outcome) {
  if (outcome.error || outcome.results.empty() || outcome.results.back().rows.empty()) return {};
  return outcome.results.back().rows[0][0].value_or("");
}

}  // namespace

std::string IsDirectSql(const Session& session) {
  return fmt::format("pg_backend_pid() = {}", session.backend_pid());
}

Status RefuseTransactionPooler(Session& session) {
  const Target& target = session.target();
  if (target.pgbouncer) return Pooler(target);
  constexpr std::string_view kAsk = "SELECT pg_backend_pid()";
  for (int i = 0; i < kTries; ++i) {
    const std::string mine = ProcessOf(session.Run(kAsk));
    auto second = Session::Connect(target);
    if (!second) return {};
    if (!mine.empty() && ProcessOf(second->RunWithin(kAsk, kAnswerTimeout)) == mine) {
      return Pooler(target);
    }
    if (ProcessOf(session.Run(kAsk)) != mine) return Pooler(target);
  }
  return {};
}

}  // namespace ballast::postgres
