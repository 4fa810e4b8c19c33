// SPDX-License-Identifier: Apache-2.0
#include "serve/store_sqlite.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <variant>

#include "serve/store_sql.h"

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

// One statement, from its parameters to its rows.
class Statement {
 public:
  Statement(sqlite3* db, const std::string& sql) {
    sqlite3_prepare_v2(db, sql.c_str(), static_cast<int>(sql.size()), &statement_, nullptr);
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  void Bind(const std::vector<StoreParameter>& parameters) {
    int number = 0;
    for (const StoreParameter& parameter : parameters) {
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
  int64_t Integer() const { return sqlite3_column_int64(statement_, 0); }
  std::vector<std::string> Row() const {
    std::vector<std::string> row;
    const int columns = sqlite3_column_count(statement_);
    for (int column = 0; column < columns; ++column) {
      // The manual, "Result Values From A Query": the text before its size.
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
      const auto size = static_cast<size_t>(sqlite3_column_bytes(statement_, column));
      row.push_back(text == nullptr ? std::string() : std::string(text, size));
    }
    return row;
  }

 private:
  sqlite3_stmt* statement_ = nullptr;
};

class SqliteDatabase : public StoreDatabase {
 public:
  explicit SqliteDatabase(std::string file) : file_(std::move(file)) {}
  ~SqliteDatabase() override { sqlite3_close(db_); }

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

  std::string Table(const std::string& name) const override { return name; }
  std::string ElementsOf(const std::string& parameter) const override {
    return fmt::format("SELECT value FROM json_each({})", parameter);
  }

  Result<StoreAnswer> Ask(const std::string& sql,
                          const std::vector<StoreParameter>& parameters) override {
    Statement statement(db_, sql);
    statement.Bind(parameters);
    StoreAnswer answer;
    int step = SQLITE_ROW;
    while ((step = statement.Step()) == SQLITE_ROW) answer.rows.push_back(statement.Row());
    if (step != SQLITE_DONE) return Failed("used").error();
    answer.changed = sqlite3_changes(db_);
    return answer;
  }

 private:
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
  int64_t IntegerOf(const std::string& sql) {
    Statement statement(db_, sql);
    return statement.Step() == SQLITE_ROW ? statement.Integer() : 0;
  }

  std::string file_;
  sqlite3* db_ = nullptr;
};

}  // namespace

Result<std::unique_ptr<Store>> OpenSqliteStore(const std::string& file) {
  auto database = std::make_unique<SqliteDatabase>(file);
  TRY(database->Open());
  return MakeStore(std::move(database));
}

}  // namespace ballast::serve
