// SPDX-License-Identifier: Apache-2.0
// The pieces that plans are put together from; the planner's own workbench.
#pragma once

#include <string>
#include <vector>

#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

// How a script is run, by what its words say of transactions; in another form where one is given.
RunScript RunScriptStep(const release::Migration& migration,
                        std::optional<RewrittenScript> as = {});

// The migrations of `wanted` that no row counts as applied, in order.
std::vector<release::Migration> PendingOf(const std::vector<release::Migration>& wanted,
                                          const Observation& observation);

// Names of rows that count as applied and are in none of the lists; each once, by first row.
std::vector<std::string> UnknownNames(const Observation& observation,
                                      const std::vector<release::Migration>& known,
                                      const release::Coverage& covered);

std::vector<std::string> NamesOf(const std::vector<release::Migration>& migrations);

// Whether scripts, run in this order, can be one transaction: each can run inside one, and none
// speaks of an enum value that an earlier one adds (55P04, manual of ALTER TYPE).
bool ShareOneTransaction(const std::vector<release::Migration>& scripts);

struct ScriptOptions {
  std::string reason;
  bool together = true;  // in one transaction if they can; else each in its own, as Prisma does
  bool record = true;    // a row for each
  bool fresh = false;    // nothing was in the database before this plan, and nobody uses it
};

// Adds a step to run each; all of them have scripts. The plan stays atomic only if they are one
// transaction; in a plan of several each script gets its row, so that a crash leaves behind what
// has run and the next deploy goes on from there.
void AddScripts(Plan& plan, const std::vector<release::Migration>& scripts,
                const ScriptOptions& manner);

// The target schema and the migrations table, where they are not there yet.
void AddPrerequisites(Plan& plan, const Observation& observation);

// A script is missing: P3015 before anything runs, instead of after half of it.
const release::Migration* FirstWithoutScript(const std::vector<release::Migration>& migrations);

Decision Refuse(Found found, Refusal refusal);
Refusal MissingScript(const release::Migration& migration);
Refusal NotEmpty(const Observation& observation);
Refusal Ahead(const std::vector<std::string>& unknown);

}  // namespace ballast::plan
