// SPDX-License-Identifier: Apache-2.0
#include "prisma/names.h"

#include <fmt/format.h>

#include <array>
#include <unordered_set>

#include "base/text.h"

namespace ballast::prisma {
namespace {

constexpr std::array<std::string_view, 9> kBuiltIn = {
    "Int", "BigInt", "Float", "Boolean", "String", "DateTime", "Json", "Bytes", "Decimal"};

// psl/parser-database/src/names/reserved_model_names.rs
bool IsReserved(std::string_view name) {
  static const std::unordered_set<std::string_view> reserved = {
      "PrismaClient", "async",      "await",    "break",   "case",       "catch",     "class",
      "const",        "continue",   "debugger", "default", "delete",     "do",        "else",
      "enum",         "export",     "extends",  "false",   "finally",    "for",       "function",
      "if",           "implements", "import",   "in",      "instanceof", "interface", "let",
      "new",          "null",       "package",  "private", "protected",  "public",    "return",
      "super",        "switch",     "this",     "throw",   "true",       "try",       "typeof",
      "using",        "var",        "void",     "while",   "with",       "yield"};
  return reserved.contains(name);
}

bool StartsWithDigit(std::string_view name) {
  return !name.empty() && name[0] >= '0' && name[0] <= '9';
}

}  // namespace

Names::Names(const Datamodel& datamodel, Diagnostics& diagnostics)
    : datamodel_(datamodel),
      diagnostics_(diagnostics),
      fields_(datamodel.models.size()),
      enum_values_(datamodel.enums.size()) {
  for (const Declaration& top : datamodel.declarations) {
    switch (top.kind) {
      case DeclarationKind::kModel:
        AddModel(top.index);
        break;
      case DeclarationKind::kEnum:
        AddEnum(top.index);
        break;
      case DeclarationKind::kDatasource:
        AddConfig(datamodel.datasource_blocks[top.index], "source", datasources_, top.index);
        break;
      case DeclarationKind::kGenerator:
        AddConfig(datamodel.generator_blocks[top.index], "generator", generators_, top.index);
        break;
    }
  }
  for (const std::string_view name : kBuiltIn) lowered_.emplace(ToLowerAscii(name), name);
  for (const auto& [name, top] : tops_) lowered_.emplace(ToLowerAscii(name), name);
}

std::optional<Declaration> Names::FindDeclaration(std::string_view name) const {
  const auto found = tops_.find(name);
  return found == tops_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::string_view> Names::FindSimilar(std::string_view name) const {
  const auto found = lowered_.find(ToLowerAscii(name));
  return found == lowered_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Ref> Names::FindField(Ref model, std::string_view name) const {
  const auto found = fields_[model].find(name);
  return found == fields_[model].end() ? std::nullopt : std::optional(found->second);
}

bool Names::HasEnumValue(Ref enumeration, std::string_view value) const {
  return enum_values_[enumeration].contains(value);
}

void Names::AddModel(Ref ref) {
  const Model& model = datamodel_.models[ref];
  CheckNotBuiltIn(model.name);
  const bool composite = model.kind == ModelKind::kCompositeType;
  CheckIdentifier(model.name, composite ? "Composite type" : model.IsView() ? "view" : "Model");
  if (!composite && IsReserved(model.name.text)) {
    diagnostics_.InvalidModel(
        fmt::format("The {0} name `{1}` is invalid. It is a reserved name. Please change it. Read "
                    "more at https://pris.ly/d/naming-models",
                    model.Container(), model.name.text),
        "model", model.name.text, model.span);
  }
  if (!composite) CheckAttributes(model.attributes);
  AddFields(ref);
  AddDeclaration(model.name, {DeclarationKind::kModel, ref});
}

void Names::AddFields(Ref ref) {
  const Model& model = datamodel_.models[ref];
  const bool composite = model.kind == ModelKind::kCompositeType;
  for (Ref i = 0; i < model.fields.size(); ++i) {
    const Field& field = model.fields[i];
    if (!composite) {
      CheckIdentifier(field.name, model.IsView() ? "field" : "Field");
      CheckAttributes(field.attributes);
    }
    const bool added = fields_[ref].insert_or_assign(field.name.text, i).second;
    if (added) continue;
    diagnostics_.Error(
        fmt::format("Field \"{}\" is already defined on {} \"{}\".", field.name.text,
                    composite ? "composite type" : model.Container(), model.name.text),
        field.name.span);
  }
}

void Names::AddEnum(Ref ref) {
  const Enum& block = datamodel_.enums[ref];
  CheckNotBuiltIn(block.name);
  CheckIdentifier(block.name, "Enum");
  if (IsReserved(block.name.text)) {
    diagnostics_.Error(
        fmt::format("Error validating enum `{0}`: The enum name `{0}` is invalid. It is a reserved "
                    "name. Please change it. Read more at https://www.prisma.io/docs/reference/"
                    "tools-and-interfaces/prisma-schema/data-model#naming-enums",
                    block.name.text),
        block.span);
  }
  CheckAttributes(block.attributes);
  for (const EnumValue& value : block.values) {
    CheckIdentifier(value.name, "Enum Value");
    CheckAttributes(value.attributes);
    if (enum_values_[ref].emplace(value.name.text, ref).second) continue;
    diagnostics_.Error(fmt::format("Value \"{}\" is already defined on enum \"{}\".",
                                   value.name.text, block.name.text),
                       value.span);
  }
  AddDeclaration(block.name, {DeclarationKind::kEnum, ref});
}

void Names::AddConfig(const ConfigBlock& block, std::string_view kind, Table& table, Ref ref) {
  CheckNotBuiltIn(block.name);
  std::unordered_set<std::string_view> keys;
  for (const Property& property : block.properties) {
    if (keys.insert(property.name.text).second) continue;
    diagnostics_.Error(fmt::format("Key \"{}\" is already defined in {} \"{}\".",
                                   property.name.text, kind, block.name.text),
                       property.name.span);
  }
  if (table.insert_or_assign(block.name.text, ref).second) return;
  diagnostics_.Error(
      fmt::format("The {0} \"{1}\" cannot be defined because a {0} with that name already exists.",
                  kind, block.name.text),
      block.name.span);
}

void Names::AddDeclaration(const Identifier& name, Declaration top) {
  const auto [known, added] = tops_.try_emplace(name.text, top);
  if (added) return;
  const Declaration existing = known->second;
  known->second = top;
  diagnostics_.Error(
      fmt::format("The {} \"{}\" cannot be defined because a {} with that name already exists.",
                  KindOf(top), name.text, KindOf(existing)),
      name.span);
}

std::string_view Names::KindOf(Declaration top) const {
  if (top.kind == DeclarationKind::kEnum) return "enum";
  const Model& model = datamodel_.models[top.index];
  return model.kind == ModelKind::kCompositeType ? "composite type" : model.Container();
}

void Names::CheckNotBuiltIn(const Identifier& name) {
  if (!ScalarTypeNamed(name.text)) return;
  diagnostics_.Error(
      fmt::format("\"{}\" is a reserved scalar type name and cannot be used.", name.text),
      name.span);
}

void Names::CheckIdentifier(const Identifier& name, std::string_view item) {
  if (StartsWithDigit(name.text)) {
    diagnostics_.Invalid(fmt::format("The name of a {} must not start with a number.", item),
                         name.span);
  } else if (name.text.find('-') != std::string::npos) {
    diagnostics_.Invalid(fmt::format("The character `-` is not allowed in {} names.", item),
                         name.span);
  }
}

void Names::CheckAttributes(const std::vector<Attribute>& attributes) {
  for (const Attribute& attribute : attributes) CheckIdentifier(attribute.name, "Attribute");
}

}  // namespace ballast::prisma
