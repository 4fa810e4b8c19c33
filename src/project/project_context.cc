// SPDX-License-Identifier: Apache-2.0
#include "project/project_context.h"

#include <fmt/format.h>

#include <algorithm>

#include "plan/resume.h"
#include "postgres/observe.h"
#include "project/package_ownership.h"
#include "project/platform.h"
#include "project/trust.h"
#include "release/nul_byte.h"
#include "release/package_archives.h"
#include "workspace/config_search.h"
#include "workspace/files.h"
#include "workspace/git_head.h"
#include "workspace/migrations_folder.h"
#include "workspace/package_store.h"
#include "workspace/projects_below.h"

namespace ballast::project {
namespace {

std::string ValueOr(const ProjectContext& context, const std::string& name,
                    const std::string& otherwise) {
  const std::string* value = context.environment.Find(name);
  return value == nullptr || value->empty() ? otherwise : *value;
}

// Why the URL of the project's database may not be, or mean, what its author expects.
void AddUrlNotices(const workspace::UrlChoice& choice, workspace::Environment& environment) {
  const auto sources = workspace::NoticeOfSources(choice, environment);
  if (sources) environment.notices.push_back(*sources);
  const Result<workspace::DatabaseUrl> url = workspace::ChooseUrl(choice, environment);
  if (!url) return;
  for (const std::string& notice : postgres::UrlNotices(url->url)) {
    environment.notices.push_back(fmt::format("{} ({})", notice, url->origin));
  }
}

Result<plan::Intent> HistoryIntent(bool with_baseline, const ProjectContext& context,
                                   Artifacts& artifacts) {
  TRY(context.project.CheckProvider());
  TRY_ASSIGN(workspace::MigrationsFolder folder,
             workspace::LoadMigrations(context.project.migrations));
  // A forgotten folder in an image must not look like a database that is up to date.
  if (folder.migrations.empty()) return context.project.NoMigrations();
  plan::FollowHistory intent;
  if (with_baseline) {
    const release::DevelopmentBaseline& baseline = *artifacts.baseline;
    TRY(release::CheckBaselineOwner(baseline.project, ProjectViewOf(context),
                                    artifacts.folder.string()));
    TRY(release::VerifyDevelopmentBaseline(baseline, artifacts.baseline_script, folder.migrations,
                                           context.project.ShownPath(context.project.migrations)));
    intent.baseline = plan::DevelopmentBaseline{artifacts.baseline_script, baseline.coverage,
                                                baseline.fingerprint, baseline.rows};
  }
  if (artifacts.package && !artifacts.package_error && !artifacts.seal_error) {
    intent.release = ReleaseIntent(*artifacts.package, artifacts.unproven);
  }
  intent.migrations = std::move(folder.migrations);
  TRY_ASSIGN(intent.squash, ReadSquashedHistory(context, &artifacts.squash));
  if (intent.squash) {
    TRY(release::CheckReturnedMigrations(intent.squash->record, intent.migrations,
                                         context.project.ShownMigrations()));
  }
  return plan::Intent(std::move(intent));
}

}  // namespace

Result<std::optional<plan::SquashedHistory>> ReadSquashedHistory(
    const ProjectContext& context, std::optional<workspace::StoredSquash>* stored) {
  TRY_ASSIGN(auto squash, workspace::LoadSquash(context.project.migrations));
  std::optional<plan::SquashedHistory> history;
  if (squash) {
    TRY_ASSIGN(std::vector<release::Migration> replaced, workspace::HistoryOf(*squash));
    history = plan::SquashedHistory{squash->record, std::move(replaced)};
  }
  if (stored != nullptr) *stored = std::move(squash);
  return history;
}

plan::ApplyRelease ReleaseIntent(const release::Package& package,
                                 const std::vector<std::string>& unproven) {
  const release::Manifest& manifest = package.manifest;
  plan::ApplyRelease intent;
  intent.version = manifest.version;
  intent.baseline = release::MakeMigration(release::kBaselineName, package.Baseline());
  intent.hotfixes = package.Hotfixes();
  intent.coverage = manifest.coverage;
  intent.split = manifest.split;
  intent.fingerprint = manifest.fingerprint;
  if (unproven.empty()) intent.with_hotfixes = manifest.with_hotfixes;
  intent.rows = manifest.rows;
  intent.previous = manifest.previous;
  return intent;
}

Result<ProjectContext> LoadProject(const Invocation& invocation,
                                   const std::vector<std::string>& trusted_keys) {
  TRY_ASSIGN(workspace::Project project, workspace::FindProject(invocation.directory,
                                                                {.schema = invocation.schema,
                                                                 .migrations = {},
                                                                 .package = invocation.package,
                                                                 .config = {},
                                                                 .project = invocation.project},
                                                                invocation.environment));
  TRY_ASSIGN(workspace::Environment environment,
             workspace::LoadEnvironment(project.DotenvPlaces(), invocation.environment));
  AddUrlNotices(project.UrlChoiceWith(invocation.database_url), environment);
  if (!invocation.runs_password_command) {
    project.config.password_command.clear();
    environment.values.erase("BALLAST_PASSWORD_COMMAND");
  }
  if (!invocation.scratch_url.empty()) project.config.scratch_url = invocation.scratch_url;
  ProjectContext context{std::move(project), std::move(environment),      invocation.database_url,
                         trusted_keys,       !invocation.package.empty(), invocation.trust_history};
  TRY(CheckPlatformName(context));
  return context;
}

ProjectContext ContextWithoutProject(const Invocation& invocation) {
  ProjectContext none;
  none.project.directory = none.project.root = none.project.top = invocation.directory;
  none.environment.values = invocation.environment;
  if (!invocation.runs_password_command) none.environment.values.erase("BALLAST_PASSWORD_COMMAND");
  none.option_url = invocation.database_url;
  return none;
}

Result<ProjectContext> LoadProjectOrNone(const Invocation& invocation) {
  Result<ProjectContext> loaded = LoadProject(invocation);
  if (loaded || invocation.database_url.empty()) return loaded;
  const Error& error = loaded.error();
  const bool is_chosen = !invocation.project.empty() || !invocation.schema.empty();
  const bool is_none =
      workspace::FoundNothing(error) || (workspace::FoundOthers(error) && !is_chosen);
  if (!is_none) return loaded;
  ProjectContext none = ContextWithoutProject(invocation);
  TRY_ASSIGN(auto config, workspace::FindConfigAround(invocation.directory));
  if (config) none.project.config = std::move(config->config);
  if (!invocation.runs_password_command) none.project.config.password_command.clear();
  return none;
}

Result<std::string> SetupScriptOf(const ProjectContext& context) {
  TRY_ASSIGN(Platform platform, PlatformOf(context));
  return std::move(platform.script);
}

Result<postgres::Target> TargetOf(const ProjectContext& context) {
  TRY_ASSIGN(
      const workspace::DatabaseUrl url,
      workspace::ChooseUrl(context.project.UrlChoiceWith(context.option_url), context.environment));
  TRY_ASSIGN(postgres::Target target, postgres::ParseUrl(url.url, url.origin));
  target.password_command =
      ValueOr(context, "BALLAST_PASSWORD_COMMAND", context.project.config.password_command);
  return target;
}

Artifacts LoadPackageArtifacts(const ProjectContext& context) {
  Artifacts artifacts;
  artifacts.folder = context.project.package;
  // Every entry with these names: one that is not a file is refused when it is read.
  std::error_code unknown;
  artifacts.has_baseline =
      std::filesystem::exists(artifacts.folder / release::kDevelopmentScriptPath, unknown) ||
      std::filesystem::exists(artifacts.folder / release::kDevelopmentCoveragePath, unknown);
  Result<release::Package> package = workspace::LoadPackage(context.project.package);
  if (!package && package.error().code == ErrorCode::kPackageMissing) {
    artifacts.package_missing =
        workspace::IsFolder(context.project.package / release::kMigrationsPath)
            ? package.error().Detail("missing")
            : std::string();
  } else if (!package) {
    artifacts.package_error = std::move(package).error();
  } else {
    Status verified = release::VerifyPackage(*package, &artifacts.unproven);
    if (verified) verified = CheckOwnership(context, *package, context.project.package.string());
    const bool foreign = !verified && verified.error().code == ErrorCode::kForeignPackage;
    if (!verified) artifacts.package_error = std::move(verified).error();
    if (foreign) return artifacts;
    artifacts.package = std::move(package).value();
    if (!artifacts.package_error) CheckSealOf(context, artifacts);
  }
  return artifacts;
}

Status AddDevelopmentBaseline(Artifacts& artifacts) {
  if (!artifacts.has_baseline || artifacts.baseline) return {};
  TRY_ASSIGN(auto baseline, workspace::LoadDevelopmentBaseline(artifacts.folder));
  if (!baseline) return {};
  artifacts.baseline = std::move(baseline->record);
  artifacts.baseline_script = std::move(baseline->script);
  artifacts.baseline_snapshot = std::move(baseline->snapshot);
  return {};
}

Result<Artifacts> LoadArtifacts(const ProjectContext& context) {
  Artifacts artifacts = LoadPackageArtifacts(context);
  TRY(AddDevelopmentBaseline(artifacts));
  return artifacts;
}

Branch BranchOf(const ProjectContext& context, const std::string& option) {
  if (!option.empty()) return {option, "--branch"};
  for (const char* name : {"BALLAST_BRANCH", "RAILWAY_GIT_BRANCH"}) {
    const std::string* value = context.environment.Find(name);
    if (value != nullptr && !value->empty()) return {*value, name};
  }
  return {workspace::BranchOfHead(context.project.root), ".git/HEAD"};
}

Result<plan::StrategyChoice> StrategyOf(const ProjectContext& context, const Artifacts& artifacts,
                                        const StrategyOverrides& overrides) {
  const Branch branch = BranchOf(context, overrides.branch);
  plan::StrategyQuestion question;
  question.by_option = overrides.strategy;
  question.setting = "BALLAST_STRATEGY";
  question.by_setting = ValueOr(context, question.setting, "");
  if (question.by_setting.empty()) {
    question.setting = "`strategy` in ballast.toml";
    question.by_setting = context.project.config.strategy;
  }
  question.force_standard = ValueOr(context, "RAILWAY_FORCE_STANDARD_MIGRATION", "") == "true";
  question.branch = branch.name;
  question.branch_source = branch.source;
  question.release_branches = context.project.config.release_branches;
  question.has_package = artifacts.package.has_value() || artifacts.package_error.has_value();
  if (artifacts.package) question.package_version = artifacts.package->manifest.version;
  question.package_missing = artifacts.package_missing;
  if (workspace::IsFile(context.project.package)) {
    question.packed_package = context.project.package.string();
  }
  question.has_baseline = artifacts.has_baseline;
  if (!question.has_baseline) {
    question.migrations = workspace::MigrationNames(context.project.migrations).size();
  }
  Result<plan::StrategyChoice> choice = plan::ChooseStrategy(question);
  // No baseline can be made next to the package of another project.
  const bool foreign =
      artifacts.package_error && artifacts.package_error->code == ErrorCode::kForeignPackage;
  if (!choice && choice.error().code == ErrorCode::kBaselineStale && foreign) {
    return *artifacts.package_error;
  }
  return choice;
}

Result<plan::Intent> IntentOf(plan::Strategy strategy, const ProjectContext& context,
                              Artifacts& artifacts) {
  if (strategy == plan::Strategy::kRelease) {
    if (artifacts.package_error) return *artifacts.package_error;
    if (artifacts.seal_error) return *artifacts.seal_error;
    return plan::Intent(ReleaseIntent(*artifacts.package, artifacts.unproven));
  }
  const bool with_baseline = strategy == plan::Strategy::kDevelopment;
  if (with_baseline) TRY(AddDevelopmentBaseline(artifacts));
  return HistoryIntent(with_baseline, context, artifacts);
}

std::vector<std::string> FurtherSchemas(const ProjectContext& context, const plan::Intent& intent) {
  std::vector<std::string> schemas = context.project.datasource.schemas;
  const auto add = [&](const release::FingerprintRecord& record) {
    schemas.insert(schemas.end(), record.scope.schemas.begin(), record.scope.schemas.end());
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

Status InspectIndexInProgress(const plan::Intent& intent, postgres::Session& session,
                              plan::Observation& observation) {
  const auto index = plan::IndexInProgress(intent, observation);
  if (!index) return {};
  const sql::ObjectName& name = index->index;
  // With several schemas, the search_path leads to the index as it does for the script.
  const bool in_target = name.schema.empty() && observation.other_current_schema.empty();
  const std::string& schema = in_target ? observation.schema : name.schema;
  TRY_ASSIGN(observation.step_index, postgres::InspectIndex(session, {schema, name.name}));
  return {};
}

Result<std::vector<release::Migration>> CoveredMigrations(const release::Package& package) {
  const auto archive = package.files.find(release::kHistoryPath);
  if (archive == package.files.end()) return std::vector<release::Migration>{};
  TRY(release::VerifyHistory(package));
  return release::UnpackHistory(archive->second, release::kHistoryLimit);
}

Result<std::vector<release::Migration>> CoveredMigrations(const Artifacts& artifacts) {
  return CoveredMigrations(*artifacts.package);
}

}  // namespace ballast::project
