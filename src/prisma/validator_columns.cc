// SPDX-License-Identifier: Apache-2.0
// Checks of columns (validations/fields.rs, default_value.rs).
#include <fmt/format.h>

#include "prisma/json_syntax.h"
#include "prisma/literals.h"
#include "prisma/native_types.h"
#include "prisma/validator.h"

namespace ballast::prisma {
namespace {

// The client cannot have a field and a compound key of the same name.
void CheckClientName(const Validator& v, Ref ref, const Field& field) {
  const Model& model = v.ModelAt(ref);
  const auto add_error = [&](std::string_view attribute) {
    v.diagnostics.InvalidModel(
        fmt::format("The custom name `{}` specified for the `{}` attribute is already used as a "
                    "name for a field. Please choose a different name.",
                    field.name.text, attribute),
        model.Container(), model.name.text, model.span);
  };
  if (v.names.IsClientNameOfUnique(ref, field.name.text)) add_error("@@unique");
  if (model.primary_key && model.primary_key->name == field.name.text) add_error("@@id");
}

// What is wrong with the text; "kind. (details)", or nothing.
std::string ComplaintAbout(ScalarType type, const Value& value) {
  const std::string& text = value.text;
  const auto say = [&](std::string_view kind, const std::string& details) {
    return details.empty()
               ? std::string()
               : fmt::format("Parse error: \"{}\" is not a valid {}. ({})", text, kind, details);
  };
  const bool string = value.Is(ValueKind::kString);
  const bool number = value.Is(ValueKind::kNumber);
  if (type == ScalarType::kJson && string) return say("JSON string", JsonError(text));
  if (type == ScalarType::kBytes && string && !DecodeBase64(text)) {
    return say("base64 string",
               "Could not convert from `base64 encoded bytes` to `PrismaValue::Bytes`");
  }
  if (type == ScalarType::kDateTime && string) {
    return say("rfc3339 datetime string", ReadDateTime(text).complaint);
  }
  if ((type == ScalarType::kInt || type == ScalarType::kBigInt) && number) {
    return say("integer", IntegerError(text));
  }
  if (type == ScalarType::kDecimal && string) return say("decimal", ReadDecimal(text).complaint);
  return "";
}

void CheckLiteral(const Validator& v, const Field& field, const Value& value) {
  if (value.Is(ValueKind::kArray)) {
    for (const Value& element : value.elements) CheckLiteral(v, field, element);
    return;
  }
  const std::string complaint = ComplaintAbout(field.scalar, value);
  if (complaint.empty()) return;
  const bool decimal = field.scalar == ScalarType::kDecimal;
  v.diagnostics.InvalidAttribute(complaint, decimal ? "default" : "@default", value.span);
}

void CheckDefault(const Validator& v, const Model& model, const Field& field) {
  const Value* value = field.DefaultValue();
  if (value == nullptr) return;
  if (field.default_named) {
    const Attribute& attribute = field.attributes[field.default_argument->first];
    v.diagnostics.InvalidAttribute(
        "You defined a database name for the default value of a field on the model. This is not "
        "supported by the provider.",
        "@default", attribute.span);
    for (const Argument& argument : attribute.arguments) {
      if (!argument.name || argument.name->text != "map") continue;
      v.CheckNameLength(model, attribute, argument.value.text, "@");
    }
  }
  if (field.kind == FieldKind::kScalar) CheckLiteral(v, field, *value);
  if (value->IsFunction("auto")) {
    v.diagnostics.InvalidAttribute("The current connector does not support the `auto()` function.",
                                   "@default", value->span);
  }
}

void CheckUnsupported(const Validator& v, const Field& field) {
  const std::optional<NativeType> native = NativeTypeInText(field.type_name);
  if (!native) return;
  v.diagnostics.Invalid(
      fmt::format("The type `Unsupported(\"{}\")` you specified in the type definition for the "
                  "field `{}` is supported as a native type by Prisma. Please use the native type "
                  "notation `{} @{}.{}` for full support.",
                  field.type_name, field.name.text, NameOf(native->constructor->type),
                  v.datasource.name, native->ToString()),
      field.span);
}

}  // namespace

void ValidateColumn(const Validator& v, Ref ref, const Field& field) {
  const Model& model = v.ModelAt(ref);
  CheckClientName(v, ref, field);
  ValidateNativeType(field, v.datasource, v.diagnostics);
  CheckDefault(v, model, field);
  if (field.kind == FieldKind::kUnsupported) CheckUnsupported(v, field);
}

}  // namespace ballast::prisma
