// SPDX-License-Identifier: Apache-2.0
// What is known of migrations that are recorded as failed, and what to do about each.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

std::string_view NameOf(EffectsPresent there);  // "all", "part", "none", "unknown"

// The first line of what the server said, out of the logs of a row: ours or Prisma's, which begin
// with its own sentences.
std::string ErrorIn(const std::string& logs);

// The script of a failed row, if the intent has it as it was run.
const release::Migration* ScriptOfRow(const Intent& intent, const MigrationRow& row);

// By the catalog as a whole: where it equals a state whose rows are just those that count as
// applied here, nothing of the failed migration is there; with it besides, all of it is. Nothing
// where no such state is known.
std::optional<FailureEvidence> EvidenceByState(const Observation& observation,
                                               const std::string& name);

// P3009: each failed row with its error, what is there of it, and the remedy that fits first.
Refusal FailedMigrations(const Observation& observation);

}  // namespace ballast::plan
