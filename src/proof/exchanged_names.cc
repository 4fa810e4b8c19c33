// SPDX-License-Identifier: Apache-2.0
#include "proof/exchanged_names.h"

#include <algorithm>

#include "base/text.h"
#include "plan/user_tables.h"

namespace ballast::proof {
namespace {

constexpr char kNames[] = R"(
SELECT 'class ' || c.oid, c.relname, CASE c.relkind WHEN 'S' THEN 'sequence ' ELSE 'table ' END
    || c.oid::pg_catalog.regclass
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'S') AND @user_table
UNION ALL
SELECT 'column ' || c.oid || ' ' || a.attnum, a.attname, 'column ' || c.oid::pg_catalog.regclass
    || '.' || pg_catalog.quote_ident(a.attname)
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE c.relkind IN ('r', 'p', 'c') AND @user_table
)";

}  // namespace

Result<NamesNow> ReadNames(postgres::Session& session) {
  TRY_ASSIGN(const auto answers,
             session.Query(ReplaceAll(kNames, "@user_table", plan::IsUserTable())));
  NamesNow names;
  for (const auto& row : answers.back().rows) {
    names[row[0].value_or("")] = {row[1].value_or(""), row[2].value_or("")};
  }
  return names;
}

std::vector<std::string> ExchangedNames(const NamesNow& before, const NamesNow& now) {
  std::vector<std::string> exchanged;
  for (const auto& [identity, object] : before) {
    const auto same = now.find(identity);
    if (same == now.end() || same->second.name == object.name) continue;
    exchanged.push_back(object.description);
  }
  std::sort(exchanged.begin(), exchanged.end());
  return exchanged;
}

}  // namespace ballast::proof
