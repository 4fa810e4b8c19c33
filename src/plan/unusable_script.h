// SPDX-License-Identifier: Apache-2.0
// Detects scripts that cannot be sent to the server, before anything runs.
#pragma once

#include <optional>

#include "plan/plan.h"
#include "release/migration.h"
#include "sql/classify.h"

namespace ballast::plan {

// P3015: the migration has no script.
Refusal MissingScript(const release::Migration& migration);

// P3015: a hotfix has no script, or one without a statement, which would be recorded as applied
// before it is written.
std::optional<Refusal> RefuseEmptyHotfix(const release::Migration& hotfix);

// B307: the script has a NUL byte, at which libpq would end the message.
std::optional<Refusal> NulByteIn(const release::Migration& migration);

// P3018: the script ends inside a string, a quoted name or a comment, and would absorb the text
// that follows it in the message.
std::optional<Refusal> RefuseUnterminated(const release::Migration& migration,
                                          const sql::ScriptProperties& properties);

}  // namespace ballast::plan
