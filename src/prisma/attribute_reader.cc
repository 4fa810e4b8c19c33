// SPDX-License-Identifier: Apache-2.0
#include "prisma/attribute_reader.h"

#include <fmt/format.h>

#include <charconv>

namespace ballast::prisma {

void ReportMismatch(std::string_view expected, const Value& value, Diagnostics& diagnostics) {
  diagnostics.Error(fmt::format("Expected a {} value, but received {} value `{}`.", expected,
                                DescribeKind(value), Display(value)),
                    value.span);
}

std::optional<std::string_view> AsString(const Value& value, Diagnostics& diagnostics) {
  if (value.Is(ValueKind::kString)) return value.text;
  ReportMismatch("string", value, diagnostics);
  return std::nullopt;
}

std::optional<std::string_view> AsConstant(const Value& value, Diagnostics& diagnostics) {
  if (value.Is(ValueKind::kConstant)) return value.text;
  ReportMismatch("constant", value, diagnostics);
  return std::nullopt;
}

std::optional<bool> AsBoolean(const Value& value, Diagnostics& diagnostics) {
  if (value.Is(ValueKind::kConstant) && (value.text == "true" || value.text == "false")) {
    return value.text == "true";
  }
  ReportMismatch("boolean", value, diagnostics);
  return std::nullopt;
}

std::optional<int64_t> AsInteger(const Value& value, Diagnostics& diagnostics) {
  if (value.Is(ValueKind::kNumber)) {
    int64_t number = 0;
    const char* end = value.text.data() + value.text.size();
    const auto [stop, error] = std::from_chars(value.text.data(), end, number);
    if (error == std::errc() && stop == end) return number;
  }
  ReportMismatch("numeric", value, diagnostics);
  return std::nullopt;
}

AttributeReader::AttributeReader(const std::vector<Attribute>& attributes, Diagnostics& diagnostics)
    : attributes_(attributes), diagnostics_(diagnostics), read_(attributes.size()) {}

bool AttributeReader::Single(std::string_view name) {
  std::optional<size_t> found;
  bool several = false;
  for (size_t i = 0; i < attributes_.size(); ++i) {
    if (attributes_[i].name.text != name) continue;
    several = found.has_value();
    if (several) break;
    found = i;
  }
  if (!found) return false;
  if (!several) return Enter(*found);
  for (size_t i = *found; i < attributes_.size(); ++i) {
    if (attributes_[i].name.text != name) continue;
    read_[i] = true;
    diagnostics_.Error(fmt::format("Attribute \"@{}\" can only be defined once.", name),
                       attributes_[i].span);
  }
  return false;
}

bool AttributeReader::Repeated(std::string_view name) {
  if (repeated_ != name) repeated_next_ = 0;
  repeated_ = name;
  while (repeated_next_ < attributes_.size()) {
    const size_t index = repeated_next_++;
    if (attributes_[index].name.text == name && Enter(index)) return true;
  }
  return false;
}

std::optional<size_t> AttributeReader::Scoped() {
  std::optional<size_t> found;
  for (size_t i = 0; i < attributes_.size(); ++i) {
    const std::string& name = attributes_[i].name.text;
    const size_t dot = name.find('.');
    if (dot == std::string::npos) continue;
    read_[i] = true;
    if (found) {
      diagnostics_.Error(
          fmt::format("Attribute \"@{}\" can only be defined once.", name.substr(0, dot)),
          attributes_[i].span);
    }
    found = i;
  }
  return found;
}

void AttributeReader::Finish() {
  for (size_t i = 0; i < attributes_.size(); ++i) {
    if (read_[i]) continue;
    diagnostics_.Error(fmt::format("Attribute not known: \"@{}\".", attributes_[i].name.text),
                       attributes_[i].span);
  }
}

const Value* AttributeReader::Optional(std::string_view name) {
  const std::optional<size_t> index = Remove(name);
  return index ? &current().arguments[*index].value : nullptr;
}

std::optional<size_t> AttributeReader::Default(std::string_view name, Absence absence) {
  const std::optional<size_t> named = Remove(name);
  const std::optional<size_t> unnamed = Remove("");
  if (named.has_value() != unnamed.has_value()) return named ? named : unnamed;
  if (absence == Absence::kIgnore) return std::nullopt;
  if (named) {
    diagnostics_.Error(
        fmt::format("Argument \"{}\" is already specified as unnamed argument.", name),
        current().arguments[*named].span);
  } else {
    diagnostics_.Error(fmt::format("Argument \"{}\" is missing.", name), current().span);
  }
  return std::nullopt;
}

const Value* AttributeReader::DefaultValue(std::string_view name) {
  const std::optional<size_t> index = Default(name);
  return index ? &current().arguments[*index].value : nullptr;
}

std::optional<std::string> AttributeReader::Name(std::string_view name) {
  const Value* value = Optional(name);
  if (value == nullptr) return std::nullopt;
  const auto text = AsString(*value, diagnostics_);
  if (!text) return std::nullopt;
  if (!text->empty()) return std::string(*text);
  AddError(fmt::format("The `{}` argument cannot be an empty string.", name));
  return std::nullopt;
}

std::optional<bool> AttributeReader::Clustered() {
  const Value* value = Optional("clustered");
  return value == nullptr ? std::nullopt : AsBoolean(*value, diagnostics_);
}

void AttributeReader::AddError(std::string_view message) {
  diagnostics_.InvalidAttribute(message, "@" + current().name.text, current().span);
}

void AttributeReader::FinishArguments() {
  const std::vector<Argument>& list = current().arguments;
  for (size_t i = 0; i < list.size() && !arguments_.empty(); ++i) {
    const auto found = arguments_.find(list[i].name ? list[i].name->text : std::string_view());
    if (found == arguments_.end() || found->second != i) continue;
    diagnostics_.Error("No such argument.", list[i].span);
  }
  Discard();
}

bool AttributeReader::Enter(size_t index) {
  read_[index] = true;
  const Attribute& attribute = attributes_[index];
  if (!CheckArguments(attribute)) return false;
  current_ = index;
  arguments_.clear();
  std::vector<std::string> unnamed;
  for (size_t i = 0; i < attribute.arguments.size(); ++i) {
    const Argument& argument = attribute.arguments[i];
    const std::string_view name = argument.name ? argument.name->text : std::string_view();
    const auto [known, added] = arguments_.try_emplace(name, i);
    if (added) continue;
    if (argument.name) {
      diagnostics_.Error(fmt::format("Argument \"{}\" is already specified.", name), argument.span);
    } else {
      if (unnamed.empty()) unnamed.push_back(Display(attribute.arguments[known->second].value));
      unnamed.push_back(Display(argument.value));
    }
    known->second = i;
  }
  if (!unnamed.empty()) {
    AddError(
        fmt::format("You provided multiple unnamed arguments. This is not possible. Did you forget "
                    "the brackets? Did you mean `[{}]`?",
                    fmt::join(unnamed, ", ")));
  }
  return true;
}

bool AttributeReader::CheckArguments(const Attribute& attribute) {
  bool valid = CheckList(attribute, attribute.arguments, attribute.empty_arguments,
                         attribute.trailing_comma);
  for (const Argument& argument : attribute.arguments) {
    const Value& value = argument.value;
    if (!value.Is(ValueKind::kFunction)) continue;
    valid &= CheckList(attribute, value.arguments, value.empty_arguments, value.trailing_comma);
  }
  return valid;
}

bool AttributeReader::CheckList(const Attribute& attribute, const std::vector<Argument>& arguments,
                                const std::vector<Identifier>& empty,
                                const std::optional<Span>& comma) {
  const auto add_error = [&](const Identifier& name, std::string_view at) {
    diagnostics_.InvalidAttribute(fmt::format("The `{}` argument is missing a value.", name.text),
                                  std::string(at) + attribute.name.text, name.span);
  };
  for (const Identifier& name : empty) add_error(name, "@");
  for (const Argument& argument : arguments) {
    if (!argument.value.Is(ValueKind::kArray)) continue;
    for (const Value& element : argument.value.elements) {
      for (const Identifier& name : element.empty_arguments) add_error(name, "@@");
    }
  }
  if (comma) {
    diagnostics_.InvalidAttribute(
        "Trailing commas are not valid in attribute arguments, please remove the comma.",
        "@" + attribute.name.text, *comma);
  }
  return empty.empty();
}

std::optional<size_t> AttributeReader::Remove(std::string_view name) {
  const auto found = arguments_.find(name);
  if (found == arguments_.end()) return std::nullopt;
  const size_t index = found->second;
  arguments_.erase(found);
  return index;
}

}  // namespace ballast::prisma
