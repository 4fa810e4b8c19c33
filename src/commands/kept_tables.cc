// SPDX-License-Identifier: Apache-2.0
#include "commands/kept_tables.h"

#include <algorithm>

#include "plan/kept_data.h"
#include "sql/quote.h"

namespace ballast::commands {

Result<std::vector<std::string>> KeptTables(postgres::Session& session) {
  TRY_ASSIGN(
      const auto answers,
      session.Query("SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace "
                    "n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname = " +
                    sql::QuoteLiteral(plan::kKeptSchema)));
  std::vector<std::string> names;
  for (const auto& row : answers.back().rows) names.push_back(row[0].value_or(""));
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace ballast::commands
