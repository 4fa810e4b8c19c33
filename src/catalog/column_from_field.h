// SPDX-License-Identifier: Apache-2.0
// Converts a field of a Prisma model to a column: its type and default in SQL.
#pragma once

#include <string>

#include "catalog/catalog.h"
#include "prisma/datamodel.h"

namespace ballast::catalog {

class ColumnMaker {
 public:
  // `enum_type` returns the SQL name of an enum, quoted and qualified as necessary.
  ColumnMaker(const prisma::Datamodel& datamodel, std::string (*enum_type)(const prisma::Enum&))
      : datamodel_(datamodel), enum_type_(enum_type) {}

  Column Make(const prisma::Field& field) const;
  // The type of a column that references this one; SERIAL types become integer types.
  std::string TypeOfReference(const prisma::Field& field) const;
  // The literal of a value to be compared with the column.
  std::string Literal(const prisma::Field& field, const prisma::Value& value) const;

 private:
  std::string DefaultOf(const prisma::Field& field, const std::string& type) const;

  const prisma::Datamodel& datamodel_;
  std::string (*enum_type_)(const prisma::Enum&);
};

}  // namespace ballast::catalog
