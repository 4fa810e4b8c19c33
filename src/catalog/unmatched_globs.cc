// SPDX-License-Identifier: Apache-2.0
#include "catalog/unmatched_globs.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "catalog/managed_comparison.h"
#include "catalog/object_identity.h"
#include "catalog/property_ownership.h"

namespace ballast::catalog {
namespace {

// Each object by itself, also those that belong to another one, with its table.
std::vector<Difference> ObjectsOf(const Snapshot& snapshot) {
  std::vector<Difference> objects;
  for (const ObjectProperty& property : snapshot) {
    const bool is_known = !objects.empty() && objects.back().kind == property.kind &&
                          objects.back().identity == property.object;
    if (!is_known) {
      Difference object;
      object.object = DescriptionOf({property.kind, property.object});
      object.kind = property.kind;
      object.identity = property.object;
      objects.push_back(std::move(object));
    }
    if (property.property == "table") objects.back().values[property.property] = property.value;
  }
  return objects;
}

}  // namespace

std::vector<std::string> UnmatchedGlobs(const std::vector<std::string>& globs,
                                        std::initializer_list<const Snapshot*> snapshots) {
  std::vector<std::string> unmatched = globs;
  for (const Snapshot* snapshot : snapshots) {
    if (unmatched.empty()) break;
    const std::vector<Difference> objects = ObjectsOf(SeparateItems(*snapshot));
    std::erase_if(unmatched, [&](const std::string& glob) {
      return std::ranges::any_of(
          objects, [&](const Difference& object) { return IsCovered(object, {glob}); });
    });
  }
  return unmatched;
}

std::string DescribeUnmatched(const std::vector<std::string>& globs) {
  if (globs.empty()) return {};
  std::vector<std::string> quoted;
  for (const std::string& glob : globs) quoted.push_back("`" + glob + "`");
  return fmt::format("`ignore` names objects that do not exist: {}", JoinSome(quoted));
}

}  // namespace ballast::catalog
