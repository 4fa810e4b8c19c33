// SPDX-License-Identifier: Apache-2.0
// Random valid Prisma schemas: the same seed, the same schema.
#pragma once

#include <cstdint>
#include <string>

namespace ballast::testing {

// Names, types, defaults, keys, indexes and relations of all kinds in `models` models. Valid by
// construction in the eyes of Prisma 6.19.
std::string RandomSchema(uint64_t seed, int models);

}  // namespace ballast::testing
