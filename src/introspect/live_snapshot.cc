// SPDX-License-Identifier: Apache-2.0
#include "introspect/live_snapshot.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "base/text.h"
#include "catalog/object_identity.h"
#include "introspect/snapshot_query.h"
#include "introspect/snapshot_reader.h"
#include "introspect/snapshot_statement.h"
#include "sql/quote.h"

namespace ballast::introspect {
namespace {

void AddAll(const std::vector<std::string>& more, std::vector<std::string>* all) {
  all->insert(all->end(), more.begin(), more.end());
  std::sort(all->begin(), all->end());
  all->erase(std::unique(all->begin(), all->end()), all->end());
}

// The parts of the snapshot query in which one row is one object. Only these are computed, and only
// what is selected of columns: they are most of the rows.
constexpr std::string_view kIdentities = R"(
SELECT class || '.' || oid, kind, object FROM (
  SELECT class, oid, kind, object FROM r
  UNION ALL SELECT class, oid, kind, object FROM types
  UNION ALL SELECT class, oid, kind, object FROM constraints
  UNION ALL SELECT class, oid, kind, object FROM domain_constraints
  UNION ALL SELECT class, oid, kind, object FROM routines
  UNION ALL SELECT class, oid, kind, object FROM triggers
  UNION ALL SELECT class, oid, kind, object FROM rules
  UNION ALL SELECT class, oid, kind, object FROM policies
  UNION ALL SELECT class, oid, kind, object FROM statistics
  UNION ALL SELECT class, oid, kind, object FROM collations
  UNION ALL SELECT 'pg_namespace'::regclass, oid, 'schema', object FROM s
  UNION ALL SELECT 'pg_enum'::regclass, e.oid, 'enum value',
      t.object || '.' || quote_ident(e.enumlabel)
    FROM types t JOIN pg_enum e ON e.enumtypid = t.oid) one
UNION ALL
SELECT r.class || '.' || r.oid || '.' || a.attnum,
  CASE r.relkind WHEN 'c' THEN 'attribute' ELSE 'column' END,
  r.object || '.' || quote_ident(a.attname)
FROM r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE r.relkind IN ('r', 'p', 'v', 'm', 'f', 'c'))";

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

Result<catalog::ObjectIdentities> ReadIdentities(postgres::Session& session,
                                                 const std::string& target_schema,
                                                 const catalog::Scope& scope,
                                                 const std::vector<std::string>& extensions) {
  const std::string with = WriteSnapshotStatement(session.server_major(), scope).with;
  TRY_ASSIGN(const std::vector<postgres::Rows> results,
             session.Query(SetSearchPathSql(target_schema, extensions) +
                           IsolatedMessage(with + std::string(kIdentities))));
  BALLAST_CHECK(results.size() > 1);
  catalog::ObjectIdentities identities;
  // The last result is that of CLOSE.
  for (const auto& row : results[results.size() - 2].rows) {
    identities[row[0].value_or("")] = {row[1].value_or(""), row[2].value_or("")};
  }
  return identities;
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
