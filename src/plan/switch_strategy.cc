// SPDX-License-Identifier: Apache-2.0
#include "plan/switch_strategy.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.h"
#include "plan/adoption.h"
#include "plan/failed_migrations.h"
#include "plan/plan_builder.h"
#include "plan/steps.h"
#include "release/coverage.h"
#include "release/package.h"

namespace ballast::plan {
namespace {

// Whether the catalog has the state, perhaps with additions, and the applied names include its
// rows.
bool Fits(const ComparedState& state, const Observation& observation,
          const std::set<std::string_view>& applied, HistoryFormat target) {
  if ((!state.equal && !state.contained) || state.schema_only) return false;
  if (target == HistoryFormat::kRelease) {
    return !state.run.empty() && release::AreAmong(state.covers, applied);
  }
  // The development baseline: equality is sufficient, but each later state can contain it.
  if (state.run.empty()) return state.equal;
  const MigrationRow* baseline = AppliedRow(observation, release::kBaselineName);
  return baseline != nullptr && baseline->checksum == state.run.front().checksum &&
         release::AreAmong(state.run, applied);
}

// The first that the catalog equals; otherwise the one with the fewest additions; or null.
const ComparedState* StateOfRows(const Observation& observation,
                                 const std::set<std::string_view>& applied, HistoryFormat target) {
  const ComparedState* found = nullptr;
  for (const ComparedState& state : observation.compared) {
    if (!Fits(state, observation, applied, target)) continue;
    if (state.equal) return &state;
    if (found == nullptr || state.additions < found->additions) found = &state;
  }
  return found;
}

Plan PlanOf(const ComparedState& state, HistoryFormat target,
            const std::set<std::string_view>& applied) {
  std::vector<Step> steps;
  steps.push_back({VerifyCatalog{state.record, false, {}},
                   "the rows are converted only if the catalog matches them"});
  if (target == HistoryFormat::kRelease) {
    steps.push_back({DeleteHistoryRows{NamesOf(state.covers), ReplacedRows::kOtherStrategy}, ""});
    steps.push_back(
        {InsertExecutedRows{state.run}, "as a deploy of " + state.name + " records it"});
  } else {
    const bool baseline = state.run.empty();
    steps.push_back({DeleteHistoryRows{baseline ? std::vector<std::string>{release::kBaselineName}
                                                : NamesOf(state.run),
                                       ReplacedRows::kOtherStrategy},
                     ""});
    steps.push_back(
        {InsertResolvedRows{release::NotAmong(state.covers, applied)}, "covered by " + state.name});
  }
  return {{{ScriptMode::kInTransaction, std::move(steps)}}};
}

// Rows of a release that the project does not know, which may be a newer one.
std::optional<Refusal> RefuseUnknownRelease(const Observation& observation) {
  const MigrationRow* baseline = AppliedRow(observation, release::kBaselineName);
  if (baseline == nullptr) return std::nullopt;
  const bool known = std::ranges::any_of(observation.compared, [&](const ComparedState& state) {
    return !state.run.empty() && state.run.front().checksum == baseline->checksum;
  });
  if (known) return std::nullopt;
  Refusal refusal;
  refusal.code = ErrorCode::kAhead;
  refusal.message =
      "cannot convert _prisma_migrations: its rows are those of a release that this project does "
      "not know";
  const auto& journal = observation.journal_release;
  if (journal && journal->baseline_checksum == baseline->checksum) {
    refusal.message += ", " + journal->version;
  }
  refusal.remedies = {
      "convert them with the package of that release: ballast resolve "
      "--all-covered --package PATH"};
  return refusal;
}

// Whether the rows include those of a known state, so that no migration is missing before the
// conversion: the catalog differs.
bool HasRowsOfState(const Observation& observation, const std::set<std::string_view>& applied,
                    HistoryFormat target) {
  return std::ranges::any_of(observation.compared, [&](ComparedState state) {
    state.contained = true;
    return !state.run.empty() && Fits(state, observation, applied, target);
  });
}

std::string RemedyOfMismatch(const Observation& observation,
                             const std::set<std::string_view>& applied, Strategy strategy) {
  const HistoryFormat target = FormatOf(strategy);
  if (!HasRowsOfState(observation, applied, target)) {
    return fmt::format(
        "to run the missing migrations and convert the rows: ballast deploy --strategy {}",
        NameOf(strategy));
  }
  const char* const own = target == HistoryFormat::kRelease ? "history" : "release";
  return fmt::format(
      "show what would restore the state of the rows: ballast repair --strategy {0} --dry-run; "
      "then: ballast repair --strategy {0}, and resolve again",
      own);
}

// The rows and the catalog do not fit together, or fit no state that is known.
Refusal RefuseMismatch(const Observation& observation, const std::set<std::string_view>& applied,
                       Strategy strategy) {
  const HistoryFormat target = FormatOf(strategy);
  Refusal refusal{
      ErrorCode::kOtherStrategy,
      "cannot convert _prisma_migrations: the catalog does not match the state that its "
      "rows describe",
      NearestStates(observation),
      {RemedyOfMismatch(observation, applied, strategy)}};
  for (const ComparedState& state : observation.compared) {
    const bool is_of_release = !state.run.empty();
    if (!state.equal || is_of_release != (target == HistoryFormat::kRelease)) continue;
    const release::Coverage missing = release::NotAmong(state.covers, applied);
    if (missing.empty()) continue;
    refusal.message = fmt::format(
        "cannot convert _prisma_migrations: the catalog equals {}, but {} {}", state.name,
        JoinSome(NamesOf(missing)), missing.size() == 1 ? "has no row" : "have no rows");
    break;
  }
  return refusal;
}

}  // namespace

HistoryFormat FormatOf(Strategy strategy) {
  return strategy == Strategy::kRelease ? HistoryFormat::kRelease : HistoryFormat::kDevelopment;
}

bool IsRecordedByOtherStrategy(const Observation& observation, HistoryFormat target) {
  const bool release = IsApplied(observation, release::kBaselineName);
  return HasLiveRows(observation) && release == (target == HistoryFormat::kDevelopment);
}

RowConversion SwitchStrategy(const Observation& observation, Strategy strategy) {
  const HistoryFormat target = FormatOf(strategy);
  // Its row would go, although nobody knows how much of it was applied.
  if (!FailedRows(observation).empty()) return {target, FailedMigrations(observation), {}};
  const std::set<std::string_view> applied = AppliedNames(observation);
  if (const ComparedState* state = StateOfRows(observation, applied, target)) {
    const bool release = target == HistoryFormat::kRelease;
    Plan plan = PlanOf(*state, target, applied);
    CountReplacedRows(plan, observation);
    return {target, std::move(plan), release ? state->version : std::string()};
  }
  if (target == HistoryFormat::kDevelopment) {
    if (auto unknown = RefuseUnknownRelease(observation)) return {target, *std::move(unknown), {}};
  }
  return {target, RefuseMismatch(observation, applied, strategy), {}};
}

}  // namespace ballast::plan
