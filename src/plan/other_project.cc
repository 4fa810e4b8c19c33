// SPDX-License-Identifier: Apache-2.0
#include "plan/other_project.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <tuple>

#include "base/text.h"
#include "plan/adoption.h"
#include "plan/newer_release.h"
#include "plan/steps.h"
#include "release/coverage.h"

namespace ballast::plan {
namespace {

using Migrations = std::vector<release::Migration>;
constexpr char kRestoreIt[] =
    "if it is the database of this project: restore it from a backup, or deploy to an empty "
    "database";

using Answer = std::optional<std::variant<Refusal, Need>>;

// Of the applied migrations in these lists, all if each was applied with another script; else none.
Migrations AllEdited(const std::vector<const Migrations*>& lists, const Observation& observation) {
  const std::set<std::string_view> applied = AppliedNames(observation);
  size_t shared = 0;
  Migrations edited;
  for (const Migrations* list : lists) {
    shared += static_cast<size_t>(std::ranges::count_if(
        *list, [&](const auto& migration) { return applied.contains(migration.name); }));
    Migrations more = EditedAmong(*list, observation);
    std::move(more.begin(), more.end(), std::back_inserter(edited));
  }
  if (shared != edited.size()) edited.clear();
  return edited;
}

// The same where only the checksums are known.
Migrations AllEdited(const release::Coverage& covered, const Observation& observation) {
  Migrations edited;
  for (const release::CoveredMigration& migration : covered) {
    const MigrationRow* row = AppliedRow(observation, migration.name);
    if (row == nullptr) continue;
    if (row->checksum == migration.checksum) return {};
    edited.push_back({migration.name, {}, migration.checksum});
  }
  return edited;
}

// Whether the database is like a known state, without tables that this state does not have. Also if
// no state shows what it consists of.
bool IsKnownStateAlone(const Observation& observation) {
  if (!ResemblesKnownState(observation)) return false;
  bool resembles = false;
  for (const ComparedState& state : observation.compared) {
    if (!Resembles(state)) continue;
    if (state.other_tables.empty()) return true;
    resembles = true;
  }
  return !resembles;
}

// The state that the database is most like.
const ComparedState& Nearest(const Observation& observation) {
  const auto likeness = [](const ComparedState& state) {
    return std::tuple(Resembles(state), !state.schema_only && state.objects > 0, state.as_proven);
  };
  return *std::ranges::max_element(observation.compared, {}, likeness);
}

// `why`: "it was …, and", before what the catalog shows.
Refusal Refused(const std::string& why, std::string shows) {
  Refusal refusal;
  refusal.message = fmt::format("the database seems to be that of another project: {}, and {}", why,
                                std::move(shows));
  refusal.remedies = {kCheckUrl};
  refusal.is_other_project = true;
  return refusal;
}

std::string OtherScripts(const Migrations& applied) {
  const bool one = applied.size() == 1;
  return fmt::format("its {} ({}) {} applied with {} than this project's",
                     one ? "migration of the same name"
                         : Counted(applied.size(), "migration") + " of the same names",
                     JoinSome(NamesOf(applied)), one ? "was" : "were",
                     one ? "another script" : "other scripts");
}

std::string FewOf(size_t has, size_t all) {
  return fmt::format("{} of the {} objects",
                     has == 0 ? std::string("none") : fmt::format("only {}", has), all);
}

// Refused because of the comparison with the known states. `own`: what to do if it is the database
// of this project; or empty.
Refusal RefusedByCatalog(const std::string& why, const std::string& own,
                         const Observation& observation) {
  const ComparedState& nearest = Nearest(observation);
  const bool lacks = !Resembles(nearest);
  Refusal refusal = Refused(
      why, lacks ? fmt::format("it has {} of {}", FewOf(nearest.as_proven, nearest.objects),
                               nearest.name)
                 : fmt::format("it has {} that {} does not have",
                               Counted(nearest.other_tables.size(), "table"), nearest.name));
  if (lacks) {
    refusal.evidence = NearestStates(observation);
  } else {
    refusal.evidence = nearest.other_tables;
  }
  if (!own.empty()) {
    refusal.remedies.push_back("if it is the database of this project, record its state: " + own);
  } else if (lacks) {
    refusal.remedies.emplace_back(kRestoreIt);
  }
  return refusal;
}

std::string AdoptionFor(const Policy& policy) {
  if (policy.adopt) return {};
  return policy.asks_owner ? "ballast deploy --adopt --allow-drift; then run the command again"
                           : "ballast deploy --adopt";
}

// ---- rows of the same names -------------------------------------------------------------------

// B501 if the database lacks most of the tables, views, types and functions that these scripts
// create.
std::optional<Refusal> RefuseByScriptObjects(const Migrations& applied,
                                             const Observation& observation, const Policy& policy) {
  const ScriptObjects& objects = *observation.script_objects;
  if (objects.missing.size() <= objects.present.size()) return std::nullopt;
  const size_t all = objects.present.size() + objects.missing.size();
  const std::string lacks =
      all == 1 ? "lacks the object" : "has " + FewOf(objects.present.size(), all);
  Refusal refusal =
      Refused(OtherScripts(applied),
              fmt::format("it {} that {}", lacks,
                          applied.size() == 1 ? "this script creates" : "these scripts create"));
  for (const std::string& object : objects.missing) {
    refusal.evidence.push_back(object + " does not exist");
  }
  refusal.remedies.emplace_back(
      policy.asks_owner
          ? "if it is the database of this project: check out the version of the project that has "
            "the applied scripts, then run the command again"
          : "if it is the database of this project: ballast deploy --allow-drift");
  return refusal;
}

Answer OtherRows(const FollowHistory& intent, const Observation& observation,
                 const Policy& policy) {
  if (policy.allow_drift && !policy.asks_owner) return std::nullopt;
  if (RowOfRelease(intent, observation) != nullptr) return std::nullopt;
  const Migrations applied = AppliedWithOtherScripts(intent, observation);
  if (applied.empty()) return std::nullopt;
  if (!observation.script_objects) return Need::kScriptObjects;
  if (auto refusal = RefuseByScriptObjects(applied, observation, policy)) return refusal;
  return std::nullopt;
}

Answer OtherRows(const ApplyRelease& release, const Observation& observation,
                 const Policy& policy) {
  if (RowOfRelease(release, observation) != nullptr) return std::nullopt;
  Migrations applied = AppliedWithOtherScripts(release, observation);
  if (applied.empty()) return std::nullopt;
  if (!release.history) return Need::kHistory;  // line endings do not count
  if (observation.compared_with == Compared::kNothing) return Need::kComparison;
  const bool is_own =
      policy.adopt ? ResemblesKnownState(observation) : IsKnownStateAlone(observation);
  if (is_own) return std::nullopt;
  if (policy.adopt && observation.compared_with != Compared::kAllStates) {
    return Need::kHistoryPoints;
  }
  return RefusedByCatalog(OtherScripts(applied), AdoptionFor(policy), observation);
}

// ---- no row says whose it is --------------------------------------------------------------------

const ApplyRelease* ReleaseOf(const Intent& intent) {
  if (const auto* release = std::get_if<ApplyRelease>(&intent)) return release;
  const auto& history = std::get<FollowHistory>(intent);
  return history.release ? &*history.release : nullptr;
}

bool KnowsBaseline(const ApplyRelease* release, const MigrationRow& row,
                   const Observation& observation) {
  if (release == nullptr) return false;
  const bool known = release->baseline.checksum == row.checksum ||
                     std::ranges::any_of(release->previous, [&](const auto& previous) {
                       return previous.baseline_checksum == row.checksum;
                     });
  return known || AtNewerRelease(*release, observation, row.checksum).has_value();
}

Answer UnknownRelease(const Intent& intent, const Observation& observation, const Policy& policy) {
  const MigrationRow* row = RowOfRelease(intent, observation);
  if (row == nullptr || KnowsBaseline(ReleaseOf(intent), *row, observation)) return std::nullopt;
  const bool asked = policy.asks_owner || std::holds_alternative<ApplyRelease>(intent);
  if (!asked || policy.adopt) return std::nullopt;
  if (observation.compared_with == Compared::kNothing) return Need::kComparison;
  const bool is_own =
      policy.asks_owner ? IsKnownStateAlone(observation) : ResemblesKnownState(observation);
  if (is_own) return std::nullopt;
  return RefusedByCatalog("it was deployed from a release that this project does not know",
                          AdoptionFor(policy), observation);
}

Answer NoRows(const Observation& observation, const Policy& policy) {
  if (!policy.asks_owner || HasLiveRows(observation)) return std::nullopt;
  if (observation.object_count == 0) return std::nullopt;  // fresh
  if (observation.compared_with == Compared::kNothing) return Need::kComparison;
  if (ResemblesKnownState(observation)) return std::nullopt;
  return RefusedByCatalog("no row of _prisma_migrations says whose it is", AdoptionFor(policy),
                          observation);
}

}  // namespace

std::vector<release::Migration> AppliedWithOtherScripts(const Intent& intent,
                                                        const Observation& observation) {
  if (const auto* history = std::get_if<FollowHistory>(&intent)) {
    std::vector<const Migrations*> lists = {&history->migrations};
    if (history->squash) lists.push_back(&history->squash->history);
    return AllEdited(lists, observation);
  }
  const auto& release = std::get<ApplyRelease>(intent);
  if (release.History().empty()) return AllEdited(release.coverage, observation);
  return AllEdited(std::vector<const Migrations*>{&release.History(), &release.hotfixes},
                   observation);
}

std::optional<std::variant<Refusal, Need>> AskOwner(const Intent& intent,
                                                    const Observation& observation,
                                                    const Policy& policy) {
  const Answer by_rows =
      std::visit([&](const auto& of) { return OtherRows(of, observation, policy); }, intent);
  if (by_rows) return by_rows;
  if (auto answer = UnknownRelease(intent, observation, policy)) return answer;
  return NoRows(observation, policy);
}

std::vector<std::string> RemediesIfAllIsMissing() {
  return {kCheckUrl, kRestoreIt};
}

std::optional<Refusal> RefuseOtherRows(const std::vector<release::Migration>& history,
                                       const release::Coverage& covered,
                                       const Observation& observation) {
  if (AllEdited(covered, observation).empty()) return std::nullopt;
  const Migrations applied = history.empty()
                                 ? AllEdited(covered, observation)
                                 : AllEdited(std::vector<const Migrations*>{&history}, observation);
  if (applied.empty() || IsKnownStateAlone(observation)) return std::nullopt;
  return RefusedByCatalog(OtherScripts(applied), "ballast deploy --adopt --strategy release",
                          observation);
}

}  // namespace ballast::plan
