// SPDX-License-Identifier: Apache-2.0
// Lookups in a coverage.
#pragma once

#include <set>
#include <string_view>

#include "release/migration.h"

namespace ballast::release {

// Views into the coverage. For a single name, Covers is faster.
std::set<std::string_view> CoveredNames(const Coverage& coverage);

// Whether every covered migration is among the names.
bool AreAmong(const Coverage& coverage, const std::set<std::string_view>& names);

// Without the migrations that are among the names.
Coverage NotAmong(Coverage coverage, const std::set<std::string_view>& names);

}  // namespace ballast::release
