// SPDX-License-Identifier: Apache-2.0
// Objects of the server and of extensions, with a digest of each. Changes that migrations make to
// them cannot be part of a baseline. They are found by comparison with a database in which the
// extensions were only created.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"

namespace ballast::introspect {

struct SystemObject {
  std::string name;    // "function public.f() of extension citext", "built-in function 1299"
  std::string digest;  // of its definition, owner and comment

  bool operator==(const SystemObject&) const = default;
  auto operator<=>(const SystemObject&) const = default;
};

// Members of extensions, additions to operator families of the server or of extensions, and one
// digest per system catalog of the rows from initdb. Sorted. Ignored: collation versions,
// statistics and storage, which scripts do not determine.
Result<std::vector<SystemObject>> ReadSystemObjects(postgres::Session& session);

// Sorted descriptions of the objects that only one of the two has.
std::vector<std::string> DescribeSystemChanges(const std::vector<SystemObject>& changed,
                                               const std::vector<SystemObject>& original);

}  // namespace ballast::introspect
