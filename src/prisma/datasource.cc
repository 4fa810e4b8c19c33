// SPDX-License-Identifier: Apache-2.0
#include "prisma/datasource.h"

#include <algorithm>

namespace ballast::prisma {

bool IsPostgres(std::string_view provider) {
  return provider == "postgresql" || provider == "postgres";
}

bool Datasource::HasSchema(std::string_view schema) const {
  return std::any_of(schemas.begin(), schemas.end(),
                     [&](const Identifier& known) { return known.text == schema; });
}

}  // namespace ballast::prisma
