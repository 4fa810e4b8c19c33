// SPDX-License-Identifier: Apache-2.0
#include "catalog/column_from_field.h"

#include <fmt/format.h>

#include <charconv>

#include "base/text.h"
#include "prisma/literals.h"
#include "prisma/native_types.h"

namespace ballast::catalog {
namespace {

using prisma::FieldKind;
using prisma::ScalarType;
using prisma::Value;
using prisma::ValueKind;

std::string Quoted(const std::string& text) {
  return "'" + ReplaceAll(text, "'", "''") + "'";
}

std::string_view DefaultType(ScalarType type) {
  switch (type) {
    case ScalarType::kInt:
      return "INTEGER";
    case ScalarType::kBigInt:
      return "BIGINT";
    case ScalarType::kFloat:
      return "DOUBLE PRECISION";
    case ScalarType::kDecimal:
      return "DECIMAL(65,30)";
    case ScalarType::kBoolean:
      return "BOOLEAN";
    case ScalarType::kString:
      return "TEXT";
    case ScalarType::kDateTime:
      return "TIMESTAMP(3)";
    case ScalarType::kJson:
      return "JSONB";
    case ScalarType::kBytes:
      return "BYTEA";
  }
  return "";
}

std::string IntegerText(const std::string& text) {
  int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return std::to_string(number);
}

// The fraction in groups of three digits, as chrono prints it.
std::string Fraction(uint32_t nanosecond) {
  if (nanosecond == 0) return "";
  if (nanosecond % 1'000'000 == 0) return fmt::format(".{:03}", nanosecond / 1'000'000);
  if (nanosecond % 1000 == 0) return fmt::format(".{:06}", nanosecond / 1000);
  return fmt::format(".{:09}", nanosecond);
}

std::string DateTimeText(const std::string& text) {
  const prisma::DateTime m = prisma::ReadDateTime(text).date_time;
  const bool minus = m.negative_offset && m.offset_minutes != 0;
  return fmt::format("'{:04}-{:02}-{:02} {:02}:{:02}:{:02}{} {}{:02}:{:02}'", m.year, m.month,
                     m.day, m.hour, m.minute, m.second, Fraction(m.nanosecond), minus ? '-' : '+',
                     m.offset_minutes / 60, m.offset_minutes % 60);
}

std::string BytesText(const std::string& base64) {
  std::string text = "'\\x";
  for (const char c : prisma::DecodeBase64(base64).value_or("")) {
    text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  }
  return text + "'";
}

std::string ScalarText(ScalarType type, const Value& value) {
  switch (type) {
    case ScalarType::kInt:
    case ScalarType::kBigInt:
      return IntegerText(value.text);
    case ScalarType::kFloat:
    case ScalarType::kDecimal:
      return prisma::ReadDecimal(value.text).text;
    case ScalarType::kBoolean:
      return value.text;
    case ScalarType::kString:
    case ScalarType::kJson:
      return Quoted(value.text);
    case ScalarType::kDateTime:
      return DateTimeText(value.text);
    case ScalarType::kBytes:
      return BytesText(value.text);
  }
  return "";
}

// SERIAL types; empty for types that have none.
std::string SerialOf(const std::string& type) {
  if (type == "INTEGER") return "SERIAL";
  if (type == "BIGINT") return "BIGSERIAL";
  if (type == "SMALLINT") return "SMALLSERIAL";
  return "";
}

}  // namespace

std::string ColumnMaker::TypeOfReference(const prisma::Field& field) const {
  std::string type;
  if (field.kind == FieldKind::kUnsupported) {
    type = field.type_name;
  } else if (field.kind == FieldKind::kEnum) {
    type = enum_type_(datamodel_.enums[field.target]);
  } else if (const auto native = prisma::NativeTypeOf(field)) {
    type = native->ToSql();
  } else {
    type = DefaultType(field.scalar);
  }
  return field.IsList() ? type + "[]" : type;
}

Column ColumnMaker::Make(const prisma::Field& field) const {
  Column column;
  column.name = field.DatabaseName();
  column.type = TypeOfReference(field);
  column.not_null = field.arity == prisma::Arity::kRequired;
  const Value* value = field.DefaultValue();
  if (value == nullptr) return column;
  if (value->IsFunction("autoincrement")) {
    const std::string serial = SerialOf(column.type);
    if (!serial.empty()) column.type = serial;
  } else {
    column.default_value = DefaultOf(field, column.type);
  }
  return column;
}

std::string ColumnMaker::DefaultOf(const prisma::Field& field, const std::string& type) const {
  const Value& value = *field.DefaultValue();
  if (value.Is(ValueKind::kFunction)) {
    if (value.text == "now") return "CURRENT_TIMESTAMP";
    if (value.text != "dbgenerated" || value.arguments.empty()) return "";
    return value.arguments[0].value.text;
  }
  if (!value.Is(ValueKind::kArray)) return Literal(field, value);
  std::vector<std::string> elements;
  for (const Value& element : value.elements) elements.push_back(Literal(field, element));
  return fmt::format("ARRAY[{}]::{}", fmt::join(elements, ", "), type);
}

std::string ColumnMaker::Literal(const prisma::Field& field, const Value& value) const {
  if (field.kind == FieldKind::kScalar) return ScalarText(field.scalar, value);
  if (field.kind != FieldKind::kEnum) return Quoted(value.text);
  const prisma::EnumValue* known = datamodel_.enums[field.target].Find(value.text);
  return known == nullptr ? "" : Quoted(known->DatabaseName());
}

}  // namespace ballast::catalog
