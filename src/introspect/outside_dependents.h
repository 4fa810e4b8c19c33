// SPDX-License-Identifier: Apache-2.0
// Objects in other schemas that depend on those of a release. A DROP … CASCADE in a migration drops
// them, too; the snapshot of a living database does not contain them.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"

namespace ballast::introspect {

struct OutsideDependent {
  std::string name;     // "view o.v", "table constraint x_fkey on o.x"
  std::string address;  // catalog, object and column number, as json: "[1259, 16400, 0]"
};

// Views, functions, constraints, defaults, triggers, policies, types and columns in schemas other
// than these, which depend on objects in these, directly or indirectly; sorted by name.
Result<std::vector<OutsideDependent>> ReadOutsideDependents(
    postgres::Session& session, const std::vector<std::string>& schemas);

// The names of those that no longer exist.
Result<std::vector<std::string>> FindDropped(postgres::Session& session,
                                             const std::vector<OutsideDependent>& dependents);

}  // namespace ballast::introspect
