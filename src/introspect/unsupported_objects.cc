// SPDX-License-Identifier: Apache-2.0
#include "introspect/unsupported_objects.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "base/text.h"
#include "catalog/own_schemas.h"
#include "introspect/catalog_classes.h"
#include "introspect/snapshot_query.h"
#include "introspect/snapshot_statement.h"
#include "sql/quote.h"

namespace ballast::introspect {
namespace {

// Ignored objects and their parts: the migrations table, ballast's own schemas, temporary and TOAST
// tables, members of extensions.
constexpr std::string_view kHidden = R"(
hidden AS (
  SELECT 'pg_namespace'::regclass::oid AS class, oid FROM pg_namespace
  WHERE nspname IN ({}) OR nspname ~ '^pg_(toast|temp)'
  UNION
  SELECT 'pg_class'::regclass::oid, oid FROM pg_class
  WHERE relname = '_prisma_migrations' AND relnamespace = (SELECT namespace FROM me)
    OR relnamespace = 'pg_toast'::regnamespace
  UNION
  SELECT classid, objid FROM x
  UNION
  SELECT d.classid, d.objid FROM hidden h
    JOIN pg_depend d ON d.refclassid = h.class AND d.refobjid = h.oid
  WHERE d.deptype IN ('a', 'i', 'P', 'S')
    OR d.deptype = 'n' AND d.refclassid = 'pg_namespace'::regclass
))";

// `n` constraints are properties of columns; internal parts belong to their object.
constexpr std::string_view kUnlisted = R"(
SELECT i.type || ' ' || i.identity FROM (
  SELECT class, oid FROM objects
  EXCEPT SELECT class, oid FROM o
  EXCEPT SELECT class, oid FROM hidden
  EXCEPT SELECT 'pg_constraint'::regclass, oid FROM pg_constraint WHERE contype = 'n'
  EXCEPT SELECT classid, objid FROM pg_depend WHERE deptype IN ('i', 'P', 'S')
) a, LATERAL pg_identify_object(a.class, a.oid, 0) i
UNION ALL
SELECT 'comment on ' || i.type || ' ' || i.identity FROM (
  SELECT classoid, objoid, objsubid FROM pg_description
  WHERE objoid >= 16384 AND classoid <> 'pg_extension'::regclass
  EXCEPT SELECT class, oid, 0 FROM o
  EXCEPT SELECT class, oid, attnum FROM columns
) c, LATERAL pg_identify_object(c.classoid, c.objoid, c.objsubid) i
WHERE NOT EXISTS (SELECT FROM hidden h WHERE h.class = c.classoid AND h.oid = c.objoid))";

// The rows of a catalog as (class, oid).
std::string ObjectsOf(std::string_view catalog) {
  return fmt::format(
      "SELECT '{0}'::regclass::oid AS class, oid FROM pg_catalog.{0} "
      "WHERE oid >= 16384",
      catalog);
}

std::string ListedObjects() {
  std::vector<std::string> selects;
  for (const CatalogClass& entry : CatalogClasses()) {
    if (entry.use == CatalogUse::kListed) selects.push_back(ObjectsOf(entry.name));
  }
  return Join(selects, "\nUNION ALL ");
}

std::string UnlistedQuery(int server_major) {
  const SnapshotStatement snapshot = WriteSnapshotStatement(server_major, catalog::Scope{});
  return fmt::format("{},\n{},\nobjects AS ({})\n{}", snapshot.with,
                     fmt::format(kHidden.substr(1), catalog::kOwnSchemas), ListedObjects(),
                     kUnlisted);
}

// Catalogs that are not in the table, with whether they have OIDs.
std::string UnknownCatalogsQuery() {
  std::vector<std::string> names;
  for (const CatalogClass& entry : CatalogClasses()) {
    names.push_back(sql::QuoteLiteral(entry.name));
  }
  return fmt::format(
      "SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a "
      "ON a.attrelid = c.oid AND a.attname = 'oid' "
      "WHERE c.relnamespace = 11 AND c.relkind = 'r' AND c.relname NOT IN ({})",
      Join(names, ", "));
}

// The only column of a result, without NULLs.
std::vector<std::string> Column(const postgres::Rows& rows) {
  std::vector<std::string> texts;
  for (const std::vector<postgres::Value>& row : rows.rows) {
    if (row[0]) texts.push_back(*row[0]);
  }
  return texts;
}

Result<std::vector<std::string>> ObjectsOfUnknown(postgres::Session& session,
                                                  const std::vector<std::string>& catalogs) {
  std::vector<std::string> selects;
  selects.reserve(catalogs.size());
  for (const std::string& name : catalogs) {
    selects.push_back(
        fmt::format("SELECT '{0} ' || oid::text FROM pg_catalog.{0} WHERE oid >= 16384",
                    sql::QuoteIdentifier(name)));
  }
  TRY_ASSIGN(const std::vector<postgres::Rows> results,
             session.Query(Join(selects, " UNION ALL ")));
  return Column(results.back());
}

}  // namespace

Result<std::vector<std::string>> FindUnsupportedObjects(postgres::Session& session) {
  TRY_ASSIGN(const std::vector<postgres::Rows> catalogs, session.Query(UnknownCatalogsQuery()));
  TRY_ASSIGN(const std::vector<postgres::Rows> unlisted,
             session.Query(IsolatedMessage(UnlistedQuery(session.server_major()))));
  BALLAST_CHECK(unlisted.size() > 1);
  std::vector<std::string> found = Column(unlisted[unlisted.size() - 2]);
  const std::vector<std::string> unknown = Column(catalogs.back());
  if (!unknown.empty()) {
    TRY_ASSIGN(const std::vector<std::string> more, ObjectsOfUnknown(session, unknown));
    found.insert(found.end(), more.begin(), more.end());
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace ballast::introspect
