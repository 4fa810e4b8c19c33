// SPDX-License-Identifier: Apache-2.0
// @default by the type of its field (prisma-engines psl/parser-database/src/attributes/default.rs).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "prisma/resolver.h"

namespace ballast::prisma {
namespace {

constexpr std::array<std::string_view, 8> kKnownFunctions = {
    "autoincrement", "cuid", "dbgenerated", "nanoid", "now", "ulid", "uuid", "auto"};

class DefaultCheck {
 public:
  DefaultCheck(const Field& field, const Names& names, AttributeReader& reader, bool named,
               Diagnostics& diagnostics)
      : field_(field), names_(names), reader_(reader), named_(named), diagnostics_(diagnostics) {}

  // Whether the value is good enough to be kept.
  bool Accepts(const Value& value) {
    if (value.IsFunction("dbgenerated")) return AcceptsDbGenerated(value);
    switch (field_.kind) {
      case FieldKind::kEnum:
        return field_.IsList() ? AcceptsEnumList(value) : AcceptsEnumValue(value);
      case FieldKind::kScalar:
        return AcceptsScalar(value);
      default:
        reader_.AddError("Only @default(dbgenerated(\"...\")) can be used for Unsupported types.");
        return false;
    }
  }

 private:
  bool Refuse(std::string_view message) {
    reader_.AddError(message);
    return false;
  }

  bool AcceptsScalar(const Value& value) {
    if (value.Is(ValueKind::kFunction)) return AcceptsFunction(value);
    if (field_.IsList()) return AcceptsList(value);
    if (value.Is(ValueKind::kArray)) {
      return Refuse("The default value of a non-list field cannot be a list.");
    }
    return AcceptsLiteral(value);
  }

  bool AcceptsFunction(const Value& call) {
    const std::string& name = call.text;
    const bool is_int = field_.scalar == ScalarType::kInt || field_.scalar == ScalarType::kBigInt;
    const bool is_string = field_.scalar == ScalarType::kString;
    if (name == "autoincrement" && named_) {
      return Refuse("Naming an autoincrement default value is not allowed.");
    }
    if (name == "autoincrement" && is_int) return AcceptsNoArguments(call);
    if (name == "ulid" && is_string) return AcceptsNoArguments(call);
    if (name == "now" && field_.scalar == ScalarType::kDateTime) return AcceptsNoArguments(call);
    if (name == "cuid" && is_string) return AcceptsVersion(call, 1, 2);
    if (name == "uuid" && is_string) return AcceptsVersion(call, 4, 7);
    if (name == "nanoid" && is_string) return AcceptsNanoid(call);
    if (name == "auto") {
      return call.arguments.empty() || Refuse("`auto()` takes no arguments");
    }
    const bool known =
        std::find(kKnownFunctions.begin(), kKnownFunctions.end(), name) != kKnownFunctions.end();
    if (!known) return true;  // the connector reports it later
    return Refuse(fmt::format("The function `{}()` cannot be used on fields of type `{}`.", name,
                              NameOf(field_.scalar)));
  }

  bool AcceptsNoArguments(const Value& call) {
    if (call.arguments.empty()) return true;
    return Refuse(
        fmt::format("The `{0}` function does not take any argument. Consider changing this default "
                    "to `{0}()`.",
                    call.text));
  }

  // One optional small number, for which `fits` is true.
  template <class Fits>
  bool AcceptsNumber(const Value& call, Fits fits, std::string_view type_name) {
    const auto bail = [&] {
      return Refuse(fmt::format("`{}()` takes a single Int argument.", call.text));
    };
    if (call.arguments.size() > 1) bail();
    if (call.arguments.empty()) return true;
    const Value& argument = call.arguments[0].value;
    if (!argument.Is(ValueKind::kNumber)) return bail();
    unsigned number = 0;
    const char* end = argument.text.data() + argument.text.size();
    const auto [stop, error] = std::from_chars(argument.text.data(), end, number);
    if (error == std::errc() && stop == end && fits(number)) return true;
    return Refuse(fmt::format("`{}()` takes either no argument, or a single integer argument {}.",
                              call.text, type_name));
  }

  bool AcceptsVersion(const Value& call, unsigned a, unsigned b) {
    return AcceptsNumber(
        call, [&](unsigned number) { return number == a || number == b; },
        fmt::format("which is either {} or {}", a, b));
  }

  bool AcceptsNanoid(const Value& call) {
    return AcceptsNumber(
        call, [](unsigned number) { return number >= 2 && number <= 255; }, "between 2 and 255");
  }

  bool AcceptsDbGenerated(const Value& call) {
    const auto bail = [&] { return Refuse("`dbgenerated()` takes a single String argument"); };
    if (call.arguments.size() > 1) bail();
    if (call.arguments.empty()) return true;
    const Value& argument = call.arguments[0].value;
    if (!argument.Is(ValueKind::kString)) return bail();
    return !argument.text.empty() ||
           Refuse("dbgenerated() takes either no argument, or a single nonempty string argument.");
  }

  bool AcceptsList(const Value& value) {
    if (!value.Is(ValueKind::kArray)) {
      return Refuse("The default value of a list field must be a list.");
    }
    for (const Value& element : value.elements) {
      if (!AcceptsLiteral(element)) return false;
    }
    return true;
  }

  bool AcceptsLiteral(const Value& value) {
    if (field_.scalar == ScalarType::kBoolean && value.Is(ValueKind::kConstant)) {
      if (value.text == "true" || value.text == "false") return true;
      diagnostics_.InvalidAttribute("A boolean literal must be `true` or `false`.", "@default",
                                    value.span);
      return false;
    }
    if (IsLiteralOf(field_.scalar, value.kind)) return true;
    return Refuse(
        fmt::format("Expected a {} value, but found `{}`.", NameOf(field_.scalar), Display(value)));
  }

  static bool IsLiteralOf(ScalarType type, ValueKind kind) {
    switch (type) {
      case ScalarType::kInt:
      case ScalarType::kBigInt:
      case ScalarType::kFloat:
        return kind == ValueKind::kNumber;
      case ScalarType::kDecimal:
        return kind == ValueKind::kNumber || kind == ValueKind::kString;
      case ScalarType::kString:
      case ScalarType::kJson:
      case ScalarType::kBytes:
      case ScalarType::kDateTime:
        return kind == ValueKind::kString;
      case ScalarType::kBoolean:
        return false;
    }
    return false;
  }

  bool AcceptsEnumList(const Value& value) {
    if (!value.Is(ValueKind::kArray)) return RefuseEnum(value);
    for (const Value& element : value.elements) {
      if (!AcceptsEnumValue(element)) return false;
    }
    return true;
  }

  bool AcceptsEnumValue(const Value& value) {
    if (!value.Is(ValueKind::kConstant)) return RefuseEnum(value);
    if (names_.HasEnumValue(field_.target, value.text)) return true;
    return Refuse(fmt::format(
        "The defined default value `{}` is not a valid value of the enum specified for the field.",
        value.text));
  }

  bool RefuseEnum(const Value& value) {
    return Refuse(fmt::format("Expected an enum value, but found `{}`.", Display(value)));
  }

  const Field& field_;
  const Names& names_;
  AttributeReader& reader_;
  bool named_;
  Diagnostics& diagnostics_;
};

}  // namespace

void ResolveDefault(Field& field, const Names& names, AttributeReader& reader,
                    Diagnostics& diagnostics) {
  const std::optional<size_t> index = reader.Default("value");
  if (!index) return;
  const bool named = reader.Name("map").has_value();
  const Value& value = reader.current().arguments[*index].value;
  if (field.kind == FieldKind::kComposite) return;
  DefaultCheck check(field, names, reader, named, diagnostics);
  if (!check.Accepts(value)) return;
  field.default_argument = {reader.current_index(), *index};
  field.default_named = named;
}

}  // namespace ballast::prisma
