#include "assess/live_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "introspect/live_snapshot.h"
#include "plan/adoption.h"

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

// By name; a baseline's name says nothing, so its checksum counts.
bool AreRowsOf(const release::Coverage& coverage, const Rows& rows) {
  if (coverage.size() != rows.size()) return false;
  return std::all_of(coverage.begin(), coverage.end(), [&](const auto& covered) {
    const auto row = rows.find(covered.name);
    if (row == rows.end()) return false;
    return covered.name != release::kBaselineName || row->second == covered.checksum;
  });
}

bool RunsScripts(const plan::Decision& decision) {
  const plan::Plan* plan = decision.plan();
  return plan != nullptr && std::any_of(plan->steps.begin(), plan->steps.end(), [](const auto& s) {
           return std::holds_alternative<plan::RunScript>(s.act);
         });
}

// The state that an adoption records.
const ProvenState* AdoptedState(const std::vector<ProvenState>& states,
                                const plan::Observation& observation) {
  const auto chosen = plan::StateToAdopt(observation);
  const auto* adopted = std::get_if<plan::ComparedState>(&chosen);
  if (adopted == nullptr) return nullptr;
  const auto state = std::find_if(states.begin(), states.end(), [&](const ProvenState& s) {
    return s.state.name == adopted->name;
  });
  return state == states.end() ? nullptr : &*state;
}

struct Before {
  std::string name;
  std::optional<catalog::Snapshot> snapshot;
};

Result<Before> ProvenBefore(const plan::Intent& intent, project::Artifacts& artifacts,
                            const plan::Observation& observation, const plan::Decision& decision,
                            const catalog::Snapshot& after) {
  if (decision.found == plan::Found::kFresh) return Before{"", catalog::Snapshot{}};
  TRY_ASSIGN(const std::vector<ProvenState> states, ProvenStatesOf(intent, artifacts));
  const bool adopts = !observation.compared.empty();
  const ProvenState* state =
      adopts ? AdoptedState(states, observation) : StateByRows(states, observation);
  if (state != nullptr && !state->snapshot.empty()) {
    return Before{state->state.name, state->snapshot};
  }
  // Nothing would run, so the database should be there already.
  if (!RunsScripts(decision)) return Before{"the proven state", after};
  return Before{};
}

}  // namespace

const ProvenState* StateByRows(const std::vector<ProvenState>& states,
                               const plan::Observation& observation) {
  const Rows rows = RowsOf(observation);
  for (const ProvenState& candidate : states) {
    const plan::ComparedState& state = candidate.state;
    if (state.schema_only) continue;
    const bool own = !state.run.empty() && AreRowsOf(state.run, rows);
    const bool single = !state.covers.empty() && AreRowsOf(state.covers, rows);
    if (own || single) return &candidate;
  }
  return nullptr;
}

Result<std::optional<LiveState>> AssessLiveState(
    const plan::Intent& intent, project::Artifacts& artifacts, postgres::Session& session,
    const plan::Observation& observation, const plan::Decision& decision,
    const release::FingerprintRecord& after, const catalog::ComparisonRules& rules) {
  TRY_ASSIGN(const catalog::Snapshot proven_after,
             project::ProvenSnapshot(artifacts, after.catalog));
  if (proven_after.empty()) return std::optional<LiveState>();
  TRY_ASSIGN(Before known, ProvenBefore(intent, artifacts, observation, decision, proven_after));
  LiveState state;
  state.name = std::move(known.name);
  state.before.proven = std::move(known.snapshot);
  state.before.rules = rules;
  std::vector<const catalog::Snapshot*> proven = {&proven_after};
  if (state.before.proven) proven.push_back(&*state.before.proven);
  state.before.scope = introspect::LivingScope(proven);
  state.before.extensions = introspect::MovableExtensions(proven_after);
  TRY_ASSIGN(state.before.live,
             introspect::ReadLiveSnapshot(session, observation.schema, state.before.scope,
                                          state.before.extensions));
  if (state.before.proven) {
    state.found = catalog::CompareManaged(*state.before.proven, state.before.live, rules);
  }
  return std::optional<LiveState>(std::move(state));
}

const release::FingerprintRecord* ProvenAfter(const plan::Decision& decision) {
  const plan::Plan* plan = decision.plan();
  if (plan == nullptr) return nullptr;
  for (const plan::Step& step : plan->steps) {
    if (const auto* verify = std::get_if<plan::VerifyCatalog>(&step.act)) {
      return &verify->expected();
    }
  }
  return nullptr;
}

catalog::ComparisonRules RulesOf(const workspace::Config& config) {
  return {config.ignore, {}, false};
}

Status RefuseDrift(const LiveState& state, const DriftPolicy& policy) {
  const bool drifted = !state.found.drift.empty() && !policy.allow_drift;
  const bool added = policy.strict && !state.found.additions.empty();
  if (!drifted && !added) return {};
  Error error;
  error.code = ErrorCode::kDrift;
  if (drifted) {
    error.message = fmt::format("{} of {} missing or changed in the database; nothing was changed",
                                Counted(state.found.drift.size(), "object"),
                                state.name + (state.found.drift.size() == 1 ? " is" : " are"));
    error.hint =
        "restore the objects; or name them under `ignore` in ballast.toml; or go on and leave them "
        "as they are: ballast deploy --allow-drift";
    for (const std::string& line : DriftInWords(state)) error.details.emplace_back("object", line);
  } else {
    error.message = fmt::format(
        "the database has {} that {} does not have, and --strict refuses "
        "additions; nothing was changed",
        Counted(state.found.additions.size(), "object"),
        state.name.empty() ? "the release" : state.name);
    error.hint = "deploy without --strict: additions are left alone";
    for (const std::string& name : AdditionNames(state)) error.details.emplace_back("object", name);
  }
  return error;
}

Status RefuseNamesInTheWay(const LiveState& state, const catalog::Snapshot& proven_after) {
  const std::vector<std::string> names = catalog::NamesInTheWay(proven_after, state.before.live);
  if (names.empty()) return {};
  Error error = MakeError(
      ErrorCode::kNotEmpty,
      fmt::format("the database is fresh, but {} in the way of what the deploy makes; nothing was "
                  "changed",
                  Counted(names.size(), "object") + (names.size() == 1 ? " is" : " are")),
      "drop or rename what is in the way, or deploy to an empty database");
  for (const std::string& name : names) error.details.emplace_back("object", name);
  return error;
}

std::vector<std::string> AdditionNames(const LiveState& state) {
  std::vector<std::string> names;
  for (const catalog::Difference& addition : state.found.additions) {
    names.push_back(catalog::NameOfAddition(addition));
  }
  return names;
}

std::vector<std::string> DriftInWords(const LiveState& state) {
  std::vector<std::string> words;
  for (const catalog::Difference& difference : state.found.drift) {
    words.push_back(catalog::Describe(difference));
  }
  return words;
}

}  // namespace ballast::assess
