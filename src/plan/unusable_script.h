// SPDX-License-Identifier: Apache-2.0
// Scripts that must not be sent, found before anything runs.
#pragma once

#include <optional>

#include "plan/plan.h"
#include "release/migration.h"
#include "sql/classify.h"

namespace ballast::plan {

// P3015: the migration has no script.
Refusal MissingScript(const release::Migration& migration);

// B307: the script has a NUL byte. libpq would end the message there.
std::optional<Refusal> NulByteIn(const release::Migration& migration);

// P3018: the script ends within a string, a quoted name or a comment. What follows it in a message
// would become part of it.
std::optional<Refusal> CutOff(const release::Migration& migration,
                              const sql::ScriptProperties& properties);

}  // namespace ballast::plan
