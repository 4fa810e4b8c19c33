// SPDX-License-Identifier: Apache-2.0
#include "commands/fleet_deploy.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include "assess/summary.h"
#include "base/interruption.h"
#include "base/printed_command.h"
#include "base/text.h"
#include "commands/fleet_report_files.h"
#include "fleet/waves.h"
#include "project/project_name.h"
#include "run/deploy_settings.h"
#include "run/prepared_deploy.h"
#include "run/run_report.h"

namespace ballast::commands {
namespace {

using std::chrono::milliseconds;

// After this number of targets with drift or additions, the next ones probably have some, too, and
// are compared with their release before the upgrade.
constexpr size_t kAssessedAgain = 3;

bool CountsAgainstBudget(FleetOutcome outcome) {
  return outcome == FleetOutcome::kFailed || outcome == FleetOutcome::kPartial ||
         outcome == FleetOutcome::kUnhealthy;
}

FleetOutcome OutcomeOf(const DeployReport& report) {
  if (!report.error) {
    // The numbers are not known of a deploy whose connection broke during the commit.
    const bool applied = !report.applied.empty() || report.run.recorded > 0;
    if (applied || report.HasChanged()) return FleetOutcome::kApplied;
    const bool planned = report.dry_run && !report.plan.empty();
    return planned ? FleetOutcome::kPlanned : FleetOutcome::kNothing;
  }
  if (StatusOf(*report.error) == ExitStatus::kPartial) return FleetOutcome::kPartial;
  return Interruption::Requested() ? FleetOutcome::kInterrupted : FleetOutcome::kFailed;
}

report::FleetTargets TargetsOf(const FleetDeployReport& report) {
  const auto count = [&](FleetOutcome outcome) { return static_cast<int>(report.Count(outcome)); };
  return {count(FleetOutcome::kApplied),     count(FleetOutcome::kNothing),
          count(FleetOutcome::kPlanned),     count(FleetOutcome::kFailed),
          count(FleetOutcome::kPartial),     count(FleetOutcome::kUnhealthy),
          count(FleetOutcome::kInterrupted), count(FleetOutcome::kNotStarted)};
}

// Adds the selection and the results of the targets to the run.
void AddToRun(const FleetDeployReport& report, report::RunReport& run) {
  run.targets = TargetsOf(report);
  if (report.strategy) run.strategy = plan::NameOf(*report.strategy);
  if (report.release) run.release = report.release->version;
  for (const FleetTargetReport& line : report.targets) {
    for (const std::string& drift : line.drift) run.drift.push_back(line.name + ": " + drift);
  }
}

// What an observation after a wave has found.
struct Health {
  std::optional<Error> problem;
  std::vector<std::string> drift;
  milliseconds pause_left{0};  // after a change by an earlier run or another shard
};

class FleetRun {
 public:
  FleetRun(const FleetDeployOptions& options, const project::Invocation& invocation,
           FleetDeployReport& report)
      : options_(options),
        invocation_(invocation),
        report_(report),
        progress_(*invocation.progress) {}

  Status Do() {
    const Status prepared = run::PrepareDeploy(options_.deploy, invocation_, prepared_);
    static_cast<project::StrategySelection&>(report_) = prepared_.selection;
    TRY(prepared);
    report_.run.project = project::NameOf(*prepared_.context);
    const workspace::Variables& variables = prepared_.context->environment.values;
    TRY_ASSIGN(report_.shard, fleet::ShardOf(options_.shard, options_.shards, variables));
    const postgres::ConnectOptions connect = run::ConnectSettings(
        options_.deploy, prepared_.context->project.config, options_.deploy.wait_for_database);
    TRY_ASSIGN(members_,
               fleet::ListMembers(options_.selection, *prepared_.context, connect, progress_));
    TRY(Divide());
    TRY(files_.Open(options_.report_dir));
    TRY(FindDatabases());
    TRY(AwaitCanaries());
    DeployWaves();
    for (const auto& [name, ms] : longest_) report_.run.migrations.push_back({name, ms});
    return Conclusion();
  }

 private:
  bool IsMine(size_t member) const {
    return !report_.shard || fleet::IsInShard(*report_.shard, members_[member].name);
  }

  // The canaries are those of the whole fleet; the first shard deploys them, and the others wait.
  Status Divide() {
    TRY_ASSIGN(canaries_, fleet::CanariesOf(members_, options_.canary));
    const bool deploys_canaries = !report_.shard || report_.shard->IsFirst();
    std::vector<size_t> rest;
    size_t mine = 0;
    for (size_t i = 0; i < members_.size(); ++i) {
      if (!IsMine(i)) continue;
      ++mine;
      const bool is_canary = std::find(canaries_.begin(), canaries_.end(), i) != canaries_.end();
      if (!is_canary) rest.push_back(i);
    }
    TRY_ASSIGN(waves_, fleet::DivideIntoWaves(rest, mine, options_.waves));
    if (!canaries_.empty() && deploys_canaries) {
      waves_.insert(waves_.begin(), {"canary", true, canaries_});
    }
    place_.assign(members_.size(), std::nullopt);
    for (const fleet::Wave& wave : waves_) {
      for (const size_t member : wave.members) {
        place_[member] = report_.targets.size();
        FleetTargetReport target;
        target.name = members_[member].name;
        target.wave = wave.name;
        report_.targets.push_back(std::move(target));
      }
    }
    TRY_ASSIGN(report_.budget,
               fleet::FailureBudget(options_.failure_budget, report_.targets.size()));
    return {};
  }

  FleetTargetReport& ReportOf(size_t member) { return report_.targets[*place_[member]]; }

  // URLs are parsed before anything is changed; those printed by commands come later.
  Status FindDatabases() {
    databases_.assign(members_.size(), "");
    for (size_t i = 0; i < members_.size(); ++i) {
      if (!members_[i].url_command.empty()) continue;
      const Result<postgres::Target> target = fleet::TargetOf(members_[i], {});
      if (!target) {
        Error error = target.error();
        error.message = fmt::format("target \"{}\": {}", members_[i].name, error.message);
        return error;
      }
      databases_[i] = fmt::format("{} {} {}", target->host(), target->port(), target->database());
      if (const std::optional<size_t> place = place_[i]) {
        report_.targets[*place].address = AddressOf(*target);
      }
    }
    return {};
  }

  Result<postgres::Target> TargetOf(size_t member) const {
    return fleet::TargetOf(members_[member], PasswordCommandOf(*prepared_.context));
  }

  Result<assess::Assessment> Observe(size_t member, assess::Purpose purpose) {
    MemberProgress progress(members_[member].name, progress_);
    TRY_ASSIGN(const postgres::Target target, TargetOf(member));
    return run::AssessAt(target, options_.deploy, purpose, prepared_, progress);
  }

  // The state of a member according to its rows.
  Result<bool> IsCurrent(size_t member) {
    TRY_ASSIGN(const assess::Assessment assessment, Observe(member, assess::Purpose::kDeploy));
    return assess::Summarize(assessment, {}).HasEverything();
  }

  Status AwaitCanaries() {
    const bool waits = report_.shard && !report_.shard->IsFirst() && !options_.deploy.dry_run;
    if (!waits || canaries_.empty()) return {};
    const auto end = std::chrono::steady_clock::now() + options_.canary_timeout;
    progress_.Stage("waiting for the canaries of shard 1", canaries_.size());
    milliseconds pause{250};
    for (size_t done = 0; done < canaries_.size();) {
      const Result<bool> current = IsCurrent(canaries_[done]);
      if (Interruption::Requested()) return Interruption::AsError();
      if (current.ok() && *current) {
        progress_.Advance(members_[canaries_[done]].name);
        ++done;
        continue;
      }
      if (std::chrono::steady_clock::now() >= end) return CanaryMissing(canaries_[done], current);
      if (Interruption::WaitFor(pause)) return Interruption::AsError();
      pause = std::min(pause * 2, milliseconds(5000));
    }
    return CheckCanaries();
  }

  // The pause and the health of the canaries count for this shard, too.
  Status CheckCanaries() {
    std::mutex mutex;
    std::optional<Error> problem;
    const auto may_continue = [&] {
      const std::scoped_lock lock(mutex);
      return !problem && !Interruption::Requested();
    };
    const auto judge = [&](size_t member, Health& health) {
      if (!health.problem) return;
      const std::scoped_lock lock(mutex);
      if (problem) return;
      problem = std::move(health.problem);
      problem->message =
          fmt::format("canary \"{}\": {}{}; nothing was changed", members_[member].name,
                      problem->message, health.drift.empty() ? "" : ": " + JoinSome(health.drift));
    };
    ObserveAgain("the canaries", canaries_, judge, may_continue);
    if (Interruption::Requested()) return Interruption::AsError();
    return problem ? Status(*std::move(problem)) : Status();
  }

  Error CanaryMissing(size_t member, const Result<bool>& current) const {
    return MakeError(
        ErrorCode::kTimedOut,
        fmt::format(
            "canary \"{}\" was not deployed within {} s{}; nothing was changed",
            members_[member].name,
            std::chrono::duration_cast<std::chrono::seconds>(options_.canary_timeout).count(),
            current.ok() ? "" : ": " + current.error().message),
        "check the report of shard 1, or increase --canary-timeout");
  }

  bool BudgetIsKept() const { return failed_ <= report_.budget && !canary_failed_; }

  void DeployWaves() {
    for (const fleet::Wave& wave : waves_) {
      DeployWave(wave);
      if (!MayContinueAfter(wave)) break;
    }
    for (const fleet::Wave& wave : waves_) {
      FleetWaveReport& line = report_.waves.emplace_back();
      line.name = wave.name;
      line.targets = wave.members.size();
      for (const size_t member : wave.members) {
        const FleetOutcome outcome = ReportOf(member).outcome;
        line.failed += CountsAgainstBudget(outcome) ? 1 : 0;
        line.not_started += outcome == FleetOutcome::kNotStarted ? 1 : 0;
      }
    }
  }

  void DeployWave(const fleet::Wave& wave) {
    progress_.Stage(fmt::format("{} {} ({})", options_.deploy.dry_run ? "planning" : "deploying",
                                wave.name, Counted(wave.members.size(), "target")),
                    wave.members.size());
    DoInParallel({wave.members, databases_, options_.parallel,
                  [&](size_t member) { DeployMember(member, wave.is_canary); },
                  [&] { return BudgetIsKept(); }});
  }

  void DeployMember(size_t member, bool is_canary) {
    FleetTargetReport& line = ReportOf(member);
    DeployReport report;
    const Result<postgres::Target> target = TargetOf(member);
    if (target) {
      line.address = AddressOf(*target);
      MemberProgress progress(line.name, progress_);
      project::Invocation invocation;
      invocation.environment = invocation_.environment;  // for the origin of the run
      invocation.progress = &progress;
      run::DeployOptions options = options_.deploy;
      options.shortcuts.rows_first = is_current_;
      options.shortcuts.relies_on_end = assessed_again_ < kAssessedAgain;
      report = DeployTo(*target, options, invocation, prepared_);
      NameDatabase(member, report);
      if (report.assessed_again) ++assessed_again_;
      is_current_ = report.found == plan::Found::kCurrent;
    } else {
      report.error = target.error();
    }
    Take(report, line);
    if (line.changed) AddMigrations(report.run);
    if (CountsAgainstBudget(line.outcome)) {
      ++failed_;
      if (is_canary) canary_failed_ = true;
      progress_.Notice(
          fmt::format("{}: {} [{}]", line.name, line.error->message, CodeOf(line.error->code)));
    }
    const Status written = files_.Write(line.name, report, options_.render);
    if (!written) progress_.Notice(written.error().message);
    progress_.Advance(line.name);
  }

  std::string UrlArgument(size_t member) const {
    return fleet::UrlArgument(members_[member], invocation_.environment);
  }

  // The remedies are for the project's database until they name the member's.
  void NameDatabase(size_t member, DeployReport& report) const {
    const std::string url = UrlArgument(member);
    for (std::string& remedy : report.remedies) remedy = WithDatabaseUrl(std::move(remedy), url);
    for (std::string& notice : report.notices) notice = WithDatabaseUrl(std::move(notice), url);
    if (report.error) report.error->hint = WithDatabaseUrl(std::move(report.error->hint), url);
  }

  // Of a member that was changed.
  void AddMigrations(const report::RunReport& run) {
    const std::scoped_lock lock(mutex_);
    report_.run.recorded += run.recorded;
    for (const report::MigrationTime& migration : run.migrations) {
      std::optional<double>& longest = longest_[migration.name];
      longest = std::max(longest, migration.duration_ms);
    }
  }

  void Take(const DeployReport& report, FleetTargetReport& line) const {
    line.outcome = OutcomeOf(report);
    line.changed = line.outcome == FleetOutcome::kApplied || line.outcome == FleetOutcome::kPartial;
    line.created = report.created_database;
    line.found = report.found;
    line.applied = report.applied.size();
    line.drift = report.run.drift;
    line.additions = report.run.additions.size();
    line.fingerprint = report.run.fingerprint_actual;
    line.duration_ms = report.run.duration_ms.value_or(0);
    // The project's notices are the fleet's.
    const size_t known = prepared_.selection.notices.size();
    if (report.notices.size() > known) {
      line.notices.assign(report.notices.begin() + static_cast<std::ptrdiff_t>(known),
                          report.notices.end());
    }
    line.error = report.error;
    line.remedies = report.remedies;
    if (line.error && line.error->hint.empty() && !report.remedies.empty()) {
      line.error->hint = report.remedies.front();
    }
    if (line.error && line.error->code == ErrorCode::kNoDatabase) {
      line.error->hint = "remove the target from the list, or create the database";
      line.remedies.clear();
    }
    if (line.outcome == FleetOutcome::kInterrupted) line.error = Interruption::AsError();
    if (line.error && line.created) line.error->message += "; its database was created";
  }

  // With a pause, all databases of a wave are observed after it, also those that an earlier run or
  // another one has deployed. Without, these are observed if they are canaries.
  bool MayContinueAfter(const fleet::Wave& wave) {
    if (Interruption::Requested() || !BudgetIsKept()) return false;
    if (options_.deploy.dry_run) return true;
    const bool pauses = options_.pause.count() > 0;
    bool changed = false;
    std::vector<size_t> observed;
    for (const size_t member : wave.members) {
      const FleetOutcome outcome = ReportOf(member).outcome;
      const bool applied = outcome == FleetOutcome::kApplied;
      const bool current = outcome == FleetOutcome::kNothing;
      changed = changed || applied;
      if (pauses ? applied || current : current && wave.is_canary) observed.push_back(member);
    }
    if (pauses && changed && !Pause(wave.name, options_.pause)) return false;
    const auto may_continue = [this] { return !Interruption::Requested() && BudgetIsKept(); };
    ObserveAgain(
        wave.name, std::move(observed),
        [&](size_t member, Health& health) { TakeHealth(member, wave.is_canary, health); },
        may_continue);
    return may_continue();
  }

  bool Pause(const std::string& what, milliseconds time) {
    progress_.Stage("pausing after " + what, 0);
    return !Interruption::WaitFor(time);
  }

  // Observes the members, and calls `judge` for each, from all threads. Those whose pause is not
  // over are observed again at its end, if `may_continue`.
  template <class Judge, class MayContinue>
  void ObserveAgain(const std::string& what, std::vector<size_t> members, const Judge& judge,
                    const MayContinue& may_continue) {
    std::vector<milliseconds> left(members_.size());
    for (int look = 0; look < 2 && !members.empty(); ++look) {
      progress_.Stage(fmt::format("checking {} again", what), members.size());
      DoInParallel({members,
                    {},
                    options_.parallel,
                    [&](size_t member) {
                      Health health = HealthOf(member);
                      left[member] = health.pause_left;
                      progress_.Advance(members_[member].name);
                      if (!Interruption::Requested()) judge(member, health);
                    },
                    [] { return true; }});
      std::erase_if(members, [&](size_t member) { return left[member].count() <= 0; });
      if (members.empty() || !may_continue()) return;
      const size_t last = *std::max_element(members.begin(), members.end(),
                                            [&](size_t a, size_t b) { return left[a] < left[b]; });
      if (!Pause(what, left[last])) return;
    }
  }

  // Whether this run has changed the member.
  bool IsChangedHere(size_t member) { return place_[member] && ReportOf(member).changed; }

  // Not over if another run has changed the member less than the pause ago.
  milliseconds PauseLeft(size_t member, const plan::Observation& observation) {
    if (IsChangedHere(member) || !observation.since_last_migration) return milliseconds(0);
    const milliseconds since(static_cast<int64_t>(*observation.since_last_migration * 1000));
    return std::clamp(options_.pause - since, milliseconds(0), options_.pause);
  }

  Health HealthOf(size_t member) {
    Health health;
    const Result<assess::Assessment> observed = Observe(member, assess::Purpose::kStatus);
    if (!observed) {
      health.problem = observed.error();
      return health;
    }
    const bool own = IsChangedHere(member);
    const auto problem = [&](const char* after, const char* now) {
      return MakeError(ErrorCode::kDrift, own ? after : now,
                       WithDatabaseUrl("check it: ballast status", UrlArgument(member)));
    };
    const assess::Summary summary = assess::Summarize(*observed, {});
    if (!summary.HasEverything()) {
      health.problem = problem("after the pause the database was no longer current",
                               "the database is not current");
    } else if (!summary.IsUpToDate()) {
      health.drift = summary.differences;
      health.problem = problem(
          "after the pause the database no longer matched the proven state",
          "the migrations table is up to date, but the catalog differs from the proven state");
    } else {
      health.pause_left = PauseLeft(member, observed->observation);
    }
    return health;
  }

  // The differences become those of the line.
  void TakeHealth(size_t member, bool is_canary, Health& health) {
    if (!health.problem) return;
    FleetTargetReport& line = ReportOf(member);
    line.outcome = FleetOutcome::kUnhealthy;
    line.error = std::move(health.problem);
    if (!health.drift.empty()) line.drift = std::move(health.drift);
    ++failed_;
    if (is_canary) canary_failed_ = true;
    progress_.Notice(fmt::format("{}: {}{}", line.name, line.error->message,
                                 line.drift.empty() ? "" : ": " + JoinSome(line.drift)));
  }

  // The present result in numbers.
  std::string Numbers() const {
    const size_t all = report_.targets.size();
    std::string numbers = fmt::format("{} of {} failed", report_.Failed(), Counted(all, "target"));
    const auto add = [&](size_t count, std::string_view what) {
      if (count > 0) numbers += fmt::format(", {} {} {}", count, count == 1 ? "was" : "were", what);
    };
    add(report_.Count(FleetOutcome::kInterrupted), "interrupted");
    add(report_.Count(FleetOutcome::kNotStarted), "not started");
    return numbers;
  }

  const FleetTargetReport* FirstFailure() const {
    const auto found =
        std::find_if(report_.targets.begin(), report_.targets.end(),
                     [](const auto& line) { return CountsAgainstBudget(line.outcome); });
    return found == report_.targets.end() ? nullptr : &*found;
  }

  Status Conclusion() {
    const bool changed = report_.HasChanged();
    if (Interruption::Requested()) return Interrupted(changed);
    const FleetTargetReport* first = FirstFailure();
    if (first == nullptr) return {};
    Error error = *first->error;
    error.message =
        fmt::format("{}; the first is \"{}\": {}", Numbers(), first->name, error.message);
    report_.remedies = first->remedies;
    if (report_.remedies.empty() && !error.hint.empty()) report_.remedies = {error.hint};
    if (changed) {
      error.code = ErrorCode::kFleetPartial;
      report_.remedies.push_back(
          fmt::format("{} run the same command again: current targets are skipped",
                      report_.remedies.empty() ? "fix the cause and" : "then"));
    }
    error.hint = plan::HintOf(report_.remedies);
    return error;
  }

  Error Interrupted(bool changed) const {
    Error error = Interruption::AsError();
    const size_t done =
        report_.Count(FleetOutcome::kApplied) + report_.Count(FleetOutcome::kNothing);
    error.message +=
        fmt::format("; {} of {} {} done, {}", done, Counted(report_.targets.size(), "target"),
                    done == 1 ? "is" : "are", Numbers());
    error.hint = "run the same command again to continue";
    error.partial = changed;
    return error;
  }

  const FleetDeployOptions& options_;
  const project::Invocation& invocation_;
  FleetDeployReport& report_;
  SerialProgress progress_;
  run::PreparedDeploy prepared_;
  FleetReportFiles files_;
  std::vector<fleet::Member> members_;
  std::vector<size_t> canaries_;
  std::vector<fleet::Wave> waves_;
  std::vector<std::optional<size_t>> place_;  // index of a member in the report; or none
  std::vector<std::string> databases_;        // of a member; empty: not known
  std::mutex mutex_;                          // for what all members add up to
  std::map<std::string, std::optional<double>> longest_;  // of each migration, in milliseconds
  std::atomic<size_t> failed_{0};
  std::atomic<bool> canary_failed_{false};
  std::atomic<size_t> assessed_again_{0};  // targets
  std::atomic<bool> is_current_{true};     // the last target, so that the next one may be, too
};

}  // namespace

std::string_view NameOf(FleetOutcome outcome) {
  switch (outcome) {
    case FleetOutcome::kNotStarted:
      return "not_started";
    case FleetOutcome::kApplied:
      return "applied";
    case FleetOutcome::kNothing:
      return "nothing";
    case FleetOutcome::kPlanned:
      return "planned";
    case FleetOutcome::kFailed:
      return "failed";
    case FleetOutcome::kPartial:
      return "partial";
    case FleetOutcome::kInterrupted:
      return "interrupted";
    case FleetOutcome::kUnhealthy:
      return "unhealthy";
  }
  return "";
}

size_t FleetDeployReport::Count(FleetOutcome outcome) const {
  return static_cast<size_t>(
      std::count_if(targets.begin(), targets.end(),
                    [&](const FleetTargetReport& line) { return line.outcome == outcome; }));
}

size_t FleetDeployReport::Failed() const {
  return static_cast<size_t>(std::count_if(
      targets.begin(), targets.end(),
      [](const FleetTargetReport& line) { return CountsAgainstBudget(line.outcome); }));
}

bool FleetDeployReport::HasChanged() const {
  return std::any_of(targets.begin(), targets.end(),
                     [](const FleetTargetReport& line) { return line.changed; });
}

FleetDeployReport DeployFleet(const FleetDeployOptions& options,
                              const project::Invocation& invocation) {
  return run::RunCommand<FleetDeployReport>(
      "fleet deploy", invocation, [&](FleetDeployReport& report) {
        report.dry_run = options.deploy.dry_run;
        report.accepts_drift = options.deploy.allow_drift;
        Status done = FleetRun(options, invocation, report).Do();
        AddToRun(report, report.run);
        return done;
      });
}

}  // namespace ballast::commands
