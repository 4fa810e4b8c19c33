// SPDX-License-Identifier: Apache-2.0
// Checks of relation fields, each by itself (validations/relation_fields.rs).
#include <fmt/format.h>

#include "prisma/validator.h"

namespace ballast::prisma {
namespace {

// "`a`, `b` and `c`"
std::string Enumerate(const Model& model, const std::vector<Ref>& fields) {
  std::string text;
  for (size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) text += i + 1 == fields.size() ? " and " : ", ";
    text += "`" + model.fields[fields[i]].name.text + "`";
  }
  return text;
}

std::string AmbiguityMessage(const Model& model, const Model& related, bool named,
                             const std::vector<Ref>& siblings) {
  const std::string fields = Enumerate(model, siblings);
  const std::string& name = model.name.text;
  const bool self = &model == &related;
  if (self && !named && siblings.size() == 2) {
    return fmt::format(
        "Ambiguous self relation detected. The fields {} in model `{}` both refer to `{}`. If they "
        "are part of the same relation add the same relation name for them with "
        "`@relation(<name>)`.",
        fields, name, related.name.text);
  }
  if (self && !named) {
    return fmt::format(
        "Unnamed self relation detected. The fields {} in model `{}` have no relation name. Please "
        "provide a relation name for one of them by adding `@relation(<name>).",
        fields, name);
  }
  if (self) {
    return fmt::format(
        "Wrongly named self relation detected. The fields {} in model `{}` have the same relation "
        "name. At most two relation fields can belong to the same relation and therefore have the "
        "same name. Please assign a different relation name to one of them.",
        fields, name);
  }
  if (!named) {
    return fmt::format(
        "Ambiguous relation detected. The fields {} in model `{}` both refer to `{}`. Please "
        "provide different relation names for them by adding `@relation(<name>).",
        fields, name, related.name.text);
  }
  return fmt::format(
      "Wrongly named relation detected. The fields {} in model `{}` both use the same relation "
      "name. Please provide different relation names for them through `@relation(<name>).",
      fields, name);
}

bool IsUnambiguous(const Validator& v, Ref ref, Ref field_ref) {
  const Model& model = v.ModelAt(ref);
  const Field& field = model.fields[field_ref];
  const std::vector<Ref>& siblings = v.relation_fields.Siblings(ref, field_ref);
  const bool named = v.datamodel.SideOf(field).name.has_value();
  if (siblings.size() < 2 || (field.target == ref && named && siblings.size() == 2)) return true;
  v.diagnostics.InvalidModel(AmbiguityMessage(model, v.ModelAt(field.target), named, siblings),
                             model.Container(), model.name.text, field.span);
  return false;
}

void CheckActions(const Validator& v, const Field& field) {
  if (v.datasource.relation_mode != RelationMode::kPrisma) return;
  const RelationSide& side = v.datamodel.SideOf(field);
  const auto check = [&](const std::optional<ActionChoice>& choice, std::string_view argument) {
    if (!choice || (choice->action != ReferentialAction::kNoAction &&
                    choice->action != ReferentialAction::kSetDefault)) {
      return;
    }
    std::string message = fmt::format(
        "Invalid referential action: `{}`. Allowed values: (`Cascade`, `Restrict`, `SetNull`)",
        NameOf(choice->action));
    if (choice->action == ReferentialAction::kNoAction) {
      message +=
          ". `NoAction` is not implemented for Postgres when using `relationMode = \"prisma\"`, "
          "you could try using `Restrict` instead. Learn more at https://pris.ly/d/relation-mode";
    }
    v.diagnostics.Invalid(message,
                          field.Find("relation")->ArgumentSpan(argument).value_or(field.span));
  };
  check(side.on_delete, "onDelete");
  check(side.on_update, "onUpdate");
}

}  // namespace

bool ValidateRelationField(const Validator& v, Ref ref, Ref field_ref) {
  if (!IsUnambiguous(v, ref, field_ref)) return false;
  const Model& model = v.ModelAt(ref);
  const Field& field = model.fields[field_ref];
  const Model& related = v.ModelAt(field.target);
  if (related.ignored && !field.ignored && !model.ignored) {
    v.diagnostics.InvalidAttribute(
        fmt::format("The relation field `{}` on Model `{}` must specify the `@ignore` attribute, "
                    "because the model {} it is pointing to is marked ignored.",
                    field.name.text, model.name.text, related.name.text),
        "@ignore", field.span);
  }
  CheckActions(v, field);
  const RelationSide& side = v.datamodel.SideOf(field);
  if (side.mapped_name) {
    v.CheckNameLength(model, *field.Find("relation"), *side.mapped_name, "@");
  }
  return true;
}

}  // namespace ballast::prisma
