// SPDX-License-Identifier: Apache-2.0
#include "prisma/native_types.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "base/text.h"

namespace ballast::prisma {
namespace {

using enum NativeArguments;

constexpr std::array<NativeConstructor, 26> kConstructors = {
    {{"SmallInt", ScalarType::kInt, kNone, "SMALLINT"},
     {"Integer", ScalarType::kInt, kNone, "INTEGER"},
     {"BigInt", ScalarType::kBigInt, kNone, "BIGINT"},
     {"Decimal", ScalarType::kDecimal, kTwo, "DECIMAL"},
     {"Money", ScalarType::kDecimal, kNone, "MONEY"},
     {"Inet", ScalarType::kString, kNone, "INET"},
     {"Oid", ScalarType::kInt, kNone, "OID"},
     {"Citext", ScalarType::kString, kNone, "CITEXT"},
     {"Real", ScalarType::kFloat, kNone, "REAL"},
     {"DoublePrecision", ScalarType::kFloat, kNone, "DOUBLE PRECISION"},
     {"VarChar", ScalarType::kString, kOne, "VARCHAR"},
     {"Char", ScalarType::kString, kOne, "CHAR"},
     {"Text", ScalarType::kString, kNone, "TEXT"},
     {"ByteA", ScalarType::kBytes, kNone, "BYTEA"},
     {"Timestamp", ScalarType::kDateTime, kOne, "TIMESTAMP"},
     {"Timestamptz", ScalarType::kDateTime, kOne, "TIMESTAMPTZ"},
     {"Date", ScalarType::kDateTime, kNone, "DATE"},
     {"Time", ScalarType::kDateTime, kOne, "TIME"},
     {"Timetz", ScalarType::kDateTime, kOne, "TIMETZ"},
     {"Boolean", ScalarType::kBoolean, kNone, "BOOLEAN"},
     {"Bit", ScalarType::kString, kOne, "BIT"},
     {"VarBit", ScalarType::kString, kOne, "VARBIT"},
     {"Uuid", ScalarType::kString, kNone, "UUID"},
     {"Xml", ScalarType::kString, kNone, "XML"},
     {"Json", ScalarType::kJson, kNone, "JSON"},
     {"JsonB", ScalarType::kJson, kNone, "JSONB"}}};

std::optional<uint32_t> ReadNumber(const std::string& text) {
  uint32_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

std::vector<std::string> DisplayedArguments(const Attribute& attribute) {
  std::vector<std::string> arguments;
  for (const Argument& argument : attribute.arguments) {
    arguments.push_back(Display(argument.value));
  }
  return arguments;
}

// "Type" in "@db.Type".
std::string_view TypeNameIn(const Attribute& attribute) {
  return std::string_view(attribute.name.text).substr(attribute.name.text.find('.') + 1);
}

// Reports a wrong number of arguments.
bool CountFits(const NativeConstructor& constructor, size_t given, Span span,
               Diagnostics& diagnostics) {
  const size_t allowed = static_cast<size_t>(constructor.arguments);
  if (given <= allowed) return true;
  diagnostics.Error(
      allowed == 0 ? fmt::format("Function \"{}\" takes 0 arguments, but received {}.",
                                 constructor.name, given)
                   : fmt::format("Native type {} takes {} optional arguments, but received {}.",
                                 constructor.name, allowed, given),
      span);
  return false;
}

// Why the numbers make no sense, in Prisma's words; empty when they do.
std::string ComplaintAbout(const NativeType& type) {
  if (type.numbers.empty()) return "";
  const std::string_view name = type.constructor->name;
  const auto out_of_range = [&](std::string_view reason) {
    return fmt::format("Argument M is out of range for native type `{}` of Postgres: {}",
                       type.ToString(), reason);
  };
  const uint32_t first = type.numbers[0];
  if (name == "Decimal") {
    if (type.numbers[1] > first) {
      return fmt::format(
          "The scale must not be larger than the precision for the {} native type in Postgres.",
          type.ToString());
    }
    if (first > 1000 || first == 0) {
      return out_of_range("Precision must be positive with a maximum value of 1000.");
    }
  }
  if ((name == "Bit" || name == "VarBit") && first == 0) {
    return out_of_range("M must be a positive integer.");
  }
  if (type.constructor->type == ScalarType::kDateTime && first > 6) {
    return out_of_range("M can range from 0 to 6.");
  }
  return "";
}

void ValidatePrefix(const Attribute& attribute, const Datasource& datasource,
                    Diagnostics& diagnostics) {
  const std::string_view prefix =
      std::string_view(attribute.name.text).substr(0, attribute.name.text.find('.'));
  if (prefix == datasource.name) return;
  diagnostics.Error(
      fmt::format("The prefix {0} is invalid. It must be equal to the name of an existing "
                  "datasource e.g. {1}. Did you mean to use {1}.{2}?",
                  prefix, datasource.name, TypeNameIn(attribute)),
      attribute.span);
}

}  // namespace

const NativeConstructor* FindNativeConstructor(std::string_view name) {
  for (const NativeConstructor& constructor : kConstructors) {
    if (constructor.name == name && !name.empty()) return &constructor;
  }
  return nullptr;
}

std::string NativeType::ToString() const {
  if (numbers.empty()) return std::string(constructor->name);
  return fmt::format("{}({})", constructor->name, fmt::join(numbers, ","));
}

std::string NativeType::ToSql() const {
  if (numbers.empty()) return std::string(constructor->sql);
  return fmt::format("{}({})", constructor->sql, fmt::join(numbers, ","));
}

std::optional<NativeType> ReadNativeType(const NativeConstructor& constructor,
                                         const std::vector<std::string>& arguments) {
  NativeType type{&constructor, {}};
  if (constructor.arguments == kNone || arguments.empty()) return type;
  if (arguments.size() != static_cast<size_t>(constructor.arguments)) return std::nullopt;
  for (const std::string& argument : arguments) {
    const std::optional<uint32_t> number = ReadNumber(argument);
    if (!number) return std::nullopt;
    type.numbers.push_back(*number);
  }
  return type;
}

std::optional<NativeType> NativeTypeOf(const Field& field) {
  if (!field.native_attribute) return std::nullopt;
  const Attribute& attribute = field.attributes[*field.native_attribute];
  const NativeConstructor* constructor = FindNativeConstructor(TypeNameIn(attribute));
  if (constructor == nullptr) return std::nullopt;
  return ReadNativeType(*constructor, DisplayedArguments(attribute));
}

void ValidateNativeType(const Field& field, const Datasource& datasource,
                        Diagnostics& diagnostics) {
  if (!field.native_attribute) return;
  const Attribute& attribute = field.attributes[*field.native_attribute];
  ValidatePrefix(attribute, datasource, diagnostics);
  const std::string_view name = TypeNameIn(attribute);
  const NativeConstructor* constructor = FindNativeConstructor(name);
  if (constructor == nullptr) {
    diagnostics.Error(
        fmt::format("Native type {} is not supported for postgresql connector.", name),
        attribute.span);
    return;
  }
  const std::vector<std::string> arguments = DisplayedArguments(attribute);
  if (!CountFits(*constructor, arguments.size(), attribute.span, diagnostics)) return;
  if (constructor->type != field.scalar) {
    diagnostics.Error(fmt::format("Native type {} is not compatible with declared field type {}, "
                                  "expected field type {}.",
                                  name, NameOf(field.scalar), NameOf(constructor->type)),
                      attribute.span);
    return;
  }
  const std::optional<NativeType> type = ReadNativeType(*constructor, arguments);
  if (!type) {
    diagnostics.Error(fmt::format("Expected {}, but found ({}).",
                                  constructor->arguments == kTwo ? "two nonnegative integers"
                                                                 : "a nonnegative integer",
                                  fmt::join(arguments, ", ")),
                      attribute.span);
    return;
  }
  std::string complaint = ComplaintAbout(*type);
  if (!complaint.empty()) diagnostics.Error(std::move(complaint), attribute.span);
}

std::optional<NativeType> NativeTypeInText(std::string_view text) {
  const size_t open = std::min(text.find('('), text.size());
  const NativeConstructor* constructor = FindNativeConstructor(Trim(text.substr(0, open)));
  if (constructor == nullptr || text.find('\n', open) != std::string_view::npos) {
    return std::nullopt;
  }
  const size_t close = text.find(')', open);
  std::vector<std::string> arguments;
  if (close != std::string_view::npos) {
    for (const std::string& part : Split(text.substr(open + 1, close - open - 1), ',')) {
      arguments.emplace_back(Trim(part));
    }
  }
  return ReadNativeType(*constructor, arguments);
}

}  // namespace ballast::prisma
