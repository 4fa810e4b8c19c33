// SPDX-License-Identifier: Apache-2.0
#include "release/consistency.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/sha256.h"
#include "base/text.h"
#include "catalog/dated_partitions.h"
#include "catalog/snapshot_text.h"

namespace ballast::release {
namespace {

constexpr size_t kHexDigits = 64;

Error Contradiction(const std::string& message) {
  return MakeError(ErrorCode::kManifestInvalid, "the manifest contradicts itself: " + message,
                   "restore the package from version control, or create it again with `ballast "
                   "release create VERSION --replace`",
                   {kManifestPath, 0});
}

Error Disagreement(const std::string& message, const std::string& file) {
  return MakeError(ErrorCode::kPackageEdited, "the parts of the package do not agree: " + message,
                   "restore the package from version control, or create it again with `ballast "
                   "release create VERSION --replace`",
                   {file, 0});
}

bool IsChecksum(std::string_view text) {
  return text.size() == kHexDigits &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Tools have written their own digest since they have written all of these files.
bool IsComplete(const Manifest& manifest) {
  return !manifest.manifest_digest.empty();
}

Status ProofIsOne(const Manifest& manifest) {
  const Proof& proof = manifest.proof;
  if (!proof.equal) return Contradiction("its proof records that the databases are not equal");
  const auto compared = [&](std::string_view what) {
    return std::find(proof.compared.begin(), proof.compared.end(), what) != proof.compared.end();
  };
  if (!compared("catalog") || !compared("layout") || !compared("rows")) {
    return Contradiction("its proof did not compare catalog, layout and rows");
  }
  if (proof.servers.empty()) return Contradiction("its proof names no server");
  if (static_cast<size_t>(proof.migrations_replayed) != manifest.coverage.size()) {
    return Contradiction(
        fmt::format("its proof replayed {}, but coverage has {}",
                    Counted(static_cast<size_t>(proof.migrations_replayed), "migration"),
                    manifest.coverage.size()));
  }
  return {};
}

Status ChecksumsAreChecksums(const Manifest& manifest) {
  std::vector<std::pair<std::string, std::string_view>> all = {
      {"schema_checksum", manifest.schema_checksum},
      {"baseline_checksum", manifest.baseline_checksum},
      {"fingerprint.catalog", manifest.fingerprint.catalog},
      {"fingerprint.layout", manifest.fingerprint.layout}};
  if (!manifest.with_hotfixes.catalog.empty()) {
    all.emplace_back("with_hotfixes.catalog", manifest.with_hotfixes.catalog);
    all.emplace_back("with_hotfixes.layout", manifest.with_hotfixes.layout);
  }
  for (const TableRows& rows : manifest.rows) all.emplace_back("rows.digest", rows.digest);
  for (const PreviousRelease& previous : manifest.previous) {
    all.emplace_back("previous.fingerprint", previous.fingerprint);
  }
  for (const auto& [key, value] : all) {
    if (!IsChecksum(value)) return Contradiction(key + " is not a SHA-256 in hexadecimal");
  }
  return {};
}

// Folders of hotfixes that the manifest names.
std::set<std::string> NamedHotfixes(const Manifest& manifest) {
  const std::string root = std::string(kMigrationsPath) + "/";
  std::set<std::string> folders;
  for (const auto& [path, checksum] : manifest.files) {
    const size_t slash = path.find('/', root.size());
    if (!path.starts_with(root) || slash == std::string::npos) continue;
    const std::string folder = path.substr(root.size(), slash - root.size());
    if (folder != kBaselineName) folders.insert(folder);
  }
  return folders;
}

Status HotfixesAreCounted(const Manifest& manifest) {
  const size_t named = NamedHotfixes(manifest).size();
  const bool any = !manifest.with_hotfixes.catalog.empty();
  const auto counted = static_cast<size_t>(SplitHotfixes(manifest.version).hotfixes);
  if (any != (named > 0) || (any && counted != named)) {
    return Contradiction(fmt::format("version {} counts {}, but files names {}", manifest.version,
                                     any ? Counted(counted, "hotfix") : "no hotfix", named));
  }
  return {};
}

Status FilesAreNamed(const Manifest& manifest) {
  if (!IsComplete(manifest)) return {};
  std::vector<std::string> needed = {kHistoryPath, kSnapshotPath, kPrismaConfigPath};
  if (!manifest.with_hotfixes.catalog.empty()) needed.emplace_back(kHotfixSnapshotPath);
  if (!manifest.previous.empty()) needed.emplace_back(kStatesPath);
  for (const Rollback& rollback : manifest.rollbacks) {
    if (rollback.path.empty() == rollback.reason.empty()) {
      return Contradiction("the rollback to " + rollback.version + " has no script and no reason");
    }
    if (!rollback.path.empty()) needed.push_back(rollback.path);
  }
  for (const std::string& path : needed) {
    if (!manifest.files.contains(path)) return Contradiction("files does not name " + path);
  }
  return {};
}

// No fingerprint covers the remarks of a snapshot.
Status RemarksAreOfRecord(const std::string& text, const char* path,
                          const FingerprintRecord& record, std::string_view key) {
  const std::string remark = fmt::format("\t{}\t", catalog::kDependsOnProperty);
  if (record.dated_partitions_of.empty() && text.find(remark) == std::string::npos) return {};
  TRY_ASSIGN(const catalog::Snapshot snapshot, catalog::ParseSnapshot(text, path));
  const std::set<std::string> dated = catalog::DatedPartitionsOf(snapshot).of;
  if (std::ranges::equal(dated, record.dated_partitions_of)) return {};
  return Disagreement(
      fmt::format("{}.dated_partitions_of does not agree with the remarks in {}", key, path), path);
}

Status IsSnapshotOf(const Package& package, const char* path, const FingerprintRecord& record,
                    std::string_view key) {
  const auto file = package.files.find(path);
  if (file == package.files.end()) return {};
  TRY_ASSIGN(const catalog::TextFingerprints found,
             catalog::FingerprintsOfText(file->second, path));
  if (found.catalog != record.catalog) {
    return Disagreement(
        fmt::format("{}.catalog is not the SHA-256 of the snapshot in {}", key, path), path);
  }
  if (found.layout != record.layout) {
    return Disagreement(
        fmt::format("{}.layout is not the SHA-256 of the snapshot in {}", key, path), path);
  }
  return RemarksAreOfRecord(file->second, path, record, key);
}

Status StatesAreOfPrevious(const Package& package) {
  const auto base = package.files.find(kSnapshotPath);
  const auto file = package.files.find(kStatesPath);
  if (base == package.files.end() || file == package.files.end()) return {};
  TRY_ASSIGN(const std::vector<catalog::TextState> states,
             catalog::StatesOfText(base->second, file->second, kStatesPath));
  for (const PreviousRelease& previous : package.manifest.previous) {
    const bool found = std::any_of(states.begin(), states.end(), [&](const auto& state) {
      return state.name == previous.version && state.fingerprint == previous.fingerprint;
    });
    if (!found && IsComplete(package.manifest)) {
      return Disagreement(fmt::format("{} has no state of {} with the fingerprint that the "
                                      "manifest names",
                                      kStatesPath, previous.version),
                          kStatesPath);
    }
  }
  return {};
}

Status SchemaIsAsNamed(const Package& package) {
  if (SchemaChecksum(package.files) == package.manifest.schema_checksum) return {};
  return Disagreement(fmt::format("schema_checksum is not the SHA-256 of {}", kSchemaPath),
                      kSchemaPath);
}

}  // namespace

Status ManifestIsConsistent(const Manifest& manifest) {
  if (manifest.strategy != Manifest().strategy) {
    return Contradiction("its strategy is not " + Manifest().strategy);
  }
  TRY(ProofIsOne(manifest));
  TRY(ChecksumsAreChecksums(manifest));
  TRY(HotfixesAreCounted(manifest));
  return FilesAreNamed(manifest);
}

Status PartsAreConsistent(const Package& package) {
  const Manifest& manifest = package.manifest;
  TRY(IsSnapshotOf(package, kSnapshotPath, manifest.fingerprint, "fingerprint"));
  TRY(IsSnapshotOf(package, kHotfixSnapshotPath, manifest.with_hotfixes, "with_hotfixes"));
  TRY(StatesAreOfPrevious(package));
  return SchemaIsAsNamed(package);
}

std::string SchemaChecksum(const std::map<std::string, std::string>& files) {
  // Folder by folder, as the files are found: "a/b.prisma" before "a.prisma".
  std::map<std::vector<std::string>, const std::string*> in_order;
  for (const auto& [path, bytes] : files) {
    if (path == kSchemaPath || path.starts_with(std::string(kSchemaPath) + "/")) {
      in_order[Split(path, '/')] = &bytes;
    }
  }
  Sha256 hash;
  for (const auto& [parts, bytes] : in_order) hash.Update(*bytes);
  return hash.FinishHex();
}

}  // namespace ballast::release
