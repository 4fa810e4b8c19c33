// SPDX-License-Identifier: Apache-2.0
#include "introspect/published_tables.h"

#include "base/check.h"
#include "catalog/property_name.h"
#include "introspect/snapshot_query.h"
#include "introspect/snapshot_statement.h"
#include "introspect/snapshot_template.h"

namespace ballast::introspect {
namespace {

// `x`: what the platform has.
constexpr std::string_view kPublishedByPlatform = R"(
SELECT r.kind, r.object, @q(b.pubname)
FROM pg_publication_rel t JOIN pg_publication b ON b.oid = t.prpubid
  JOIN x ON x.classid = 'pg_publication'::regclass AND x.objid = b.oid
  JOIN r ON r.oid = t.prrelid
WHERE NOT EXISTS (SELECT FROM x WHERE x.classid = 'pg_publication_rel'::regclass
                  AND x.objid = t.oid))";

}  // namespace

Result<catalog::Snapshot> FindPublishedTables(postgres::Session& session) {
  catalog::Snapshot tables;
  TRY_ASSIGN(const postgres::Value any,
             session.QueryValue("SELECT EXISTS (SELECT FROM pg_catalog.pg_publication_rel)"));
  if (!postgres::IsTrue(any)) return tables;
  const catalog::Scope scope;
  const std::string query =
      WriteSnapshotStatement(session.server_major(), scope).with +
      ExpandSnapshotTemplate(kPublishedByPlatform, {session.server_major(), &scope});
  TRY_ASSIGN(const std::vector<postgres::Rows> results, session.Query(IsolatedMessage(query)));
  BALLAST_CHECK(results.size() > 1);
  for (const auto& row : results[results.size() - 2].rows) {
    tables.push_back({row[0].value_or(""), row[1].value_or(""),
                      std::string(catalog::kPublishedBy) + row[2].value_or(""), ""});
  }
  return tables;
}

}  // namespace ballast::introspect
