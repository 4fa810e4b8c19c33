#include "commands/kept_replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "base/sha256.h"
#include "base/text.h"
#include "base/version.h"
#include "sql/classify.h"

namespace ballast::commands {
namespace {

constexpr int kFormat = 1;

// What one session tells the next statement and not the next session, without a trace that could be
// asked for.
constexpr std::array<std::string_view, 6> kSessionWords = {
    "currval", "lastval", "setseed", "set_config", "pg_backend_pid", "pg_postmaster_start_time"};

// Piece by piece: a script may be large. Pieces overlap by more than a word.
bool SpeaksOfItsSession(const std::string& script) {
  constexpr size_t kPiece = size_t{1} << 20;
  constexpr size_t kOverlap = 64;
  for (size_t at = 0; at < script.size(); at += kPiece) {
    const std::string text = ToLowerAscii(std::string_view(script).substr(at, kPiece + kOverlap));
    const bool speaks =
        std::any_of(kSessionWords.begin(), kSessionWords.end(),
                    [&](std::string_view word) { return text.find(word) != std::string::npos; });
    if (speaks) return true;
  }
  return false;
}

// Rows may hold the day on which they were made, so a state is good for its day only (UTC, as the
// scratch servers have it).
std::string Today() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  return fmt::format("{:04}-{:02}-{:02}", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday);
}

std::string Start(const ReplayRecipe& recipe) {
  return Sha256Hex(fmt::format("{}\n{}\n{}\n{}\n{}\n{}", kFormat, kVersion, Today(), recipe.server,
                               recipe.split ? "split" : "batch", Sha256Hex(recipe.setup_script)));
}

std::string RenderNote(const KeptReplay& replay) {
  std::string note =
      fmt::format("first {}\nsecond {}\n", replay.first_database, replay.second_database);
  for (const std::string& role : replay.roles_before) note += "role " + role + "\n";
  for (const std::string& notice : replay.notices) note += "notice " + notice + "\n";
  return note;
}

void ReadNote(const std::string& note, KeptReplay& replay) {
  for (const std::string& line : Split(note, '\n')) {
    const size_t blank = std::min(line.find(' '), line.size());
    const std::string key = line.substr(0, blank);
    const std::string value = line.substr(std::min(blank + 1, line.size()));
    if (key == "first") replay.first_database = value;
    if (key == "second") replay.second_database = value;
    if (key == "role") replay.roles_before.push_back(value);
    if (key == "notice") replay.notices.push_back(value);
  }
}

bool HasLineBreak(const std::vector<std::string>& lines) {
  return std::any_of(lines.begin(), lines.end(),
                     [](const std::string& line) { return line.find('\n') != std::string::npos; });
}

}  // namespace

ReplayCache::ReplayCache(const ReplayRecipe& recipe,
                         const std::vector<release::Migration>& migrations)
    : migrations_(migrations), on_(!recipe.server.empty()), setup_script_(recipe.setup_script) {
  if (!on_) return;
  names_.push_back(Start(recipe));
  for (const release::Migration& migration : migrations) {
    names_.push_back(Sha256Hex(fmt::format("{}\n{}\n{}:{}", names_.back(), migration.checksum,
                                           migration.name.size(), migration.name)));
  }
}

std::optional<KeptReplay> ReplayCache::Find() const {
  if (!on_) return std::nullopt;
  const std::vector<std::string> there = postgres::KeptStates();
  if (there.empty()) return std::nullopt;
  for (size_t count = migrations_.size(); count > 0; --count) {
    if (count < migrations_.size() && SpeaksOfItsSession(migrations_[count].script.TextOrEmpty())) {
      return std::nullopt;
    }
    if (std::find(there.begin(), there.end(), names_[count]) == there.end()) continue;
    auto state = postgres::FindKeptState(names_[count]);
    if (!state) return std::nullopt;
    KeptReplay replay;
    replay.name = names_[count];
    replay.migrations = count;
    ReadNote(state->note, replay);
    replay.state = *std::move(state);
    return replay;
  }
  return std::nullopt;
}

bool ReplayCache::MayKeep() const {
  if (!on_) return false;
  const std::vector<std::string> there = postgres::KeptStates();
  if (std::find(there.begin(), there.end(), names_.back()) != there.end()) return false;
  const auto may = [](const std::string& script) {
    return !SpeaksOfItsSession(script) && !sql::TraitsOf(script).session_state;
  };
  return may(setup_script_) &&
         std::all_of(migrations_.begin(), migrations_.end(),
                     [&](const auto& migration) { return may(migration.script.TextOrEmpty()); });
}

void ReplayCache::Keep(const KeptReplay& replay, postgres::ScratchServer& first,
                       postgres::ScratchServer& second) const {
  if (HasLineBreak(replay.roles_before) || HasLineBreak(replay.notices)) return;
  // Without a place for it the next run replays everything: no error.
  (void)postgres::KeepState(names_.back(), first, second, RenderNote(replay));
}

void ReplayCache::Forget(const KeptReplay& replay) {
  postgres::ForgetKeptState(replay.name);
}

}  // namespace ballast::commands
