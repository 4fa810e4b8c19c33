// SPDX-License-Identifier: Apache-2.0
// Globs of settings that name nothing, as those with a typing error.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "catalog/snapshot.h"

namespace ballast::catalog {

// The globs that match no object of any of the snapshots, as IsCovered of managed_comparison.h.
std::vector<std::string> UnmatchedGlobs(const std::vector<std::string>& globs,
                                        std::initializer_list<const Snapshot*> snapshots);

// The same as a sentence; empty if there are none.
std::string DescribeUnmatched(const std::vector<std::string>& globs);

}  // namespace ballast::catalog
