// SPDX-License-Identifier: Apache-2.0
// `ballast init [TARGET...]`: writes the files that a project needs for a platform.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "commands/init_files.h"
#include "project/invocation.h"

namespace ballast::commands {

struct InitOptions {
  std::vector<InitTarget> targets;  // empty: only the project's ballast.toml
  std::string unknown_target;       // what is wrong with a word that names no target; or empty
  bool force = false;               // overwrite files with different content
};

struct InitReport {
  std::vector<std::string> written;    // paths relative to the project's root
  std::vector<std::string> unchanged;  // files that already had this content
  std::optional<Error> error;
};

// Writes all files or none: B105 names the first file with different content, unless `force` is
// set. B102 without a project, B100 for an unknown target.
InitReport InitProject(const InitOptions& options, const project::Invocation& invocation);

}  // namespace ballast::commands
