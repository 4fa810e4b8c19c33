// SPDX-License-Identifier: Apache-2.0
// Which names the statements of a script contain: part of script_needs.h.
#include <algorithm>

#include "base/text.h"
#include "sql/script_needs.h"

namespace ballast::sql {
namespace {

bool IsWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

bool ContainsWord(std::string_view lower, const std::string& name) {
  const std::string word = ToLowerAscii(name);
  for (size_t at = lower.find(word); at != lower.npos; at = lower.find(word, at + 1)) {
    const size_t end = at + word.size();
    const bool begins = at == 0 || !IsWordByte(lower[at - 1]);
    if (begins && (end == lower.size() || !IsWordByte(lower[end]))) return true;
  }
  return false;
}

bool NamedTogether(const ScriptNeeds& needs, size_t count, const std::vector<std::string>& names) {
  const auto end = needs.statements.begin() +
                   static_cast<std::ptrdiff_t>(std::min(count, needs.statements.size()));
  return std::any_of(needs.statements.begin(), end, [&](const std::string& statement) {
    return std::all_of(names.begin(), names.end(),
                       [&](const std::string& name) { return ContainsWord(statement, name); });
  });
}

bool IsNamed(const ScriptNeeds& needs, const std::string& name) {
  return NamedTogether(needs, needs.statements.size(), {name});
}

}  // namespace ballast::sql
