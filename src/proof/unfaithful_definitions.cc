// SPDX-License-Identifier: Apache-2.0
#include "proof/unfaithful_definitions.h"

#include <fmt/format.h>

#include <optional>

#include "base/text.h"
#include "sql/canonical.h"

namespace ballast::proof {
namespace {

// Name, definition, the statement that makes it again, the query that prints it then.
constexpr const char* kViews = R"(
SELECT CASE c.relkind WHEN 'm' THEN 'materialized view ' ELSE 'view ' END || c.oid::regclass,
  pg_get_viewdef(c.oid), 'CREATE TEMPORARY VIEW "ballast reread" AS ' || pg_get_viewdef(c.oid),
  'SELECT pg_get_viewdef(''pg_temp."ballast reread"''::regclass)'
FROM pg_class c
WHERE c.relkind IN ('v', 'm') AND c.relnamespace <> 'pg_catalog'::regnamespace
  AND c.relnamespace <> 'information_schema'::regnamespace
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
    AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1)";

// Bodies in SQL exist since PostgreSQL 14.
constexpr const char* kFunctions = R"(
SELECT CASE p.prokind WHEN 'p' THEN 'procedure ' ELSE 'function ' END || p.oid::regprocedure,
  pg_get_functiondef(p.oid), pg_get_functiondef(p.oid),
  'SELECT pg_get_functiondef(' || p.oid || ')'
FROM pg_proc p
WHERE p.prosqlbody IS NOT NULL AND p.pronamespace <> 'pg_catalog'::regnamespace
  AND p.pronamespace <> 'information_schema'::regnamespace
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass
    AND d.objid = p.oid AND d.deptype = 'e')
ORDER BY 1)";

// PostgreSQL indents definitions.
std::string InOneLine(std::string_view definition) {
  std::string line;
  for (const std::string& part : Split(std::string(definition), '\n')) {
    line += (line.empty() ? "" : " ") + std::string(Trim(part));
  }
  return line;
}

// Why the object is not the same when it is made of its definition; none if it is.
Result<std::optional<std::string>> ReasonOf(postgres::Session& session,
                                            const std::string& definition,
                                            const std::string& statement,
                                            const std::string& query) {
  TRY(session.Query("SAVEPOINT before"));
  const postgres::Outcome made = session.Run(statement);
  if (made.error && made.error->connection_lost) return ErrorOf(*made.error, "a definition");
  std::optional<std::string> reason;
  if (made.error) {
    reason = made.error->message;
  } else {
    TRY_ASSIGN(const auto again, session.QueryValue(query));
    if (sql::RereadText(again.value_or("")) != sql::RereadText(definition)) {
      reason = "it becomes " + InOneLine(again.value_or(""));
    }
  }
  TRY(session.Query("ROLLBACK TO SAVEPOINT before"));
  return reason;
}

}  // namespace

Result<std::vector<std::string>> UnfaithfulDefinitions(const scratch::ScratchDatabase& database) {
  constexpr int kFirstWithSqlBodies = 14;
  TRY_ASSIGN(postgres::Session session, database.Connect());
  TRY(session.Query("SET search_path = public; BEGIN"));
  std::vector<std::string> found;
  for (const char* query : {kViews, kFunctions}) {
    if (query == kFunctions && session.server_major() < kFirstWithSqlBodies) continue;
    TRY_ASSIGN(const std::vector<postgres::Rows> objects, session.Query(query));
    for (const auto& object : objects.at(0).rows) {
      const std::string definition = object.at(1).value_or("");
      TRY_ASSIGN(
          const std::optional<std::string> reason,
          ReasonOf(session, definition, object.at(2).value_or(""), object.at(3).value_or("")));
      if (!reason) continue;
      found.push_back(
          fmt::format("{}: PostgreSQL prints {}, which is not the same definition when read: {}",
                      object.at(0).value_or(""), InOneLine(definition), *reason));
    }
  }
  TRY(session.Query("ROLLBACK"));
  return found;
}

}  // namespace ballast::proof
