// SPDX-License-Identifier: Apache-2.0
// A small package with every kind of file, for tests.
#pragma once

#include <string>
#include <vector>

#include "base/sha256.h"
#include "catalog/snapshot_text.h"
#include "release/consistency.h"
#include "release/package.h"
#include "release/package_archives.h"

namespace ballast::release {

// A record with the two hashes of a rendered snapshot.
inline FingerprintRecord RecordOfSnapshot(const std::string& snapshot) {
  const auto hashes = catalog::FingerprintsOfText(snapshot, "facts");
  FingerprintRecord record;
  record.catalog = hashes->catalog;
  record.layout = hashes->layout;
  record.server_major = 15;
  return record;
}

// Two migrations, baseline, snapshot and schema; complete and consistent.
inline Package MakeTestPackage(const std::string& version = "v1") {
  const std::vector<Migration> history = {MakeMigration("1_a", "CREATE TABLE a ();\n"),
                                          MakeMigration("2_b", "CREATE TABLE b ();\n")};
  const std::string snapshot = "table\ta\tkind\tordinary\ntable\tb\tkind\tordinary\n";
  Package package;
  Manifest& manifest = package.manifest;
  manifest.version = version;
  manifest.coverage = CoverageOf(history);
  manifest.fingerprint = RecordOfSnapshot(snapshot);
  manifest.proof = {true, {"15.14"}, {"catalog", "layout", "rows"}, 2, {}};
  package.files[kBaselinePath] = "CREATE TABLE a ();\nCREATE TABLE b ();";
  package.files[kLockPath] = RenderMigrationLock();
  package.files[kHistoryPath] = PackHistory(history);
  package.files[kSnapshotPath] = snapshot;
  package.files[kPrismaConfigPath] = RenderPrismaConfig({"DATABASE_URL"});
  package.files[kSchemaPath] = "model A {\n  id Int @id\n}\n";
  manifest.schema_checksum = SchemaChecksum(package.files);
  CompletePackage(&package);
  return package;
}

// The same with an earlier release, the rollback to it, and a sealed hotfix.
inline Package MakeTestPackageWithEverything() {
  Package package = MakeTestPackage();
  Manifest& manifest = package.manifest;
  manifest.version = "v2+hotfix.1";
  const std::string earlier = Sha256Hex("table\ta\tkind\tordinary");
  manifest.previous = {{"v1", Sha256Hex("b"), earlier, {manifest.coverage[0]}, {}, {}}};
  package.files[kStatesPath] = "state\t" + earlier + "\tv1\n-table\tb\tkind\tordinary\n";
  const std::string after = package.files[kSnapshotPath] + "table\tc\tkind\tordinary\n";
  package.files[kHotfixSnapshotPath] = after;
  manifest.with_hotfixes = RecordOfSnapshot(after);
  package.files["release-migrations/20250101000000_c/migration.sql"] = "CREATE TABLE c ();\n";
  package.files["rollback/v1.sql"] = "DROP TABLE b;\n";
  Rollback& rollback = manifest.rollbacks.emplace_back();
  rollback.version = "v1";
  rollback.path = "rollback/v1.sql";
  rollback.origin = RollbackOrigin::kScript;
  manifest.rows = {{"a", 1, Sha256Hex("rows"), {"made"}}};
  manifest.source = {"abc", "main", false};
  manifest.tool = "ballast 0.2.0";
  manifest.inputs_digest = Sha256Hex("inputs");
  manifest.project = {"prisma/schema.prisma", "shop"};
  CompletePackage(&package);
  return package;
}

}  // namespace ballast::release
