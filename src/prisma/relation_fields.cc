// SPDX-License-Identifier: Apache-2.0
#include "prisma/relation_fields.h"

#include <fmt/format.h>

namespace ballast::prisma {

RelationFields::RelationFields(const Datamodel& datamodel) : datamodel_(datamodel) {
  for (Ref m = 0; m < datamodel.models.size(); ++m) {
    const Model& model = datamodel.models[m];
    for (Ref f = 0; f < model.fields.size(); ++f) {
      const Field& field = model.fields[f];
      if (field.kind != FieldKind::kRelation) continue;
      fields_[KeyOf(m, field.target, datamodel.SideOf(field).name)].push_back(f);
    }
  }
}

std::string RelationFields::KeyOf(Ref model, Ref target,
                                  const std::optional<std::string>& name) const {
  return fmt::format("{} {} {}{}", model, target, name ? "=" : "", name.value_or(""));
}

const std::vector<Ref>& RelationFields::Siblings(Ref model, Ref ref) const {
  const Field& field = datamodel_.models[model].fields[ref];
  return fields_.at(KeyOf(model, field.target, datamodel_.SideOf(field).name));
}

std::optional<Ref> RelationFields::Opposite(Ref model, Ref ref) const {
  const Field& field = datamodel_.models[model].fields[ref];
  const auto found = fields_.find(KeyOf(field.target, model, datamodel_.SideOf(field).name));
  if (found == fields_.end()) return std::nullopt;
  for (const Ref candidate : found->second) {
    if (field.target != model || candidate != ref) return candidate;
  }
  return std::nullopt;
}

}  // namespace ballast::prisma
