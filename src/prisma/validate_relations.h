// SPDX-License-Identifier: Apache-2.0
// A relation together with the fields on both of its sides.
#pragma once

#include "prisma/datamodel.h"

namespace ballast::prisma {

struct Validator;

struct RelationSides {
  const Relation& relation;
  const Model& model_a;
  const Model& model_b;
  const Field* forward = nullptr;  // of model a; null if the schema lacks it
  const RelationSide* forward_side = nullptr;
  const Field* back = nullptr;  // of model b
  const RelationSide* back_side = nullptr;
};

RelationSides SidesOf(const Validator& v, const Relation& relation);

// Not specified, or an empty list.
bool IsEmpty(const std::optional<std::vector<Ref>>& fields);

}  // namespace ballast::prisma
