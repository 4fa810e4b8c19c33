// SPDX-License-Identifier: Apache-2.0
#include "postgres/observe.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "base/duration.h"
#include "base/interruption.h"
#include "base/sqlstate.h"
#include "base/text.h"
#include "catalog/own_schemas.h"
#include "plan/script_settings.h"
#include "postgres/deployment_lock.h"
#include "postgres/lock_holders.h"
#include "postgres/migrations_table.h"
#include "postgres/observe_json.h"
#include "postgres/pooler.h"
#include "postgres/session_settings.h"
#include "sql/quote.h"

namespace ballast::postgres {
namespace {

using sql::QuoteIdentifier;
using sql::QuoteLiteral;

// A snapshot older than the lock would show the database before the other deployment, so each
// statement takes its own snapshot, regardless of the role's default.
constexpr std::string_view kFreshSnapshots = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED;\n";

// Settings hold for the session only on a condition, and otherwise for this message: behind a
// pooler they would remain in a session that others use next.
std::string SettingsSql(const Target& target, const ObserveOptions& options,
                        const std::string& condition) {
  std::vector<std::string> settings;
  const auto set = [&](const std::string& name, const std::string& value, bool only_here) {
    settings.push_back(fmt::format("set_config({}, {}, {})", QuoteLiteral(name),
                                   QuoteLiteral(value),
                                   only_here ? "true" : "NOT (" + condition + ")"));
  };
  for (const SessionSetting& setting : SessionSettings(target, options)) {
    const bool is_timeout = setting.name != "search_path";
    set(setting.name, setting.value, is_timeout && options.timeouts_end_with_observation);
  }
  // Comparing can take ballast longer than a session may be idle. Servers before 14 lack the
  // setting.
  settings.push_back(
      "CASE WHEN current_setting('idle_session_timeout', true) <> '0' THEN\n"
      "  set_config('idle_session_timeout', '0', NOT (" +
      condition + ")) END");
  return "SELECT pg_catalog.concat(" + Join(settings, ", ") + ");\n";
}

// Both keys or neither, so that a failed attempt holds no lock.
std::string LockSql(const std::string& condition) {
  return fmt::format(
      "SELECT CASE WHEN NOT ({2}) THEN 'pooled' WHEN pg_try_advisory_lock({0}) THEN\n"
      "  CASE WHEN pg_try_advisory_lock({1}) THEN 'held'\n"
      "       WHEN pg_advisory_unlock({0}) THEN 'busy' ELSE 'busy' END\n"
      "  ELSE 'busy' END;\n",
      kPrismaLockKey, kBallastLockKey, condition);
}

std::string SessionSql(const std::string& condition) {
  return "SELECT CASE WHEN " + condition + " THEN 'held' ELSE 'pooled' END;\n";
}

// Optional parts are read with query_to_xml, which takes its query as text: a part that is not
// needed is not planned, and a table that may not exist can be named. The text of `what`, a JSON
// expression, is base64 in the element <d>.
std::string AsPayload(std::string_view what) {
  return fmt::format(
      "SELECT translate(encode(convert_to(({})::text, 'UTF8'), 'base64'), E'\\n', '') AS d", what);
}

constexpr std::string_view kRows = R"(coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(
      migration_name, checksum, finished_at IS NOT NULL, rolled_back_at IS NOT NULL,
      coalesce(applied_steps_count, 0),
      CASE WHEN finished_at IS NULL AND rolled_back_at IS NULL
           THEN to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS "UTC"') END,
      CASE WHEN finished_at IS NULL AND rolled_back_at IS NULL THEN left(logs, 8000) END)
      ORDER BY started_at), '[]'))";

// Whether a row counts as applied (plan::MigrationRow) is in the element <live>, and the seconds
// since the last one finished in <since>.
std::string RowsSql() {
  return fmt::format(
      "CASE WHEN pg_table IS NULL THEN NULL ELSE query_to_xml(pg_catalog.format($look${},\n"
      "  bool_or(rolled_back_at IS NULL) AS live, date_part('epoch', clock_timestamp() -\n"
      "  max(finished_at) FILTER (WHERE isfinite(finished_at))) AS since FROM %s$look$,\n"
      "  pg_table), true, true, '')::text END",
      AsPayload(kRows));
}

// The last journal entry of the release whose baseline is recorded in this schema (several schemas
// can have a release each), and what happened last to the step outside a transaction that began the
// open row. The transaction that inserts the row also inserts the step's entry, and the deployment
// lock lets no other step of that name begin in between.
std::string JournalSql() {
  constexpr std::string_view entries = R"(pg_catalog.json_build_array(
      (SELECT pg_catalog.json_build_array(release, baseline_checksum, older_baselines) FROM ballast.journal
        WHERE release <> '' AND baseline_checksum IN
          (SELECT checksum FROM %1$s WHERE migration_name = '0_baseline' AND rolled_back_at IS NULL)
        ORDER BY sequence DESC LIMIT 1),
      (SELECT pg_catalog.json_build_array(later.event, later.subject)
         FROM (SELECT j.deployment, j.subject, j.sequence
                 FROM %1$s r JOIN ballast.journal j ON j.subject = r.migration_name
                WHERE r.finished_at IS NULL AND r.rolled_back_at IS NULL
                  AND j.event = 'step_started' AND j.at >= r.started_at
                ORDER BY j.sequence LIMIT 1) begun
         JOIN ballast.journal later ON later.deployment = begun.deployment
          AND later.subject = begun.subject AND later.sequence >= begun.sequence
        WHERE later.event LIKE E'step\\_%%' ORDER BY later.sequence DESC LIMIT 1)))";
  return fmt::format(
      "CASE WHEN journal.readable IS NOT TRUE OR pg_table IS NULL THEN NULL ELSE\n"
      "  query_to_xml(pg_catalog.format($look${}$look$, pg_table), true, true, '')::text END",
      AsPayload(entries));
}

// The comment on the migrations table, in which a deploy has noted its release (NoteReleaseSql).
constexpr char kNoteSql[] = "obj_description(pg_table, 'pg_class')";

// Converts quoted names to names as in the catalog.
std::vector<std::string> Unquoted(std::vector<std::string> names) {
  for (std::string& name : names) std::erase(name, '"');
  return names;
}

// Tables that make a database not fresh, read if no row counts as applied: Prisma's rule
// (prisma-engines schema-engine/connectors/sql-schema-connector/src/sql_migration_persistence.rs),
// without objects of extensions, which belong to the platform. Then whether anything else exists
// that could affect a deploy: extensions, event triggers, and the schemas with objects. Then
// whether anything exists outside of the target schemas (Observation::has_outside).
std::string ObjectsSql(const std::vector<std::string>& provided) {
  constexpr std::string_view objects = R"(pg_catalog.json_build_array(count(*),
      coalesce(pg_catalog.json_agg(object ORDER BY object) FILTER (WHERE place <= 20), '[]'),
      count(*) > 0
      OR EXISTS (SELECT FROM pg_event_trigger)
      OR EXISTS (SELECT FROM pg_extension WHERE extname <> 'plpgsql'),
      (SELECT coalesce(pg_catalog.json_agg(n.nspname), '[]') FROM pg_namespace n
        WHERE EXISTS (SELECT FROM pg_depend d
                       WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = n.oid
                         AND d.deptype = 'n' AND d.objid >= 16384)),
      EXISTS (SELECT FROM pg_publication) OR EXISTS (SELECT FROM pg_default_acl)
      OR EXISTS (SELECT FROM pg_language WHERE oid >= 16384)
      OR EXISTS (SELECT FROM pg_foreign_data_wrapper)
      OR EXISTS (SELECT FROM pg_subscription s JOIN pg_database b ON b.oid = s.subdbid
                  WHERE b.datname = current_database())
      OR EXISTS (SELECT FROM pg_namespace n WHERE n.oid >= 16384 AND n.nspname <> %3$L
                   AND n.nspname <> 'public' AND (n.nspname = ANY (%1$L::text[])) IS NOT TRUE
                   AND n.nspname NOT IN ({}) AND n.nspname !~ '^pg_'
                   AND 'schema ' || n.nspname <> ALL (%2$L::text[]))))";
  constexpr std::string_view found = R"(
SELECT object, row_number() OVER (ORDER BY object) AS place FROM (
  SELECT 'table ' || quote_ident(c.relname) AS object
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = ANY (%1$L::text[]) AND c.relkind = 'r' AND c.relname <> '_prisma_migrations'
   AND lower(c.relname) NOT IN ('spatial_ref_sys', 'geometry_columns', 'geography_columns',
                                'raster_columns', 'raster_overviews')
   AND NOT EXISTS (SELECT FROM pg_depend e
                    WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid
                      AND e.deptype = 'e')
   AND NOT (c.relname = ANY (%2$L::text[]) AND n.nspname = %3$L
            OR n.nspname || '.' || c.relname = ANY (%2$L::text[])
            OR 'schema ' || n.nspname = ANY (%2$L::text[]))) named)";
  return fmt::format(
      "CASE WHEN history.xml LIKE '%<live>true</live>%' THEN NULL ELSE\n"
      "  query_to_xml(pg_catalog.format($look${} FROM ({}) found$look$, counted, {}, schema), "
      "true, true, '')::text END",
      AsPayload(fmt::format(objects, catalog::kOwnSchemas)), found,
      sql::QuoteTextArray(Unquoted(provided)));
}

// Missing privileges on the two tables that a deploy writes to, as pairs of what GRANT names.
constexpr char kMissingPrivilegesSql[] = R"(
(SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(what, object)
    ORDER BY what, object), '[]') FROM (
  SELECT what, pg_table::text AS object FROM unnest(ARRAY['INSERT', 'UPDATE', 'DELETE']) what
   WHERE pg_table IS NOT NULL AND NOT has_table_privilege(pg_table, what)
  UNION ALL SELECT 'USAGE', 'SCHEMA ballast' WHERE NOT journal.usable
  UNION ALL SELECT 'INSERT', 'ballast.journal' WHERE NOT journal.writable
  UNION ALL SELECT 'INSERT', 'ballast.runs' WHERE NOT journal.writable AND NOT runs.writable)
  missing))";

// The journal's table of runs, as a part of WITH.
constexpr char kRunsSql[] = R"(runs AS (SELECT count(*) > 0 AS there,
    bool_and(has_schema_privilege(n.oid, 'USAGE') AND
    has_table_privilege(c.oid, 'INSERT')) AS writable,
    (SELECT has_schema_privilege(s.oid, 'CREATE') FROM pg_namespace s
      WHERE s.nspname = 'ballast') AS creatable
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'ballast' AND c.relname = 'runs'))";

// Whether the migrations table has something that can change or refuse its rows. The table that
// Prisma makes has eight columns, and one index.
constexpr char kAlteredTableSql[] = R"(
coalesce((SELECT c.relkind <> 'r' OR c.relhastriggers OR c.relhasrules OR c.relrowsecurity
    OR c.relchecks > 0 OR c.relnatts <> 8
    OR (SELECT count(*) FROM pg_index i WHERE i.indrelid = c.oid) > 1
  FROM pg_class c WHERE c.oid = pg_table), false))";

// Left by failed concurrent builds, without those that are being built.
std::string InvalidIndexesSql() {
  constexpr std::string_view indexes =
      "coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(n.nspname, c.relname)\n"
      " ORDER BY n.nspname, c.relname), "
      "'[]')";
  constexpr std::string_view found = R"(
   FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
   JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE NOT i.indisvalid AND c.relkind = 'i'
    AND NOT EXISTS (SELECT 1 FROM pg_stat_progress_create_index p
                     WHERE p.index_relid = i.indexrelid))";
  return fmt::format(
      "CASE WHEN EXISTS (SELECT FROM pg_index WHERE NOT indisvalid) THEN\n"
      "  query_to_xml($look${}{}$look$, true, true, '')::text END",
      AsPayload(indexes), found);
}

// The schema that an unqualified name of the migrations table leads to, which is how Prisma reads
// and writes it. Without USAGE on a schema, the server passes over it.
constexpr char kSchemaOfRowsSql[] =
    "(SELECT n.nspname FROM pg_catalog.pg_class c\n"
    "   JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace\n"
    "  WHERE c.oid = to_regclass('_prisma_migrations')\n"
    "    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema')";

// The target schema and the current one, unless the URL names one. The current one is the first
// existing schema of the search_path; NULL if none of a user's exists. The rows are then looked for
// in public, as Prisma does, and a deploy with scripts is refused.
std::string TargetSchemaSql(const Target& target) {
  if (!target.schema.empty()) {
    const std::string name = QuoteLiteral(target.schema);
    return fmt::format("SELECT {0} AS schema, {0} AS current", name);
  }
  return fmt::format(
      "SELECT coalesce({}, current) AS schema, current FROM (SELECT (SELECT s\n"
      "    FROM current_schema() s WHERE s !~ '^pg_' AND s <> 'information_schema') AS current) s",
      kSchemaOfRowsSql);
}

// The search_path, if public has the migrations table, and the session's names do not lead to it:
// whether to continue there or to begin elsewhere is not ballast's to decide, and Prisma stops,
// too.
std::string PathWithoutRowsSql(const Target& target) {
  if (!target.schema.empty()) return "NULL";
  return "CASE WHEN pg_table IS NULL AND schema <> 'public' AND EXISTS (SELECT FROM pg_class c\n"
         "    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public'\n"
         "     AND c.relname = '_prisma_migrations' AND c.relkind = 'r')\n"
         "   THEN current_setting('search_path') END";
}

// The sources are read only where a value differs, because pg_settings lists all settings.
std::string ScriptSettingsSql() {
  return fmt::format(
      "(SELECT coalesce(json_agg(json_build_array(v.name, s.setting, v.proven, s.source,\n"
      "    v.of_values) ORDER BY v.name), '[]')\n"
      "  FROM (SELECT v.* FROM (VALUES {}) AS v(name, proven, of_values)\n"
      "    WHERE current_setting(v.name, true) <> v.proven OFFSET 0) AS v, LATERAL (\n"
      "    SELECT p.setting, p.source FROM pg_settings p WHERE p.name = v.name) AS s\n"
      "  WHERE NOT v.of_values OR s.source IN ('database', 'user', 'database user'))",
      plan::ObservedSettingRows());
}

std::string ObservationSql(const Target& target, const ObserveOptions& options) {
  std::vector<std::string> counted;
  for (const std::string& schema : options.datasource_schemas) {
    counted.push_back(QuoteLiteral(schema));
  }
  return fmt::format(
      "WITH found AS ({}),\n"
      "named AS (SELECT coalesce(schema, 'public') AS schema, current IS NULL AS unusable,\n"
      "   coalesce(current, schema, 'public') AS current FROM found),\n"
      "target AS (SELECT schema, unusable, current, ARRAY[schema::text, {}]::text[] AS counted,\n"
      "  to_regclass(pg_catalog.quote_ident(schema) || '._prisma_migrations') AS pg_table FROM "
      "named),\n"
      // Without to_regclass, which fails if the role has no USAGE on the schema.
      "journal AS (SELECT bool_or(has_schema_privilege(n.oid, 'USAGE') AND\n"
      "    has_table_privilege(c.oid, 'SELECT')) AS readable,\n"
      "    bool_and(has_schema_privilege(n.oid, 'USAGE')) AS usable,\n"
      "    bool_and(has_table_privilege(c.oid, 'INSERT')) AS writable\n"
      "  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace\n"
      "  WHERE n.nspname = 'ballast' AND c.relname = 'journal'),\n"
      "{},\n"
      "history AS MATERIALIZED (SELECT {} AS xml FROM target)\n"
      "SELECT pg_catalog.json_build_object(\n"
      " 'schema', schema, 'current_schema', current, 'path_without_rows', {},\n"
      " 'schema_exists', to_regnamespace(pg_catalog.quote_ident(schema)) IS NOT NULL,\n"
      " 'database', current_database(), 'role', current_user,\n"
      " 'superuser', (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),\n"
      " 'in_recovery', pg_is_in_recovery(),\n"
      " 'read_only', current_setting('transaction_read_only') = 'on',\n"
      " 'read_only_source', CASE WHEN current_setting('transaction_read_only') = 'on' THEN\n"
      "    (SELECT source FROM pg_settings WHERE name = 'default_transaction_read_only') END,\n"
      " 'unusable_search_path', CASE WHEN unusable THEN current_setting('search_path') END,\n"
      " 'search_path_source', CASE WHEN unusable THEN\n"
      "    (SELECT source FROM pg_settings WHERE name = 'search_path') END,\n"
      " 'can_create_schema', has_database_privilege(current_database(), 'CREATE'),\n"
      " 'can_create_in_schema',\n"
      "    CASE WHEN to_regnamespace(pg_catalog.quote_ident(current)) IS NULL THEN false\n"
      "   ELSE has_schema_privilege(current, 'CREATE') END,\n"
      " 'has_migrations_table', pg_table IS NOT NULL,\n"
      " 'altered_table', {}, 'missing_privileges', {},\n"
      " 'settings', {},\n"
      " 'has_journal', journal.readable IS NOT NULL,\n"
      " 'has_runs', runs.there,\n"
      " 'has_kept_data', to_regnamespace('{}') IS NOT NULL,\n"
      " 'has_plpgsql', EXISTS (SELECT FROM pg_language\n"
      "    WHERE lanname = 'plpgsql' AND has_language_privilege(oid, 'USAGE')),\n"
      " 'can_write_runs', coalesce(runs.writable, runs.creatable,\n"
      "    has_database_privilege(current_database(), 'CREATE')),\n"
      " 'journal', {},\n"
      " 'note', {},\n"
      " 'invalid_indexes', {},\n"
      " 'objects', {}\n"
      ")::text, history.xml FROM target, journal, runs, history;\n",
      TargetSchemaSql(target), counted.empty() ? "NULL" : Join(counted, ", "), kRunsSql, RowsSql(),
      PathWithoutRowsSql(target), kAlteredTableSql, kMissingPrivilegesSql, ScriptSettingsSql(),
      catalog::kKeptSchema, JournalSql(), kNoteSql, InvalidIndexesSql(),
      ObjectsSql(options.provided));
}

// `condition`: SQL that is true if the session is the server's own.
std::string MessageSql(const Session& session, const ObserveOptions& options,
                       const std::string& condition) {
  std::string first;
  if (options.lock) {
    first = LockSql(condition);
  } else if (options.keeps_session) {
    first = SessionSql(condition);
  }
  return std::string(kFreshSnapshots) + SettingsSql(session.target(), options, condition) + first +
         ObservationSql(session.target(), options);
}

constexpr char kHoldersSql[] = R"(
SELECT format('pid %s (%s, role %s) since %s', a.pid,
              coalesce(nullif(a.application_name, ''), 'no application name'), a.usename,
              to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"'))
  FROM pg_locks l JOIN pg_stat_activity a USING (pid)
 WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
   AND ((l.classid::bigint << 32) | l.objid::bigint) = ANY (ARRAY[%s])
   AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
   AND a.pid <> pg_backend_pid()
 ORDER BY a.backend_start)";

std::string Holders(Session& session) {
  const std::string keys = fmt::format("{}, {}::bigint", kPrismaLockKey, kBallastLockKey);
  const auto results = session.Query(ReplaceAll(kHoldersSql, "%s])", keys + "])"));
  std::vector<std::string> holders;
  if (results && !results->empty()) {
    for (const auto& row : results->back().rows) {
      if (row[0]) holders.push_back(*row[0]);
    }
  }
  std::sort(holders.begin(), holders.end());
  holders.erase(std::unique(holders.begin(), holders.end()), holders.end());
  return holders.empty() ? "another session" : Join(holders, ", ");
}

Error LockTimedOut(Session& session, const ObserveOptions& options) {
  return MakeError(ErrorCode::kTimedOut,
                   fmt::format("the deployment lock was not free within {}; it is held by {}",
                               DurationInWords(options.lock_wait), Holders(session)),
                   "wait for the other deployment, raise --lock-timeout, or end that session");
}

// By SQLSTATE (manual, appendix A).
Error CannotTell(const ServerError& error, Session& session) {
  const std::string& role = session.target().user();
  const std::string what = "the state of the database cannot be read: " + error.message;
  const bool by_time = error.message.find("statement timeout") != std::string::npos;
  if (error.sqlstate == sqlstate::kQueryCanceled && by_time) {
    return MakeError(ErrorCode::kTimedOut, what,
                     "the option, the role, the database or the server limits the time of a "
                     "statement; raise the limit: --statement-timeout 10min");
  }
  if (error.sqlstate == sqlstate::kLockNotAvailable) {
    const std::string holders = HoldersBlockingReads(session);
    return MakeError(ErrorCode::kLockTimeout,
                     "the state of the database cannot be read: waiting for a lock" +
                         (holders.empty() ? "" : ": " + holders),
                     "wait until that session ends, or end it: pg_terminate_backend");
  }
  constexpr std::string_view kNoUsage = "permission denied for schema ";
  if (error.message.starts_with(kNoUsage)) {
    const std::string schema = error.message.substr(kNoUsage.size());
    return MakeError(ErrorCode::kPrivilege, what,
                     fmt::format("GRANT USAGE ON SCHEMA {} TO {}", sql::QuoteIdentifier(schema),
                                 sql::QuoteIdentifier(role)));
  }
  if (error.sqlstate == sqlstate::kInsufficientPrivilege) {
    return MakeError(ErrorCode::kCannotTell, what,
                     fmt::format("have an admin run: GRANT SELECT ON {} TO {};",
                                 sql::QualifiedName(session.target().schema, "_prisma_migrations"),
                                 sql::QuoteIdentifier(role)));
  }
  // Syntax errors and missing columns (class 42) are those of a table with other columns.
  return MakeError(ErrorCode::kCannotTell, what,
                   error.sqlstate.starts_with("42")
                       ? "check that the table _prisma_migrations is Prisma's"
                       : "fix what the server names, for example a setting of the role or of the "
                         "database, then run the command again");
}

// "held", "busy" or "pooled".
std::string LockAnswer(const Outcome& outcome, const ObserveOptions& options) {
  if (!options.lock && !options.keeps_session) return "held";
  return outcome.results[outcome.results.size() - 2].rows[0][0].value_or("");
}

class Polling {
 public:
  explicit Polling(std::chrono::milliseconds timeout)
      : end_(std::chrono::steady_clock::now() + timeout) {}

  // Waits a little longer each time; false after the timeout.
  bool Wait() {
    const auto left = end_ - std::chrono::steady_clock::now();
    if (left <= std::chrono::milliseconds(0)) return false;
    if (Interruption::WaitFor(
            std::min(pause_, std::chrono::ceil<std::chrono::milliseconds>(left)))) {
      return false;
    }
    pause_ = std::min(pause_ * 2, std::chrono::milliseconds(500));
    return true;
  }

 private:
  std::chrono::steady_clock::time_point end_;
  std::chrono::milliseconds pause_{20};
};

// While waiting, only the lock is requested; the rest is read once, afterwards.
Status AwaitLock(Session& session, const ObserveOptions& options, const std::string& condition,
                 Progress& progress) {
  const std::string holders = Holders(session);
  progress.Notice("waiting for the deployment lock, held by " + holders);
  progress.Event({"waiting_for_lock", {{"holder", holders}}});
  Polling polling(options.lock_wait);
  while (polling.Wait()) {
    TRY_ASSIGN(const Value answer, session.QueryValue(LockSql(condition)));
    if (answer == "held") {
      progress.Event({"lock_obtained"});
      return {};
    }
  }
  if (Interruption::Requested()) return Interruption::AsError();
  return LockTimedOut(session, options);
}

Result<plan::Observation> ObservationOf(Outcome outcome, const ObserveOptions& options,
                                        Session& session) {
  if (outcome.error && outcome.error->connection_lost)
    return ErrorOf(*outcome.error, "reading the state of the database");
  if (outcome.error) return CannotTell(*outcome.error, session);
  std::vector<Value>& answer = outcome.results.back().rows[0];
  return ParseObservation(*answer[0], std::move(answer[1]).value_or(""), options.schemas, session);
}

}  // namespace

Result<std::optional<plan::Observation>> ObserveRows(Session& session) {
  const std::string table = sql::QualifiedName(session.target().schema, kMigrationsTable);
  const Outcome outcome = session.Run(
      fmt::format("SELECT n.nspname, pg_catalog.current_database(), current_user, {0},\n"
                  "  n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'\n"
                  "FROM {1}, pg_catalog.pg_class c\n"
                  "  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace\n"
                  "WHERE c.oid = {2}::pg_catalog.regclass GROUP BY n.nspname",
                  kRows, table, QuoteLiteral(table)));
  if (outcome.error && outcome.error->connection_lost)
    return ErrorOf(*outcome.error, "reading the state of the database");
  if (outcome.error || outcome.results.back().rows.empty() ||
      !IsTrue(outcome.results.back().rows[0][4])) {
    return std::optional<plan::Observation>();
  }
  const std::vector<Value>& row = outcome.results.back().rows[0];
  TRY_ASSIGN(plan::Observation observation, ParseRows(row[3].value_or(""), session));
  observation.schema = row[0].value_or("");
  observation.server.database = row[1].value_or("");
  observation.server.role = row[2].value_or("");
  return std::optional<plan::Observation>(std::move(observation));
}

Result<plan::IndexState> InspectIndex(Session& session, const plan::IndexName& index) {
  TRY_ASSIGN(const Value valid,
             session.QueryValue("SELECT i.indisvalid FROM pg_index i WHERE i.indexrelid = "
                                "to_regclass(" +
                                QuoteLiteral(sql::QualifiedName(index.schema, index.name)) + ")"));
  if (!valid) return plan::IndexState::kAbsent;
  return IsTrue(valid) ? plan::IndexState::kValid : plan::IndexState::kInvalid;
}

void ObserveAhead(Session& session, const ObserveOptions& options) {
  session.SendAhead(MessageSql(session, options, IsDirectSql(session)));
}

Result<plan::Observation> Observe(Session& session, const ObserveOptions& options,
                                  Progress& progress) {
  std::string condition = IsDirectSql(session);
  while (true) {
    Outcome outcome = session.Run(MessageSql(session, options, condition));
    const std::string answer = outcome.error ? "held" : LockAnswer(outcome, options);
    if (answer == "held") return ObservationOf(std::move(outcome), options, session);
    if (answer == "busy") break;
    TRY(RefuseTransactionPooler(session));
    condition = "true";
  }
  TRY(AwaitLock(session, options, condition, progress));
  return ObservationOf(
      session.Run(std::string(kFreshSnapshots) + ObservationSql(session.target(), options)),
      options, session);
}

}  // namespace ballast::postgres
