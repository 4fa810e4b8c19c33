#include "base/sha256.h"
#include "commands/proof.h"
#include "commands/release.h"
#include "commands/surroundings.h"

namespace ballast::commands {
namespace {

Error NoPackage(const Site& site, const Holdings& holdings) {
  const std::string folder = site.project.package.string();
  return MakeError(ErrorCode::kPackageMissing,
                   holdings.package_missing.empty()
                       ? "there is no release package in " + folder
                       : "the package in " + folder + " lacks " + holdings.package_missing,
                   "make it: ballast release create VERSION");
}

// The proof again: the history out of the package, replayed, against the baseline that lies there.
Status ProveAgain(const Site& site, const Holdings& holdings, const World& world,
                  VerifyReport& report) {
  const release::Package& package = *holdings.package;
  TRY_ASSIGN(const std::vector<release::Migration> history, CoveredMigrations(holdings));
  postgres::ScratchOptions scratch;
  scratch.url = world.scratch_url.empty() ? site.project.config.scratch_url : world.scratch_url;
  TRY_ASSIGN(ProofServers servers, StartProofServers(scratch, nullptr, *world.progress));
  TRY_ASSIGN(const std::string setup_script, SetupScriptOf(site));
  const ProofOptions options{{history, setup_script, false, {}, nullptr, nullptr}, 0};
  TRY_ASSIGN(const Proven proven, Prove(servers, options, *world.progress));
  TRY_ASSIGN(const State there, StateOfScript(servers.second, package.Baseline(),
                                              release::kBaselinePath, proven.volatile_rows));
  report.findings = DescribeDifferences(proven.state, there);
  report.fingerprint = catalog::Fingerprint(there.facts);
  if (!report.findings.empty()) {
    return MakeError(ErrorCode::kProofFailed,
                     "the baseline of the package does not give the database of its history",
                     "make the package anew: ballast release create VERSION --replace");
  }
  if (report.fingerprint != package.manifest.fingerprint.catalog) {
    return MakeError(ErrorCode::kProofFailed,
                     "history and baseline agree, but not with the fingerprint of the manifest",
                     "make the package anew: ballast release create VERSION --replace");
  }
  return {};
}

Status Verify(const VerifyOptions& options, const World& world, VerifyReport& report) {
  TRY_ASSIGN(Site site, OpenSite(world));
  site.option_keys = options.trusted_keys;
  report.folder = site.project.package.string();
  TRY_ASSIGN(const Holdings holdings, LoadHoldings(site));
  if (holdings.package_error) return *holdings.package_error;
  if (!holdings.package) return NoPackage(site, holdings);
  report.version = holdings.package->manifest.version;
  report.files = static_cast<int>(holdings.package->manifest.files.size());
  report.unproven = holdings.unproven;
  report.fingerprint = holdings.package->manifest.fingerprint.catalog;
  report.deep = options.deep;
  if (holdings.seal) {
    report.seal_key = holdings.seal->Id();
    report.seal_comment = holdings.seal->trusted_comment;
  }
  report.sealed = !holdings.sealed_by.empty();
  if (holdings.seal_error) return *holdings.seal_error;
  return options.deep ? ProveAgain(site, holdings, world, report) : Status();
}

Status Show(const World& world, ShowReport& report) {
  TRY_ASSIGN(const Site site, OpenSite(world));
  report.folder = site.project.package.string();
  TRY_ASSIGN(const Holdings holdings, LoadHoldings(site));
  if (!holdings.package) {
    return holdings.package_error ? *holdings.package_error : NoPackage(site, holdings);
  }
  report.manifest = holdings.package->manifest;
  for (const release::Migration& hotfix : holdings.package->Hotfixes()) {
    report.hotfixes.push_back(hotfix.name);
  }
  for (const auto& [path, bytes] : holdings.package->files) {
    report.file_sizes[path] = bytes.size();
  }
  if (holdings.package_error) return *holdings.package_error;
  return {};
}

}  // namespace

VerifyReport VerifyRelease(const VerifyOptions& options, const World& world) {
  VerifyReport report;
  Status done = Verify(options, world, report);
  if (!done) report.error = std::move(done).error();
  return report;
}

ShowReport ShowRelease(const World& world) {
  ShowReport report;
  Status done = Show(world, report);
  if (!done) report.error = std::move(done).error();
  return report;
}

}  // namespace ballast::commands
