// SPDX-License-Identifier: Apache-2.0
#include "commands/squash.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/nearest_name.h"
#include "base/sha256.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "catalog/known_states.h"
#include "commands/generated_at.h"
#include "commands/release_create.h"
#include "commands/squash_following.h"
#include "plan/steps.h"
#include "postgres/migrations_table.h"
#include "project/package_ownership.h"
#include "project/project_context.h"
#include "project/scratch_options.h"
#include "proof/package_inputs.h"
#include "proof/proof.h"
#include "release/coverage.h"
#include "release/package.h"
#include "release/package_archives.h"
#include "sql/quote.h"
#include "workspace/git.h"
#include "workspace/migrations_folder.h"
#include "workspace/package_store.h"
#include "workspace/squash_store.h"

namespace ballast::commands {
namespace {

using release::Migration;

constexpr char kBaseline[] = "ballast baseline create";

Error Refused(std::string message, std::string hint) {
  return MakeError(ErrorCode::kSquashRefused, std::move(message), std::move(hint));
}

class Squasher {
 public:
  Squasher(const SquashOptions& options, const project::Invocation& invocation,
           SquashReport& report)
      : options_(options), invocation_(invocation), report_(report) {}

  Status Run() {
    TRY_ASSIGN(context_, project::LoadProject(invocation_));
    TRY(context_->project.CheckProvider());
    TRY_ASSIGN(workspace::MigrationsFolder folder, workspace::LoadMigrations(Folder()));
    on_disk_ = std::move(folder.migrations);
    TRY_ASSIGN(existing_, workspace::LoadSquash(Folder()));
    if (options_.check) return Check();
    TRY(Choose());
    if (report_.removed.size() == 1 && existing_ &&
        report_.removed.front() == existing_->record.name) {
      return AlreadyDone();
    }
    TRY(CollectHistory());
    TRY(ChooseName());
    TRY(CheckCommitted());
    TRY(Prove());
    report_.dry_run = options_.dry_run;
    Advise();
    if (options_.dry_run) return {};
    TRY(workspace::StoreSquash(Folder(), made_, report_.removed));
    report_.changed = true;
    MakeBaselineAgain();
    return {};
  }

 private:
  const std::filesystem::path& Folder() const { return context_->project.migrations; }

  std::string FolderName() const { return context_->project.ShownPath(Folder()); }

  // ---- --check

  Status Check() {
    if (!existing_) {
      return Refused(fmt::format("there is no squash in {}", FolderName()),
                     "create one with `ballast squash`");
    }
    TRY(workspace::HistoryOf(*existing_));
    Describe(existing_->record);
    TRY(release::CheckReturnedMigrations(existing_->record, on_disk_, FolderName()));
    for (const Migration& migration : on_disk_) {
      if (migration.name == existing_->record.name) continue;
      const bool late = release::PrismaOrder(migration.name, existing_->record.name);
      (late ? report_.late : report_.following).push_back(migration.name);
    }
    if (report_.late.empty()) return CheckBaseline();
    const bool one = report_.late.size() == 1;
    return Refused(
        fmt::format("{0} {1} merged late and {2} not part of {3}, so that a fresh "
                    "database runs {4}, too: {5}",
                    Counted(report_.late.size(), "migration"), one ? "was" : "were",
                    one ? "is" : "are", existing_->record.name, one ? "it" : "them",
                    JoinSome(report_.late)),
        "add them to the squash: ballast squash --up-to " + ShellWord(existing_->record.name));
  }

  // A development baseline that covers the old names: every deploy refuses it (B407).
  Status CheckBaseline() const {
    const auto stored = workspace::LoadDevelopmentBaseline(context_->project.package);
    if (!stored || !*stored) return {};
    if (release::VerifyDevelopmentBaseline(
            (*stored)->record, (*stored)->script, on_disk_,
            context_->project.ShownPath(context_->project.migrations)))
      return {};
    return Refused(
        "the development baseline does not match the migrations, so `ballast deploy` "
        "refuses it",
        "ballast baseline create");
  }

  // A deploy would refuse the old one (B407). If it cannot be made, the report names the command.
  void MakeBaselineAgain() {
    const auto baseline = std::find(report_.refresh.begin(), report_.refresh.end(), kBaseline);
    if (baseline == report_.refresh.end()) return;
    proof::CreateOptions options;
    options.replay_mode = options_.replay_mode;
    options.max_rows_bytes = options_.max_rows_bytes;
    const CreateReport made = CreateDevelopmentBaseline(options, invocation_);
    if (made.error) {
      report_.notices.push_back(
          "the development baseline could not be created again, and deploys refuse the old one: " +
          made.error->message);
      return;
    }
    report_.refresh.erase(baseline);
    report_.baseline = made.folder;
  }

  void Describe(const release::Squash& record) {
    report_.name = record.name;
    for (const auto& covered : record.baseline.coverage) report_.covered.push_back(covered.name);
    report_.fingerprint = record.baseline.fingerprint.catalog;
    report_.servers = record.baseline.proof.servers;
  }

  Status AlreadyDone() {
    Describe(existing_->record);
    report_.removed.clear();
    return {};
  }

  // ---- what is replaced

  Status Choose() {
    if (on_disk_.empty()) {
      return context_->project.NoMigrations();
    }
    auto end = on_disk_.end();
    if (!options_.up_to.empty()) {
      end = std::find_if(on_disk_.begin(), on_disk_.end(),
                         [&](const Migration& m) { return m.name == options_.up_to; });
      if (end == on_disk_.end()) {
        return MakeError(
            ErrorCode::kMigrationNotFound,
            fmt::format("there is no migration {} in {}{}", options_.up_to, FolderName(),
                        DidYouMean(options_.up_to, plan::NamesOf(on_disk_))),
            "the migrations there are " + JoinSome(plan::NamesOf(on_disk_)));
      }
      ++end;
    }
    for (auto at = on_disk_.begin(); at != end; ++at) report_.removed.push_back(at->name);
    following_.assign(end, on_disk_.end());
    for (const Migration& migration : following_) report_.following.push_back(migration.name);
    if (report_.removed.size() > 1 || existing_) return {};
    return Refused("there is only one migration to replace", "a squash needs at least two");
  }

  // All migrations that the replaced folders cover, including those of an existing squash.
  Status CollectHistory() {
    std::set<std::string_view> removed(report_.removed.begin(), report_.removed.end());
    if (existing_ && removed.contains(existing_->record.name)) {
      TRY_ASSIGN(history_, workspace::HistoryOf(*existing_));
    }
    for (const Migration& migration : on_disk_) {
      if (!removed.contains(migration.name)) continue;
      if (existing_ && migration.name == existing_->record.name) continue;
      TRY(AddToHistory(migration));
    }
    release::SortMigrations(history_);
    for (const Migration& migration : history_) report_.covered.push_back(migration.name);
    return {};
  }

  // A merge can bring back a folder that is already in the archive.
  Status AddToHistory(const Migration& migration) {
    const auto same = std::find_if(history_.begin(), history_.end(),
                                   [&](const Migration& m) { return m.name == migration.name; });
    if (same == history_.end()) {
      history_.push_back(migration);
      report_.late.push_back(migration.name);
      return {};
    }
    if (same->script == migration.script) return {};
    return Refused(fmt::format("migration {} is in the archive of {} with a different script",
                               migration.name, existing_->record.name),
                   "put the change into a migration with a new name, and remove the folder");
  }

  Status ChooseName() {
    if (!existing_) report_.late.clear();
    std::erase_if(report_.late, [&](const std::string& name) {
      return !existing_ || release::PrismaOrder(existing_->record.name, name);
    });
    std::vector<std::string> taken;
    for (const release::EarlierSquash& earlier : EarlierSquashes()) taken.push_back(earlier.name);
    for (const Migration& migration : history_) taken.push_back(migration.name);
    const std::string next = following_.empty() ? std::string() : following_.front().name;
    report_.name = release::SquashName(history_.back().name, next, taken);
    if (!report_.name.empty()) return {};
    return Refused(
        fmt::format("no squash name sorts after {} and before {}", history_.back().name, next),
        fmt::format("replace one more: ballast squash --up-to {}", ShellWord(next)));
  }

  std::vector<release::EarlierSquash> EarlierSquashes() const {
    if (!existing_) return {};
    std::vector<release::EarlierSquash> earlier = existing_->record.earlier;
    release::EarlierSquash last{
        existing_->record.name, existing_->record.baseline.baseline_checksum, {}};
    for (const auto& covered : existing_->record.baseline.coverage) {
      last.covers.push_back(covered.name);
    }
    earlier.push_back(std::move(last));
    return earlier;
  }

  // The folders are deleted, and only git can restore all that is in them.
  Status CheckCommitted() {
    std::vector<std::filesystem::path> folders;
    for (const std::string& name : report_.removed) folders.push_back(Folder() / name);
    TRY_ASSIGN(const workspace::GitState git,
               workspace::ReadGitState(context_->project.root, folders));
    if (!git.in_repository) {
      report_.notices.push_back(
          fmt::format("the folder is not in a git repository, so only {} has the replaced scripts",
                      release::kSquashHistory));
      return {};
    }
    if (!git.dirty) return {};
    if (options_.dry_run) {
      report_.notices.push_back(
          "the folders to replace have uncommitted changes: commit them before the squash");
      return {};
    }
    return Refused(
        "the folders to replace have uncommitted changes, which git could not restore",
        fmt::format("commit them first: git add {} && git commit", ShellWord(FolderName())));
  }

  // ---- the proof

  Status Prove() {
    TRY_ASSIGN(const workspace::GitState git,
               workspace::ReadGitState(context_->project.root, {Folder()}));
    TRY_ASSIGN(made_.record.baseline.generated_at, GeneratedAt(invocation_, git));
    const scratch::ScratchOptions scratch =
        project::ScratchOptionsOf(*context_, project::ScriptSource::kProject);
    TRY_ASSIGN(proof::ProofServers servers,
               proof::StartProofServers(scratch, *invocation_.progress));
    TRY_ASSIGN(setup_, project::SetupScriptOf(*context_));
    const proof::ProofOptions options{{history_, setup_, options_.replay_mode, FolderName()},
                                      static_cast<size_t>(options_.max_rows_bytes)};
    TRY_ASSIGN(const proof::ProvenBaseline proven,
               proof::Prove(servers, options, *invocation_.progress));
    report_.notices.insert(report_.notices.end(), proven.notices.begin(), proven.notices.end());
    TRY(Fill(proven, git));
    return ProveFollowing(servers.first, scratch);
  }

  Status Fill(const proof::ProvenBaseline& proven, const workspace::GitState& git) {
    made_.script = fmt::format(
        "-- Replaces {}, {} to {}.\n-- Made by `ballast squash`; {} has their scripts.\n\n{}",
        Counted(history_.size(), "migration"), history_.front().name, history_.back().name,
        release::kSquashHistory, proven.script);
    made_.archive = release::PackHistory(history_);
    snapshot_ = proven.state.snapshot;
    made_.snapshot = catalog::RenderSnapshot(snapshot_);
    release::Squash& record = made_.record;
    record.name = report_.name;
    record.history_sha256 = Sha256Hex(made_.archive);
    record.earlier = EarlierSquashes();
    release::DevelopmentBaseline& baseline = record.baseline;
    baseline.coverage = release::CoverageOf(history_);
    baseline.fingerprint = proven.fingerprint;
    baseline.rows = proven.state.rows;
    baseline.baseline_checksum = release::ChecksumOf(made_.script);
    baseline.proof.equal = true;
    baseline.proof.servers = {proven.server};
    baseline.proof.compared = {"catalog", "layout", "rows"};
    baseline.proof.migrations_replayed = static_cast<int>(history_.size());
    baseline.proof.notices = proven.notices;
    baseline.source = {git.commit, git.branch, git.dirty};
    report_.fingerprint = proven.fingerprint.catalog;
    report_.servers = {proven.server};
    report_.script_bytes = made_.script.size();
    return {};
  }

  // The later migrations run on top of the squash, and the catalog after each is recorded, for
  // converting databases that already have them.
  Status ProveFollowing(scratch::ScratchServer& server, const scratch::ScratchOptions& options) {
    if (following_.empty()) return {};
    const Migration squash = release::MakeMigration(report_.name, made_.script);
    TRY_ASSIGN(const std::vector<FollowingState> found,
               commands::ProveFollowing({history_, squash, following_, setup_, options_.replay_mode,
                                         FolderName(), catalog::EverythingAnd(snapshot_)},
                                        server, options, *invocation_.progress));
    std::vector<catalog::KnownState> states;
    release::Coverage ran;
    for (size_t at = 0; at < found.size(); ++at) {
      const Migration& migration = following_.at(at);
      ran.push_back({migration.name, migration.checksum});
      release::DevelopmentBaseline recorded;
      recorded.generated_at = made_.record.baseline.generated_at;
      recorded.coverage = ran;
      recorded.fingerprint = found[at].fingerprint;
      made_.record.states.push_back(std::move(recorded));
      states.push_back({migration.name, found[at].fingerprint.catalog, found[at].state.snapshot});
    }
    made_.states = catalog::RenderStates(snapshot_, states);
    return {};
  }

  // ---- what else there is to do

  void Advise() {
    const auto baseline = workspace::LoadDevelopmentBaseline(context_->project.package);
    if (!baseline || *baseline) report_.refresh.emplace_back(kBaseline);
    const auto package = workspace::LoadPackage(context_->project.package);
    // Of the same project, although it covers the migrations from before the squash.
    const bool own = package && !release::IsOfOtherProject(package->manifest.project,
                                                           project::ProjectViewOf(*context_));
    if (own) {
      report_.refresh.emplace_back("ballast release create VERSION");
      report_.notices.push_back(
          fmt::format("the package of {} stays valid for {} and covers the old names; the next "
                      "release upgrades its databases if the package covers every migration that "
                      "the squash replaces",
                      package->manifest.version, package->manifest.version));
    }
    report_.resolve_command = "prisma migrate resolve --applied " + report_.name;
    report_.remove_rows_sql = RemoveRowsSql();
    report_.execute_command = ExecuteCommand();
  }

  // Prisma 7 takes the URL from its configuration, and has no --schema.
  std::string ExecuteCommand() const {
    const workspace::Project& project = context_->project;
    const std::string command = "prisma db execute --stdin";
    if (project.EffectiveVersion() >= workspace::kPrisma7 || project.schema.empty()) return command;
    return command + " --schema " + ShellWord(project.ShownPath(project.schema));
  }

  // With a comparison if that finds exactly the old rows, because a list of all names is long.
  std::string RemoveRowsSql() const {
    std::vector<std::string> names = report_.covered;
    for (const auto& earlier : made_.record.earlier) names.push_back(earlier.name);
    const std::string last = *std::max_element(names.begin(), names.end());
    const std::string table = sql::QuoteIdentifier(postgres::kMigrationsTable);
    if (std::all_of(following_.begin(), following_.end(),
                    [&](const Migration& migration) { return migration.name > last; })) {
      return fmt::format(
          "DELETE FROM {} WHERE migration_name COLLATE \"C\" <= {} AND migration_name <> {};",
          table, sql::QuoteLiteral(last), sql::QuoteLiteral(report_.name));
    }
    for (std::string& name : names) name = sql::QuoteLiteral(name);
    return fmt::format("DELETE FROM {} WHERE migration_name IN ({});", table, Join(names, ", "));
  }

  const SquashOptions& options_;
  const project::Invocation& invocation_;
  SquashReport& report_;
  std::optional<project::ProjectContext> context_;
  std::vector<Migration> on_disk_;
  std::vector<Migration> history_;    // those that the squash replaces
  std::vector<Migration> following_;  // later ones
  std::optional<workspace::StoredSquash> existing_;
  workspace::StoredSquash made_;
  catalog::Snapshot snapshot_;
  std::string setup_;
};

}  // namespace

SquashReport Squash(const SquashOptions& options, const project::Invocation& invocation) {
  SquashReport report;
  Status done = Squasher(options, invocation, report).Run();
  if (!done) report.error = std::move(done).error();
  return report;
}

}  // namespace ballast::commands
