// SPDX-License-Identifier: Apache-2.0
// Attributes of scalar, enum and unsupported fields, each looked at by itself (prisma-engines
// psl/parser-database/src/attributes.rs).
#include <fmt/format.h>

#include "prisma/resolver.h"

namespace ballast::prisma {

void Resolver::ResolveColumn(Ref model_ref, Ref field_ref) {
  Model& model = datamodel_.models[model_ref];
  Field& field = model.fields[field_ref];
  AttributeReader reader(field.attributes, diagnostics_);
  if (reader.Single("map")) {
    ResolveMap(model_ref, field_ref, reader);
    reader.FinishArguments();
  }
  if (reader.Single("ignore")) {
    field.ignored = field.kind != FieldKind::kUnsupported;
    if (!field.ignored) {
      reader.AddError(
          "Fields of type `Unsupported` cannot take an `@ignore` attribute. They are already "
          "treated as ignored by the client due to their type.");
    }
    reader.FinishArguments();
  }
  if (reader.Single("relation")) {
    reader.AddError("Invalid field type, not a relation.");
    reader.FinishArguments();
  }
  if (reader.Single("id")) {
    ResolveFieldId(model, field_ref, reader);
    reader.FinishArguments();
  }
  if (reader.Single("updatedAt")) {
    ResolveUpdatedAt(field, reader);
    reader.FinishArguments();
  }
  if (reader.Single("default")) {
    ResolveDefault(field, names_, reader, diagnostics_);
    reader.FinishArguments();
  }
  if (field.kind == FieldKind::kScalar) field.native_attribute = reader.Scoped();
  if (reader.Single("unique")) {
    ResolveFieldUnique(model_ref, field_ref, reader);
    reader.FinishArguments();
  }
  reader.Finish();
}

void Resolver::ResolveMap(Ref model_ref, Ref field_ref, AttributeReader& reader) {
  Model& model = datamodel_.models[model_ref];
  Field& field = model.fields[field_ref];
  const std::optional<std::string> name = TakeMap(reader);
  if (!name) return;
  field.mapped_name = name;
  const auto add_error = [&] {
    diagnostics_.Error(fmt::format("Field \"{}\" is already defined on {} \"{}\".", field.name.text,
                                   model.Container(), model.name.text),
                       field.span);
  };
  if (!mapped_.insert_or_assign(*name, field_ref).second) add_error();
  const std::optional<Ref> same = names_.FindField(model_ref, *name);
  if (!same || *same == field_ref) return;
  const Field& other = model.fields[*same];
  // Fields further down have not been read yet: their @map is not known here, as in Prisma.
  if (!other.IsColumn() || (other.mapped_name && *other.mapped_name != *name)) return;
  add_error();
}

void Resolver::ResolveUpdatedAt(Field& field, AttributeReader& reader) {
  if (!field.IsScalar(ScalarType::kDateTime)) {
    reader.AddError("Fields that are marked with @updatedAt must be of type DateTime.");
  }
  if (field.IsList()) reader.AddError("Fields that are marked with @updatedAt cannot be lists.");
  field.updated_at = true;
}

std::optional<int64_t> Resolver::TakeLength(AttributeReader& reader) {
  const Value* value = reader.Optional("length");
  return value == nullptr ? std::nullopt : AsInteger(*value, diagnostics_);
}

std::optional<SortOrder> Resolver::TakeSort(AttributeReader& reader) {
  const Value* value = reader.Optional("sort");
  if (value == nullptr) return std::nullopt;
  const auto order = AsConstant(*value, diagnostics_);
  if (!order) return std::nullopt;
  if (*order == "Desc") return SortOrder::kDescending;
  if (*order == "Asc") return SortOrder::kAscending;
  reader.AddError(
      fmt::format("The `sort` argument can only be `Asc` or `Desc` you provided: {}.", *order));
  return std::nullopt;
}

void Resolver::ResolveFieldId(Model& model, Ref field, AttributeReader& reader) {
  if (model.primary_key) {
    diagnostics_.InvalidModel(
        "At most one field must be marked as the id field with the `@id` attribute.", "model",
        model.name.text, model.span);
    return;
  }
  PrimaryKey key;
  key.mapped_name = reader.Name("map");
  KeyField part{.field = field, .sort = {}, .length = TakeLength(reader), .operator_class = {}};
  part.sort = TakeSort(reader);
  key.clustered = reader.Clustered();
  key.fields.push_back(std::move(part));
  key.attribute = {field, reader.current_index()};
  model.primary_key = std::move(key);
}

void Resolver::ResolveFieldUnique(Ref model, Ref field, AttributeReader& reader) {
  Index index;
  index.kind = IndexKind::kUnique;
  index.mapped_name = reader.Name("map");
  KeyField part{.field = field, .sort = {}, .length = TakeLength(reader), .operator_class = {}};
  part.sort = TakeSort(reader);
  index.clustered = reader.Clustered();
  index.fields.push_back(std::move(part));
  index.attribute = {field, reader.current_index()};
  ResolveWhere(model, index, reader);
  datamodel_.models[model].indexes.push_back(std::move(index));
}

}  // namespace ballast::prisma
