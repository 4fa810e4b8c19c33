// SPDX-License-Identifier: Apache-2.0
#include "serve/store_postgres.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <optional>

#include "base/sqlstate.h"
#include "base/text.h"
#include "postgres/session.h"
#include "serve/store_sql.h"
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

constexpr std::chrono::seconds kConnectTimeout{2};
constexpr std::chrono::seconds kPauseAfterFailure{2};
constexpr double kAnswerSeconds = 5;

// PostgreSQL text cannot contain NUL.
std::string Literal(const std::string& text) {
  return QuoteLiteral(ReplaceAll(text, {"\0", 1}, ""));
}

// The statement with the parameters in place of ?1, ?2 and so on.
std::string WithParameters(std::string_view sql, const std::vector<StoreParameter>& parameters) {
  std::string filled;
  for (size_t mark = sql.find('?'); mark != sql.npos; mark = sql.find('?')) {
    filled += sql.substr(0, mark);
    const StoreParameter& parameter = parameters.at(static_cast<size_t>(sql[mark + 1] - '1'));
    const auto* number = std::get_if<int64_t>(&parameter);
    filled +=
        number != nullptr ? std::to_string(*number) : Literal(std::get<std::string>(parameter));
    sql.remove_prefix(mark + 2);
  }
  return filled.append(sql);
}

// "INSERT 0 1", "UPDATE 3"
int64_t ChangedBy(std::string_view command_tag) {
  const std::string_view text = command_tag.substr(command_tag.rfind(' ') + 1);
  int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

class PostgresDatabase : public StoreDatabase {
 public:
  explicit PostgresDatabase(postgres::Target target) : target_(std::move(target)) {}

  Status Open() {
    TRY_ASSIGN(auto found, Send("SELECT to_regclass('ballast_serve.samples') IS NOT NULL"));
    if (postgres::IsTrue(found.back().rows[0][0])) return {};
    TRY_ASSIGN(auto made, Send(kPostgresTables));
    return {};
  }

  std::string Table(const std::string& name) const override { return "ballast_serve." + name; }
  std::string ElementsOf(const std::string& parameter) const override {
    return fmt::format("SELECT json_array_elements_text({}::json)", parameter);
  }

  Result<StoreAnswer> Ask(const std::string& sql,
                          const std::vector<StoreParameter>& parameters) override {
    TRY_ASSIGN(auto results, Query(WithParameters(sql, parameters)));
    postgres::Rows& rows = results.back();
    StoreAnswer answer;
    answer.changed = ChangedBy(rows.command_tag);
    answer.rows.reserve(rows.rows.size());
    for (auto& row : rows.rows) {
      std::vector<std::string>& texts = answer.rows.emplace_back();
      for (postgres::Value& value : row) texts.push_back(std::move(value).value_or(""));
    }
    return answer;
  }

 private:
  // Tables that somebody has dropped meanwhile are created again.
  Result<std::vector<postgres::Rows>> Query(const std::string& sql) {
    auto results = Send(sql);
    if (results) return results;
    const std::string state = results.error().Detail("sqlstate");
    if (state != sqlstate::kUndefinedTable && state != sqlstate::kInvalidSchemaName) return results;
    TRY_ASSIGN(auto made, Send(kPostgresTables));
    return Send(sql);
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
  Result<std::vector<postgres::Rows>> Send(const std::string& sql) {
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
};

}  // namespace

Result<std::unique_ptr<Store>> OpenPostgresStore(const std::string& url) {
  TRY_ASSIGN(postgres::Target target, postgres::ParseUrl(url, "--store"));
  target.socket_timeout_seconds = kAnswerSeconds;
  auto database = std::make_unique<PostgresDatabase>(std::move(target));
  TRY(database->Open());
  return MakeStore(std::move(database));
}

}  // namespace ballast::serve
