#include "commands/hotfix.h"

#include <fmt/format.h>

#include <cctype>
#include <ctime>

#include "base/text.h"
#include "commands/proof.h"
#include "commands/release_store.h"
#include "commands/surroundings.h"
#include "commands/trust.h"
#include "release/seal.h"
#include "workspace/files.h"
#include "workspace/package_store.h"

namespace ballast::commands {
namespace {

Result<release::Package> WholePackage(const Site& site, HotfixReport& report) {
  MendStored(site, report.notices);
  TRY_ASSIGN(release::Package package, workspace::LoadPackage(site.project.package));
  TRY(release::VerifyPackage(package, nullptr));
  return package;
}

// As `prisma migrate dev` names folders: the time, then the name in lower case with underlines.
std::string FolderName(const std::string& name) {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::string folder =
      fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}_", utc.tm_year + 1900, utc.tm_mon + 1,
                  utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
  for (const char c : name) {
    const auto letter = static_cast<unsigned char>(c);
    folder += std::isalnum(letter) != 0 ? static_cast<char>(std::tolower(letter)) : '_';
  }
  return folder;
}

Status RunIn(const postgres::ScratchDatabase& database, const std::string& name,
             const std::string& script) {
  TRY_ASSIGN(postgres::Session session, database.Connect());
  const postgres::Outcome outcome = session.Run(script);
  if (!outcome.error) return {};
  Error error = MakeError(ErrorCode::kProofFailed,
                          fmt::format("{} does not run after the baseline: {} (SQLSTATE {})", name,
                                      outcome.error->message, outcome.error->sqlstate),
                          "mend the script, then: ballast hotfix seal", {name, 0});
  error.details.emplace_back("sqlstate", outcome.error->sqlstate);
  return error;
}

// The key that the package's own seal is renewed with; nothing where it has none and none is given.
Result<std::optional<release::SecretKey>> KeyFor(const release::Package& package,
                                                 const HotfixOptions& options, const World& world) {
  std::optional<release::SecretKey> key;
  if (!options.sign_key.empty()) {
    TRY_ASSIGN(key, ReadSignKey(world, options.sign_key));
    return key;
  }
  TRY_ASSIGN(const auto seal, release::SealOf(package));
  if (!seal) return key;
  return MakeError(ErrorCode::kSealInvalid,
                   fmt::format("the package is sealed by key {}, and with a hotfix it needs a new "
                               "seal; nothing was changed",
                               seal->Id()),
                   "name the secret key: --sign-key FILE", {release::kSealPath, 0});
}

Status Seal(const Site& site, release::Package package,
            const std::optional<release::SecretKey>& key, const World& world,
            HotfixReport& report) {
  postgres::ScratchOptions scratch;
  scratch.url = world.scratch_url.empty() ? site.project.config.scratch_url : world.scratch_url;
  TRY_ASSIGN(postgres::ScratchServer server,
             postgres::ScratchServer::Start(scratch, *world.progress));
  TRY_ASSIGN(const postgres::ScratchDatabase database, server.CreateDatabase("hotfix"));
  TRY(RunIn(database, release::kBaselineName, package.Baseline()));
  const std::vector<release::Migration> hotfixes = package.Hotfixes();
  for (const release::Migration& hotfix : hotfixes) {
    if (!hotfix.script) {
      return MakeError(ErrorCode::kMissingScript, hotfix.name + " has no migration.sql",
                       "write it, or delete the folder", {hotfix.name, 0});
    }
    TRY(RunIn(database, hotfix.name, *hotfix.script));
  }
  TRY_ASSIGN(const State state, ReadState(database.target(), {}));
  release::Manifest& manifest = package.manifest;
  TRY_ASSIGN(manifest.with_hotfixes, FingerprintRecordOf(database, state));
  package.files[release::kHotfixFactsPath] = catalog::RenderFacts(state.facts);
  manifest.version =
      fmt::format("{}+hotfix.{}", manifest.version.substr(0, manifest.version.find("+hotfix.")),
                  hotfixes.size());
  release::CompletePackage(&package);
  if (key) {
    release::SealPackage(&package, *key);
    report.sealed_by = key->Public().Id();
  }
  TRY(workspace::StorePackage(site.project.package, package));
  report.version = manifest.version;
  report.sealed = true;
  report.fingerprint = manifest.with_hotfixes.catalog;
  for (const release::Migration& hotfix : hotfixes) report.hotfixes.push_back(hotfix.name);
  return {};
}

Status New(const HotfixOptions& options, const World& world, HotfixReport& report) {
  TRY_ASSIGN(const Site site, OpenSite(world));
  TRY_ASSIGN(release::Package package, WholePackage(site, report));
  std::optional<release::SecretKey> key;
  if (!options.sql_file.empty()) {
    TRY_ASSIGN(key, KeyFor(package, options, world));
  }
  std::string script = fmt::format("-- Hotfix of {}: {}\n", package.manifest.version, options.name);
  if (!options.sql_file.empty()) {
    TRY_ASSIGN(script, workspace::ReadFile(site.project.directory / options.sql_file));
  }
  const std::string path =
      fmt::format("{}/{}/migration.sql", release::kMigrationsPath, FolderName(options.name));
  package.files[path] = script;
  TRY(release::VerifyPackage(package, nullptr));
  report.version = package.manifest.version;
  report.script = (site.project.package / path).string();
  if (!options.sql_file.empty()) return Seal(site, std::move(package), key, world, report);
  return workspace::StorePackage(site.project.package, package);
}

Status SealAll(const HotfixOptions& options, const World& world, HotfixReport& report) {
  TRY_ASSIGN(const Site site, OpenSite(world));
  TRY_ASSIGN(release::Package package, WholePackage(site, report));
  if (package.Hotfixes().empty()) {
    return MakeError(ErrorCode::kPackageMissing,
                     fmt::format("the package of {} has no hotfix", package.manifest.version),
                     "make one: ballast hotfix new NAME");
  }
  TRY_ASSIGN(const auto key, KeyFor(package, options, world));
  return Seal(site, std::move(package), key, world, report);
}

}  // namespace

HotfixReport NewHotfix(const HotfixOptions& options, const World& world) {
  HotfixReport report;
  Status done = New(options, world, report);
  if (!done) report.error = std::move(done).error();
  return report;
}

HotfixReport SealHotfixes(const HotfixOptions& options, const World& world) {
  HotfixReport report;
  Status done = SealAll(options, world, report);
  if (!done) report.error = std::move(done).error();
  return report;
}

}  // namespace ballast::commands
