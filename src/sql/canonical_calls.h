// SPDX-License-Identifier: Apache-2.0
// Rewrites functions with special syntax as plain calls.
#pragma once

#include "sql/canonical_tree.h"

namespace ballast::sql {

// Rewrites all of them in a tree, innermost first.
void MakePlainCalls(TextNodes* nodes);

}  // namespace ballast::sql
