// SPDX-License-Identifier: Apache-2.0
// Whose database it is: asked before anything else is decided about it, for every strategy and
// command. Migrations of two projects can have the same names (Prisma's guides name one `0_init`),
// and a URL can be the wrong one.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "plan/intent.h"
#include "plan/need.h"
#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

// The applied migrations of the project if none of them was applied with the project's script;
// else none. prisma migrate deploy does not compare scripts either, so only the objects decide
// whether they were edited or are those of another project. Of a release without its history
// (Need::kHistory), by the checksums alone.
std::vector<release::Migration> AppliedWithOtherScripts(const Intent& intent,
                                                        const Observation& observation);

// B501 (Refusal::is_other_project) if the database seems to be that of another project, or what to
// read first; empty if nothing shows that. It does
// - if no migration of the project was applied with the project's script, and
//   - with a history, the database lacks most of the objects that these scripts create
//     (`script_objects`), unless drift is allowed;
//   - with a release, it has less than half of each known state, or also tables that the state does
//     not have, unless these are to be adopted;
// - if its release is unknown, and it has less than half of each known state of the release.
// With Policy::asks_owner it also does if no row says whose it is, and it has less than half of
// each known state; next to an unknown release, other tables count, too.
std::optional<std::variant<Refusal, Need>> AskOwner(const Intent& intent,
                                                    const Observation& observation,
                                                    const Policy& policy);

// What to do if the database has no table of the state that its rows describe. A repair would make
// all of them, without their rows.
std::vector<std::string> RemediesIfAllIsMissing();

// The same question for rows of migrations that are to become the row of a release, after the
// comparison. `history`: the migrations of the project; `covered`: what its release covers.
std::optional<Refusal> RefuseOtherRows(const std::vector<release::Migration>& history,
                                       const release::Coverage& covered,
                                       const Observation& observation);

}  // namespace ballast::plan
