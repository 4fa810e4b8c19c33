// SPDX-License-Identifier: Apache-2.0
// The relation fields by the pair of models that they join and the name that they give.
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

  // The fields of the model that join the same other model under the same name, itself included.
  const std::vector<Ref>& Siblings(Ref model, Ref field) const;
  // The first field of the other model that could be this one's counterpart.
  std::optional<Ref> Opposite(Ref model, Ref field) const;

 private:
  std::string KeyOf(Ref model, Ref target, const std::optional<std::string>& name) const;

  const Datamodel& datamodel_;
  std::unordered_map<std::string, std::vector<Ref>> fields_;
};

}  // namespace ballast::prisma
