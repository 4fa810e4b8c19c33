// SPDX-License-Identifier: Apache-2.0
// Who owns what of a database.
#pragma once

#include <map>
#include <string>

#include "catalog/database.h"
#include "catalog/object_ref.h"

namespace ballast::difference {

// The raw names of the owners of objects that have one of their own, without relations.
std::map<catalog::ObjectRef, std::string> OwnersOf(const catalog::Database& database);

}  // namespace ballast::difference
