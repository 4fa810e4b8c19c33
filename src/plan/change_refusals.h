// SPDX-License-Identifier: Apache-2.0
// Databases that `repair` and `rollback` do not change, whatever the change would be.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

// `decision`: of a deploy to the same database. Its own refusal for a failed migration, P3009 for
// one that a deploy continues, B502 for a database that is ahead of the project or has migrations
// that it does not know, and B501 for an empty one and for that of another project.
std::optional<Refusal> RefuseRepair(const Decision& decision, const Observation& observation);

// B506 for migrations that change rows and that a repair would record, although nothing shows that
// they have run. `applied`: globs of those that the user says have run.
std::optional<Refusal> RefuseUnrecorded(const std::vector<std::string>& unrecorded,
                                        const std::vector<std::string>& applied);

// As RefuseRepair for failed and interrupted migrations. B512 for a database without rows, and for
// one of a release that the project does not know: it is not known from which state it would go
// back. B501 for the database of another project. B502 if that release is newer, or the refusal of
// `decision` for it. `knows_release`: the project knows the release that the rows name, if any.
std::optional<Refusal> RefuseRollback(const Decision& decision, const Observation& observation,
                                      bool knows_release);

// B503 for a database that differs from `state`, because a rollback is tested from the proven one.
std::optional<Refusal> RefuseDriftFrom(const std::string& state,
                                       const std::vector<std::string>& drift);

}  // namespace ballast::plan
