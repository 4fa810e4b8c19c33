// SPDX-License-Identifier: Apache-2.0
// What the planner can ask for before it decides.
#pragma once

#include <string_view>

namespace ballast::plan {

// Knowledge that only some decisions need, because it takes time to get.
enum class Need {
  // The rows are not sufficient: Observation::compared with Compared::kKnownStates, and
  // `baseline_printed_from_schema`.
  kComparison,
  // Compared::kAllStates: for an adoption, and for converting rows of deleted migrations (steps.h),
  // if the catalog equals no state that is known without a replay, or if only a replay shows
  // whether it also equals an earlier point of the history.
  kHistoryPoints,
  // ApplyRelease::history: to upgrade, or to see which migrations change rows.
  kHistory,
  // Observation::script_objects: the database may be that of another project.
  kScriptObjects
};
std::string_view NameOf(Need need);  // "comparison", "history points", "history", "script objects"

}  // namespace ballast::plan
