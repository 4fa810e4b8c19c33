// SPDX-License-Identifier: Apache-2.0
#include "plan/unexpected_roles.h"

#include <fmt/format.h>

#include "base/text.h"

namespace ballast::plan {
namespace {

// The value of `exists` of a role that must not exist.
constexpr const char* kMustNotExist = "no";

bool IsUnexpectedRole(const catalog::Difference& difference) {
  if (difference.kind != "role") return false;
  for (const catalog::PropertyChange& change : difference.properties) {
    if (change.property == "exists" && change.a == kMustNotExist) return true;
  }
  return false;
}

}  // namespace

std::string RemedyOfUnexpectedRoles(const std::vector<catalog::Difference>& differences) {
  std::vector<std::string> names;
  std::string create;
  for (const catalog::Difference& difference : differences) {
    if (!IsUnexpectedRole(difference)) continue;
    names.push_back(difference.object);
    create += fmt::format(" CREATE ROLE {};", difference.identity);
  }
  if (names.empty()) return {};
  return fmt::format(
      "the package is for servers without {}, because the migrations do something else where {}: "
      "add to the setup_script of ballast.toml:{} then create the package again",
      JoinSome(names), names.size() == 1 ? "it exists" : "they exist", create);
}

}  // namespace ballast::plan
