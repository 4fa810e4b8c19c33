// SPDX-License-Identifier: Apache-2.0
// The location of an object in a snapshot: the database itself, a schema, or a relation.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ballast::catalog {

using ObjectKey = std::pair<std::string, std::string>;  // kind, identity, as in a snapshot

// As in reports: constraint "T5"."T5_pkey", the target schema, the database.
std::string DescriptionOf(const ObjectKey& object);

struct ObjectPlace {
  // Read only if the scope names it: an object of the database itself, or a property of a schema as
  // such (its default privileges; privileges on the target schema), which platforms configure
  // themselves.
  bool global = false;
  std::string schema;  // raw name; empty for the target schema and for globals
  std::string parent;  // identity of the table, view or domain that it belongs to; or empty
};

// A kind that is not in the table of kinds is treated as one of a schema.
ObjectPlace PlaceOf(std::string_view kind, std::string_view object);

// The kinds of relations that have columns.
bool IsRelationKind(std::string_view kind);

// The kinds that columns, constraints, triggers … can belong to: relations and domains.
std::span<const std::string_view> ParentKinds();
bool IsParentKind(std::string_view kind);

// The kinds that CREATE FUNCTION, CREATE PROCEDURE and CREATE AGGREGATE make: pg_proc lists them.
bool IsRoutineKind(std::string_view kind);
// The kinds whose identity ends with the types of arguments: routines and operators.
bool HasArguments(std::string_view kind);

// The kinds that are read only by name, sorted.
const std::vector<std::string_view>& GlobalKinds();

// The unquoted dotted parts at the start of an identity: "billing"."a b"(integer) → billing, a b.
// The name of an operator becomes an empty part.
std::vector<std::string> PartsOf(std::string_view identity);
// The last of them: the object's own name.
std::string LastNameOf(std::string_view identity);

// The same, and what follows them: "(integer)", "+(integer, integer)", " using btree".
struct IdentityParts {
  std::vector<std::string> names;  // at least one
  std::string_view rest;           // of the identity
};
IdentityParts SplitIdentity(std::string_view identity);

}  // namespace ballast::catalog
