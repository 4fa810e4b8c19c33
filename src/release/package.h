// SPDX-License-Identifier: Apache-2.0
// The release package as values; workspace/package_store.h reads and writes it.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "release/manifest.h"
#include "release/migration.h"

namespace ballast::release {

inline constexpr char kBaselineName[] = "0_baseline";
inline constexpr char kManifestPath[] = "release-migrations/manifest.json";
// The signature of the manifest (release/seal.h). The manifest cannot list it.
inline constexpr char kSealPath[] = "release-migrations/manifest.json.minisig";
inline constexpr char kBaselinePath[] = "release-migrations/0_baseline/migration.sql";
inline constexpr char kHistoryPath[] = "release-migrations/history.tar.zst";
inline constexpr char kSnapshotPath[] = "release-migrations/catalog.facts";
// The same after the hotfixes, if there are any.
inline constexpr char kHotfixSnapshotPath[] = "release-migrations/hotfixes.facts";
// The snapshots of the states in `previous` and of the schema alone, as differences from
// kSnapshotPath.
inline constexpr char kStatesPath[] = "release-migrations/states.facts";
// The name of the schema-only state in it.
inline constexpr char kSchemaOnlyState[] = "schema-only";
inline constexpr char kLockPath[] = "release-migrations/migration_lock.toml";
inline constexpr char kMigrationsPath[] = "release-migrations";
// A file, or a folder for a schema of several files.
inline constexpr char kSchemaPath[] = "schema.release.prisma";
inline constexpr char kPrismaConfigPath[] = "prisma.release.config.ts";
// Scripts that roll a database back to an earlier release: VERSION.sql.
inline constexpr char kRollbackFolder[] = "rollback";
// Default limits for unpacking a history.
inline constexpr size_t kHistoryLimit = size_t{256} << 20;
inline constexpr size_t kMaxHistoryEntries = 100'000;

struct Package {
  Manifest manifest;
  // Path from the package folder ("release-migrations/…", "schema.release.prisma") → bytes: all
  // files that the manifest lists, manifest.json, and all other files in release-migrations.
  std::map<std::string, std::string> files;

  const std::string& Baseline() const;  // the bytes of kBaselinePath
  // The migrations after the baseline (hotfixes), in Prisma's order.
  std::vector<Migration> Hotfixes() const;
};

// The release without its hotfixes: their folders, and what was proven with them, are left out. For
// comparisons only; its manifest has no digest.
Package WithoutHotfixes(Package package);

// Completes the manifest from the files and the coverage: `files`, baseline_checksum,
// baseline_lines, migration_count, baseline_includes_up_to, and last the manifest's own digest.
// Then adds manifest.json to the files and removes the seal of an earlier one. Call it last when
// making a package.
void CompletePackage(Package* package);

// Checks every file against the manifest, offline. B401 lists, as "file" details, each file that is
// changed, missing, or neither in the manifest nor part of a hotfix folder. Also checks the
// manifest itself (counts, checksums, proof, coverage: B402) and the parts against each other
// (consistency.h: B401). Takes a few milliseconds for 1,000 migrations. Hotfix folders added by
// hand are allowed; `unproven` (may be null) receives their names, because no fingerprint covers
// them. B408 if a hotfix has the name of a covered migration, B401 if one sorts before the
// baseline.
Status VerifyPackage(const Package& package, std::vector<std::string>* unproven);

// Unpacks history.tar.zst and compares each migration with the coverage; B401. Part of
// VerifyPackage. A package without the archive passes.
Status VerifyHistory(const Package& package, size_t limit_bytes = kHistoryLimit);

// Whether the path is relative and normalized: no "..", no root, no backslash, no control
// characters.
bool IsPlainPath(std::string_view path);

// "rollback/v1.0.0.sql"
std::string RollbackPath(std::string_view version);
// The proven rollback to that release; null if the package has none.
const Rollback* RollbackTo(const Manifest& manifest, std::string_view version);

// The number of lines, for baseline_lines; a last line without line feed counts.
int CountLines(std::string_view text);

// prisma.release.config.ts, which points Prisma (6.12 and later) at release-migrations, and Prisma
// 7 at the database. `url_variables`: variables that can hold its URL; the first that is set is
// used.
std::string RenderPrismaConfig(const std::vector<std::string>& url_variables);
// migration_lock.toml as Prisma reads it.
std::string RenderMigrationLock();

}  // namespace ballast::release
