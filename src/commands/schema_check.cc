#include "commands/schema_check.h"

#include <algorithm>

#include "apply/replay.h"
#include "commands/proof.h"
#include "commands/surroundings.h"
#include "commands/wanted.h"
#include "postgres/catalog_reader.h"
#include "workspace/migrations_folder.h"

namespace ballast::commands {
namespace {

struct ReplayedHistory {
  catalog::Facts facts;
  std::string baseline;
};

Result<ReplayedHistory> ReplayHistory(const Site& site, postgres::ScratchServer& server,
                                      Progress& progress) {
  TRY_ASSIGN(workspace::MigrationsFolder folder,
             workspace::LoadMigrations(site.project.migrations));
  TRY_ASSIGN(const postgres::ScratchDatabase database, server.CreateDatabase("history"));
  TRY_ASSIGN(postgres::Session session, database.Connect());
  apply::ReplayOptions replay;
  TRY_ASSIGN(replay.setup, SetupScriptOf(site));
  progress.Stage("replaying the history", folder.migrations.size());
  TRY(apply::Replay(session, folder.migrations, replay, progress));
  TRY_ASSIGN(postgres::Session reader, database.Connect());
  postgres::BaselineOptions options;
  options.with_rows = false;
  TRY_ASSIGN(postgres::BaselineDraft draft, postgres::ReadBaseline(reader, options));
  TRY_ASSIGN(State state, ReadState(database.target(), {}));
  return ReplayedHistory{std::move(state.facts), std::move(draft.script)};
}

bool Agrees(const std::vector<plan::Drift>& drifts, bool strict) {
  return std::none_of(drifts.begin(), drifts.end(), [&](const plan::Drift& drift) {
    return strict || plan::IsDisagreement(drift);
  });
}

Status CompareLive(const Site& site, const catalog::Facts& replayed,
                   const std::vector<std::string>& ignored, SchemaCheckReport& report) {
  TRY_ASSIGN(const postgres::Target target, TargetOf(site));
  TRY_ASSIGN(const State live, ReadState(target, {}));
  report.database = plan::CompareHistoryWithDatabase(replayed, live.facts, ignored);
  report.looked_at_database = true;
  return {};
}

Status Run(const SchemaCheckOptions& options, const World& world, SchemaCheckReport& report) {
  TRY_ASSIGN(const Site site, OpenSite(world));
  std::vector<std::string> ignored = site.project.config.ignore;
  ignored.insert(ignored.end(), options.ignore.begin(), options.ignore.end());
  postgres::ScratchOptions scratch;
  scratch.url = world.scratch_url.empty() ? site.project.config.scratch_url : world.scratch_url;
  TRY_ASSIGN(postgres::ScratchServer server,
             postgres::ScratchServer::Start(scratch, *world.progress));
  TRY_ASSIGN(const ReplayedHistory replayed, ReplayHistory(site, server, *world.progress));
  TRY_ASSIGN(const Wanted wanted, ReadWanted(site.project, replayed.baseline, server));
  report.notices = wanted.notices;
  std::vector<std::string> left_out = ignored;
  left_out.insert(left_out.end(), wanted.refused.begin(), wanted.refused.end());
  report.schema = plan::CompareSchemaWithHistory(wanted.facts, replayed.facts, left_out);
  if (options.live || !world.database_url.empty()) {
    TRY(CompareLive(site, replayed.facts, ignored, report));
  }
  report.agree = Agrees(report.schema, options.strict) && Agrees(report.database, options.strict);
  return {};
}

}  // namespace

SchemaCheckReport SchemaCheck(const SchemaCheckOptions& options, const World& world) {
  SchemaCheckReport report;
  Status done = Run(options, world, report);
  if (!done) report.error = std::move(done).error();
  return report;
}

}  // namespace ballast::commands
