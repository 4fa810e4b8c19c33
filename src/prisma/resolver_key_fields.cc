// SPDX-License-Identifier: Apache-2.0
// Lists of fields in @@id, @@unique, @@index and @relation (prisma-engines
// psl/parser-database/src/types/index_fields.rs and attributes.rs).
#include <fmt/format.h>

#include <unordered_set>

#include "prisma/operator_classes.h"
#include "prisma/resolver.h"

namespace ballast::prisma {
namespace {

// A field as named in the list, with the text in its parentheses.
struct NamedField {
  std::string_view name;
  KeyField key;
};

const Argument* FindArgument(const Value& function, std::string_view name) {
  for (const Argument& argument : function.arguments) {
    if (argument.name && argument.name->text == name) return &argument;
  }
  return nullptr;
}

void Expected(std::string_view what, Span span, Diagnostics& diagnostics) {
  diagnostics.Error(fmt::format("Unexpected token. Expected one of: {}", what), span);
}

std::optional<SortOrder> ReadSort(const Value& function, Diagnostics& diagnostics) {
  const Argument* argument = FindArgument(function, "sort");
  if (argument == nullptr) return std::nullopt;
  const auto order = AsConstant(argument->value, diagnostics);
  if (!order) return std::nullopt;
  if (*order == "Asc") return SortOrder::kAscending;
  if (*order == "Desc") return SortOrder::kDescending;
  Expected("Asc, Desc", argument->span, diagnostics);
  return std::nullopt;
}

std::optional<int64_t> ReadLength(const Value& function, Diagnostics& diagnostics) {
  const Argument* argument = FindArgument(function, "length");
  if (argument == nullptr) return std::nullopt;
  const auto length = AsInteger(argument->value, diagnostics);
  return length && *length >= 0 ? length : std::nullopt;
}

std::optional<OperatorClass> ReadRawClass(const Value& raw, Diagnostics& diagnostics) {
  if (raw.arguments.size() != 1) {
    Expected(fmt::format("Wrong number of arguments. Expected: 1, got: {}", raw.arguments.size()),
             raw.span, diagnostics);
    return std::nullopt;
  }
  const Value& value = raw.arguments[0].value;
  if (value.Is(ValueKind::kString)) return OperatorClass{value.text, true};
  Expected("Invalid parameter type: expected string", raw.span, diagnostics);
  return std::nullopt;
}

std::optional<OperatorClass> ReadOperatorClass(const Value& function, Diagnostics& diagnostics) {
  const Argument* argument = FindArgument(function, "ops");
  if (argument == nullptr) return std::nullopt;
  const Value& value = argument->value;
  if (value.IsFunction("raw")) return ReadRawClass(value, diagnostics);
  if (!value.Is(ValueKind::kConstant)) {
    Expected("operator class", argument->span, diagnostics);
    return std::nullopt;
  }
  if (FindOperatorClass(value.text)) return OperatorClass{value.text, false};
  Expected(fmt::format("Invalid operator class: {}", value.text), value.span, diagnostics);
  return std::nullopt;
}

std::optional<NamedField> ReadNamedField(const Value& value, Diagnostics& diagnostics) {
  NamedField field;
  field.name = value.text;
  if (value.Is(ValueKind::kConstant)) return field;
  if (!value.Is(ValueKind::kFunction)) {
    ReportMismatch("constant literal", value, diagnostics);
    return std::nullopt;
  }
  field.key.sort = ReadSort(value, diagnostics);
  field.key.length = ReadLength(value, diagnostics);
  field.key.operator_class = ReadOperatorClass(value, diagnostics);
  return field;
}

std::optional<NamedField> ReadPlainField(const Value& value, Diagnostics& diagnostics) {
  const auto name = AsConstant(value, diagnostics);
  if (!name) return std::nullopt;
  return NamedField{*name, {}};
}

// Each element of an array, or the one value itself; nothing if one of them is not readable.
template <class Read>
std::optional<std::vector<NamedField>> ReadList(const Value& value, Read read,
                                                Diagnostics& diagnostics) {
  std::vector<NamedField> list;
  bool valid = true;
  const auto add = [&](const Value& element) {
    std::optional<NamedField> field = read(element, diagnostics);
    valid &= field.has_value();
    if (field) list.push_back(std::move(*field));
  };
  if (value.Is(ValueKind::kArray)) {
    for (const Value& element : value.elements) add(element);
  } else {
    add(value);
  }
  return valid ? std::optional(std::move(list)) : std::nullopt;
}

// The unknown part of a name with dots: its first part if that is not a field, else the full name.
// Nothing where it leads to a relation.
std::string_view MissingPart(std::string_view path, const FieldListContext& context,
                             KeyFields& result) {
  const std::string_view root = path.substr(0, path.find('.'));
  const std::optional<Ref> found = context.names.FindField(context.model, root);
  if (!found) return root;
  if (context.datamodel.models[context.model].fields[*found].IsColumn()) return path;
  result.relations.push_back(*found);
  return {};
}

template <class Read>
KeyFields Resolve(const Value& value, const FieldListContext& context, Read read, DottedNames dots,
                  Diagnostics& diagnostics) {
  KeyFields result;
  std::optional<std::vector<NamedField>> list = ReadList(value, read, diagnostics);
  if (!list) return {.fields = {}, .unknown = {}, .relations = {}, .reported = true};
  const Model& model = context.datamodel.models[context.model];
  std::unordered_set<Ref> seen;
  for (NamedField& field : *list) {
    if (dots == DottedNames::kInside && field.name.find('.') != std::string_view::npos) {
      const std::string_view missing = MissingPart(field.name, context, result);
      if (!missing.empty()) result.unknown.emplace_back(missing);
      continue;
    }
    const std::optional<Ref> found = context.names.FindField(context.model, field.name);
    if (!found) {
      result.unknown.emplace_back(field.name);
    } else if (!model.fields[*found].IsColumn()) {
      result.relations.push_back(*found);
    } else if (!seen.insert(*found).second) {
      diagnostics.InvalidModel(
          fmt::format("The unique index definition refers to the field {} multiple times.",
                      field.name),
          "model", model.name.text, context.attribute);
      return {.fields = {}, .unknown = {}, .relations = {}, .reported = true};
    } else {
      field.key.field = *found;
      result.fields.push_back(std::move(field.key));
    }
  }
  if (!result.unknown.empty() || !result.relations.empty()) result.fields.clear();
  return result;
}

}  // namespace

KeyFields ResolveKeyFields(const Value& value, const FieldListContext& context, DottedNames dots,
                           Diagnostics& diagnostics) {
  return Resolve(value, context, ReadNamedField, dots, diagnostics);
}

KeyFields ResolvePlainFields(const Value& value, const FieldListContext& context,
                             Diagnostics& diagnostics) {
  return Resolve(value, context, ReadPlainField, DottedNames::kUnknown, diagnostics);
}

}  // namespace ballast::prisma
