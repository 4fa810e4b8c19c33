// SPDX-License-Identifier: Apache-2.0
#include "release/replay_mode.h"

#include "base/sqlstate.h"

namespace ballast::release {

std::string_view NameOf(ReplayMode mode) {
  switch (mode) {
    case ReplayMode::kBatch:
      return "batch";
    case ReplayMode::kSplit:
      return "split";
    case ReplayMode::kAuto:
      return "auto";
  }
  return "";
}

bool SucceedsWhenSplit(std::string_view sqlstate) {
  return sqlstate == sqlstate::kUnsafeNewEnumValueUsage ||
         sqlstate == sqlstate::kActiveSqlTransaction ||
         sqlstate == sqlstate::kInvalidTransactionTermination;
}

}  // namespace ballast::release
