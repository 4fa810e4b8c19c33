// SPDX-License-Identifier: Apache-2.0
#include "run/run_report.h"

#include <pwd.h>
#include <unistd.h>

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "apply/uuid.h"
#include "base/interruption.h"
#include "base/text.h"
#include "base/version.h"
#include "postgres/percent_encoding.h"
#include "project/project_name.h"

namespace ballast::run {
namespace {

// Variables of CI systems and platforms that describe a job, from their manuals. None is a secret.
constexpr const char* kOriginVariables[] = {"BUILDKITE_BUILD_URL",
                                            "BUILD_BUILDID",
                                            "CI_COMMIT_SHA",
                                            "CI_JOB_URL",
                                            "CI_PIPELINE_ID",
                                            "CI_PROJECT_PATH",
                                            "CIRCLE_BUILD_NUM",
                                            "CIRCLE_SHA1",
                                            "FLY_APP_NAME",
                                            "FLY_MACHINE_ID",
                                            "GITHUB_ACTOR",
                                            "GITHUB_REF_NAME",
                                            "GITHUB_REPOSITORY",
                                            "GITHUB_RUN_ID",
                                            "GITHUB_SHA",
                                            "GITHUB_WORKFLOW",
                                            "HEROKU_RELEASE_VERSION",
                                            "JOB_COMPLETION_INDEX",
                                            "KUBERNETES_POD_NAME",
                                            "RAILWAY_DEPLOYMENT_ID",
                                            "RAILWAY_ENVIRONMENT_NAME",
                                            "RAILWAY_GIT_COMMIT_SHA",
                                            "RAILWAY_PROJECT_NAME",
                                            "RAILWAY_SERVICE_NAME",
                                            "RENDER_INSTANCE_ID",
                                            "RENDER_SERVICE_NAME",
                                            "SLURM_JOB_ID"};
constexpr size_t kLongestValue = 200;

std::string HostName() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::string UserName(const project::Invocation& invocation) {
  for (const char* variable : {"USER", "LOGNAME"}) {
    std::string value = invocation.Variable(variable);
    if (!value.empty()) return value;
  }
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(getuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) {
    return entry.pw_name;
  }
  return "uid " + std::to_string(getuid());
}

report::Origin OriginOf(const project::Invocation& invocation) {
  report::Origin origin{HostName(), UserName(invocation), kVersion, {}};
  for (const char* name : kOriginVariables) {
    const std::string value = invocation.Variable(name);
    if (!value.empty()) origin.variables.emplace_back(name, CutToBytes(value, kLongestValue));
  }
  return origin;
}

// The outcome of an interruption follows from its code.
void FillError(const Error& error, report::RunReport& run) {
  run.outcome = OutcomeOf(error);
  const bool interrupted = run.outcome == report::Outcome::kInterrupted;
  run.code = CodeOf(interrupted ? ErrorCode::kInterrupted : error.code);
  run.message = interrupted ? Interruption::AsError().message : error.message;
}

}  // namespace

report::RunReport BeginRun(std::string command, const project::Invocation& invocation) {
  report::RunReport run;
  run.run = apply::RandomUuid();
  run.command = std::move(command);
  run.started_at = report::TimeNow();
  run.origin = OriginOf(invocation);
  invocation.progress->Event({"started",
                              {{"run", run.run},
                               {"command", run.command},
                               {"host", run.origin.host},
                               {"user", run.origin.user},
                               {"program", run.origin.program}}});
  return run;
}

report::Target TargetOf(const postgres::Target& target, const project::ProjectContext& context) {
  return TargetOf(target, project::NameAmongSeveral(context));
}

report::Target TargetOf(const postgres::Target& target, std::string project) {
  report::Target line;
  line.host = target.host();
  if (!target.port().empty()) line.port = std::atoi(target.port().c_str());
  line.database = target.database();
  line.schema = target.SchemaOrPublic();
  line.role = target.user();
  line.project = std::move(project);
  return line;
}

void ReportConnected(const postgres::Session& session, report::Target& target, Progress& progress) {
  const postgres::Target& actual = session.target();
  if (target.host.empty()) {
    target.host = actual.host();
    target.port = std::atoi(actual.port().c_str());
  }
  if (target.database.empty() || !actual.decoded_database.empty()) {
    target.database = actual.database();
  }
  if (!actual.decoded_database.empty()) {
    progress.Notice(fmt::format(
        "the URL means the database \"{}\", which does not exist; the database \"{}\" does, and is "
        "used: as the name of that one, write {} in the URL",
        actual.decoded_database, actual.database(), postgres::PercentEncode(actual.database())));
  }
  if (target.role.empty()) target.role = actual.user();
  target.server_version = session.server_version_text();
  RunEvent connected = {"connected",
                        {{"host", target.host},
                         {"port", int64_t{target.port}},
                         {"database", target.database},
                         {"schema", target.schema},
                         {"role", target.role},
                         {"server_version", target.server_version}}};
  if (!target.project.empty()) connected.fields.emplace_back("project", target.project);
  progress.Event(connected);
}

std::optional<std::string> NoticeOfSchema(const plan::Observation& observation,
                                          const report::Target& target) {
  if (!observation.other_current_schema.empty()) {
    return fmt::format(
        "the migrations table is in the schema {0}, and the search_path of this session begins "
        "with {1}, so scripts create objects in {1} unless they name a schema; to use {0} only, "
        "write it in the URL: ?schema={0}",
        observation.schema, observation.other_current_schema);
  }
  if (observation.schema == target.schema) return std::nullopt;
  return fmt::format(
      "the search_path of this session begins with the schema {}, so this command works there, not "
      "in {}; to name a schema, write it in the URL: ?schema={}",
      observation.schema, target.schema, target.schema);
}

void FillTarget(const plan::Observation& observation, report::Target& target) {
  target.database = observation.server.database;
  target.schema = observation.schema;
  target.role = observation.server.role;
  target.server_version = observation.server.version;
}

report::Outcome OutcomeOf(const Error& error) {
  if (error.code == ErrorCode::kInterrupted || Interruption::Requested()) {
    return report::Outcome::kInterrupted;
  }
  if (StatusOf(error) == ExitStatus::kPartial) return report::Outcome::kPartial;
  if (error.code == ErrorCode::kMigrationFailed) return report::Outcome::kFailed;
  const ExitStatus status = StatusOf(error);
  return status == ExitStatus::kRefused || status == ExitStatus::kUsage ? report::Outcome::kRefused
                                                                        : report::Outcome::kFailed;
}

void EndRun(report::RunReport& run, double duration_ms, bool changed,
            const std::optional<Error>& error, const project::Invocation& invocation) {
  run.duration_ms = std::round(duration_ms * 1000) / 1000;
  run.outcome = changed ? report::Outcome::kDone : report::Outcome::kNothing;
  if (error) {
    FillError(*error, run);
    const bool refused = run.outcome == report::Outcome::kRefused;
    invocation.progress->Event(
        {refused ? "refused" : "failed", {{"code", run.code}, {"message", run.message}}});
  }
  invocation.progress->Event(
      {"finished",
       {{"outcome", std::string(report::NameOf(run.outcome))}, {"duration_ms", *run.duration_ms}}});
}

Status Decided(Status done, std::optional<plan::DecisionKind>& decision) {
  if (!done && (!decision || StatusOf(done.error()) == ExitStatus::kRefused)) {
    decision = plan::DecisionKind::kRefuse;
  }
  return done;
}

postgres::RunRow RowOf(const report::RunReport& run) {
  return {run.run,     run.target ? run.target->schema : "",
          run.command, run.strategy,
          run.release, std::string(report::NameOf(run.outcome)),
          run.code,    run.duration_ms.value_or(0),
          0,           report::ToJson(run)};
}

void RecordFailure(postgres::Session& session, const std::optional<JournalState>& journal,
                   report::RunReport run, const Error& error, bool creates) {
  const bool missing = journal && !journal->exists;
  if (missing && !(creates && journal->can_create)) return;
  if (journal && journal->exists && !journal->can_write) return;
  if (session.transaction_state() == postgres::TransactionState::kUnknown) return;
  FillError(error, run);
  std::string sql;
  if (missing) sql += postgres::CreateJournalSql();
  if (missing || (journal && !journal->has_runs)) sql += postgres::CreateRunsSql();
  session.IgnoreInterruption();
  session.RunWithin(sql + postgres::InsertRunSql(RowOf(run)), std::chrono::milliseconds(1000));
}

}  // namespace ballast::run
