// SPDX-License-Identifier: Apache-2.0
#include "prisma/constraint_names.h"

#include "base/text.h"

namespace ballast::prisma {
namespace {

// The stem cut so that the suffix fits; Prisma cuts from one byte earlier than it would have to.
std::string WithSuffix(std::string stem, std::string_view suffix) {
  const size_t limit = kMaxNameBytes - suffix.size();
  if (stem.size() >= limit) stem.resize(CutToBytes(stem, limit).size());
  stem += suffix;
  return stem;
}

std::string Joined(const Model& model, const std::vector<Ref>& fields) {
  std::string joined = model.DatabaseName();
  for (const Ref field : fields) joined += "_" + model.fields[field].DatabaseName();
  return joined;
}

}  // namespace

std::string PrimaryKeyName(const Model& model) {
  if (model.primary_key->mapped_name) return *model.primary_key->mapped_name;
  return WithSuffix(model.DatabaseName(), "_pkey");
}

std::string IndexName(const Model& model, const Index& index) {
  if (index.mapped_name) return *index.mapped_name;
  std::string joined = model.DatabaseName();
  for (const KeyField& key : index.fields) joined += "_" + model.fields[key.field].DatabaseName();
  return WithSuffix(std::move(joined), index.IsUnique() ? "_key" : "_idx");
}

std::string ForeignKeyName(const Datamodel& datamodel, const Relation& relation) {
  const Model& model = datamodel.models[relation.model_a];
  if (!relation.field_a) return WithSuffix(model.DatabaseName() + "_", "_fkey");
  const RelationSide& side = datamodel.SideOf(model.fields[*relation.field_a]);
  if (side.mapped_name) return *side.mapped_name;
  return WithSuffix(Joined(model, side.fields.value_or(std::vector<Ref>())), "_fkey");
}

}  // namespace ballast::prisma
