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
  // Columns of the partition key of a parent table, or of a check or exclusion constraint. Their
  // times and ids must not be replaced.
  std::map<uint32_t, std::set<std::string>> by_bounds;
  // Columns of a unique index or of a foreign key, on either side. Two of their rows must not get
  // the same time.
  std::map<uint32_t, std::set<std::string>> by_keys;
};

// Reads them for all tables of the database, in one query.
Result<BoundColumns> ReadBoundColumns(postgres::Session& session);

}  // namespace ballast::introspect
