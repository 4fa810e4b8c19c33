// SPDX-License-Identifier: Apache-2.0
// Checks of relations as a whole (validations/relations.rs, one_to_many.rs, implicit.rs).
#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "prisma/constraint_names.h"
#include "prisma/validate_relations.h"
#include "prisma/validator.h"

namespace ballast::prisma {
namespace {

constexpr std::string_view kRelation = "@relation";

std::string NamesOf(const Model& model, const std::vector<Ref>& fields) {
  std::vector<std::string> names;
  names.reserve(fields.size());
  for (const Ref field : fields) names.push_back(model.fields[field].name.text);
  return fmt::format("{}", fmt::join(names, ", "));
}

void CheckReferencesUnique(const Validator& v, const RelationSides& r) {
  const auto& references = r.forward_side->references;
  if (!references || references->empty()) return;
  if (v.unique_criteria.Contains(r.relation.model_b, *references)) return;
  const std::string names = NamesOf(r.model_b, *references);
  v.diagnostics.InvalidAttribute(
      references->size() == 1
          ? fmt::format("The argument `references` must refer to a unique criterion in the related "
                        "model. Consider adding an `@unique` attribute to the field `{}` in the "
                        "model `{}`.",
                        names, r.model_b.name.text)
          : fmt::format("The argument `references` must refer to a unique criterion in the related "
                        "model. Consider adding an `@@unique([{}])` attribute to the model `{}`.",
                        names, r.model_b.name.text),
      kRelation, r.forward->span);
}

void CheckLengths(const Validator& v, const RelationSides& r) {
  const RelationSide& side = *r.forward_side;
  if (!side.fields || !side.references || side.fields->size() == side.references->size()) return;
  v.diagnostics.Invalid("You must specify the same number of fields in `fields` and `references`.",
                        r.forward->Find("relation")->span);
}

// Required relation fields must use required columns.
void CheckArity(const Validator& v, const RelationSides& r) {
  if (r.forward->arity != Arity::kRequired || !r.forward_side->fields) return;
  const std::vector<Ref>& fields = *r.forward_side->fields;
  const bool optional = std::any_of(fields.begin(), fields.end(), [&](Ref field) {
    return r.model_a.fields[field].arity == Arity::kOptional;
  });
  if (!optional) return;
  v.diagnostics.Invalid(
      fmt::format("The relation field `{}` uses the scalar fields {}. At least one of those fields "
                  "is optional. Hence the relation field must be optional as well.",
                  r.forward->name.text, NamesOf(r.model_a, fields)),
      r.forward->span);
}

bool SameType(const Field& a, const Field& b) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case FieldKind::kScalar:
      return a.scalar == b.scalar;
    case FieldKind::kUnsupported:
      return a.type_name == b.type_name;
    default:
      return a.target == b.target;
  }
}

void CheckTypes(const Validator& v, const RelationSides& r) {
  const RelationSide& side = *r.forward_side;
  if (!side.fields || !side.references) return;
  for (size_t i = 0; i < std::min(side.fields->size(), side.references->size()); ++i) {
    const Field& from = r.model_a.fields[(*side.fields)[i]];
    const Field& to = r.model_b.fields[(*side.references)[i]];
    if (SameType(from, to)) continue;
    v.diagnostics.InvalidAttribute(
        fmt::format("The type of the field `{}` in the model `{}` is not matching the type of the "
                    "referenced field `{}` in model `{}`.",
                    from.name.text, r.model_a.name.text, to.name.text, r.model_b.name.text),
        kRelation, r.forward->span);
  }
}

void CheckName(const Validator& v, const RelationSides& r) {
  const std::string name = ForeignKeyName(v.datamodel, r.relation);
  if (!v.names.TakenInModel(r.relation.model_a, name)) return;
  const Attribute* attribute = r.forward->Find("relation");
  const auto map = attribute != nullptr ? attribute->ArgumentSpan("map") : std::nullopt;
  v.NameTaken(name,
              fmt::format("on model `{}` for primary key, indexes, unique constraints and foreign "
                          "keys",
                          r.model_a.name.text),
              kRelation, map.value_or(r.forward->span));
}

// SET NULL on a required column: refused where Prisma emulates keys, unwise where it does not.
void CheckSetNull(const Validator& v, const RelationSides& r) {
  const RelationSide& side = *r.forward_side;
  const std::vector<Ref> fields = side.fields.value_or(std::vector<Ref>());
  const bool required = std::any_of(fields.begin(), fields.end(), [&](Ref field) {
    return r.model_a.fields[field].arity == Arity::kRequired;
  });
  if (!required) return;
  const auto check = [&](const std::optional<ActionChoice>& choice, std::string_view clause) {
    if (!choice || choice->action != ReferentialAction::kSetNull) return;
    if (v.datasource.relation_mode == RelationMode::kPrisma) {
      v.diagnostics.InvalidAttribute(
          fmt::format("The `{}` referential action of a relation must not be set to `SetNull` when "
                      "a referenced field is required.\nEither choose another referential action, "
                      "or make the referenced fields optional.\n",
                      clause),
          kRelation, r.forward->span);
    } else {
      v.diagnostics.Warning(
          fmt::format("The `{}` referential action of a relation should not be set to `SetNull` "
                      "when a referenced field is required. We recommend either to choose another "
                      "referential action, or to make the referenced fields optional. Read more at "
                      "https://pris.ly/d/postgres-set-null ",
                      clause),
          r.forward->span);
    }
  };
  check(side.on_delete, "onDelete");
  check(side.on_update, "onUpdate");
}

void CheckMissingOpposite(const Validator& v, const RelationSides& r) {
  if (r.forward != nullptr && r.back != nullptr) return;
  const Field& field = r.forward != nullptr ? *r.forward : *r.back;
  const Model& model = r.forward != nullptr ? r.model_a : r.model_b;
  const Model& other = r.forward != nullptr ? r.model_b : r.model_a;
  v.diagnostics.Error(
      fmt::format("Error validating field `{0}` in {1} `{2}`: The relation field `{0}` on {1} "
                  "`{2}` is missing an opposite relation field on the model `{3}`. Either run "
                  "`prisma format` or add it manually.",
                  field.name.text, model.Container(), model.name.text, other.name.text),
      field.span);
}

void CheckForwardArguments(const Validator& v, const RelationSides& r) {
  const std::string who = fmt::format("The relation field `{}` on Model `{}`", r.forward->name.text,
                                      r.model_a.name.text);
  if (IsEmpty(r.forward_side->fields)) {
    v.diagnostics.InvalidAttribute(
        who +
            " must specify the `fields` argument in the @relation attribute. You can run `prisma "
            "format` to fix this automatically.",
        kRelation, r.forward->span);
  }
  if (IsEmpty(r.forward_side->references)) {
    v.diagnostics.InvalidAttribute(
        who + " must specify the `references` argument in the @relation attribute.", kRelation,
        r.forward->span);
  }
}

void CheckBackArguments(const Validator& v, const RelationSides& r) {
  const auto add_error = [&](std::string_view arguments, std::string_view tail) {
    v.diagnostics.InvalidAttribute(
        fmt::format("The relation field `{}` on Model `{}` must not specify the {} argument in the "
                    "@relation attribute. You must only specify it on the opposite field `{}` on "
                    "model `{}`{}.",
                    r.back->name.text, r.model_b.name.text, arguments, r.forward->name.text,
                    r.model_a.name.text, tail),
        kRelation, r.back->span);
  };
  if (!IsEmpty(r.back_side->fields) || !IsEmpty(r.back_side->references)) {
    add_error("`fields` or `references`", "");
  }
  if (r.back_side->on_delete || r.back_side->on_update) {
    add_error("`onDelete` or `onUpdate`",
              ", or in case of a many to many relation, in an explicit join table");
  }
}

void CheckOneToMany(const Validator& v, const RelationSides& r) {
  CheckMissingOpposite(v, r);
  if (r.forward == nullptr || r.back == nullptr) return;
  CheckForwardArguments(v, r);
  CheckBackArguments(v, r);
}

// Both models need an @id of one field.
void CheckSingleId(const Validator& v, const Field& field, const Model& model) {
  const Model& other = v.ModelAt(field.target);
  if (!other.primary_key || other.primary_key->fields.size() != 1) {
    v.diagnostics.Error(
        fmt::format("Error validating field `{0}` in {4} `{1}`: The relation field `{0}` on {3} "
                    "`{1}` references `{2}` which does not have an `@id` field. Models without "
                    "`@id` cannot be part of a many to many relation. Use an explicit intermediate "
                    "Model to represent this relationship.",
                    field.name.text, model.name.text, other.name.text, other.Container(),
                    other.Container()),
        field.span);
    return;
  }
  const auto& references = v.datamodel.SideOf(field).references;
  if (!references) return;
  const Ref id = other.primary_key->fields[0].field;
  if (references->size() == 1 && references->front() == id) return;
  v.diagnostics.Invalid(
      fmt::format("Implicit many-to-many relations must always reference the id field of the "
                  "related model. Change the argument `references` to use the id field of the "
                  "related model `{}`. But it is referencing the following fields that are not the "
                  "id: {}",
                  other.name.text, NamesOf(other, *references)),
      field.span);
}

}  // namespace

bool IsEmpty(const std::optional<std::vector<Ref>>& fields) {
  return !fields || fields->empty();
}

RelationSides SidesOf(const Validator& v, const Relation& relation) {
  RelationSides r{relation, v.ModelAt(relation.model_a), v.ModelAt(relation.model_b)};
  if (relation.field_a) {
    r.forward = &r.model_a.fields[*relation.field_a];
    r.forward_side = &v.datamodel.SideOf(*r.forward);
  }
  if (relation.field_b) {
    r.back = &r.model_b.fields[*relation.field_b];
    r.back_side = &v.datamodel.SideOf(*r.back);
  }
  BALLAST_CHECK(r.forward != nullptr || r.back != nullptr);  // a relation has a field
  return r;
}

void ValidateRelation(const Validator& v, const Relation& relation) {
  const RelationSides r = SidesOf(v, relation);
  if (r.forward != nullptr) {
    if (r.back != nullptr) ValidateCycles(v, relation);
    CheckReferencesUnique(v, r);
    CheckLengths(v, r);
    CheckArity(v, r);
    CheckTypes(v, r);
    CheckName(v, r);
    CheckSetNull(v, r);
  }
  if (relation.kind == RelationKind::kOneToOne) {
    CheckMissingOpposite(v, r);
    ValidateOneToOne(v, relation);
  } else {
    CheckOneToMany(v, r);
  }
}

void ValidateManyToMany(const Validator& v, const Relation& relation) {
  const RelationSides r = SidesOf(v, relation);
  if (relation.embedded) {
    for (const Field* field : {r.forward, r.back}) {
      v.diagnostics.Invalid(
          "Embedded many-to-many relations are not supported on Postgres. Please use the syntax "
          "defined in https://pris.ly/d/relational-database-many-to-many",
          field->span);
    }
    return;
  }
  BALLAST_CHECK(r.forward != nullptr && r.back != nullptr);  // else it has another kind
  CheckSingleId(v, *r.forward, r.model_a);
  CheckSingleId(v, *r.back, r.model_b);
  for (const RelationSide* side : {r.forward_side, r.back_side}) {
    for (const auto& choice : {side->on_delete, side->on_update}) {
      if (!choice) continue;
      v.diagnostics.Invalid(
          "Referential actions on implicit many-to-many relations are not supported", choice->span);
    }
  }
  for (const Field* field : {r.forward, r.back}) {
    if (!v.datamodel.SideOf(*field).references) continue;
    v.diagnostics.InvalidAttribute(
        "Implicit many-to-many relation should not have references argument defined. Either remove "
        "it, or change the relation to one-to-many.",
        kRelation, field->span);
  }
}

}  // namespace ballast::prisma
