// SPDX-License-Identifier: Apache-2.0
// Attributes of models and views (prisma-engines psl/parser-database/src/attributes.rs, id.rs).
#include <fmt/format.h>

#include <algorithm>

#include "prisma/resolver.h"

namespace ballast::prisma {
namespace {

std::optional<IndexAlgorithm> AlgorithmNamed(std::string_view name) {
  if (name == "BTree") return IndexAlgorithm::kBTree;
  if (name == "Hash") return IndexAlgorithm::kHash;
  if (name == "Gist") return IndexAlgorithm::kGist;
  if (name == "Gin") return IndexAlgorithm::kGin;
  if (name == "SpGist") return IndexAlgorithm::kSpGist;
  if (name == "Brin") return IndexAlgorithm::kBrin;
  return std::nullopt;
}

// "field `a`", "fields `a`, `b`"
std::string FieldWords(const std::vector<std::string>& names) {
  return fmt::format("field{} `{}`", names.size() > 1 ? "s" : "", fmt::join(names, "`, `"));
}

std::vector<std::string> NamesOf(const Model& model, const std::vector<Ref>& fields) {
  std::vector<std::string> names;
  names.reserve(fields.size());
  for (const Ref field : fields) names.push_back(model.fields[field].name.text);
  return names;
}

// A value, null, or { not: value }.
bool IsComparison(const Value& value) {
  const auto simple = [](const Value& v) {
    return v.Is(ValueKind::kConstant) || v.Is(ValueKind::kString) || v.Is(ValueKind::kNumber);
  };
  if (!value.Is(ValueKind::kObject)) return simple(value);
  return value.arguments.size() == 1 && value.arguments[0].name->text == "not" &&
         simple(value.arguments[0].value);
}

}  // namespace

void Resolver::ResolveModel(Ref ref) {
  mapped_.clear();
  Model& model = datamodel_.models[ref];
  for (Ref i = 0; i < model.fields.size(); ++i) {
    if (model.fields[i].IsColumn()) ResolveColumn(ref, i);
  }
  AttributeReader reader(model.attributes, diagnostics_);
  if (reader.Single("ignore")) {
    ResolveIgnore(model, reader);
    reader.FinishArguments();
  }
  if (reader.Single("id")) {
    ResolveId(ref, reader);
    reader.FinishArguments();
  }
  if (reader.Single("map")) {
    model.mapped_name = TakeMap(reader);
    reader.FinishArguments();
  }
  if (reader.Single("schema")) {
    model.schema = TakeSchema(reader);
    reader.FinishArguments();
  }
  for (; reader.Repeated("index"); reader.FinishArguments()) {
    ResolveIndex(ref, IndexKind::kNormal, reader);
  }
  for (; reader.Repeated("unique"); reader.FinishArguments()) {
    ResolveIndex(ref, IndexKind::kUnique, reader);
  }
  for (; reader.Repeated("fulltext"); reader.FinishArguments()) {
    ResolveIndex(ref, IndexKind::kFulltext, reader);
  }
  CheckIdArity(model);
  reader.Finish();
}

void Resolver::ResolveIgnore(Model& model, AttributeReader&) {
  for (const Field& field : model.fields) {
    if (!field.IsColumn() || !field.ignored) continue;
    diagnostics_.InvalidAttribute(
        "Fields on an already ignored Model do not need an `@ignore` annotation.", "@ignore",
        field.span);
  }
  model.ignored = true;
}

void Resolver::ResolveId(Ref ref, AttributeReader& reader) {
  Model& model = datamodel_.models[ref];
  const Attribute& attribute = reader.current();
  const Value* value = reader.DefaultValue("fields");
  if (value == nullptr) return;
  const FieldListContext context{datamodel_, names_, ref, attribute.span};
  KeyFields found = ResolveKeyFields(*value, context, DottedNames::kUnknown, diagnostics_);
  const auto add_error = [&](const std::string& message, Span span) {
    diagnostics_.InvalidModel(message, "model", model.name.text, span);
  };
  if (!found.unknown.empty()) {
    add_error(fmt::format("The multi field id declaration refers to the unknown {}.",
                          FieldWords(found.unknown)),
              value->span);
  }
  if (!found.relations.empty()) {
    add_error(fmt::format("The id definition refers to the relation {}. ID definitions must "
                          "reference only scalar fields.",
                          FieldWords(NamesOf(model, found.relations))),
              attribute.span);
  }
  if (found.reported || !found.unknown.empty() || !found.relations.empty()) return;
  std::vector<std::string> optional;
  for (const KeyField& key : found.fields) {
    const Field& field = model.fields[key.field];
    if (field.arity != Arity::kRequired) optional.push_back(field.name.text);
  }
  if (!optional.empty()) {
    add_error(fmt::format("The id definition refers to the optional {}. ID definitions must "
                          "reference only required fields.",
                          FieldWords(optional)),
              attribute.span);
  }
  if (model.primary_key) {
    add_error(
        "Each model must have at most one id criteria. You can't have `@id` and `@@id` at the same "
        "time.",
        model.span);
  }
  PrimaryKey key;
  key.fields = std::move(found.fields);
  key.mapped_name = reader.Name("map");
  key.name = reader.Name("name");
  if (key.name) CheckClientName(*key.name, "@@id", model, attribute.span);
  key.clustered = reader.Clustered();
  key.attribute = {std::nullopt, reader.current_index()};
  model.primary_key = std::move(key);
}

void Resolver::ResolveIndex(Ref ref, IndexKind kind, AttributeReader& reader) {
  Model& model = datamodel_.models[ref];
  Index index;
  index.kind = kind;
  index.attribute = {std::nullopt, reader.current_index()};
  if (const Value* value = reader.DefaultValue("fields")) {
    const Span span = reader.current().span;
    KeyFields found = ResolveKeyFields(*value, {datamodel_, names_, ref, span},
                                       DottedNames::kInside, diagnostics_);
    const std::string_view prefix = index.IsUnique() ? "unique " : "";
    if (!found.unknown.empty()) {
      diagnostics_.InvalidModel(
          fmt::format("The {}index definition refers to the unknown fields: {}.", prefix,
                      fmt::join(found.unknown, ", ")),
          "model", model.name.text, span);
    }
    if (!found.relations.empty()) {
      std::vector<std::string> meant;
      for (const Ref relation : found.relations) {
        const Field& field = model.fields[relation];
        if (field.kind != FieldKind::kRelation) continue;
        const auto& fields = datamodel_.SideOf(field).fields;
        if (fields) std::ranges::copy(NamesOf(model, *fields), std::back_inserter(meant));
      }
      const std::string suggestion =
          meant.empty()
              ? ""
              : fmt::format(" Did you mean `@@{}([{}])`?", index.IsUnique() ? "unique" : "index",
                            fmt::join(meant, ", "));
      diagnostics_.InvalidModel(
          fmt::format("The {}index definition refers to the relation fields {}. Index definitions "
                      "must reference only scalar fields.{}",
                      prefix, fmt::join(NamesOf(model, found.relations), ", "), suggestion),
          "model", model.name.text, span);
    }
    index.fields = std::move(found.fields);
  }
  ResolveIndexName(index, reader);
  if (kind == IndexKind::kUnique && index.name) {
    CheckClientName(*index.name, "@@unique", model, reader.current().span);
  }
  if (kind != IndexKind::kFulltext) ResolveWhere(ref, index, reader);
  model.indexes.push_back(std::move(index));
}

// raw("…"), or an object whose members are columns with values that can be compared.
void Resolver::ResolveWhere(Ref model, Index& index, AttributeReader& reader) {
  if (partial_ == PartialIndexes::kRefused) return;
  const Value* where = reader.Optional("where");
  if (where == nullptr) return;
  bool valid = where->IsFunction("raw") && where->arguments.size() == 1 &&
               where->arguments[0].value.Is(ValueKind::kString);
  if (where->Is(ValueKind::kObject)) {
    valid = true;
    for (const Argument& member : where->arguments) {
      const std::optional<Ref> field = names_.FindField(model, member.name->text);
      valid &=
          field && datamodel_.models[model].fields[*field].IsColumn() && IsComparison(member.value);
    }
  }
  if (valid) {
    index.where = *where;
  } else {
    reader.AddError(
        "The `where` argument takes raw(\"…\"), or an object of fields and the values to compare "
        "them with.");
  }
}

// The arguments behind the fields, in the order in which Prisma reads them.
void Resolver::ResolveIndexName(Index& index, AttributeReader& reader) {
  if (index.kind == IndexKind::kFulltext) {
    index.mapped_name = reader.Name("map");
    return;
  }
  std::optional<std::string> name = reader.Name("name");
  index.mapped_name = reader.Name("map");
  if (index.kind == IndexKind::kUnique) {
    index.name = std::move(name);
  } else {
    if (name && index.mapped_name) {
      reader.AddError(
          "The `@@index` attribute accepts the `name` argument as an alias for the `map` argument "
          "for legacy reasons. It does not accept both though. Please use the `map` argument to "
          "specify the database name of the index.");
      index.mapped_name = std::nullopt;
    } else if (name) {
      index.mapped_name = std::move(name);
    }
    if (const Value* type = reader.Optional("type")) {
      const auto algorithm = AsConstant(*type, diagnostics_);
      if (algorithm) index.algorithm = AlgorithmNamed(*algorithm);
      if (algorithm && !index.algorithm) {
        reader.AddError(fmt::format("Unknown index type: {}.", *algorithm));
      }
    }
  }
  index.clustered = reader.Clustered();
}

void Resolver::CheckClientName(std::string_view name, std::string_view attribute,
                               const Model& model, Span span) {
  const bool valid = std::all_of(name.begin(), name.end(), [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  if (valid) return;
  diagnostics_.InvalidModel(
      fmt::format("The `name` property within the `{}` attribute only allows for the following "
                  "characters: `_a-zA-Z0-9`.",
                  attribute),
      "model", model.name.text, span);
}

void Resolver::CheckIdArity(const Model& model) {
  if (model.ignored || !model.primary_key || !model.primary_key->attribute.field) return;
  const AttributeRef& attribute = model.primary_key->attribute;
  if (model.fields[*attribute.field].arity == Arity::kRequired) return;
  diagnostics_.InvalidAttribute("Fields that are marked as id must be required.", "@id",
                                model.At(attribute).span);
}

}  // namespace ballast::prisma
