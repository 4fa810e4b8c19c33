// SPDX-License-Identifier: Apache-2.0
#include "release/diff.h"

#include <algorithm>
#include <map>

namespace ballast::release {
namespace {

struct KnownMigration {
  std::string checksum;
  bool is_hotfix = false;
};

// Every migration that a package knows, by name and in order.
struct KnownMigrations {
  std::map<std::string, KnownMigration> by_name;
  std::vector<std::string> order;

  explicit KnownMigrations(const Package& package) {
    for (const auto& [name, checksum] : package.manifest.coverage) Add(name, {checksum, false});
    for (const Migration& hotfix : package.Hotfixes()) Add(hotfix.name, {hotfix.checksum, true});
  }

  const KnownMigration* Find(const std::string& name) const {
    const auto found = by_name.find(name);
    return found == by_name.end() ? nullptr : &found->second;
  }

 private:
  void Add(const std::string& name, KnownMigration known) {
    if (by_name.emplace(name, std::move(known)).second) order.push_back(name);
  }
};

std::vector<MigrationChange> DiffMigrations(const KnownMigrations& a, const KnownMigrations& b) {
  std::vector<MigrationChange> changes;
  for (const std::string& name : a.order) {
    if (b.Find(name) != nullptr) continue;
    const KnownMigration& lost = *a.Find(name);
    changes.push_back({MigrationChangeKind::kRemoved, name, lost.is_hotfix});
  }
  for (const std::string& name : b.order) {
    const KnownMigration& now = *b.Find(name);
    const KnownMigration* before = a.Find(name);
    if (before == nullptr) {
      changes.push_back({MigrationChangeKind::kAdded, name, now.is_hotfix});
    } else if (before->checksum != now.checksum) {
      changes.push_back({MigrationChangeKind::kEdited, name, now.is_hotfix});
    } else if (before->is_hotfix && !now.is_hotfix) {
      changes.push_back({MigrationChangeKind::kFolded, name, false});
    }
  }
  return changes;
}

std::vector<RowsChange> DiffRows(const std::vector<TableRows>& a, const std::vector<TableRows>& b) {
  std::map<std::string, std::pair<TableRows, TableRows>> tables;
  for (const TableRows& rows : a) tables[rows.table].first = rows;
  for (const TableRows& rows : b) tables[rows.table].second = rows;
  std::vector<RowsChange> changes;
  for (const auto& [table, sides] : tables) {
    const auto& [before, now] = sides;
    if (before.count != now.count || before.digest != now.digest) {
      changes.push_back({table, before.count, now.count});
    }
  }
  return changes;
}

// The catalog after all hotfixes; null where the manifest does not name all of them.
const FingerprintRecord* ProvenEnd(const Package& package) {
  const std::vector<Migration> hotfixes = package.Hotfixes();
  if (hotfixes.empty()) return &package.manifest.fingerprint;
  const bool proven = std::all_of(hotfixes.begin(), hotfixes.end(), [&](const Migration& hotfix) {
    return package.manifest.files.contains(std::string(kMigrationsPath) + "/" + hotfix.name +
                                           "/migration.sql");
  });
  return proven ? &package.manifest.with_hotfixes : nullptr;
}

}  // namespace

PackageDiff Diff(const Package& a, const Package& b) {
  PackageDiff diff;
  diff.version_a = a.manifest.version;
  diff.version_b = b.manifest.version;
  diff.migrations = DiffMigrations(KnownMigrations(a), KnownMigrations(b));
  diff.rows = DiffRows(a.manifest.rows, b.manifest.rows);
  diff.same_baseline = a.manifest.baseline_checksum == b.manifest.baseline_checksum;
  const FingerprintRecord* end_a = ProvenEnd(a);
  const FingerprintRecord* end_b = ProvenEnd(b);
  if (end_a != nullptr && end_b != nullptr) {
    diff.same_catalog = end_a->catalog == end_b->catalog;
    diff.same_layout = diff.same_catalog && end_a->layout == end_b->layout;
  }
  diff.rows_are_known = a.Hotfixes() == b.Hotfixes();
  return diff;
}

}  // namespace ballast::release
