// SPDX-License-Identifier: Apache-2.0
// Finds relation fields by the two models that they connect and by their relation name.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "prisma/datamodel.h"

namespace ballast::prisma {

class RelationFields {
 public:
  explicit RelationFields(const Datamodel& datamodel);

  // The fields of `model` that refer to the same model with the same relation name as `field`,
  // including `field`.
  const std::vector<Ref>& Siblings(Ref model, Ref field) const;
  // The first field of the related model that can be the opposite side of `field`, if any.
  std::optional<Ref> Opposite(Ref model, Ref field) const;

 private:
  std::string KeyOf(Ref model, Ref target, const std::optional<std::string>& name) const;

  const Datamodel& datamodel_;
  std::unordered_map<std::string, std::vector<Ref>> fields_;
};

}  // namespace ballast::prisma
