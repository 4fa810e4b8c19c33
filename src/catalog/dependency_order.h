// SPDX-License-Identifier: Apache-2.0
// Puts definitions into an order in which each stands after all that it needs, as near as possible
// to the order of their steps, and independent of object identities.
#pragma once

#include <map>
#include <vector>

#include "catalog/database.h"

namespace ballast::catalog {

// Which definition makes an object, or the part of one: a column is made by its table.
using Makers = std::map<ObjectId, size_t>;

// For each definition the indexes of those that it needs, without itself, sorted and unique.
// Objects that nobody makes (built-in, or left out) are followed to their owner where an internal
// or extension edge names one, else ignored.
std::vector<std::vector<size_t>> NeedsOf(const std::vector<Definition>& definitions,
                                         const Makers& makers,
                                         const std::vector<Dependency>& dependencies);

// Groups of definitions that need each other, each of two or more, sorted.
std::vector<std::vector<size_t>> FindCircles(const std::vector<std::vector<size_t>>& needs);

// The order of writing. `needs` has no circles. Definitions with `runs_functions` go after every
// function that does not itself need something that waits for them.
std::vector<size_t> OrderDefinitions(const std::vector<Definition>& definitions,
                                     const std::vector<std::vector<size_t>>& needs);

}  // namespace ballast::catalog
