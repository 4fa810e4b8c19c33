// SPDX-License-Identifier: Apache-2.0
#include "release/replay_mode.h"

namespace ballast::release {

std::optional<ReplayMode> ReplayModeOf(std::string_view name) {
  if (name == "batch") return ReplayMode::kBatch;
  if (name == "split") return ReplayMode::kSplit;
  if (name == "auto" || name.empty()) return ReplayMode::kAuto;
  return std::nullopt;
}

bool SucceedsWhenSplit(std::string_view sqlstate) {
  return sqlstate == "55P04" || sqlstate == "25001";
}

}  // namespace ballast::release
