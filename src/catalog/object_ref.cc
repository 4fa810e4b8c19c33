// SPDX-License-Identifier: Apache-2.0
#include "catalog/object_ref.h"

#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "catalog/object_identity.h"

namespace ballast::catalog {
namespace {

// "s.t", "t".
std::string TextOf(const Name& name) {
  return name.schema.empty() ? name.name : name.schema + "." + name.name;
}

// The relation or domain that the object belongs to; an empty name if there is none.
Name OwnerOf(const ObjectRef& object) {
  return object.parent.empty() ? object.table : Name{object.name.schema, object.parent};
}

// What a glob can match, without quotes.
std::vector<std::string> NamesOf(const ObjectRef& object) {
  const Name owner{object.name.schema, object.parent};
  const std::string bare =
      object.parent.empty() ? TextOf(object.name) : TextOf(owner) + "." + object.name.name;
  const std::string whole = HasArguments(object.kind) ? bare + "(" + object.arguments + ")" : bare;
  std::vector<std::string> names = {bare, whole, object.kind + " " + whole};
  if (const Name of = OwnerOf(object); !of.name.empty()) {
    names.push_back(TextOf(of));
    names.push_back("table " + TextOf(of));
  }
  if (!object.name.schema.empty()) names.push_back("schema " + object.name.schema);
  for (std::string& name : names) name = WithoutQuotes(name);
  return names;
}

}  // namespace

std::string WithoutQuotes(std::string_view text) {
  return ReplaceAll(std::string(text), "\"", "");
}

std::strong_ordering ObjectRef::operator<=>(const ObjectRef& other) const {
  return std::tie(kind, name, parent, arguments) <=>
         std::tie(other.kind, other.name, other.parent, other.arguments);
}

ObjectRef PartOf(const Name& owner, std::string kind, std::string name) {
  return {std::move(kind), {owner.schema, std::move(name)}, owner.name, {}, {}};
}

ObjectRef RefOf(std::string_view kind, std::string_view identity) {
  ObjectRef object{std::string(kind), {}, {}, {}, {}};
  const ObjectPlace place = PlaceOf(kind, identity);
  if (place.global) {
    object.name.name = identity;
    return object;
  }
  const IdentityParts parts = SplitIdentity(identity);
  object.name.name = parts.names.back();
  if (kind != "schema") object.name.schema = place.schema;
  if (!place.parent.empty()) object.parent = parts.names[parts.names.size() - 2];
  const size_t open = parts.rest.find('(');
  if (HasArguments(kind) && open != std::string_view::npos && parts.rest.ends_with(')')) {
    object.name.name += parts.rest.substr(0, open);  // of an operator
    object.arguments = parts.rest.substr(open + 1, parts.rest.size() - open - 2);
  } else {
    object.name.name += parts.rest;  // " using btree"
  }
  return object;
}

bool IsCovered(const ObjectRef& object, const std::vector<std::string>& globs) {
  if (globs.empty()) return false;
  const std::vector<std::string> names = NamesOf(object);
  return std::ranges::any_of(globs, [&](const std::string& quoted) {
    const std::string glob = WithoutQuotes(quoted);
    return std::ranges::any_of(names,
                               [&](const std::string& name) { return MatchesGlob(glob, name); });
  });
}

bool BelongsTo(const ObjectRef& object, const std::vector<ObjectRef>& objects) {
  const Name owner = OwnerOf(object);
  return std::ranges::any_of(objects, [&](const ObjectRef& one) {
    if (one == object) return true;
    if (one.kind == "schema") return one.name.name == object.name.schema;
    return IsParentKind(one.kind) && !owner.name.empty() && one.name == owner;
  });
}

}  // namespace ballast::catalog
