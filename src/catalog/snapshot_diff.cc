// SPDX-License-Identifier: Apache-2.0
// Computes the differences of two databases, object by object, from two sorted lists.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "catalog/object_identity.h"
#include "catalog/property_name.h"
#include "catalog/snapshot.h"
#include "catalog/snapshot_objects.h"

namespace ballast::catalog {
namespace {

std::string WithoutSecrets(const std::string& value) {
  constexpr size_t digest = 64;  // SHA-256 in hex
  std::string text;
  size_t from = 0;
  for (size_t at = value.find(kHiddenValue); at != std::string::npos;
       at = value.find(kHiddenValue, from)) {
    const size_t end = at + kHiddenValue.size() + digest;
    if (end >= value.size() || value[end] != '>') break;
    text += value.substr(from, at - from) + "<secret>";
    from = end + 1;
  }
  return text + value.substr(from);
}

PropertyValues WithoutSecrets(const PropertyValues& properties) {
  PropertyValues shown;
  for (const auto& [property, value] : properties) shown.emplace(property, WithoutSecrets(value));
  return shown;
}

// "type integer; default 0".
std::string Summary(const PropertyValues& properties) {
  std::vector<std::string> parts;
  for (const auto& [property, value] : properties)
    parts.push_back(fmt::format("{} {}", property, WithoutSecrets(value)));
  return Join(parts, "; ");
}

// Properties that can exist without the object being listed: of the database, the target schema,
// and objects of initdb or of extensions.
bool IsRemark(const std::string& property) {
  const PropertyName name = ReadPropertyName(property);
  const bool open = name.part.empty() && name.subject != PropertySubject::kOther;
  return open || property == "count" || property == "connection limit";
}

bool HasOnlyRemarks(const PropertyValues& properties) {
  return std::ranges::all_of(properties, [](const auto& value) { return IsRemark(value.first); });
}

// Identities in `all` that `other` lacks and that can have parts.
std::set<std::string> AbsentParents(const SnapshotObjects& all, const SnapshotObjects& other) {
  std::set<std::string> absent;
  for (const auto& [key, properties] : all) {
    if (IsParentKind(key.first) && !other.Has(key)) absent.insert(key.second);
  }
  return absent;
}

Difference DifferenceOf(const ObjectKey& key, ChangeKind change, const PropertyValues& properties) {
  Difference difference{};
  difference.object = DescriptionOf(key);
  difference.kind = key.first;
  difference.identity = key.second;
  difference.change = change;
  difference.values = WithoutSecrets(properties);
  return difference;
}

// Objects of `all` that `other` lacks, without those whose parent is also missing.
void AddAbsent(const SnapshotObjects& all, const SnapshotObjects& other, ChangeKind change,
               std::map<ObjectKey, Difference>* differences) {
  const std::set<std::string> absent = AbsentParents(all, other);
  for (const auto& [key, properties] : all) {
    if (other.Has(key) || HasOnlyRemarks(properties) ||
        absent.contains(ParentOf(key.first, key.second, properties))) {
      continue;
    }
    Difference difference = DifferenceOf(key, change, properties);
    (change == ChangeKind::kMissing ? difference.a : difference.b) = Summary(properties);
    differences->emplace(key, std::move(difference));
  }
}

// Marks values that differ only in their hidden part.
void HideSecrets(PropertyChange& change) {
  const std::string a = WithoutSecrets(change.a);
  const std::string b = WithoutSecrets(change.b);
  const bool hidden = change.a != change.b && a == b;
  change.a = a;
  change.b = hidden ? b + " (of another value)" : b;
}

std::vector<PropertyChange> ChangesOf(const PropertyValues& a, const PropertyValues& b) {
  std::map<std::string, PropertyChange> changes;
  for (const auto& [property, value] : a) changes[property] = {property, value, {}};
  for (const auto& [property, value] : b) {
    changes[property].property = property;
    changes[property].b = value;
  }
  std::vector<PropertyChange> unequal;
  for (auto& [property, change] : changes) {
    const bool in_both = a.contains(property) && b.contains(property);
    if (in_both && change.a == change.b) continue;
    HideSecrets(change);
    unequal.push_back(std::move(change));
  }
  return unequal;
}

// One side of the changed properties: "type integer; default 0".
std::string SideOf(const std::vector<PropertyChange>& changes, std::string PropertyChange::*side) {
  std::vector<std::string> parts;
  for (const PropertyChange& change : changes) {
    if (!(change.*side).empty()) parts.push_back(change.property + " " + change.*side);
  }
  return Join(parts, "; ");
}

// On one line, with line breaks escaped as in a rendered snapshot.
std::string OneLine(const std::string& value) {
  return ReplaceAll(ReplaceAll(value, "\n", "\\n"), "\r", "\\r");
}

std::string DescribeProperty(const PropertyChange& change) {
  const std::string a = OneLine(change.a);
  const std::string b = OneLine(change.b);
  if (a.empty() && b == "yes") return change.property + " is yes, expected no";
  if (b.empty() && a == "yes") return change.property + " is no, expected yes";
  if (a.empty() && b == "no") return change.property + " is no, expected yes";
  if (b.empty() && a == "no") return change.property + " is yes, expected no";
  if (a.empty()) return fmt::format("{} is {}, expected none", change.property, b);
  if (b.empty()) return fmt::format("{} is missing, expected {}", change.property, a);
  return fmt::format("{} is {}, expected {}", change.property, b, a);
}

// Where one side does not list the property, it is the opposite of yes or no, or none.
std::string AbsentValue(const std::string& other) {
  if (other == "yes") return "no";
  return other == "no" ? "yes" : "none";
}

std::string DescribeSides(const PropertyChange& change, const std::string& name_a,
                          const std::string& name_b) {
  const std::string a = OneLine(change.a);
  const std::string b = OneLine(change.b);
  return fmt::format("{} is {} in {}, {} in {}", change.property, a.empty() ? AbsentValue(b) : a,
                     name_a, b.empty() ? AbsentValue(a) : b, name_b);
}

void AddChanged(const ObjectKey& key, const PropertyValues& a, const PropertyValues& b,
                std::map<ObjectKey, Difference>* differences) {
  std::vector<PropertyChange> changes = ChangesOf(a, b);
  if (changes.empty()) return;
  Difference difference = DifferenceOf(key, ChangeKind::kChanged, a.empty() ? b : a);
  difference.a = SideOf(changes, &PropertyChange::a);
  difference.b = SideOf(changes, &PropertyChange::b);
  difference.properties = std::move(changes);
  differences->emplace(key, std::move(difference));
}

// Objects that both have, or of which only such properties are listed.
void AddAllChanged(const SnapshotObjects& a, const SnapshotObjects& b,
                   std::map<ObjectKey, Difference>* differences) {
  for (const auto& [key, properties] : a) {
    if (b.Has(key) || HasOnlyRemarks(properties)) {
      AddChanged(key, properties, b.PropertiesOf(key), differences);
    }
  }
  for (const auto& [key, properties] : b) {
    if (!a.Has(key) && HasOnlyRemarks(properties)) AddChanged(key, {}, properties, differences);
  }
}

// What the remarks of a proven state say.
void NoteRemarks(const Snapshot& proven, std::vector<Difference>& differences) {
  std::map<ObjectKey, std::string_view> remarks;
  for (const ObjectProperty& entry : proven) {
    if (entry.property == kDependsOnProperty) remarks[{entry.kind, entry.object}] = entry.value;
  }
  if (remarks.empty()) return;
  for (Difference& difference : differences) {
    const auto remark = remarks.find({difference.kind, difference.identity});
    if (remark != remarks.end()) difference.depends_on = remark->second;
  }
}

}  // namespace

std::string_view NameOf(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::kMissing:
      return "missing";
    case ChangeKind::kExtra:
      return "extra";
    case ChangeKind::kChanged:
      return "changed";
  }
  return "";
}

std::string Difference::Value(std::string_view property) const {
  const auto found = values.find(property);
  return found == values.end() ? std::string() : found->second;
}

std::vector<Difference> Diff(const Snapshot& a, const Snapshot& b, bool with_layout) {
  const auto layout = with_layout ? LayoutProperties::kIncluded : LayoutProperties::kLeftOut;
  const SnapshotObjects of_a(a, layout);
  const SnapshotObjects of_b(b, layout);
  std::map<ObjectKey, Difference> found;
  AddAbsent(of_a, of_b, ChangeKind::kMissing, &found);
  AddAbsent(of_b, of_a, ChangeKind::kExtra, &found);
  AddAllChanged(of_a, of_b, &found);
  std::vector<Difference> differences;
  differences.reserve(found.size());
  for (auto& [key, difference] : found) differences.push_back(std::move(difference));
  NoteRemarks(a, differences);
  return differences;
}

std::string Describe(const Difference& difference) {
  switch (difference.change) {
    case ChangeKind::kMissing:
      return difference.object + " is missing";
    case ChangeKind::kExtra:
      return difference.object + " exists, but is not expected";
    case ChangeKind::kChanged:
      break;
  }
  std::vector<std::string> parts;
  for (const PropertyChange& change : difference.properties) {
    parts.push_back(DescribeProperty(change));
  }
  return difference.object + ": " + Join(parts, "; ");
}

std::string Describe(const Difference& difference, const std::string& name_a,
                     const std::string& name_b) {
  switch (difference.change) {
    case ChangeKind::kMissing:
      return difference.object + " is only in " + name_a;
    case ChangeKind::kExtra:
      return difference.object + " is only in " + name_b;
    case ChangeKind::kChanged:
      break;
  }
  std::vector<std::string> parts;
  for (const PropertyChange& change : difference.properties) {
    parts.push_back(DescribeSides(change, name_a, name_b));
  }
  return difference.object + ": " + Join(parts, "; ");
}

std::vector<std::string> DescribeAll(const std::vector<Difference>& differences) {
  std::vector<std::string> sentences;
  sentences.reserve(differences.size());
  for (const Difference& difference : differences) sentences.push_back(Describe(difference));
  return sentences;
}

}  // namespace ballast::catalog
