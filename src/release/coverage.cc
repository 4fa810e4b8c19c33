// SPDX-License-Identifier: Apache-2.0
#include "release/coverage.h"

#include <algorithm>

namespace ballast::release {

std::set<std::string_view> CoveredNames(const Coverage& coverage) {
  std::set<std::string_view> names;
  for (const CoveredMigration& covered : coverage) names.insert(covered.name);
  return names;
}

bool AreAmong(const Coverage& coverage, const std::set<std::string_view>& names) {
  return std::all_of(coverage.begin(), coverage.end(),
                     [&](const CoveredMigration& covered) { return names.contains(covered.name); });
}

Coverage NotAmong(Coverage coverage, const std::set<std::string_view>& names) {
  std::erase_if(coverage,
                [&](const CoveredMigration& covered) { return names.contains(covered.name); });
  return coverage;
}

}  // namespace ballast::release
