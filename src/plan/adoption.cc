// SPDX-License-Identifier: Apache-2.0
#include "plan/adoption.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "base/text.h"
#include "plan/plan_builder.h"
#include "plan/steps.h"
#include "release/coverage.h"
#include "release/package.h"

namespace ballast::plan {
namespace {

constexpr char kReason[] = "it is recorded only if it equals the proven state";

// The number of objects that are as proven, then fewer differences.
std::pair<size_t, size_t> Closeness(const ComparedState& state) {
  return {state.as_proven, ~state.differences.size()};
}

// States with known differences, nearest first; then the others.
std::vector<const ComparedState*> ByDistance(const Observation& observation) {
  std::vector<const ComparedState*> states;
  for (const ComparedState& state : observation.compared) states.push_back(&state);
  std::stable_sort(states.begin(), states.end(), [](const auto* a, const auto* b) {
    if (a->differences.empty() != b->differences.empty()) return b->differences.empty();
    return Closeness(*a) > Closeness(*b);
  });
  return states;
}

const ComparedState* FirstEqual(const Observation& observation, bool schema_only) {
  for (const ComparedState& state : observation.compared) {
    if (state.equal && state.schema_only == schema_only) return &state;
  }
  return nullptr;
}

bool HasHalf(const ComparedState& state) {
  return 2 * state.as_proven >= state.objects;
}

// The state of which most objects are as proven; of several the one with the fewest differences.
// Null if the database has less than half of every state.
const ComparedState* MostAsProven(const Observation& observation) {
  const ComparedState* nearest = nullptr;
  for (const ComparedState& state : observation.compared) {
    if (state.schema_only || state.differences.empty()) continue;
    if (!HasHalf(state)) continue;  // another application's database
    if (nearest == nullptr || Closeness(state) > Closeness(*nearest)) nearest = &state;
  }
  return nearest;
}

// Of the states that the database contains, the one with the fewest additions; or null.
const ComparedState* NearestContained(const Observation& observation, bool schema_only = false) {
  const ComparedState* nearest = nullptr;
  for (const ComparedState& state : observation.compared) {
    if (!state.contained || state.schema_only != schema_only) continue;
    if (nearest == nullptr || state.additions < nearest->additions) nearest = &state;
  }
  return nearest;
}

// The state of a schema alone that the database equals, or that it contains and to which it is
// nearer than to each proven state. Null if there is none.
const ComparedState* MatchingSchema(const Observation& observation) {
  if (const ComparedState* equal = FirstEqual(observation, true)) return equal;
  const ComparedState* of_schema = NearestContained(observation, true);
  const ComparedState* nearest = NearestContained(observation);
  if (of_schema == nullptr || nearest == nullptr) return of_schema;
  return of_schema->additions < nearest->additions ? of_schema : nullptr;
}

std::string Distance(const ComparedState& state) {
  if (state.equal || state.contained) return DescribeMatch(state);
  return state.differences.empty()
             ? fmt::format(
                   "it does not match {} (the differences are unknown: the package has no snapshot "
                   "of it)",
                   state.name)
             : Counted(state.differences.size(), "difference") + " from " + state.name;
}

// Scripts that do not run on a scratch server give neither points nor a baseline.
void AddReplayError(const Observation& observation, Refusal& refusal) {
  if (observation.replay_error.empty()) return;
  refusal.evidence.push_back(observation.replay_error);
  if (observation.replay_remedy.empty()) return;
  refusal.remedies.insert(refusal.remedies.begin(), observation.replay_remedy);
}

Refusal NothingToCompareWith(const Observation& observation) {
  Refusal refusal{ErrorCode::kAdoptRefused,
                  "the project has no proven state to compare the database with",
                  {},
                  {"create one: ballast baseline create", "then: ballast deploy --adopt"}};
  AddReplayError(observation, refusal);
  if (refusal.remedies.size() > 2) refusal.remedies.erase(refusal.remedies.begin() + 1);
  return refusal;
}

void OfferDrift(const Observation& observation, Refusal& refusal) {
  const ComparedState* drifted = MostAsProven(observation);
  if (drifted == nullptr) return;
  refusal.remedies.insert(
      refusal.remedies.begin() + 1,
      fmt::format("or record {} with its {}: ballast deploy --adopt --allow-drift", drifted->name,
                  Counted(drifted->differences.size(), "difference")));
}

// For what Prisma creates from a schema, which omits what a schema cannot express.
Refusal SchemaOnly(const ComparedState& found, const Observation& observation) {
  const std::string additions =
      found.equal ? "" : fmt::format(" and has {}", Counted(found.additions, "addition"));
  Refusal refusal{ErrorCode::kAdoptRefused,
                  fmt::format("the database matches {}{}; the migrations create a different one",
                              found.name, additions),
                  NearestStates(observation),
                  {"show what would make them equal: ballast repair --dry-run; then: ballast "
                   "repair"}};
  OfferDrift(observation, refusal);
  return refusal;
}

Refusal NoneIsEqual(const Observation& observation) {
  Refusal refusal{ErrorCode::kAdoptRefused,
                  "the database matches no state known to this project",
                  {},
                  {ResemblesKnownState(observation)
                       ? "show what would make it equal to a deploy's result: ballast repair "
                         "--dry-run; then: ballast repair"
                       : kCheckUrl,
                   "if it is at another release: ballast release list shows the available ones"}};
  refusal.evidence = NearestStates(observation);
  OfferDrift(observation, refusal);
  AddReplayError(observation, refusal);
  return refusal;
}

}  // namespace

bool Resembles(const ComparedState& state) {
  if (state.equal) return true;
  if (state.objects == 0) return false;
  return state.schema_only ? state.contained : HasHalf(state);
}

bool ResemblesKnownState(const Observation& observation) {
  bool shown = false;
  for (const ComparedState& state : observation.compared) {
    if (Resembles(state)) return true;
    shown = shown || (!state.schema_only && state.objects > 0);
  }
  return !shown;
}

std::string DescribeMatch(const ComparedState& state) {
  if (state.equal) return "the database equals " + state.name;
  if (!state.contained) {
    return fmt::format("the database differs from {} in {}", state.name,
                       Counted(state.differences.size(), "object"));
  }
  return fmt::format("the database contains everything in {}, plus {}", state.name,
                     Counted(state.additions, "addition"));
}

std::variant<ComparedState, Refusal> StateToAdopt(const Observation& observation,
                                                  const Policy& policy) {
  if (observation.compared.empty()) return NothingToCompareWith(observation);
  if (const ComparedState* equal = FirstEqual(observation, false)) return *equal;
  const ComparedState* of_schema = MatchingSchema(observation);
  const ComparedState* nearest = NearestContained(observation);
  if (of_schema == nullptr && nearest != nullptr) return *nearest;
  const ComparedState* drifted = MostAsProven(observation);
  if (drifted != nullptr && policy.allow_drift && policy.adopt) return *drifted;
  return of_schema != nullptr ? SchemaOnly(*of_schema, observation) : NoneIsEqual(observation);
}

std::vector<std::string> NearestStates(const Observation& observation) {
  std::vector<std::string> lines;
  for (const ComparedState* state : ByDistance(observation)) {
    if (state->schema_only) continue;
    const bool nearest = lines.empty();
    lines.push_back((nearest && !state->equal ? "nearest: " : "") + Distance(*state));
    if (!nearest) continue;
    for (const std::string& difference : state->differences) lines.push_back("  " + difference);
  }
  return lines;
}

Observation WithoutRows(const std::vector<std::string>& names, Observation observation) {
  const std::set<std::string_view> gone(names.begin(), names.end());
  std::erase_if(observation.rows, [&](const MigrationRow& row) { return gone.contains(row.name); });
  return observation;
}

Observation WithRowsOf(const ComparedState& state, Observation observation) {
  std::erase_if(observation.rows,
                [](const MigrationRow& row) { return row.name == release::kBaselineName; });
  for (const release::Coverage* rows : {&state.run, &state.resolved}) {
    for (const release::CoveredMigration& migration : *rows) {
      observation.rows.push_back({migration.name, migration.checksum, true, false, 0, "", ""});
    }
  }
  observation.has_migrations_table = true;
  observation.schema_exists = true;
  observation.compared_with = Compared::kAllStates;
  observation.compared.clear();
  observation.script_objects.emplace();  // the comparison has shown that it is the project's
  return observation;
}

void AddAdoption(Plan& plan, const ComparedState& state, const Observation& observation,
                 const std::vector<std::string>& remove) {
  PlanBuilder builder{Splitting{}};
  builder.AddPrerequisites(observation);
  const bool joins = !plan.empty() && plan.transactions.front().mode == ScriptMode::kInTransaction;
  if (!joins || VerifyOf(plan.transactions.front()) == nullptr) {
    builder.Verify({state.record, false, {}}, kReason);
  }
  const std::string reason = DescribeMatch(state);
  if (IsApplied(observation, release::kBaselineName)) {
    builder.Add(DeleteHistoryRows{{release::kBaselineName}, ReplacedRows::kUnknownBaseline}, "");
  }
  if (!state.run.empty()) builder.Add(InsertExecutedRows{state.run}, reason);
  if (!remove.empty()) builder.Add(DeleteHistoryRows{remove, ReplacedRows::kDeletedMigrations}, "");
  release::Coverage missing = release::NotAmong(state.resolved, AppliedNames(observation));
  if (!missing.empty()) builder.Add(InsertResolvedRows{std::move(missing)}, reason);
  Plan adoption = std::get<Plan>(std::move(builder).Build());
  if (joins) {
    std::vector<Step>& steps = plan.transactions.front().steps;
    std::vector<Step>& before = adoption.transactions.front().steps;
    steps.insert(steps.begin(), std::make_move_iterator(before.begin()),
                 std::make_move_iterator(before.end()));
  } else {
    plan.transactions.insert(plan.transactions.begin(), std::move(adoption.transactions.front()));
  }
}

std::string DescribeNearest(const Observation& observation) {
  if (observation.compared.empty()) return {};
  if (const ComparedState* equal = FirstEqual(observation, false)) {
    return fmt::format("the database equals {}: ballast deploy --adopt records it", equal->name);
  }
  if (const ComparedState* of_schema = MatchingSchema(observation)) {
    return "the database matches " + of_schema->name;
  }
  if (const ComparedState* nearest = NearestContained(observation)) {
    return DescribeMatch(*nearest) + ": ballast deploy --adopt records it" +
           (observation.compared_with == Compared::kAllStates
                ? ""
                : ", or the point of the history that it equals");
  }
  const std::string distance = "; nearest: " + Distance(*ByDistance(observation).front());
  if (observation.compared_with == Compared::kAllStates) {
    return "the database matches no state known to this project" + distance;
  }
  return "the database matches no release or baseline known to this project" + distance +
         "; ballast deploy --adopt --dry-run also compares it with each point of the history";
}

}  // namespace ballast::plan
