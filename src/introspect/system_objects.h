// SPDX-License-Identifier: Apache-2.0
// The objects that a database has from the server and from extensions, with a digest of each: what
// a history changed of them, a baseline cannot say. A database in which the extensions were only
// created tells which these are.
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

// Members of extensions, what was added to operator families of the server or of extensions, and
// one digest for each system catalog over the rows that initdb made. Sorted. Left out: versions of
// collations, statistics and storage, which no script decides.
Result<std::vector<SystemObject>> ReadSystemObjects(postgres::Session& session);

// What `changed` has and `original` has not, and the other way round, in words, sorted.
std::vector<std::string> DescribeSystemChanges(const std::vector<SystemObject>& changed,
                                               const std::vector<SystemObject>& original);

}  // namespace ballast::introspect
