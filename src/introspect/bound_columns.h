// SPDX-License-Identifier: Apache-2.0
// Columns whose values must fit what a baseline fixes: bounds of partitions, checks, keys. A value
// that the history took from the clock or generated stays as it was there, or a deploy would
// depend on the hour at which it runs.
#pragma once

#include <map>
#include <set>
#include <string>

#include "base/result.h"

namespace ballast::postgres {
class Session;
}  // namespace ballast::postgres

namespace ballast::introspect {

// By the table's oid: raw names of columns.
struct BoundColumns {
  // In the partition key of a table above, in a check or an exclusion constraint: neither a time
  // nor an id may be another one.
  std::map<uint32_t, std::set<std::string>> by_bounds;
  // In a unique index or a foreign key, on either side: several rows may not get the same time.
  std::map<uint32_t, std::set<std::string>> by_keys;
};

// Of all tables of the database. One query.
Result<BoundColumns> ReadBoundColumns(postgres::Session& session);

}  // namespace ballast::introspect
