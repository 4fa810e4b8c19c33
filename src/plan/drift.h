// SPDX-License-Identifier: Apache-2.0
// Compares schema.prisma, migrations and database, and explains each difference with a remedy.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/snapshot.h"
#include "plan/prisma_view.h"

namespace ballast::plan {

enum class DriftKind {
  kMissingMigration,  // in schema.prisma; no migration creates it
  kNotInSchema,       // the migrations create it; schema.prisma could express it and does not
  // The migrations create it; the schema language cannot express all of it, and Prisma would drop
  // or change it.
  kPrismaWouldChange,
  kUnwritten,          // in the live database; no migration creates it
  kNotInDatabase,      // the migrations create it; the live database does not have it
  kChangedInDatabase,  // both have it, with different properties
  // A note: the migrations create it, the schema language cannot express it, and Prisma does not
  // see it.
  kBeyondPrisma
};
std::string_view NameOf(DriftKind kind);   // "missing_migration" …
std::string_view TitleOf(DriftKind kind);  // a heading
std::string_view RemedyOf(DriftKind kind);

struct Drift {
  DriftKind kind;
  catalog::Difference difference;
};

// A difference is what Prisma would change (prisma migrate diff); all else is a note. `ignored` are
// globs on "kind object" and "object".
std::vector<Drift> CompareSchemaWithHistory(const catalog::Snapshot& expected,
                                            const catalog::Snapshot& replayed,
                                            const std::vector<std::string>& ignored,
                                            const PrismaScope& scope = {});
std::vector<Drift> CompareHistoryWithDatabase(const catalog::Snapshot& replayed,
                                              const catalog::Snapshot& live,
                                              const std::vector<std::string>& ignored);

// The form in which ballast.toml lists an accepted difference: "not_in_schema: index "X"".
std::string AcceptanceOf(const Drift& drift);

struct RemovedDrifts {
  size_t count = 0;
  std::vector<std::string> unmatched;  // entries of `accepted` that are no difference
};
// Removes the accepted differences.
RemovedDrifts RemoveAccepted(const std::vector<std::string>& accepted, std::vector<Drift>& drifts);

// Whether it is a difference and not a note: false only for kBeyondPrisma.
bool IsDisagreement(const Drift& drift);

}  // namespace ballast::plan
