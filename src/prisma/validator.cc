// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "prisma/constraint_names.h"
#include "prisma/validator.h"

namespace ballast::prisma {
namespace {

std::string SchemaKey(const Model& model, const std::string& name) {
  return (model.schema ? model.schema->text : std::string()) + '\0' + name;
}

std::string ModelKey(Ref model, const std::string& name) {
  return fmt::format("{} {}", model, name);
}

std::string CriterionKey(Ref model, std::vector<Ref> fields) {
  std::sort(fields.begin(), fields.end());
  return fmt::format("{}:{}", model, fmt::join(fields, ","));
}

bool Several(const std::unordered_map<std::string, int>& counts, const std::string& key) {
  const auto found = counts.find(key);
  return found != counts.end() && found->second > 1;
}

void ValidateCompositeTypes(const Validator& v) {
  for (const Model& model : v.datamodel.models) {
    if (model.kind != ModelKind::kCompositeType) continue;
    v.diagnostics.Invalid("Composite types are not supported on Postgres.", model.span);
  }
}

// Functions that neither Prisma nor the connector knows.
void ValidateDefaultFunctions(const Validator& v) {
  constexpr std::string_view kKnown[] = {"autoincrement", "cuid", "dbgenerated", "nanoid",
                                         "now",           "ulid", "uuid",        "auto"};
  for (const Model& model : v.datamodel.models) {
    for (const Field& field : model.fields) {
      const Value* value = field.DefaultValue();
      if (value == nullptr || !value->Is(ValueKind::kFunction)) continue;
      bool known = false;
      for (const std::string_view name : kKnown) known |= name == value->text;
      if (known) continue;
      v.diagnostics.Error(
          fmt::format("Unknown function in @default(): `{}` is not known. You can read about the "
                      "available functions here: https://pris.ly/d/attribute-functions",
                      value->text),
          value->span);
    }
  }
}

void ValidateExtensions(const Validator& v) {
  if (!v.datasource.extensions_span) return;
  if (!v.datamodel.HasPreviewFeature("postgresqlExtensions")) {
    v.diagnostics.Error(
        "The `extensions` property is only available with the `postgresqlExtensions` preview "
        "feature.",
        *v.datasource.extensions_span);
    return;
  }
  for (const ExtensionSetting& extension : v.datasource.extensions) {
    if (extension.name[0] >= '0' && extension.name[0] <= '9') {
      v.diagnostics.Invalid("The name of an extension must not start with a number.",
                            extension.span);
    } else if (extension.name.find('-') != std::string::npos) {
      v.diagnostics.Invalid("The character `-` is not allowed in extension names.", extension.span);
    }
  }
}

// Models and what is in them; false where an ambiguous relation makes the rest meaningless.
bool ValidateModels(const Validator& v) {
  for (const Ref ref : v.ModelsThenViews()) {
    const Model& model = v.ModelAt(ref);
    ValidateModel(v, ref);
    for (const Field& field : model.fields) {
      if (field.IsColumn()) ValidateColumn(v, ref, field);
    }
    for (Ref i = 0; i < model.fields.size(); ++i) {
      if (model.fields[i].kind != FieldKind::kRelation) continue;
      if (!ValidateRelationField(v, ref, i)) return false;
    }
    for (const Index& index : model.indexes) ValidateIndex(v, ref, index);
  }
  return true;
}

void ValidateAll(const Validator& v) {
  ValidateCompositeTypes(v);
  ValidateDefaultFunctions(v);
  ValidateExtensions(v);
  ValidateDatabaseNames(v);
  if (!ValidateModels(v)) return;
  ValidateEnumDatabaseNames(v);
  for (const Enum& block : v.datamodel.enums) ValidateEnum(v, block);
  for (const Relation& relation : v.datamodel.relations) {
    if (relation.kind == RelationKind::kManyToMany) {
      ValidateManyToMany(v, relation);
    } else {
      ValidateRelation(v, relation);
    }
  }
}

}  // namespace

ConstraintNames::ConstraintNames(const Datamodel& datamodel) {
  for (Ref ref = 0; ref < datamodel.models.size(); ++ref) {
    const Model& model = datamodel.models[ref];
    if (model.primary_key) {
      const std::string name = PrimaryKeyName(model);
      ++in_schema_[SchemaKey(model, name)];
      Add(ref, name);
      if (model.primary_key->name) ++for_client_[ModelKey(ref, *model.primary_key->name)];
    }
    for (const Index& index : model.indexes) {
      const std::string name = IndexName(model, index);
      ++in_schema_[SchemaKey(model, name)];
      Add(ref, name);
      if (!index.name) continue;
      ++for_client_[ModelKey(ref, *index.name)];
      of_uniques_.insert(ModelKey(ref, *index.name));
    }
  }
  for (const Relation& relation : datamodel.relations) {
    if (relation.kind == RelationKind::kManyToMany || !relation.field_a) continue;
    if (datamodel.models[relation.model_a].IsView()) continue;
    Add(relation.model_a, ForeignKeyName(datamodel, relation));
  }
}

void ConstraintNames::Add(Ref model, const std::string& name) {
  ++in_model_[ModelKey(model, name)];
}

bool ConstraintNames::TakenInSchema(const Model& model, const std::string& name) const {
  return Several(in_schema_, SchemaKey(model, name));
}

bool ConstraintNames::TakenInModel(Ref model, const std::string& name) const {
  return Several(in_model_, ModelKey(model, name));
}

bool ConstraintNames::TakenForClient(Ref model, const std::string& name) const {
  return Several(for_client_, ModelKey(model, name));
}

bool ConstraintNames::IsClientNameOfUnique(Ref model, const std::string& name) const {
  return of_uniques_.contains(ModelKey(model, name));
}

UniqueCriteria::UniqueCriteria(const Datamodel& datamodel) {
  for (Ref ref = 0; ref < datamodel.models.size(); ++ref) {
    const Model& model = datamodel.models[ref];
    const auto add = [&](const std::vector<KeyField>& keys) {
      std::vector<Ref> fields;
      fields.reserve(keys.size());
      for (const KeyField& key : keys) fields.push_back(key.field);
      known_.insert(CriterionKey(ref, std::move(fields)));
    };
    if (model.primary_key) add(model.primary_key->fields);
    for (const Index& index : model.indexes) {
      if (index.IsUnique()) add(index.fields);
    }
  }
}

bool UniqueCriteria::Contains(Ref model, std::vector<Ref> fields) const {
  return known_.contains(CriterionKey(model, std::move(fields)));
}

bool Validator::HasColumn(Ref model, const std::string& name) const {
  const std::optional<Ref> found = fields.FindField(model, name);
  return found && datamodel.models[model].fields[*found].IsColumn();
}

std::vector<Ref> Validator::ModelsThenViews() const {
  std::vector<Ref> refs;
  for (const ModelKind kind : {ModelKind::kModel, ModelKind::kView}) {
    for (Ref i = 0; i < datamodel.models.size(); ++i) {
      if (datamodel.models[i].kind == kind) refs.push_back(i);
    }
  }
  return refs;
}

void Validator::CheckNameLength(const Model& model, const Attribute& attribute,
                                std::string_view name, std::string_view at_signs) const {
  if (name.size() <= kMaxNameBytes) return;
  diagnostics.InvalidModel(
      fmt::format("The constraint name '{}' specified in the `map` argument for the `{}{}` "
                  "constraint is too long for your chosen provider. The maximum allowed length is "
                  "{} bytes.",
                  name, at_signs, attribute.name.text, kMaxNameBytes),
      "model", model.name.text, attribute.span);
}

void Validator::NameTaken(const std::string& name, std::string_view where,
                          std::string_view attribute, Span span) const {
  diagnostics.InvalidAttribute(
      fmt::format("The given constraint name `{}` has to be unique in the following namespace: {}. "
                  "Please provide a different name using the `map` argument.",
                  name, where),
      attribute, span);
}

void Validate(const Datamodel& datamodel, const Names& fields, ViewKeys view_keys,
              Diagnostics& diagnostics) {
  constexpr size_t kCycleSteps = 2'000'000;
  const ConstraintNames names(datamodel);
  const UniqueCriteria unique_criteria(datamodel);
  const RelationFields relation_fields(datamodel);
  std::vector<std::vector<const Relation*>> relations_from(datamodel.models.size());
  for (const Relation& relation : datamodel.relations) {
    if (relation.kind == RelationKind::kManyToMany || !relation.field_a || !relation.field_b) {
      continue;
    }
    relations_from[relation.model_a].push_back(&relation);
  }
  size_t cycle_steps = kCycleSteps;
  ValidateAll({datamodel, *datamodel.datasource(), fields, names, unique_criteria, relation_fields,
               relations_from, cycle_steps, view_keys, diagnostics});
}

}  // namespace ballast::prisma
