// SPDX-License-Identifier: Apache-2.0
// The names of objects that a statement does not name.
#pragma once

#include <string>

namespace ballast::catalog {

// The name that the server gives to sequences of SERIAL and IDENTITY, and PostgreSQL 18 to NOT NULL
// constraints: table_column_suffix, with the longer part shortened to fit (PostgreSQL
// src/backend/commands/indexcmds.c, makeObjectName).
std::string DefaultObjectName(std::string table, std::string column, const std::string& suffix);

}  // namespace ballast::catalog
