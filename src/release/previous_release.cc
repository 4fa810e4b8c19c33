// SPDX-License-Identifier: Apache-2.0
#include "release/previous_release.h"

#include <utility>

namespace ballast::release {
namespace {

constexpr std::pair<RollbackOrigin, std::string_view> kNames[] = {
    {RollbackOrigin::kNone, ""},
    {RollbackOrigin::kDifference, "difference"},
    {RollbackOrigin::kScript, "script"},
    {RollbackOrigin::kDownScripts, "down.sql"}};

}  // namespace

std::string_view NameOf(RollbackOrigin origin) {
  for (const auto& [one, name] : kNames) {
    if (one == origin) return name;
  }
  return {};
}

std::optional<RollbackOrigin> RollbackOriginOf(std::string_view name) {
  for (const auto& [origin, known] : kNames) {
    if (known == name) return origin;
  }
  return std::nullopt;
}

bool IsWrittenByHand(RollbackOrigin origin) {
  return origin == RollbackOrigin::kScript || origin == RollbackOrigin::kDownScripts;
}

}  // namespace ballast::release
