// SPDX-License-Identifier: Apache-2.0
// The ways to give a fresh database a project's schema, each run and measured alike.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "proof/proof.h"
#include "release/migration.h"
#include "scratch/scratch_server.h"

namespace ballast::demo {

struct Measured {
  std::string way;
  double seconds = 0;   // the median of the runs, as a whole process where it is one
  int round_trips = 0;  // 0: not counted
  std::string verdict;  // "equal", or what differs first
};

// The project that is deployed, and the server on which.
struct Arena {
  std::filesystem::path project;
  std::vector<release::Migration> migrations;
  std::string baseline;  // of the release package
  scratch::ScratchServer* server = nullptr;
  proof::State proven;  // of the history, replayed by hand
  std::map<std::string, std::vector<std::string>> volatile_columns;
  int runs = 1;
};

// `ballast deploy --strategy NAME` in a fresh database.
Result<Measured> DeployBy(const Arena& arena, const std::string& strategy);
// The same again on the database that has it already.
Result<Measured> DeployAgain(const Arena& arena);
// Every script as one message on one connection: the least that replaying can cost.
Result<Measured> ReplayByHand(Arena& arena);
// The release's baseline as one message: the server's own work, the limit.
Result<Measured> BaselineAsOneMessage(const Arena& arena);
// psql -1 -f baseline.sql; no such program: a Measured without seconds.
Result<Measured> BaselineByPsql(const Arena& arena);

}  // namespace ballast::demo
