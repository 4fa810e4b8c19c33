// SPDX-License-Identifier: Apache-2.0
#include "project/strategy_selection.h"

#include "plan/limit.h"

namespace ballast::project {
namespace {

void Note(const std::vector<std::string>& notices, StrategySelection& chosen) {
  chosen.notices.insert(chosen.notices.end(), notices.begin(), notices.end());
}

}  // namespace

Status CheckNamedPackage(const workspace::Project& project, const Artifacts& artifacts) {
  if (!project.package_is_named || artifacts.package || artifacts.package_error) return {};
  if (artifacts.has_baseline) return {};
  return workspace::MissingPackage(project.package);
}

Result<plan::Intent> SelectIntent(const ProjectContext& context, const StrategyOverrides& overrides,
                                  Artifacts& artifacts, StrategySelection& chosen) {
  Note(context.project.notices, chosen);
  chosen.remarks = context.environment.notices;
  artifacts = LoadPackageArtifacts(context);
  TRY(CheckNamedPackage(context.project, artifacts));
  TRY_ASSIGN(const plan::StrategyChoice choice, StrategyOf(context, artifacts, overrides));
  chosen.strategy = choice.strategy;
  chosen.strategy_reason = choice.reason;
  chosen.on_release_branch = choice.on_release_branch;
  Note(choice.warnings, chosen);
  TRY_ASSIGN(plan::Intent intent, IntentOf(choice.strategy, context, artifacts));
  TRY(plan::LimitTo(overrides.to, &intent));
  if (const auto* release = std::get_if<plan::ApplyRelease>(&intent)) {
    chosen.release = ReleaseLine{release->version, static_cast<int>(release->coverage.size()),
                                 release->hotfixes.size()};
    for (const std::string& name : artifacts.unproven) {
      chosen.notices.push_back("hotfix " + name +
                               " is not in the manifest: no fingerprint covers it");
    }
  }
  return intent;
}

Status SelectIntent(const StrategyOverrides& overrides, LoadedProject& project,
                    StrategySelection& chosen) {
  TRY_ASSIGN(project.intent, SelectIntent(*project.context, overrides, project.artifacts, chosen));
  return {};
}

Status LoadWithIntent(const Invocation& invocation, const std::vector<std::string>& trusted_keys,
                      const StrategyOverrides& overrides, LoadedProject& project,
                      StrategySelection& chosen) {
  TRY_ASSIGN(project.context, LoadProject(invocation, trusted_keys));
  return SelectIntent(overrides, project, chosen);
}

}  // namespace ballast::project
