// SPDX-License-Identifier: Apache-2.0
// Objects in schemas that a snapshot does not read, but that depend on objects which it reads:
// views, functions, foreign keys … of others. DROP … CASCADE drops them.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"

namespace ballast::introspect {

struct OutsideDependent {
  std::string name;    // as in reports: "view o.v", "constraint x_a_fkey on o.x"
  std::string key;     // catalog, object and column number, as SQL values
  std::string parent;  // the OID of the table that it is a part of; 0 if it is none
};

// Those that depend, also through others, on an object in one of `schemas` (raw names), by name.
// One message. Errors as Session::Query.
Result<std::vector<OutsideDependent>> ReadOutsideDependents(
    postgres::Session& session, const std::vector<std::string>& schemas);

// The names of those that no longer exist, without the parts of dropped tables. Asks nothing if
// there are none. Errors as Session::Query.
Result<std::vector<std::string>> FindDropped(postgres::Session& session,
                                             const std::vector<OutsideDependent>& before);

}  // namespace ballast::introspect
