// SPDX-License-Identifier: Apache-2.0
// What `ballast fleet status` and `ballast fleet deploy` share.
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

// The defaults of a target's deploy. Other shards and applications release their connections, so it
// waits for a free one.
run::DeployOptions FleetDefaults();

struct FleetOptions {
  fleet::Selection selection;
  std::string shard;  // --shard: "I/N"
  int shards = 0;     // --shards: N, if the environment provides I
  int parallel = 8;   // databases in parallel, and connections; at least 1
  run::DeployOptions deploy = FleetDefaults();
};

// The address of a target in reports; fields are empty if not known.
struct FleetAddress {
  std::string server;  // "db.example.org:5432"
  std::string database;
  std::string schema;  // empty: the default schema
};
FleetAddress AddressOf(const postgres::Target& target);

// BALLAST_PASSWORD_COMMAND, else that of ballast.toml; or empty.
std::string PasswordCommandOf(const project::ProjectContext& context);

// Calls `work` for each index in `list`, on that many threads, until `may_continue` returns false
// or a termination request arrives. Indexes with the same text in `databases` (by index; empty:
// none) never run in parallel. `work` and `may_continue` are called from all threads.
struct FleetWork {
  std::vector<size_t> list;
  std::vector<std::string> databases;
  int parallel = 1;
  std::function<void(size_t)> work;
  std::function<bool()> may_continue;
};
void DoInParallel(const FleetWork& work);

// The progress of one target: passes on notices with the target's name and events with the field
// `target`, and no stages.
class MemberProgress : public Progress {
 public:
  MemberProgress(std::string name, Progress& all) : name_(std::move(name)), all_(all) {}
  void Stage(std::string_view, size_t) override {}
  void Step(size_t, std::string_view) override {}
  void Notice(std::string_view sentence) override;
  void Event(const RunEvent& event) override;

 private:
  std::string name_;
  Progress& all_;
};

// Serializes calls from several threads.
class SerialProgress : public Progress {
 public:
  explicit SerialProgress(Progress& inner);
  ~SerialProgress() override;
  void Stage(std::string_view what, size_t total) override;
  void Step(size_t done, std::string_view what) override;
  void Notice(std::string_view sentence) override;
  void Event(const RunEvent& event) override;
  // One more step is finished.
  void Advance(std::string_view what);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ballast::commands
