// SPDX-License-Identifier: Apache-2.0
// Columns whose values must agree with definitions in the baseline: partition bounds, checks, keys.
// A value from the clock or an id generator keeps its replayed value in such a column; otherwise
// the result would depend on the time of the deploy.
#pragma once

#include <map>
#include <set>
#include <string>

#include "base/result.h"

namespace ballast::postgres {
class Session;
}  // namespace ballast::postgres

namespace ballast::introspect {

// Raw column names by the table's OID.
struct BoundColumns {
  // In the partition key of a parent table, or in a check or exclusion constraint: neither a time
  // nor an id may change.
  std::map<uint32_t, std::set<std::string>> by_bounds;
  // In a unique index or a foreign key, on either side: two rows must not get the same time.
  std::map<uint32_t, std::set<std::string>> by_keys;
};

// Reads them for all tables of the database, in one query.
Result<BoundColumns> ReadBoundColumns(postgres::Session& session);

}  // namespace ballast::introspect
