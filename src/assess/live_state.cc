// SPDX-License-Identifier: Apache-2.0
#include "assess/live_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "assess/state_between.h"
#include "base/text.h"
#include "introspect/outside_dependents.h"
#include "plan/adoption.h"
#include "plan/follow_squash.h"
#include "project/platform.h"

namespace ballast::assess {
namespace {

using Rows = std::map<std::string_view, std::string_view>;  // name → checksum, of applied rows

Rows RowsOf(const plan::Observation& observation) {
  Rows rows;
  for (const plan::MigrationRow& row : observation.rows) {
    if (row.CountsAsApplied()) rows[row.name] = row.checksum;
  }
  return rows;
}

// By name; for a baseline, also by checksum, because all have the same name.
bool AreRowsOf(const release::Coverage& coverage, const Rows& rows) {
  if (coverage.size() != rows.size()) return false;
  return std::all_of(coverage.begin(), coverage.end(), [&](const auto& covered) {
    const auto row = rows.find(covered.name);
    if (row == rows.end()) return false;
    return covered.name != release::kBaselineName || row->second == covered.checksum;
  });
}

bool RunsScripts(const plan::Decision& decision) {
  return decision.plan() != nullptr && plan::HasStep<plan::RunScript>(*decision.plan());
}

const ProvenState* StateNamed(const std::vector<ProvenState>& states, const std::string& name) {
  const auto state = std::find_if(states.begin(), states.end(),
                                  [&](const ProvenState& s) { return s.state.name == name; });
  return state == states.end() ? nullptr : &*state;
}

// A proven state, and scripts of later migrations that the database has.
struct Between {
  std::string name;
  catalog::SharedSnapshot start;
  std::vector<release::Migration> applied;
};

struct Before {
  std::string name;
  catalog::SharedSnapshot snapshot;
  std::string version = {};
  std::optional<Between> between = {};
  std::string undetermined = {};
  bool is_goal = false;
};

bool HasRowsOf(const release::Coverage& coverage, const Rows& rows) {
  return !coverage.empty() &&
         std::all_of(coverage.begin(), coverage.end(), [&](const auto& covered) {
           const auto row = rows.find(covered.name);
           if (row == rows.end()) return false;
           return covered.name != release::kBaselineName || row->second == covered.checksum;
         });
}

// The rows of the state, if the database has them and others.
const release::Coverage* RowsAmong(const plan::ComparedState& state, const Rows& rows) {
  if (state.schema_only) return nullptr;
  for (const release::Coverage* own : {&state.run, &state.covers, &state.resolved}) {
    if (HasRowsOf(*own, rows)) return own;
  }
  return nullptr;
}

Result<std::map<std::string, release::Migration>> KnownScripts(
    const plan::Intent& intent, const project::Artifacts& artifacts) {
  std::map<std::string, release::Migration> scripts;
  const auto add = [&](const std::vector<release::Migration>& migrations) {
    for (const release::Migration& migration : migrations) scripts[migration.name] = migration;
  };
  if (artifacts.package) {
    TRY_ASSIGN(const auto covered, project::CoveredMigrations(artifacts));
    add(covered);
    add(artifacts.package->Hotfixes());
  }
  if (const auto* history = std::get_if<plan::FollowHistory>(&intent)) {
    add(history->migrations);
    if (history->squash) add(history->squash->history);
  }
  return scripts;
}

// For rows that are those of no proven state: the latest state whose rows they include, and the
// scripts of the others.
Result<Before> StateSince(const std::vector<ProvenState>& states, const plan::Intent& intent,
                          const project::Artifacts& artifacts,
                          const plan::Observation& observation) {
  Rows rows = RowsOf(observation);
  const ProvenState* start = nullptr;
  const release::Coverage* own = nullptr;
  for (const ProvenState& state : states) {
    const release::Coverage* among = RowsAmong(state.state, rows);
    if (among == nullptr) continue;
    if (start != nullptr && state.state.covers.size() <= start->state.covers.size()) continue;
    start = &state;
    own = among;
  }
  Between between{
      "the history up to the last row", std::make_shared<const catalog::Snapshot>(), {}};
  if (start != nullptr) {
    if (!start->snapshot) {
      Before before;
      before.undetermined = "the package has no snapshot of " + start->state.name;
      return before;
    }
    between.name = start->state.name + " and the migrations after it";
    between.start = start->snapshot;
    for (const release::CoveredMigration& covered : *own) rows.erase(covered.name);
  }
  TRY_ASSIGN(const auto scripts, KnownScripts(intent, artifacts));
  Before before;
  for (const auto& [name, checksum] : rows) {
    const auto found = scripts.find(std::string(name));
    if (found == scripts.end()) {
      before.undetermined = fmt::format("the script of {} is not known", name);
      return before;
    }
    if (MakesStatements(found->second.script.TextOrEmpty())) {
      before.undetermined =
          fmt::format("migration {} builds statements while it runs (EXECUTE)", name);
      return before;
    }
    between.applied.push_back(found->second);
  }
  before.between = std::move(between);
  return before;
}

// What a database between two proven states should have. The scripts of the plan are pending.
catalog::Snapshot SnapshotBetween(const Between& between, const plan::Decision& decision,
                                  const catalog::Snapshot& after, const catalog::Snapshot& live) {
  StateBetween question{*between.start, after, {}, {}};
  for (const release::Migration& migration : between.applied) {
    question.applied.push_back(migration.script.TextOrEmpty());
  }
  for (const plan::Step* step : plan::StepsOf(*decision.plan())) {
    if (const auto* run = std::get_if<plan::RunScript>(&step->act)) {
      question.pending.push_back(run->Script());
    }
  }
  return ExpectedBetween(question, live);
}

// The project has no script of a squash that a later one has replaced.
plan::Observation WithKnownRows(const plan::Intent& intent, const plan::Observation& observation) {
  const auto* history = std::get_if<plan::FollowHistory>(&intent);
  return history == nullptr ? observation : plan::WithoutEarlierSquashes(*history, observation);
}

Result<Before> ProvenBefore(const plan::Intent& intent, project::Artifacts& artifacts,
                            const plan::Observation& observed, const plan::Decision& decision,
                            const catalog::SharedSnapshot& after) {
  if (decision.found == plan::Found::kFresh) {
    return Before{"", std::make_shared<const catalog::Snapshot>()};
  }
  // Part of an interrupted script is applied: the database is between two states.
  if (!plan::FailedRows(observed).empty() && RunsScripts(decision)) return Before{};
  TRY_ASSIGN(const std::vector<ProvenState> states, StatesWithRows(intent, artifacts));
  const plan::Observation observation = WithKnownRows(intent, observed);
  const ProvenState* state = StateByRows(states, observation);
  if (state == nullptr && !decision.adopted.empty()) state = StateNamed(states, decision.adopted);
  if (state == nullptr && !decision.unknown.empty()) {
    // Migrations that the project does not know may have changed the state.
    state = StateByRows(states, plan::WithoutRows(decision.unknown, observation));
  }
  if (state != nullptr && state->snapshot) {
    return Before{state->state.name, state->snapshot, state->state.version};
  }
  // Nothing would run, so the database should already have that state.
  if (!RunsScripts(decision))
    return Before{.name = "the proven state", .snapshot = after, .is_goal = true};
  if (state != nullptr) {
    Before before;
    before.undetermined = "the package has no snapshot of " + state->state.name;
    return before;
  }
  return StateSince(states, intent, artifacts, observation);
}

// Whether the state has tables, and the database none of them.
bool LacksAllTables(const catalog::Snapshot& expected,
                    const std::vector<catalog::Difference>& drift) {
  std::set<std::string_view> tables;
  for (const catalog::ObjectProperty& property : expected) {
    if (property.kind == "table") tables.insert(property.object);
  }
  const auto missing = std::ranges::count_if(drift, [](const catalog::Difference& difference) {
    return difference.kind == "table" && difference.change == catalog::ChangeKind::kMissing;
  });
  return !tables.empty() && static_cast<size_t>(missing) == tables.size();
}

// Where the state before the deploy is proven, or follows from proven ones: drift and additions.
void CompareBefore(const Before& before, const plan::Decision& decision,
                   const catalog::Snapshot& after, LiveState& state) {
  state.expected = state.before.proven;
  if (before.between) {
    state.expected = std::make_shared<const catalog::Snapshot>(
        SnapshotBetween(*before.between, decision, after, state.before.live));
  }
  if (!state.expected) return;
  state.comparison.objects =
      catalog::CompareManaged(*state.expected, state.before.live, state.before.rules);
  state.comparison.lacks_all_tables =
      LacksAllTables(*state.expected, state.comparison.objects.drift);
  if (RunsScripts(decision) && plan::ProvenAfter(*decision.plan()) != nullptr) {
    catalog::SeparateAnticipated(after, state.before.live, state.comparison.objects);
  }
}

bool HasOtherSchemas(const catalog::Snapshot& live) {
  return std::any_of(live.begin(), live.end(), [](const catalog::ObjectProperty& property) {
    return property.kind == "schema";
  });
}

}  // namespace

const ProvenState* StateByRows(const std::vector<ProvenState>& states,
                               const plan::Observation& observation) {
  const Rows rows = RowsOf(observation);
  const ProvenState* by_history = nullptr;
  for (const ProvenState& candidate : states) {
    const plan::ComparedState& state = candidate.state;
    if (state.schema_only) continue;
    const bool own = !state.run.empty() && AreRowsOf(state.run, rows);
    const bool resolved = !state.resolved.empty() && AreRowsOf(state.resolved, rows);
    if (own || resolved) return &candidate;
    // A release covers the same migrations without its hotfixes and with them, and a history does
    // not have them.
    const bool single = !state.covers.empty() && AreRowsOf(state.covers, rows);
    const bool fewer = by_history == nullptr || state.run.size() < by_history->state.run.size();
    if (single && fewer) by_history = &candidate;
  }
  return by_history;
}

catalog::ComparisonRules RulesOf(const project::ProjectContext& context,
                                 const project::Artifacts& artifacts) {
  return {context.project.config.ignore, project::PlatformNames(context, artifacts), false};
}

LiveStateReader::LiveStateReader(const project::ProjectContext& context,
                                 project::Artifacts& artifacts, const plan::Intent& intent,
                                 bool allow_drift)
    : artifacts_(artifacts), intent_(intent), rules_(RulesOf(context, artifacts)) {
  rules_.allow_drift = allow_drift;
}

Result<std::optional<LiveState>> LiveStateReader::Read(
    postgres::Session& session, const plan::Observation& observation,
    const plan::Decision& decision, const release::FingerprintRecord& after) const {
  TRY_ASSIGN(const catalog::SharedSnapshot proven_after,
             project::ProvenSnapshot(artifacts_, after.catalog));
  if (!proven_after) return std::optional<LiveState>();
  TRY_ASSIGN(Before known, ProvenBefore(intent_, artifacts_, observation, decision, proven_after));
  LiveState state;
  state.comparison.state = std::move(known.name);
  state.comparison.version = std::move(known.version);
  state.comparison.is_goal = known.is_goal;
  state.comparison.undetermined = std::move(known.undetermined);
  if (known.between) state.comparison.state = known.between->name;
  std::vector<const catalog::Snapshot*> proven = {proven_after.get()};
  if (known.snapshot) proven.push_back(known.snapshot.get());
  if (known.between) proven.push_back(known.between->start.get());
  TRY_ASSIGN(state.before, apply::ReadLiveBefore(session, after, observation.schema, proven));
  state.before.proven = std::move(known.snapshot);
  state.before.rules = rules_;
  if (RunsScripts(decision) && HasOtherSchemas(state.before.live)) {
    std::vector<std::string> schemas = state.before.scope.schemas;
    schemas.push_back(observation.schema);
    TRY_ASSIGN(state.before.outside, introspect::ReadOutsideDependents(session, schemas));
  }
  CompareBefore(known, decision, *proven_after, state);
  const bool as_expected = state.expected && state.comparison.objects.Equal();
  if (RunsScripts(decision) && !as_expected) {
    TRY(apply::ReadIdentities(session, after, observation.schema, state.before));
  }
  return std::optional<LiveState>(std::move(state));
}

std::vector<std::string> DescribeDrift(const LiveState& state) {
  return catalog::DescribeAll(state.comparison.objects.drift);
}

std::vector<std::string> DescribeIgnored(const LiveState& state) {
  return catalog::DescribeAll(state.comparison.objects.ignored);
}

}  // namespace ballast::assess
