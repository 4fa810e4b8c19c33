// SPDX-License-Identifier: Apache-2.0
// Functions with a syntax of their own, as plain calls.
#pragma once

#include "sql/canonical_tree.h"

namespace ballast::sql {

// Rewrites all of them in a tree, the inner ones first.
void MakePlainCalls(TextNodes* nodes);

}  // namespace ballast::sql
