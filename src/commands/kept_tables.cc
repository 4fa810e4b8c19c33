// SPDX-License-Identifier: Apache-2.0
#include "commands/kept_tables.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "plan/kept_data.h"
#include "sql/quote.h"

namespace ballast::commands {

Result<std::vector<std::string>> KeptTables(postgres::Session& session) {
  TRY_ASSIGN(const auto answers,
             session.Query("SELECT c.relname FROM pg_catalog.pg_class c "
                           "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
                           "WHERE c.relkind = 'r' AND n.nspname = " +
                           sql::QuoteLiteral(plan::kKeptSchema) +
                           " AND pg_catalog.split_part(pg_catalog.obj_description(c.oid, "
                           "'pg_class'), E'\\n', 3) IN ('', pg_catalog.current_schema())"));
  std::vector<std::string> names;
  for (const auto& row : answers.back().rows) names.push_back(row[0].value_or(""));
  std::sort(names.begin(), names.end());
  return names;
}

Status ReportKeptTables(const std::vector<std::string>& before, postgres::Session& session,
                        DeployReport& report) {
  TRY_ASSIGN(const std::vector<std::string> left, KeptTables(session));
  std::vector<std::string> restored;
  std::set_difference(before.begin(), before.end(), left.begin(), left.end(),
                      std::back_inserter(restored));
  if (!restored.empty()) {
    report.remarks.push_back("data that a rollback had kept was restored: " + Join(restored, ", "));
  }
  if (!left.empty()) {
    report.notices.push_back("data that a rollback has kept remains in the schema " +
                             std::string(plan::kKeptSchema) + ": " + Join(left, ", "));
  }
  return {};
}

}  // namespace ballast::commands
