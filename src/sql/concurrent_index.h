// SPDX-License-Identifier: Apache-2.0
// Scripts that build or drop one index concurrently. After a crash, the catalog shows their
// progress; in a new database, they can run without CONCURRENTLY.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sql/object_name.h"

namespace ballast::sql {

struct ConcurrentIndex {
  bool build = false;  // false: DROP INDEX
  ObjectName table;    // of a build
  // The schema is empty if the statement does not name it: it is the session's. The name is empty
  // if the server chooses it.
  ObjectName index;
  // The script with CONCURRENTLY replaced by spaces, so that all other positions are unchanged.
  // According to the manual ("Building Indexes Concurrently") the index is the same; the statement
  // locks the table instead and can run inside a transaction.
  std::string plain;
};

// The statement if the script is exactly one of them, apart from comments; else nothing. DROP INDEX
// of several names is not one, because the server refuses it with CONCURRENTLY. A script that
// libpg_query cannot parse is not one either.
std::optional<ConcurrentIndex> ReadConcurrentIndex(std::string_view script);

// The same, but nothing if the server chooses the name.
std::optional<ConcurrentIndex> ReadNamedConcurrentIndex(std::string_view script);

}  // namespace ballast::sql
