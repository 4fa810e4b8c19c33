// SPDX-License-Identifier: Apache-2.0
#include "proof/upgrade_paths.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <thread>

#include "apply/executor.h"
#include "apply/named_schema.h"
#include "apply/replay.h"
#include "plan/planner.h"
#include "postgres/migrations_table.h"
#include "postgres/observe.h"
#include "proof/proof.h"
#include "release/coverage.h"
#include "sql/classify.h"

namespace ballast::proof {
namespace {

constexpr char kScratchRun[] = "00000000-0000-4000-8000-000000000000";

// The migrations that the way's start was made from, out of the history that is here; a notice in
// words when that history is not the same any more.
Result<std::vector<release::Migration>> CoveredHere(const plan::ApplyRelease& release,
                                                    const release::PreviousRelease& record) {
  std::map<std::string_view, const release::Migration*> here;
  for (const release::Migration& migration : release.history) {
    here.emplace(migration.name, &migration);
  }
  std::vector<release::Migration> covered;
  for (const release::CoveredMigration& wanted : record.coverage) {
    const auto found = here.find(wanted.name);
    if (found == here.end() || found->second->checksum != wanted.checksum) {
      return MakeError(ErrorCode::kNoUpgradePath,
                       fmt::format("the package of {} is not at hand, and its migration {} is "
                                   "not here as it was",
                                   record.version, wanted.name));
    }
    covered.push_back(*found->second);
  }
  return covered;
}

Status RunScript(postgres::Session& session, const std::string& name, const std::string& script) {
  const postgres::Outcome outcome = session.Run(script);
  if (!outcome.error) return {};
  return MakeError(ErrorCode::kNoUpgradePath,
                   fmt::format("{} does not run: {} (SQLSTATE {})", name, outcome.error->message,
                               outcome.error->sqlstate));
}

// One way, tried in scratch databases.
class Attempt {
 public:
  Attempt(scratch::ScratchServer& server, const UpgradePathQuestion& question,
          const EarlierRelease& earlier)
      : server_(server), question_(question), earlier_(earlier), record_(earlier.record) {}

  Result<UpgradePath> Prove(Progress& progress) {
    UpgradePath way;
    way.line.version = record_.version;
    way.line.origin = earlier_.origin;
    way.line.edited = EditedSince(question_.release.coverage, record_.coverage);
    for (const release::CoveredMigration& hotfix : record_.hotfixes) {
      if (!release::Covers(question_.release.coverage, hotfix.name)) {
        way.line.hotfixes.push_back(hotfix.name);
      }
    }
    // A squash is what the earlier release has already, in other scripts.
    for (std::string& name : SameScripts()) record_.replaces.push_back(std::move(name));
    Status moved = Move(way.line, progress);
    if (!moved && !record_.hotfixes.empty() && FindReplaced()) moved = Move(way.line, progress);
    way.line.proven = moved.ok();
    way.line.replaces = record_.replaces;
    if (!moved) way.line.differences = WordsOf(moved.error());
    way.record = std::move(record_);
    way.snapshot = std::move(snapshot_);
    return way;
  }

 private:
  // Missing migrations with the very script of a hotfix.
  std::vector<std::string> SameScripts() const {
    std::set<std::string_view> ran;
    for (const auto& hotfix : record_.hotfixes) ran.insert(hotfix.checksum);
    std::vector<std::string> same;
    for (const release::Migration& migration : Missing()) {
      if (ran.contains(migration.checksum)) same.push_back(migration.name);
    }
    return same;
  }

  std::vector<release::Migration> Missing() const {
    std::set<std::string_view> there = release::CoveredNames(record_.coverage);
    there.merge(release::CoveredNames(record_.hotfixes));
    std::vector<release::Migration> missing;
    for (const release::Migration& migration : question_.release.history) {
      if (!there.contains(migration.name)) missing.push_back(migration);
    }
    return missing;
  }

  // A database as a deploy of the earlier release leaves it, rows included.
  Status Build(const scratch::ScratchDatabase& database, Progress& progress) const {
    if (!earlier_.baseline.empty()) TRY(PreparePlatform(database, question_.setup_script));
    TRY_ASSIGN(postgres::Session session, database.Connect());
    if (!earlier_.baseline.empty()) {
      TRY(RunScript(session, "the baseline of " + record_.version, earlier_.baseline));
    } else {
      TRY_ASSIGN(const auto covered, CoveredHere(question_.release, record_));
      apply::ReplayOptions replay;
      replay.setup = question_.setup_script;
      TRY(apply::Replay(session, covered, replay, progress));
    }
    if (earlier_.hotfixes.size() != record_.hotfixes.size()) {
      return MakeError(ErrorCode::kNoUpgradePath,
                       fmt::format("the hotfixes of {} are not at hand; name its package with "
                                   "--from-release",
                                   record_.version));
    }
    const auto replayed = apply::Replay(session, earlier_.hotfixes, {}, progress);
    if (!replayed) {
      return MakeError(ErrorCode::kNoUpgradePath,
                       fmt::format("a hotfix of {} does not run: {}", record_.version,
                                   replayed.error().message));
    }
    return Record(database);
  }

  Status Record(const scratch::ScratchDatabase& database) const {
    TRY_ASSIGN(postgres::Session session, database.Connect());
    std::string sql = postgres::CreateMigrationsTableSql("public");
    release::Coverage rows = {{release::kBaselineName, record_.baseline_checksum}};
    rows.insert(rows.end(), record_.hotfixes.begin(), record_.hotfixes.end());
    for (const release::CoveredMigration& row : rows) {
      sql += postgres::InsertStartedSql("public", row) + postgres::FinishSql("public", row.name);
    }
    TRY(session.Query(sql));
    return {};
  }

  // The fingerprint of the start is part of the record: adoption and status speak of it.
  Status KnowStart(const scratch::ScratchDatabase& database) {
    TRY_ASSIGN(State state, ReadState(database.target(), {}));
    snapshot_ = std::move(state.snapshot);
    TRY(CheckStart(database));
    record_.fingerprint = catalog::Fingerprint(snapshot_);
    return {};
  }

  // The database is what the earlier package proved, in the vocabulary of that package.
  Status CheckStart(const scratch::ScratchDatabase& database) const {
    const std::string& expected = earlier_.record.fingerprint;
    if (expected.empty()) return {};
    std::string found = catalog::Fingerprint(snapshot_);
    if (earlier_.vocabulary != catalog::kVocabulary) {
      catalog::Scope scope;
      scope.vocabulary = earlier_.vocabulary;
      TRY_ASSIGN(const State then, ReadState(database.target(), scope));
      found = catalog::Fingerprint(then.snapshot);
    }
    if (found == expected) return {};
    return MakeError(ErrorCode::kNoUpgradePath,
                     fmt::format("the baseline of {} does not give the database that its manifest "
                                 "describes",
                                 record_.version));
  }

  // The target schema gets the name that the migrations have for it, if they have one.
  Result<postgres::Session> ConnectToTarget(const scratch::ScratchDatabase& database) const {
    const auto schema = apply::NamedSchemaOf(question_.release.history, question_.setup_script);
    if (!schema) return database.Connect();
    TRY_ASSIGN(postgres::Session session, database.Connect());
    TRY(apply::RenameSchema(session, "public", *schema));
    postgres::Target target = database.target();
    target.schema = *schema;
    return postgres::Session::Connect(target);
  }

  Status Move(UpgradePathLine& line, Progress& progress) {
    TRY_ASSIGN(const scratch::ScratchDatabase database, server_.CreateDatabase("way"));
    TRY(Build(database, progress));
    TRY(KnowStart(database));
    plan::ApplyRelease release = question_.release;
    release.previous = {record_};
    TRY_ASSIGN(postgres::Session session, ConnectToTarget(database));
    TRY_ASSIGN(const plan::Observation observation, postgres::Observe(session, {}, progress));
    const plan::Decision decision = plan::Decide(release, observation, {});
    if (decision.Refused()) {
      return MakeError(ErrorCode::kNoUpgradePath, decision.refusal()->message);
    }
    line.migrations = static_cast<int>(decision.pending.size());
    apply::RunContext context;
    context.journal.deployment = kScratchRun;
    context.expected_facts = [this](const std::string&) { return question_.snapshot; };
    apply::RunOutcome outcome;
    return apply::Run(*decision.plan(), observation, session, context, progress, outcome);
  }

  // Migrations that do not run because a hotfix of the start has made their change already: each
  // fails on its own and touches no rows. Whether leaving them out is right, the comparison says.
  bool FindReplaced() {
    SilentProgress silent;
    const auto database = server_.CreateDatabase("way");
    if (!database || !Build(*database, silent)) return false;
    auto session = ConnectToTarget(*database);
    if (!session) return false;
    std::vector<std::string> replaced;
    for (const release::Migration& migration : Missing()) {
      const std::string& script = migration.script.TextOrEmpty();
      const auto& split = question_.release.split;
      if (std::find(split.begin(), split.end(), migration.name) != split.end()) {
        if (!apply::Replay(*session, {migration}, {}, silent)) return false;
        continue;
      }
      if (!session->Run(script).error) continue;
      const postgres::Outcome rollback = session->Run("ROLLBACK");
      const sql::ScriptProperties traits = sql::AnalyzeScript(script);
      if (traits.writes_rows || traits.transaction_control) return false;
      replaced.push_back(migration.name);
    }
    const bool news = !replaced.empty() && replaced != record_.replaces;
    if (news) record_.replaces = std::move(replaced);
    return news;
  }

  static std::vector<std::string> WordsOf(const Error& error) {
    std::vector<std::string> words;
    for (const auto& [name, value] : error.details) {
      if (name == "object") words.push_back(value);
    }
    if (words.empty()) words.push_back(error.message);
    return words;
  }

  scratch::ScratchServer& server_;
  const UpgradePathQuestion& question_;
  const EarlierRelease& earlier_;
  release::PreviousRelease record_;
  catalog::Snapshot snapshot_;  // of the start
};

// The ways that one server proves: those at `first`, `first + 2` …
class PathWorker {
 public:
  PathWorker(scratch::ScratchServer& server, const UpgradePathQuestion& question,
             const std::vector<EarlierRelease>& earlier, size_t first)
      : server_(server), question_(question), earlier_(earlier), first_(first) {}

  void Run() {
    SilentProgress silent;
    for (size_t at = first_; at < earlier_.size(); at += 2) {
      ways_.push_back(Attempt(server_, question_, earlier_[at]).Prove(silent));
    }
  }

  Result<UpgradePath>& WayAt(size_t at) { return ways_[at / 2]; }

 private:
  scratch::ScratchServer& server_;
  const UpgradePathQuestion& question_;
  const std::vector<EarlierRelease>& earlier_;
  size_t first_;
  std::vector<Result<UpgradePath>> ways_;
};

}  // namespace

Result<std::vector<UpgradePath>> VerifyUpgradePaths(ProofServers& servers,
                                                    const UpgradePathQuestion& question,
                                                    const std::vector<EarlierRelease>& earlier,
                                                    Progress& progress) {
  std::vector<EarlierRelease> starts = earlier;
  std::erase_if(starts, [&](const EarlierRelease& start) {
    return start.record.baseline_checksum == question.release.baseline.checksum;
  });
  progress.Stage("proving the upgrade paths from earlier releases", starts.size());
  PathWorker first(servers.first, question, starts, 0);
  PathWorker second(servers.second, question, starts, 1);
  std::thread beside([&] { second.Run(); });
  first.Run();
  beside.join();
  std::vector<UpgradePath> ways;
  for (size_t at = 0; at < starts.size(); ++at) {
    TRY_ASSIGN(UpgradePath way, std::move((at % 2 == 0 ? first : second).WayAt(at)));
    ways.push_back(std::move(way));
  }
  return ways;
}

}  // namespace ballast::proof
