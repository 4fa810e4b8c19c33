// SPDX-License-Identifier: Apache-2.0
// A transaction that leaves nothing behind: for reading in one snapshot, and for trying statements.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "postgres/session.h"

namespace ballast::postgres {

// Sends `begin`, which starts the transaction and may contain further statements (settings, what is
// tried), then does `work` in it, and rolls it back in any case. Errors as Session::Query for
// `begin`, then those of `work`, then that of the ROLLBACK.
Status InRolledBackTransaction(Session& session, const std::string& begin,
                               const std::function<Status()>& work);

}  // namespace ballast::postgres
