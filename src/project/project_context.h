// SPDX-License-Identifier: Apache-2.0
// Loads the project from disk, and what a command needs to connect to its database.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/snapshot.h"
#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/strategy.h"
#include "postgres/session.h"
#include "project/invocation.h"
#include "project/proven_snapshots.h"
#include "release/development_baseline.h"
#include "release/package.h"
#include "release/seal.h"
#include "workspace/environment.h"
#include "workspace/project.h"
#include "workspace/squash_store.h"

namespace ballast::project {

// A project, its variables, and the options of the command line.
struct ProjectContext {
  workspace::Project project;
  workspace::Environment environment;
  std::string option_url;
  std::vector<std::string> option_keys;  // --trusted-key
  bool has_option_package = false;       // --package
  bool trust_history = false;            // --trust-history
};

// `trusted_keys`: of --trusted-key.
Result<ProjectContext> LoadProject(const Invocation& invocation,
                                   const std::vector<std::string>& trusted_keys = {});

// Of a folder without a project: it has neither schema nor migrations.
ProjectContext ContextWithoutProject(const Invocation& invocation);

// As LoadProject. If there is no project, or several and none is chosen, but --database-url, the
// result is ContextWithoutProject with the settings of ballast.toml: for commands that can answer
// from the database alone.
Result<ProjectContext> LoadProjectOrNone(const Invocation& invocation);

// The SQL that creates the platform's objects (platform.h), run before a replay; empty: there are
// none. Errors as PlatformOf.
Result<std::string> SetupScriptOf(const ProjectContext& context);

// The parsed URL of the project's database. P1012, P1013 or B103.
Result<postgres::Target> TargetOf(const ProjectContext& context);

// PlatformNames (platform.h), determined when they are first asked for.
struct PlatformNamesOnce {
  std::once_flag determined;
  std::vector<std::string> names;
};

// The content of the package folder. An incomplete package is an error only for the strategy that
// needs it.
struct Artifacts {
  std::optional<release::Package> package;
  std::vector<std::string> unproven;   // hotfixes that the manifest does not list
  std::string package_missing;         // a missing file of the package
  std::optional<Error> package_error;  // why the package cannot be used
  // The seal of a complete package: the trusted key that made it, or why the package cannot be
  // used.
  std::optional<release::Seal> seal;
  std::string sealed_by;
  std::optional<Error> seal_error;
  std::filesystem::path folder;  // the package folder
  bool has_baseline = false;     // a development baseline exists, whether loaded or not
  std::optional<release::DevelopmentBaseline> baseline;
  std::string baseline_script;
  std::string baseline_snapshot;                  // rendered; empty: there is none
  std::optional<workspace::StoredSquash> squash;  // in the migrations folder
  // The points of the history that the assessments of this run have looked for.
  std::shared_ptr<HistoryPoints> points = std::make_shared<HistoryPoints>();
  // Of the files above, which do not change once they are loaded.
  std::shared_ptr<ParsedSnapshots> parsed = std::make_shared<ParsedSnapshots>();
  std::shared_ptr<PlatformNamesOnce> platform = std::make_shared<PlatformNamesOnce>();
};
Result<Artifacts> LoadArtifacts(const ProjectContext& context);
// LoadPackageArtifacts reads the release package and never fails as a whole. AddDevelopmentBaseline
// reads the development baseline once; it takes milliseconds, and the release strategy does not
// need it.
Artifacts LoadPackageArtifacts(const ProjectContext& context);
Status AddDevelopmentBaseline(Artifacts& artifacts);

struct Branch {
  std::string name;    // empty: not known
  std::string source;  // "--branch", "BALLAST_BRANCH", "RAILWAY_GIT_BRANCH", ".git/HEAD"
};

// The branch that the project is on, by the first of these sources that names one.
Branch BranchOf(const ProjectContext& context, const std::string& option);

struct StrategyOverrides {
  std::string strategy;
  std::string branch;
  std::string to = {};  // the last migration, or the release (plan/limit.h); empty: all
};
Result<plan::StrategyChoice> StrategyOf(const ProjectContext& context, const Artifacts& artifacts,
                                        const StrategyOverrides& overrides);

// The intent of a strategy. Everything it needs is read and verified here, before any connection.
Result<plan::Intent> IntentOf(plan::Strategy strategy, const ProjectContext& context,
                              Artifacts& artifacts);

// The squash of the project's migrations folder; empty without one. `stored`: receives its files;
// can be null. Errors as LoadSquash and HistoryOf.
Result<std::optional<plan::SquashedHistory>> ReadSquashedHistory(
    const ProjectContext& context, std::optional<workspace::StoredSquash>* stored = nullptr);

// The intent of a verified package, without its history (CoveredMigrations). `unproven`: hotfixes
// that the manifest does not list.
plan::ApplyRelease ReleaseIntent(const release::Package& package,
                                 const std::vector<std::string>& unproven);

// The target schemas other than that of the URL: those of the datasource and of the intent's
// baseline.
std::vector<std::string> FurtherSchemas(const ProjectContext& context, const plan::Intent& intent);

// Reads the state of the index that an interrupted deploy was building or dropping, if any.
Status InspectIndexInProgress(const plan::Intent& intent, postgres::Session& session,
                              plan::Observation& observation);

// The covered migrations of the package; empty if it does not have them.
Result<std::vector<release::Migration>> CoveredMigrations(const release::Package& package);
Result<std::vector<release::Migration>> CoveredMigrations(const Artifacts& artifacts);

}  // namespace ballast::project
