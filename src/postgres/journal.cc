// SPDX-License-Identifier: Apache-2.0
#include "postgres/journal.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "postgres/migrations_table.h"
#include "sql/quote.h"

namespace ballast::postgres {
namespace {

using sql::QuoteLiteral;

constexpr auto kReplace = nlohmann::json::error_handler_t::replace;

// ASCII only, so that any database can store it in its encoding.
std::string InAscii(const std::string& json) {
  return nlohmann::ordered_json::parse(json).dump(-1, ' ', true,
                                                  nlohmann::ordered_json::error_handler_t::replace);
}

std::string ReportOf(const RunRow& row) {
  const std::string json = QuoteLiteral(InAscii(row.report));
  if (!row.starts_later) return json;
  return fmt::format(
      "pg_catalog.jsonb_set({}, '{{started_at}}', pg_catalog.to_jsonb(pg_catalog.to_char("
      "pg_catalog.now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')))::json",
      json);
}

std::string RunInsert(const RunRow& row, const std::string& duration, const std::string& measured) {
  return fmt::format(
      "INSERT INTO ballast.runs (run, target_schema, command, strategy, release, outcome, code, "
      "duration_ms, report, measured) VALUES\n({}, {}, {}, {}, {}, {}, {}, {}, {}, {})\n"
      "ON CONFLICT DO NOTHING;\n",
      QuoteLiteral(row.run), QuoteLiteral(row.schema), QuoteLiteral(row.command),
      QuoteLiteral(row.strategy), QuoteLiteral(row.release), QuoteLiteral(row.outcome),
      QuoteLiteral(row.code), duration, ReportOf(row), measured);
}

// The timeout applies to this statement only. A script can have hidden warnings.
std::string WarnsIfRefused(const std::string& insert) {
  const std::string body = fmt::format(
      "DECLARE usual text := pg_catalog.current_setting('lock_timeout');\n"
      "reason text;\n"
      "BEGIN\n"
      "BEGIN\n"
      "PERFORM pg_catalog.set_config('lock_timeout', '1s', true);\n"
      "{}"
      "PERFORM pg_catalog.set_config('lock_timeout', usual, true);\n"
      "EXCEPTION WHEN lock_not_available THEN\n"
      "reason := 'another session holds a lock on ballast.runs';\n"
      "WHEN OTHERS THEN\n"
      "reason := SQLERRM;\n"
      "END;\n"
      "IF reason IS NOT NULL THEN\n"
      "PERFORM pg_catalog.set_config('client_min_messages', 'warning', true);\n"
      "RAISE WARNING USING MESSAGE = pg_catalog.concat({}, reason);\n"
      "END IF;\n"
      "END",
      insert, QuoteLiteral(kRunNotRecorded));
  return fmt::format("DO {};\n", QuoteLiteral(body));
}

}  // namespace

std::string_view NameOf(JournalEvent event) {
  switch (event) {
    case JournalEvent::kDeployed:
      return "deployed";
    case JournalEvent::kStepStarted:
      return "step_started";
    case JournalEvent::kStepFinished:
      return "step_finished";
    case JournalEvent::kStepFailed:
      return "step_failed";
    case JournalEvent::kStepResumed:
      return "step_resumed";
    case JournalEvent::kStatementFinished:
      return "statement_finished";
  }
  return "";
}

std::string CreateJournalSql() {
  return R"(CREATE SCHEMA IF NOT EXISTS ballast;
CREATE TABLE IF NOT EXISTS ballast.journal (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor text NOT NULL DEFAULT current_user,
    deployment uuid NOT NULL,
    event text NOT NULL,
    subject text NOT NULL,
    strategy text NOT NULL,
    release text NOT NULL,
    baseline_checksum text NOT NULL,
    older_baselines text[] NOT NULL,
    fingerprint text NOT NULL,
    detail text NOT NULL
);
)";
}

std::string InsertJournalSql(const JournalContext& run, const JournalEntry& entry) {
  return fmt::format(
      "INSERT INTO ballast.journal (deployment, event, subject, strategy, release, "
      "baseline_checksum, older_baselines, fingerprint, detail) VALUES\n"
      "({}, {}, {}, {}, {}, {}, {}, {}, {});\n",
      QuoteLiteral(run.deployment), QuoteLiteral(NameOf(entry.event)), QuoteLiteral(entry.subject),
      QuoteLiteral(run.strategy ? plan::NameOf(*run.strategy) : ""),
      QuoteLiteral(run.release.version), QuoteLiteral(run.release.baseline_checksum),
      sql::QuoteTextArray(run.release.older_baselines), QuoteLiteral(run.fingerprint),
      QuoteLiteral(entry.detail));
}

std::string CreateRunsSql() {
  return R"(CREATE TABLE IF NOT EXISTS ballast.runs (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run uuid NOT NULL UNIQUE,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor text NOT NULL DEFAULT current_user,
    target_schema text NOT NULL,
    command text NOT NULL,
    strategy text NOT NULL,
    release text NOT NULL,
    outcome text NOT NULL,
    code text NOT NULL,
    duration_ms double precision NOT NULL,
    report json NOT NULL,
    measured json
);
)";
}

std::string InsertRunSql(const RunRow& row) {
  return RunInsert(row, std::to_string(row.duration_ms), "NULL");
}

std::string BeginUnrecordedSql() {
  return "SELECT pg_catalog.set_config('ballast.began', pg_catalog.date_part('epoch', "
         "pg_catalog.clock_timestamp())::text, false);\n";
}

// A script can reset all settings.
std::string EndUnrecordedSql(std::string_view name) {
  const std::string head = fmt::format(R"(,{{"name":{},"duration_ms":)",
                                       nlohmann::json(name).dump(-1, ' ', true, kReplace));
  return fmt::format(
      "SELECT pg_catalog.set_config('ballast.times', pg_catalog.concat("
      "pg_catalog.current_setting('ballast.times', true), {},\n"
      "  coalesce(pg_catalog.round(((pg_catalog.date_part('epoch', pg_catalog.clock_timestamp()) - "
      "nullif(pg_catalog.current_setting('ballast.began', true), '')::double precision) * "
      "1000)::numeric, 3), 0), '}}'), false);\n",
      QuoteLiteral(head));
}

// In a message with several transactions now() is later; in a transaction of several messages
// statement_timestamp() is. Names are qualified, because users can have functions of the same name.
std::string InsertRunInTransactionSql(const RunRow& row, const std::vector<std::string>& migrations,
                                      bool has_plpgsql) {
  constexpr std::string_view kSince =
      "pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - "
      "least(pg_catalog.now(), pg_catalog.statement_timestamp())) * 1000";
  constexpr std::string_view kTook =
      "pg_catalog.round((pg_catalog.date_part('epoch', finished_at - started_at) * 1000)::numeric, "
      "3)";
  const std::string times = fmt::format(
      "(SELECT pg_catalog.json_agg(pg_catalog.json_build_object('name', migration_name, "
      "'duration_ms', {})\n    ORDER BY started_at)\n  FROM {}\n  WHERE finished_at IS NOT NULL "
      "AND rolled_back_at IS NULL AND migration_name IN (SELECT "
      "pg_catalog.unnest({}::text[])))",
      kTook, QualifiedMigrationsTable(row.schema), sql::QuoteTextArray(migrations));
  const std::string insert = RunInsert(
      row, fmt::format("{} + {}", row.duration_ms, kSince),
      fmt::format("pg_catalog.json_build_object('apply_ms', pg_catalog.round(({} + {})::numeric, "
                  "3), 'migrations', {},\n 'unrecorded', ('[' || pg_catalog.ltrim("
                  "pg_catalog.current_setting('ballast.times', true), ',') || ']')::json)",
                  row.apply_ms, kSince, times));
  return has_plpgsql ? WarnsIfRefused(insert) : insert;
}

std::optional<std::string> RunNotRecorded(const std::vector<std::string>& notices) {
  for (const std::string& notice : notices) {
    const size_t at = notice.find(kRunNotRecorded);
    if (at != std::string::npos) return notice.substr(at);
  }
  return std::nullopt;
}

std::string NoteReleaseSql(std::string_view schema, const plan::JournalRelease& release) {
  const nlohmann::json note = {
      {"ballast", {release.version, release.baseline_checksum, release.older_baselines}}};
  const std::string table = QuoteLiteral(QualifiedMigrationsTable(schema));
  const std::string body = fmt::format(
      "DECLARE usual text := pg_catalog.current_setting('lock_timeout');\n"
      "had text := pg_catalog.obj_description({0}::pg_catalog.regclass, 'pg_class');\n"
      "noted text := pg_catalog.concat_ws(E'\\n', (SELECT pg_catalog.string_agg(line, E'\\n' ORDER "
      "BY place)\n  FROM pg_catalog.unnest(pg_catalog.string_to_array(had, E'\\n')) WITH "
      "ORDINALITY AS lines(line, place)\n  WHERE NOT pg_catalog.starts_with(line, {1})), {2});\n"
      "BEGIN\n"
      "IF noted IS NOT DISTINCT FROM had THEN RETURN; END IF;\n"
      "PERFORM pg_catalog.set_config('lock_timeout', '1s', true);\n"
      "EXECUTE pg_catalog.format('COMMENT ON TABLE %s IS %L', {0}, noted);\n"
      "PERFORM pg_catalog.set_config('lock_timeout', usual, true);\n"
      "EXCEPTION WHEN OTHERS THEN NULL;\n"
      "END",
      table, QuoteLiteral(kNoteBegins), QuoteLiteral(note.dump(-1, ' ', true)));
  return fmt::format("DO {};\n", QuoteLiteral(body));
}

}  // namespace ballast::postgres
