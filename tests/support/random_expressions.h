// SPDX-License-Identifier: Apache-2.0
// Random expressions and queries, of all operators and types that users of Prisma meet, in every
// place where a database keeps an expression as a text: checks, indexes, views, policies, domains,
// defaults, generated columns, rules and triggers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ballast::testing {

// The tables, types and functions that the statements use; runs in an empty schema `public`.
std::string RandomExpressionSetup();

// Statements that make one object each, with `count` in total: the same seed, the same statements.
// Each is to be run by itself. Some fail, because the generator does not know what is immutable or
// which operators exist, and leave nothing behind.
std::vector<std::string> RandomExpressionObjects(uint64_t seed, int count);

}  // namespace ballast::testing
