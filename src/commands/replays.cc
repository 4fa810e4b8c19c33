#include "commands/replays.h"

#include <fmt/format.h>

#include <algorithm>

#include "apply/replay.h"
#include "commands/beside.h"
#include "commands/stopwatch.h"

namespace ballast::commands {
namespace {

using Migrations = std::vector<release::Migration>;

// What takes less is not worth a copy of two servers.
constexpr double kWorthKeepingMs = 200;

struct Replayed {
  std::vector<std::string> notices;
  std::string from;  // the server's clock before and after
  std::string to;
  bool leaves_session_clean = false;
};

Result<Replayed> ReplayHistory(const postgres::ScratchDatabase& database,
                               const Migrations& migrations, const ReplayQuestion& question,
                               Progress& progress) {
  TRY_ASSIGN(postgres::Session session, database.Connect());
  apply::ReplayOptions replay;
  replay.mode = question.split ? apply::ReplayMode::kSplit : apply::ReplayMode::kBatch;
  if (question.kept == nullptr) replay.setup = question.setup_script;
  replay.folder = question.folder;
  Replayed replayed;
  TRY_ASSIGN(replayed.from, postgres::ServerTime(session));
  TRY_ASSIGN(apply::ReplayReport report, apply::Replay(session, migrations, replay, progress));
  TRY_ASSIGN(const std::vector<std::string> left, apply::SessionState(session));
  replayed.leaves_session_clean = left.empty();
  TRY_ASSIGN(postgres::Session after, database.Connect());
  TRY_ASSIGN(replayed.to, postgres::ServerTime(after));
  replayed.notices = std::move(report.notices);
  return replayed;
}

Result<std::vector<std::string>> RolesOn(const postgres::ScratchDatabase& database) {
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

Status LookFromPublic(postgres::Session& session) {
  TRY(session.Query("SET jit = off; SET search_path = public"));
  return {};
}

Result<postgres::VolatileRows> HoldAgainst(const postgres::ScratchDatabase& first,
                                           const postgres::ScratchDatabase& second,
                                           const Replayed& replayed) {
  TRY_ASSIGN(postgres::Session a, first.Connect());
  TRY_ASSIGN(postgres::Session b, second.Connect());
  TRY(LookFromPublic(a));
  TRY(LookFromPublic(b));
  return postgres::FindVolatileRows(a, b, replayed.from, replayed.to);
}

bool HasUnloggedTables(const postgres::ScratchDatabase& database) {
  auto session = database.Connect();
  if (!session) return true;
  const auto count =
      session->QueryValue("SELECT count(*) FROM pg_class WHERE relpersistence = 'u'");
  return !count || *count != "0";
}

class Pair {
 public:
  Pair(ProofServers& servers, const ReplayQuestion& question, Progress& progress)
      : servers_(servers), question_(question), progress_(progress) {}

  Result<Replays> Run() {
    Stopwatch watch;
    TRY_ASSIGN(postgres::ScratchDatabase first, FirstDatabase());
    TRY_ASSIGN(const postgres::ScratchDatabase second, SecondDatabase());
    if (question_.kept != nullptr) {
      before_ = question_.kept->roles_before;
    } else {
      TRY_ASSIGN(before_, RolesOn(first));
    }
    Replays replays{std::move(first), {}, {}, {}};
    TRY_ASSIGN(const bool twice, Replay(replays, second));
    if (!twice) return replays;
    const double taken = watch.Lap();
    TRY_ASSIGN(replays.volatile_rows, HoldAgainst(replays.first, second, replayed_));
    if (taken >= kWorthKeepingMs) KeepIfAlike(replays, second);
    for (const std::string& line : replays.volatile_rows.Describe()) {
      replays.notices.push_back("values that are not the same in every replay: " + line);
    }
    return replays;
  }

 private:
  Result<postgres::ScratchDatabase> FirstDatabase() {
    if (question_.kept == nullptr) return servers_.first.CreateDatabase("history");
    return servers_.first.TakeDatabase(question_.kept->first_database);
  }

  Result<postgres::ScratchDatabase> SecondDatabase() {
    if (question_.kept == nullptr) return servers_.second.CreateDatabase("again");
    return servers_.second.TakeDatabase(question_.kept->second_database);
  }

  // Both; false when a role stands in the second one's way, on a server that the user names.
  Result<bool> Replay(Replays& replays, const postgres::ScratchDatabase& second) {
    const size_t done = question_.kept == nullptr ? 0 : question_.kept->migrations;
    const Migrations rest(question_.migrations.begin() + static_cast<long>(done),
                          question_.migrations.end());
    const bool side_by_side = servers_.second.is_embedded();
    if (side_by_side) {
      TRY(SideBySide(replays.first, second, rest));
    } else {
      TRY_ASSIGN(replayed_, ReplayHistory(replays.first, rest, question_, progress_));
    }
    TRY_ASSIGN(const std::vector<std::string> after, RolesOn(replays.first));
    replays.roles = NewRoles(before_, after);
    if (question_.kept != nullptr) replays.notices = question_.kept->notices;
    replays.notices.insert(replays.notices.end(), replayed_.notices.begin(),
                           replayed_.notices.end());
    if (side_by_side) return true;
    if (!replays.roles.empty()) {
      replays.notices.push_back(
          "the history makes roles, which stay on the server given with --scratch-url for the "
          "second replay: values that change from one replay to the next were not looked for");
      return false;
    }
    TRY(ReplayHistory(second, rest, question_, progress_));
    return true;
  }

  Status SideBySide(const postgres::ScratchDatabase& first, const postgres::ScratchDatabase& second,
                    const Migrations& rest) {
    Beside<Replayed> beside([&] {
      SilentProgress silent;
      return ReplayHistory(second, rest, question_, silent);
    });
    TRY_ASSIGN(replayed_, ReplayHistory(first, rest, question_, progress_));
    TRY(beside.Join());
    return {};
  }

  // Only what does not tell in which session, and when, it was made.
  void KeepIfAlike(const Replays& replays, const postgres::ScratchDatabase& second) {
    const ReplayCache* cache = question_.keep_in;
    if (cache == nullptr || !replays.volatile_rows.empty() || !replayed_.leaves_session_clean ||
        !servers_.second.is_embedded() || HasUnloggedTables(replays.first) || !cache->MayKeep()) {
      return;
    }
    KeptReplay kept;
    kept.first_database = replays.first.name();
    kept.second_database = second.name();
    kept.roles_before = before_;
    kept.notices = replays.notices;
    cache->Keep(kept, servers_.first, servers_.second);
  }

  ProofServers& servers_;
  const ReplayQuestion& question_;
  Progress& progress_;
  std::vector<std::string> before_;  // roles
  Replayed replayed_;                // the first
};

}  // namespace

Result<ProofServers> StartProofServers(const postgres::ScratchOptions& options,
                                       const KeptReplay* kept, Progress& progress) {
  postgres::ScratchOptions first = options;
  postgres::ScratchOptions second = options;
  if (kept != nullptr) first.data = kept->state.first;
  if (kept != nullptr) second.data = kept->state.second;
  Beside<postgres::ScratchServer> beside([&] {
    SilentProgress silent;
    return postgres::ScratchServer::Start(second, silent);
  });
  TRY_ASSIGN(postgres::ScratchServer one, postgres::ScratchServer::Start(first, progress));
  TRY_ASSIGN(postgres::ScratchServer two, beside.Join());
  return ProofServers{std::move(one), std::move(two)};
}

Result<Replays> ReplayTwice(ProofServers& servers, const ReplayQuestion& question,
                            Progress& progress) {
  return Pair(servers, question, progress).Run();
}

}  // namespace ballast::commands
