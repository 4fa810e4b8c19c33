// SPDX-License-Identifier: Apache-2.0
// What lies between two packages. Differences of the catalogs themselves are the catalog's affair.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "release/package.h"

namespace ballast::release {

enum class MigrationChangeKind {
  kAdded,    // only b knows it
  kRemoved,  // only a knows it
  kEdited,   // both know it, with different checksums
  kFolded,   // a hotfix of a, covered by the baseline of b
};

struct MigrationChange {
  MigrationChangeKind kind = MigrationChangeKind::kAdded;
  std::string name;
  bool is_hotfix = false;  // on the side that knows it; of b when both do
  std::string checksum_a;  // empty where it is not known
  std::string checksum_b;

  bool operator==(const MigrationChange&) const = default;
};

struct RowsChange {
  std::string table;
  int64_t count_a = 0;
  int64_t count_b = 0;  // may be equal: then the rows themselves differ

  bool operator==(const RowsChange&) const = default;
};

struct PackageDiff {
  std::string version_a;
  std::string version_b;
  std::vector<MigrationChange> migrations;  // removed ones in the order of a, then those of b's
  std::vector<RowsChange> rows;             // by table
  bool same_baseline = false;               // the script
  // Of the finished databases, hotfixes included; false where no proof covers the hotfixes.
  bool same_catalog = false;  // the fingerprint
  bool same_layout = false;   // the order of columns too
  // Whether `rows` says all: packages know the rows after the baseline, not after hotfixes.
  bool rows_are_known = false;

  bool operator==(const PackageDiff&) const = default;
};

PackageDiff Diff(const Package& a, const Package& b);

}  // namespace ballast::release
