// SPDX-License-Identifier: Apache-2.0
#include "prisma/block_parser.h"

#include <fmt/format.h>

namespace ballast::prisma {
namespace {

constexpr std::string_view kBadModelLine =
    "This line is not a valid field or attribute definition.";
constexpr std::string_view kBadEnumLine = "This line is not an enum value definition.";
constexpr std::string_view kBadLine =
    "This line is invalid. It does not start with any known Prisma schema keyword.";
constexpr std::string_view kBadBlock =
    "This block is invalid. It does not start with any known Prisma schema keyword. Valid keywords "
    "include 'model', 'enum', 'type', 'datasource' and 'generator'.";
constexpr std::string_view kBadAlias =
    "Invalid type definition. Please check the documentation in "
    "https://pris.ly/d/composite-types";
constexpr std::string_view kIncompleteField =
    "This field declaration is invalid. It is either missing a name or a type.";

std::string_view ContainerName(ModelKind kind) {
  switch (kind) {
    case ModelKind::kModel:
      return "model";
    case ModelKind::kView:
      return "view";
    case ModelKind::kCompositeType:
      return "type";
  }
  return "";
}

}  // namespace

void BlockParser::Run() {
  for (cursor_.SkipBlanks(); !cursor_.AtEnd(); cursor_.SkipBlanks()) TakeTopLevelItem();
}

void BlockParser::TakeTopLevelItem() {
  if (TakeModel() || TakeEnum() || TakeConfigBlock() || TakeTypeAlias() || TakeUnknownBlock() ||
      TakeComments() || TakeEmptyLines()) {
    return;
  }
  const size_t begin = cursor_.position();
  cursor_.TakeRestOfLine();
  diagnostics_.Invalid(kBadLine, cursor_.From(begin));
}

bool BlockParser::TakeModel() {
  struct Keyword {
    std::string_view text;
    ModelKind kind;
  };
  constexpr Keyword kKeywords[] = {{"model", ModelKind::kModel},
                                   {"type", ModelKind::kCompositeType},
                                   {"view", ModelKind::kView}};
  const size_t begin = cursor_.position();
  for (const Keyword& keyword : kKeywords) {
    Model model;
    model.kind = keyword.kind;
    if (!OpenBlock(keyword.text, model.name)) continue;
    const auto take_item = [&] {
      return SkipLine() || TakeField(model) || TakeBlockAttribute(model.attributes);
    };
    if (!TakeContents(begin, kBadModelLine, take_item)) return false;
    model.span = cursor_.From(begin);
    datamodel_.declarations.push_back(
        {DeclarationKind::kModel, static_cast<Ref>(datamodel_.models.size())});
    datamodel_.models.push_back(std::move(model));
    return true;
  }
  return false;
}

bool BlockParser::SkipLine() {
  if (depth_ == Depth::kAll || cursor_.Peek() == '}' || cursor_.Peek() == '/') return false;
  return cursor_.TakeRestOfLine();
}

bool BlockParser::TakeEnum() {
  const size_t begin = cursor_.position();
  Enum block;
  if (!OpenBlock("enum", block.name)) return false;
  const auto take_item = [&] {
    return SkipLine() || TakeEnumValue(block) || TakeBlockAttribute(block.attributes);
  };
  if (!TakeContents(begin, kBadEnumLine, take_item)) return false;
  block.span = cursor_.From(begin);
  datamodel_.declarations.push_back(
      {DeclarationKind::kEnum, static_cast<Ref>(datamodel_.enums.size())});
  datamodel_.enums.push_back(std::move(block));
  return true;
}

bool BlockParser::TakeConfigBlock() {
  const size_t begin = cursor_.position();
  ConfigBlock block;
  const bool datasource = OpenBlock("datasource", block.name);
  if (!datasource && !OpenBlock("generator", block.name)) return false;
  const std::string message = fmt::format("This line is not a valid definition within a {}.",
                                          datasource ? "datasource" : "generator");
  if (!TakeContents(begin, message, [&] { return TakeProperty(block); })) return false;
  block.span = cursor_.From(begin);
  auto& blocks = datasource ? datamodel_.datasource_blocks : datamodel_.generator_blocks;
  datamodel_.declarations.push_back(
      {datasource ? DeclarationKind::kDatasource : DeclarationKind::kGenerator,
       static_cast<Ref>(blocks.size())});
  blocks.push_back(std::move(block));
  return true;
}

bool BlockParser::TakeTypeAlias() {
  const size_t begin = cursor_.position();
  const size_t known = diagnostics_.size();
  Field ignored;
  bool taken = cursor_.Take("type");
  cursor_.SkipBlanks();
  taken = taken && cursor_.TakeIdentifier();
  cursor_.SkipBlanks();
  taken = taken && cursor_.Take("=");
  cursor_.SkipBlanks();
  taken = taken && TakeBaseType(ignored);
  if (taken) TakeFieldAttributes(ignored.attributes);
  diagnostics_.Truncate(known);
  if (!taken) {
    cursor_.Return(begin);
    return false;
  }
  diagnostics_.Invalid(kBadAlias, cursor_.From(begin));
  return true;
}

bool BlockParser::TakeUnknownBlock() {
  const size_t begin = cursor_.position();
  bool taken = cursor_.TakeIdentifier().has_value();
  cursor_.SkipBlanks();
  taken = taken && TakeBlockOpen() && cursor_.SkipPast('}');
  if (!taken) {
    cursor_.Return(begin);
    return false;
  }
  diagnostics_.Invalid(kBadBlock, cursor_.From(begin));
  return true;
}

bool BlockParser::OpenBlock(std::string_view keyword, Identifier& name) {
  const size_t begin = cursor_.position();
  if (begin >= unclosed_from_ || !cursor_.Take(keyword)) return false;
  cursor_.SkipBlanks();
  const size_t name_begin = cursor_.position();
  if (const auto text = cursor_.TakeIdentifier()) {
    name = {std::string(*text), cursor_.From(name_begin)};
    cursor_.SkipBlanks();
    if (TakeBlockOpen()) return true;
  }
  cursor_.Return(begin);
  return false;
}

bool BlockParser::TakeBlockOpen() {
  if (!cursor_.Take("{")) return false;
  cursor_.TakeRestOfLine() || cursor_.TakeNewline();
  const char last = cursor_.text()[cursor_.position() - 1];
  return last == '\n' || last == '\r';
}

template <class TakeItem>
bool BlockParser::TakeContents(size_t begin, std::string_view message, TakeItem take_item) {
  const size_t known = diagnostics_.size();
  while (true) {
    cursor_.SkipBlanks();
    if (take_item() || TakeComments() || TakeEmptyLines()) continue;
    if (cursor_.Take("}")) return true;
    const size_t line = cursor_.position();
    if (!cursor_.TakeRestOfLine()) break;
    diagnostics_.Invalid(message, cursor_.From(line));
  }
  diagnostics_.Truncate(known);
  cursor_.Return(begin);
  unclosed_from_ = begin;
  return false;
}

bool BlockParser::TakeEndOfLine() {
  cursor_.SkipBlanks();
  cursor_.TakeComment();
  cursor_.SkipBlanks();
  return cursor_.TakeNewline();
}

bool BlockParser::TakeComments() {
  bool taken = false;
  while (cursor_.TakeComment()) {
    taken = true;
    cursor_.TakeNewline();
  }
  return taken;
}

bool BlockParser::TakeEmptyLines() {
  bool taken = false;
  size_t end = cursor_.position();
  for (cursor_.SkipBlanks(); cursor_.TakeNewline(); cursor_.SkipBlanks()) {
    taken = true;
    end = cursor_.position();
  }
  cursor_.Return(end);
  return taken;
}

bool BlockParser::TakeBlockAttribute(std::vector<Attribute>& into) {
  const size_t begin = cursor_.position();
  const size_t known = diagnostics_.size();
  if (!cursor_.Take("@@")) return false;
  if (std::optional<Attribute> attribute = values_.TakeAttribute(begin)) {
    cursor_.SkipBlanks();
    cursor_.TakeComment();
    attribute->span = cursor_.From(begin);
    cursor_.SkipBlanks();
    if (cursor_.TakeNewline()) {
      into.push_back(std::move(*attribute));
      return true;
    }
  }
  diagnostics_.Truncate(known);
  cursor_.Return(begin);
  return false;
}

bool BlockParser::TakeFieldAttributes(std::vector<Attribute>& into) {
  while (true) {
    const size_t begin = cursor_.position();
    cursor_.SkipBlanks();
    const size_t at = cursor_.position();
    std::optional<Attribute> attribute;
    if (cursor_.Take("@")) attribute = values_.TakeAttribute(at);
    if (!attribute) {
      cursor_.Return(begin);
      return !into.empty();
    }
    into.push_back(std::move(*attribute));
  }
}

bool BlockParser::TakeEnumValue(Enum& into) {
  const size_t begin = cursor_.position();
  const size_t known = diagnostics_.size();
  const auto name = cursor_.TakeIdentifier();
  if (!name) return false;
  EnumValue value;
  value.name = {std::string(*name), cursor_.From(begin)};
  TakeFieldAttributes(value.attributes);
  if (!TakeEndOfLine()) {
    diagnostics_.Truncate(known);
    cursor_.Return(begin);
    return false;
  }
  value.span = cursor_.From(begin);
  into.values.push_back(std::move(value));
  return true;
}

bool BlockParser::TakeProperty(ConfigBlock& block) {
  const size_t begin = cursor_.position();
  const size_t known = diagnostics_.size();
  Property property;
  if (const auto name = cursor_.TakeIdentifier()) {
    property.name = {std::string(*name), cursor_.From(begin)};
    cursor_.SkipBlanks();
    if (cursor_.Take("=")) {
      cursor_.SkipBlanks();
      property.value = values_.TakeValue();
      cursor_.SkipBlanks();
      cursor_.TakeComment();
      property.span = cursor_.From(begin);
      cursor_.SkipBlanks();
      if (cursor_.TakeNewline()) {
        block.properties.push_back(std::move(property));
        return true;
      }
    }
  }
  diagnostics_.Truncate(known);
  cursor_.Return(begin);
  return false;
}

bool BlockParser::TakeField(Model& model) {
  const size_t begin = cursor_.position();
  const size_t known = diagnostics_.size();
  const auto name = cursor_.TakeIdentifier();
  if (!name) return false;
  Field field;
  field.name = {std::string(*name), cursor_.From(begin)};
  cursor_.SkipBlanks();
  const size_t colon = cursor_.position();
  const bool legacy_colon = cursor_.Take(":");
  const Span colon_span = cursor_.From(colon);
  cursor_.SkipBlanks();
  field.type_span = cursor_.From(cursor_.position());
  std::string complaint;
  const bool typed = TakeFieldType(field, complaint);
  const size_t behind_type = diagnostics_.size();
  TakeFieldAttributes(field.attributes);
  if (!TakeEndOfLine()) {
    diagnostics_.Truncate(known);
    cursor_.Return(begin);
    return false;
  }
  field.span = cursor_.From(begin);
  if (legacy_colon || !complaint.empty()) diagnostics_.Truncate(legacy_colon ? known : behind_type);
  if (legacy_colon) {
    diagnostics_.Error("Field declarations don't require a `:`.", colon_span);
  } else if (!complaint.empty()) {
    diagnostics_.Error(std::move(complaint), field.type_span);
  } else if (!typed) {
    diagnostics_.InvalidModel(kIncompleteField, ContainerName(model.kind), model.name.text,
                              field.span);
  } else {
    model.fields.push_back(std::move(field));
  }
  return true;
}

bool BlockParser::TakeFieldType(Field& field, std::string& complaint) {
  const size_t begin = cursor_.position();
  const bool legacy_list = cursor_.Take("[");
  if (legacy_list) cursor_.SkipBlanks();
  if (!TakeBaseType(field)) {
    cursor_.Return(begin);
    return false;
  }
  const size_t behind = cursor_.position();
  cursor_.SkipBlanks();
  if (legacy_list) {
    if (!cursor_.Take("]")) {
      cursor_.Return(begin);
      return false;
    }
    complaint = "To specify a list, please use `Type[]` instead of `[Type]`.";
  } else if (cursor_.Take("[]")) {
    field.arity = Arity::kList;
    const size_t list_end = cursor_.position();
    cursor_.SkipBlanks();
    if (cursor_.Take("?")) {
      complaint = "Optional lists are not supported. Use either `Type[]` or `Type?`.";
    } else {
      cursor_.Return(list_end);
    }
  } else if (cursor_.Take("?")) {
    field.arity = Arity::kOptional;
  } else if (cursor_.Take("!")) {
    complaint = "Fields are required by default, `!` is no longer required.";
  } else {
    cursor_.Return(behind);
  }
  if (!complaint.empty()) field.type_span = cursor_.From(begin);
  return true;
}

bool BlockParser::TakeBaseType(Field& field) {
  const size_t begin = cursor_.position();
  if (cursor_.Take("Unsupported(")) {
    cursor_.SkipBlanks();
    const size_t quote = cursor_.position();
    std::optional<std::string> text = values_.TakeStringText();
    const Span span = cursor_.From(quote);
    cursor_.SkipBlanks();
    if (text && cursor_.Take(")")) {
      field.unsupported = true;
      field.type_name = std::move(*text);
      field.type_span = span;
      return true;
    }
    cursor_.Return(begin);
  }
  const auto name = cursor_.TakeIdentifier();
  if (!name) return false;
  field.type_name = *name;
  field.type_span = cursor_.From(begin);
  return true;
}

}  // namespace ballast::prisma
