// SPDX-License-Identifier: Apache-2.0
// schema.prisma, history and database held side by side: what each difference means and what to do.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/snapshot.h"

namespace ballast::plan {

enum class DriftKind {
  kMissingMigration,  // schema.prisma says it, no migration makes it
  kNotInSchema,       // the history makes it, schema.prisma could say it and does not
  kBeyondPrisma,      // the history makes it, Prisma cannot say it: the baseline carries it
  kUnwritten,         // the live database has it, nobody wrote it down
  kNotInDatabase,     // the history makes it, the live database does not have it
  kChangedInDatabase  // both have it, with other properties
};
std::string_view NameOf(DriftKind kind);   // "missing_migration" …
std::string_view TitleOf(DriftKind kind);  // "a migration is missing" …
std::string_view RemedyOf(DriftKind kind);

struct Drift {
  DriftKind kind;
  catalog::Difference difference;
};

// `ignored` are globs over "kind object" and "object".
std::vector<Drift> CompareSchemaWithHistory(const catalog::Snapshot& wanted,
                                            const catalog::Snapshot& replayed,
                                            const std::vector<std::string>& ignored);
std::vector<Drift> CompareHistoryWithDatabase(const catalog::Snapshot& replayed,
                                              const catalog::Snapshot& live,
                                              const std::vector<std::string>& ignored);

// Whether somebody has to act: all but what Prisma cannot say.
bool IsDisagreement(const Drift& drift);

}  // namespace ballast::plan
