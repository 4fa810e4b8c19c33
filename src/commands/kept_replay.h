// Replays that are kept for the next run: docs/decisions/0011.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "postgres/kept_state.h"
#include "release/migration.h"

namespace ballast::commands {

// Both replays of the first `migrations` of a history, as an earlier run has left them.
struct KeptReplay {
  std::string name;
  postgres::KeptState state;
  size_t migrations = 0;
  std::string first_database;
  std::string second_database;
  std::vector<std::string> roles_before;  // of the server, before the history ran
  std::vector<std::string> notices;       // of these migrations
};

// What else decides what a replay leaves, beside the migrations.
struct ReplayRecipe {
  std::string server;  // ScratchKind::embedded; empty: nothing is kept
  std::string setup_script;
  bool split = false;
};

class ReplayCache {
 public:
  // `migrations` is the whole history, in its order, and outlives this.
  ReplayCache(const ReplayRecipe& recipe, const std::vector<release::Migration>& migrations);

  // The longest beginning of the history that is kept and may be gone on from.
  std::optional<KeptReplay> Find() const;

  // Whether the whole history's replays may be kept at all, as far as its text tells, and are not
  // there yet. What only the server knows is asked of it before (no session state, no unlogged
  // tables, equal rows in both).
  bool MayKeep() const;
  void Keep(const KeptReplay& replay, postgres::ScratchServer& first,
            postgres::ScratchServer& second) const;

  static void Forget(const KeptReplay& replay);

 private:
  const std::vector<release::Migration>& migrations_;
  bool on_ = false;
  std::string setup_script_;
  std::vector<std::string> names_;  // names_[n]: of the replays of the first n
};

}  // namespace ballast::commands
