// SPDX-License-Identifier: Apache-2.0
// What the values of a column's type consist of, with the types that a database defines.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "catalog/database.h"

namespace ballast::difference {

struct TypeShape {
  std::string text;  // as the server prints it: "character varying(20)[]", "d2"
  // The same, with the type that the domain is over in place of a domain.
  std::string base;
  bool array = false;
  bool defined = false;             // by the database: the other one can define it otherwise
  std::vector<std::string> labels;  // of the enum, or the array's
  // Of the composite type or row type, or the array's: names in quotes, in their order.
  std::vector<std::pair<std::string, TypeShape>> attributes;

  // Of the domain and those that it is over: " CONSTRAINT c CHECK (VALUE > 0)", " NOT NULL".
  std::vector<std::string> constraints;
  std::vector<std::string> element_constraints;  // of an array of domains, for each element

  bool operator==(const TypeShape&) const = default;
};

TypeShape ShapeOf(const catalog::Database& database, const std::string& type);

// Whether the type is a domain with checks or NOT NULL, or one over such a domain.
bool IsConstrainedDomain(const catalog::Database& database, const std::string& type);

// The name of a type that a database defines; not of an array.
catalog::Name NameOfType(const std::string& type);

// The same of the elements of an array, or of any other type.
catalog::Name NameOfElements(const std::string& type);

// For an enum, or an array of it, that has none of the labels of `goal`: the statement that adds
// the first of them. Else empty.
std::string LabelToAdd(const catalog::Database& database, const std::string& type,
                       const TypeShape& goal);

// A type that no database defines.
TypeShape ShapeOfBuiltIn(const std::string& type);

}  // namespace ballast::difference
