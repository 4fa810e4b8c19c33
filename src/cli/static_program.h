// SPDX-License-Identifier: Apache-2.0
// What the static program has to arrange before anything else, so that it works on any Linux system
// without shared libraries.
#pragma once

namespace ballast::cli {

// Makes name lookups use only what is linked: /etc/hosts, DNS, /etc/passwd. It has to run before
// the first thread starts. Does nothing in the dynamic program.
void PrepareStaticProgram();

}  // namespace ballast::cli
