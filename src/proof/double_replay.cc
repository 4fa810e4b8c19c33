// SPDX-License-Identifier: Apache-2.0
#include "proof/double_replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

#include "apply/replay.h"
#include "base/background_task.h"
#include "base/interruption.h"
#include "proof/proof.h"
#include "proof/with_shifted_clock.h"
#include "scratch/clock_shift.h"

namespace ballast::proof {
namespace {

using Migrations = std::vector<release::Migration>;

// Two seeds: values from random() differ between the replays and are therefore detected. The first
// seed, whose values a baseline keeps, is constant.
constexpr char kSecondSeed[] = "second replay";

struct Replayed {
  std::vector<std::string> notices;
  std::vector<std::string> split;
  std::vector<std::string> platform;
  std::vector<std::string> platform_roles;
  std::vector<std::string> roles;  // with an observer
  std::vector<apply::UnclearRole> unclear_roles;
  std::string from;  // the server's clock before and after
  std::string to;
};

Result<Replayed> ReplayHistory(const scratch::ScratchDatabase& database,
                               const Migrations& migrations, const DoubleReplayOptions& options,
                               const char* random_seed, Progress& progress,
                               postgres::Session* observer = nullptr) {
  TRY_ASSIGN(postgres::Session session, database.Connect());
  apply::ReplayOptions replay;
  replay.mode = options.mode;
  replay.setup = options.setup_script;
  replay.folder = options.folder;
  replay.random_seed = random_seed;
  replay.observer = observer;
  if (options.after && random_seed == kFirstSeed) {
    replay.after = [&](const release::Migration& migration) {
      return options.after(migration, database);
    };
  }
  Replayed replayed;
  TRY_ASSIGN(replayed.from, introspect::ServerTime(session));
  TRY_ASSIGN(apply::ReplayReport report, apply::Replay(session, migrations, replay, progress));
  // As at the end of the session, which a reader would not wait for: what depends on temporary
  // objects goes with them.
  TRY(session.Query("DISCARD TEMP"));
  TRY_ASSIGN(postgres::Session after, database.Connect());
  TRY_ASSIGN(replayed.to, introspect::ServerTime(after));
  replayed.notices = std::move(report.notices);
  replayed.split = std::move(report.split);
  replayed.platform = std::move(report.platform);
  replayed.platform_roles = std::move(report.platform_roles);
  replayed.roles = std::move(report.roles);
  replayed.unclear_roles = std::move(report.unclear_roles);
  return replayed;
}

Result<std::vector<std::string>> RolesOn(const scratch::ScratchDatabase& database) {
  TRY_ASSIGN(postgres::Session session, database.Connect());
  TRY_ASSIGN(const std::vector<postgres::Rows> results,
             session.Query("SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY rolname "
                           "COLLATE \"C\""));
  std::vector<std::string> roles;
  for (const auto& row : results.back().rows) roles.push_back(*row[0]);
  return roles;
}

std::vector<std::string> NewRoles(const std::vector<std::string>& before,
                                  const std::vector<std::string>& after) {
  std::vector<std::string> made;
  for (const std::string& role : after) {
    if (std::find(before.begin(), before.end(), role) == before.end()) made.push_back(role);
  }
  return made;
}

Status SetPublicSearchPath(postgres::Session& session) {
  TRY(session.Query("SET jit = off; SET search_path = public"));
  return {};
}

Result<introspect::VolatileRows> CompareRows(const scratch::ScratchDatabase& first,
                                             const scratch::ScratchDatabase& second,
                                             const Replayed& replayed) {
  TRY_ASSIGN(postgres::Session a, first.Connect());
  TRY_ASSIGN(postgres::Session b, second.Connect());
  TRY(SetPublicSearchPath(a));
  TRY(SetPublicSearchPath(b));
  return introspect::FindVolatileRows(a, b, replayed.from, replayed.to);
}

void NoteDated(const catalog::Snapshot& marked, std::vector<std::string>& notices) {
  for (const std::string& sentence : catalog::DescribeDated(marked)) {
    notices.push_back(sentence +
                      ": the baseline creates those of today, and a deploy requires none of them");
  }
}

Result<catalog::VolatileObjects> CompareCatalogs(const scratch::ScratchDatabase& first,
                                                 const scratch::ScratchDatabase& second,
                                                 const Migrations& migrations,
                                                 std::vector<std::string>& notices) {
  TRY_ASSIGN(catalog::Snapshot a, ReadSnapshotOf(first.target(), {}));
  TRY_ASSIGN(const catalog::Snapshot b, ReadSnapshotOf(second.target(), {}));
  const auto is_written = [&](std::string_view name) { return IsWritten(name, migrations); };
  catalog::VolatileObjects found = catalog::FindVolatileObjects(a, b, is_written);
  found.Mark(a);
  NoteDated(a, notices);
  for (const auto& [kind, object] : found.others) {
    notices.push_back(
        "this object depends on the clock or on random values, and the baseline keeps it as this "
        "replay created it: " +
        catalog::DescriptionOf({kind, object}));
  }
  return found;
}

class DoubleReplay {
 public:
  DoubleReplay(ProofServers& servers, const DoubleReplayOptions& options, Progress& progress)
      : servers_(servers), options_(options), progress_(progress) {}

  Result<Replays> Run() {
    TRY_ASSIGN(scratch::ScratchDatabase first, servers_.first.CreateDatabase("history"));
    scratch::ScratchServer& other = servers_.ahead ? *servers_.ahead : servers_.second;
    TRY_ASSIGN(scratch::ScratchDatabase second, other.CreateDatabase("again"));
    TRY_ASSIGN(before_, RolesOn(first));
    Replays replays{std::move(first), {}, {}, {}, {}, {}, {}, {}};
    TRY_ASSIGN(const bool twice, Replay(replays, second));
    if (!twice) return replays;
    std::vector<std::string> notices;
    BackgroundTask<catalog::VolatileObjects> objects(
        [&] { return CompareCatalogs(replays.first, second, options_.migrations, notices); });
    TRY_ASSIGN(replays.volatile_rows, CompareRows(replays.first, second, replayed_));
    TRY_ASSIGN(replays.volatile_objects, objects.Join());
    for (const std::string& table : replays.volatile_rows.counts) {
      replays.notices.push_back(
          fmt::format("the number of rows of {} differs in every replay; the baseline keeps those "
                      "of this one",
                      table));
    }
    std::ranges::move(notices, std::back_inserter(replays.notices));
    if (!servers_.ahead) TRY(FindDated(replays));
    return replays;
  }

 private:
  // Runs both replays. False if the second one conflicts with a role of the first, which is
  // possible on a server that the user specified.
  Result<bool> Replay(Replays& replays, scratch::ScratchDatabase& second) {
    const bool side_by_side = servers_.second.is_embedded();
    if (side_by_side) {
      TRY(SideBySide(replays.first, second));
    } else {
      TRY(ReplayObserved(replays.first));
    }
    TRY(NoteRoles(replays));
    replays.notices = replayed_.notices;
    replays.split = replayed_.split;
    replays.platform = replayed_.platform;
    if (side_by_side) return true;
    replays.notices.push_back(
        "the server of --scratch-url has one clock, one collation and its own roles: what depends "
        "on the date (except partitions), on the order of texts, on further roles or on default "
        "privileges was not "
        "determined");
    if (!replays.unclear_roles.empty()) return false;
    if (!replays.roles.empty()) {
      replays.notices.push_back(
          "the migrations create roles, which remain on the server of --scratch-url, so there was "
          "no "
          "second replay: values that differ between replays were not determined");
      return false;
    }
    TRY(ReplayHistory(second, options_.migrations, options_, kSecondSeed, progress_));
    return true;
  }

  // Partitions that depend on the date, on a server that has only one clock.
  Status FindDated(Replays& replays) {
    const Migrations later = OnLaterDate(options_.migrations);
    if (later.empty()) return {};
    TRY_ASSIGN(catalog::Snapshot state, ReadSnapshotOf(replays.first.target(), {}));
    if (!MayHaveDatedPartitions(state, options_.migrations)) return {};
    TRY_ASSIGN(const scratch::ScratchDatabase database, servers_.second.CreateDatabase("later"));
    const auto replayed = ReplayHistory(database, later, options_, kSecondSeed, progress_);
    if (!replayed && Interruption::Requested()) return replayed.error();
    if (!replayed) {
      replays.notices.push_back(
          "which partitions depend on the date was not determined: with times of a later date, the "
          "migrations fail: " +
          replayed.error().message);
      return {};
    }
    TRY_ASSIGN(const catalog::Snapshot then, ReadSnapshotOf(database.target(), {}));
    catalog::DatedPartitions& dated = replays.volatile_objects.partitions;
    dated.Add(FindDatedPartitions(state, then, options_.migrations));
    catalog::MarkDated(dated, state);
    NoteDated(state, replays.notices);
    return {};
  }

  // Others can create roles on that server meanwhile.
  Status ReplayObserved(const scratch::ScratchDatabase& first) {
    TRY_ASSIGN(postgres::Session observer, postgres::Session::Connect(servers_.first.target()));
    TRY_ASSIGN(replayed_, ReplayHistory(first, options_.migrations, options_, kFirstSeed, progress_,
                                        &observer));
    return {};
  }

  // Roles that existed before are not the history's, even if it drops and creates them.
  Status NoteRoles(Replays& replays) {
    TRY_ASSIGN(const std::vector<std::string> after, RolesOn(replays.first));
    replays.roles = NewRoles(before_, after);
    const auto has = [](const std::vector<std::string>& roles, const std::string& role) {
      return std::find(roles.begin(), roles.end(), role) != roles.end();
    };
    const bool shared = !servers_.first.is_embedded();
    std::erase_if(replays.roles, [&](const std::string& role) {
      return has(replayed_.platform_roles, role) || (shared && !has(replayed_.roles, role));
    });
    replays.unclear_roles = replayed_.unclear_roles;
    return {};
  }

  Status SideBySide(const scratch::ScratchDatabase& first, scratch::ScratchDatabase& second) {
    BackgroundTask<Replayed> other([&] {
      SilentProgress silent;
      return ReplayHistory(second, options_.migrations, options_, kSecondSeed, silent);
    });
    TRY_ASSIGN(replayed_,
               ReplayHistory(first, options_.migrations, options_, kFirstSeed, progress_));
    const Result<Replayed> again = other.Join();
    if (again) return {};
    if (!servers_.ahead || Interruption::Requested()) return again.error();
    replayed_.notices.push_back(
        fmt::format("the result of the migrations depends on the date: on a server whose clock is "
                    "{} days ahead they fail: {}",
                    scratch::kClockShiftDays, again.error().message));
    TRY_ASSIGN(second, servers_.second.CreateDatabase("again"));
    TRY(ReplayHistory(second, options_.migrations, options_, kSecondSeed, progress_));
    return {};
  }

  ProofServers& servers_;
  const DoubleReplayOptions& options_;
  Progress& progress_;
  std::vector<std::string> before_;  // roles
  Replayed replayed_;                // the first
};

Result<std::optional<scratch::ScratchServer>> StartAhead(scratch::ScratchOptions options,
                                                         Progress& progress) {
  std::optional<scratch::ScratchServer> ahead;
  if (!options.url.empty()) return ahead;
  options.clock_ahead = true;
  NoticesOnly notices(progress);
  TRY_ASSIGN(ahead, scratch::ScratchServer::Start(options, notices));
  return ahead;
}

}  // namespace

Result<ProofServers> StartProofServers(const scratch::ScratchOptions& options, Progress& progress) {
  BackgroundTask<scratch::ScratchServer> other([&] {
    NoticesOnly notices(progress);
    return scratch::ScratchServer::Start(options, notices);
  });
  BackgroundTask<std::optional<scratch::ScratchServer>> ahead(
      [&] { return StartAhead(options, progress); });
  TRY_ASSIGN(scratch::ScratchServer one, scratch::ScratchServer::Start(options, progress));
  TRY_ASSIGN(scratch::ScratchServer two, other.Join());
  TRY_ASSIGN(std::optional<scratch::ScratchServer> three, ahead.Join());
  return ProofServers{options, std::move(one), std::move(two), std::move(three)};
}

Result<Replays> ReplayOnBothServers(ProofServers& servers, const DoubleReplayOptions& options,
                                    Progress& progress) {
  return DoubleReplay(servers, options, progress).Run();
}

}  // namespace ballast::proof
