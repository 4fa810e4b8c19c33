#include "commands/surroundings.h"

#include <algorithm>

#include "commands/trust.h"
#include "plan/resume.h"
#include "postgres/observe.h"
#include "workspace/files.h"
#include "workspace/git_head.h"
#include "workspace/migrations_folder.h"
#include "workspace/package_store.h"

namespace ballast::commands {
namespace {

struct Branch {
  std::string name;
  std::string source;
};

// In the order of contract: --branch, BALLAST_BRANCH, RAILWAY_GIT_BRANCH, .git/HEAD.
Branch BranchOf(const Site& site, const std::string& option) {
  if (!option.empty()) return {option, "--branch"};
  for (const char* name : {"BALLAST_BRANCH", "RAILWAY_GIT_BRANCH"}) {
    const std::string* value = site.environment.Find(name);
    if (value != nullptr && !value->empty()) return {*value, name};
  }
  return {workspace::BranchOfHead(site.project.root), ".git/HEAD"};
}

std::string ValueOr(const Site& site, const std::string& name, const std::string& otherwise) {
  const std::string* value = site.environment.Find(name);
  return value == nullptr || value->empty() ? otherwise : *value;
}

Result<plan::Intent> HistoryIntent(bool with_baseline, const Site& site, const Holdings& holdings) {
  TRY(workspace::CheckMigrationLock(site.project.migrations));
  TRY_ASSIGN(workspace::MigrationsFolder folder,
             workspace::LoadMigrations(site.project.migrations));
  plan::FollowHistory intent;
  if (with_baseline) {
    const release::DevelopmentBaseline& baseline = *holdings.baseline;
    TRY(release::VerifyDevelopmentBaseline(baseline, holdings.baseline_script, folder.migrations));
    intent.baseline = plan::DevelopmentBaseline{holdings.baseline_script, baseline.coverage,
                                                baseline.fingerprint, baseline.rows};
  }
  if (holdings.package && !holdings.package_error && !holdings.seal_error) {
    intent.release = ReleaseIntent(*holdings.package, holdings.unproven);
  }
  intent.migrations = std::move(folder.migrations);
  return plan::Intent(std::move(intent));
}

}  // namespace

plan::ApplyRelease ReleaseIntent(const release::Package& package,
                                 const std::vector<std::string>& unproven) {
  const release::Manifest& manifest = package.manifest;
  plan::ApplyRelease intent;
  intent.version = manifest.version;
  intent.baseline = release::MakeMigration(release::kBaselineName, package.Baseline());
  intent.hotfixes = package.Hotfixes();
  intent.coverage = manifest.coverage;
  intent.fingerprint = manifest.fingerprint;
  if (unproven.empty()) intent.with_hotfixes = manifest.with_hotfixes;
  intent.rows = manifest.rows;
  intent.previous = manifest.previous;
  return intent;
}

Result<Site> OpenSite(const World& world) {
  TRY_ASSIGN(workspace::Project project,
             workspace::FindProject(
                 world.directory,
                 {.schema = {}, .migrations = {}, .package = world.package, .config = {}}));
  TRY_ASSIGN(workspace::Environment environment,
             workspace::LoadEnvironment(project.DotenvPlaces(), world.environment));
  return Site{std::move(project), std::move(environment), world.database_url, {}};
}

Result<std::string> SetupScriptOf(const Site& site) {
  const std::string& path = site.project.config.setup_script;
  if (path.empty()) return std::string();
  return workspace::ReadFile(site.project.root / path);
}

Result<postgres::Target> TargetOf(const Site& site) {
  TRY_ASSIGN(const workspace::DatabaseUrl url,
             workspace::ChooseUrl(site.project.UrlChoiceWith(site.option_url), site.environment));
  Result<postgres::Target> target = postgres::ParseUrl(url.url);
  if (target) return target;
  Error error = std::move(target).error();
  error.message += " (" + url.origin + ")";
  return error;
}

Holdings LoadPackageHoldings(const Site& site) {
  Holdings holdings;
  holdings.folder = site.project.package;
  holdings.has_baseline = workspace::IsFile(holdings.folder / release::kDevelopmentScriptPath) ||
                          workspace::IsFile(holdings.folder / release::kDevelopmentCoveragePath);
  Result<release::Package> package = workspace::LoadPackage(site.project.package);
  if (!package && package.error().code == ErrorCode::kPackageMissing) {
    holdings.package_missing = workspace::IsFolder(site.project.package / release::kMigrationsPath)
                                   ? package.error().Detail("missing")
                                   : std::string();
  } else if (!package) {
    holdings.package_error = std::move(package).error();
  } else {
    Status verified = release::VerifyPackage(*package, &holdings.unproven);
    if (!verified) holdings.package_error = std::move(verified).error();
    holdings.package = std::move(package).value();
    if (!holdings.package_error) CheckSealOf(site, holdings);
  }
  return holdings;
}

Status AddBaseline(Holdings& holdings) {
  if (!holdings.has_baseline || holdings.baseline) return {};
  TRY_ASSIGN(auto baseline, workspace::LoadDevelopmentBaseline(holdings.folder));
  if (!baseline) return {};
  holdings.baseline = std::move(baseline->record);
  holdings.baseline_script = std::move(baseline->script);
  holdings.baseline_facts = std::move(baseline->facts);
  return {};
}

Result<Holdings> LoadHoldings(const Site& site) {
  Holdings holdings = LoadPackageHoldings(site);
  TRY(AddBaseline(holdings));
  return holdings;
}

Result<plan::StrategyChoice> StrategyOf(const Site& site, const Holdings& holdings,
                                        const StrategyWish& wish) {
  const Branch branch = BranchOf(site, wish.branch);
  plan::StrategyQuestion question;
  question.by_option = wish.strategy;
  question.by_environment = ValueOr(site, "BALLAST_STRATEGY", site.project.config.strategy);
  question.force_standard = ValueOr(site, "RAILWAY_FORCE_STANDARD_MIGRATION", "") == "true";
  question.branch = branch.name;
  question.branch_source = branch.source;
  question.release_branches = site.project.config.release_branches;
  question.has_package = holdings.package.has_value() || holdings.package_error.has_value();
  if (holdings.package) question.package_version = holdings.package->manifest.version;
  question.package_missing = holdings.package_missing;
  question.has_baseline = holdings.has_baseline;
  return plan::ChooseStrategy(question);
}

Result<plan::Intent> IntentOf(plan::Strategy strategy, const Site& site, Holdings& holdings) {
  if (strategy == plan::Strategy::kRelease) {
    if (holdings.package_error) return *holdings.package_error;
    if (holdings.seal_error) return *holdings.seal_error;
    return plan::Intent(ReleaseIntent(*holdings.package, holdings.unproven));
  }
  const bool with_baseline = strategy == plan::Strategy::kDevelopment;
  if (with_baseline) TRY(AddBaseline(holdings));
  return HistoryIntent(with_baseline, site, holdings);
}

std::vector<std::string> FurtherSchemas(const Site& site, const plan::Intent& intent) {
  std::vector<std::string> schemas = site.project.datasource.schemas;
  const auto add = [&](const release::FingerprintRecord& record) {
    schemas.insert(schemas.end(), record.schemas.begin(), record.schemas.end());
  };
  if (const auto* release = std::get_if<plan::ApplyRelease>(&intent)) {
    add(release->fingerprint);
  } else if (const auto& history = std::get<plan::FollowHistory>(intent); history.baseline) {
    add(history.baseline->fingerprint);
  }
  std::sort(schemas.begin(), schemas.end());
  schemas.erase(std::unique(schemas.begin(), schemas.end()), schemas.end());
  return schemas;
}

Status LookAtStep(const plan::Intent& intent, postgres::Session& session,
                  plan::Observation& observation) {
  const auto index = plan::IndexUnderWay(intent, observation);
  if (!index) return {};
  const std::string& schema = index->schema.empty() ? observation.schema : index->schema;
  TRY_ASSIGN(observation.step_index, postgres::LookAtIndex(session, {schema, index->name}));
  return {};
}

Result<std::vector<release::Migration>> CoveredMigrations(const Holdings& holdings) {
  const auto archive = holdings.package->files.find(release::kHistoryPath);
  if (archive == holdings.package->files.end()) return std::vector<release::Migration>{};
  TRY(release::VerifyHistory(*holdings.package));
  return release::UnpackHistory(archive->second, release::kHistoryLimit);
}

Result<catalog::Facts> ProvenFacts(const Holdings& holdings, const std::string& fingerprint) {
  std::vector<std::pair<const char*, const std::string*>> files;
  for (const char* path : {release::kFactsPath, release::kHotfixFactsPath}) {
    if (!holdings.package) break;
    const auto file = holdings.package->files.find(path);
    if (file != holdings.package->files.end()) files.emplace_back(path, &file->second);
  }
  files.emplace_back(release::kDevelopmentFactsPath, &holdings.baseline_facts);
  for (const auto& [path, text] : files) {
    TRY_ASSIGN(catalog::Facts facts, catalog::ParseFacts(*text, path));
    if (catalog::Fingerprint(facts) == fingerprint) return facts;
  }
  return catalog::Facts{};
}

}  // namespace ballast::commands
