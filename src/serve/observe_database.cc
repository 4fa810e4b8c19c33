// SPDX-License-Identifier: Apache-2.0
#include "serve/observe_database.h"

#include <fmt/format.h>

#include "assess/assess.h"
#include "assess/summary.h"
#include "base/printed_command.h"
#include "base/stopwatch.h"
#include "base/text.h"
#include "postgres/connect_error.h"
#include "postgres/lock_holders.h"
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
  const std::string& identity = difference.identity;
  std::string own, parts;
  for (const catalog::ObjectProperty& line : snapshot) {
    if (line.property == catalog::kLayoutProperty || line.property == catalog::kDependsOnProperty)
      continue;
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

ObjectDifference DifferenceOf(const catalog::Difference& difference, std::string text,
                              const assess::LiveState& live) {
  ObjectDifference result{difference.object,
                          difference.kind,
                          difference.change,
                          std::move(text),
                          live.before.proven ? DefinitionOf(*live.before.proven, difference) : "",
                          DefinitionOf(live.before.live, difference)};
  if (result.expected.empty()) result.expected = difference.a;
  if (result.actual.empty()) result.actual = difference.b;
  return result;
}

void AddLiveState(const assess::LiveState& live, DatabaseState& state) {
  for (const catalog::Difference& difference : live.comparison.objects.drift) {
    state.drift_objects.push_back(DifferenceOf(difference, catalog::Describe(difference), live));
  }
  for (const catalog::Difference& addition : live.comparison.objects.additions) {
    state.addition_objects.push_back(
        DifferenceOf(addition, catalog::NameOfAddition(addition), live));
  }
  state.recorded = live.comparison.state;
  state.recorded_version = live.comparison.version;
  state.records_goal = live.comparison.is_goal;
}

void AddAssessment(const assess::Assessment& assessment, DatabaseState& state) {
  const plan::ServerState& server = assessment.observation.server;
  state.database = server.database;
  state.role = server.role;
  state.server_version = server.version;
  state.schema = assessment.observation.schema;
  static_cast<assess::Summary&>(state) = assess::Summarize(assessment, "ballast deploy");
  const std::vector<std::string> notices = plan::TextsOf(assessment.decision.notices);
  state.notices.insert(state.notices.end(), notices.begin(), notices.end());
  if (assessment.live) {
    AddLiveState(*assessment.live, state);
  } else {
    for (const std::string& words : state.drift) {
      state.drift_objects.push_back({"", "catalog", catalog::ChangeKind::kChanged, words, "", ""});
    }
  }
}

Result<postgres::Target> TargetFor(ServedProject& loaded, const TargetSpec& spec) {
  project::ProjectContext& context = *loaded.context;
  context.option_url = spec.own_url;
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

Obstacle ObstacleOf(const Error& error, bool is_connected) {
  if (postgres::MeansUnreachable(error.code)) return Obstacle::kServer;
  switch (error.code) {
    case ErrorCode::kLockTimeout:
      return Obstacle::kLock;
    case ErrorCode::kAuthentication:
    case ErrorCode::kAccessDenied:
    case ErrorCode::kTls:
      return Obstacle::kSettings;
    default:
      return is_connected ? Obstacle::kSettings : Obstacle::kServer;
  }
}

Status ObserveWith(postgres::Session& session, ServedProject& loaded, Progress& progress,
                   DatabaseState& state) {
  if (!loaded.intent) return *loaded.error;
  postgres::ObserveOptions observe;
  observe.lock_timeout = kLockTimeout;
  observe.statement_timeout = kStatementTimeout;
  const assess::AssessOptions options(assess::Purpose::kServe, {}, observe);
  TRY_ASSIGN(const assess::Assessment assessment,
             assess::Assess(*loaded.context, loaded.artifacts, *loaded.intent, session, options,
                            progress));
  AddAssessment(assessment, state);
  TRY_ASSIGN(std::string catalog, ReadEntityCatalog(session));
  state.catalog = std::make_shared<const std::string>(std::move(catalog));
  return {};
}

// Which database is to be observed, and what the project on disk says about it.
Result<postgres::Target> Begin(ServedProject& loaded, const TargetSpec& spec,
                               DatabaseState& state) {
  state.strategy = loaded.chosen.strategy;
  if (loaded.chosen.release) state.release = loaded.chosen.release->version;
  state.notices = loaded.chosen.notices;
  state.obstacle = Obstacle::kSettings;
  if (!loaded.context) return *loaded.error;
  state.project_label = project::NameOf(*loaded.context);
  TRY_ASSIGN(postgres::Target target, TargetFor(loaded, spec));
  state.host = target.host();
  state.port = target.port();
  state.database = target.database();
  state.role = target.user();
  target.socket_timeout_seconds = kAnswerSeconds;
  if (!loaded.intent && !loaded.journal_only) return *loaded.error;
  if (loaded.journal_only) state.schema = target.SchemaOrPublic();
  return target;
}

class Observer {
 public:
  Observer(const TargetSpec& spec, const ObservationSteps& steps, Progress& progress,
           DatabaseState& state)
      : spec_(spec), steps_(steps), progress_(progress), state_(state) {}

  Status Run() {
    Result<postgres::Target> target = postgres::Target();
    steps_.with_project([&](ServedProject& loaded) { target = Begin(loaded, spec_, state_); });
    if (!target) return std::move(target).error();
    Stopwatch watch;
    Result<postgres::Session> session = postgres::Session::Connect(
        *target, {.application_name = "ballast serve", .connect_timeout = kConnectTimeout});
    AddTime(watch);
    if (!session) {
      state_.obstacle = ObstacleOf(session.error(), false);
      return std::move(session).error();
    }
    steps_.await_slot();
    watch.Lap();
    Status done = Observe(*session);
    AddTime(watch);
    return done;
  }

 private:
  // Time that it waits for its turn is no work.
  void AddTime(Stopwatch& watch) {
    state_.took += std::chrono::milliseconds(static_cast<int64_t>(watch.Lap()));
  }

  Status Observe(postgres::Session& session) {
    Status done;
    bool has_runs = false;
    steps_.with_project([&](ServedProject& loaded) {
      done = ObserveWith(session, loaded, progress_, state_);
      has_runs = done.ok() || loaded.journal_only;
    });
    if (has_runs) steps_.with_session(session, state_);
    state_.obstacle = done ? Obstacle::kNone : ObstacleOf(done.error(), true);
    if (state_.obstacle != Obstacle::kLock) return done;
    const std::string holders = postgres::HoldersBlockingReads(session);
    state_.lock_wait = "waiting for a lock" + (holders.empty() ? "" : ": " + holders);
    return MakeError(ErrorCode::kLockTimeout,
                     "the database cannot be observed: " + state_.lock_wait,
                     "wait until that session ends, or end it: pg_terminate_backend");
  }

  const TargetSpec& spec_;
  const ObservationSteps& steps_;
  Progress& progress_;
  DatabaseState& state_;
};

}  // namespace

namespace {

// The remedies are for the project's own database until they name the one that was observed.
void NameDatabase(const TargetSpec& spec, DatabaseState& state) {
  if (spec.url.empty()) return;
  const std::string variable = spec.url.substr(std::string_view("env:").size());
  const auto name = [&](std::string& text) {
    text = WithDatabaseUrl(std::move(text), "\"$" + variable + "\"");
  };
  for (std::string& remedy : state.remedies) name(remedy);
  for (std::string& notice : state.notices) name(notice);
  if (state.refusal) name(state.refusal->hint);
  if (state.error) name(state.error->hint);
}

// Of a database without pending migrations.
std::string WhyNotCurrent(plan::Found found) {
  switch (found) {
    case plan::Found::kFresh:
      return "the database is empty";
    case plan::Found::kNotManaged:
      return "the database is not managed: its migrations table has no rows";
    case plan::Found::kFailed:
      return "a migration failed";
    case plan::Found::kOtherStrategy:
      return "the migrations table has the rows of the other strategy; a deploy converts them";
    case plan::Found::kUnknown:
      return "the database is in a state that this project does not know";
    case plan::Found::kBehind:
    case plan::Found::kCurrent:
    case plan::Found::kAhead:
      break;
  }
  return fmt::format("the database is {}", plan::NameOf(found));
}

}  // namespace

DatabaseState ObserveDatabase(const TargetSpec& spec, const ObservationSteps& steps,
                              Progress& progress) {
  DatabaseState state;
  state.name = spec.name;
  state.group = spec.group;
  state.project = spec.project;
  Status done = Observer(spec, steps, progress, state).Run();
  if (!done) state.error = std::move(done).error();
  NameDatabase(spec, state);
  if (!state.error && state.compared) state.last_drift = state.drift.size();
  state.looked_at = Clock::now();
  return state;
}

std::vector<std::string> DatabaseState::Reasons() const {
  if (error) return {error->message};
  if (!found) return {"not observed yet"};
  if (IsUpToDate()) return {};
  std::vector<std::string> reasons;
  if (refusal) reasons.push_back(refusal->message);
  if (!plan::IsUpToDate(*found) && !refusal) {
    reasons.push_back(pending.empty()
                          ? WhyNotCurrent(*found)
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
