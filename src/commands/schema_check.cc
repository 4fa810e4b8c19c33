// SPDX-License-Identifier: Apache-2.0
#include "commands/schema_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "apply/replay.h"
#include "base/text.h"
#include "catalog/unmatched_globs.h"
#include "introspect/catalog_reader.h"
#include "project/platform.h"
#include "project/project_context.h"
#include "project/scratch_options.h"
#include "proof/expected_schema.h"
#include "proof/proof.h"
#include "workspace/config_edit.h"
#include "workspace/files.h"
#include "workspace/migrations_folder.h"
#include "workspace/squash_store.h"

namespace ballast::commands {
namespace {

struct ReplayedHistory {
  catalog::Snapshot snapshot;
  std::string baseline;
  std::string setup;
};

Result<ReplayedHistory> ReplayHistory(const project::ProjectContext& context,
                                      scratch::ScratchServer& server, Progress& progress) {
  TRY_ASSIGN(workspace::MigrationsFolder folder,
             workspace::LoadMigrations(context.project.migrations));
  TRY(workspace::CheckReturnedMigrations(context.project.migrations,
                                         context.project.ShownMigrations(), folder.migrations));
  TRY_ASSIGN(const scratch::ScratchDatabase database, server.CreateDatabase("history"));
  TRY_ASSIGN(postgres::Session session, database.Connect());
  apply::ReplayOptions replay;
  TRY_ASSIGN(replay.setup, project::SetupScriptOf(context));
  replay.folder = context.project.ShownPath(context.project.migrations);
  TRY(apply::Replay(session, folder.migrations, replay, progress));
  TRY_ASSIGN(postgres::Session reader, database.Connect());
  introspect::BaselineOptions options;
  options.with_rows = false;
  TRY_ASSIGN(introspect::BaselineDraft draft, introspect::ReadBaseline(reader, options));
  TRY_ASSIGN(proof::State state, proof::ReadState(database.target(), {}));
  return ReplayedHistory{std::move(state.snapshot), std::move(draft.script),
                         std::move(replay.setup)};
}

bool Agrees(const std::vector<plan::Drift>& drifts, bool strict) {
  return std::none_of(drifts.begin(), drifts.end(), [&](const plan::Drift& drift) {
    return strict || plan::IsDisagreement(drift);
  });
}

// Where Prisma looks: the target schema and those that the datasource or the migrations name. Other
// schemas of the database, like those of other tenants, are not the project's.
catalog::Scope ScopeOfProject(const project::ProjectContext& context,
                              const catalog::Snapshot& replayed) {
  catalog::Scope scope = catalog::ScopeOf(replayed);
  const std::vector<std::string>& named = context.project.datasource.schemas;
  scope.schemas.insert(scope.schemas.end(), named.begin(), named.end());
  std::sort(scope.schemas.begin(), scope.schemas.end());
  scope.schemas.erase(std::unique(scope.schemas.begin(), scope.schemas.end()), scope.schemas.end());
  return scope;
}

// `ignored` are the globs that the user named and those of the platform.
Status CompareLive(const project::ProjectContext& context, const catalog::Snapshot& schema,
                   const catalog::Snapshot& replayed, const std::vector<std::string>& named,
                   const std::vector<std::string>& ignored, SchemaCheckReport& report) {
  TRY_ASSIGN(const postgres::Target target, project::TargetOf(context));
  TRY_ASSIGN(const proof::State live, proof::ReadState(target, ScopeOfProject(context, replayed)));
  project::Artifacts artifacts = project::LoadPackageArtifacts(context);
  TRY(project::AddDevelopmentBaseline(artifacts));
  TRY_ASSIGN(const catalog::DatedPartitions dated, project::DatedPartitionsIn(artifacts));
  catalog::Snapshot marked = replayed;
  catalog::MarkDated(dated, marked);
  report.database = plan::CompareHistoryWithDatabase(marked, live.snapshot, ignored);
  report.looked_at_database = true;
  const std::string unmatched = catalog::DescribeUnmatched(
      catalog::UnmatchedGlobs(named, {&replayed, &live.snapshot, &schema}));
  if (!unmatched.empty()) report.notices.push_back(unmatched);
  return {};
}

// Replaces the accepted differences in ballast.toml by the present ones that would need an action.
Status Accept(const workspace::Project& project, SchemaCheckReport& report) {
  std::vector<std::string> accepted;
  for (const plan::Drift& drift : report.schema) {
    if (plan::IsDisagreement(drift)) accepted.push_back(plan::AcceptanceOf(drift));
  }
  const std::filesystem::path file =
      project.config.file.empty() ? project.root / "ballast.toml" : project.config.file;
  TRY_ASSIGN(const std::optional<std::string> text, workspace::ReadFileIfExists(file));
  TRY_ASSIGN(const std::string changed, workspace::WithAccepted(text.value_or(""), file.string(),
                                                                project.identity.name, accepted));
  if (changed != text.value_or("")) TRY(workspace::ReplaceFile(file, changed, 0644));
  if (text || !accepted.empty()) report.accepted_in = file.string();
  report.accepted = plan::RemoveAccepted(accepted, report.schema).count;
  return {};
}

std::string NoLongerThere(const std::vector<std::string>& accepted) {
  return fmt::format(
      "ballast.toml accepts {} that {} no longer there: {}; `ballast schema check --accept` "
      "removes {}",
      Counted(accepted.size(), "difference"), accepted.size() == 1 ? "is" : "are",
      JoinSome(accepted), accepted.size() == 1 ? "it" : "them");
}

Status Run(const SchemaCheckOptions& options, const project::Invocation& invocation,
           SchemaCheckReport& report) {
  TRY_ASSIGN(const project::ProjectContext context, project::LoadProject(invocation));
  std::vector<std::string> named = context.project.config.ignore;
  named.insert(named.end(), options.ignore.begin(), options.ignore.end());
  TRY_ASSIGN(const project::Platform platform, project::PlatformOf(context));
  std::vector<std::string> ignored = named;
  ignored.insert(ignored.end(), platform.names.begin(), platform.names.end());
  const scratch::ScratchOptions scratch =
      project::ScratchOptionsOf(context, project::ScriptSource::kProject);
  TRY_ASSIGN(scratch::ScratchServer server,
             scratch::ScratchServer::Start(scratch, *invocation.progress));
  TRY_ASSIGN(const ReplayedHistory replayed, ReplayHistory(context, server, *invocation.progress));
  TRY_ASSIGN(const proof::ExpectedSchema expected,
             proof::ReadExpectedSchema(context.project, replayed.baseline, replayed.setup, server));
  report.notices = context.project.notices;
  report.notices.insert(report.notices.end(), expected.notices.begin(), expected.notices.end());
  std::vector<std::string> left_out = ignored;
  left_out.insert(left_out.end(), expected.refused.begin(), expected.refused.end());
  report.schema = plan::CompareSchemaWithHistory(expected.snapshot, replayed.snapshot, left_out,
                                                 expected.scope);
  if (options.accept) {
    TRY(Accept(context.project, report));
  } else {
    const auto removed = plan::RemoveAccepted(context.project.config.accepted, report.schema);
    report.accepted = removed.count;
    if (!removed.unmatched.empty()) report.notices.push_back(NoLongerThere(removed.unmatched));
  }
  if (options.live || !invocation.database_url.empty()) {
    TRY(CompareLive(context, expected.snapshot, replayed.snapshot, named, ignored, report));
  }
  report.agree = Agrees(report.schema, options.strict) && Agrees(report.database, options.strict);
  return {};
}

}  // namespace

SchemaCheckReport SchemaCheck(const SchemaCheckOptions& options,
                              const project::Invocation& invocation) {
  SchemaCheckReport report;
  Status done = Run(options, invocation, report);
  if (!done) report.error = std::move(done).error();
  return report;
}

}  // namespace ballast::commands
