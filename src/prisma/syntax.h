// SPDX-License-Identifier: Apache-2.0
// The syntax of a schema: values, attributes, blocks, each with its position. Independent of their
// meaning (prisma-engines psl/schema-ast).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "prisma/source.h"

namespace ballast::prisma {

struct Identifier {
  std::string text;
  Span span;
};

// Objects, { name: value }, exist since Prisma 7.
enum class ValueKind { kNumber, kString, kConstant, kFunction, kArray, kObject };

struct Argument;

// An expression. `text` is the number as written, the string without quotes and escapes, the
// constant, or the function's name.
struct Value {
  ValueKind kind = ValueKind::kConstant;
  std::string text;
  Span span;
  std::vector<Value> elements;              // of an array
  std::vector<Argument> arguments;          // of a function; members of an object
  std::vector<Identifier> empty_arguments;  // "name:" without a value
  std::optional<Span> trailing_comma;

  bool Is(ValueKind other) const { return kind == other; }
  bool IsFunction(std::string_view name) const {
    return kind == ValueKind::kFunction && text == name;
  }
};

struct Argument {
  std::optional<Identifier> name;
  Value value;
  Span span;
};

// @path(arguments); the name has no @ signs.
struct Attribute {
  Identifier name;
  std::vector<Argument> arguments;
  std::vector<Identifier> empty_arguments;
  std::optional<Span> trailing_comma;
  Span span;

  // The position of the named argument, if present.
  std::optional<Span> ArgumentSpan(std::string_view argument) const {
    for (const Argument& a : arguments) {
      if (a.name && a.name->text == argument) return a.span;
    }
    return std::nullopt;
  }
};

enum class Arity { kRequired, kOptional, kList };

struct EnumValue {
  Identifier name;
  std::vector<Attribute> attributes;
  Span span;
  std::optional<std::string> mapped_name;  // @map

  const std::string& DatabaseName() const { return mapped_name ? *mapped_name : name.text; }
};

// key = value in a datasource or generator; without a value: "key =".
struct Property {
  Identifier name;
  std::optional<Value> value;
  Span span;
};

// A datasource or generator.
struct ConfigBlock {
  Identifier name;
  std::vector<Property> properties;
  Span span;
};

// A value as shown in messages: f(a,b), [1,2], "te\"xt".
std::string Display(const Value& value);

// "numeric", "string", "literal", "functional" or "array".
std::string_view DescribeKind(const Value& value);

}  // namespace ballast::prisma
