// SPDX-License-Identifier: Apache-2.0
// Values that differ whenever the migrations run: from the clock, from random(), from id
// generators. They are found by comparing two replays.
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
  // Table, as in TableRows → raw names of the columns whose values differ.
  std::map<std::string, std::set<std::string>> columns;
  // Values of these columns that look like UUIDs and occur only in the first replay: generated ids.
  std::set<std::string> generated_ids;
  std::set<std::string> counts;  // tables whose number of rows differs
  // The period of the replay whose rows are read: times within it came from the clock.
  std::string from;
  std::string to;

  bool empty() const { return columns.empty() && counts.empty(); }
  std::vector<std::string> ColumnsOf(const std::string& table) const;
  // "User: createdAt, id", one line for each table.
  std::vector<std::string> Describe() const;
};

// The search_path of both sessions must be the target schema. `from` and `to` delimit the first
// replay by its server's clock. Because two simultaneous replays can read the same millisecond, a
// time in that period counts as from the clock even if both have it.
Result<VolatileRows> FindVolatileRows(postgres::Session& first, postgres::Session& second,
                                      const std::string& from, const std::string& to);

// An SQL condition: `value`, a column of `type` ("timestamp(3) without time zone"), is a time
// between `from` and `to`, inclusive. The bounds are rounded like the column's values: timestamp(3)
// can store a time up to half a millisecond before `from`. A time without time zone is in the
// server's default time zone.
std::string IsBetween(const std::string& value, const std::string& type, bool with_time_zone,
                      const std::string& from, const std::string& to);

// The server's clock, for `from` and `to`.
Result<std::string> ServerTime(postgres::Session& session);

}  // namespace ballast::introspect
