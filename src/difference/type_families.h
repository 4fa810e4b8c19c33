// SPDX-License-Identifier: Apache-2.0
// What the printed form of a type shows of its values. Only for this folder.
#pragma once

#include <optional>
#include <string>

#include "difference/type_shapes.h"

namespace ballast::difference {

// A type as printed by format_type: "character varying(20)[]".
struct TypeText {
  std::string base;            // "character varying"
  std::optional<long> length;  // the first modifier
  std::optional<long> scale;   // the second
};

TypeText ParseType(std::string text);

enum class Family { kOther, kText, kNumber, kTime, kClock, kInterval, kJson, kBits, kBoolean };

Family FamilyOf(const std::string& base);

// How far whole numbers of a type reach, in bytes; 0: it is none.
int WidthOf(const std::string& base);

// Whether the server casts values of one family to a type of the other, which `base` names.
bool Casts(Family from, Family to, const std::string& base);

// Whether a text has no more characters than the other type allows.
bool IsAtMostAsLong(const TypeText& before, const TypeText& after);

// A type before or after a conversion. The shape must outlive it.
struct ConvertedType {
  explicit ConvertedType(const TypeShape& of)
      : shape(of), type(ParseType(of.base)), family(FamilyOf(type.base)) {}

  bool IsComposite() const { return !shape.attributes.empty(); }

  const TypeShape& shape;
  TypeText type;
  Family family;
};

}  // namespace ballast::difference
