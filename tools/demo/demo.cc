// SPDX-License-Identifier: Apache-2.0
// ballast-demo DIR [RUNS]: makes release package and development baseline of the project in DIR,
// deploys it to fresh databases of a scratch server in every way, and prints how long each took and
// whether the result is the database of the history.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "commands/release_create.h"
#include "tools/demo/contestants.h"
#include "workspace/migrations_folder.h"
#include "workspace/package_store.h"
#include "workspace/project.h"

namespace ballast::demo {
namespace {

void Say(const std::string& line) {
  std::fputs((line + "\n").c_str(), stdout);
  std::fflush(stdout);
}

Status MakePackages(const project::Invocation& invocation) {
  proof::CreateOptions options;
  options.version = "v1.0.0";
  options.replace = true;
  for (const bool release : {true, false}) {
    const commands::CreateReport report =
        release ? commands::CreateRelease(options, invocation)
                : commands::CreateDevelopmentBaseline(options, invocation);
    if (report.error) return *report.error;
    Say(fmt::format(
        "==> {}: {} migrations -> 1 ({} lines), proven on PostgreSQL {}, in {:.2f} s "
        "(replay {:.2f} s)",
        release ? "release package" : "development baseline", report.migration_count,
        report.baseline_lines, report.servers.front(), report.run.duration_ms.value_or(0) / 1000,
        report.stages.at("replay_ms") / 1000));
  }
  return {};
}

Result<Arena> Prepare(const std::filesystem::path& project, int runs,
                      scratch::ScratchServer& server, const project::Invocation& invocation) {
  Arena arena;
  arena.project = project;
  arena.runs = runs;
  arena.server = &server;
  TRY_ASSIGN(const workspace::Project found, workspace::FindProject(project, {}));
  TRY_ASSIGN(workspace::MigrationsFolder folder, workspace::LoadMigrations(found.migrations));
  arena.migrations = std::move(folder.migrations);
  TRY(MakePackages(invocation));
  TRY_ASSIGN(const release::Package package, workspace::LoadPackage(found.package));
  arena.baseline = package.Baseline();
  for (const release::TableRows& rows : package.manifest.rows) {
    if (!rows.volatile_columns.empty()) arena.volatile_columns[rows.table] = rows.volatile_columns;
  }
  TRY_ASSIGN(arena.proven.snapshot, catalog::ParseSnapshot(package.files.at(release::kSnapshotPath),
                                                           release::kSnapshotPath));
  arena.proven.rows = package.manifest.rows;
  return arena;
}

void PrintTable(const std::vector<Measured>& table) {
  Say("");
  Say(fmt::format("  {:<42} {:>10} {:>12}   {}", "a fresh database by", "time", "round trips",
                  "the database is"));
  for (const Measured& row : table) {
    const std::string time = row.seconds > 0 ? fmt::format("{:.3f} s", row.seconds) : "-";
    const std::string trips = row.round_trips > 0 ? std::to_string(row.round_trips) : "-";
    Say(fmt::format("  {:<42} {:>10} {:>12}   {}", row.way, time, trips, row.verdict));
  }
  Say("");
}

Result<bool> Show(const std::filesystem::path& project, int runs) {
  SilentProgress silent;
  project::Invocation invocation;
  invocation.directory = project;
  invocation.progress = &silent;
  TRY_ASSIGN(scratch::ScratchServer server, scratch::ScratchServer::Start({}, silent));
  TRY_ASSIGN(Arena arena, Prepare(project, runs, server, invocation));
  std::vector<Measured> table;
  const auto add = [&](Result<Measured> row) -> Status {
    if (!row) return std::move(row).error();
    table.push_back(std::move(row).value());
    return {};
  };
  TRY(add(DeployBy(arena, "release")));
  TRY(add(DeployBy(arena, "development")));
  TRY(add(DeployBy(arena, "history")));
  TRY(add(DeployAgain(arena)));
  TRY(add(BaselineAsOneMessage(arena)));
  TRY(add(BaselineByPsql(arena)));
  TRY(add(ReplayByHand(arena)));
  PrintTable(table);
  return std::all_of(table.begin(), table.end(), [](const Measured& row) {
    return row.verdict == "equal" || row.seconds == 0;
  });
}

// The exit status.
int ShowAndSay(const std::filesystem::path& folder, int runs) {
  const auto shown = Show(folder, runs);
  if (!shown) {
    const Error& error = shown.error();
    std::fputs(fmt::format("{}: {} {}\n   {}\n", CodeOf(error.code), error.message,
                           error.where.file, error.hint)
                   .c_str(),
               stderr);
    return static_cast<int>(StatusOf(error.code));
  }
  return *shown ? 0 : 1;
}

}  // namespace
}  // namespace ballast::demo

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: ballast-demo DIR [RUNS]\n", stderr);
    return 2;
  }
  try {
    return ballast::demo::ShowAndSay(argv[1], argc > 2 ? std::atoi(argv[2]) : 1);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "the demo failed in a way that it should not: %s\n", e.what());
  }
  return static_cast<int>(ballast::ExitStatus::kBug);
}
