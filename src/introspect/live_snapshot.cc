// SPDX-License-Identifier: Apache-2.0
#include "introspect/live_snapshot.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "catalog/object_identity.h"
#include "introspect/snapshot_reader.h"
#include "sql/quote.h"

namespace ballast::introspect {
namespace {

void AddAll(const std::vector<std::string>& more, std::vector<std::string>* all) {
  all->insert(all->end(), more.begin(), more.end());
  std::sort(all->begin(), all->end());
  all->erase(std::unique(all->begin(), all->end()), all->end());
}

}  // namespace

catalog::Scope LivingScope(const std::vector<const catalog::Snapshot*>& proven) {
  catalog::Scope all;
  all.everything = false;
  all.others = true;
  for (const catalog::Snapshot* snapshot : proven) {
    const catalog::Scope scope = catalog::ScopeOf(*snapshot);
    AddAll(scope.schemas, &all.schemas);
    AddAll(scope.globals, &all.globals);
    AddAll(scope.privileges, &all.privileges);
  }
  return all;
}

std::vector<std::string> MovableExtensions(const catalog::Snapshot& proven) {
  std::vector<std::string> names;
  for (const catalog::ObjectProperty& property : proven) {
    if (property.kind == "extension" && property.property == "schema" &&
        property.value == catalog::kTargetSchema) {
      names.push_back(catalog::PartsOf(property.object).front());
    }
  }
  return names;
}

// Without the target schema, the first of the extensions' schemas would count as it.
std::string SetSearchPathSql(const std::string& target_schema,
                             const std::vector<std::string>& extensions) {
  const std::string target = sql::QuoteIdentifier(target_schema);
  if (extensions.empty()) return "SET LOCAL jit = off;\nSET LOCAL search_path = " + target + ";\n";
  std::vector<std::string> names;
  names.reserve(extensions.size());
  for (const std::string& name : extensions) names.push_back(sql::QuoteLiteral(name));
  return fmt::format(
      "SET LOCAL jit = off;\n"
      "SELECT set_config('search_path', concat_ws(', ', {0}, (\n"
      "  SELECT string_agg(DISTINCT quote_ident(n.nspname), ', ') FROM pg_catalog.pg_extension e\n"
      "  JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace\n"
      "  WHERE e.extname IN ({1}) AND n.nspname NOT IN ('pg_catalog', {2})\n"
      "  AND pg_catalog.to_regnamespace({0}) IS NOT NULL)), true);\n",
      sql::QuoteLiteral(target), Join(names, ", "), sql::QuoteLiteral(target_schema));
}

Result<catalog::Snapshot> ReadLiveSnapshot(postgres::Session& session,
                                           const std::string& target_schema,
                                           const catalog::Scope& scope,
                                           const std::vector<std::string>& extensions) {
  TRY_ASSIGN(auto live, ReadSnapshot(session, scope, SetSearchPathSql(target_schema, extensions)));
  return std::move(live.snapshot);
}

void LeaveOutMigrationsTable(const std::string& schema, catalog::Snapshot& snapshot) {
  constexpr std::string_view kTable = "_prisma_migrations";
  std::erase_if(snapshot, [&](const catalog::ObjectProperty& property) {
    if (property.object.find(kTable) == std::string::npos) return false;
    const std::vector<std::string> parts = catalog::PartsOf(property.object);
    return parts.size() > 1 && parts[0] == schema &&
           (parts[1] == kTable || parts[1] == std::string(kTable) + "_pkey");
  });
}

}  // namespace ballast::introspect
