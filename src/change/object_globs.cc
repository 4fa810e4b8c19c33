// SPDX-License-Identifier: Apache-2.0
#include "change/object_globs.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "catalog/object_ref.h"

namespace ballast::change {

using catalog::WithoutQuotes;

bool IsNamed(const std::string& label, const std::vector<std::string>& globs) {
  const size_t blank = label.find(' ');
  const std::string name = blank == label.npos ? label : label.substr(blank + 1);
  return std::ranges::any_of(globs, [&](const std::string& glob) {
    const std::string plain = WithoutQuotes(glob);
    return MatchesGlob(glob, label) || MatchesGlob(glob, name) ||
           MatchesGlob(plain, WithoutQuotes(label)) || MatchesGlob(plain, WithoutQuotes(name));
  });
}

bool IsAddition(const std::vector<std::string>& additions, const std::string& object) {
  const std::string name = WithoutQuotes(object);
  // "constraint c ON t", of an addition.
  const size_t on = name.find(" ON ");
  const std::string owner = on == name.npos ? name : "table " + name.substr(on + 4);
  // "policy p ON t", which is "policy t.p".
  const size_t kind = name.find(' ');
  const std::string part = on == name.npos || kind >= on
                               ? name
                               : fmt::format("{} {}.{}", name.substr(0, kind), name.substr(on + 4),
                                             name.substr(kind + 1, on - kind - 1));
  return std::any_of(additions.begin(), additions.end(), [&](const std::string& addition) {
    const std::string bare = WithoutQuotes(addition);
    return bare == name || bare == owner || bare == part || bare.starts_with(name + " on ") ||
           bare.starts_with(owner + ", a partition of ");
  });
}

}  // namespace ballast::change
