// SPDX-License-Identifier: Apache-2.0
// Evidence and remedies for migrations that are recorded as failed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

// Whether a statement failed with this SQLSTATE because an object of its name exists.
bool IsDuplicateObject(std::string_view sqlstate);
// Whether the row's logs, ballast's or Prisma's, have such an SQLSTATE, or that of an object that
// does not exist.
bool FailedWithDuplicateObject(std::string_view logs);
bool FailedWithUndefinedObject(std::string_view logs);

std::string_view NameOf(EffectsPresent effects);  // "all", "part", "none", "unknown"

// The first line of the server's message in the `logs` column, which begins with a sentence of
// ballast or Prisma.
std::string ErrorIn(const std::string& logs);

// The script of a failed row, if the intent contains it with the same checksum; else null.
const release::Migration* ScriptOfRow(const Intent& intent, const MigrationRow& row);

// Whether the server reported an error for the only statement of the script, which is atomic.
bool FailedAsAWhole(const MigrationRow& row, const release::Migration& migration);

// Evidence from the whole catalog. If it equals a known state whose rows are exactly those that
// count as applied here, nothing of the failed migration was applied; if it equals that state plus
// the migration, all of it was; if the two states have the same catalog, or the script can write
// rows, that is not known. Empty if no such state is known. `migration`: its script; can be null.
std::optional<FailureEvidence> EvidenceByState(const Observation& observation,
                                               const std::string& name,
                                               const release::Migration* migration);

// P3009: lists each failed row with its error, how much of it was applied, and its remedies, best
// first.
Refusal FailedMigrations(const Observation& observation);

}  // namespace ballast::plan
