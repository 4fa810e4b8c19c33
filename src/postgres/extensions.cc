// SPDX-License-Identifier: Apache-2.0
#include "postgres/extensions.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/sqlstate.h"
#include "postgres/powerful_role.h"
#include "sql/quote.h"

namespace ballast::postgres {
namespace {

using nlohmann::json;

constexpr char kExtensionsSql[] = R"(
WITH RECURSIVE needed(name) AS (
  SELECT unnest({}) COLLATE "C"
  UNION SELECT unnest(v.requires)::text COLLATE "C" FROM pg_catalog.pg_available_extension_versions v
  JOIN needed n ON v.name = n.name)
SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(n.name,
    coalesce(pg_catalog.pg_get_userbyid(e.extowner), ''),
    coalesce(pg_catalog.pg_has_role(e.extowner, 'USAGE'), false),
    {},
    coalesce(a.default_version, ''),
    (SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(v.version, v.superuser,
       v.trusted, coalesce(v.requires, '{{}}'))), '[]')
       FROM pg_catalog.pg_available_extension_versions v WHERE v.name = n.name))), '[]')::text
  FROM needed n LEFT JOIN pg_catalog.pg_extension e ON e.extname = n.name
    LEFT JOIN pg_catalog.pg_available_extensions a ON a.name = n.name)";

// Where the target schema does not exist yet, an extension goes into `public`.
constexpr char kAttemptSql[] = R"(BEGIN;
SELECT pg_catalog.set_config('search_path', pg_catalog.concat_ws(', ',
  nullif(pg_catalog.current_setting('search_path'), ''), 'public'), true);
{};)";

}  // namespace

Result<std::vector<plan::ExtensionOnServer>> ReadExtensions(Session& session,
                                                            const std::vector<std::string>& names) {
  TRY_ASSIGN(const auto answer,
             session.Query(fmt::format(kExtensionsSql, sql::QuoteTextArray(names),
                                       IsPowerfulRole("e.extowner"))));
  std::vector<plan::ExtensionOnServer> extensions;
  for (const json& row : json::parse(answer.back().rows.at(0).at(0).value_or("[]"))) {
    plan::ExtensionOnServer extension{row.at(0).get<std::string>(), row.at(1).get<std::string>(),
                                      row.at(2).get<bool>(),        row.at(3).get<bool>(),
                                      row.at(4).get<std::string>(), {}};
    for (const json& version : row.at(5)) {
      extension.versions.push_back({version.at(0).get<std::string>(), version.at(1).get<bool>(),
                                    version.at(2).get<bool>(),
                                    version.at(3).get<std::vector<std::string>>()});
    }
    extensions.push_back(std::move(extension));
  }
  return extensions;
}

bool IsNotAllowed(Session& session, const std::string& statement) {
  const Outcome tried = session.Run(fmt::format(kAttemptSql, statement));
  if (session.transaction_state() != TransactionState::kIdle) session.Run("ROLLBACK");
  return tried.error && tried.error->sqlstate == sqlstate::kInsufficientPrivilege;
}

}  // namespace ballast::postgres
