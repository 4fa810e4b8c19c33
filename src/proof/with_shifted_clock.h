// SPDX-License-Identifier: Apache-2.0
// Which partitions depend on the date, where the clock of the server cannot be set: scripts run
// once more with days added to what they read from the clock (sql/shifted_clock.h).
#pragma once

#include <vector>

#include "base/result.h"
#include "catalog/dated_partitions.h"
#include "catalog/snapshot.h"
#include "release/migration.h"

namespace ballast::proof {

// The migrations as they would run later, with their names and checksums; empty if no script reads
// the clock.
std::vector<release::Migration> OnLaterDate(const std::vector<release::Migration>& migrations);

// Whether the state has a range or list partition whose name no migration has.
bool MayHaveDatedPartitions(const catalog::Snapshot& state,
                            const std::vector<release::Migration>& migrations);

// `later`: the same state made with the scripts of OnLaterDate.
catalog::DatedPartitions FindDatedPartitions(const catalog::Snapshot& state,
                                             const catalog::Snapshot& later,
                                             const std::vector<release::Migration>& migrations);

// Whether a migration has the name, as a whole, anywhere: also in a body or a string.
bool IsWritten(std::string_view name, const std::vector<release::Migration>& migrations);

}  // namespace ballast::proof
