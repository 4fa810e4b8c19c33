// SPDX-License-Identifier: Apache-2.0
// Partitions of a database whose bounds do not allow those of a partition that is to be made. Only
// the server knows whether bounds overlap, so it is asked: it makes them for temporary tables with
// the same partition key, in a transaction that is rolled back.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"
#include "sql/partition_bound.h"

namespace ballast::introspect {

struct PartitionOverlap {
  enum class Kind {
    kBounds,  // they overlap, or both are default partitions
    kRows     // rows of the default partition belong to the new one
  };
  Kind kind = Kind::kBounds;
  size_t requested = 0;  // its place
  std::string existing;  // as in a snapshot: "\"Event_old\"", "s.event_old"
  std::string bound;     // of the existing one, as the server prints it
};

// `concerns`: whether an existing partition counts, by its identity in a snapshot and its raw name.
// Names without a schema are in `schema`. Partitions of tables that do not exist are left out; so
// are those that cannot be tried, because the role may not make temporary tables or the session is
// read-only. The session must be idle. Errors as Session::Query.
Result<std::vector<PartitionOverlap>> FindPartitionOverlaps(
    postgres::Session& session, const std::string& schema,
    const std::vector<sql::NewPartition>& requested,
    const std::function<bool(const std::string& identity, const std::string& name)>& concerns);

}  // namespace ballast::introspect
