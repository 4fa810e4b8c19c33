// SPDX-License-Identifier: Apache-2.0
#include "assess/schema_state.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "apply/replay.h"
#include "catalog/from_datamodel.h"
#include "introspect/live_snapshot.h"
#include "introspect/snapshot_reader.h"
#include "prisma/parse.h"
#include "release/migration.h"

namespace ballast::assess {
namespace {

constexpr char kName[] = "schema.prisma alone (prisma db push, or prisma migrate diff)";

// The DDL of the schema, as the versions of Prisma print it.
std::set<std::string> PrintedScripts(const workspace::Project& project) {
  std::vector<prisma::SchemaFile> files;
  for (const workspace::SchemaFile& file : project.schema_files) {
    files.push_back({file.path, file.text});
  }
  std::set<std::string> scripts;
  for (const auto compat : {prisma::Compat::kPrisma5, prisma::Compat::kPrisma6}) {
    prisma::ParseOptions options;
    options.compat = compat;
    options.allow_missing_url = true;
    const auto schema = prisma::ReadSchema(files, options);
    if (schema) scripts.insert(catalog::RenderSchemaSql(schema->datamodel, compat));
  }
  scripts.erase("");
  return scripts;
}

Result<catalog::Snapshot> StateOf(const std::string& script, const std::string& setup_script,
                                  scratch::ScratchServer& server) {
  TRY_ASSIGN(const scratch::ScratchDatabase database, server.CreateDatabase("schema"));
  TRY_ASSIGN(postgres::Session session, database.Connect());
  apply::ReplayOptions replay;
  replay.setup = setup_script;
  const std::vector<release::Migration> printed = {release::MakeMigration("schema.prisma", script)};
  SilentProgress silent;
  TRY(apply::Replay(session, printed, replay, silent));
  TRY_ASSIGN(postgres::Session reader, database.Connect());
  TRY_ASSIGN(auto read,
             introspect::ReadSnapshot(reader, {}, introspect::SetSearchPathSql("public", {})));
  return std::move(read.snapshot);
}

}  // namespace

Result<std::vector<project::HistoryPoint>> SchemaStates(const workspace::Project& project,
                                                        const std::string& setup_script,
                                                        const scratch::ScratchOptions& scratch,
                                                        Progress& progress) {
  std::vector<project::HistoryPoint> states;
  const std::set<std::string> scripts = PrintedScripts(project);
  if (scripts.empty()) return states;
  progress.Stage("comparing with schema.prisma", 0);
  TRY_ASSIGN(scratch::ScratchServer server, scratch::ScratchServer::Start(scratch, progress));
  for (const std::string& script : scripts) {
    auto snapshot = StateOf(script, setup_script, server);
    if (!snapshot) continue;
    project::HistoryPoint state;
    state.of_schema = true;
    state.name = kName;
    state.fingerprint = catalog::Fingerprint(*snapshot);
    state.snapshot = std::make_shared<const catalog::Snapshot>(*std::move(snapshot));
    const bool known = std::ranges::any_of(
        states, [&](const auto& other) { return other.fingerprint == state.fingerprint; });
    if (!known) states.push_back(std::move(state));
  }
  return states;
}

}  // namespace ballast::assess
