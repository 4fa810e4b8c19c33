// SPDX-License-Identifier: Apache-2.0
#include "change/object_globs.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "catalog/object_identity.h"

namespace ballast::change {
namespace {

// As find and rfind, for `text` outside double quotes.
size_t FindOutsideQuotes(std::string_view name, std::string_view text) {
  bool quoted = false;
  for (size_t at = 0; at < name.size(); ++at) {
    if (!quoted && name.substr(at).starts_with(text)) return at;
    if (name[at] == '"') quoted = !quoted;
  }
  return std::string_view::npos;
}

size_t FindLastOutsideQuotes(std::string_view name, std::string_view text) {
  size_t found = std::string_view::npos, from = 0;
  for (;;) {
    const size_t at = FindOutsideQuotes(name.substr(from), text);
    if (at == std::string_view::npos) return found;
    found = from + at;
    from = found + text.size();
  }
}

constexpr std::string_view kOn = " ON ";  // "constraint c ON t": "constraint t.c" elsewhere

}  // namespace

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
  if (const size_t on = FindLastOutsideQuotes(name, kOn); on != name.npos) {
    table = name.substr(on + kOn.size());
    name = table + "." + name.substr(0, on);
  } else if (kind == "column") {
    table = name.substr(0, FindLastOutsideQuotes(name, "."));
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
  const size_t blank = label.find(' ');
  const size_t on = FindLastOutsideQuotes(label, kOn);
  if (blank == label.npos) return {};
  const std::vector<std::string> parts =
      catalog::PartsOf(label.substr(on == label.npos ? blank + 1 : on + kOn.size()));
  const size_t unqualified = label.starts_with("column ") ? 2 : 1;
  return parts.size() > unqualified ? parts.front() : std::string();
}

// The types of the arguments that a routine's label names: "a integer, OUT b text" → those of a.
// Two routines of the same name differ in them.
std::vector<std::string_view> ArgumentsIn(std::string_view label, size_t open) {
  std::vector<std::string_view> arguments;
  std::string_view left = label.substr(open + 1, label.rfind(')') - open - 1);
  while (!left.empty() && left != "*") {
    const size_t comma = FindOutsideQuotes(left, ", ");
    const size_t order = FindOutsideQuotes(left, " ORDER BY ");  // of an ordered-set aggregate
    const size_t end = std::min({comma, order, left.size()});
    const std::string_view one = left.substr(0, end);
    if (!one.starts_with("OUT ")) arguments.push_back(one);
    const size_t skipped = order < comma ? std::string_view(" ORDER BY ").size() : 2;
    left.remove_prefix(std::min(left.size(), end + skipped));
  }
  return arguments;
}

// Whether both name the same routine. Reports have the types of the arguments alone.
bool IsRoutine(std::string_view label, std::string_view report) {
  const size_t open = FindOutsideQuotes(label, "("), other = FindOutsideQuotes(report, "(");
  if (open == label.npos || other == report.npos) return false;
  const auto name = [](std::string_view text, size_t end) {
    return Unquoted(std::string(text.substr(0, end)));
  };
  if (name(label, open) != name(report, other)) return false;
  const auto same = [](std::string_view argument, std::string_view type) {
    return argument == type || argument.ends_with(" " + std::string(type));
  };
  return std::ranges::equal(ArgumentsIn(label, open), ArgumentsIn(report, other), same);
}

}  // namespace

bool IsOfAdditions(const std::vector<std::string>& additions, const std::string& label) {
  if (IsAddition(additions, label)) return true;
  const std::string schema = SchemaIn(label);
  if (!schema.empty() && IsAddition(additions, "schema " + schema)) return true;
  const size_t on = FindLastOutsideQuotes(label, kOn);  // of a table that is one
  if (on != label.npos && IsAddition(additions, "table " + label.substr(on + kOn.size())))
    return true;
  return std::ranges::any_of(additions,
                             [&](const std::string& one) { return IsRoutine(label, one); });
}

}  // namespace ballast::change
