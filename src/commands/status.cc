#include "commands/status.h"

#include <fmt/format.h>

#include "apply/verify_catalog.h"
#include "base/text.h"
#include "commands/adoption.h"
#include "commands/earlier_releases.h"
#include "commands/reach.h"
#include "commands/surroundings.h"
#include "plan/adopt.h"
#include "plan/planner.h"
#include "postgres/facts_reader.h"
#include "postgres/observe.h"
#include "sql/quote.h"
#include "workspace/migrations_folder.h"

namespace ballast::commands {
namespace {

class Look {
 public:
  Look(const StatusOptions& options, const World& world, StatusReport& report)
      : options_(options), world_(world), report_(report) {}

  Status Run() {
    const std::future<void> loading = postgres::LoadAhead();
    TRY_ASSIGN(site_, OpenSite(world_));
    Approach approach(TargetOf(*site_));
    TRY_ASSIGN(plan::Intent intent,
               ChooseIntent(*site_, {options_.strategy, options_.branch}, holdings_, report_));
    NoteLateMerges();
    TRY_ASSIGN(postgres::Session session, approach.Finish({}, *world_.progress));
    return At(session, std::move(intent));
  }

 private:
  // Migrations of the project that sort below the cut of the release here and are not in it: its
  // databases lack them, whatever "up to" says.
  void NoteLateMerges() {
    if (!holdings_.package) return;
    const auto folder = workspace::LoadMigrations(site_->project.migrations);
    if (!folder) return;
    const release::Manifest& manifest = holdings_.package->manifest;
    const std::vector<std::string> late =
        LateMerges(release::CoverageOf(folder->migrations), manifest.coverage);
    if (late.empty()) return;
    report_.notices.push_back(
        fmt::format("{} migrations sort before the last of {} and are not in it (late merges): {}",
                    late.size(), manifest.version, Join(late, ", ")));
  }

  Status At(postgres::Session& session, plan::Intent intent) {
    postgres::ObserveOptions looking;
    looking.lock = false;
    looking.schemas = FurtherSchemas(*site_, intent);
    TRY_ASSIGN(plan::Observation observation,
               postgres::Observe(session, looking, *world_.progress));
    if (plan::NeedsHistory(intent, observation)) {
      TRY_ASSIGN(std::get<plan::ApplyRelease>(intent).history, CoveredMigrations(holdings_));
    }
    TRY(LookAtStep(intent, session, observation));
    TRY(LookAtFailures(intent, holdings_, session, observation));
    TRY(CompareStates(intent, holdings_, session, observation));
    const std::string nearest = plan::NearestInWords(observation);
    if (!nearest.empty()) report_.notices.push_back(nearest);
    plan::Decision decision = plan::Decide(intent, observation, {});
    TRY(ExplainUnknownBaseline(intent, holdings_, session, observation, decision));
    report_.found = plan::NameOf(decision.found);
    report_.pending = decision.pending;
    report_.unknown = decision.unknown;
    report_.notices.insert(report_.notices.end(), decision.notices.begin(), decision.notices.end());
    report_.failures = FailureLines(observation);
    for (const FailureLine& line : report_.failures) report_.failed.push_back(line.name);
    if (const plan::Refusal* refusal = decision.refusal()) {
      report_.refusal = MakeError(refusal->code, refusal->message);
      report_.evidence = refusal->evidence;
      report_.remedies = refusal->remedies;
    } else if (!decision.pending.empty()) {
      report_.remedies = {"bring it forward: ballast deploy"};
    }
    const release::FingerprintRecord* expected =
        decision.found == plan::Found::kCurrent ? ProvenEnd(intent) : nullptr;
    return expected == nullptr ? Status() : Compare(session, observation, *expected);
  }

  Status Compare(postgres::Session& session, const plan::Observation& observation,
                 const release::FingerprintRecord& expected) {
    // Settings of one transaction: through a pooler others would inherit a session's.
    TRY(session.Query("BEGIN READ ONLY; SET LOCAL jit = off; SET LOCAL search_path = " +
                      sql::QuoteIdentifier(observation.schema)));
    TRY_ASSIGN(const auto live, postgres::ReadFacts(session, apply::ScopeOf(expected)));
    TRY(session.Query("COMMIT"));
    report_.fingerprint_expected = expected.catalog;
    report_.fingerprint_actual = catalog::Fingerprint(live.facts);
    if (report_.fingerprint_actual == report_.fingerprint_expected) return {};
    report_.remedies = {"see what differs and decide: ballast schema check"};
    TRY_ASSIGN(const catalog::Facts proven, ProvenFacts(holdings_, expected.catalog));
    if (proven.empty()) {
      report_.differences = {"the live catalog is not the proven one"};
      return {};
    }
    for (const catalog::Difference& difference : catalog::Diff(proven, live.facts)) {
      report_.differences.push_back(catalog::Describe(difference));
    }
    return {};
  }

  const StatusOptions& options_;
  const World& world_;
  StatusReport& report_;
  std::optional<Site> site_;
  Holdings holdings_;
};

}  // namespace

StatusReport ReadStatus(const StatusOptions& options, const World& world) {
  StatusReport report;
  Status done = Look(options, world, report).Run();
  if (!done) report.error = std::move(done).error();
  return report;
}

}  // namespace ballast::commands
