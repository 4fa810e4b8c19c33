// SPDX-License-Identifier: Apache-2.0
#include "serve/store_sql.h"

#include <charconv>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"

namespace ballast::serve {
namespace {

int64_t IntegerOf(const std::string& text) {
  int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string ArrayOf(const std::vector<std::string>& texts) {
  return nlohmann::json(texts).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

class SqlStore : public Store {
 public:
  explicit SqlStore(std::unique_ptr<StoreDatabase> database) : database_(std::move(database)) {}

  Result<bool> AddRun(const StoredRun& run) override {
    TRY_ASSIGN(
        const StoreAnswer answer,
        Ask("INSERT INTO @runs AS kept (run, database, command, outcome, started_at, report) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (run) DO UPDATE SET database = "
            "excluded.database WHERE kept.database = '' AND excluded.database <> ''",
            {run.run, run.database, run.command, run.outcome, run.started_at, run.report}));
    return answer.changed > 0;
  }

  Status RemoveOthers(const std::vector<std::string>& databases) override {
    return Run("UPDATE @runs SET database = '' WHERE database <> '' AND database NOT IN (" +
                   database_->ElementsOf("?1") + ")",
               {ArrayOf(databases)});
  }

  Result<std::vector<StoredRun>> Runs(const RunQuery& query) override {
    return RunsOfQuery(
        "SELECT run, database, command, outcome, started_at, report FROM @runs WHERE (?1 = '' OR "
        "database = ?1) AND (?2 = '' OR command = ?2) AND started_at >= ?3 AND (?5 = '' OR outcome "
        "= ?5) AND report <> '' ORDER BY started_at DESC, run LIMIT ?4",
        {query.database, query.command, query.since, int64_t{query.limit}, query.outcome});
  }

  Result<std::vector<StoredRun>> RunList(int most) override {
    return RunsOfQuery(
        "SELECT run, database, command, outcome, started_at, '' FROM @runs WHERE report <> '' "
        "ORDER "
        "BY started_at DESC, run LIMIT ?1",
        {int64_t{most}});
  }

  Result<std::vector<StoredRun>> RunsOf(const std::vector<std::string>& runs) override {
    return RunsOfQuery(
        "SELECT run, database, command, outcome, started_at, report FROM @runs WHERE run IN (" +
            database_->ElementsOf("?1") + ") AND report <> ''",
        {ArrayOf(runs)});
  }

  Result<std::vector<RunCount>> Counts() override {
    TRY_ASSIGN(StoreAnswer answer,
               Ask("SELECT database, command, outcome, count(*) FROM @runs GROUP "
                   "BY 1, 2, 3 ORDER BY 1, 2, 3",
                   {}));
    std::vector<RunCount> counts;
    counts.reserve(answer.rows.size());
    for (auto& row : answer.rows) {
      counts.push_back({std::move(row[0]), std::move(row[1]), std::move(row[2]),
                        static_cast<uint64_t>(IntegerOf(row[3]))});
    }
    return counts;
  }

  // Each is a transaction of its own.
  Status AddSamples(const std::vector<Sample>& samples) override {
    for (const Sample& s : samples) {
      TRY(Run(
          "INSERT INTO @samples AS kept (database, at, ready, reachable, pending, drift, "
          "additions, took_ms) VALUES (?1, ?2, ?3 = 1, ?4 = 1, ?5, ?6, ?7, ?8) ON CONFLICT "
          "(database, at) DO UPDATE SET ready = kept.ready AND excluded.ready, reachable = "
          "kept.reachable AND excluded.reachable, pending = CASE WHEN excluded.pending > "
          "kept.pending THEN excluded.pending ELSE kept.pending END, drift = CASE WHEN "
          "excluded.drift > kept.drift THEN excluded.drift ELSE kept.drift END, additions = CASE "
          "WHEN excluded.additions > kept.additions THEN excluded.additions ELSE kept.additions "
          "END, took_ms = CASE WHEN excluded.took_ms > kept.took_ms THEN excluded.took_ms ELSE "
          "kept.took_ms END",
          {s.database, s.at, int64_t{s.ready}, int64_t{s.reachable}, int64_t{s.pending},
           int64_t{s.drift}, int64_t{s.additions}, int64_t{s.took_ms}}));
    }
    return {};
  }

  Result<std::vector<Sample>> Samples(const std::string& database, int64_t since) override {
    TRY_ASSIGN(
        const StoreAnswer answer,
        Ask("SELECT at, CASE WHEN ready THEN 1 ELSE 0 END, CASE WHEN reachable THEN 1 ELSE 0 END, "
            "pending, drift, additions, took_ms FROM (SELECT * FROM @samples WHERE database = ?1 "
            "AND at >= ?2 ORDER BY at DESC LIMIT 2000) newest ORDER BY at",
            {database, since}));
    std::vector<Sample> samples;
    samples.reserve(answer.rows.size());
    for (const auto& row : answer.rows) {
      const auto number = [&](size_t column) { return static_cast<int>(IntegerOf(row[column])); };
      samples.push_back({database, IntegerOf(row[0]), number(1) != 0, number(2) != 0, number(3),
                         number(4), number(5), number(6)});
    }
    return samples;
  }

  Status Prune(int64_t before, int runs) override {
    TRY(Run("DELETE FROM @samples WHERE at < ?1", {before}));
    return Run(
        "UPDATE @runs SET report = '' WHERE report <> '' AND run NOT IN (SELECT run FROM @runs "
        "ORDER BY started_at DESC LIMIT ?1)",
        {int64_t{runs}});
  }

 private:
  Result<StoreAnswer> Ask(const std::string& sql, const std::vector<StoreParameter>& parameters) {
    const std::scoped_lock lock(mutex_);
    return database_->Ask(ReplaceAll(ReplaceAll(sql, "@runs", database_->Table("runs")), "@samples",
                                     database_->Table("samples")),
                          parameters);
  }

  Status Run(const std::string& sql, const std::vector<StoreParameter>& parameters) {
    TRY_ASSIGN(const StoreAnswer answer, Ask(sql, parameters));
    static_cast<void>(answer);
    return {};
  }

  Result<std::vector<StoredRun>> RunsOfQuery(const std::string& sql,
                                             const std::vector<StoreParameter>& parameters) {
    TRY_ASSIGN(StoreAnswer answer, Ask(sql, parameters));
    std::vector<StoredRun> runs;
    runs.reserve(answer.rows.size());
    for (auto& row : answer.rows) {
      runs.push_back({std::move(row[0]), std::move(row[1]), std::move(row[2]), std::move(row[3]),
                      std::move(row[4]), std::move(row[5])});
    }
    return runs;
  }

  std::unique_ptr<StoreDatabase> database_;
  std::mutex mutex_;
};

}  // namespace

std::unique_ptr<Store> MakeStore(std::unique_ptr<StoreDatabase> database) {
  return std::make_unique<SqlStore>(std::move(database));
}

}  // namespace ballast::serve
