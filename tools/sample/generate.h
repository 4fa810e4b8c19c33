// SPDX-License-Identifier: Apache-2.0
// A Prisma project with a long history: the same bytes from the same options on every machine. A
// history with fewer migrations is the beginning of the longer one (but for one migration without a
// timestamp, which sorts last whenever it was made).
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace ballast::sample {

struct Options {
  int migrations = 120;
  int tables = 40;
  uint64_t seed = 1;
  bool plain = false;   // leave out what needs a superuser or gives other values each time
  bool modern = false;  // with syntax that needs PostgreSQL 15
};

// Path from the project's folder ("prisma/schema.prisma") → bytes. It replays on PostgreSQL 13 and
// later, in one session, and the schema says what Prisma can say of the result.
std::map<std::string, std::string> Generate(const Options& options);

}  // namespace ballast::sample
