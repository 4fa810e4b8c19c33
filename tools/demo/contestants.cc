// SPDX-License-Identifier: Apache-2.0
#include "tools/demo/contestants.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>

#include "apply/replay.h"
#include "tools/demo/deploy_json.h"

namespace ballast::demo {
namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

struct Ran {
  int status = 0;
  std::string output;
  double seconds = 0;
};

Ran RunCommand(const std::string& command) {
  Ran ran;
  const auto start = Clock::now();
  std::FILE* pipe = popen(command.c_str(), "r");
  char buffer[65536];
  while (const size_t read = std::fread(buffer, 1, sizeof buffer, pipe)) {
    ran.output.append(buffer, read);
  }
  const int status = pclose(pipe);
  ran.seconds = SecondsSince(start);
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  return ran;
}

std::string Environment(const scratch::ScratchDatabase& database) {
  return fmt::format(
      "env -u BALLAST_STRATEGY -u BALLAST_BRANCH -u RAILWAY_GIT_BRANCH DATABASE_URL='{0}' "
      "DIRECT_URL='{0}' ",
      database.Url());
}

introspect::VolatileRows VolatileOf(const Arena& arena) {
  introspect::VolatileRows rows;
  for (const auto& [table, columns] : arena.volatile_columns) {
    rows.columns[table] = {columns.begin(), columns.end()};
  }
  return rows;
}

Result<std::string> VerdictOn(const Arena& arena, const scratch::ScratchDatabase& database) {
  TRY_ASSIGN(const proof::State state, proof::ReadState(database.target(), {}, VolatileOf(arena)));
  // The journal's schema and the migrations table are no part of what is compared.
  const std::vector<std::string> differences = proof::DescribeDifferences(arena.proven, state);
  return differences.empty() ? std::string("equal") : "NOT equal: " + differences.front();
}

// Runs `once` on a fresh database each time; the last database is compared with the proven state.
template <class F>
Result<Measured> Measure(const Arena& arena, const std::string& way, F&& once) {
  Measured measured{way, 0, 0, {}};
  std::vector<double> seconds;
  for (int run = 0; run < arena.runs; ++run) {
    TRY_ASSIGN(const scratch::ScratchDatabase database, arena.server->CreateDatabase("demo"));
    TRY_ASSIGN(const double taken, once(database, measured));
    seconds.push_back(taken);
    if (run + 1 < arena.runs) continue;
    TRY_ASSIGN(measured.verdict, VerdictOn(arena, database));
  }
  measured.seconds = Median(seconds);
  return measured;
}

Result<double> Deploy(const Arena& arena, const std::string& arguments,
                      const scratch::ScratchDatabase& database, Measured& measured) {
  const Ran ran = RunCommand(fmt::format("{}{} -C '{}' --output json deploy {} 2>/dev/null",
                                         Environment(database), BALLAST_PROGRAM,
                                         arena.project.string(), arguments));
  const auto printed = ParsePrinted(ran.output);
  if (!printed || !printed->error.empty()) {
    return MakeError(ErrorCode::kBug, fmt::format("ballast deploy {} failed: {}", arguments,
                                                  printed ? printed->error : ran.output));
  }
  measured.round_trips = printed->round_trips;
  return ran.seconds;
}

Error ScriptFailed(const postgres::ServerError& error) {
  return MakeError(ErrorCode::kBug, "the baseline does not run: " + error.message);
}

}  // namespace

Result<Measured> DeployBy(const Arena& arena, const std::string& strategy) {
  return Measure(arena, "ballast deploy, " + strategy,
                 [&](const scratch::ScratchDatabase& database, Measured& measured) {
                   return Deploy(arena, "--strategy " + strategy, database, measured);
                 });
}

Result<Measured> DeployAgain(const Arena& arena) {
  TRY_ASSIGN(const scratch::ScratchDatabase database, arena.server->CreateDatabase("demo"));
  Measured measured{"ballast deploy, nothing to do", 0, 0, {}};
  TRY(Deploy(arena, "--strategy release", database, measured));
  std::vector<double> seconds;
  for (int run = 0; run < std::max(3, arena.runs); ++run) {
    TRY_ASSIGN(const double taken, Deploy(arena, "--strategy release", database, measured));
    seconds.push_back(taken);
  }
  measured.seconds = Median(seconds);
  TRY_ASSIGN(measured.verdict, VerdictOn(arena, database));
  return measured;
}

Result<Measured> ReplayByHand(Arena& arena) {
  SilentProgress silent;
  return Measure(
      arena, "every migration, one message each",
      [&](const scratch::ScratchDatabase& database, Measured& measured) -> Result<double> {
        const auto start = Clock::now();
        TRY_ASSIGN(postgres::Session session, database.Connect());
        TRY(apply::Replay(session, arena.migrations, {}, silent));
        measured.round_trips = session.round_trips();
        return SecondsSince(start);
      });
}

Result<Measured> BaselineAsOneMessage(const Arena& arena) {
  return Measure(
      arena, "the baseline as one message (the limit)",
      [&](const scratch::ScratchDatabase& database, Measured& measured) -> Result<double> {
        const auto start = Clock::now();
        TRY_ASSIGN(postgres::Session session, database.Connect());
        const postgres::Outcome outcome = session.Run(arena.baseline);
        if (outcome.error) return ScriptFailed(*outcome.error);
        measured.round_trips = session.round_trips();
        return SecondsSince(start);
      });
}

Result<Measured> BaselineByPsql(const Arena& arena) {
  if (RunCommand("command -v psql").status != 0) {
    return Measured{"psql -1 -f baseline (psql is not here)", 0, 0, "-"};
  }
  const auto file = std::filesystem::temp_directory_path() / "ballast-demo-baseline.sql";
  std::ofstream(file, std::ios::binary) << arena.baseline;
  return Measure(arena, "psql -1 -f baseline",
                 [&](const scratch::ScratchDatabase& database, Measured&) -> Result<double> {
                   const Ran ran =
                       RunCommand(fmt::format("psql -X -q -1 -v ON_ERROR_STOP=1 -f '{}' '{}' 2>&1",
                                              file.string(), database.Url()));
                   if (ran.status != 0)
                     return MakeError(ErrorCode::kBug, "psql failed: " + ran.output);
                   return ran.seconds;
                 });
}

}  // namespace ballast::demo
