// SPDX-License-Identifier: Apache-2.0
// Values that a history does not leave the same twice: from the clock, from random(), from
// generated ids. They are found by holding two replays against each other.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"

namespace ballast::postgres {
class Session;
}  // namespace ballast::postgres

namespace ballast::introspect {

struct VolatileRows {
  // Table, as digests name it → raw names of columns whose values differ.
  std::map<std::string, std::set<std::string>> columns;
  // Values of such columns that look like UUIDs and that only the first replay has: generated ones.
  std::set<std::string> generated_ids;
  std::set<std::string> counts;  // tables in which even the number of rows differs
  // When the replay ran that rows are read from: times in between came from the clock.
  std::string from;
  std::string to;

  bool empty() const { return columns.empty() && counts.empty(); }
  std::vector<std::string> ColumnsOf(const std::string& table) const;
  // "User: createdAt, id", a line for each table.
  std::vector<std::string> Describe() const;
};

// Both sessions have the target schema alone on their search_path. `from` and `to` are when the
// first replay ran, by its server's clock: two replays side by side may read the same millisecond
// from it, so a time in between counts as the clock's even where both have it.
Result<VolatileRows> FindVolatileRows(postgres::Session& first, postgres::Session& second,
                                      const std::string& from, const std::string& to);

// An SQL condition: `value`, a column of `type` ("timestamp(3) without time zone"), is a time
// between `from` and `to`, both included. A column rounds what is stored in it, so the bounds are
// rounded in the same way: timestamp(3) may store a time up to half a millisecond before `from`. A
// time without a time zone is one of the zone that the server gives to new sessions.
std::string IsBetween(const std::string& value, const std::string& type, bool with_time_zone,
                      const std::string& from, const std::string& to);

// The server's clock, for `from` and `to`.
Result<std::string> ServerTime(postgres::Session& session);

}  // namespace ballast::introspect
