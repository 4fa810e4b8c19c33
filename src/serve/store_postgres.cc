// SPDX-License-Identifier: Apache-2.0
#include "serve/store_postgres.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <mutex>
#include <optional>

#include "base/sqlstate.h"
#include "base/text.h"
#include "postgres/session.h"
#include "sql/quote.h"

namespace ballast::serve {
namespace {

using sql::QuoteLiteral;

constexpr char kPostgresTables[] = R"(
CREATE SCHEMA IF NOT EXISTS ballast_serve;
CREATE TABLE IF NOT EXISTS ballast_serve.runs (
  run text PRIMARY KEY, database text NOT NULL, command text NOT NULL, outcome text NOT NULL,
  started_at text NOT NULL, report text NOT NULL);
CREATE INDEX IF NOT EXISTS runs_started ON ballast_serve.runs (started_at);
CREATE INDEX IF NOT EXISTS runs_counted ON ballast_serve.runs (database, command, outcome);
CREATE TABLE IF NOT EXISTS ballast_serve.samples (
  database text NOT NULL, at bigint NOT NULL, ready boolean NOT NULL, reachable boolean NOT NULL,
  pending integer NOT NULL, drift integer NOT NULL, additions integer NOT NULL, took_ms integer NOT NULL,
  PRIMARY KEY (database, at));
)";

constexpr char kKeepWorst[] = R"(
ON CONFLICT (database, at) DO UPDATE SET
  ready = kept.ready AND excluded.ready, reachable = kept.reachable AND excluded.reachable,
  pending = greatest(kept.pending, excluded.pending), drift = greatest(kept.drift, excluded.drift),
  additions = greatest(kept.additions, excluded.additions),
  took_ms = greatest(kept.took_ms, excluded.took_ms))";

constexpr std::chrono::seconds kConnectTimeout{2};
constexpr std::chrono::seconds kPauseAfterFailure{2};
constexpr double kAnswerSeconds = 5;

int64_t IntegerOf(const postgres::Value& value) {
  int64_t number = 0;
  if (value) std::from_chars(value->data(), value->data() + value->size(), number);
  return number;
}

// PostgreSQL text cannot contain NUL.
std::string Literal(const std::string& text) {
  return QuoteLiteral(ReplaceAll(text, {"\0", 1}, ""));
}

class PostgresStore : public Store {
 public:
  explicit PostgresStore(postgres::Target target) : target_(std::move(target)) {}

  Status Open() {
    const std::scoped_lock lock(mutex_);
    TRY_ASSIGN(auto found, Ask("SELECT to_regclass('ballast_serve.samples') IS NOT NULL"));
    if (postgres::IsTrue(found.back().rows[0][0])) return {};
    TRY_ASSIGN(auto made, Ask(kPostgresTables));
    return {};
  }

  Result<bool> AddRun(const StoredRun& run) override {
    const std::scoped_lock lock(mutex_);
    TRY_ASSIGN(
        const auto results,
        Query(fmt::format("INSERT INTO ballast_serve.runs VALUES ({}, {}, {}, {}, {}, {}) ON "
                          "CONFLICT (run) DO UPDATE SET database = excluded.database WHERE "
                          "ballast_serve.runs.database = '' AND excluded.database <> ''",
                          Literal(run.run), Literal(run.database), Literal(run.command),
                          Literal(run.outcome), Literal(run.started_at), Literal(run.report))));
    return !results.back().command_tag.ends_with(" 0");
  }

  Status RemoveOthers(const std::vector<std::string>& databases) override {
    const std::scoped_lock lock(mutex_);
    TRY_ASSIGN(auto done, Query(fmt::format("UPDATE ballast_serve.runs SET database = '' WHERE "
                                            "database <> ALL ({}::text[]) AND database <> ''",
                                            sql::QuoteTextArray(databases))));
    return {};
  }

  Result<std::vector<StoredRun>> Runs(const RunQuery& query) override {
    const std::scoped_lock lock(mutex_);
    std::string where = "started_at >= " + Literal(query.since);
    if (!query.database.empty()) where += " AND database = " + Literal(query.database);
    if (!query.command.empty()) where += " AND command = " + Literal(query.command);
    if (!query.outcome.empty()) where += " AND outcome = " + Literal(query.outcome);
    TRY_ASSIGN(
        auto results,
        Query(fmt::format("SELECT run, database, command, outcome, started_at, report FROM "
                          "ballast_serve.runs WHERE {} AND report <> '' ORDER BY started_at DESC, "
                          "run LIMIT {}",
                          where, query.limit)));
    return RunsIn(results.back());
  }

  Result<std::vector<StoredRun>> RunList(int most) override {
    const std::scoped_lock lock(mutex_);
    TRY_ASSIGN(
        auto results,
        Query(fmt::format("SELECT run, database, command, outcome, started_at, '' FROM "
                          "ballast_serve.runs WHERE report <> '' ORDER BY started_at DESC, run "
                          "LIMIT {}",
                          most)));
    return RunsIn(results.back());
  }

  Result<std::vector<StoredRun>> RunsOf(const std::vector<std::string>& runs) override {
    const std::scoped_lock lock(mutex_);
    TRY_ASSIGN(auto results,
               Query(fmt::format("SELECT run, database, command, outcome, started_at, report FROM "
                                 "ballast_serve.runs WHERE run = ANY ({}::text[]) AND report <> ''",
                                 sql::QuoteTextArray(runs))));
    return RunsIn(results.back());
  }

  Result<std::vector<RunCount>> Counts() override {
    const std::scoped_lock lock(mutex_);
    TRY_ASSIGN(const auto results,
               Query("SELECT database, command, outcome, count(*) FROM ballast_serve.runs GROUP BY "
                     "1, 2, 3 ORDER BY 1, 2, 3"));
    std::vector<RunCount> counts;
    for (const auto& row : results.back().rows) {
      counts.push_back({row[0].value_or(""), row[1].value_or(""), row[2].value_or(""),
                        static_cast<uint64_t>(IntegerOf(row[3]))});
    }
    return counts;
  }

  Status AddSamples(const std::vector<Sample>& samples) override {
    const std::scoped_lock lock(mutex_);
    for (const Sample& s : samples) {
      TRY_ASSIGN(auto done,
                 Query(fmt::format("INSERT INTO ballast_serve.samples AS kept VALUES "
                                   "({}, {}, {}, {}, {}, {}, {}, {}){}",
                                   Literal(s.database), s.at, s.ready, s.reachable, s.pending,
                                   s.drift, s.additions, s.took_ms, kKeepWorst)));
    }
    return {};
  }

  Result<std::vector<Sample>> Samples(const std::string& database, int64_t since) override {
    const std::scoped_lock lock(mutex_);
    TRY_ASSIGN(const auto results,
               Query(fmt::format("SELECT * FROM (SELECT at, ready, reachable, pending, drift, "
                                 "additions, took_ms FROM ballast_serve.samples WHERE database = "
                                 "{} AND at >= {} ORDER BY at DESC LIMIT 2000) s ORDER BY at",
                                 Literal(database), since)));
    std::vector<Sample> samples;
    for (const auto& row : results.back().rows) {
      const auto number = [&](size_t column) { return static_cast<int>(IntegerOf(row[column])); };
      samples.push_back({database, IntegerOf(row[0]), postgres::IsTrue(row[1]),
                         postgres::IsTrue(row[2]), number(3), number(4), number(5), number(6)});
    }
    return samples;
  }

  Status Prune(int64_t before, int runs) override {
    const std::scoped_lock lock(mutex_);
    TRY_ASSIGN(auto done,
               Query(fmt::format("DELETE FROM ballast_serve.samples WHERE at < {}; UPDATE "
                                 "ballast_serve.runs SET report = '' WHERE report <> '' AND run IN "
                                 "(SELECT run FROM ballast_serve.runs ORDER BY started_at DESC "
                                 "OFFSET {})",
                                 before, runs)));
    return {};
  }

 private:
  static std::vector<StoredRun> RunsIn(postgres::Rows& rows) {
    std::vector<StoredRun> runs;
    for (auto& row : rows.rows) {
      runs.push_back({std::move(*row[0]), std::move(*row[1]), std::move(*row[2]),
                      std::move(*row[3]), std::move(*row[4]), std::move(*row[5])});
    }
    return runs;
  }

  // Tables that somebody has dropped meanwhile are created again.
  Result<std::vector<postgres::Rows>> Query(const std::string& sql) {
    auto results = Ask(sql);
    if (results) return results;
    const std::string state = results.error().Detail("sqlstate");
    if (state != sqlstate::kUndefinedTable && state != sqlstate::kInvalidSchemaName) return results;
    TRY_ASSIGN(auto made, Ask(kPostgresTables));
    return Ask(sql);
  }

  // After a failure, all calls fail for a while, so that many callers do not wait one after
  // another.
  Status Connect() {
    if (session_) return {};
    const auto now = std::chrono::steady_clock::now();
    if (no_connection_ && now < tries_again_) return *no_connection_;
    auto connected = postgres::Session::Connect(
        target_, {.application_name = "ballast serve store", .connect_timeout = kConnectTimeout});
    if (connected) {
      session_ = *std::move(connected);
      no_connection_.reset();
      return {};
    }
    no_connection_ = connected.error();
    tries_again_ = std::chrono::steady_clock::now() + kPauseAfterFailure;
    return *no_connection_;
  }

  // A lost connection is re-established once.
  Result<std::vector<postgres::Rows>> Ask(const std::string& sql) {
    for (const bool again : {true, false}) {
      const bool kept = session_.has_value();
      TRY(Connect());
      auto results = session_->Query(sql);
      if (results) return results;
      const bool lost = results.error().code == ErrorCode::kConnectionLost;
      if (lost) session_.reset();
      if (!lost || !kept || !again) return results;
    }
    return MakeError(ErrorCode::kConnectionLost, "the connection to the store was lost");
  }

  postgres::Target target_;
  std::optional<postgres::Session> session_;
  std::optional<Error> no_connection_;  // why the last attempt to connect failed
  std::chrono::steady_clock::time_point tries_again_;
  std::mutex mutex_;
};

}  // namespace

Result<std::unique_ptr<Store>> OpenPostgresStore(const std::string& url) {
  TRY_ASSIGN(postgres::Target target, postgres::ParseUrl(url, "--store"));
  target.socket_timeout_seconds = kAnswerSeconds;
  auto store = std::make_unique<PostgresStore>(std::move(target));
  TRY(store->Open());
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace ballast::serve
