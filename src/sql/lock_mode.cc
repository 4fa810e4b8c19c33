// SPDX-License-Identifier: Apache-2.0
#include "sql/lock_mode.h"

#include <algorithm>
#include <array>

namespace ballast::sql {
namespace {

struct ModeNames {
  std::string_view in_statements;
  std::string_view in_pg_locks;
};

// In the order of LockMode.
constexpr std::array<ModeNames, 9> kModeNames = {{
    {"", ""},
    {"ACCESS SHARE", "AccessShareLock"},
    {"ROW SHARE", "RowShareLock"},
    {"ROW EXCLUSIVE", "RowExclusiveLock"},
    {"SHARE UPDATE EXCLUSIVE", "ShareUpdateExclusiveLock"},
    {"SHARE", "ShareLock"},
    {"SHARE ROW EXCLUSIVE", "ShareRowExclusiveLock"},
    {"EXCLUSIVE", "ExclusiveLock"},
    {"ACCESS EXCLUSIVE", "AccessExclusiveLock"},
}};

std::optional<LockMode> Find(std::string_view ModeNames::*column, std::string_view name) {
  const auto found = std::ranges::find(kModeNames, name, column);
  if (found == kModeNames.end() || name.empty()) return std::nullopt;
  return static_cast<LockMode>(found - kModeNames.begin());
}

}  // namespace

std::string_view NameOf(LockMode mode) {
  return kModeNames[static_cast<size_t>(mode)].in_statements;
}

std::optional<LockMode> LockModeNamed(std::string_view name) {
  return Find(&ModeNames::in_statements, name);
}

std::string_view PgLocksNameOf(LockMode mode) {
  return kModeNames[static_cast<size_t>(mode)].in_pg_locks;
}

LockMode LockModeOfPgLocks(std::string_view name) {
  return Find(&ModeNames::in_pg_locks, name).value_or(LockMode::kNone);
}

}  // namespace ballast::sql
