// SPDX-License-Identifier: Apache-2.0
// `ballast hotfix new` and `ballast hotfix seal`: migrations on top of a release's baseline.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "project/invocation.h"

namespace ballast::commands {

struct HotfixOptions {
  std::string name;      // of `new`
  std::string sql_file;  // its script; empty: create an empty one
  std::string sign_key;  // a file; required if the package is sealed, to renew the seal
};

struct HotfixReport {
  std::string version;  // of the resulting package: "v4.0.0+hotfix.1"
  std::string script;   // path of the new migration.sql
  std::vector<std::string> hotfixes;
  bool sealed = false;
  std::string sealed_by;    // id of the key, if the package is sealed
  std::string fingerprint;  // after the hotfixes
  std::vector<std::string> notices;
  std::optional<Error> error;
};

// Creates release-migrations/<time>_NAME/migration.sql; with a script, also seals.
HotfixReport NewHotfix(const HotfixOptions& options, const project::Invocation& invocation);

// Applies baseline and hotfixes in a scratch database and records the result: the manifest lists
// the hotfixes, the version counts them, and the fingerprint is that of the resulting database. A
// sealed package is sealed again; without the key nothing is written (B405). B303 if a hotfix
// fails; B401 if a sealed file was edited; B408 for a covered name.
HotfixReport SealHotfixes(const HotfixOptions& options, const project::Invocation& invocation);

}  // namespace ballast::commands
