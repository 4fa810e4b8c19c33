#include "plan/adopt.h"

#include <fmt/format.h>

#include "plan/steps.h"

namespace ballast::plan {
namespace {

constexpr char kReason[] = "it is recorded only if it is the proven one";

// What is recorded, and the scripts that run after it.
struct Adoption {
  std::vector<Step> steps;
  std::vector<release::Migration> scripts;
  std::string reason;  // of the scripts
};

Adoption AdoptRelease(const ApplyRelease& release) {
  return {{{VerifyCatalog{release.fingerprint, false, {}}, kReason},
           {RecordRun{{{release.baseline.name, release.baseline.checksum}}},
            fmt::format("as release {}", release.version)}},
          release.hotfixes,
          "a hotfix of the package"};
}

Adoption AdoptBaseline(const FollowHistory& intent) {
  Adoption adoption{{{VerifyCatalog{intent.baseline->fingerprint, false, {}}, kReason},
                     {RecordResolved{intent.baseline->coverage}, "the baseline covers them"}},
                    {},
                    "pending"};
  for (const release::Migration& migration : intent.migrations) {
    if (release::Covers(intent.baseline->coverage, migration.name)) continue;
    adoption.scripts.push_back(migration);
  }
  return adoption;
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
  Adoption adoption;
  if (const auto* release = std::get_if<ApplyRelease>(&intent)) {
    adoption = AdoptRelease(*release);
  } else if (const auto& history = std::get<FollowHistory>(intent); history.baseline) {
    adoption = AdoptBaseline(history);
  } else {
    decision.answer = NothingToCompareWith();
    return decision;
  }
  decision.pending = NamesOf(adoption.scripts);
  if (const release::Migration* missing = FirstWithoutScript(adoption.scripts)) {
    decision.answer = MissingScript(*missing);
    return decision;
  }
  Plan plan;
  AddGround(plan, observation);
  for (Step& step : adoption.steps) plan.steps.push_back(std::move(step));
  AddScripts(plan, adoption.scripts, {.reason = std::move(adoption.reason)});
  decision.answer = std::move(plan);
  return decision;
}

}  // namespace ballast::plan
