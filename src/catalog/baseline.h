// SPDX-License-Identifier: Apache-2.0
// The baseline: a live database as one readable SQL script that gives the same database. Prisma's
// own steps come first and in Prisma's layout, then what Prisma cannot say; where one object needs
// another, that one is drawn forward.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "catalog/database.h"

namespace ballast::catalog {

struct BaselineScript {
  std::string text;
  std::vector<UnsupportedObject>
      uncarried;  // sorted; the database's own and circles that stay closed
};

// `rows`: by table, the statements that bring its rows. The same database gives the same bytes,
// whatever its object identities are.
BaselineScript RenderBaseline(const Database& database,
                              const std::map<ObjectId, std::string>& rows = {});

}  // namespace ballast::catalog
