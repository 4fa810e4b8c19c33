// SPDX-License-Identifier: Apache-2.0
#include "commands/squash_following.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "apply/named_schema.h"
#include "apply/replay.h"
#include "base/sqlstate.h"
#include "catalog/snapshot.h"

namespace ballast::commands {
namespace {

using release::Migration;

class FollowingProver {
 public:
  FollowingProver(const SquashedHistory& history, scratch::ScratchServer& server,
                  const scratch::ScratchOptions& options, Progress& progress)
      : history_(history), server_(server), options_(options), progress_(progress) {
    squashed_.push_back(history.squash);
    squashed_.insert(squashed_.end(), history.following.begin(), history.following.end());
    single_ = history.replaced;
    single_.insert(single_.end(), history.following.begin(), history.following.end());
    // Only the end of such a replay has the objects where a package has them.
    in_schema_ = apply::NamedSchemaOf(squashed_, history.setup).has_value() ||
                 apply::NamedSchemaOf(single_, history.setup).has_value();
  }

  Result<std::vector<FollowingState>> Prove() {
    progress_.Stage("proving what follows", history_.following.size());
    TRY_ASSIGN(const scratch::ScratchDatabase squashed, ReplaySquashed());
    Status compared = Compare(squashed);
    if (!compared && !ConflictsWithRoles(compared.error())) return std::move(compared).error();
    return std::move(states_);
  }

 private:
  // The squash and what follows. With a schema of its own, each state needs its own replay.
  Result<scratch::ScratchDatabase> ReplaySquashed() {
    if (!in_schema_) {
      return Replay(squashed_, [this](const scratch::ScratchDatabase& database) {
        return AddState(database);
      });
    }
    for (size_t count = 1;; ++count) {
      const std::vector<Migration> part(squashed_.begin(),
                                        squashed_.begin() + static_cast<long>(count) + 1);
      TRY_ASSIGN(scratch::ScratchDatabase database, Replay(part, {}));
      TRY(AddState(database));
      if (count == history_.following.size()) return database;
    }
  }

  using AfterFollowing = std::function<Status(const scratch::ScratchDatabase& database)>;

  Result<scratch::ScratchDatabase> Replay(const std::vector<Migration>& migrations,
                                          const AfterFollowing& after) {
    SilentProgress silent;
    TRY_ASSIGN(scratch::ScratchDatabase database, server_.CreateDatabase("following"));
    TRY_ASSIGN(postgres::Session session, database.Connect());
    apply::ReplayOptions replay;
    replay.mode = history_.mode;
    replay.setup = history_.setup;
    replay.folder = history_.folder;
    if (after) {
      replay.after = [&](const Migration& migration) -> Status {
        if (migration.name == history_.squash.name) return {};
        return after(database);
      };
    }
    TRY(apply::Replay(session, migrations, replay, silent));
    TRY(session.Query("DISCARD TEMP"));
    return database;
  }

  Status AddState(const scratch::ScratchDatabase& database) {
    FollowingState& added = states_.emplace_back();
    TRY_ASSIGN(added.state, proof::ReadState(database.target(), history_.asked));
    TRY_ASSIGN(added.fingerprint, proof::FingerprintRecordOf(database, added.state));
    progress_.Step(states_.size(), history_.following.at(states_.size() - 1).name);
    return {};
  }

  // On servers of its own, because roles belong to the server.
  Status Compare(const scratch::ScratchDatabase& squashed) {
    SilentProgress silent;
    TRY_ASSIGN(proof::ProofServers servers, proof::StartProofServers(options_, silent));
    std::vector<catalog::Snapshot> snapshots;
    proof::DoubleReplayOptions replay{single_, history_.setup, history_.mode, history_.folder};
    if (!in_schema_) {
      replay.after = [&](const Migration& migration, const scratch::ScratchDatabase& database) {
        return AddSnapshot(migration, database, snapshots);
      };
    }
    TRY_ASSIGN(const proof::Replays replays, proof::ReplayOnBothServers(servers, replay, silent));
    volatile_objects_ = replays.volatile_objects;
    for (FollowingState& one : states_) {
      volatile_objects_.Mark(one.state.snapshot);
      const auto dated = catalog::DatedPartitionsOf(one.state.snapshot).of;
      one.fingerprint.dated_partitions_of.assign(dated.begin(), dated.end());
    }
    for (size_t at = 0; at < snapshots.size(); ++at) {
      TRY(CompareCatalog(at, snapshots[at]));
    }
    TRY_ASSIGN(proof::State expected,
               proof::ReadState(replays.first.target(), {}, replays.volatile_rows));
    volatile_objects_.Mark(expected.snapshot);
    TRY_ASSIGN(const proof::State actual,
               proof::ReadState(squashed.target(), {}, replays.volatile_rows));
    return Equal(proof::DescribeDifferences(expected, actual), history_.following.size() - 1);
  }

  Status AddSnapshot(const Migration& migration, const scratch::ScratchDatabase& database,
                     std::vector<catalog::Snapshot>& snapshots) const {
    const bool follows = std::ranges::any_of(
        history_.following, [&](const Migration& one) { return one.name == migration.name; });
    if (!follows) return {};
    TRY_ASSIGN(catalog::Snapshot snapshot,
               proof::ReadSnapshotOf(database.target(), history_.asked));
    snapshots.push_back(std::move(snapshot));
    return {};
  }

  Status CompareCatalog(size_t at, const catalog::Snapshot& expected) const {
    return Equal(
        catalog::DescribeAll(catalog::DiffOnAnyDate(expected, states_.at(at).state.snapshot, true)),
        at);
  }

  Status Equal(std::vector<std::string> differences, size_t at) const {
    std::erase_if(differences, [this](const std::string& words) {
      return std::ranges::any_of(volatile_objects_.others, [&](const catalog::ObjectKey& object) {
        return words.starts_with(catalog::DescriptionOf(object));
      });
    });
    if (differences.empty()) return {};
    const std::string& name = history_.following.at(at).name;
    Error error = MakeError(
        ErrorCode::kProofFailed,
        fmt::format("with the squash, {} produces a different database than with the migrations "
                    "that it replaces: one of these changes a setting of its session, such as "
                    "search_path, that later ones rely on",
                    name),
        "set it in each migration that needs it, or replace that migration, too; no file was "
        "changed");
    for (std::string& difference : differences) {
      error.details.emplace_back("object", std::move(difference));
    }
    return error;
  }

  // On a server that the user names, a role that the first replay has made is still there.
  bool ConflictsWithRoles(const Error& error) const {
    return !server_.is_embedded() && error.Detail("sqlstate") == sqlstate::kDuplicateObject;
  }

  const SquashedHistory& history_;
  scratch::ScratchServer& server_;
  const scratch::ScratchOptions& options_;
  Progress& progress_;
  std::vector<Migration> squashed_, single_;  // with and without the squash
  bool in_schema_ = false;                    // they name a schema as that of the project
  std::vector<FollowingState> states_;
  catalog::VolatileObjects volatile_objects_;
};

}  // namespace

Result<std::vector<FollowingState>> ProveFollowing(const SquashedHistory& history,
                                                   scratch::ScratchServer& server,
                                                   const scratch::ScratchOptions& options,
                                                   Progress& progress) {
  return FollowingProver(history, server, options, progress).Prove();
}

}  // namespace ballast::commands
