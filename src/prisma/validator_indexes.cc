// SPDX-License-Identifier: Apache-2.0
// Checks of indexes and unique constraints (validations/indexes.rs).
#include <fmt/format.h>

#include <algorithm>

#include "prisma/constraint_names.h"
#include "prisma/validator.h"

namespace ballast::prisma {
namespace {

bool AnyField(const Index& index, auto member) {
  return std::any_of(index.fields.begin(), index.fields.end(),
                     [&](const KeyField& field) { return (field.*member).has_value(); });
}

void CheckName(const Validator& v, Ref ref, const Index& index) {
  const Model& model = v.ModelAt(ref);
  const Attribute& attribute = model.At(index.attribute);
  const std::string name = IndexName(model, index);
  if (!v.names.TakenInSchema(model, name)) return;
  Span span = attribute.ArgumentSpan("name").value_or(attribute.span);
  span = attribute.ArgumentSpan("map").value_or(span);
  v.NameTaken(name, "global for primary key, indexes and unique constraints", index.AttributeName(),
              span);
}

void CheckClientNames(const Validator& v, Ref ref, const Index& index) {
  const Model& model = v.ModelAt(ref);
  const Attribute& attribute = model.At(index.attribute);
  if (index.IsUnique() && index.fields.size() > 1) {
    std::string joined;
    for (const KeyField& key : index.fields) {
      joined += (joined.empty() ? "" : "_") + model.fields[key.field].name.text;
    }
    if (v.HasColumn(ref, joined)) {
      v.diagnostics.InvalidModel(
          fmt::format("The field `{0}` clashes with the `{1}` name. Please resolve the conflict by "
                      "providing a custom id name: `{1}([...], name: \"custom_name\")`",
                      joined, index.AttributeName()),
          model.Container(), model.name.text, attribute.span);
    }
  }
  if (index.name && v.names.TakenForClient(ref, *index.name)) {
    v.diagnostics.InvalidAttribute(
        fmt::format("The given custom name `{}` has to be unique on the model. Please provide a "
                    "different name for the `name` argument.",
                    *index.name),
        index.AttributeName(), attribute.ArgumentSpan("name").value_or(attribute.span));
  }
}

}  // namespace

void ValidateIndex(const Validator& v, Ref ref, const Index& index) {
  const Model& model = v.ModelAt(ref);
  const Attribute& attribute = model.At(index.attribute);
  if (model.IsView()) {
    if (!index.IsUnique()) v.diagnostics.Invalid("Views cannot have indexes.", attribute.span);
    return;
  }
  const auto add_error = [&](std::string_view message) {
    v.diagnostics.InvalidAttribute(message, index.AttributeName(), attribute.span);
  };
  if (index.fields.empty()) {
    add_error("The list of fields in an index cannot be empty. Please specify at least one field.");
  }
  CheckName(v, ref, index);
  CheckClientNames(v, ref, index);
  if (AnyField(index, &KeyField::length)) {
    add_error(
        "The length argument is not supported in an index definition with the current connector");
  }
  if (index.algorithm == IndexAlgorithm::kHash && AnyField(index, &KeyField::sort)) {
    add_error("Hash type does not support sort option.");
  }
  if (index.kind == IndexKind::kFulltext) {
    add_error("Defining fulltext indexes is not supported with the current connector.");
  }
  if (index.mapped_name) {
    v.CheckNameLength(model, attribute, *index.mapped_name, index.attribute.field ? "@" : "@@");
  }
  if (index.clustered) add_error("Defining clustering is not supported in the current connector.");
  if (index.kind != IndexKind::kNormal && AnyField(index, &KeyField::operator_class)) {
    add_error("Operator classes can only be defined to fields in an @@index attribute.");
  }
}

}  // namespace ballast::prisma
