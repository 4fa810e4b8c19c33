// SPDX-License-Identifier: Apache-2.0
// The release package as bytes and values; the disk is the workspace's affair.
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
// The signature of the manifest (release/seal.h); it cannot be named by what it signs.
inline constexpr char kSealPath[] = "release-migrations/manifest.json.minisig";
inline constexpr char kBaselinePath[] = "release-migrations/0_baseline/migration.sql";
inline constexpr char kHistoryPath[] = "release-migrations/history.tar.zst";
inline constexpr char kSnapshotPath[] = "release-migrations/catalog.facts";
// The same after the hotfixes, where there are any.
inline constexpr char kHotfixSnapshotPath[] = "release-migrations/hotfixes.facts";
// The catalogs of the states in `previous`, told by what differs from kSnapshotPath; and of what
// the schema alone gives.
inline constexpr char kStatesPath[] = "release-migrations/states.facts";
// The name of the latter in it.
inline constexpr char kSchemaOnlyState[] = "schema-only";
inline constexpr char kLockPath[] = "release-migrations/migration_lock.toml";
inline constexpr char kMigrationsPath[] = "release-migrations";
// A file, or a folder for a schema of several files.
inline constexpr char kSchemaPath[] = "schema.release.prisma";
inline constexpr char kPrismaConfigPath[] = "prisma.release.config.ts";
// Scripts that take a database back to an earlier release: VERSION.sql.
inline constexpr char kRollbackFolder[] = "rollback";
// What may be unpacked from a history at most, when nobody says otherwise.
inline constexpr size_t kHistoryLimit = size_t{256} << 20;
inline constexpr size_t kMaxHistoryEntries = 100'000;

struct Package {
  Manifest manifest;
  // Path from the package folder ("release-migrations/…", "schema.release.prisma") → bytes; all
  // files that the manifest names, manifest.json itself, and whatever else lies in
  // release-migrations.
  std::map<std::string, std::string> files;

  const std::string& Baseline() const;  // the bytes of kBaselinePath
  // The migrations beside the baseline (hotfixes), in Prisma's order.
  std::vector<Migration> Hotfixes() const;
};

// Fills in what the manifest says of the rest of the package, from the files and the coverage:
// `files`, baseline_checksum, baseline_lines, migration_count, baseline_includes_up_to, and last
// the manifest's own digest. Then writes manifest.json among the files, and removes the seal of an
// earlier one. Whoever makes a package calls it last.
void CompletePackage(Package* package);

// Checks every file against the manifest, offline: B401 with the name of each file that is changed,
// missing, or neither named by the manifest nor of a hotfix folder (one "file" detail each). Also
// the manifest against itself (counts, checksums, proof, coverage: B402), and the parts against
// each other (consistency.h: facts and fingerprints, coverage and packed history, schema and
// checksum: B401). A few milliseconds for a thousand migrations. Hotfix folders added by hand are
// allowed; `unproven` (may be null) gets their names, since no fingerprint covers them. B408 when a
// hotfix has the name of a covered migration, B401 when one sorts before the baseline.
Status VerifyPackage(const Package& package, std::vector<std::string>* unproven);

// Unpacks history.tar.zst and compares each migration with the coverage; B401. Part of
// VerifyPackage. A package without the archive passes.
Status VerifyHistory(const Package& package, size_t limit_bytes = kHistoryLimit);

// The covered migrations, packed: a tar of NAME/migration.sql (NAME/ for a migration without a
// script) under zstd. Deterministic: in the order given, no times, no owners. Names must be folder
// names.
std::string PackHistory(const std::vector<Migration>& migrations);
// B401 for anything that is not what PackHistory writes: absolute names, "..", links, devices, a
// name twice, more than kMaxHistoryEntries, sizes beyond `limit_bytes` in total.
Result<std::vector<Migration>> UnpackHistory(std::string_view archive, size_t limit_bytes);

// Names and checksums of the migrations in it, without keeping their scripts in memory. The errors
// of UnpackHistory. The scripts are UTF-8, as PackHistory writes them.
Result<Coverage> CoverageOfHistory(std::string_view archive, size_t limit_bytes);

// The whole package, packed as one file: its files in the order of their paths. Deterministic.
std::string PackPackage(const Package& package);
// Path → bytes of such a file; nothing is verified yet but the form: B401 as UnpackHistory, and for
// paths that are not plain. `file` is its name, for errors.
Result<std::map<std::string, std::string>> UnpackPackage(std::string_view archive,
                                                         const std::string& file);

// A relative path in its only spelling: no "..", no root, no backslash, no control characters.
bool IsPlainPath(std::string_view path);

// "rollback/v1.0.0.sql"
std::string RollbackPath(std::string_view version);
// The proven way back to that release; null: the package has none.
const Rollback* RollbackTo(const Manifest& manifest, std::string_view version);

// The lines of a script, as baseline_lines counts them: a last line without its end counts too.
int CountLines(std::string_view text);

// prisma.release.config.ts, which points Prisma (6.12 and later) at release-migrations, and Prisma
// 7 at the database. `url_variables`: the variables that may hold its URL; the first that is set
// counts.
std::string RenderPrismaConfig(const std::vector<std::string>& url_variables);
// migration_lock.toml as Prisma reads it.
std::string RenderMigrationLock();

}  // namespace ballast::release
