// SPDX-License-Identifier: Apache-2.0
// Where an object of a fact stands: in the database itself, in a schema, or below a relation.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ballast::catalog {

struct ObjectPlace {
  // Looked at only when it is named: of the database itself, or what is said of a schema as such
  // (its default privileges; rights on the target schema), which platforms set up by themselves.
  bool global = false;
  std::string schema;  // raw name; empty for the target schema and for globals
  std::string parent;  // identity of the table, view or domain that it belongs to; empty: none
};

// By the kind's place in the table of kinds; a kind that is not in it is taken as one in a schema.
ObjectPlace PlaceOf(std::string_view kind, std::string_view object);

// The kinds that are looked at only by name, sorted.
const std::vector<std::string_view>& GlobalKinds();

// The dotted parts at the start of an identity, unquoted: "billing"."a b"(integer) → billing, a b.
// The name of an operator comes as an empty part.
std::vector<std::string> PartsOf(std::string_view identity);

}  // namespace ballast::catalog
