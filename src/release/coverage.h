// SPDX-License-Identifier: Apache-2.0
// The names of a coverage, for whoever asks for many of them.
#pragma once

#include <set>
#include <string_view>

#include "release/migration.h"

namespace ballast::release {

// Views into the coverage. A single name is quicker asked of Covers.
std::set<std::string_view> CoveredNames(const Coverage& coverage);

// Whether every covered migration is among the names.
bool AreAmong(const Coverage& coverage, const std::set<std::string_view>& names);

}  // namespace ballast::release
