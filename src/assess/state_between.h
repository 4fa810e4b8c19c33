// SPDX-License-Identifier: Apache-2.0
// The state of a database between two proven states, as far as it follows from them and from the
// scripts: for databases whose rows end in the middle of the migrations between two releases.
#pragma once

#include <string_view>
#include <vector>

#include "catalog/snapshot.h"

namespace ballast::assess {

// A database that has the state `before`, and some of the scripts that lead to `after`.
struct StateBetween {
  const catalog::Snapshot& before;  // empty: nothing was deployed before
  const catalog::Snapshot& after;
  std::vector<std::string_view> applied;  // scripts that ran since `before`
  std::vector<std::string_view> pending;  // scripts that will run until `after`
};

// The state that `live` should have. Where one of the two states, or a statement that names the
// object, explains what `live` has, the result has the same. So a difference between the result
// and `live` is not an effect of the scripts, except where they change an object without naming
// it.
catalog::Snapshot ExpectedBetween(const StateBetween& between, const catalog::Snapshot& live);

// Whether a statement of the script makes other statements while it runs (EXECUTE): the script can
// change objects that it does not name.
bool MakesStatements(std::string_view script);

}  // namespace ballast::assess
