// SPDX-License-Identifier: Apache-2.0
#include "proof/unfaithful_views.h"

#include <fmt/format.h>

#include <optional>

#include "base/text.h"
#include "sql/canonical.h"

namespace ballast::proof {
namespace {

constexpr const char* kDefinitions = R"(
SELECT CASE c.relkind WHEN 'm' THEN 'materialized view ' ELSE 'view ' END || c.oid::regclass,
  pg_get_viewdef(c.oid)
FROM pg_class c
WHERE c.relkind IN ('v', 'm') AND c.relnamespace <> 'pg_catalog'::regnamespace
  AND c.relnamespace <> 'information_schema'::regnamespace
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
    AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1)";

// PostgreSQL indents definitions.
std::string InOneLine(std::string_view definition) {
  std::string line;
  for (const std::string& part : Split(std::string(definition), '\n')) {
    line += (line.empty() ? "" : " ") + std::string(Trim(part));
  }
  return line;
}

// Why the view is not the same when it is made of its definition; none if it is.
Result<std::optional<std::string>> ReasonOf(postgres::Session& session,
                                            const std::string& definition) {
  TRY(session.Query("SAVEPOINT view"));
  const postgres::Outcome made =
      session.Run("CREATE TEMPORARY VIEW \"ballast reread\" AS " + definition);
  if (made.error && made.error->connection_lost) return ErrorOf(*made.error, "a view");
  std::optional<std::string> reason;
  if (made.error) {
    reason = made.error->message;
  } else {
    TRY_ASSIGN(const auto again,
               session.QueryValue("SELECT pg_get_viewdef('pg_temp.\"ballast reread\"'::regclass)"));
    if (sql::RereadText(again.value_or("")) != sql::RereadText(definition)) {
      reason = "it becomes " + InOneLine(again.value_or(""));
    }
  }
  TRY(session.Query("ROLLBACK TO SAVEPOINT view"));
  return reason;
}

}  // namespace

Result<std::vector<std::string>> UnfaithfulViews(const scratch::ScratchDatabase& database) {
  TRY_ASSIGN(postgres::Session session, database.Connect());
  TRY(session.Query("SET search_path = public; BEGIN"));
  TRY_ASSIGN(const std::vector<postgres::Rows> views, session.Query(kDefinitions));
  std::vector<std::string> found;
  for (const auto& view : views.at(0).rows) {
    const std::string definition = view.at(1).value_or("");
    TRY_ASSIGN(const std::optional<std::string> reason, ReasonOf(session, definition));
    if (!reason) continue;
    found.push_back(fmt::format("{}: PostgreSQL prints {}, and does not read it as the same: {}",
                                view.at(0).value_or(""), InOneLine(definition), *reason));
  }
  TRY(session.Query("ROLLBACK"));
  return found;
}

}  // namespace ballast::proof
