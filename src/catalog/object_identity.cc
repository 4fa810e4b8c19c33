// SPDX-License-Identifier: Apache-2.0
#include "catalog/object_identity.h"

#include <algorithm>
#include <array>

#include "catalog/snapshot.h"

namespace ballast::catalog {
namespace {

// Kinds whose identity is that of a table, view or domain, and then a name.
constexpr std::array<std::string_view, 6> kChildKinds = {
    "column", "constraint", "domain constraint", "policy", "rule", "trigger"};

// The relations, then the others.
constexpr size_t kRelationKinds = 4;
constexpr std::array<std::string_view, kRelationKinds + 1> kParentKinds = {
    "table", "view", "materialized view", "foreign table", "domain"};

bool ListsKind(std::span<const std::string_view> kinds, std::string_view kind) {
  return std::ranges::find(kinds, kind) != kinds.end();
}

bool IsChildKind(std::string_view kind) {
  return ListsKind(kChildKinds, kind);
}

bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

// Takes one identifier from the start of `text`; `offset` moves behind it.
std::string TakeName(std::string_view text, size_t* offset) {
  std::string name;
  size_t i = *offset;
  if (i < text.size() && text[i] == '"') {
    for (++i; i < text.size(); ++i) {
      if (text[i] == '"') {
        const bool doubled = i + 1 < text.size() && text[i + 1] == '"';
        ++i;
        if (!doubled) break;
      }
      name += text[i];
    }
  } else {
    for (; i < text.size() && IsNameCharacter(text[i]); ++i) name += text[i];
  }
  *offset = i;
  return name;
}

struct NamePart {
  std::string name;
  size_t offset = 0;  // where it starts
};

// `end` moves behind the last part.
std::vector<NamePart> NamePartsOf(std::string_view identity, size_t* end) {
  std::vector<NamePart> parts;
  for (*end = 0;;) {
    const size_t start = *end;
    parts.push_back({TakeName(identity, end), start});
    if (*end == start || *end >= identity.size() || identity[*end] != '.') return parts;
    ++*end;
  }
}

}  // namespace

std::string DescriptionOf(const ObjectKey& object) {
  if (object == ObjectKey{"schema", std::string(kTargetSchema)}) return "the target schema";
  if (object.first == "database") return "the database";
  return object.first + " " + object.second;
}

bool IsRelationKind(std::string_view kind) {
  return ListsKind(ParentKinds().first(kRelationKinds), kind);
}

std::span<const std::string_view> ParentKinds() {
  return kParentKinds;
}

bool IsParentKind(std::string_view kind) {
  return ListsKind(kParentKinds, kind);
}

bool IsRoutineKind(std::string_view kind) {
  return kind == "function" || kind == "procedure" || kind == "aggregate";
}

bool HasArguments(std::string_view kind) {
  return IsRoutineKind(kind) || kind == "operator";
}

const std::vector<std::string_view>& GlobalKinds() {
  static const std::vector<std::string_view> kinds = {"access method",
                                                      "cast",
                                                      "database",
                                                      "database default privileges",
                                                      "default privileges",
                                                      "event trigger",
                                                      "extension",
                                                      "foreign data wrapper",
                                                      "language",
                                                      "large objects",
                                                      "publication",
                                                      "role",
                                                      "server",
                                                      "setting",
                                                      "subscription",
                                                      "transform",
                                                      "user mapping"};
  return kinds;
}

std::vector<std::string> PartsOf(std::string_view identity) {
  return SplitIdentity(identity).names;
}

std::string LastNameOf(std::string_view identity) {
  return PartsOf(identity).back();
}

IdentityParts SplitIdentity(std::string_view identity) {
  IdentityParts parts;
  size_t end = 0;
  for (NamePart& part : NamePartsOf(identity, &end)) parts.names.push_back(std::move(part.name));
  parts.rest = identity.substr(end);
  return parts;
}

ObjectPlace PlaceOf(std::string_view kind, std::string_view object) {
  ObjectPlace place;
  const auto& globals = GlobalKinds();
  place.global = std::binary_search(globals.begin(), globals.end(), kind) ||
                 (kind == "schema" && object == kTargetSchema);
  if (place.global) return place;
  size_t end = 0;
  const std::vector<NamePart> parts = NamePartsOf(object, &end);
  if (kind == "schema") {
    place.schema = parts.front().name;
    return place;
  }
  const size_t depth = IsChildKind(kind) ? 2 : 1;
  if (parts.size() > depth) place.schema = parts.front().name;
  if (depth == 2 && parts.size() >= 2) {
    place.parent = std::string(object.substr(0, parts.back().offset - 1));
  }
  return place;
}

}  // namespace ballast::catalog
