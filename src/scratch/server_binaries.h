// SPDX-License-Identifier: Apache-2.0
// Finds PostgreSQL's server programs on this machine.
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

// Every usable set of programs: in the places where packages install them, in PATH, and where
// pg_config points to; newest first, each folder once. The machine is searched by the first call;
// thread-safe.
const std::vector<ServerBinaries>& FindServerBinaries();

// The programs in `folder` (else in BALLAST_POSTGRES_BIN, else the newest), of version `major`
// unless it is 0. If the machine has none, those that the project in the folder `project` has from
// npm (npm_programs.h); empty: no project. B600 lists the searched places and how to install
// PostgreSQL. B601 if this process may open too few files.
Result<ServerBinaries> ChooseServerBinaries(const std::string& folder, int major,
                                            const std::string& project = {});

}  // namespace ballast::scratch
