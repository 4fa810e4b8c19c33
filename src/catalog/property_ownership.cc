// SPDX-License-Identifier: Apache-2.0
#include "catalog/property_ownership.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "catalog/property_name.h"
#include "catalog/storage_parameters.h"
#include "sql/lexer.h"

namespace ballast::catalog {
namespace {

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool IsOptions(std::string_view property) {
  return property == "options" || property == "index options";
}

// For all kinds, and for parts of an object.
bool IsOpenEverywhere(std::string_view property) {
  return ReadPropertyName(property).subject != PropertySubject::kOther;
}

struct OpenProperty {
  std::string_view kind;
  std::string_view property;  // or its beginning, if it ends with a space
};
constexpr std::array kOpen = {OpenProperty{"table", "options "},
                              OpenProperty{"table", "replica identity"},
                              OpenProperty{"table", "row security"},
                              OpenProperty{"table", "force row security"},
                              OpenProperty{"table", "tablespace"},
                              OpenProperty{"materialized view", "options "},
                              OpenProperty{"materialized view", "replica identity"},
                              OpenProperty{"materialized view", "tablespace"},
                              OpenProperty{"column", "statistics"},
                              OpenProperty{"column", "storage"},
                              OpenProperty{"column", "compression"},
                              OpenProperty{"column", "options "},
                              OpenProperty{"index", "options "},
                              OpenProperty{"index", "tablespace"},
                              OpenProperty{"index", "clustered"},
                              OpenProperty{"index", "replica identity"},
                              OpenProperty{"index", "statistics"},
                              OpenProperty{"constraint", "index options "},
                              OpenProperty{"constraint", "index tablespace"},
                              OpenProperty{"constraint", "index clustered"},
                              OpenProperty{"constraint", "index replica identity"},
                              OpenProperty{"statistics", "target"},
                              OpenProperty{"extension", "version"},
                              OpenProperty{"publication", "table "},
                              OpenProperty{"publication", "schema "},
                              OpenProperty{"database", "connection limit"}};

void AddItems(const ObjectProperty& list, Snapshot& items) {
  for (const std::string& item : Split(list.value, ',')) {
    const std::string text(Trim(item));
    if (IsPrivilege(list.property)) {
      items.push_back({list.kind, list.object, list.property + ": " + text, "yes"});
      continue;
    }
    if (list.kind == "publication") {
      items.push_back({list.kind, list.object, "schema " + text, "yes"});
      continue;
    }
    const size_t sign = text.find('=');
    std::string value = sign == std::string::npos ? "yes" : text.substr(sign + 1);
    if (value.starts_with('\'')) value = sql::StringContent(value);
    items.push_back({list.kind, list.object, list.property + " " + text.substr(0, sign), value});
  }
}

// The definition of an index or an exclusion constraint has its storage parameters within it.
bool HasStorageParameters(const ObjectProperty& property) {
  return (property.kind == "index" || property.kind == "constraint") &&
         property.property == "definition" && Contains(property.value, " WITH (");
}

void AddDefinition(const ObjectProperty& definition, Snapshot& items) {
  auto clause = StorageParametersIn(definition.value);
  if (!clause) return items.push_back(definition);
  items.push_back(
      {definition.kind, definition.object, definition.property, std::move(clause->rest)});
  const char* list = definition.kind == "index" ? "options" : "index options";
  AddItems({definition.kind, definition.object, list, std::move(clause->list)}, items);
}

}  // namespace

bool IsOpenProperty(std::string_view kind, std::string_view property) {
  if (IsOpenEverywhere(property)) return true;
  return std::any_of(kOpen.begin(), kOpen.end(), [&](const OpenProperty& open) {
    if (open.kind != kind) return false;
    return open.property.ends_with(' ') ? property.starts_with(open.property)
                                        : property == open.property;
  });
}

bool FollowsRole(std::string_view property) {
  const PropertySubject subject = ReadPropertyName(property).subject;
  return subject == PropertySubject::kOwner || subject == PropertySubject::kPrivilege;
}

bool IsOpenChange(std::string_view kind, const PropertyChange& change) {
  if (change.a.empty()) return IsOpenProperty(kind, change.property);
  return kind == "extension" && change.property == "schema" && change.a == kTargetSchema;
}

Snapshot SeparateItems(const Snapshot& snapshot) {
  Snapshot items;
  items.reserve(snapshot.size());
  bool sorted = true;
  for (const ObjectProperty& property : snapshot) {
    if (property.kind == "materialized view" && property.property == "populated") continue;
    const bool is_list = IsOptions(property.property) || IsPrivilege(property.property) ||
                         (property.kind == "publication" && property.property == "schemas");
    if (is_list) {
      AddItems(property, items);
    } else if (HasStorageParameters(property)) {
      AddDefinition(property, items);
      sorted = false;
    } else {
      items.push_back(property);
    }
  }
  return sorted ? items : SortedSnapshot(std::move(items));
}

}  // namespace ballast::catalog
