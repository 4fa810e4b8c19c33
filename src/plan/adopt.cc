#include "plan/adopt.h"

#include <fmt/format.h>

#include "plan/steps.h"

namespace ballast::plan {
namespace {

constexpr char kReason[] = "it is recorded only if it is the proven one";

void AdoptRelease(const ApplyRelease& release, Plan& plan, Decision& decision) {
  plan.steps.push_back({VerifyCatalog{release.fingerprint, false, {}}, kReason});
  plan.steps.push_back({RecordRun{{{release.baseline.name, release.baseline.checksum}}},
                        fmt::format("as release {}", release.version)});
  AddScripts(plan, release.hotfixes, {.reason = "a hotfix of the package"});
  decision.pending = NamesOf(release.hotfixes);
}

void AdoptBaseline(const FollowHistory& intent, Plan& plan, Decision& decision) {
  plan.steps.push_back({VerifyCatalog{intent.baseline->fingerprint, false, {}}, kReason});
  plan.steps.push_back({RecordResolved{intent.baseline->coverage}, "the baseline covers them"});
  std::vector<release::Migration> pending;
  for (const release::Migration& migration : intent.migrations) {
    if (!release::Covers(intent.baseline->coverage, migration.name)) pending.push_back(migration);
  }
  decision.pending = NamesOf(pending);
  AddScripts(plan, pending, {.reason = "pending"});
}

Refusal NothingToCompareWith() {
  return {ErrorCode::kAdoptRefused,
          "the project knows no proven state that the database could be compared with",
          {},
          {"make one: ballast baseline create", "then: ballast deploy --adopt"}};
}

}  // namespace

Decision Adopt(const Intent& intent, const Observation& observation) {
  Decision decision;
  decision.found = Found::kForeign;
  Plan plan;
  AddGround(plan, observation);
  if (const auto* release = std::get_if<ApplyRelease>(&intent)) {
    AdoptRelease(*release, plan, decision);
  } else if (const auto& history = std::get<FollowHistory>(intent); history.baseline) {
    AdoptBaseline(history, plan, decision);
  } else {
    decision.answer = NothingToCompareWith();
    return decision;
  }
  decision.answer = std::move(plan);
  return decision;
}

}  // namespace ballast::plan
