// SPDX-License-Identifier: Apache-2.0
// The schemas that ballast makes in a database. They belong to no release: nothing in them is
// compared, carried or named as an addition, and a history must not use their names.
#pragma once

namespace ballast::catalog {

inline constexpr char kJournalSchema[] = "ballast";    // docs/journal.md
inline constexpr char kKeptSchema[] = "ballast_kept";  // plan/kept_data.h

// Both as a list for SQL's IN (…).
inline constexpr char kOwnSchemas[] = "'ballast', 'ballast_kept'";

}  // namespace ballast::catalog
