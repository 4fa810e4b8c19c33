// SPDX-License-Identifier: Apache-2.0
// `ballast catalog fingerprint` and `ballast catalog diff`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "catalog/snapshot.h"
#include "project/invocation.h"

namespace ballast::commands {

struct FingerprintReport {
  std::string database;
  std::string server;
  std::string fingerprint;
  std::string layout;
  size_t snapshot = 0;
  std::optional<Error> error;
};

// The fingerprint of the project's database (or that of --database-url). B103 without a URL; errors
// of connecting and reading.
FingerprintReport CatalogFingerprint(const project::Invocation& invocation);

struct DiffReport {
  std::string from, to;  // the two databases: "shop on db.example.com:5432"
  bool equal = false;
  bool layout_equal = false;             // including the order of columns
  std::vector<std::string> other_order;  // tables with a different column order
  std::vector<catalog::Difference> differences;
  std::vector<std::string> left_out;  // objects that `ignore` and `platform` of the project name
  std::optional<Error> error;
};

struct CatalogDiffOptions {
  std::string url_a;
  std::string url_b;
  bool strict = false;  // exclude nothing
};

// Outside a project, nothing is excluded. P1013 for a URL that is not valid; errors of connecting
// and reading.
DiffReport CatalogDiff(const CatalogDiffOptions& options, const project::Invocation& invocation);

}  // namespace ballast::commands
