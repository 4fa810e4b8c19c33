// SPDX-License-Identifier: Apache-2.0
#include "commands/status.h"

#include <fmt/format.h>

#include "apply/verify_catalog.h"
#include "assess/known_state_comparison.h"
#include "base/text.h"
#include "introspect/snapshot_reader.h"
#include "plan/adoption.h"
#include "plan/planner.h"
#include "postgres/connect_with_retry.h"
#include "postgres/observe.h"
#include "project/project_context.h"
#include "proof/earlier_releases.h"
#include "sql/quote.h"
#include "workspace/migrations_folder.h"

namespace ballast::commands {
namespace {

class Look {
 public:
  Look(const StatusOptions& options, const project::Invocation& invocation, StatusReport& report)
      : options_(options), invocation_(invocation), report_(report) {}

  Status Run() {
    const std::future<void> loading = postgres::LoadAhead();
    TRY_ASSIGN(context_, project::LoadProject(invocation_));
    postgres::PendingConnection approach(project::TargetOf(*context_));
    TRY_ASSIGN(plan::Intent intent,
               project::SelectIntent(*context_, {options_.strategy, options_.branch}, artifacts_,
                                     report_));
    NoteLateMerges();
    TRY_ASSIGN(postgres::Session session, approach.Finish({}, *invocation_.progress));
    return At(session, std::move(intent));
  }

 private:
  // Migrations of the project that sort below the cut of the release here and are not in it: its
  // databases lack them, whatever "up to" says.
  void NoteLateMerges() {
    if (!artifacts_.package) return;
    const auto folder = workspace::LoadMigrations(context_->project.migrations);
    if (!folder) return;
    const release::Manifest& manifest = artifacts_.package->manifest;
    const std::vector<std::string> late =
        proof::LateMerges(release::CoverageOf(folder->migrations), manifest.coverage);
    if (late.empty()) return;
    report_.notices.push_back(
        fmt::format("{} migrations sort before the last of {} and are not in it (late merges): {}",
                    late.size(), manifest.version, Join(late, ", ")));
  }

  Status At(postgres::Session& session, plan::Intent intent) {
    postgres::ObserveOptions looking;
    looking.lock = false;
    looking.schemas = project::FurtherSchemas(*context_, intent);
    TRY_ASSIGN(plan::Observation observation,
               postgres::Observe(session, looking, *invocation_.progress));
    if (plan::NeedsHistory(intent, observation)) {
      TRY_ASSIGN(std::get<plan::ApplyRelease>(intent).history,
                 project::CoveredMigrations(artifacts_));
    }
    TRY(project::InspectStepUnderWay(intent, session, observation));
    TRY(assess::InspectFailures(intent, artifacts_, session, observation));
    TRY(assess::CompareStates(intent, artifacts_, session, observation));
    const std::string nearest = plan::NearestInWords(observation);
    if (!nearest.empty()) report_.notices.push_back(nearest);
    plan::Decision decision = plan::Decide(intent, observation, {});
    TRY(assess::ExplainUnknownBaseline(intent, artifacts_, session, observation, decision));
    report_.found = plan::NameOf(decision.found);
    report_.pending = decision.pending;
    report_.unknown = decision.unknown;
    report_.notices.insert(report_.notices.end(), decision.notices.begin(), decision.notices.end());
    report_.failures = assess::FailureLines(observation);
    for (const assess::FailureLine& line : report_.failures) report_.failed.push_back(line.name);
    if (const plan::Refusal* refusal = decision.refusal()) {
      report_.refusal = MakeError(refusal->code, refusal->message);
      report_.evidence = refusal->evidence;
      report_.remedies = refusal->remedies;
    } else if (!decision.pending.empty()) {
      report_.remedies = {"bring it forward: ballast deploy"};
    }
    const release::FingerprintRecord* expected =
        decision.found == plan::Found::kCurrent ? project::ProvenEnd(intent) : nullptr;
    return expected == nullptr ? Status() : Compare(session, observation, *expected);
  }

  Status Compare(postgres::Session& session, const plan::Observation& observation,
                 const release::FingerprintRecord& expected) {
    // Settings of one transaction: through a pooler others would inherit a session's.
    TRY(session.Query("BEGIN READ ONLY; SET LOCAL jit = off; SET LOCAL search_path = " +
                      sql::QuoteIdentifier(observation.schema)));
    TRY_ASSIGN(const auto live, introspect::ReadSnapshot(session, apply::ScopeOf(expected)));
    TRY(session.Query("COMMIT"));
    report_.fingerprint_expected = expected.catalog;
    report_.fingerprint_actual = catalog::Fingerprint(live.snapshot);
    if (report_.fingerprint_actual == report_.fingerprint_expected) return {};
    report_.remedies = {"see what differs and decide: ballast schema check"};
    TRY_ASSIGN(const catalog::Snapshot proven,
               project::ProvenSnapshot(artifacts_, expected.catalog));
    if (proven.empty()) {
      report_.differences = {"the live catalog is not the proven one"};
      return {};
    }
    for (const catalog::Difference& difference : catalog::Diff(proven, live.snapshot)) {
      report_.differences.push_back(catalog::Describe(difference));
    }
    return {};
  }

  const StatusOptions& options_;
  const project::Invocation& invocation_;
  StatusReport& report_;
  std::optional<project::ProjectContext> context_;
  project::Artifacts artifacts_;
};

}  // namespace

StatusReport ReadStatus(const StatusOptions& options, const project::Invocation& invocation) {
  StatusReport report;
  Status done = Look(options, invocation, report).Run();
  if (!done) report.error = std::move(done).error();
  return report;
}

}  // namespace ballast::commands
