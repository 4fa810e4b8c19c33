// SPDX-License-Identifier: Apache-2.0
#include "plan/server_refusals.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "catalog/own_schemas.h"
#include "plan/required_version.h"
#include "plan/script_settings.h"
#include "sql/created_in_schema.h"
#include "sql/database_objects.h"
#include "sql/quote.h"

namespace ballast::plan {
namespace {

std::string GrantCreateOnDatabase(const ServerState& server) {
  return fmt::format("GRANT CREATE ON DATABASE {} TO {};", sql::QuoteIdentifier(server.database),
                     sql::QuoteIdentifier(server.role));
}

LackedPrivileges CannotCreateSchema(const ServerState& server, const std::string& schema) {
  return Lacks(server, "may not create the schema " + schema, {GrantCreateOnDatabase(server)});
}

// Whether it is certain that the role of the session creates objects in the current schema: the
// migrations table, or those of a script.
bool CreatesInSchema(const Plan& plan, const std::string& schema) {
  if (plan.empty()) return true;  // doctor asks for the next deploy
  std::vector<std::string_view> scripts;
  for (const Step* step : StepsOf(plan)) {
    if (std::holds_alternative<CreateMigrationsTable>(step->act)) return true;
    const auto* run = std::get_if<RunScript>(&step->act);
    if (run != nullptr) scripts.push_back(run->Script());
  }
  return sql::CreateObjectIn(scripts, schema);
}

bool CreatesSchema(const Plan& plan) {
  return plan.empty() || HasStep<CreateTargetSchema>(plan);
}

std::optional<LackedPrivileges> CannotCreate(const Plan& plan, const Observation& observation) {
  const ServerState& server = observation.server;
  const std::string role = sql::QuoteIdentifier(server.role);
  const std::string& schema = CurrentSchema(observation);
  if (observation.schema_exists && !server.can_create_in_schema && CreatesInSchema(plan, schema)) {
    return Lacks(
        server, "may not create in schema " + schema,
        {fmt::format("GRANT CREATE ON SCHEMA {} TO {};", sql::QuoteIdentifier(schema), role)});
  }
  if (!observation.schema_exists && !server.can_create_schema && CreatesSchema(plan)) {
    return CannotCreateSchema(server, observation.schema);
  }
  return std::nullopt;
}

// A script creates something that needs CREATE on the database, which the role lacks.
std::optional<LackedPrivileges> CannotCreateInDatabase(const Plan& plan,
                                                       const ServerState& server) {
  if (server.can_create_schema) return std::nullopt;
  for (const Step* step : StepsOf(plan)) {
    const auto* run = std::get_if<RunScript>(&step->act);
    if (run == nullptr) continue;
    const sql::DatabaseObjects objects = sql::DatabaseObjectsIn(run->Script());
    if (objects.first) {
      LackedPrivileges lacked = Lacks(server,
                                      fmt::format("lacks CREATE on database {}, which {} needs",
                                                  server.database, run->migration.name),
                                      {GrantCreateOnDatabase(server)});
      lacked.refusal.evidence = {std::string(objects.first->text)};
      lacked.refusal.where = {run->migration.name, objects.first->line};
      return lacked;
    }
    if (objects.switches_role) return std::nullopt;
  }
  return std::nullopt;
}

bool WritesRows(const Plan& plan) {
  if (plan.empty()) return true;  // doctor asks for the next deploy
  return std::ranges::any_of(StepsOf(plan), [](const Step* step) {
    const auto* run = std::get_if<RunScript>(&step->act);
    if (run != nullptr) return run->record || run->record_if_several;
    return !std::holds_alternative<VerifyCatalog>(step->act);
  });
}

// On the migrations table, unless it is one on the journal.
bool IsNeeded(const MissingPrivilege& missing, const Plan& plan) {
  if (missing.privilege == "DELETE") return HasStep<DeleteHistoryRows>(plan);
  const bool of_journal = missing.privilege == "USAGE" || missing.object == "ballast.journal" ||
                          missing.object == "ballast.runs";
  return of_journal || WritesRows(plan);
}

}  // namespace

std::optional<Refusal> RefuseReadOnly(const ServerState& server) {
  if (server.in_recovery) {
    return Refusal{ErrorCode::kReadOnly,
                   "the server is a replica in recovery",
                   {},
                   {"deploy to the primary server"}};
  }
  if (!server.read_only) return std::nullopt;
  return Refusal{
      ErrorCode::kReadOnly,
      "the session is read-only: default_transaction_read_only is on",
      {},
      {"reset it: " +
           ResetOf({"default_transaction_read_only", "on", "off", server.read_only_source}, server),
       "or override it in the URL: options=-c%20default_transaction_read_only%3Doff"}};
}

std::optional<Refusal> RefuseSearchPath(const ServerState& server) {
  if (!server.unusable_search_path) return std::nullopt;
  return Refusal{
      ErrorCode::kNoSearchPathSchema,
      fmt::format("no schema on the search_path (currently {}) can hold new objects",
                  server.unusable_search_path->empty() ? "\"\"" : *server.unusable_search_path),
      {},
      {"create a schema that the search_path names, or specify one in the URL: ?schema=public",
       "or reset it: " + ResetOf({"search_path", *server.unusable_search_path, "public",
                                  server.search_path_source},
                                 server)}};
}

std::optional<Refusal> RefuseOtherCurrentSchema(const Observation& observation) {
  if (observation.other_current_schema.empty()) return std::nullopt;
  return Refusal{
      ErrorCode::kNoSearchPathSchema,
      fmt::format("the migrations table is in the schema {}, and the search_path begins with {}",
                  observation.schema, observation.other_current_schema),
      {},
      {"name the schema of this database in the URL: ?schema=" + observation.schema}};
}

std::optional<LackedPrivileges> CannotKeepData(const Observation& observation) {
  if (observation.has_kept_data || observation.server.can_create_schema) return std::nullopt;
  return CannotCreateSchema(observation.server, catalog::kKeptSchema);
}

std::string GrantForJournal(const Observation& observation) {
  if (!observation.has_journal) return GrantCreateOnDatabase(observation.server);
  return fmt::format(
      "GRANT {} TO {};",
      observation.has_runs ? "SELECT, INSERT ON ballast.runs" : "CREATE ON SCHEMA ballast",
      sql::QuoteIdentifier(observation.server.role));
}

std::optional<std::string> NoticeOfJournal(const Observation& observation) {
  if (observation.has_journal) {
    if (observation.can_write_runs) return std::nullopt;
    return "runs are not recorded, and ballast log does not show them: let an admin run: " +
           GrantForJournal(observation);
  }
  if (observation.server.can_create_schema) return std::nullopt;
  return "no journal is kept: the role may not create the schema ballast";
}

std::optional<LackedPrivileges> CannotRecord(const Plan& plan, const ServerState& server) {
  std::vector<std::string> missing, grants;
  for (const MissingPrivilege& one : server.missing_privileges) {
    if (!IsNeeded(one, plan)) continue;
    missing.push_back(fmt::format("{} ON {}", one.privilege, one.object));
    grants.push_back(
        fmt::format("GRANT {} TO {};", missing.back(), sql::QuoteIdentifier(server.role)));
  }
  if (missing.empty()) return std::nullopt;
  return Lacks(server, fmt::format("cannot record deployments: it lacks {}", Join(missing, ", ")),
               std::move(grants));
}

std::vector<LackedPrivileges> PrivilegesLackedFor(const Plan& plan,
                                                  const Observation& observation) {
  const ServerState& server = observation.server;
  std::vector<LackedPrivileges> all;
  for (std::optional<LackedPrivileges> lacked :
       {CannotCreate(plan, observation), CannotCreateInDatabase(plan, server),
        CannotRecord(plan, server)}) {
    if (lacked) all.push_back(*std::move(lacked));
  }
  return all;
}

std::optional<Refusal> CheckServer(const Plan& plan, const Observation& observation,
                                   const Policy& policy) {
  if (plan.empty()) return std::nullopt;
  const ServerState& server = observation.server;
  if (auto refusal = TooOldFor(plan, server)) return refusal;
  if (policy.only_observes) return std::nullopt;
  if (auto refusal = RefuseReadOnly(server)) return refusal;
  return RefuseSearchPath(server);
}

}  // namespace ballast::plan
