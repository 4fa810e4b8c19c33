// SPDX-License-Identifier: Apache-2.0
// Checks of whole models and enums (validations/models.rs, views.rs, enums.rs).
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "prisma/constraint_names.h"
#include "prisma/validator.h"

namespace ballast::prisma {
namespace {

constexpr std::string_view kGlobalNamespace =
    "global for primary key, indexes and unique constraints";

std::string JoinedNames(const Model& model, const std::vector<KeyField>& keys,
                        std::string_view separator) {
  std::vector<std::string> names;
  names.reserve(keys.size());
  for (const KeyField& key : keys) names.push_back(model.fields[key.field].name.text);
  return fmt::format("{}", fmt::join(names, separator));
}

// Required fields only, of types that Prisma knows.
bool IsStrict(const Model& model, const std::vector<KeyField>& keys) {
  return std::none_of(keys.begin(), keys.end(), [&](const KeyField& key) {
    const Field& field = model.fields[key.field];
    return field.arity == Arity::kOptional || field.kind == FieldKind::kUnsupported;
  });
}

void CheckUniqueCriteria(const Validator& v, const Model& model) {
  if (model.ignored || model.IsView()) return;
  std::vector<std::string> loose;
  const auto strict = [&](const std::vector<KeyField>& keys) {
    if (IsStrict(model, keys)) return true;
    loose.push_back("- " + JoinedNames(model, keys, ", "));
    return false;
  };
  if (model.primary_key && strict(model.primary_key->fields)) return;
  for (const Index& index : model.indexes) {
    if (index.IsUnique() && strict(index.fields)) return;
  }
  std::string message =
      "Each model must have at least one unique criteria that has only required fields. Either "
      "mark a single field with `@id`, `@unique` or add a multi field criterion with `@@id([])` or "
      "`@@unique([])` to the model.";
  if (!loose.empty()) {
    message += fmt::format(
        " The following unique criterias were not considered as they contain fields that are not "
        "required:\n{}",
        fmt::join(loose, "\n"));
  }
  v.diagnostics.InvalidModel(message, "model", model.name.text, model.span);
}

void CheckPrimaryKeyName(const Validator& v, Ref ref, const Model& model) {
  const PrimaryKey& key = *model.primary_key;
  const Attribute& attribute = model.At(key.attribute);
  const std::string name = PrimaryKeyName(model);
  v.CheckNameLength(model, attribute, name, key.attribute.field ? "@" : "@@");
  const Span span = attribute.ArgumentSpan("map").value_or(attribute.span);
  if (v.names.TakenInSchema(model, name)) {
    v.NameTaken(name, kGlobalNamespace, key.AttributeName(), span);
  }
  if (v.names.TakenInModel(ref, name)) {
    v.NameTaken(name,
                fmt::format("on model `{}` for primary key, indexes, unique constraints and "
                            "foreign keys",
                            model.name.text),
                key.AttributeName(), span);
  }
  if (key.name && v.names.TakenForClient(ref, *key.name)) {
    v.diagnostics.InvalidAttribute(
        fmt::format("The given custom name `{}` has to be unique on the model. Please provide a "
                    "different name for the `name` argument.",
                    *key.name),
        key.AttributeName(), attribute.ArgumentSpan("name").value_or(attribute.span));
  }
}

void CheckPrimaryKey(const Validator& v, Ref ref, const Model& model) {
  const PrimaryKey& key = *model.primary_key;
  const Span span = model.At(key.attribute).span;
  const std::string attribute = key.AttributeName();
  if (key.fields.empty()) {
    v.diagnostics.InvalidAttribute(
        fmt::format("The list of fields in an `{}()` attribute cannot be empty. Please specify at "
                    "least one field.",
                    attribute),
        attribute, span);
  }
  const std::string client_name = JoinedNames(model, key.fields, "_");
  if (key.fields.size() > 1 && v.HasColumn(ref, client_name)) {
    v.diagnostics.InvalidModel(
        fmt::format("The field `{}` clashes with the `@@id` attribute's name. Please resolve the "
                    "conflict by providing a custom id name: `@@id([...], name: \"custom_name\")`",
                    client_name),
        model.Container(), model.name.text, span);
  }
  const auto any = [&](auto member) {
    return std::any_of(key.fields.begin(), key.fields.end(),
                       [&](const KeyField& field) { return (field.*member).has_value(); });
  };
  if (any(&KeyField::length)) {
    v.diagnostics.InvalidAttribute(
        "The length argument is not supported in the primary key with the current connector",
        attribute, span);
  }
  if (any(&KeyField::sort)) {
    v.diagnostics.InvalidAttribute(
        "The sort argument is not supported in the primary key with the current connector",
        attribute, span);
  }
}

void CheckSchema(const Validator& v, const Model& model) {
  if (model.schema && !v.datasource.HasSchema(model.schema->text)) {
    v.diagnostics.Error(
        "This schema is not defined in the datasource. Read more on `@@schema` at "
        "https://pris.ly/d/multi-schema",
        model.schema->span);
  }
  if (!model.schema && v.datasource.schemas_span) {
    v.diagnostics.InvalidModel(
        fmt::format("This {} is missing an `@@schema` attribute.", model.Container()),
        model.Container(), model.name.text, model.span);
  }
}

void CheckView(const Validator& v, const Model& view) {
  if (!v.datamodel.HasPreviewFeature("views")) {
    v.diagnostics.Invalid("View definitions are only available with the `views` preview feature.",
                          view.span);
  }
}

void CheckViewKey(const Validator& v, const Model& view) {
  if (!view.primary_key || v.view_keys == ViewKeys::kYes) return;
  v.diagnostics.Invalid("Views cannot have primary keys.",
                        view.At(view.primary_key->attribute).span);
}

const Attribute* MapAttribute(const Model& model) {
  for (const Attribute& attribute : model.attributes) {
    if (attribute.name.text == "map") return &attribute;
  }
  return nullptr;
}

}  // namespace

void ValidateDatabaseNames(const Validator& v) {
  std::map<std::pair<std::string_view, std::string_view>, Ref> known;
  for (const Ref ref : v.ModelsThenViews()) {
    const Model& model = v.ModelAt(ref);
    const std::string_view schema = model.schema ? model.schema->text : std::string_view();
    const auto [found, added] = known.try_emplace({schema, model.DatabaseName()}, ref);
    if (added) continue;
    const Model& existing = v.ModelAt(found->second);
    found->second = ref;
    const Model& mapped = model.mapped_name ? model : existing;
    const Model& other = model.mapped_name ? existing : model;
    const Attribute* attribute = MapAttribute(mapped);
    v.diagnostics.Error(
        fmt::format("The {} with database name \"{}\" could not be defined because another model "
                    "or view with this name exists: \"{}\"",
                    mapped.Container(), model.DatabaseName(), other.name.text),
        attribute != nullptr ? attribute->span : mapped.span);
  }
}

void ValidateModel(const Validator& v, Ref ref) {
  const Model& model = v.ModelAt(ref);
  if (model.IsView()) CheckView(v, model);
  CheckUniqueCriteria(v, model);
  if (model.primary_key) {
    CheckPrimaryKeyName(v, ref, model);
    CheckPrimaryKey(v, ref, model);
  }
  CheckSchema(v, model);
  for (const Index& index : model.indexes) ValidateIndexTypes(v, model, index);
  if (model.IsView()) CheckViewKey(v, model);
  if (model.primary_key && model.primary_key->clustered) {
    v.diagnostics.InvalidAttribute("Defining clustering is not supported in the current connector.",
                                   model.primary_key->AttributeName(),
                                   model.At(model.primary_key->attribute).span);
  }
}

void ValidateEnumDatabaseNames(const Validator& v) {
  std::set<std::pair<std::string_view, std::string_view>> known;
  for (const Enum& block : v.datamodel.enums) {
    const std::string_view schema = block.schema ? block.schema->text : std::string_view();
    if (known.insert({schema, block.DatabaseName()}).second) continue;
    v.diagnostics.Error("An enum with the same database name is already defined.", block.span);
  }
}

void ValidateEnum(const Validator& v, const Enum& block) {
  if (block.schema && !v.datasource.HasSchema(block.schema->text)) {
    v.diagnostics.Error(
        "This schema is not defined in the datasource. Read more on `@@schema` at "
        "https://pris.ly/d/multi-schema",
        block.schema->span);
  }
  if (!block.schema && v.datasource.schemas_span) {
    v.diagnostics.Error("This enum is missing an `@@schema` attribute.", block.span);
  }
}

}  // namespace ballast::prisma
