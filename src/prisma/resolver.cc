// SPDX-License-Identifier: Apache-2.0
#include "prisma/resolver.h"

#include <fmt/format.h>

namespace ballast::prisma {

void Resolver::ResolveTypes() {
  for (const Declaration& top : datamodel_.declarations) {
    if (top.kind == DeclarationKind::kEnum) {
      const Enum& block = datamodel_.enums[top.index];
      if (block.values.empty()) {
        diagnostics_.Invalid("An enum must have at least one value.", block.span);
      }
    } else if (top.kind == DeclarationKind::kModel) {
      Model& model = datamodel_.models[top.index];
      for (Field& field : model.fields) ResolveFieldType(model, field);
    }
  }
}

void Resolver::ResolveFieldType(const Model& model, Field& field) {
  if (field.unsupported) {
    field.kind = FieldKind::kUnsupported;
    return;
  }
  if (const auto scalar = ScalarTypeNamed(field.type_name)) {
    field.kind = FieldKind::kScalar;
    field.scalar = *scalar;
    return;
  }
  const std::optional<Declaration> top = names_.FindDeclaration(field.type_name);
  if (!top) {
    const auto similar = names_.FindSimilar(field.type_name);
    diagnostics_.Error(
        fmt::format("Type \"{}\" is neither a built-in type, nor refers to another model, "
                    "composite type, or enum.{}",
                    field.type_name,
                    similar ? fmt::format(" Did you mean \"{}\"?", *similar) : std::string()),
        field.type_span);
    return;
  }
  field.target = top->index;
  if (top->kind == DeclarationKind::kEnum) {
    field.kind = FieldKind::kEnum;
  } else if (datamodel_.models[top->index].kind == ModelKind::kCompositeType) {
    field.kind = FieldKind::kComposite;
  } else if (model.kind != ModelKind::kCompositeType) {
    field.kind = FieldKind::kRelation;
    field.side = static_cast<Ref>(datamodel_.sides.size());
    datamodel_.sides.emplace_back();
  } else {
    diagnostics_.Error(
        fmt::format("Error validating composite type \"{}\": {} refers to a model, making this a "
                    "relation field. Relation fields inside composite types are not supported.",
                    model.name.text, field.type_name),
        field.type_span);
  }
}

void Resolver::ResolveAttributes() {
  for (const Declaration& top : datamodel_.declarations) {
    if (top.kind != DeclarationKind::kModel) continue;
    const std::vector<Field>& fields = datamodel_.models[top.index].fields;
    for (Ref i = 0; i < fields.size(); ++i) {
      if (fields[i].kind == FieldKind::kRelation) ResolveRelationField(top.index, i);
    }
  }
  for (const Declaration& top : datamodel_.declarations) {
    if (top.kind == DeclarationKind::kEnum) {
      ResolveEnum(datamodel_.enums[top.index]);
    } else if (top.kind == DeclarationKind::kModel) {
      Model& model = datamodel_.models[top.index];
      if (model.kind == ModelKind::kCompositeType) {
        ResolveComposite(model);
      } else {
        ResolveModel(top.index);
      }
    }
  }
}

std::optional<std::string> Resolver::TakeMap(AttributeReader& reader) {
  const Value* value = reader.DefaultValue("name");
  if (value == nullptr) return std::nullopt;
  const auto name = AsString(*value, diagnostics_);
  return name ? std::optional(std::string(*name)) : std::nullopt;
}

std::optional<Identifier> Resolver::TakeSchema(AttributeReader& reader) {
  const Value* value = reader.DefaultValue("map");
  if (value == nullptr) return std::nullopt;
  const auto name = AsString(*value, diagnostics_);
  if (!name) return std::nullopt;
  return Identifier{std::string(*name), value->span};
}

void Resolver::ResolveEnum(Enum& block) {
  for (EnumValue& value : block.values) {
    AttributeReader reader(value.attributes, diagnostics_);
    if (reader.Single("map")) {
      value.mapped_name = TakeMap(reader);
      reader.FinishArguments();
    }
    reader.Finish();
  }
  AttributeReader reader(block.attributes, diagnostics_);
  if (reader.Single("map")) {
    block.mapped_name = TakeMap(reader);
    reader.FinishArguments();
  }
  if (reader.Single("schema")) {
    block.schema = TakeSchema(reader);
    reader.FinishArguments();
  }
  reader.Finish();
}

// PostgreSQL has no composite types in Prisma; only what makes no sense anywhere is looked for.
void Resolver::ResolveComposite(Model& type) {
  for (Field& field : type.fields) {
    if (!field.IsColumn()) continue;
    AttributeReader reader(field.attributes, diagnostics_);
    if (field.kind == FieldKind::kScalar) field.native_attribute = reader.Scoped();
    if (reader.Single("map")) {
      field.mapped_name = TakeMap(reader);
      reader.FinishArguments();
    }
    if (reader.Single("default")) {
      reader.Discard();
    }
    reader.Finish();
  }
}

}  // namespace ballast::prisma
