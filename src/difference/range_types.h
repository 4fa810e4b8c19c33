// SPDX-License-Identifier: Apache-2.0
// Range types that are renamed. Only for this folder.
#pragma once

#include <string>

#include "catalog/definition.h"

namespace ballast::difference {

bool IsRange(const catalog::Definition& definition);

// A block that renames the functions that construct values of a range type, and its multirange type
// with those of it, after the type. They keep their names when the type is renamed, which can be
// those of an earlier name, and depend on it (PostgreSQL's typecmds.c, makeRangeConstructors and
// makeMultirangeConstructors). Until 13, there are no multirange types.
std::string RenamePartsOfRange(const catalog::Name& range, int server_major);

}  // namespace ballast::difference
