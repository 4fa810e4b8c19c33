// SPDX-License-Identifier: Apache-2.0
#include "run/prepared_deploy.h"

#include "postgres/connect_with_retry.h"
#include "run/deploy_settings.h"
#include "run/uncovered_migrations.h"

namespace ballast::run {

Status LoadForDeploy(const DeployOptions& options, const project::Invocation& invocation,
                     PreparedDeploy& prepared) {
  return project::LoadWithIntent(invocation, options.trusted_keys,
                                 {options.strategy, options.branch, options.to}, prepared,
                                 prepared.selection);
}

Status PrepareDeploy(const DeployOptions& options, const project::Invocation& invocation,
                     PreparedDeploy& prepared) {
  TRY(LoadForDeploy(options, invocation, prepared));
  if (auto* release = std::get_if<plan::ApplyRelease>(&*prepared.intent)) {
    TRY_ASSIGN(release->history, project::CoveredMigrations(prepared.artifacts));
    const std::vector<std::string> notices =
        NoticesOfUncovered(*prepared.context, prepared.artifacts, true);
    prepared.selection.notices.insert(prepared.selection.notices.end(), notices.begin(),
                                      notices.end());
  }
  return project::AddDevelopmentBaseline(prepared.artifacts);
}

Result<assess::Assessment> AssessAt(const postgres::Target& target, const DeployOptions& options,
                                    assess::Purpose purpose, PreparedDeploy& prepared,
                                    Progress& progress) {
  const workspace::Config& config = prepared.context->project.config;
  const postgres::ConnectOptions connect =
      ConnectSettings(options, config, options.wait_for_database);
  Result<postgres::Session> session = postgres::ConnectWithRetry(target, connect, progress);
  assess::AssessOptions assess(purpose, PolicyOf(options), ObserveSettings(options, config));
  assess.observe.lock = false;
  if (!session && session.error().code == ErrorCode::kNoDatabase) {
    return assess::AssessMissing(*prepared.context, prepared.artifacts, *prepared.intent, target,
                                 connect, assess, progress);
  }
  if (!session) return std::move(session).error();
  return assess::Assess(*prepared.context, prepared.artifacts, *prepared.intent, *session, assess,
                        progress);
}

}  // namespace ballast::run
