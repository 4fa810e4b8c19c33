// SPDX-License-Identifier: Apache-2.0
#include "serve/observe_database.h"

#include <fmt/format.h>

#include "assess/assess.h"
#include "base/stopwatch.h"
#include "base/text.h"
#include "project/project_name.h"
#include "serve/entity_catalog.h"

namespace ballast::serve {
namespace {

constexpr std::chrono::seconds kConnectTimeout{5};
constexpr std::chrono::seconds kStatementTimeout{15};
// Shorter than the time after which a database counts as unreachable.
constexpr std::chrono::seconds kLockTimeout{2};
constexpr double kAnswerSeconds = 20;

// An object's properties, a line each; of a table its columns and constraints, too.
std::string DefinitionOf(const catalog::Snapshot& snapshot, const catalog::Difference& difference) {
  const std::string& kind = difference.kind;
  const std::string identity = difference.object.starts_with(kind + " ")
                                   ? difference.object.substr(kind.size() + 1)
                                   : difference.object;
  std::string own, parts;
  for (const catalog::ObjectProperty& line : snapshot) {
    if (line.property == catalog::kLayoutProperty) continue;
    std::string value = line.value;
    if (value.starts_with(catalog::kHiddenValue)) value = "<secret>";
    if (line.kind == kind && line.object == identity) {
      own += line.property == "definition" ? value + '\n'
                                           : fmt::format("{}: {}\n", line.property, value);
    } else if (kind == "table" && line.object.starts_with(identity + ".")) {
      parts += fmt::format("{} {} {}: {}\n", line.kind, line.object.substr(identity.size() + 1),
                           line.property, value);
    }
  }
  return own + parts;
}

ObjectDifference DifferenceOf(const catalog::Difference& difference, std::string words,
                              const assess::LiveState& live) {
  ObjectDifference result{difference.object,
                          difference.kind,
                          std::string(catalog::NameOf(difference.change)),
                          std::move(words),
                          live.before.proven ? DefinitionOf(*live.before.proven, difference) : "",
                          DefinitionOf(live.before.live, difference)};
  if (result.expected.empty()) result.expected = difference.a;
  if (result.actual.empty()) result.actual = difference.b;
  return result;
}

void AddLiveState(const assess::LiveState& live, DatabaseState& state) {
  for (const catalog::Difference& difference : live.comparison.objects.drift) {
    state.drift.push_back(DifferenceOf(difference, catalog::Describe(difference), live));
  }
  for (const catalog::Difference& addition : live.comparison.objects.additions) {
    state.additions.push_back(DifferenceOf(addition, catalog::NameOfAddition(addition), live));
  }
  state.recorded = live.comparison.state;
  state.recorded_version = live.comparison.version;
}

void AddDecision(const plan::Decision& decision, DatabaseState& state) {
  state.found = decision.found;
  state.pending = decision.pending;
  state.unknown = decision.unknown;
  state.notices.insert(state.notices.end(), decision.notices.begin(), decision.notices.end());
  if (const plan::Refusal* refusal = decision.refusal()) {
    state.refusal = plan::ErrorOf(*refusal);
    state.remedies = refusal->remedies;
  } else if (!decision.pending.empty()) {
    state.remedies = {"ballast deploy"};
  }
}

void AddAssessment(const assess::Assessment& assessment, DatabaseState& state) {
  const plan::ServerState& server = assessment.observation.server;
  state.database = server.database;
  state.role = server.role;
  state.server_version = server.version;
  state.schema = assessment.observation.schema;
  AddDecision(assessment.decision, state);
  for (const assess::FailureLine& line : assessment.failures) state.failed.push_back(line.name);
  state.compared = assessment.IsCompared();
  if (assessment.live) AddLiveState(*assessment.live, state);
  if (!assessment.comparison) return;
  state.fingerprint_expected = assessment.comparison->expected;
  state.fingerprint_actual = assessment.comparison->actual;
  if (!assessment.comparison->differences.empty() && state.drift.empty()) {
    for (const std::string& words : assessment.comparison->differences) {
      state.drift.push_back({"", "catalog", "changed", words, "", ""});
    }
  }
  if (!state.drift.empty()) state.remedies = {"ballast repair --dry-run"};
}

Result<postgres::Target> TargetFor(ServedProject& loaded, const TargetSpec& spec) {
  project::ProjectContext& context = *loaded.context;
  context.option_url.clear();
  if (!spec.url.empty()) {
    const std::string variable = spec.url.substr(std::string_view("env:").size());
    const std::string* url = context.environment.Find(variable);
    if (url == nullptr || url->empty()) {
      return MakeError(
          ErrorCode::kNoUrl,
          fmt::format("the variable {} of database {} is not set", variable, spec.name),
          "set it to the database's URL");
    }
    context.option_url = *url;
  }
  return project::TargetOf(context);
}

// Which lock the observation did not get, as a sentence. Another session's exclusive lock of a
// table is the probable one.
std::string DescribeLock(postgres::Session& session) {
  session.Run("ROLLBACK");  // of the failed transaction, if there is one
  const Result<postgres::Value> holder = session.QueryValue(
      "SELECT pg_catalog.format('waiting for a lock on %s, held by pid %s (%s, role %s)',\n"
      "    c.oid::pg_catalog.regclass, a.pid, coalesce(nullif(a.application_name, ''),\n"
      "    'no application name'), a.usename)\n"
      "  FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a USING (pid)\n"
      "  JOIN pg_catalog.pg_class c ON c.oid = l.relation\n"
      " WHERE l.locktype = 'relation' AND l.granted AND l.mode = 'AccessExclusiveLock'\n"
      "   AND l.database = (SELECT oid FROM pg_catalog.pg_database\n"
      "                      WHERE datname = pg_catalog.current_database())\n"
      "   AND a.pid <> pg_catalog.pg_backend_pid() AND c.oid >= 16384\n"
      " ORDER BY c.relkind IN ('r', 'p') DESC, c.oid LIMIT 1");
  return holder && *holder ? **holder : "waiting for a lock that another session holds";
}

Obstacle ObstacleOf(const Error& error, bool is_connected) {
  switch (error.code) {
    case ErrorCode::kLockTimeout:
      return Obstacle::kLock;
    case ErrorCode::kCannotReach:
    case ErrorCode::kConnectionLost:
    case ErrorCode::kTimedOut:
    case ErrorCode::kNoDatabase:
      return Obstacle::kServer;
    case ErrorCode::kAuthentication:
    case ErrorCode::kAccessDenied:
    case ErrorCode::kTls:
      return Obstacle::kSettings;
    default:
      return is_connected ? Obstacle::kSettings : Obstacle::kServer;
  }
}

Status ObserveWith(postgres::Session& session, ServedProject& loaded, const WithSession& with,
                   Progress& progress, DatabaseState& state) {
  assess::AssessOptions options;
  options.observe.lock = false;
  options.observe.lock_timeout = kLockTimeout;
  options.observe.statement_timeout = kStatementTimeout;
  options.compare_current = true;
  options.policy.only_observes = true;
  TRY_ASSIGN(const assess::Assessment assessment,
             assess::Assess(*loaded.context, loaded.artifacts, *loaded.intent, session, options,
                            progress));
  AddAssessment(assessment, state);
  TRY_ASSIGN(std::string catalog, ReadEntityCatalog(session));
  state.catalog = std::make_shared<const std::string>(std::move(catalog));
  with(session, state.schema);
  return {};
}

Status Observe(ServedProject& loaded, const TargetSpec& spec, const WithSession& with,
               Progress& progress, DatabaseState& state) {
  state.obstacle = Obstacle::kSettings;
  if (!loaded.context) return *loaded.error;
  state.project_label = project::NameOf(*loaded.context);
  TRY_ASSIGN(postgres::Target target, TargetFor(loaded, spec));
  state.host = target.host;
  state.port = target.port;
  state.database = target.database;
  state.role = target.user;
  target.socket_timeout_seconds = kAnswerSeconds;
  if (!loaded.intent) return *loaded.error;
  Result<postgres::Session> session = postgres::Session::Connect(
      target, {.application_name = "ballast serve", .connect_timeout = kConnectTimeout});
  if (!session) {
    state.obstacle = ObstacleOf(session.error(), false);
    return std::move(session).error();
  }
  Status done = ObserveWith(*session, loaded, with, progress, state);
  state.obstacle = done ? Obstacle::kNone : ObstacleOf(done.error(), true);
  if (state.obstacle != Obstacle::kLock) return done;
  state.lock_wait = DescribeLock(*session);
  return MakeError(ErrorCode::kLockTimeout, "the database cannot be observed: " + state.lock_wait,
                   "wait until that session ends, or end it: pg_terminate_backend");
}

}  // namespace

DatabaseState ObserveDatabase(ServedProject& loaded, const TargetSpec& spec,
                              const WithSession& with, Progress& progress) {
  DatabaseState state;
  state.name = spec.name;
  state.group = spec.group;
  state.project = spec.project;
  if (loaded.chosen.strategy) state.strategy = plan::NameOf(*loaded.chosen.strategy);
  if (loaded.chosen.release) state.release = loaded.chosen.release->version;
  state.notices = loaded.chosen.notices;
  Stopwatch watch;
  Status done = Observe(loaded, spec, with, progress, state);
  if (!done) state.error = std::move(done).error();
  if (!state.error && state.compared) state.last_drift = state.drift.size();
  state.took = std::chrono::milliseconds(static_cast<int64_t>(watch.Lap()));
  state.looked_at = Clock::now();
  return state;
}

std::vector<std::string> DatabaseState::Reasons() const {
  if (error) return {error->message};
  if (!found) return {"not observed yet"};
  std::vector<std::string> reasons;
  if (refusal) reasons.push_back(refusal->message);
  if (!plan::IsUpToDate(*found) && !refusal) {
    reasons.push_back(pending.empty()
                          ? fmt::format("the database is {}", plan::NameOf(*found))
                          : fmt::format("{} {} not applied", Counted(pending.size(), "migration"),
                                        pending.size() == 1 ? "is" : "are"));
  }
  if (!drift.empty() && !refusal) {
    reasons.push_back(fmt::format("{} {} not as proven", Counted(drift.size(), "object"),
                                  drift.size() == 1 ? "is" : "are"));
  }
  return reasons;
}

}  // namespace ballast::serve
