// SPDX-License-Identifier: Apache-2.0
// A field of a model as a column: its type and its default in SQL.
#pragma once

#include <string>

#include "catalog/catalog.h"
#include "prisma/datamodel.h"

namespace ballast::catalog {

class ColumnMaker {
 public:
  // Enum types are named as `enum_type` says: quoted and, where it must be, qualified.
  ColumnMaker(const prisma::Datamodel& datamodel, std::string (*enum_type)(const prisma::Enum&))
      : datamodel_(datamodel), enum_type_(enum_type) {}

  Column Make(const prisma::Field& field) const;
  // The type of a column that refers to this one: without a sequence of its own.
  std::string TypeOfReference(const prisma::Field& field) const;
  // A value that is compared with the column.
  std::string Literal(const prisma::Field& field, const prisma::Value& value) const;

 private:
  std::string DefaultOf(const prisma::Field& field, const std::string& type) const;

  const prisma::Datamodel& datamodel_;
  std::string (*enum_type_)(const prisma::Enum&);
};

}  // namespace ballast::catalog
