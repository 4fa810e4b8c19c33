// SPDX-License-Identifier: Apache-2.0
// Who keeps this session from reading a table.
#pragma once

#include <string>

#include "postgres/session.h"

namespace ballast::postgres {

// After a statement that did not get a lock (55P03): another session's exclusive lock of a table,
// which is the probable one, as "on TABLE, held by pid 12 (psql, role app)". Otherwise "that
// another session holds". Rolls the failed transaction back, if there is one.
std::string DescribeTableLock(Session& session);

}  // namespace ballast::postgres
