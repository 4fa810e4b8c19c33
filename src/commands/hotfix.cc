// SPDX-License-Identifier: Apache-2.0
#include "commands/hotfix.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <ctime>

#include "apply/cut_off.h"
#include "apply/named_schema.h"
#include "apply/replay.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "commands/release_store.h"
#include "plan/outside_objects.h"
#include "plan/unusable_script.h"
#include "project/known_packages.h"
#include "project/package_ownership.h"
#include "project/project_context.h"
#include "project/scratch_options.h"
#include "project/trust.h"
#include "proof/outside_objects.h"
#include "proof/proof.h"
#include "proof/script_errors.h"
#include "proof/with_shifted_clock.h"
#include "release/nul_byte.h"
#include "release/seal.h"
#include "sql/classify.h"
#include "workspace/files.h"
#include "workspace/package_store.h"

namespace ballast::commands {
namespace {

// On the main line, the packages are on the branches of their releases.
Error NoPackageHere(const project::ProjectContext& context, Error error) {
  if (error.code != ErrorCode::kPackageMissing || context.has_option_package) return error;
  const auto known = project::KnownPackagesOf(context);
  if (!known) return error;
  const project::KnownPackage* newest = nullptr;
  for (const project::KnownPackage& found : *known) {
    if (!found.package || !found.place.starts_with("branch ")) continue;
    const auto made = [](const project::KnownPackage& one) {
      return one.package->manifest.generated_at;
    };
    if (newest == nullptr || made(found) > made(*newest)) newest = &found;
  }
  if (newest == nullptr) return error;
  constexpr std::string_view kRemote = "origin/";
  std::string branch = newest->ref;
  if (branch.starts_with(kRemote)) branch.erase(0, kRemote.size());
  error.hint = fmt::format(
      "check out the branch of its release: git checkout {}; ballast release "
      "list shows all releases",
      ShellWord(branch));
  return error;
}

Result<release::Package> WholePackage(const project::ProjectContext& context,
                                      HotfixReport& report) {
  RestoreInterrupted(context, report.notices);
  auto loaded = workspace::LoadPackage(context.project.package);
  if (!loaded) return NoPackageHere(context, std::move(loaded).error());
  release::Package package = *std::move(loaded);
  TRY(release::VerifyPackage(package, nullptr));
  TRY(project::CheckOwnership(context, package, context.project.package.string()));
  return package;
}

// Folder names as by `prisma migrate dev`: the time, then the name in lower case with underscores.
std::string FolderName(const std::string& name) {
  std::string folder = fmt::format("{:%Y%m%d%H%M%S}_", fmt::gmtime(std::time(nullptr)));
  for (const char c : name) {
    const auto letter = static_cast<unsigned char>(c);
    folder += std::isalnum(letter) != 0 ? static_cast<char>(std::tolower(letter)) : '_';
  }
  return folder;
}

Status ApplyBaseline(const scratch::ScratchDatabase& database, const std::string& script) {
  TRY_ASSIGN(postgres::Session session, database.Connect());
  TRY(session.Query(script));
  return {};
}

// Returns whether it ran statement by statement.
Result<bool> RunHotfix(const scratch::ScratchDatabase& database, const release::Migration& hotfix,
                       const std::string& schema) {
  TRY_ASSIGN(postgres::Session session, database.Connect());
  SilentProgress silent;
  apply::ReplayOptions options;
  options.schema = schema;
  auto replayed = apply::Replay(session, {hotfix}, options, silent);
  if (replayed) return !replayed->split.empty();
  Error error = std::move(replayed).error();
  const std::string sqlstate(error.Detail("sqlstate"));
  if (sqlstate.empty() || !proof::IsAboutScripts(error)) return error;
  const std::string cut_off =
      apply::CutOffText(*hotfix.script, std::string(error.Detail("server_message")));
  error.code = ErrorCode::kMigrationFailed;
  error.message = fmt::format(
      "{} does not run after the baseline: {} (SQLSTATE {})", hotfix.name,
      cut_off.empty() ? std::string(error.Detail("server_message")) : cut_off, sqlstate);
  error.hint = "fix the script and run the command again";
  error.where.file = hotfix.name;
  return error;
}

// The key for renewing the package's seal; empty if it has none and none is given.
Result<std::optional<release::SecretKey>> KeyFor(const release::Package& package,
                                                 const HotfixOptions& options,
                                                 const project::Invocation& invocation) {
  std::optional<release::SecretKey> key;
  if (!options.sign_key.empty()) {
    TRY_ASSIGN(key, project::ReadSignKey(invocation, options.sign_key));
    return key;
  }
  TRY_ASSIGN(const auto seal, release::SealOf(package));
  if (!seal) return key;
  return MakeError(ErrorCode::kSealInvalid,
                   fmt::format("the package is signed by key {}, and with a hotfix it needs a new "
                               "signature; nothing was changed",
                               seal->Id()),
                   "pass the secret key: --sign-key FILE", {release::kSealPath, 0});
}

Status CheckHasStatements(const release::Migration& hotfix) {
  const auto refusal = plan::RefuseEmptyHotfix(hotfix);
  return refusal ? Status(plan::ErrorOf(*refusal)) : Status();
}

// The hotfixes can be the first that name the schema in which the covered migrations run.
Status NoteSchema(const std::vector<release::Migration>& hotfixes, const std::string& setup,
                  release::Package& package) {
  std::optional<std::string>& schema = package.manifest.database_schema;
  if (schema) return {};
  TRY_ASSIGN(std::vector<release::Migration> history, project::CoveredMigrations(package));
  history.insert(history.end(), hotfixes.begin(), hotfixes.end());
  schema = apply::NamedSchemaOf(history, setup);
  return {};
}

// What the hotfixes are applied to in a scratch database.
struct HotfixScene {
  scratch::ScratchServer& server;
  const std::string& setup;
  const std::string& schema;
};

// Partitions that the hotfixes make from the date, and those of the release.
Result<catalog::DatedPartitions> DatedPartitionsOf(const HotfixScene& scene,
                                                   const release::Package& package,
                                                   const catalog::Snapshot& state,
                                                   HotfixReport& report) {
  catalog::DatedPartitions dated;
  if (const auto plain = package.files.find(release::kSnapshotPath); plain != package.files.end()) {
    TRY_ASSIGN(const catalog::Snapshot release,
               catalog::ParseSnapshot(plain->second, release::kSnapshotPath));
    dated = catalog::DatedPartitionsOf(release);
  }
  TRY_ASSIGN(std::vector<release::Migration> known, project::CoveredMigrations(package));
  const std::vector<release::Migration> hotfixes = package.Hotfixes();
  known.insert(known.end(), hotfixes.begin(), hotfixes.end());
  // The baseline makes functions that the hotfixes call.
  std::vector<release::Migration> scripts = {
      release::MakeMigration(release::kBaselineName, package.Baseline())};
  scripts.insert(scripts.end(), hotfixes.begin(), hotfixes.end());
  const std::vector<release::Migration> later = proof::OnLaterDate(scripts);
  if (later.empty() || !proof::MayHaveDatedPartitions(state, known)) return dated;
  TRY_ASSIGN(const scratch::ScratchDatabase database, scene.server.CreateDatabase("later"));
  TRY(proof::PreparePlatform(database, scene.setup));
  Status run = ApplyBaseline(database, later.front().script.TextOrEmpty());
  for (size_t i = 1; run && i < later.size(); ++i) {
    const Result<bool> hotfix = RunHotfix(database, later[i], scene.schema);
    if (!hotfix) run = hotfix.error();
  }
  if (!run) {
    report.notices.push_back(
        "which partitions depend on the date was not determined: with times of a later date, the "
        "hotfixes fail: " +
        run.error().message);
    return dated;
  }
  TRY_ASSIGN(const catalog::Snapshot then, proof::ReadSnapshotOf(database.target(), {}));
  dated.Add(proof::FindDatedPartitions(state, then, known));
  return dated;
}

// What the hotfixes look for, in place of what the manifest had of hotfixes so far.
void NoteOutsideObjects(std::vector<release::OutsideObject> found, release::Manifest& manifest) {
  std::vector<release::OutsideObject>& known = manifest.outside_objects;
  for (release::OutsideObject& object : known) {
    std::erase_if(object.sought_by, [&](const std::string& name) {
      return !release::Covers(manifest.coverage, name);
    });
  }
  std::erase_if(known, [](const release::OutsideObject& one) { return one.sought_by.empty(); });
  for (release::OutsideObject& object : found) {
    const auto same = std::ranges::find_if(known, [&](const release::OutsideObject& one) {
      return plan::SoughtOf(one) == plan::SoughtOf(object);
    });
    if (same == known.end()) {
      known.push_back(std::move(object));
    } else {
      same->sought_by.insert(same->sought_by.end(), object.sought_by.begin(),
                             object.sought_by.end());
    }
  }
}

Status Seal(const project::ProjectContext& context, release::Package package,
            const std::optional<release::SecretKey>& key, const project::Invocation& invocation,
            HotfixReport& report) {
  const std::vector<release::Migration> hotfixes = package.Hotfixes();
  for (const release::Migration& hotfix : hotfixes) TRY(CheckHasStatements(hotfix));
  // The project's own package changes here, so it need not be committed.
  const auto source = context.has_option_package ? project::ScriptSource::kPackage
                                                 : project::ScriptSource::kProject;
  const scratch::ScratchOptions scratch = project::ScratchOptionsOf(context, source);
  TRY_ASSIGN(scratch::ScratchServer server,
             scratch::ScratchServer::Start(scratch, *invocation.progress));
  TRY_ASSIGN(const scratch::ScratchDatabase database, server.CreateDatabase("hotfix"));
  TRY_ASSIGN(const std::string setup, project::SetupScriptOf(context));
  TRY(proof::PreparePlatform(database, setup));
  TRY(ApplyBaseline(database, package.Baseline()));
  TRY(NoteSchema(hotfixes, setup, package));
  const std::string schema = package.manifest.database_schema.value_or("public");
  std::vector<std::string>& split = package.manifest.split;
  for (const release::Migration& hotfix : hotfixes) {
    std::erase(split, hotfix.name);
    TRY_ASSIGN(const bool by_statement, RunHotfix(database, hotfix, schema));
    if (by_statement) split.push_back(hotfix.name);
  }
  TRY_ASSIGN(proof::State state,
             proof::ReadState(database.target(),
                              catalog::EverythingAnd(package.manifest.fingerprint.scope)));
  TRY_ASSIGN(const catalog::DatedPartitions dated,
             DatedPartitionsOf({server, setup, schema}, package, state.snapshot, report));
  catalog::MarkDated(dated, state.snapshot);
  release::Manifest& manifest = package.manifest;
  TRY_ASSIGN(postgres::Session session, database.Connect());
  TRY_ASSIGN(auto outside, proof::FindOutsideObjects(hotfixes, session, server, setup));
  for (std::string& notice : proof::NoticesOf(outside)) report.notices.push_back(std::move(notice));
  NoteOutsideObjects(std::move(outside), manifest);
  TRY_ASSIGN(manifest.with_hotfixes, proof::FingerprintRecordOf(database, state));
  package.files[release::kHotfixSnapshotPath] = catalog::RenderSnapshot(state.snapshot);
  manifest.version = release::VersionWithHotfixes(manifest.version, hotfixes.size());
  release::CompletePackage(&package);
  if (key) {
    release::SealPackage(&package, *key);
    report.sealed_by = key->Public().Id();
  }
  TRY(workspace::StorePackage(context.project.package, package));
  report.version = manifest.version;
  report.sealed = true;
  report.fingerprint = manifest.with_hotfixes.catalog;
  for (const release::Migration& hotfix : hotfixes) report.hotfixes.push_back(hotfix.name);
  return {};
}

Status New(const HotfixOptions& options, const project::Invocation& invocation,
           HotfixReport& report) {
  TRY_ASSIGN(const project::ProjectContext context, project::LoadProject(invocation));
  TRY_ASSIGN(release::Package package, WholePackage(context, report));
  std::optional<release::SecretKey> key;
  if (!options.sql_file.empty()) {
    TRY_ASSIGN(key, KeyFor(package, options, invocation));
  }
  std::string script = fmt::format("-- Hotfix of {}: {}\n", package.manifest.version, options.name);
  if (!options.sql_file.empty()) {
    TRY_ASSIGN(script, workspace::ReadFile(context.project.directory / options.sql_file));
    TRY(release::CheckNoNulByte(script, options.sql_file));
  }
  const std::string path =
      fmt::format("{}/{}/migration.sql", release::kMigrationsPath, FolderName(options.name));
  package.files[path] = script;
  TRY(release::VerifyPackage(package, nullptr));
  report.version = package.manifest.version;
  report.script = (context.project.package / path).string();
  if (!options.sql_file.empty()) {
    Status sealed = Seal(context, std::move(package), key, invocation, report);
    if (sealed) return sealed;
    // The folder of the hotfix was not made.
    Error error = std::move(sealed).error();
    if (path.find("/" + error.where.file + "/") != std::string::npos) {
      error.where.file = options.sql_file;
    }
    return error;
  }
  return workspace::StorePackage(context.project.package, package);
}

Status SealAll(const HotfixOptions& options, const project::Invocation& invocation,
               HotfixReport& report) {
  TRY_ASSIGN(const project::ProjectContext context, project::LoadProject(invocation));
  TRY_ASSIGN(release::Package package, WholePackage(context, report));
  if (package.Hotfixes().empty()) {
    return MakeError(ErrorCode::kPackageMissing,
                     fmt::format("the package of {} has no hotfix", package.manifest.version),
                     "create one: ballast hotfix new NAME");
  }
  TRY_ASSIGN(const auto key, KeyFor(package, options, invocation));
  return Seal(context, std::move(package), key, invocation, report);
}

}  // namespace

HotfixReport NewHotfix(const HotfixOptions& options, const project::Invocation& invocation) {
  HotfixReport report;
  Status done = New(options, invocation, report);
  if (!done) report.error = std::move(done).error();
  return report;
}

HotfixReport SealHotfixes(const HotfixOptions& options, const project::Invocation& invocation) {
  HotfixReport report;
  Status done = SealAll(options, invocation, report);
  if (!done) report.error = std::move(done).error();
  return report;
}

}  // namespace ballast::commands
