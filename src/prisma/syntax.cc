// SPDX-License-Identifier: Apache-2.0
#include "prisma/syntax.h"

#include <fmt/format.h>

namespace ballast::prisma {
namespace {

void AppendQuoted(std::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '\t':
        out += "\\t";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void Append(const Value& value, std::string& out);

void AppendArguments(const Value& function, std::string& out) {
  bool first = true;
  for (const Argument& argument : function.arguments) {
    if (!first) out += ',';
    first = false;
    if (argument.name) out += argument.name->text + ": ";
    Append(argument.value, out);
  }
}

void AppendElements(const Value& array, std::string& out) {
  bool first = true;
  for (const Value& element : array.elements) {
    if (!first) out += ',';
    first = false;
    Append(element, out);
  }
}

// The parser limits how deep values nest.
void Append(const Value& value, std::string& out) {
  switch (value.kind) {
    case ValueKind::kNumber:
    case ValueKind::kConstant:
      out += value.text;
      break;
    case ValueKind::kString:
      AppendQuoted(value.text, out);
      break;
    case ValueKind::kFunction:
      out += value.text + "(";
      AppendArguments(value, out);
      out += ')';
      break;
    case ValueKind::kArray:
      out += '[';
      AppendElements(value, out);
      out += ']';
      break;
    case ValueKind::kObject:
      out += '{';
      AppendArguments(value, out);
      out += '}';
      break;
  }
}

}  // namespace

std::string Display(const Value& value) {
  std::string out;
  Append(value, out);
  return out;
}

std::string_view DescribeKind(const Value& value) {
  switch (value.kind) {
    case ValueKind::kNumber:
      return "numeric";
    case ValueKind::kString:
      return "string";
    case ValueKind::kConstant:
      return "literal";
    case ValueKind::kFunction:
      return "functional";
    case ValueKind::kArray:
      return "array";
    case ValueKind::kObject:
      return "object";
  }
  return "";
}

}  // namespace ballast::prisma
