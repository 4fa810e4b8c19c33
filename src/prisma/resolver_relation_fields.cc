// SPDX-License-Identifier: Apache-2.0
// Attributes of relation fields (prisma-engines psl/parser-database/src/attributes.rs).
#include <fmt/format.h>

#include "prisma/resolver.h"

namespace ballast::prisma {
namespace {

std::optional<ReferentialAction> ActionNamed(std::string_view name) {
  for (const ReferentialAction action :
       {ReferentialAction::kCascade, ReferentialAction::kRestrict, ReferentialAction::kNoAction,
        ReferentialAction::kSetNull, ReferentialAction::kSetDefault}) {
    if (NameOf(action) == name) return action;
  }
  return std::nullopt;
}

std::optional<ActionChoice> ReadAction(const Value* value, Diagnostics& diagnostics) {
  if (value == nullptr) return std::nullopt;
  const auto name = AsConstant(*value, diagnostics);
  if (!name) return std::nullopt;
  if (const auto action = ActionNamed(*name)) return ActionChoice{*action, value->span};
  diagnostics.InvalidAttribute(fmt::format("Invalid referential action: `{}`", *name), "@relation",
                               value->span);
  return std::nullopt;
}

// Where @unique on the relation field might have been meant.
std::string SuggestUnique(const Model& model, const RelationSide& side) {
  std::vector<std::string> names;
  for (const Ref field : side.fields.value_or(std::vector<Ref>())) {
    names.push_back(model.fields[field].name.text);
  }
  if (names.empty()) return "";
  if (names.size() == 1) return fmt::format(" Did you mean to put it on `{}`?", names[0]);
  return fmt::format(" Did you mean to provide `@@unique([{}])`?", fmt::join(names, ", "));
}

}  // namespace

void Resolver::ResolveRelationField(Ref model_ref, Ref field_ref) {
  const Model& model = datamodel_.models[model_ref];
  Field& field = datamodel_.models[model_ref].fields[field_ref];
  AttributeReader reader(field.attributes, diagnostics_);
  if (reader.Single("relation")) {
    ResolveRelation(model_ref, field, reader);
    reader.FinishArguments();
  }
  if (reader.Single("id")) {
    reader.AddError(
        fmt::format("The field `{}` is a relation field and cannot be marked with `@id`. Only "
                    "scalar fields can be declared as id.",
                    field.name.text));
    reader.Discard();
  }
  if (reader.Single("ignore")) {
    field.ignored = true;
    reader.FinishArguments();
  }
  if (reader.Single("default")) {
    reader.AddError("Cannot set a default value on a relation field.");
    reader.Discard();
  }
  if (reader.Single("map")) {
    reader.AddError("The attribute `@map` cannot be used on relation fields.");
    reader.Default("name");
    reader.Discard();
  }
  if (reader.Single("unique")) {
    reader.AddError(
        fmt::format("The field `{}` is a relation field and cannot be marked with `unique`. Only "
                    "scalar fields can be made unique.{}",
                    field.name.text, SuggestUnique(model, datamodel_.sides[field.side])));
    reader.Discard();
  }
  reader.Finish();
}

void Resolver::ResolveRelation(Ref model, const Field& field, AttributeReader& reader) {
  RelationSide& side = datamodel_.sides[field.side];
  const Attribute& attribute = reader.current();
  if (const Value* fields = reader.Optional("fields")) {
    side.fields = TakeRelationFields(model, *fields, attribute, false);
  }
  if (const Value* references = reader.Optional("references")) {
    side.references = TakeRelationFields(field.target, *references, attribute, true);
  }
  if (const auto index = reader.Default("name", AttributeReader::Absence::kIgnore)) {
    const auto name = AsString(attribute.arguments[*index].value, diagnostics_);
    if (name && name->empty()) reader.AddError("A relation cannot have an empty name.");
    if (name && !name->empty()) side.name = std::string(*name);
  }
  side.on_delete = ReadAction(reader.Optional("onDelete"), diagnostics_);
  side.on_update = ReadAction(reader.Optional("onUpdate"), diagnostics_);
  side.mapped_name = reader.Name("map");
}

std::optional<std::vector<Ref>> Resolver::TakeRelationFields(Ref model, const Value& value,
                                                             const Attribute& attribute,
                                                             bool references) {
  const FieldListContext context{datamodel_, names_, model, attribute.span};
  const KeyFields found = ResolvePlainFields(value, context, diagnostics_);
  const std::string& name = datamodel_.models[model].name.text;
  const Span span = references ? attribute.span : value.span;
  if (!found.unknown.empty()) {
    const std::string list = fmt::format("{}", fmt::join(found.unknown, ", "));
    diagnostics_.Invalid(
        references
            ? fmt::format("The argument `references` must refer only to existing fields in the "
                          "related model `{}`. The following fields do not exist in the related "
                          "model: {}",
                          name, list)
            : fmt::format("The argument fields must refer only to existing fields. The following "
                          "fields do not exist in this model: {}",
                          list),
        span);
  }
  if (!found.relations.empty()) {
    std::vector<std::string> names;
    for (const Ref ref : found.relations) {
      names.push_back(datamodel_.models[model].fields[ref].name.text);
    }
    const std::string list = fmt::format("{}", fmt::join(names, ", "));
    diagnostics_.Invalid(
        references
            ? fmt::format("The argument `references` must refer only to scalar fields in the "
                          "related model `{}`. But it is referencing the following relation "
                          "fields: {}",
                          name, list)
            : fmt::format("The argument fields must refer only to scalar fields. But it is "
                          "referencing the following relation fields: {}",
                          list),
        span);
  }
  std::vector<Ref> fields;
  for (const KeyField& field : found.fields) fields.push_back(field.field);
  return fields;
}

}  // namespace ballast::prisma
