// SPDX-License-Identifier: Apache-2.0
// PostgreSQL's own regression SQL as statements (tools/regress-suite; BALLAST_REGRESS names the
// folder).
#pragma once

#include <string>
#include <vector>

namespace ballast::testing {

// Names of the suite's files ("alter_table"), sorted; empty where the suite is not on this machine.
std::vector<std::string> RegressFiles();

// The statements of a file in their order, for one session without psql: its commands and variables
// and the data of COPY are left out, and so is what has no place in a migration: transaction
// blocks, databases, tablespaces, the server's files and settings.
std::vector<std::string> RegressStatements(const std::string& file);

}  // namespace ballast::testing
