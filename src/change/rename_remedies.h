// SPDX-License-Identifier: Apache-2.0
// Columns that were probably renamed by hand.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "catalog/database.h"
#include "difference/difference.h"

namespace ballast::change {

// By the object that the script drops, "column \"t\".\"b\"": what to do if it was renamed. Only for
// columns whose table lacks an expected one of the same type.
std::map<std::string, std::string> RenameRemedies(
    const std::vector<difference::Statement>& statements, const catalog::Database& live,
    const catalog::Database& goal);

}  // namespace ballast::change
