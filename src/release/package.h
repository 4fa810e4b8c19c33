// The release package as bytes and values; the disk is the workspace's affair.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "release/manifest.h"
#include "release/migration.h"

namespace ballast::release {

inline constexpr char kBaselineName[] = "0_baseline";
inline constexpr char kManifestPath[] = "release-migrations/manifest.json";
inline constexpr char kBaselinePath[] = "release-migrations/0_baseline/migration.sql";
inline constexpr char kHistoryPath[] = "release-migrations/history.tar.zst";
inline constexpr char kFactsPath[] = "release-migrations/catalog.facts";
inline constexpr char kLockPath[] = "release-migrations/migration_lock.toml";

struct Package {
  Manifest manifest;
  // Path from the package folder ("release-migrations/…", "schema.release.prisma") → bytes; all
  // files that the manifest names, and whatever else lies in release-migrations.
  std::map<std::string, std::string> files;

  const std::string& Baseline() const;  // the bytes of kBaselinePath
  // The migrations beside the baseline (hotfixes), in Prisma's order.
  std::vector<Migration> Hotfixes() const;
};

// Checks every file against the manifest, offline: B401 with the name of each file that is changed,
// missing, or neither named by the manifest nor a hotfix folder. Also the manifest against itself
// (counts, baseline checksum, coverage). Hotfix folders added by hand are allowed; `unproven` gets
// their names, since no fingerprint speaks for them.
Status VerifyPackage(const Package& package, std::vector<std::string>* unproven);

// The covered migrations, packed. Deterministic: sorted by history order, no times, no owners.
std::string PackHistory(const std::vector<Migration>& migrations);
// B401 for anything that is not what PackHistory writes: absolute names, "..", links, sizes beyond
// `limit_bytes` in total.
Result<std::vector<Migration>> UnpackHistory(std::string_view archive, size_t limit_bytes);

}  // namespace ballast::release
