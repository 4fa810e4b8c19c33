// SPDX-License-Identifier: Apache-2.0
#include "proof/exchanged_names.h"

#include <algorithm>

#include "base/text.h"
#include "catalog/own_schemas.h"
#include "plan/user_tables.h"

namespace ballast::proof {
namespace {

// A relation has the name of its schema and the schema's OID.
constexpr char kNames[] = R"(
SELECT 'schema ' || n.oid, n.nspname, 'schema ' || pg_catalog.quote_ident(n.nspname), false,
    '', ''
  FROM pg_catalog.pg_namespace n
  WHERE n.nspname NOT LIKE 'pg\_%' AND n.nspname NOT IN ('information_schema', @own_schemas)
UNION ALL
SELECT 'class ' || c.oid, c.relname,
    CASE c.relkind WHEN 'S' THEN 'sequence ' ELSE 'table ' END || c.oid::pg_catalog.regclass, false,
    n.oid::text, n.nspname
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'S') AND @user_table
UNION ALL
SELECT 'column ' || c.oid || ' ' || a.attnum, a.attname,
    CASE c.relkind WHEN 'c' THEN 'attribute ' ELSE 'column ' END || c.oid::pg_catalog.regclass
    || '.' || pg_catalog.quote_ident(a.attname), c.relkind = 'c', '', ''
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE c.relkind IN ('r', 'p', 'c') AND @user_table
UNION ALL
SELECT 'value ' || e.oid, e.enumlabel, 'value ' || pg_catalog.quote_literal(e.enumlabel)
    || ' of type ' || pg_catalog.format_type(t.oid, NULL), false, '', ''
  FROM pg_catalog.pg_enum e JOIN pg_catalog.pg_type t ON t.oid = e.enumtypid
  JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  WHERE n.nspname NOT LIKE 'pg\_%' AND n.nspname NOT IN ('information_schema', @own_schemas)
)";

bool IsValue(const std::string& identity) {
  return identity.starts_with("value ");
}

std::vector<std::string> Sorted(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

Result<NamesNow> ReadNames(postgres::Session& session) {
  std::string query = ReplaceAll(kNames, "@user_table", plan::IsUserTable());
  query = ReplaceAll(query, "@own_schemas", catalog::kOwnSchemas);
  TRY_ASSIGN(const auto answers, session.Query(query));
  NamesNow names;
  for (const auto& row : answers.back().rows) {
    names[row[0].value_or("")] = {row[1].value_or(""), row[2].value_or(""),
                                  postgres::IsTrue(row[3]), row[4].value_or(""),
                                  row[5].value_or("")};
  }
  return names;
}

std::vector<std::string> ExchangedNames(const NamesNow& before, const NamesNow& now) {
  std::vector<std::string> exchanged;
  for (const auto& [identity, object] : before) {
    const auto same = now.find(identity);
    if (same == now.end() || same->second.IsNamed(object)) continue;
    exchanged.push_back(object.description);
  }
  return Sorted(std::move(exchanged));
}

std::vector<std::string> ExchangedAttributes(const NamesOnTheWay& names) {
  std::vector<std::string> exchanged;
  for (const auto& back : names.back) {
    const std::string& made = back.first;
    const ObjectNameNow& attribute = back.second;
    if (!attribute.is_attribute || names.before.contains(made)) continue;
    const auto source = std::ranges::find_if(names.renamed, [&](const auto& one) {
      return one.second.is_attribute && one.second.description == attribute.description;
    });
    if (source == names.renamed.end()) continue;
    const auto was = names.before.find(source->first);
    const auto is = names.now.find(made);
    if (was == names.before.end() || is == names.now.end() || was->second.name == is->second.name)
      continue;
    exchanged.push_back(was->second.description);
  }
  return Sorted(std::move(exchanged));
}

std::vector<std::string> ExchangedValues(const NamesOnTheWay& names) {
  std::map<std::string, std::string> converted;  // to what the rollback converts each value
  for (const auto& [identity, value] : names.before) {
    const auto then = names.renamed.find(identity);
    if (!IsValue(identity) || then == names.renamed.end()) continue;
    converted[value.description] = then->second.description;
  }
  std::vector<std::string> exchanged;
  for (const auto& [identity, value] : names.back) {
    const auto now = names.now.find(identity);
    if (!IsValue(identity) || now == names.now.end()) continue;
    const auto older = converted.find(now->second.description);
    if (older == converted.end() || older->second == value.description) continue;
    exchanged.push_back(now->second.description);
  }
  return Sorted(std::move(exchanged));
}

}  // namespace ballast::proof
