// SPDX-License-Identifier: Apache-2.0
// The identity of an object, the same for an object of a snapshot and for one of a model. Globs of
// settings are compared with it.
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"

namespace ballast::catalog {

struct ObjectRef {
  std::string kind;    // as in a snapshot: "table", "enum", "domain constraint"
  Name name;           // raw; of a part (column, constraint, trigger …) with its owner's schema
  std::string parent;  // of a part: the raw name of its table, view or domain; else empty
  std::string arguments;  // of a routine or an operator: the types, "integer, text"
  // The table that an index or statistics are of; not a part of the identity. Empty: none, or not
  // known.
  Name table;

  bool operator==(const ObjectRef& other) const { return (*this <=> other) == 0; }
  std::strong_ordering operator<=>(const ObjectRef& other) const;
};

// A part of a relation or a domain: a column, a constraint …
ObjectRef PartOf(const Name& owner, std::string kind, std::string name);

// Of an object of a snapshot, by its kind and its identity ("\"User\".email", "f(integer)").
ObjectRef RefOf(std::string_view kind, std::string_view identity);

// The text with its double quotes removed, as globs are compared.
std::string WithoutQuotes(std::string_view text);

// Whether a glob matches the object ("kind name" or "name"; routines with or without their
// arguments), its table ("table t" or "t") or its schema ("schema s"). Double quotes in globs mean
// nothing.
bool IsCovered(const ObjectRef& object, const std::vector<std::string>& globs);

// Whether it is one of the objects, or is in a relation or a schema that is one of them.
bool BelongsTo(const ObjectRef& object, const std::vector<ObjectRef>& objects);

}  // namespace ballast::catalog
