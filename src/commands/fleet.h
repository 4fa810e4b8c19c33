// SPDX-License-Identifier: Apache-2.0
// What `ballast fleet status` and `ballast fleet deploy` have in common.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "commands/deploy.h"
#include "fleet/member_list.h"
#include "fleet/shard.h"
#include "project/invocation.h"
#include "project/project_context.h"
#include "project/strategy_selection.h"

namespace ballast::commands {

struct FleetOptions {
  fleet::Selection selection;
  std::string shard;  // --shard: "I/N"
  int shards = 0;     // --shards: N, where the environment gives I
  int parallel = 8;   // databases at once, and connections; from 1
  DeployOptions deploy;
};

// Where a target is, for reports; empty where it is not known.
struct FleetAddress {
  std::string server;  // "db.example.org:5432"
  std::string database;
  std::string schema;  // empty: the default
};
FleetAddress AddressOf(const postgres::Target& target);

// BALLAST_PASSWORD_COMMAND, else that of ballast.toml; empty: none.
std::string PasswordCommandOf(const project::ProjectContext& context);

// Does `work` for each of the positions of `list`, on that many threads, until `goes_on` says no or
// ballast is asked to end. Two positions with the same text in `databases` (by position; empty:
// none) are never at work together. `work` and `goes_on` are called from all threads.
struct FleetWork {
  std::vector<size_t> list;
  std::vector<std::string> databases;
  int parallel = 1;
  std::function<void(size_t)> work;
  std::function<bool()> goes_on;
};
void DoInParallel(const FleetWork& work);

// The progress of one target: its notices come out with its name, its stages do not.
class MemberProgress : public Progress {
 public:
  MemberProgress(std::string name, Progress& all) : name_(std::move(name)), all_(all) {}
  void Stage(std::string_view, size_t) override {}
  void Step(size_t, std::string_view) override {}
  void Notice(std::string_view sentence) override;

 private:
  std::string name_;
  Progress& all_;
};

// One caller at a time, whatever the thread.
class SerialProgress : public Progress {
 public:
  explicit SerialProgress(Progress& inner);
  ~SerialProgress() override;
  void Stage(std::string_view what, size_t total) override;
  void Step(size_t done, std::string_view what) override;
  void Notice(std::string_view sentence) override;
  // One more step is done.
  void Advance(std::string_view what);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ballast::commands
