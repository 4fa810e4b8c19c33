// SPDX-License-Identifier: Apache-2.0
#include "commands/kept_tables.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "base/text.h"
#include "catalog/own_schemas.h"
#include "plan/kept_data.h"

namespace ballast::commands {
namespace {

// What the restore has said about the copies that remain: "ballast_kept.n: 1 row was not …".
std::vector<std::string> ReasonsIn(const std::vector<std::string>& server_notices) {
  constexpr std::string_view kNotice = "NOTICE: ";
  std::vector<std::string> reasons;
  for (std::string_view text : server_notices) {
    if (text.starts_with(kNotice)) text.remove_prefix(kNotice.size());
    if (text.starts_with(catalog::kKeptSchema)) reasons.emplace_back(text);
  }
  return reasons;
}

}  // namespace

Result<std::vector<std::string>> KeptTables(postgres::Session& session, const std::string& schema) {
  TRY_ASSIGN(const auto answers,
             session.Query("SELECT c.relname FROM pg_catalog.pg_class c WHERE " +
                           plan::IsKeptSql(schema)));
  std::vector<std::string> names;
  for (const auto& row : answers.back().rows) names.push_back(row[0].value_or(""));
  std::sort(names.begin(), names.end());
  return names;
}

std::string DescribeKeptTables(const std::vector<std::string>& tables) {
  return "the schema " + std::string(catalog::kKeptSchema) +
         " has data that a rollback has kept: " + JoinSome(tables) +
         "; a deploy that creates these tables and columns again restores it";
}

Status ReportKeptTables(const std::vector<std::string>& before, const std::string& schema,
                        const std::vector<std::string>& server_notices, postgres::Session& session,
                        DeployReport& report) {
  const std::vector<std::string> reasons = ReasonsIn(server_notices);
  TRY_ASSIGN(const std::vector<std::string> left, KeptTables(session, schema));
  std::vector<std::string> restored;
  std::set_difference(before.begin(), before.end(), left.begin(), left.end(),
                      std::back_inserter(restored));
  if (!restored.empty()) {
    report.remarks.push_back("data that a rollback had kept was restored: " + Join(restored, ", "));
  }
  if (!left.empty()) {
    report.notices.push_back("data that a rollback has kept remains in the schema " +
                             std::string(catalog::kKeptSchema) + ": " + Join(left, ", "));
    report.notices.insert(report.notices.end(), reasons.begin(), reasons.end());
  }
  return {};
}

}  // namespace ballast::commands
