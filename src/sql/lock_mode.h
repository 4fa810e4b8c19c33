// SPDX-License-Identifier: Apache-2.0
// The lock modes of tables (PostgreSQL manual, "Explicit Locking").
#pragma once

#include <optional>
#include <string_view>

namespace ballast::sql {

// By strength.
enum class LockMode {
  kNone,  // no lock, or on new objects only
  kAccessShare,
  kRowShare,
  kRowExclusive,
  kShareUpdateExclusive,
  kShare,
  kShareRowExclusive,
  kExclusive,
  kAccessExclusive
};

// "ACCESS EXCLUSIVE"; empty for kNone. And the inverse: nothing for other texts.
std::string_view NameOf(LockMode mode);
std::optional<LockMode> LockModeNamed(std::string_view name);

// As pg_locks has it, "AccessExclusiveLock"; empty for kNone. And the inverse: kNone for other
// texts.
std::string_view PgLocksNameOf(LockMode mode);
LockMode LockModeOfPgLocks(std::string_view name);

// Whether it blocks INSERT, UPDATE and DELETE, or also SELECT.
constexpr bool BlocksWrites(LockMode mode) {
  return mode >= LockMode::kShare;
}
constexpr bool BlocksReads(LockMode mode) {
  return mode == LockMode::kAccessExclusive;
}

}  // namespace ballast::sql
