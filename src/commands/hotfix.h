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
  std::string sql_file;  // its script; empty: one to be written
  std::string sign_key;  // a file; needed where the package has a seal, which is then renewed
};

struct HotfixReport {
  std::string version;  // of the package as it is now: "v4.0.0+hotfix.1"
  std::string script;   // the migration.sql that was made
  std::vector<std::string> hotfixes;
  bool sealed = false;
  std::string sealed_by;    // the id of the key, where the package has a seal
  std::string fingerprint;  // after the hotfixes
  std::vector<std::string> notices;
  std::optional<Error> error;
};

// Makes release-migrations/<time>_NAME/migration.sql; with a script, seals as well.
HotfixReport NewHotfix(const HotfixOptions& options, const project::Invocation& invocation);

// Applies baseline and hotfixes in a scratch database and writes down what they give: the manifest
// names the hotfixes, the version counts them, the fingerprint speaks for the finished database.
// A package with a seal gets a new one, and nothing is written without the key for it (B405). B303
// when one does not run; B401 when a sealed file was edited; B408 for a covered name.
HotfixReport SealHotfixes(const HotfixOptions& options, const project::Invocation& invocation);

}  // namespace ballast::commands
