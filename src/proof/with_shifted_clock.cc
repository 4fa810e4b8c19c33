// SPDX-License-Identifier: Apache-2.0
#include "proof/with_shifted_clock.h"

#include <algorithm>

#include "catalog/object_identity.h"
#include "scratch/clock_shift.h"
#include "sql/shifted_clock.h"

namespace ballast::proof {
namespace {

constexpr std::string_view kPartitionOf = "partition of", kBound = "partition bound";

bool IsPartOfName(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool HasName(std::string_view script, std::string_view name) {
  for (size_t at = script.find(name); at != std::string_view::npos;
       at = script.find(name, at + 1)) {
    const size_t end = at + name.size();
    const bool before = at > 0 && IsPartOfName(script[at - 1]);
    const bool after = end < script.size() && IsPartOfName(script[end]);
    if (!before && !after) return true;
  }
  return false;
}

// Only what FindVolatileObjects knows partitions by: a default of a column differs, too.
catalog::Snapshot PartitionsOf(const catalog::Snapshot& state) {
  catalog::Snapshot partitions = state;
  std::erase_if(partitions, [](const catalog::ObjectProperty& one) {
    return one.property != "kind" && one.property != kPartitionOf && one.property != kBound;
  });
  return partitions;
}

}  // namespace

std::vector<release::Migration> OnLaterDate(const std::vector<release::Migration>& migrations) {
  std::vector<release::Migration> later = migrations;
  bool reads_clock = false;
  for (release::Migration& migration : later) {
    if (!migration.script) continue;
    std::string script = sql::WithShiftedClock(*migration.script, scratch::kClockShiftDays);
    if (script == *migration.script) continue;
    migration.script = std::move(script);
    reads_clock = true;
  }
  if (!reads_clock) later.clear();
  return later;
}

bool MayHaveDatedPartitions(const catalog::Snapshot& state,
                            const std::vector<release::Migration>& migrations) {
  return std::ranges::any_of(state, [&](const catalog::ObjectProperty& one) {
    return one.property == kPartitionOf && catalog::IsRelationKind(one.kind) &&
           !IsWritten(catalog::PartsOf(one.object).back(), migrations);
  });
}

catalog::DatedPartitions FindDatedPartitions(const catalog::Snapshot& state,
                                             const catalog::Snapshot& later,
                                             const std::vector<release::Migration>& migrations) {
  return catalog::FindVolatileObjects(
             PartitionsOf(state), PartitionsOf(later),
             [&](std::string_view name) { return IsWritten(name, migrations); })
      .partitions;
}

bool IsWritten(std::string_view name, const std::vector<release::Migration>& migrations) {
  return std::ranges::any_of(migrations, [&](const release::Migration& migration) {
    return HasName(migration.script.TextOrEmpty(), name);
  });
}

}  // namespace ballast::proof
