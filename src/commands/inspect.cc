#include "commands/inspect.h"

#include "commands/proof.h"
#include "commands/surroundings.h"

namespace ballast::commands {
namespace {

Status Fingerprint(const World& world, FingerprintReport& report) {
  postgres::Target target;
  if (!world.database_url.empty()) {
    TRY_ASSIGN(target, postgres::ParseUrl(world.database_url));
  } else {
    TRY_ASSIGN(const Site site, OpenSite(world));
    TRY_ASSIGN(target, TargetOf(site));
  }
  TRY_ASSIGN(const State state, ReadState(target, {}));
  report.database = target.database;
  report.fingerprint = catalog::Fingerprint(state.facts);
  report.layout = catalog::LayoutFingerprint(state.facts);
  report.facts = state.facts.size();
  report.server = state.server;
  return {};
}

Status Diff(const std::string& url_a, const std::string& url_b, DiffReport& report) {
  TRY_ASSIGN(const postgres::Target a, postgres::ParseUrl(url_a));
  TRY_ASSIGN(const postgres::Target b, postgres::ParseUrl(url_b));
  TRY_ASSIGN(const State state_a, ReadState(a, {}));
  TRY_ASSIGN(const State state_b, ReadState(b, {}));
  report.differences = catalog::Diff(state_a.facts, state_b.facts);
  report.equal = report.differences.empty();
  return {};
}

}  // namespace

FingerprintReport CatalogFingerprint(const World& world) {
  FingerprintReport report;
  Status done = Fingerprint(world, report);
  if (!done) report.error = std::move(done).error();
  return report;
}

DiffReport CatalogDiff(const std::string& url_a, const std::string& url_b) {
  DiffReport report;
  Status done = Diff(url_a, url_b, report);
  if (!done) report.error = std::move(done).error();
  return report;
}

}  // namespace ballast::commands
