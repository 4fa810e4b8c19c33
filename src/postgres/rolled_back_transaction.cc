// SPDX-License-Identifier: Apache-2.0
#include "postgres/rolled_back_transaction.h"

namespace ballast::postgres {

Status InRolledBackTransaction(Session& session, const std::string& begin,
                               const std::function<Status()>& work) {
  // Between two messages, the server must not end the session.
  Result<std::vector<Rows>> begun =
      session.Query(begin + ";\nSET LOCAL idle_in_transaction_session_timeout = 0");
  Status done = begun.ok() ? work() : Status(std::move(begun).error());
  if (!done && session.transaction_state() == TransactionState::kIdle) return done;
  const Outcome end = session.Run("ROLLBACK");
  TRY(std::move(done));
  if (end.error) return ErrorOf(*end.error, "the end of a transaction");
  return {};
}

}  // namespace ballast::postgres
