// SPDX-License-Identifier: Apache-2.0
#include "prisma/value_parser.h"

#include "prisma/string_literal.h"

namespace ballast::prisma {
namespace {

// Deeper nesting is refused like any other line that does not parse.
constexpr int kMaxDepth = 100;

Value SimpleValue(ValueKind kind, std::string_view text, Span span) {
  Value value;
  value.kind = kind;
  value.text = text;
  value.span = span;
  return value;
}

}  // namespace

std::optional<Value> ValueParser::TakeValue() {
  const size_t begin = cursor_.position();
  if (depth_ >= kMaxDepth) return std::nullopt;
  ++depth_;
  std::optional<Value> value = TakeFunction();
  if (!value) value = TakeArray();
  if (!value && objects_ == Objects::kYes) value = TakeObject();
  --depth_;
  if (value) return value;
  if (const auto number = cursor_.TakeNumber()) {
    return SimpleValue(ValueKind::kNumber, *number, cursor_.From(begin));
  }
  if (auto text = TakeString()) return text;
  if (const auto path = cursor_.TakePath()) {
    return SimpleValue(ValueKind::kConstant, *path, cursor_.From(begin));
  }
  return std::nullopt;
}

std::optional<Value> ValueParser::TakeFunction() {
  const size_t begin = cursor_.position();
  const auto name = cursor_.TakePath();
  if (!name) return std::nullopt;
  cursor_.SkipBlanks();
  std::optional<Arguments> arguments = TakeArguments();
  if (!arguments) {
    cursor_.Return(begin);
    return std::nullopt;
  }
  Value value = SimpleValue(ValueKind::kFunction, *name, cursor_.From(begin));
  value.arguments = std::move(arguments->arguments);
  value.empty_arguments = std::move(arguments->empty);
  value.trailing_comma = arguments->trailing_comma;
  return value;
}

std::optional<Value> ValueParser::TakeArray() {
  const size_t begin = cursor_.position();
  if (!cursor_.Take("[")) return std::nullopt;
  Value array;
  array.kind = ValueKind::kArray;
  cursor_.SkipBlanks();
  if (std::optional<Value> first = TakeValue()) {
    array.elements.push_back(std::move(*first));
    for (cursor_.SkipBlanks(); cursor_.Take(","); cursor_.SkipBlanks()) {
      cursor_.SkipBlanks();
      std::optional<Value> next = TakeValue();
      if (!next) {  // a trailing comma is not allowed here
        cursor_.Return(begin);
        return std::nullopt;
      }
      array.elements.push_back(std::move(*next));
    }
  }
  cursor_.SkipBlanks();
  if (!cursor_.Take("]")) {
    cursor_.Return(begin);
    return std::nullopt;
  }
  array.span = cursor_.From(begin);
  return array;
}

std::optional<Value> ValueParser::TakeObject() {
  const size_t begin = cursor_.position();
  if (!cursor_.Take("{")) return std::nullopt;
  Value object;
  object.kind = ValueKind::kObject;
  bool valid = true;
  for (bool more = true; more && valid;) {
    cursor_.SkipBlanks();
    std::optional<Argument> member = TakeNamedArgument();
    valid = member && member->span.end != 0;
    if (valid) object.arguments.push_back(std::move(*member));
    cursor_.SkipBlanks();
    more = cursor_.Take(",");
  }
  if (!valid || !cursor_.Take("}")) {
    cursor_.Return(begin);
    return std::nullopt;
  }
  object.span = cursor_.From(begin);
  return object;
}

std::optional<Value> ValueParser::TakeString() {
  const size_t begin = cursor_.position();
  std::optional<std::string> text = TakeStringText();
  if (!text) return std::nullopt;
  return SimpleValue(ValueKind::kString, *text, cursor_.From(begin));
}

std::optional<std::string> ValueParser::TakeStringText() {
  const size_t begin = cursor_.position();
  const auto quoted = cursor_.TakeString();
  if (!quoted) return std::nullopt;
  const Span span = cursor_.From(begin);
  return Unescape(quoted->substr(1, quoted->size() - 2), {span.file, span.begin + 1, span.end - 1},
                  diagnostics_);
}

std::optional<Attribute> ValueParser::TakeAttribute(size_t begin) {
  cursor_.SkipBlanks();
  const size_t name_begin = cursor_.position();
  const auto name = cursor_.TakePath();
  if (!name) return std::nullopt;
  Attribute attribute;
  attribute.name = {std::string(*name), cursor_.From(name_begin)};
  cursor_.SkipBlanks();
  if (std::optional<Arguments> arguments = TakeArguments()) {
    attribute.arguments = std::move(arguments->arguments);
    attribute.empty_arguments = std::move(arguments->empty);
    attribute.trailing_comma = arguments->trailing_comma;
  }
  attribute.span = cursor_.From(begin);
  return attribute;
}

std::optional<ValueParser::Arguments> ValueParser::TakeArguments() {
  const size_t begin = cursor_.position();
  if (!cursor_.Take("(")) return std::nullopt;
  Arguments list;
  cursor_.SkipBlanks();
  bool more = TakeArgument(list);
  cursor_.SkipBlanks();
  while (more) {
    const size_t comma = cursor_.position();
    if (!cursor_.Take(",")) break;
    cursor_.SkipBlanks();
    more = TakeArgument(list);
    if (!more) cursor_.Return(comma);
    cursor_.SkipBlanks();
  }
  const size_t comma = cursor_.position();
  if (cursor_.Take(",")) list.trailing_comma = cursor_.From(comma);
  cursor_.SkipBlanks();
  if (cursor_.Take(")")) return list;
  cursor_.Return(begin);
  return std::nullopt;
}

bool ValueParser::TakeArgument(Arguments& into) {
  const size_t begin = cursor_.position();
  if (std::optional<Argument> named = TakeNamedArgument()) {
    if (named->name && named->span.end == 0) {
      into.empty.push_back(std::move(*named->name));
    } else {
      into.arguments.push_back(std::move(*named));
    }
    return true;
  }
  std::optional<Value> value = TakeValue();
  if (!value) return false;
  Argument argument;
  argument.value = std::move(*value);
  argument.span = cursor_.From(begin);
  into.arguments.push_back(std::move(argument));
  return true;
}

// "name: value", or "name:" alone, which is marked by an empty span.
std::optional<Argument> ValueParser::TakeNamedArgument() {
  const size_t begin = cursor_.position();
  const auto name = cursor_.TakeIdentifier();
  if (!name) return std::nullopt;
  Argument argument;
  argument.name = Identifier{std::string(*name), cursor_.From(begin)};
  cursor_.SkipBlanks();
  if (!cursor_.Take(":")) {
    cursor_.Return(begin);
    return std::nullopt;
  }
  const size_t colon_end = cursor_.position();
  cursor_.SkipBlanks();
  if (std::optional<Value> value = TakeValue()) {
    argument.value = std::move(*value);
    argument.span = cursor_.From(begin);
  } else {
    cursor_.Return(colon_end);
  }
  return argument;
}

}  // namespace ballast::prisma
