#include "postgres/kept_state.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "postgres/cache_folder.h"
#include "postgres/scratch_template.h"

namespace ballast::postgres {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "replay-";
constexpr CacheBounds kBounds{.entries = 4, .bytes = uintmax_t{1} << 30};

fs::path PathOf(const std::string& name) {
  return fs::path(CacheFolder()) / (std::string(kPrefix) + name);
}

// A copy of the files is the database as it is: everything is in them after a checkpoint, and
// nothing changes them while nobody is connected. The start after it replays no change.
bool Copy(ScratchServer& server, const fs::path& file) {
  auto session = Session::Connect(server.target());
  if (!session || !session->Query("CHECKPOINT")) return false;
  const auto segments = session->Query(
      "SELECT redo_wal_file, pg_walfile_name(pg_current_wal_insert_lsn()) FROM "
      "pg_control_checkpoint()");
  if (!segments) return false;
  const auto& row = segments->back().rows.at(0);
  const Omission omission{row[0].value_or(""), row[1].value_or("")};
  return PackTemplate(server.target().host + "/data", file.string(), omission).ok();
}

bool WriteNote(const fs::path& file, const std::string& note) {
  std::ofstream out(file, std::ios::binary);
  out << note;
  return out.flush().good();
}

bool CopyBoth(ScratchServer& first, ScratchServer& second, const fs::path& folder) {
  bool copied = false;
  std::thread beside([&] { copied = Copy(second, folder / "second"); });
  const bool done = Copy(first, folder / "first");
  beside.join();
  return done && copied;
}

// Tablespaces lie outside of the folder; of databases besides the one nothing is known.
bool IsPlain(ScratchServer& server) {
  auto session = Session::Connect(server.target());
  if (!session) return false;
  const auto plain = session->QueryValue(
      "SELECT (SELECT count(*) FROM pg_tablespace) = 2 AND (SELECT count(*) FROM pg_database) = 4");
  return plain && *plain == "t";
}

}  // namespace

std::vector<std::string> KeptStates() {
  std::vector<std::string> names;
  for (const fs::path& path : CacheEntries(kPrefix)) {
    names.push_back(path.filename().string().substr(kPrefix.size()));
  }
  return names;
}

std::optional<KeptState> FindKeptState(const std::string& name) {
  const fs::path folder = PathOf(name);
  std::ifstream note(folder / "note", std::ios::binary);
  if (!note.is_open()) return std::nullopt;
  MarkUsed(folder);
  return KeptState{(folder / "first").string(), (folder / "second").string(),
                   std::string{std::istreambuf_iterator<char>(note), {}}};
}

bool KeepState(const std::string& name, ScratchServer& first, ScratchServer& second,
               const std::string& note) {
  if (CacheFolder().empty() || !IsPlain(first) || !IsPlain(second)) return false;
  const fs::path unready = UnreadyName(PathOf(name));
  std::error_code failed;
  fs::remove_all(unready, failed);
  if (mkdir(unready.c_str(), 0700) != 0) return false;
  const bool written = CopyBoth(first, second, unready) && WriteNote(unready / "note", note);
  if (written) fs::rename(unready, PathOf(name), failed);
  // Another run may have been first: what it kept is as good.
  if (!written || failed) fs::remove_all(unready, failed);
  PruneCache(kPrefix, kBounds);
  return written;
}

void ForgetKeptState(const std::string& name) {
  std::error_code ignored;
  fs::remove_all(PathOf(name), ignored);
}

}  // namespace ballast::postgres
