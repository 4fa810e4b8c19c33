// SPDX-License-Identifier: Apache-2.0
// What developers do from day to day: each move changes the project and gives the migration that
// Prisma (or a careful developer) would write for it.
#pragma once

#include <string>

#include "tools/sample/project.h"
#include "tools/sample/random.h"

namespace ballast::sample {

struct Move {
  std::string title;  // "add_status_to_invoice"
  std::string script;
};

// The first migration: the tables that everything else counts on.
Move CreateCore(Project& project);

Move CreateTable(Project& project, Random& random);

// Any of the others, as far as the project allows it now.
Move ChangeSomething(Project& project, Random& random);

}  // namespace ballast::sample
