// SPDX-License-Identifier: Apache-2.0
// Checks of one-to-one relations (validations/relations/one_to_one.rs).
#include <fmt/format.h>

#include "prisma/validate_relations.h"
#include "prisma/validator.h"

namespace ballast::prisma {
namespace {

class OneToOneCheck {
 public:
  OneToOneCheck(const Validator& v, const RelationSides& r) : v_(v), r_(r) {}

  void Run() {
    if (r_.back != nullptr) {
      CheckArgumentsGiven();
      CheckArgumentsOnOneSide();
      CheckActions();
    }
    CheckUnique();
    if (r_.back == nullptr || v_.diagnostics.has_errors()) return;
    CheckMixups();
    if (v_.diagnostics.has_errors()) return;
    CheckBackIsOptional();
    if (v_.diagnostics.has_errors()) return;
    CheckRightSide();
  }

 private:
  void AddError(std::string_view message, const Field& at) {
    v_.diagnostics.InvalidAttribute(message, "@relation", at.span);
  }

  // "`a` on Model `A`"
  std::string Forward() const { return Side(*r_.forward, r_.model_a); }
  std::string Back() const { return Side(*r_.back, r_.model_b); }
  static std::string Side(const Field& field, const Model& model) {
    return fmt::format("`{}` on Model `{}`", field.name.text, model.name.text);
  }

  void CheckArgumentsGiven() {
    const auto check = [&](auto member, std::string_view argument) {
      if (!IsEmpty((*r_.forward_side).*member) || !IsEmpty((*r_.back_side).*member)) return;
      constexpr std::string_view kMessage =
          "The relation fields {} and {} do not provide the `{}` argument in the @relation "
          "attribute. You have to provide it on one of the two fields.";
      AddError(fmt::format(fmt::runtime(kMessage), Forward(), Back(), argument), *r_.forward);
      AddError(fmt::format(fmt::runtime(kMessage), Back(), Forward(), argument), *r_.back);
    };
    check(&RelationSide::fields, "fields");
    check(&RelationSide::references, "references");
  }

  void CheckArgumentsOnOneSide() {
    const auto check = [&](auto member, std::string_view argument) {
      if (IsEmpty((*r_.forward_side).*member) || IsEmpty((*r_.back_side).*member)) return;
      const std::string message = fmt::format(
          "The relation fields {} and {} both provide the `{}` argument in the "
          "@relation attribute. You have to provide it only on one of the two fields.",
          Forward(), Back(), argument);
      AddError(message, *r_.forward);
      AddError(message, *r_.back);
    };
    check(&RelationSide::references, "references");
    check(&RelationSide::fields, "fields");
  }

  void CheckActions() {
    const bool forward = r_.forward_side->on_delete || r_.forward_side->on_update;
    const bool back = r_.back_side->on_delete || r_.back_side->on_update;
    if (!back) return;
    if (!forward) {
      AddError(fmt::format("The relation field {} must not specify the `onDelete` or `onUpdate` "
                           "argument in the @relation attribute. You must only specify it on the "
                           "opposite field `{}` on model `{}`.",
                           Back(), r_.forward->name.text, r_.model_a.name.text),
               *r_.back);
      return;
    }
    constexpr std::string_view kMessage =
        "The relation fields {} and {} both provide the `onDelete` or `onUpdate` argument in the "
        "@relation attribute. You have to provide it only on one of the two fields.";
    AddError(fmt::format(fmt::runtime(kMessage), Back(), Forward()), *r_.back);
    AddError(fmt::format(fmt::runtime(kMessage), Forward(), Back()), *r_.forward);
  }

  void CheckUnique() {
    const auto& fields = r_.forward_side->fields;
    if (!fields || v_.unique_criteria.Contains(r_.relation.model_a, *fields)) return;
    std::vector<std::string> names;
    for (const Ref field : *fields) names.push_back(r_.model_a.fields[field].name.text);
    const std::string where =
        names.size() == 1
            ? fmt::format("an `@unique` attribute to the field `{}`", names[0])
            : fmt::format("an `@@unique([{}])` attribute to the model", fmt::join(names, ", "));
    AddError(fmt::format("A one-to-one relation must use unique fields on the defining side. "
                         "Either add {}, or change the relation to one-to-many.",
                         where),
             *r_.forward);
  }

  void CheckMixups() {
    const auto message = [&](std::string_view given, std::string_view other) {
      return fmt::format(
          "The relation field {} provides the `{}` argument in the @relation "
          "attribute. And the related field {} provides the `{}` argument. You must "
          "provide both arguments on the same side.",
          Forward(), given, Back(), other);
    };
    if (!IsEmpty(r_.forward_side->fields) && !IsEmpty(r_.back_side->references)) {
      AddError(message("fields", "references"), *r_.forward);
      AddError(message("fields", "references"), *r_.back);
    }
    if (!IsEmpty(r_.forward_side->references) && !IsEmpty(r_.back_side->fields)) {
      AddError(message("references", "fields"), *r_.forward);
      AddError(message("references", "fields"), *r_.back);
    }
  }

  void CheckBackIsOptional() {
    if (r_.back->arity != Arity::kRequired) return;
    AddError(fmt::format("The relation field {0} is required. This is not valid because it's not "
                         "possible to enforce this constraint on the database level. Please change "
                         "the field type from `{1}` to `{1}?` to fix this.",
                         Back(), r_.model_a.name.text),
             *r_.back);
  }

  void CheckRightSide() {
    if (r_.forward->arity != Arity::kRequired) return;
    if (!r_.back_side->fields && !r_.back_side->references) return;
    AddError(fmt::format("The relation field `{}.{}` defines the `fields` and/or `references` "
                         "argument. You must set them on the required side of the relation "
                         "(`{}.{}`) in order for the constraints to be enforced. Alternatively, "
                         "you can change this field to be required and the opposite optional, or "
                         "make both sides of the relation optional.",
                         r_.model_b.name.text, r_.back->name.text, r_.model_a.name.text,
                         r_.forward->name.text),
             *r_.back);
  }

  const Validator& v_;
  const RelationSides& r_;
};

}  // namespace

void ValidateOneToOne(const Validator& v, const Relation& relation) {
  const RelationSides r = SidesOf(v, relation);
  OneToOneCheck(v, r).Run();
}

}  // namespace ballast::prisma
