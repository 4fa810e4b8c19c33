// SPDX-License-Identifier: Apache-2.0
// What a deploy did to additions: objects that exist before it, and that no proven state had.
#pragma once

#include <string>
#include <vector>

#include "catalog/managed_comparison.h"
#include "catalog/snapshot.h"

namespace ballast::catalog {

struct ChangedAdditions {
  // Where a is before the deploy and b after it: properties that another statement than a proven
  // change of the release has set or taken away, and parts (columns, constraints, indexes, policies
  // …) that were added. Parts that vanished, or properties of parts, are in LostAdditions.
  std::vector<Difference> changed;
  // Those of which only privileges differ, as after GRANT ON ALL TABLES: what they are, and what
  // they contain, is the same.
  std::vector<Difference> regranted;
  // Those that are the release's afterwards, and were others before (OR REPLACE, or DROP IF EXISTS
  // and CREATE).
  std::vector<Difference> replaced;
  // Additions that were not left alone, as NameOfAddition names them: changed, or objects of the
  // release now.
  std::vector<std::string> names;
};

// A definition that follows a change of what it refers to does not count: the same text with the
// new name of a renamed object, or, where a column has another type, without casts. Nor does a
// partition that follows its table, an invalid index that was built again, or what became of an
// object that is the release's afterwards (IF NOT EXISTS, or DROP IF EXISTS and CREATE).
ChangedAdditions FindChangedAdditions(const DeployStates& states, const ComparisonRules& rules);

// What remaining additions had before a repair or a rollback, and have no longer: "index i:
// statistics 50". The server resets such properties when a column gets another type.
std::vector<std::string> FindLostSettings(const DeployStates& states, const ComparisonRules& rules);

// Sentences about `changed`: "table theirs is not part of the release, but a migration has changed
// it: row security is enabled, was none". The second function is about the two others, which are no
// reason to refuse the deploy.
std::vector<std::string> DescribeChanged(const ChangedAdditions& additions);
std::vector<std::string> DescribeAccepted(const ChangedAdditions& additions);

}  // namespace ballast::catalog
