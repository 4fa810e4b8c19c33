// SPDX-License-Identifier: Apache-2.0
#include "proof/package_inputs.h"

#include <fmt/format.h>

#include "base/sha256.h"
#include "base/version.h"
#include "project/scratch_options.h"
#include "proof/expected_schema.h"
#include "release/development_baseline.h"
#include "release/package.h"
#include "release/rollback_script.h"
#include "sql/classify.h"
#include "workspace/first_migration.h"
#include "workspace/migrations_folder.h"
#include "workspace/package_store.h"
#include "workspace/squash_store.h"

namespace ballast::proof {
namespace {

constexpr int kInputsFormat = 1;
constexpr int kRollbacksFormat = 1;

// The schema at release time: one file, or a folder of that name for several files.
std::map<std::string, std::string> SnapshotOf(const workspace::Project& project) {
  std::map<std::string, std::string> snapshot;
  for (const workspace::SchemaFile& file : project.schema_files) {
    const auto path = (project.directory / file.path).lexically_relative(project.schema);
    const std::string place = project.schema_is_folder
                                  ? std::string(release::kSchemaPath) + "/" + path.string()
                                  : release::kSchemaPath;
    snapshot[place] = file.text;
  }
  return snapshot;
}

// Each value is preceded by its length, so that different lists give different texts.
class Inputs {
 public:
  void Add(std::string_view key, std::string_view value) {
    text_ += fmt::format("{} {}:{}\n", key, value.size(), value);
  }
  void Add(std::string_view key, int64_t value) { Add(key, std::to_string(value)); }

  std::string Text() && { return std::move(text_); }

 private:
  std::string text_;
};

void AddEarlier(Inputs& inputs, const release::PreviousRelease& record) {
  inputs.Add("earlier", record.version);
  inputs.Add("baseline", record.baseline_checksum);
  inputs.Add("coverage", release::CoverageChecksum(record.coverage));
  inputs.Add("hotfixes", release::CoverageChecksum(record.hotfixes));
}

// Writes what Prisma prints for the schema as the first migration (Prisma's guide "Baselining a
// database"); returns the path of its script.
Result<std::string> MakeFirstMigration(const workspace::Project& project,
                                       const CreateOptions& options) {
  if (options.check || project.schema_files.empty()) return project.NoMigrations();
  TRY_ASSIGN(const std::string script, SchemaScript(project));
  if (sql::ReadScript(script).empty()) return project.NoMigrations();
  TRY_ASSIGN(const std::filesystem::path file,
             workspace::WriteFirstMigration(project.migrations, script + "\n"));
  return project.ShownPath(file);
}

}  // namespace

Result<PackageInputs> CollectInputs(const CreateOptions& options,
                                    const project::Invocation& invocation) {
  PackageInputs from;
  TRY_ASSIGN(from.context, project::LoadProject(invocation));
  const workspace::Project& project = from.context.project;
  TRY(project.CheckProvider());
  TRY_ASSIGN(workspace::MigrationsFolder folder, workspace::LoadMigrations(project.migrations));
  if (folder.migrations.empty()) {
    TRY_ASSIGN(from.first_migration, MakeFirstMigration(project, options));
    TRY_ASSIGN(folder, workspace::LoadMigrations(project.migrations));
  }
  from.migrations = std::move(folder.migrations);
  TRY(workspace::CheckReturnedMigrations(project.migrations, project.ShownMigrations(),
                                         from.migrations));
  from.moved_in_byte_order = std::move(folder.moved_in_byte_order);
  TRY_ASSIGN(from.setup_script, project::SetupScriptOf(from.context));
  from.schema = SnapshotOf(project);
  from.scratch = project::ScratchOptionsOf(from.context, options.from_releases.empty()
                                                             ? project::ScriptSource::kProject
                                                             : project::ScriptSource::kFolder);
  TRY_ASSIGN(from.server, scratch::ScratchServer::KindOf(from.scratch));
  if (options.version.empty()) return from;
  const release::Coverage coverage = release::CoverageOf(from.migrations);
  TRY_ASSIGN(from.earlier,
             FindEarlierReleases(from.context, {options.version, coverage, options.from_releases}));
  if (!from.earlier.releases.empty()) {
    TRY_ASSIGN(from.rollbacks, ReadRollbackScripts(project));
  }
  return from;
}

Result<RollbackScripts> ReadRollbackScripts(const workspace::Project& project) {
  RollbackScripts scripts;
  TRY_ASSIGN(const auto files, workspace::ReadRollbackScripts(project.package));
  for (const auto& [path, text] : files) {
    if (release::IsWrittenRollback(text)) continue;
    scripts.by_version[std::filesystem::path(path).stem().string()] = text;
  }
  TRY_ASSIGN(scripts.by_migration, workspace::LoadDownScripts(project.migrations));
  return scripts;
}

std::string InputsDigestText(const PackageInputs& from, const CreateOptions& options,
                             const std::string& baseline_checksum) {
  Inputs inputs;
  inputs.Add("inputs", kInputsFormat);
  inputs.Add("tool", kVersion);
  inputs.Add("server", from.server.major);
  inputs.Add("version", options.version);
  // A script that replays as one message gives the same result in both modes.
  const bool split = options.replay_mode == release::ReplayMode::kSplit;
  inputs.Add("replay", NameOf(split ? options.replay_mode : release::ReplayMode::kBatch));
  inputs.Add("rows", options.max_rows_bytes);
  if (options.from_schema) inputs.Add("from", "schema");
  inputs.Add("unproven", options.allow_unproven ? 1 : 0);
  inputs.Add("setup", Sha256Hex(from.setup_script));
  if (!options.version.empty() || options.from_schema) {
    for (const auto& [path, bytes] : from.schema) {
      inputs.Add("schema", path);
      inputs.Add("sha256", Sha256Hex(bytes));
    }
  }
  for (const release::Migration& migration : from.migrations) {
    inputs.Add("migration", migration.name);
    inputs.Add("checksum", migration.checksum);
  }
  bool has_earlier = false;
  for (const EarlierRelease& earlier : from.earlier.releases) {
    if (earlier.record.baseline_checksum == baseline_checksum) continue;
    AddEarlier(inputs, earlier.record);
    has_earlier = true;
  }
  if (has_earlier) inputs.Add("rollbacks", kRollbacksFormat);
  for (const auto& [version, text] : from.rollbacks.by_version) {
    inputs.Add("rollback", version);
    inputs.Add("sha256", Sha256Hex(text));
  }
  for (const auto& [migration, text] : from.rollbacks.by_migration) {
    inputs.Add("down", migration);
    inputs.Add("sha256", Sha256Hex(text));
  }
  return std::move(inputs).Text();
}

}  // namespace ballast::proof
