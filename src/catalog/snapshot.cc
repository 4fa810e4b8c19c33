// SPDX-License-Identifier: Apache-2.0
// Snapshots as text: their lines, order, hashes and scope.
#include "catalog/snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "base/sha256.h"
#include "base/text.h"
#include "catalog/object_identity.h"
#include "catalog/property_name.h"

namespace ballast::catalog {
namespace {

void AppendEscaped(std::string_view text, std::string* line) {
  for (const char c : text) {
    switch (c) {
      case '\\':
        *line += "\\\\";
        break;
      case '\t':
        *line += "\\t";
        break;
      case '\n':
        *line += "\\n";
        break;
      case '\r':
        *line += "\\r";
        break;
      default:
        *line += c;
    }
  }
}

std::optional<char> Unescaped(char c) {
  switch (c) {
    case '\\':
      return '\\';
    case 't':
      return '\t';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    default:
      return std::nullopt;
  }
}

std::optional<std::string> Unescape(std::string_view field) {
  std::string text;
  text.reserve(field.size());
  for (size_t i = 0; i < field.size(); ++i) {
    if (field[i] == '\r') return std::nullopt;
    if (field[i] != '\\') {
      text += field[i];
      continue;
    }
    const std::optional<char> c = ++i < field.size() ? Unescaped(field[i]) : std::nullopt;
    if (!c) return std::nullopt;
    text += *c;
  }
  return text;
}

Error Malformed(std::string message, Place where = {}) {
  return MakeError(ErrorCode::kPackageEdited, std::move(message),
                   "restore the file from the release package", std::move(where));
}

std::string FingerprintOf(const Snapshot& snapshot, bool with_layout) {
  Sha256 hash;
  bool first = true;
  for (const ObjectProperty& entry : snapshot) {
    if (!with_layout && entry.property == kLayoutProperty) continue;
    if (entry.property == kDependsOnProperty) continue;
    if (!first) hash.Update("\n");
    hash.Update(RenderProperty(entry));
    first = false;
  }
  return hash.FinishHex();
}

}  // namespace

std::string RenderProperty(const ObjectProperty& entry) {
  std::string line;
  line.reserve(entry.kind.size() + entry.object.size() + entry.property.size() +
               entry.value.size() + 8);
  AppendEscaped(entry.kind, &line);
  for (const std::string* field : {&entry.object, &entry.property, &entry.value}) {
    line += '\t';
    AppendEscaped(*field, &line);
  }
  return line;
}

std::string RenderSnapshot(const Snapshot& snapshot) {
  std::string text;
  for (const ObjectProperty& entry : snapshot) text += RenderProperty(entry) + '\n';
  return text;
}

Result<ObjectProperty> ParseProperty(std::string_view line) {
  const std::vector<std::string> fields = Split(line, '\t');
  if (fields.size() != 4) {
    return Malformed(fmt::format("a property has 4 fields, this line has {}", fields.size()));
  }
  std::array<std::string, 4> texts;
  for (size_t i = 0; i < texts.size(); ++i) {
    std::optional<std::string> text = Unescape(fields[i]);
    if (!text) return Malformed("a property has an unescaped backslash or carriage return");
    texts[i] = std::move(*text);
  }
  return ObjectProperty{texts[0], texts[1], texts[2], texts[3]};
}

Snapshot SortedSnapshot(Snapshot snapshot) {
  std::vector<std::pair<std::string, ObjectProperty>> lines;
  lines.reserve(snapshot.size());
  for (ObjectProperty& entry : snapshot) {
    std::string line = RenderProperty(entry);
    lines.emplace_back(std::move(line), std::move(entry));
  }
  std::sort(lines.begin(), lines.end(),
            [](const auto& x, const auto& y) { return x.first < y.first; });
  lines.erase(std::unique(lines.begin(), lines.end(),
                          [](const auto& x, const auto& y) { return x.first == y.first; }),
              lines.end());
  Snapshot sorted;
  sorted.reserve(lines.size());
  for (auto& [line, entry] : lines) sorted.push_back(std::move(entry));
  return sorted;
}

Result<Snapshot> ParseSnapshot(std::string_view text, const std::string& file) {
  Snapshot snapshot;
  std::string_view previous;
  for (int number = 1; !text.empty(); ++number) {
    const Place where{file, number};
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) return Malformed("the last property is incomplete", where);
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    Result<ObjectProperty> entry = ParseProperty(line);
    if (!entry.ok()) return Malformed(entry.error().message, where);
    if (number > 1 && line <= previous) return Malformed("the properties are not in order", where);
    previous = line;
    snapshot.push_back(std::move(entry).value());
  }
  return snapshot;
}

Scope TargetSchemaScope(int vocabulary) {
  Scope scope;
  scope.everything = false;
  scope.vocabulary = vocabulary;
  return scope;
}

Scope ScopeOf(const Snapshot& snapshot, int vocabulary) {
  std::set<std::string> schemas;
  std::set<std::string> globals;
  std::set<std::string> privileges;
  for (const ObjectProperty& entry : snapshot) {
    const ObjectPlace place = PlaceOf(entry.kind, entry.object);
    if (place.global) globals.insert(entry.kind + " " + entry.object);
    if (!place.schema.empty()) schemas.insert(place.schema);
    if (IsPrivilege(entry.property) || IsAskedFor(entry.property))
      privileges.insert(RenderProperty(entry));
  }
  Scope scope = TargetSchemaScope(vocabulary);
  scope.schemas.assign(schemas.begin(), schemas.end());
  scope.globals.assign(globals.begin(), globals.end());
  scope.privileges.assign(privileges.begin(), privileges.end());
  return scope;
}

Scope EverythingAnd(const Scope& asked) {
  Scope scope;
  for (const std::string& line : asked.privileges) {
    const Result<ObjectProperty> entry = ParseProperty(line);
    if (entry.ok() && IsAskedFor(entry->property)) scope.privileges.push_back(line);
  }
  for (const std::string& global : asked.globals) {
    if (global.starts_with("role ")) scope.globals.push_back(global);
  }
  return scope;
}

Scope EverythingAnd(const Snapshot& proven) {
  return EverythingAnd(ScopeOf(proven));
}

namespace {

bool IsAskedForOnly(const ObjectProperty& entry) {
  return entry.kind == "role" || IsAskedFor(entry.property);
}

}  // namespace

Snapshot WithoutUnasked(const Snapshot& proven, Snapshot live) {
  std::set<std::pair<std::string, std::string>> asked;
  for (const ObjectProperty& entry : proven) {
    if (IsAskedForOnly(entry)) asked.insert({entry.kind + " " + entry.object, entry.property});
  }
  std::erase_if(live, [&](const ObjectProperty& entry) {
    return IsAskedForOnly(entry) &&
           !asked.contains({entry.kind + " " + entry.object, entry.property});
  });
  return live;
}

std::string Fingerprint(const Snapshot& snapshot) {
  return FingerprintOf(snapshot, false);
}

std::string LayoutFingerprint(const Snapshot& snapshot) {
  return FingerprintOf(snapshot, true);
}

}  // namespace ballast::catalog
