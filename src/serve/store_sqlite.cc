// SPDX-License-Identifier: Apache-2.0
#include "serve/store_sqlite.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <initializer_list>
#include <mutex>
#include <nlohmann/json.hpp>
#include <variant>

namespace ballast::serve {
namespace {

constexpr int kApplicationId = 0x62616c6c;  // "ball"
constexpr char kSqliteTables[] = R"(
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS runs (
  run TEXT PRIMARY KEY, database TEXT NOT NULL, command TEXT NOT NULL, outcome TEXT NOT NULL,
  started_at TEXT NOT NULL, report TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS runs_started ON runs (started_at);
CREATE INDEX IF NOT EXISTS runs_counted ON runs (database, command, outcome);
CREATE TABLE IF NOT EXISTS samples (
  database TEXT NOT NULL, at INTEGER NOT NULL, ready INTEGER NOT NULL, reachable INTEGER NOT NULL,
  pending INTEGER NOT NULL, drift INTEGER NOT NULL, additions INTEGER NOT NULL, took_ms INTEGER NOT NULL,
  PRIMARY KEY (database, at)) STRICT, WITHOUT ROWID;
PRAGMA user_version = 1;
)";

constexpr char kAddSample[] = R"(
INSERT INTO samples VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (database, at) DO UPDATE SET
  ready = min(ready, excluded.ready), reachable = min(reachable, excluded.reachable),
  pending = max(pending, excluded.pending), drift = max(drift, excluded.drift),
  additions = max(additions, excluded.additions), took_ms = max(took_ms, excluded.took_ms))";

using Parameter = std::variant<int64_t, std::string>;

// One statement, from its parameters to its rows.
class Statement {
 public:
  Statement(sqlite3* db, const std::string& sql) {
    sqlite3_prepare_v2(db, sql.c_str(), static_cast<int>(sql.size()), &statement_, nullptr);
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  void Bind(const std::vector<Parameter>& parameters) {
    int number = 0;
    for (const Parameter& parameter : parameters) {
      ++number;
      if (const auto* integer = std::get_if<int64_t>(&parameter)) {
        sqlite3_bind_int64(statement_, number, *integer);
      } else {
        const std::string& text = std::get<std::string>(parameter);
        sqlite3_bind_text(statement_, number, text.data(), static_cast<int>(text.size()),
                          SQLITE_TRANSIENT);
      }
    }
  }
  int Step() { return statement_ == nullptr ? SQLITE_ERROR : sqlite3_step(statement_); }
  int64_t Integer(int column) const { return sqlite3_column_int64(statement_, column); }
  int Int(int column) const { return sqlite3_column_int(statement_, column); }
  std::string Text(int column) const {
    const void* bytes = sqlite3_column_blob(statement_, column);
    const auto size = static_cast<size_t>(sqlite3_column_bytes(statement_, column));
    return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
  }

 private:
  sqlite3_stmt* statement_ = nullptr;
};

class SqliteStore : public Store {
 public:
  explicit SqliteStore(std::string file) : file_(std::move(file)) {}
  ~SqliteStore() override { sqlite3_close(db_); }

  Status Open() {
    const std::string name = file_.empty() ? ":memory:" : file_;
    if (!file_.empty()) MakePrivate();
    if (sqlite3_open(name.c_str(), &db_) != SQLITE_OK) return Failed("opened");
    sqlite3_busy_timeout(db_, 5000);
    const int64_t id = IntegerOf("PRAGMA application_id");
    const int64_t tables = IntegerOf("SELECT count(*) FROM sqlite_schema");
    if (sqlite3_errcode(db_) == SQLITE_NOTADB || (id != kApplicationId && tables > 0)) {
      return MakeError(ErrorCode::kCannotWrite, file_ + " is not a store of ballast serve",
                       "use another file with --store");
    }
    if (IntegerOf("PRAGMA user_version") > 1) {
      return MakeError(ErrorCode::kCannotWrite,
                       file_ + " was written by a newer version of ballast",
                       "update ballast, or use another file with --store");
    }
    TRY(Execute(fmt::format("PRAGMA application_id = {}", kApplicationId)));
    return Execute(kSqliteTables);
  }

  Result<bool> AddRun(const StoredRun& run) override {
    const std::scoped_lock lock(mutex_);
    Statement statement(db_,
                        "INSERT INTO runs VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (run) DO "
                        "UPDATE SET database = excluded.database WHERE runs.database = '' AND "
                        "excluded.database <> ''");
    statement.Bind({run.run, run.database, run.command, run.outcome, run.started_at, run.report});
    if (statement.Step() != SQLITE_DONE) return Failed("written").error();
    return sqlite3_changes(db_) > 0;
  }

  Status RemoveOthers(const std::vector<std::string>& databases) override {
    const std::scoped_lock lock(mutex_);
    Statement statement(
        db_,
        "UPDATE runs SET database = '' WHERE database <> '' AND database NOT IN (SELECT value FROM "
        "json_each(?1))");
    statement.Bind({nlohmann::json(databases).dump()});
    return statement.Step() == SQLITE_DONE ? Status() : Failed("written");
  }

  Result<std::vector<StoredRun>> Runs(const RunQuery& query) override {
    const std::scoped_lock lock(mutex_);
    Statement statement(
        db_,
        "SELECT run, database, command, outcome, started_at, report FROM runs WHERE (?1 = '' OR "
        "database = ?1) AND (?2 = '' OR command = ?2) AND started_at >= ?3 AND (?5 = '' OR "
        "outcome = ?5) AND report <> '' ORDER BY started_at DESC, run LIMIT ?4");
    statement.Bind(
        {query.database, query.command, query.since, int64_t{query.limit}, query.outcome});
    return RunsIn(statement);
  }

  Result<std::vector<StoredRun>> RunList(int most) override {
    const std::scoped_lock lock(mutex_);
    Statement statement(db_,
                        "SELECT run, database, command, outcome, started_at, '' FROM runs WHERE "
                        "report <> '' ORDER BY started_at DESC, run LIMIT ?1");
    statement.Bind({int64_t{most}});
    return RunsIn(statement);
  }

  Result<std::vector<StoredRun>> RunsOf(const std::vector<std::string>& runs) override {
    const std::scoped_lock lock(mutex_);
    Statement statement(db_,
                        "SELECT run, database, command, outcome, started_at, report FROM runs "
                        "WHERE run IN (SELECT value FROM json_each(?1)) AND report <> ''");
    statement.Bind({nlohmann::json(runs).dump()});
    return RunsIn(statement);
  }

  Result<std::vector<RunCount>> Counts() override {
    const std::scoped_lock lock(mutex_);
    Statement statement(
        db_,
        "SELECT database, command, outcome, count(*) FROM runs GROUP BY 1, 2, 3 ORDER BY 1, 2, 3");
    std::vector<RunCount> counts;
    int step = SQLITE_ROW;
    while ((step = statement.Step()) == SQLITE_ROW) {
      counts.push_back({statement.Text(0), statement.Text(1), statement.Text(2),
                        static_cast<uint64_t>(statement.Integer(3))});
    }
    if (step != SQLITE_DONE) return Failed("read").error();
    return counts;
  }

  Status AddSamples(const std::vector<Sample>& samples) override {
    const std::scoped_lock lock(mutex_);
    return InTransaction([&]() -> Status {
      for (const Sample& s : samples) {
        Statement statement(db_, kAddSample);
        statement.Bind({s.database, s.at, int64_t{s.ready}, int64_t{s.reachable},
                        int64_t{s.pending}, int64_t{s.drift}, int64_t{s.additions},
                        int64_t{s.took_ms}});
        if (statement.Step() != SQLITE_DONE) return Failed("written");
      }
      return {};
    });
  }

  Result<std::vector<Sample>> Samples(const std::string& database, int64_t since) override {
    const std::scoped_lock lock(mutex_);
    Statement statement(
        db_,
        "SELECT * FROM (SELECT at, ready, reachable, pending, drift, additions, took_ms FROM "
        "samples WHERE database = ?1 AND at >= ?2 ORDER BY at DESC LIMIT 2000) ORDER BY at");
    statement.Bind({database, since});
    std::vector<Sample> samples;
    int step = SQLITE_ROW;
    while ((step = statement.Step()) == SQLITE_ROW) {
      samples.push_back({database, statement.Integer(0), statement.Int(1) != 0,
                         statement.Int(2) != 0, statement.Int(3), statement.Int(4),
                         statement.Int(5), statement.Int(6)});
    }
    if (step != SQLITE_DONE) return Failed("read").error();
    return samples;
  }

  Status Prune(int64_t before, int runs) override {
    const std::scoped_lock lock(mutex_);
    TRY(Execute(fmt::format("DELETE FROM samples WHERE at < {}", before)));
    return Execute(
        fmt::format("UPDATE runs SET report = '' WHERE report <> '' AND run IN (SELECT run FROM "
                    "runs ORDER BY started_at DESC LIMIT -1 OFFSET {})",
                    runs));
  }

 private:
  Result<std::vector<StoredRun>> RunsIn(Statement& statement) const {
    std::vector<StoredRun> runs;
    int step = SQLITE_ROW;
    while ((step = statement.Step()) == SQLITE_ROW) {
      runs.push_back({statement.Text(0), statement.Text(1), statement.Text(2), statement.Text(3),
                      statement.Text(4), statement.Text(5)});
    }
    if (step != SQLITE_DONE) return Failed("read").error();
    return runs;
  }

  // SQLite gives its additional files the mode of the first one.
  void MakePrivate() const {
    const int file = open(file_.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file >= 0) close(file);
  }

  std::string Remedy() const {
    switch (sqlite3_errcode(db_)) {
      case SQLITE_CORRUPT:
      case SQLITE_NOTADB:
        return "move the file away (it has only run reports and samples), or use another file with "
               "--store";
      case SQLITE_FULL:
        return "free space on the disk, or use another file with --store";
      default:
        return "check the folder and its permissions, or use another file with --store";
    }
  }

  Status Failed(std::string_view doing) const {
    return MakeError(ErrorCode::kCannotWrite,
                     fmt::format("the store {} cannot be {}: {}",
                                 file_.empty() ? "in memory" : file_, doing, sqlite3_errmsg(db_)),
                     Remedy());
  }
  Status Execute(const std::string& sql) {
    if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
      return Failed("written");
    }
    return {};
  }
  // If it fails, also at COMMIT (SQLITE_BUSY), no transaction stays open, whose changes later
  // statements would add to without committing them.
  template <class Write>
  Status InTransaction(Write write) {
    TRY(Execute("BEGIN"));
    Status done = write();
    if (done) done = Execute("COMMIT");
    const bool open = sqlite3_get_autocommit(db_) == 0;
    if (open) sqlite3_exec(db_, "ROLLBACK", nullptr, nullptr, nullptr);
    return done;
  }
  int64_t IntegerOf(const std::string& sql) {
    Statement statement(db_, sql);
    return statement.Step() == SQLITE_ROW ? statement.Integer(0) : 0;
  }

  std::string file_;
  sqlite3* db_ = nullptr;
  std::mutex mutex_;
};

}  // namespace

Result<std::unique_ptr<Store>> OpenSqliteStore(const std::string& file) {
  auto store = std::make_unique<SqliteStore>(file);
  TRY(store->Open());
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace ballast::serve
