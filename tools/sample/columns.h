// SPDX-License-Identifier: Apache-2.0
// Columns as projects have them.
#pragma once

#include <string>

#include "tools/sample/project.h"
#include "tools/sample/random.h"

namespace ballast::sample {

Column CreatedAt();
Column UpdatedAt();
Column IdColumn(Random& random);

// A column of any of Prisma's scalar types or of an enum of the project, optional or with a
// default, so that it can be added to a table with rows.
Column AnyColumn(const Project& project, Random& random, const std::string& name);

}  // namespace ballast::sample
