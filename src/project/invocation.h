// SPDX-License-Identifier: Apache-2.0
// The context of a command: its folder, the environment, global options, and where it reports
// progress.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/progress.h"

namespace ballast::project {

struct Invocation {
  std::filesystem::path directory;  // -C, else the working directory
  std::map<std::string, std::string, std::less<>> environment;
  std::string database_url;  // --database-url; empty: the project's
  std::string scratch_url;   // --scratch-url; empty: an embedded server
  std::string schema;        // --schema: a schema file or folder; empty: found
  std::string project;       // --project: a name in ballast.toml; empty: found
  std::string package;       // --package: a folder or a packed package; empty: the project's
  bool runs_password_command = true;  // run the command of ballast.toml or BALLAST_PASSWORD_COMMAND
  bool trust_history = false;         // --trust-history: also for packages of others
  Progress* progress = nullptr;

  std::string Variable(const std::string& name) const {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string() : found->second;
  }
};

}  // namespace ballast::project
