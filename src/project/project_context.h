// SPDX-License-Identifier: Apache-2.0
// Wires the doors together: what the project holds on disk, and the session to its database.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/known_states.h"
#include "catalog/snapshot.h"
#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/strategy.h"
#include "postgres/session.h"
#include "project/invocation.h"
#include "release/development_baseline.h"
#include "release/package.h"
#include "release/seal.h"
#include "workspace/environment.h"
#include "workspace/project.h"
#include "workspace/squash_store.h"

namespace ballast::project {

// A project, its variables, and what the command line adds.
struct ProjectContext {
  workspace::Project project;
  workspace::Environment environment;
  std::string option_url;
  std::vector<std::string> option_keys;  // --trusted-key
};

Result<ProjectContext> LoadProject(const Invocation& invocation);

// The SQL that makes what the platform provides (platform.h), which runs before a replay; empty: it
// provides nothing. The errors of PlatformOf.
Result<std::string> SetupScriptOf(const ProjectContext& context);

// The URL of the site's database, understood. P1012, P1013 or B103.
Result<postgres::Target> TargetOf(const ProjectContext& context);

// What the package folder holds. A package that is there but not whole is an error only for the
// strategy that needs it.
struct Artifacts {
  std::optional<release::Package> package;
  std::vector<std::string> unproven;   // hotfixes that the manifest does not name
  std::string package_missing;         // a file that a whole package would have
  std::optional<Error> package_error;  // why the package cannot be used
  // The seal of a package that is whole: the key in force that made it, or why no strategy may use
  // the package.
  std::optional<release::Seal> seal;
  std::string sealed_by;
  std::optional<Error> seal_error;
  std::filesystem::path folder;  // the package folder
  bool has_baseline = false;     // a development baseline is there, read or not
  std::optional<release::DevelopmentBaseline> baseline;
  std::string baseline_script;
  std::string baseline_facts;                     // as text; empty: there are none
  std::optional<workspace::StoredSquash> squash;  // in the migrations folder
  // Points of the history that a database was found to be near, nearest first, where somebody
  // looked for them.
  struct HistoryPoint {
    release::Coverage covers;
    catalog::KnownState state;
  };
  std::vector<HistoryPoint> points = {};
};
Result<Artifacts> LoadArtifacts(const ProjectContext& context);
// Its two halves: the release package, which never fails as a whole, and the development baseline,
// which costs milliseconds to read and which the release strategy does not ask for; read once.
Artifacts LoadPackageArtifacts(const ProjectContext& context);
Status AddDevelopmentBaseline(Artifacts& artifacts);

struct StrategyOverrides {
  std::string strategy;
  std::string branch;
  std::string to = {};  // how far a deploy goes (plan/limit.h); empty: to the end
};
Result<plan::StrategyChoice> StrategyOf(const ProjectContext& context, const Artifacts& artifacts,
                                        const StrategyOverrides& overrides);

// The intent of a strategy. Everything that it asks for is read and verified here, before anything
// connects.
Result<plan::Intent> IntentOf(plan::Strategy strategy, const ProjectContext& context,
                              Artifacts& artifacts);

// The intent that a verified package speaks for; its history is left out (CoveredMigrations).
// `unproven`: its hotfixes that the manifest does not name.
plan::ApplyRelease ReleaseIntent(const release::Package& package,
                                 const std::vector<std::string>& unproven);

// The target schemas beside the one of the URL: those that the datasource lists, and those that the
// intent's baseline fills.
std::vector<std::string> FurtherSchemas(const ProjectContext& context, const plan::Intent& intent);

// Asks for the index that a deploy was building or dropping when it was stopped, if there was one.
Status InspectStepUnderWay(const plan::Intent& intent, postgres::Session& session,
                           plan::Observation& observation);

// The covered migrations, and the proven facts of that fingerprint, out of the package (or the
// development baseline); empty when it does not have them.
Result<std::vector<release::Migration>> CoveredMigrations(const Artifacts& artifacts);
Result<catalog::Snapshot> ProvenSnapshot(const Artifacts& artifacts,
                                         const std::string& fingerprint);

}  // namespace ballast::project
