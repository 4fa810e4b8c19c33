// SPDX-License-Identifier: Apache-2.0
// Orders definitions so that each follows everything it depends on, as near as possible to the
// order of the sections, and independent of OIDs.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "catalog/database.h"

namespace ballast::catalog {

// The definition that creates an object or a part of it; a column is created by its table.
using Makers = std::map<ObjectId, size_t>;

// For each definition, the indexes of those that it needs, without itself, sorted and unique. An
// object that no definition creates (built-in, or excluded) is replaced by its owner if an internal
// or extension dependency names one, else ignored.
std::vector<std::vector<size_t>> NeedsOf(const std::vector<Definition>& definitions,
                                         const Makers& makers,
                                         const std::vector<Dependency>& dependencies);

// Sets of two or more definitions that depend on each other, sorted.
std::vector<std::vector<size_t>> FindCycles(const std::vector<std::vector<size_t>>& needs);

// Whatever `at` needs, directly or through others, and `at` itself.
std::set<size_t> ClosureOf(size_t at, const std::vector<std::vector<size_t>>& needs);

// The order of the script. `needs` has no cycles. Definitions with `runs_functions` follow every
// function that does not itself depend on one of them.
std::vector<size_t> OrderDefinitions(const std::vector<Definition>& definitions,
                                     const std::vector<std::vector<size_t>>& needs);

}  // namespace ballast::catalog
