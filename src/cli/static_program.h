// SPDX-License-Identifier: Apache-2.0
// Initialization of the static program, so that it works on any Linux system without shared
// libraries.
#pragma once

namespace ballast::cli {

// Restricts name lookups to what is linked: /etc/hosts, DNS, /etc/passwd. Must be called before the
// first thread starts. Does nothing in the dynamic program.
void PrepareStaticProgram();

}  // namespace ballast::cli
