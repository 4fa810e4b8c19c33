// SPDX-License-Identifier: Apache-2.0
// Partitions that migrations make from the date: one for each of the next months, counted from the
// day on which they run. Which of them a database has depends on that day, so a proven state does
// not require them: one that is missing, and another one of the same table, is no drift
// (docs/decisions/0014-managed-objects-and-additions.md).
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/database.h"
#include "catalog/object_identity.h"
#include "catalog/snapshot.h"

namespace ballast::catalog {

struct DatedPartitions {
  std::set<std::string> of;     // the partitioned tables, by identity
  std::set<std::string> fixed;  // partitions of these tables that are the same on every date

  bool empty() const { return of.empty(); }
  void Add(const DatedPartitions& others);
};

// As the remarks of a proven state say.
DatedPartitions DatedPartitionsOf(const Snapshot& proven);

// The partitions of `snapshot` that depend on the date, with all partitions below them.
std::set<std::string> TablesOfDate(const DatedPartitions& dated, const Snapshot& snapshot);

// Writes the remarks.
void MarkDated(const DatedPartitions& dated, Snapshot& snapshot);

// What differs between two replays of a history, on different dates and with other random values.
struct VolatileObjects {
  DatedPartitions partitions;
  std::set<ObjectKey> others;

  // Writes the remarks about all of them.
  void Mark(Snapshot& snapshot) const;
};
// `is_written`: whether a migration has the name literally. A partition that both replays have
// depends on the date, too, if others of its table do, no migration has its name, and it is within
// the time that both dates have in common: neither below all that only the first replay has, nor
// above all that only the second one has.
VolatileObjects FindVolatileObjects(const Snapshot& first, const Snapshot& second,
                                    const std::function<bool(std::string_view)>& is_written);

// For each partitioned table, a sentence about its partitions that depend on the date.
std::vector<std::string> DescribeDated(const Snapshot& proven);

// Tells whether differences of two states follow from the date alone. Either state can have the
// remarks.
class DatedComparison {
 public:
  DatedComparison(const Snapshot& a, const Snapshot& b);
  // Of states without remarks.
  DatedComparison(const DatedPartitions& dated, const Snapshot& a, const Snapshot& b);

  // The difference without what depends on the date; or nothing.
  std::optional<Difference> Rest(Difference difference) const;

 private:
  std::set<std::string> tables_;    // of a
  std::set<std::string> only_one_;  // those that only one state has, or has as a partition
};

// Diff without what depends on the date.
std::vector<Difference> DiffOnAnyDate(const Snapshot& a, const Snapshot& b,
                                      bool with_layout = false);

// A proven state without its partitions that depend on the date and what belongs to them.
Snapshot OnAnyDate(const Snapshot& proven);

// Two models, of which DDL turns one into the other, without partitions that this DDL neither makes
// nor drops: those that depend on the date. Where both have the partitioned table, these remain as
// they are; where only `from` has it, they are dropped with it. What only `to` has is made with its
// partitions.
struct ModelsOnAnyDate {
  Database from;
  Database to;
};
enum class Omitted {
  kAll,            // for a script that must run on every date
  kOnlyInOneModel  // for a database that is compared: what both have with the same bound is as the
                   // goal has it
};
ModelsOnAnyDate OnAnyDate(const Database& from, const Database& to, const DatedPartitions& dated,
                          Omitted omitted);

// For objects, other than partitions, that depend on the clock or on random values: the line for
// ballast.toml that ignores them, also under their names of another date. Empty if there are none.
std::string IgnoreLineFor(const std::vector<Difference>& differences);

}  // namespace ballast::catalog
