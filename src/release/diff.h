// SPDX-License-Identifier: Apache-2.0
// The differences between two packages. Differences of their catalogs: catalog::Diff.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "release/package.h"

namespace ballast::release {

enum class MigrationChangeKind {
  kAdded,    // only in b
  kRemoved,  // only in a
  kEdited,   // in both, with different checksums
  kFolded,   // a hotfix of a, covered by the baseline of b
};

struct MigrationChange {
  MigrationChangeKind kind = MigrationChangeKind::kAdded;
  std::string name;
  bool is_hotfix = false;  // on the side that has it; of b if both have it

  bool operator==(const MigrationChange&) const = default;
};

struct RowsChange {
  std::string table;
  int64_t count_a = 0;
  int64_t count_b = 0;  // can be equal to count_a: then the rows differ

  bool operator==(const RowsChange&) const = default;
};

struct PackageDiff {
  std::string version_a;
  std::string version_b;
  std::vector<MigrationChange> migrations;  // removed ones in the order of a, then b's
  std::vector<RowsChange> rows;             // by table
  bool same_baseline = false;               // the script
  // The resulting databases, including hotfixes; false if no proof includes the hotfixes.
  bool same_catalog = false;  // the fingerprint
  bool same_layout = false;   // also the order of columns
  // Whether `rows` is complete: packages record the rows after the baseline, not after hotfixes.
  bool rows_are_known = false;

  bool operator==(const PackageDiff&) const = default;
};

PackageDiff Diff(const Package& a, const Package& b);

}  // namespace ballast::release
