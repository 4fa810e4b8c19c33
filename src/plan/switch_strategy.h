// SPDX-License-Identifier: Apache-2.0
// Replaces the rows of one strategy by those of the other, and nothing else. Used by `resolve
// --all-covered`; a deploy converts rows as part of an upgrade (plan/upgrade.h).
#pragma once

#include <string>
#include <variant>

#include "plan/observation.h"
#include "plan/plan.h"
#include "plan/strategy.h"

namespace ballast::plan {

enum class HistoryFormat {
  kRelease,     // a row for the baseline, one for each hotfix
  kDevelopment  // a row for each migration
};
// That of the rows which the strategy writes.
HistoryFormat FormatOf(Strategy strategy);

// Whether the database has rows that count as applied, and they belong to the other strategy.
bool IsRecordedByOtherStrategy(const Observation& observation, HistoryFormat target);

// A conversion of the rows of the other strategy.
struct RowConversion {
  HistoryFormat format = HistoryFormat::kDevelopment;
  std::variant<Plan, Refusal> answer;
  std::string version;  // of the release that the rows will describe; empty: none, or not known
};

// The plan compares the catalog and writes the rows in one transaction. Refuses with B504 unless
// the database equals a state (Observation::compared) that its rows also describe; then a deploy
// with `strategy` must run the missing migrations first, or a repair restore the catalog. B502: the
// rows are those of a release that the project does not know.
RowConversion SwitchStrategy(const Observation& observation, Strategy strategy);

}  // namespace ballast::plan
