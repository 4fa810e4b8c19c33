// SPDX-License-Identifier: Apache-2.0
#include "prisma/datamodel.h"

#include <algorithm>
#include <array>

namespace ballast::prisma {
namespace {

// In the order of ScalarType.
constexpr std::array<std::string_view, 9> kScalarNames = {
    "Int", "BigInt", "Float", "Boolean", "String", "DateTime", "Json", "Bytes", "Decimal"};

// In the order of ReferentialAction.
constexpr std::array<std::string_view, 5> kActionNames = {"Cascade", "Restrict", "NoAction",
                                                          "SetNull", "SetDefault"};

}  // namespace

std::optional<ScalarType> ScalarTypeNamed(std::string_view name) {
  const auto found = std::find(kScalarNames.begin(), kScalarNames.end(), name);
  if (found == kScalarNames.end()) return std::nullopt;
  return static_cast<ScalarType>(found - kScalarNames.begin());
}

std::string_view NameOf(ScalarType type) {
  return kScalarNames[static_cast<size_t>(type)];
}

std::string_view NameOf(ReferentialAction action) {
  return kActionNames[static_cast<size_t>(action)];
}

const Attribute* Field::Find(std::string_view attribute) const {
  for (const Attribute& candidate : attributes) {
    if (candidate.name.text == attribute) return &candidate;
  }
  return nullptr;
}

const Value* Field::DefaultValue() const {
  if (!default_argument) return nullptr;
  return &attributes[default_argument->first].arguments[default_argument->second].value;
}

const Attribute& Model::At(const AttributeRef& ref) const {
  return ref.field ? fields[*ref.field].attributes[ref.index] : attributes[ref.index];
}

const EnumValue* Enum::Find(std::string_view value) const {
  for (const EnumValue& candidate : values) {
    if (candidate.name.text == value) return &candidate;
  }
  return nullptr;
}

bool Datamodel::HasPreviewFeature(std::string_view feature) const {
  for (const Generator& generator : generators) {
    const auto& features = generator.preview_features;
    if (std::find(features.begin(), features.end(), feature) != features.end()) return true;
  }
  return false;
}

}  // namespace ballast::prisma
