// SPDX-License-Identifier: Apache-2.0
// `ballast init [TARGET...]`: writes what a project needs to use ballast on a platform.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "commands/init_files.h"
#include "project/invocation.h"

namespace ballast::commands {

struct InitOptions {
  std::vector<InitTarget> targets;  // none: the project's ballast.toml
  bool force = false;               // write over files with other content
};

struct InitReport {
  std::vector<std::string> written;    // paths relative to the project's root
  std::vector<std::string> unchanged;  // they had this content already
  std::optional<Error> error;
};

// Writes all files or none: B105 names the first that exists with other content, unless `force` is
// given. B102 without a project.
InitReport InitProject(const InitOptions& options, const project::Invocation& invocation);

}  // namespace ballast::commands
