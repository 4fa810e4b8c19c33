// SPDX-License-Identifier: Apache-2.0
#include "prisma/block_settings.h"

#include <fmt/format.h>

#include <algorithm>

#include "prisma/attribute_reader.h"

namespace ballast::prisma {
namespace {

std::optional<UrlSetting> ReadEnv(const Value& call, Diagnostics& diagnostics) {
  if (!call.empty_arguments.empty()) {
    diagnostics.Error("The env function expects a singular, unnamed, string argument.", call.span);
    return std::nullopt;
  }
  if (call.arguments.size() != 1 || call.trailing_comma) {
    diagnostics.Error("Exactly one string parameter must be passed to the env function.",
                      call.span);
    return std::nullopt;
  }
  const Argument& argument = call.arguments[0];
  if (argument.name) {
    diagnostics.Warning("The env function doesn't expect named arguments", argument.span);
  }
  const auto name = AsString(argument.value, diagnostics);
  if (!name) return std::nullopt;
  return UrlSetting{"", std::string(*name), call.span};
}

}  // namespace

Settings::Settings(const ConfigBlock& block) {
  for (const Property& property : block.properties) {
    if (property.value) values_.insert_or_assign(property.name.text, &property);
  }
}

bool Settings::AllHaveValues(const ConfigBlock& block, std::string_view kind,
                             Diagnostics& diagnostics) {
  for (const Property& property : block.properties) {
    if (property.value) continue;
    diagnostics.Error(fmt::format("Property {} in {} {} needs to be assigned a value",
                                  property.name.text, kind, block.name.text),
                      block.span);
    return false;
  }
  return true;
}

const Property* Settings::Take(std::string_view name) {
  const auto found = values_.find(name);
  if (found == values_.end()) return nullptr;
  const Property* property = found->second;
  values_.erase(found);
  return property;
}

const Value* Settings::TakeValue(std::string_view name) {
  const Property* property = Take(name);
  return property == nullptr ? nullptr : &*property->value;
}

std::vector<const Property*> Settings::Rest() const {
  std::vector<const Property*> rest;
  for (const auto& [name, property] : values_) rest.push_back(property);
  std::sort(rest.begin(), rest.end(),
            [](const Property* a, const Property* b) { return a->span.begin < b->span.begin; });
  return rest;
}

std::optional<UrlSetting> ReadUrl(const Value& value, Diagnostics& diagnostics) {
  if (value.IsFunction("env")) return ReadEnv(value, diagnostics);
  if (value.Is(ValueKind::kString)) return UrlSetting{value.text, "", value.span};
  ReportMismatch("String", value, diagnostics);
  return std::nullopt;
}

std::vector<const Value*> ElementsOf(const Value& value) {
  std::vector<const Value*> elements;
  if (!value.Is(ValueKind::kArray)) return {&value};
  for (const Value& element : value.elements) elements.push_back(&element);
  return elements;
}

}  // namespace ballast::prisma
