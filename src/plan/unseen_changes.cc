// SPDX-License-Identifier: Apache-2.0
#include "plan/unseen_changes.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <string_view>
#include <variant>

#include "base/shell_word.h"
#include "base/text.h"
#include "plan/adoption.h"
#include "plan/follow_squash.h"
#include "plan/steps.h"
#include "release/coverage.h"
#include "release/package.h"
#include "sql/cluster_changes.h"
#include "sql/row_changes.h"

namespace ballast::plan {
namespace {

void AddCovered(const std::vector<release::Migration>& migrations,
                const release::Coverage& coverage,
                std::vector<const release::Migration*>& scripts) {
  const std::set<std::string_view> covered = release::CoveredNames(coverage);
  for (const release::Migration& migration : migrations) {
    if (migration.script && covered.contains(migration.name)) scripts.push_back(&migration);
  }
}

const std::optional<SquashedHistory>& SquashOf(const Intent& intent) {
  const auto* history = std::get_if<FollowHistory>(&intent);
  return history != nullptr ? history->squash : std::get<ApplyRelease>(intent).squash;
}

// The migrations and hotfixes that the state includes and whose scripts are known, in order.
std::vector<const release::Migration*> CoveredScripts(const Intent& intent,
                                                      const ComparedState& state) {
  std::vector<const release::Migration*> scripts;
  const std::optional<SquashedHistory>& squash = SquashOf(intent);
  const release::Coverage covers = Unsquashed(squash, state.covers);
  if (squash) AddCovered(squash->history, covers, scripts);
  if (const auto* release = std::get_if<ApplyRelease>(&intent)) {
    AddCovered(release->History(), covers, scripts);
    AddCovered(release->hotfixes, state.run, scripts);
  } else {
    AddCovered(std::get<FollowHistory>(intent).migrations, covers, scripts);
  }
  return scripts;
}

// What the squash of the project has replaced.
std::set<std::string_view> SquashedBy(const Intent& intent) {
  std::set<std::string_view> names;
  const std::optional<SquashedHistory>& squash = SquashOf(intent);
  if (!squash) return names;
  for (const release::Migration& migration : squash->history) names.insert(migration.name);
  return names;
}

bool HasRowOfSquash(const Intent& intent, const Observation& observation) {
  const std::optional<SquashedHistory>& squash = SquashOf(intent);
  return squash && IsApplied(observation, squash->record.name);
}

using Scripts = std::vector<const release::Migration*>;

std::vector<std::string_view> TextsOf(const Scripts& migrations) {
  std::vector<std::string_view> scripts;
  scripts.reserve(migrations.size());
  for (const release::Migration* migration : migrations) scripts.emplace_back(*migration->script);
  return scripts;
}

bool LookAlike(const ComparedState& one, const ComparedState& other) {
  return one.equal == other.equal && one.contained == other.contained &&
         one.additions == other.additions && one.differences.size() == other.differences.size();
}

// The migrations that every database with the catalog of `state` has run; empty optional: no point
// of the history has been compared that looks like it.
std::optional<std::set<std::string_view>> ShownByPoints(const ComparedState& state,
                                                        const Observation& observation) {
  std::optional<std::set<std::string_view>> shown;
  for (const ComparedState& point : observation.compared) {
    if (!point.shown || !LookAlike(point, state)) continue;
    std::set<std::string_view> names;
    for (const release::Coverage* coverage : {&point.covers, &point.run}) {
      for (const release::CoveredMigration& migration : *coverage) {
        const bool counts = migration.name != release::kBaselineName;
        if (counts && names.size() < *point.shown) names.insert(migration.name);
      }
    }
    if (!shown || names.size() < shown->size()) shown = std::move(names);
  }
  return shown;
}

bool HasHotfixes(const std::vector<std::string>& foreign, const Observation& observation) {
  return IsApplied(observation, release::kBaselineName) &&
         std::any_of(foreign.begin(), foreign.end(),
                     [](const std::string& name) { return name != release::kBaselineName; });
}

// The name of the last covered migration before all of `unseen`; empty if there is none.
std::string LastBefore(const Intent& intent, const ComparedState& state,
                       const std::vector<std::string>& unseen) {
  std::string last;
  for (const release::Migration* migration : CoveredScripts(intent, state)) {
    if (migration->name == unseen.front()) break;
    last = migration->name;
  }
  return last;
}

// What the migrations change that a catalog does not show.
std::string_view UnseenContentsOf(const Intent& intent, const ComparedState& state,
                                  const std::vector<std::string>& unseen) {
  const Scripts scripts = CoveredScripts(intent, state);
  const bool cluster = std::ranges::any_of(scripts, [&](const release::Migration* migration) {
    return std::ranges::find(unseen, migration->name) != unseen.end() &&
           sql::ChangesCluster(*migration->script);
  });
  return cluster ? "rows, or the server (roles, their memberships and settings, …)," : "rows";
}

// Migrations with a row have run, and so have all before the last of them.
struct Candidates {
  Scripts scripts;
  Scripts unseen;  // of these, the ones that can change contents and have no row
  size_t recorded = 0;
  sql::CatalogTraces traces;  // of `scripts`
  std::set<std::string_view> squashed;
};

Candidates CandidatesOf(const Intent& intent, Scripts scripts, const Observation& observation) {
  Candidates found;
  found.traces = sql::TracesOf(TextsOf(scripts));
  found.squashed = SquashedBy(intent);
  const bool ran = HasRowOfSquash(intent, observation);
  found.scripts = std::move(scripts);
  for (size_t at = 0; at < found.scripts.size(); ++at) {
    const std::string& name = found.scripts[at]->name;
    if (IsApplied(observation, name) || (ran && found.squashed.contains(name))) {
      found.recorded = at + 1;
    } else if (found.traces.may_change_contents[at]) {
      found.unseen.push_back(found.scripts[at]);
    }
  }
  return found;
}

Scripts After(const Candidates& candidates, size_t shown) {
  const auto ran = std::max(candidates.recorded, shown);
  const std::set<const release::Migration*> have_run(
      candidates.scripts.begin(), candidates.scripts.begin() + static_cast<std::ptrdiff_t>(ran));
  Scripts unseen = candidates.unseen;
  std::erase_if(unseen, [&](const auto* migration) { return have_run.contains(migration); });
  return unseen;
}

std::vector<std::string> NamesOfScripts(const Scripts& scripts) {
  std::vector<std::string> names;
  names.reserve(scripts.size());
  for (const release::Migration* migration : scripts) names.push_back(migration->name);
  return names;
}

}  // namespace

std::variant<std::vector<std::string>, Need> UnseenRowChanges(
    const Intent& intent, const ComparedState& state, const Observation& observation,
    const std::vector<std::string>& foreign) {
  const Candidates found = CandidatesOf(intent, CoveredScripts(intent, state), observation);
  if (found.unseen.empty() || HasHotfixes(foreign, observation)) {
    return NamesOfScripts(found.unseen);
  }
  Scripts unseen = After(found, found.traces.shown_by_objects);
  if (unseen.empty()) return std::vector<std::string>{};
  if (observation.compared_with != Compared::kAllStates) return Need::kHistoryPoints;
  const std::vector<std::string> undefined =
      NamesOfScripts(After(found, found.traces.shown_by_definitions));
  const auto shown = ShownByPoints(state, observation);
  if (!shown) return undefined;
  // What a squash has replaced has no points of the history.
  std::erase_if(unseen, [&](const release::Migration* migration) {
    const std::string& name = migration->name;
    return found.squashed.contains(name) ? std::ranges::find(undefined, name) == undefined.end()
                                         : shown->contains(name);
  });
  return NamesOfScripts(unseen);
}

std::vector<std::string> UncomparedServerChanges(const Intent& intent, const ComparedState& state) {
  std::vector<std::string> names;
  for (const release::Migration* migration : CoveredScripts(intent, state)) {
    if (sql::ChangesCluster(*migration->script)) names.push_back(migration->name);
  }
  return names;
}

Refusal RefuseUnseenRowChanges(const Intent& intent, const ComparedState& state,
                               std::vector<std::string> unseen) {
  const bool one = unseen.size() == 1;
  Refusal refusal{ErrorCode::kAdoptRefused,
                  fmt::format("{}, but the catalog cannot show whether {} that {} {} {} run",
                              DescribeMatch(state), Counted(unseen.size(), "migration"),
                              one ? "changes" : "change", UnseenContentsOf(intent, state, unseen),
                              one ? "has" : "have"),
                  {},
                  {}};
  const auto* release = std::get_if<ApplyRelease>(&intent);
  const std::string end = release != nullptr     ? state.version
                          : state.covers.empty() ? std::string()
                                                 : state.covers.back().name;
  if (release == nullptr || end == release->version) {
    refusal.remedies.push_back(fmt::format("if {} run: ballast deploy --adopt --to {}",
                                           one ? "it has" : "they have", ShellWord(end)));
  }
  if (release != nullptr) {
    refusal.remedies.emplace_back(
        "otherwise deploy with --adopt the package of the release that the database came from, "
        "then this one");
  } else if (const std::string before = LastBefore(intent, state, unseen); !before.empty()) {
    const bool squashed = SquashedBy(intent).contains(unseen.front());
    refusal.remedies.push_back(
        squashed
            ? fmt::format("otherwise, at the last commit before the squash: ballast deploy --adopt "
                          "--to {}; then deploy this commit",
                          ShellWord(before))
            : fmt::format("otherwise: ballast deploy --adopt --to {}; the next deploy runs {}",
                          ShellWord(before), one ? "it" : "them"));
  }
  for (std::string& name : unseen) refusal.evidence.push_back(std::move(name));
  return refusal;
}

}  // namespace ballast::plan
