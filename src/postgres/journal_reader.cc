// SPDX-License-Identifier: Apache-2.0
#include "postgres/journal_reader.h"

#include <fmt/format.h>

#include <cstdlib>
#include <string_view>

#include "postgres/journal.h"
#include "sql/quote.h"

namespace ballast::postgres {
namespace {

using sql::QuoteLiteral;

// Runs with journal entries but without a row: from an older version or from psql. A run that began
// a step outside a transaction and neither finished nor failed was killed. Only steps show how long
// a run took.
constexpr char kJournalRuns[] = R"(
SELECT max(at) AS at, (array_agg(actor ORDER BY sequence DESC))[1] AS actor,
       '' AS target_schema, (array_agg(release ORDER BY sequence DESC))[1] AS release,
       (array_agg(strategy ORDER BY sequence DESC))[1] AS strategy,
       CASE WHEN bool_or(event IN ('deployed', 'converted')) THEN 'done'
            WHEN bool_or(event = 'step_failed') THEN 'partial' ELSE 'interrupted' END AS outcome,
       json_build_object(
         'run', deployment, 'command', coalesce((array_agg(subject ORDER BY sequence DESC)
            FILTER (WHERE event = 'deployed' AND subject IN ('repair', 'rollback')))[1], 'deploy'),
         'started_at', to_char(min(at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
         'duration_ms', CASE WHEN bool_or(event = 'step_started')
            THEN nullif(round((date_part('epoch', max(at) - min(at)) * 1000)::numeric, 3), 0) END,
         'entries', json_agg(json_build_array(event, subject, detail) ORDER BY sequence)
            FILTER (WHERE event IN ('deployed', 'step_finished')),
         'outcome', CASE WHEN bool_or(event IN ('deployed', 'converted')) THEN 'done'
            WHEN bool_or(event = 'step_failed') THEN 'partial' ELSE 'interrupted' END,
         'error', CASE WHEN bool_or(event = 'step_failed') AND NOT bool_or(event = 'deployed')
            THEN json_build_object('code', 'B701', 'message',
                   (array_agg(detail ORDER BY sequence DESC) FILTER (WHERE event = 'step_failed'))[1])
            END,
         'strategy', (array_agg(strategy ORDER BY sequence DESC))[1],
         'release', nullif((array_agg(release ORDER BY sequence DESC))[1], ''),
         'fingerprint', json_build_object(
            'actual', nullif((array_agg(fingerprint ORDER BY sequence DESC))[1], ''))) AS report,
       NULL::json AS measured, NULL::double precision AS duration_ms
  FROM ballast.journal j
 WHERE {}
 GROUP BY deployment)";

constexpr char kOwnRuns[] =
    "SELECT at, actor, target_schema, release, strategy, outcome, report, measured, duration_ms\n"
    "  FROM ballast.runs";

std::string SelectSql(const RunFilter& filter, bool has_journal, bool has_runs) {
  std::string from = has_runs ? kOwnRuns : "";
  if (has_journal) {
    if (has_runs) from += "\nUNION ALL";
    from += fmt::format(
        fmt::runtime(kJournalRuns),
        has_runs ? "NOT EXISTS (SELECT FROM ballast.runs r WHERE r.run = j.deployment)" : "true");
  }
  std::string where = "true";
  if (!filter.since.empty()) {
    where += fmt::format(" AND at >= {}::timestamptz", QuoteLiteral(filter.since));
  }
  // "v1.0.0" may be written as "1.0.0".
  if (!filter.release.empty()) {
    where += fmt::format(" AND {0} IN (release, regexp_replace(release, '^v', ''))",
                         QuoteLiteral(filter.release));
  }
  if (!filter.strategy.empty()) where += " AND strategy = " + QuoteLiteral(filter.strategy);
  if (!filter.schema.empty()) {
    where += fmt::format(" AND target_schema IN ('', {})", QuoteLiteral(filter.schema));
  }
  if (filter.failures) where += " AND outcome NOT IN ('done', 'nothing')";
  return fmt::format(
      "SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'), actor, "
      "report::text, measured::text, duration_ms::text\n  FROM ({}) run\n WHERE {}\n ORDER BY at "
      "DESC{}",
      from, where, filter.limit > 0 ? fmt::format(" LIMIT {}", filter.limit) : "");
}

}  // namespace

Result<std::vector<JournalRun>> ReadRuns(Session& session, const RunFilter& filter) {
  TRY_ASSIGN(const auto tables, session.Query("SELECT to_regclass('ballast.journal') IS NOT NULL, "
                                              "to_regclass('ballast.runs') IS NOT NULL"));
  const auto& exists = tables.back().rows.at(0);
  const bool has_journal = IsTrue(exists[0]);
  const bool has_runs = IsTrue(exists[1]);
  std::vector<JournalRun> runs;
  if (!has_journal && !has_runs) return runs;
  TRY_ASSIGN(const auto rows, session.Query(SelectSql(filter, has_journal, has_runs)));
  runs.reserve(rows.back().rows.size());
  for (const std::vector<Value>& row : rows.back().rows) {
    JournalRun run{row[0].value_or(""), row[1].value_or(""), row[2].value_or(""), row[3], {}};
    if (row[4]) run.duration_ms = std::strtod(row[4]->c_str(), nullptr);
    runs.push_back(std::move(run));
  }
  return runs;
}

Result<bool> HasEnded(Session& session, const std::string& run) {
  TRY_ASSIGN(const Value ended,
             session.QueryValue(fmt::format(
                 "SELECT EXISTS (SELECT FROM ballast.journal WHERE deployment = {} AND event = {})",
                 QuoteLiteral(run), QuoteLiteral(NameOf(JournalEvent::kDeployed)))));
  return IsTrue(ended);
}

}  // namespace ballast::postgres
