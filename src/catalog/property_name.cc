// SPDX-License-Identifier: Apache-2.0
#include "catalog/property_name.h"

#include <algorithm>

namespace ballast::catalog {
namespace {

// Of a name in quotes, in which a quote is doubled, or without quotes.
size_t LengthOfName(std::string_view text) {
  if (!text.starts_with('"')) return std::min(text.find(' '), text.size());
  size_t at = 1;
  while (at < text.size()) {
    if (text[at] != '"') {
      ++at;
    } else if (text.substr(at + 1).starts_with('"')) {
      at += 2;
    } else {
      break;
    }
  }
  return std::min(at + 1, text.size());
}

// The length of the part that the property begins with; 0: none.
size_t LengthOfPart(std::string_view property) {
  constexpr std::string_view kAttribute = "attribute ";
  for (const std::string_view part : {"index", "sequence", "multirange"}) {
    if (property.starts_with(part) && property.substr(part.size()).starts_with(' ')) {
      return part.size();
    }
  }
  if (!property.starts_with(kAttribute)) return 0;
  return kAttribute.size() + LengthOfName(property.substr(kAttribute.size()));
}

PropertySubject SubjectOf(std::string_view rest) {
  if (rest == "owner") return PropertySubject::kOwner;
  if (rest == "comment") return PropertySubject::kComment;
  if (rest.starts_with("security label ")) return PropertySubject::kSecurityLabel;
  const bool privilege = rest.starts_with("grant to ") || rest.starts_with("revoke from ") ||
                         rest.starts_with(kRevokedFrom) || rest.starts_with(kOptionalGrantTo);
  return privilege ? PropertySubject::kPrivilege : PropertySubject::kOther;
}

}  // namespace

PropertyName ReadPropertyName(std::string_view property) {
  const size_t part = LengthOfPart(property);
  if (part == 0 || part >= property.size()) return {{}, property, SubjectOf(property)};
  const std::string_view rest = property.substr(part + 1);
  return {property.substr(0, part), rest, SubjectOf(rest)};
}

bool IsConditionOn(std::string_view property) {
  const std::string_view rest = ReadPropertyName(property).rest;
  return rest.starts_with(kRevokedFrom) || rest.starts_with(kOptionalGrantTo);
}

bool IsAskedFor(std::string_view property) {
  return IsConditionOn(property) || property.starts_with(kPublishedBy);
}

bool IsPrivilege(std::string_view property) {
  return ReadPropertyName(property).subject == PropertySubject::kPrivilege;
}

bool IsInvalidIndex(std::string_view property) {
  return property == "state" || property == "index state";
}

}  // namespace ballast::catalog
