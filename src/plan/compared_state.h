// SPDX-License-Identifier: Apache-2.0
// How a live database compares with a state that the project knows.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "release/manifest.h"

namespace ballast::plan {

// A state that the project knows, and how the live catalog compares with it.
struct ComparedState {
  std::string name;                   // "release v1.0.0", "the development baseline"
  std::string version = {};           // of a release: "v1.0.0"; empty: it is none
  release::FingerprintRecord record;  // without the server's hashes if they are not known
  release::Coverage run;              // migrations recorded as run
  release::Coverage resolved;         // migrations recorded as resolved
  release::Coverage covers;           // the migrations whose effect it includes
  // How many of the migrations that it covers, and then of its hotfixes, have run in every database
  // with this catalog. Not set: not known.
  std::optional<size_t> shown = {};
  bool equal = false;
  // Not equal, but all objects of the state are as proven; `additions` counts the others.
  bool contained = false;
  size_t additions = 0;
  size_t objects = 0;    // of the state; 0 if its snapshot is not known
  size_t as_proven = 0;  // of these, those that the database has with every property
  // Tables of the database that the state does not have: "table Log".
  std::vector<std::string> other_tables = {};
  // A baseline printed from a schema: it is recognized but never recorded.
  bool schema_only = false;
  // Managed objects that are missing or changed, as sentences; empty if the state's snapshot is not
  // known.
  std::vector<std::string> differences;
};

}  // namespace ballast::plan
