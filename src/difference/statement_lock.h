// SPDX-License-Identifier: Apache-2.0
// The locks of DDL on what it changes. Only for this folder.
#pragma once

#include <string>

#include "difference/difference.h"

namespace ballast::difference {

// The strongest lock that the statements need on existing tables, views, indexes and sequences, if
// what they name exists before the script: the text of one or a few statements of this folder or of
// catalog/. The source is the PostgreSQL manual, "Explicit Locking" and the pages of the commands.
// ALTER DOMAIN counts as used by a table, and ATTACH PARTITION as that of an existing table.
LockMode LockOf(const std::string& statements);

}  // namespace ballast::difference
