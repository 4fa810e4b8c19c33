// SPDX-License-Identifier: Apache-2.0
#include "commands/object_globs.h"

#include <algorithm>

#include "base/text.h"
#include "catalog/object_identity.h"

namespace ballast::commands {

std::string Unquoted(const std::string& name) {
  return ReplaceAll(name, "\"", "");
}

bool IsNamed(const std::string& label, const std::vector<std::string>& globs) {
  const size_t blank = label.find(' ');
  const std::string name = blank == label.npos ? label : label.substr(blank + 1);
  return std::ranges::any_of(globs, [&](const std::string& glob) {
    const std::string plain = Unquoted(glob);
    return MatchesGlob(glob, label) || MatchesGlob(glob, name) ||
           MatchesGlob(plain, Unquoted(label)) || MatchesGlob(plain, Unquoted(name));
  });
}

bool IsIgnored(const std::string& label, const std::vector<std::string>& globs) {
  if (globs.empty()) return false;
  constexpr std::string_view kDefault = "default of ";
  if (label.starts_with(kDefault)) return IsIgnored(label.substr(kDefault.size()), globs);
  const size_t blank = label.find(' ');
  if (blank == label.npos) return IsNamed(label, globs);
  const std::string kind = label.substr(0, blank);
  std::string name = label.substr(blank + 1);
  std::string table;
  constexpr std::string_view kOn = " ON ";  // "constraint c ON t": "constraint t.c" elsewhere
  if (const size_t on = name.rfind(kOn); on != name.npos) {
    table = name.substr(on + kOn.size());
    name = table + "." + name.substr(0, on);
  } else if (kind == "column") {
    table = name.substr(0, name.rfind('.'));
  }
  const std::vector<std::string> place = catalog::PartsOf(table.empty() ? name : table);
  return IsNamed(label, globs) || IsNamed(kind + " " + name, globs) ||
         (!table.empty() && IsNamed("table " + table, globs)) ||
         (place.size() > 1 && IsNamed("schema " + place.front(), globs));
}

bool IsAddition(const std::vector<std::string>& additions, const std::string& object) {
  const std::string name = Unquoted(object);
  return std::any_of(additions.begin(), additions.end(), [&](const std::string& addition) {
    const std::string bare = Unquoted(addition);
    return bare == name || bare.starts_with(name + " on ");
  });
}

namespace {

// The schema in a label: view "o"."v", constraint "c" ON "o"."x"; empty if it names none.
std::string SchemaIn(const std::string& label) {
  constexpr std::string_view kOn = " ON ";
  const size_t blank = label.find(' ');
  const size_t on = label.rfind(kOn);
  if (blank == label.npos) return {};
  const std::vector<std::string> parts =
      catalog::PartsOf(label.substr(on == label.npos ? blank + 1 : on + kOn.size()));
  const size_t unqualified = label.starts_with("column ") ? 2 : 1;
  return parts.size() > unqualified ? parts.front() : std::string();
}

}  // namespace

bool IsOfAdditions(const std::vector<std::string>& additions, const std::string& label) {
  if (IsAddition(additions, label)) return true;
  const std::string schema = SchemaIn(label);
  if (!schema.empty() && IsAddition(additions, "schema " + schema)) return true;
  constexpr std::string_view kOn = " ON ";  // of a table that is one
  const size_t on = label.rfind(kOn);
  if (on != label.npos && IsAddition(additions, "table " + label.substr(on + kOn.size())))
    return true;
  // Reports have the types of the arguments alone.
  const std::string routine = Unquoted(label.substr(0, label.find('(') + 1));
  return !routine.empty() && std::ranges::any_of(additions, [&](const std::string& one) {
    return Unquoted(one).starts_with(routine);
  });
}

}  // namespace ballast::commands
