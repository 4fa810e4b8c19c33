// SPDX-License-Identifier: Apache-2.0
#include "plan/unseen_changes.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>
#include <variant>

#include "base/text.h"
#include "plan/adoption.h"
#include "plan/steps.h"
#include "release/coverage.h"
#include "release/package.h"
#include "sql/classify.h"
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

// The migrations and hotfixes that the state includes and whose scripts are known, in order.
std::vector<const release::Migration*> CoveredScripts(const Intent& intent,
                                                      const ComparedState& state) {
  std::vector<const release::Migration*> scripts;
  if (const auto* release = std::get_if<ApplyRelease>(&intent)) {
    AddCovered(release->History(), state.covers, scripts);
    AddCovered(release->hotfixes, state.run, scripts);
  } else {
    AddCovered(std::get<FollowHistory>(intent).migrations, state.covers, scripts);
  }
  return scripts;
}

size_t ShownByCatalog(const std::vector<const release::Migration*>& migrations) {
  std::vector<std::string_view> scripts;
  scripts.reserve(migrations.size());
  for (const release::Migration* migration : migrations) scripts.emplace_back(*migration->script);
  return sql::ShownByCatalog(scripts);
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

}  // namespace

std::vector<std::string> UnseenRowChanges(const Intent& intent, const ComparedState& state,
                                          const Observation& observation,
                                          const std::vector<std::string>& foreign) {
  const std::vector<const release::Migration*> scripts = CoveredScripts(intent, state);
  std::vector<const release::Migration*> unseen;
  size_t recorded = 0;  // all of these have run
  for (size_t at = 0; at < scripts.size(); ++at) {
    const std::string& script = *scripts[at]->script;
    if (IsApplied(observation, scripts[at]->name)) {
      recorded = at + 1;
    } else if (sql::AnalyzeScript(script).writes_rows || sql::ChangesOnlyRows(script)) {
      unseen.push_back(scripts[at]);
    }
  }
  if (!unseen.empty() && !HasHotfixes(foreign, observation)) {
    const size_t ran = std::max(recorded, ShownByCatalog(scripts));
    const std::set<const release::Migration*> shown(
        scripts.begin(), scripts.begin() + static_cast<std::ptrdiff_t>(ran));
    std::erase_if(unseen, [&](const auto* migration) { return shown.contains(migration); });
  }
  std::vector<std::string> names;
  names.reserve(unseen.size());
  for (const release::Migration* migration : unseen) names.push_back(migration->name);
  return names;
}

Refusal RefuseUnseenRowChanges(const Intent& intent, const ComparedState& state,
                               std::vector<std::string> unseen) {
  const bool one = unseen.size() == 1;
  Refusal refusal{ErrorCode::kAdoptRefused,
                  fmt::format("{}, but the catalog cannot show whether {} that {} rows {} run",
                              DescribeMatch(state), Counted(unseen.size(), "migration"),
                              one ? "changes" : "change", one ? "has" : "have"),
                  {},
                  {}};
  const auto* release = std::get_if<ApplyRelease>(&intent);
  const std::string end = release != nullptr     ? state.version
                          : state.covers.empty() ? std::string()
                                                 : state.covers.back().name;
  if (release == nullptr || end == release->version) {
    refusal.remedies.push_back(fmt::format("if {} run: ballast deploy --adopt --to {}",
                                           one ? "it has" : "they have", end));
  }
  if (release != nullptr) {
    refusal.remedies.emplace_back(
        "otherwise deploy with --adopt the package of the release that the database came from, "
        "then this one");
  } else if (const std::string before = LastBefore(intent, state, unseen); !before.empty()) {
    refusal.remedies.push_back(
        fmt::format("otherwise: ballast deploy --adopt --to {}; the next deploy runs {}", before,
                    one ? "it" : "them"));
  }
  for (std::string& name : unseen) refusal.evidence.push_back(std::move(name));
  return refusal;
}

}  // namespace ballast::plan
