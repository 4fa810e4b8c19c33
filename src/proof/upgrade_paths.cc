// SPDX-License-Identifier: Apache-2.0
#include "proof/upgrade_paths.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <thread>

#include "apply/executor.h"
#include "apply/named_schema.h"
#include "apply/replay.h"
#include "catalog/managed_comparison.h"
#include "plan/planner.h"
#include "postgres/migrations_table.h"
#include "postgres/observe.h"
#include "proof/goal_state.h"
#include "proof/proof.h"
#include "proof/sample_rows.h"
#include "proof/script_errors.h"
#include "release/coverage.h"
#include "sql/classify.h"
#include "sql/quote.h"

namespace ballast::proof {
namespace {

constexpr char kScratchRun[] = "00000000-0000-4000-8000-000000000000";

// The migrations that the start of the path was made from, taken from the present history; a notice
// in words when that history is not the same any more.
Result<std::vector<release::Migration>> CoveredHere(const plan::ApplyRelease& release,
                                                    const release::PreviousRelease& record) {
  std::map<std::string_view, const release::Migration*> here;
  for (const release::Migration& migration : release.History()) {
    here.emplace(migration.name, &migration);
  }
  std::vector<release::Migration> covered;
  for (const release::CoveredMigration& expected : record.coverage) {
    const auto found = here.find(expected.name);
    if (found == here.end() || found->second->checksum != expected.checksum) {
      return MakeError(ErrorCode::kNoUpgradePath,
                       fmt::format("the package of {} is not available, and its migration {} was "
                                   "changed or removed",
                                   record.version, expected.name));
    }
    covered.push_back(*found->second);
  }
  return covered;
}

Status RunScript(postgres::Session& session, const std::string& name, const std::string& script) {
  const postgres::Outcome outcome = session.Run(script);
  if (!outcome.error) return {};
  return ScriptRefused(ErrorCode::kNoUpgradePath, name, *outcome.error, {script});
}

// Verifies one upgrade path in scratch databases, and the rollback in the database that it leaves.
// The target schema gets the name that the migrations have for it, if they have one.
class UpgradeProof : private RollbackScene {
 public:
  UpgradeProof(scratch::ScratchServer& server, const UpgradePathQuestion& question,
               const EarlierRelease& earlier)
      : RollbackScene(
            server,
            apply::NamedSchemaOf(question.release.History(), question.setup_script).value_or("")),
        question_(question),
        earlier_(earlier),
        record_(earlier.record) {}

  Result<UpgradePath> Prove(Progress& progress) {
    UpgradePath path;
    path.line.version = record_.version;
    path.line.origin = earlier_.origin;
    path.line.edited = EditedSince(question_.release.coverage, record_.coverage);
    for (const release::CoveredMigration& hotfix : record_.hotfixes) {
      if (!release::Covers(question_.release.coverage, hotfix.name)) {
        path.line.hotfixes.push_back(hotfix.name);
      }
    }
    // A squash has what the earlier release has, in other scripts.
    for (std::string& name : SameScripts()) record_.replaces.push_back(std::move(name));
    Status moved = Move(path.line, progress);
    if (!moved && IsAboutScripts(moved.error()) && !record_.hotfixes.empty()) {
      TRY_ASSIGN(const bool replaced, FindReplaced());
      if (replaced) moved = Move(path.line, progress);
    }
    if (!moved && !IsAboutScripts(moved.error())) return std::move(moved).error();
    path.line.proven = moved.ok();
    path.line.replaces = record_.replaces;
    if (!moved) path.line.differences = DifferencesIn(moved.error());
    path.line.is_compared = moved.ok() || IsAboutObjects(moved.error());
    if (LacksHotfixes()) path.line.remedy = "specify its package: --from-release PATH";
    if (moved) {
      TRY_ASSIGN(path.rollback, BackOrReason());
    }
    path.record = std::move(record_);
    path.snapshot = std::move(snapshot_);
    return path;
  }

 private:
  // Missing migrations with exactly the script of a hotfix, or of a migration, that the present
  // history has under a different name only. Each of these is one missing migration, the first: an
  // UPDATE that the history has once more runs.
  std::vector<std::string> SameScripts() const {
    std::map<std::string_view, int> ran;
    const std::set<std::string_view> here = release::CoveredNames(question_.release.coverage);
    for (const release::Coverage* part : {&record_.hotfixes, &record_.coverage}) {
      for (const release::CoveredMigration& covered : *part) {
        if (!here.contains(covered.name)) ++ran[covered.checksum];
      }
    }
    std::vector<std::string> same;
    for (const release::Migration& migration : Missing()) {
      const auto once = ran.find(migration.checksum);
      if (once != ran.end() && once->second-- > 0) same.push_back(migration.name);
    }
    return same;
  }

  std::vector<release::Migration> Missing() const {
    std::set<std::string_view> there = release::CoveredNames(record_.coverage);
    there.merge(release::CoveredNames(record_.hotfixes));
    std::vector<release::Migration> missing;
    for (const release::Migration& migration : question_.release.History()) {
      if (!there.contains(migration.name)) missing.push_back(migration);
    }
    return missing;
  }

  // A database as a deploy of the earlier release leaves it, including rows.
  Result<scratch::ScratchDatabase> BuildStart(const char* hint, Progress& progress) const {
    TRY_ASSIGN(scratch::ScratchDatabase database, server().CreateDatabase(hint));
    TRY(Build(database, progress));
    return database;
  }

  Status NameSchema(const scratch::ScratchDatabase& database) const {
    if (schema().empty()) return {};
    TRY_ASSIGN(postgres::Session session, database.Connect());
    return apply::RenameSchema(session, "public", schema());
  }

  Result<scratch::ScratchDatabase> BuildOlder() override {
    SilentProgress silent;
    TRY_ASSIGN(scratch::ScratchDatabase database, BuildStart("older", silent));
    TRY(NameSchema(database));
    return database;
  }

  Result<scratch::ScratchDatabase> BuildNewer() override {
    UpgradePathLine line;
    SilentProgress silent;
    return BuildUpgraded(line, silent);
  }

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
    if (LacksHotfixes()) {
      return MakeError(ErrorCode::kNoUpgradePath,
                       fmt::format("the hotfixes of {} are not available", record_.version));
    }
    const auto replayed = apply::Replay(session, earlier_.hotfixes, {}, progress);
    if (!replayed) {
      if (!IsAboutScripts(replayed.error())) return replayed.error();
      return MakeError(ErrorCode::kNoUpgradePath,
                       fmt::format("a hotfix of {} does not run: {}", record_.version,
                                   replayed.error().message));
    }
    return Record(database);
  }

  release::Coverage RowsOfStart() const {
    release::Coverage rows = {{release::kBaselineName, record_.baseline_checksum}};
    rows.insert(rows.end(), record_.hotfixes.begin(), record_.hotfixes.end());
    return rows;
  }

  Status Record(const scratch::ScratchDatabase& database) const {
    TRY_ASSIGN(postgres::Session session, database.Connect());
    std::string sql = postgres::CreateMigrationsTableSql("public");
    for (const release::CoveredMigration& row : RowsOfStart()) {
      sql += postgres::InsertStartedSql("public", row) + postgres::FinishSql("public", row.name);
    }
    TRY(session.Query(sql));
    return {};
  }

  // The fingerprint of the start is part of the record: adoption and status use it.
  Status KnowStart(const scratch::ScratchDatabase& database) {
    TRY_ASSIGN(State state, ReadState(database.target(), earlier_.asked));
    snapshot_ = std::move(state.snapshot);
    catalog::MarkDated(Dated(), snapshot_);
    TRY(CheckStart(database));
    record_.fingerprint = catalog::Fingerprint(snapshot_);
    return {};
  }

  // Partitions that depend on the date: in this release, or in the earlier one alone.
  catalog::DatedPartitions Dated() const {
    catalog::DatedPartitions dated = catalog::DatedPartitionsOf(question_.snapshot);
    dated.Add(earlier_.dated);
    return dated;
  }

  // The platform provides what the earlier release made itself: its package is from a time when
  // ballast.toml did not name the platform.
  bool LacksOnlyPlatform(const catalog::Snapshot& found) const {
    if (!earlier_.proven) return false;
    return std::ranges::all_of(catalog::DiffOnAnyDate(*earlier_.proven, found),
                               [&](const catalog::Difference& one) {
                                 return one.change == catalog::ChangeKind::kMissing &&
                                        catalog::IsCovered(one, question_.platform);
                               });
  }

  // The database is what the earlier package proved, in the vocabulary of that package.
  Status CheckStart(const scratch::ScratchDatabase& database) const {
    const std::string& expected = earlier_.record.fingerprint;
    if (expected.empty()) return {};
    catalog::Snapshot found = snapshot_;
    if (earlier_.vocabulary != catalog::kVocabulary) {
      catalog::Scope scope = earlier_.asked;
      scope.vocabulary = earlier_.vocabulary;
      TRY_ASSIGN(State then, ReadState(database.target(), scope));
      found = std::move(then.snapshot);
    }
    if (catalog::Fingerprint(found) == expected || LacksOnlyPlatform(found)) return {};
    return MakeError(ErrorCode::kNoUpgradePath,
                     fmt::format("the baseline of {} does not create the database that its "
                                 "manifest describes",
                                 record_.version));
  }

  Status Move(UpgradePathLine& line, Progress& progress) {
    TRY_ASSIGN(scratch::ScratchDatabase database, BuildUpgraded(line, progress));
    return Use(std::move(database));
  }

  Result<scratch::ScratchDatabase> BuildUpgraded(UpgradePathLine& line, Progress& progress) {
    TRY_ASSIGN(scratch::ScratchDatabase database, BuildStart("upgrade", progress));
    TRY(KnowStart(database));
    TRY(NameSchema(database));
    TRY_ASSIGN(postgres::Session session, Connect(database));
    start_ = ReadModel(session, session.target().SchemaOrPublic());
    TRY_ASSIGN(line.migrations, Deploy(session, progress));
    return database;
  }

  // The plan that a deploy would run; how many migrations it has.
  Result<int> Deploy(postgres::Session& session, Progress& progress) {
    plan::ApplyRelease release = question_.release;
    release.previous = {record_};
    TRY_ASSIGN(plan::Observation observation, postgres::Observe(session, {}, progress));
    observation.compared_with = plan::Compared::kAllStates;  // its rows say which state it has
    const auto decision = std::get<plan::Decision>(plan::Decide(release, observation, {}));
    if (decision.Refused()) {
      Error error = plan::ErrorOf(*decision.refusal());
      error.code = ErrorCode::kNoUpgradePath;
      return error;
    }
    apply::RunContext context;
    context.journal.deployment = kScratchRun;
    context.keeps_lock = false;
    context.expected_snapshot = [this](const std::string&) {
      return std::make_shared<const catalog::Snapshot>(question_.snapshot);
    };
    apply::RunOutcome outcome;
    TRY(apply::Run(*decision.plan(), observation, session, context, progress, outcome));
    return static_cast<int>(decision.pending.size());
  }

  // A release without a rollback is valid. Errors of the servers are no reason for it.
  Result<ProvenRollback> BackOrReason() {
    Result<ProvenRollback> back = ProveBack();
    if (back.ok() || !IsAboutScripts(back.error())) return back;
    ProvenRollback none;
    none.record.version = record_.version;
    none.record.reason = back.error().message;
    return none;
  }

  // From the database that Move has left.
  Result<ProvenRollback> ProveBack() {
    if (!start_->ok()) return start_->error();
    std::vector<release::Migration> migrations;
    std::vector<RevertedRename> renames;
    for (const release::Migration& migration : Missing()) {
      const auto& replaced = record_.replaces;
      const bool ran =
          std::find(replaced.begin(), replaced.end(), migration.name) == replaced.end();
      if (!ran) continue;
      migrations.push_back(migration);
      const std::vector<RevertedRename> undo = RevertedRenamesOf(migration);
      renames.insert(renames.begin(), undo.begin(), undo.end());
    }
    return ProveRollback({.from = question_.release.version,
                          .to = record_.version,
                          .older = **start_,
                          .older_snapshot = snapshot_,
                          .dated = Dated(),
                          .migrations = std::move(migrations),
                          .renames = std::move(renames),
                          .scripts = question_.rollbacks},
                         *this);
  }

  Status Forward() override {
    SilentProgress silent;
    TRY(RecordStart(session()));
    TRY(Deploy(session(), silent));
    return {};
  }

  // The rows of the start again, in place of those of this release.
  Status RecordStart(postgres::Session& session) const {
    const std::string schema = session.target().SchemaOrPublic();
    std::string sql = "DELETE FROM " + postgres::QualifiedMigrationsTable(schema) + ";\n";
    for (const release::CoveredMigration& row : RowsOfStart()) {
      sql += postgres::InsertStartedSql(schema, row) + postgres::FinishSql(schema, row.name);
    }
    TRY(session.Query(sql));
    return {};
  }

  // The start and the missing migrations before that one.
  Result<catalog::Database> StateBefore(const std::string& name) override {
    SilentProgress silent;
    TRY_ASSIGN(const scratch::RolesAside aside, server().SetRolesAside());
    TRY_ASSIGN(const scratch::ScratchDatabase database, BuildOlder());
    TRY_ASSIGN(postgres::Session session, Connect(database));
    std::vector<release::Migration> migrations;
    for (const release::Migration& migration : Missing()) {
      if (migration.name == name) break;
      migrations.push_back(migration);
    }
    TRY(apply::Replay(session, migrations, {}, silent));
    return ReadModel(session, session.target().SchemaOrPublic());
  }

  // Migrations that do not run because a hotfix of the start includes their effect: each fails
  // alone and writes no rows. The comparison shows whether omitting them is correct.
  Result<bool> FindReplaced() {
    Result<std::vector<std::string>> replaced = Replaced();
    if (!replaced && !IsAboutScripts(replaced.error())) return std::move(replaced).error();
    const bool news = replaced && !replaced->empty() && *replaced != record_.replaces;
    if (news) record_.replaces = *std::move(replaced);
    return news;
  }

  Result<std::vector<std::string>> Replaced() {
    SilentProgress silent;
    TRY_ASSIGN(const scratch::ScratchDatabase database, BuildOlder());
    TRY_ASSIGN(postgres::Session session, Connect(database));
    std::vector<std::string> replaced;
    for (const release::Migration& migration : Missing()) {
      const auto& split = question_.release.split;
      if (std::find(split.begin(), split.end(), migration.name) != split.end()) {
        TRY(apply::Replay(session, {migration}, {}, silent));
        continue;
      }
      TRY_ASSIGN(const bool runs, Runs(migration, session));
      if (!runs) replaced.push_back(migration.name);
    }
    return replaced;
  }

  // Whether the migration runs. It can be replaced only if nothing of it remains otherwise.
  static Result<bool> Runs(const release::Migration& migration, postgres::Session& session) {
    const std::string& script = migration.script.TextOrEmpty();
    const postgres::Outcome outcome = session.Run(script);
    if (!outcome.error) return true;
    Error error =
        ScriptRefused(ErrorCode::kNoUpgradePath, migration.name, *outcome.error, {script});
    if (!IsAboutScripts(error)) return error;
    (void)session.Run("ROLLBACK");
    const sql::ScriptProperties properties = sql::AnalyzeScript(script);
    if (properties.writes_rows || properties.transaction_control) return error;
    return false;
  }

  bool LacksHotfixes() const { return earlier_.hotfixes.size() != record_.hotfixes.size(); }

  static bool IsAboutObjects(const Error& error) { return !error.Detail("object").empty(); }

  static std::vector<std::string> DifferencesIn(const Error& error) {
    std::vector<std::string> differences = error.AllDetails("object");
    if (differences.empty()) differences.push_back(error.message);
    return differences;
  }

  const UpgradePathQuestion& question_;
  const EarlierRelease& earlier_;
  release::PreviousRelease record_;
  catalog::Snapshot snapshot_;  // of the start
  std::optional<Result<catalog::Database>> start_;
};

// The upgrade paths that one server verifies: those at `first`, `first + 2` …
class PathWorker {
 public:
  PathWorker(scratch::ScratchServer& server, const UpgradePathQuestion& question,
             const std::vector<EarlierRelease>& earlier, size_t first)
      : server_(server), question_(question), earlier_(earlier), first_(first) {}

  void Run() {
    SilentProgress silent;
    for (size_t at = first_; at < earlier_.size(); at += 2) {
      paths_.push_back(UpgradeProof(server_, question_, earlier_[at]).Prove(silent));
    }
  }

  Result<UpgradePath>& PathAt(size_t at) { return paths_[at / 2]; }

 private:
  scratch::ScratchServer& server_;
  const UpgradePathQuestion& question_;
  const std::vector<EarlierRelease>& earlier_;
  size_t first_;
  std::vector<Result<UpgradePath>> paths_;
};

// The hotfixes of a release that this history has neither by name nor by script.
std::vector<std::string> HotfixesLost(const UpgradePathQuestion& question,
                                      const release::PreviousRelease& start) {
  std::set<std::string_view> scripts;
  for (const release::Migration& migration : question.release.History()) {
    scripts.insert(migration.checksum);
  }
  std::vector<std::string> lost;
  for (const release::CoveredMigration& hotfix : start.hotfixes) {
    const bool there = release::Covers(question.release.coverage, hotfix.name) ||
                       scripts.contains(hotfix.checksum);
    if (!there) lost.push_back(hotfix.name);
  }
  return lost;
}

// A release with the same baseline needs no upgrade, but its hotfixes would be lost.
std::optional<UpgradePath> WithoutHotfixes(const UpgradePathQuestion& question,
                                           const EarlierRelease& start) {
  std::vector<std::string> lost = HotfixesLost(question, start.record);
  if (lost.empty()) return std::nullopt;
  UpgradePath path;
  path.line.version = start.record.version;
  path.line.origin = start.origin;
  for (const std::string& name : lost) {
    path.line.differences.push_back("hotfix " + name + " is not in the migrations");
  }
  path.line.hotfixes = std::move(lost);
  path.record = start.record;
  return path;
}

}  // namespace

Result<std::vector<UpgradePath>> VerifyUpgradePaths(ProofServers& servers,
                                                    const UpgradePathQuestion& question,
                                                    const std::vector<EarlierRelease>& earlier,
                                                    Progress& progress) {
  std::vector<EarlierRelease> starts;
  std::vector<UpgradePath> paths;
  for (const EarlierRelease& start : earlier) {
    if (start.record.baseline_checksum != question.release.baseline.checksum) {
      starts.push_back(start);
    } else if (auto path = WithoutHotfixes(question, start)) {
      paths.push_back(*std::move(path));
    }
  }
  if (!starts.empty()) {
    progress.Stage("proving the upgrade paths from earlier releases", starts.size());
  }
  PathWorker first(servers.first, question, starts, 0);
  PathWorker second(servers.second, question, starts, 1);
  std::thread second_thread([&] { second.Run(); });
  first.Run();
  second_thread.join();
  for (size_t at = 0; at < starts.size(); ++at) {
    TRY_ASSIGN(UpgradePath path, std::move((at % 2 == 0 ? first : second).PathAt(at)));
    paths.push_back(std::move(path));
  }
  return paths;
}

}  // namespace ballast::proof
