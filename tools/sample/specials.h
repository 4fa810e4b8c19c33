// SPDX-License-Identifier: Apache-2.0
// Migrations that people write by hand: one for each kind of thing that Prisma's schema cannot say,
// that a script can do to its session, or that a folder can be called.
#pragma once

#include <string_view>
#include <vector>

namespace ballast::sample {

// What a special migration asks for beyond an empty database that belongs to its role.
enum class Need {
  kNothing,
  kPrivileges,  // a superuser, or things that belong to the whole cluster
  kVolatile,    // leaves other values each time it runs
  kModern       // syntax of PostgreSQL 15
};

struct Special {
  std::string_view title;
  std::string_view script;
  std::string_view model = {};  // what schema.prisma says of it; empty: nothing
  Need need = Need::kNothing;
};

// Each in an order that runs; later ones may count on earlier ones.
std::vector<Special> TypeSpecials();
std::vector<Special> TableSpecials();
std::vector<Special> IndexSpecials();
std::vector<Special> CodeSpecials();
std::vector<Special> PrivilegeSpecials();
std::vector<Special> ScriptSpecials();

std::vector<Special> AllSpecials();

}  // namespace ballast::sample
