// SPDX-License-Identifier: Apache-2.0
#include "introspect/platform_objects.h"

#include <fmt/format.h>

#include "base/sqlstate.h"

namespace ballast::introspect {
namespace {

// The kinds that CREATE EXTENSION records as members (recordDependencyOnCurrentExtension). Parts of
// a table or type (indexes, columns, array types) follow it.
constexpr std::string_view kExtensible = R"(
  SELECT 'pg_class'::regclass AS class, oid FROM pg_class
   WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND relpersistence <> 't'
  UNION ALL SELECT 'pg_type'::regclass, t.oid FROM pg_type t LEFT JOIN pg_class c ON c.oid = typrelid
   WHERE typtype <> 'm' AND (typrelid = 0 OR c.relkind = 'c')
     AND NOT EXISTS (SELECT FROM pg_type a WHERE a.typarray = t.oid)
  UNION ALL SELECT 'pg_proc'::regclass, oid FROM pg_proc
  UNION ALL SELECT 'pg_namespace'::regclass, oid FROM pg_namespace WHERE nspname !~ '^pg_'
  UNION ALL SELECT 'pg_operator'::regclass, oid FROM pg_operator
  UNION ALL SELECT 'pg_opclass'::regclass, oid FROM pg_opclass
  UNION ALL SELECT 'pg_opfamily'::regclass, oid FROM pg_opfamily
  UNION ALL SELECT 'pg_collation'::regclass, oid FROM pg_collation
  UNION ALL SELECT 'pg_conversion'::regclass, oid FROM pg_conversion
  UNION ALL SELECT 'pg_cast'::regclass, oid FROM pg_cast
  UNION ALL SELECT 'pg_language'::regclass, oid FROM pg_language
  UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid FROM pg_foreign_data_wrapper
  UNION ALL SELECT 'pg_foreign_server'::regclass, oid FROM pg_foreign_server
  UNION ALL SELECT 'pg_ts_config'::regclass, oid FROM pg_ts_config
  UNION ALL SELECT 'pg_ts_dict'::regclass, oid FROM pg_ts_dict
  UNION ALL SELECT 'pg_ts_parser'::regclass, oid FROM pg_ts_parser
  UNION ALL SELECT 'pg_ts_template'::regclass, oid FROM pg_ts_template
  UNION ALL SELECT 'pg_event_trigger'::regclass, oid FROM pg_event_trigger
  UNION ALL SELECT 'pg_transform'::regclass, oid FROM pg_transform
  UNION ALL SELECT 'pg_am'::regclass, oid FROM pg_am
  UNION ALL SELECT 'pg_statistic_ext'::regclass, oid FROM pg_statistic_ext
  UNION ALL SELECT 'pg_extension'::regclass, oid FROM pg_extension)";

// Publications are marked, too, though no extension can have one, and so are the tables and schemas
// that they publish, because the history can publish more.
std::string Objects(int server_major) {
  std::string objects(kExtensible);
  std::vector<std::string> catalogs = {"pg_publication", "pg_publication_rel"};
  if (server_major >= 15) catalogs.emplace_back("pg_publication_namespace");
  for (const std::string& catalog : catalogs) {
    objects += fmt::format("\n  UNION ALL SELECT '{0}'::regclass, oid FROM {0}", catalog);
  }
  return objects;
}

std::string MarkSql(int server_major) {
  return fmt::format(
      "WITH o AS ({}), marked AS (\n"
      "INSERT INTO pg_catalog.pg_depend (classid, objid, objsubid, refclassid, refobjid,\n"
      "  refobjsubid, deptype)\n"
      "SELECT o.class, o.oid, 0, 'pg_extension'::regclass, e.oid, 0, 'e'\n"
      "  FROM o, pg_extension e WHERE e.extname = 'plpgsql' AND o.oid >= 16384 AND o.oid <> e.oid\n"
      "   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = o.class AND d.objid = o.oid\n"
      "                    AND (d.deptype = 'e' OR d.deptype = 'i' AND d.refobjid <> o.oid))\n"
      "RETURNING classid, objid)\n"
      "SELECT CASE classid WHEN 'pg_class'::regclass THEN objid::regclass::text\n"
      "  WHEN 'pg_proc'::regclass THEN objid::regprocedure::text\n"
      "  WHEN 'pg_type'::regclass THEN objid::regtype::text\n"
      "  WHEN 'pg_namespace'::regclass THEN 'schema ' || objid::regnamespace::text\n"
      "  ELSE (SELECT i.identity FROM pg_identify_object(classid, objid, 0) i) END AS name\n"
      "FROM marked WHERE classid::regclass::text !~ '^(pg_catalog.)?pg_publication_' ORDER BY 1",
      Objects(server_major));
}

// The present privileges of such an object become its initial ones, like those from an extension's
// script (pg_init_privs).
constexpr std::string_view kPrivileges = R"(
INSERT INTO pg_catalog.pg_init_privs (objoid, classoid, objsubid, privtype, initprivs)
SELECT x.objid, x.class, x.part, 'e', x.acl FROM (
  SELECT 'pg_class'::regclass AS class, oid AS objid, 0 AS part, relacl AS acl FROM pg_class
  UNION ALL SELECT 'pg_class'::regclass, attrelid, attnum, attacl FROM pg_attribute
  UNION ALL SELECT 'pg_proc'::regclass, oid, 0, proacl FROM pg_proc
  UNION ALL SELECT 'pg_type'::regclass, oid, 0, typacl FROM pg_type
  UNION ALL SELECT 'pg_namespace'::regclass, oid, 0, nspacl FROM pg_namespace
  UNION ALL SELECT 'pg_language'::regclass, oid, 0, lanacl FROM pg_language) x
JOIN pg_extension e ON e.extname = 'plpgsql'
JOIN pg_depend d ON d.classid = x.class AND d.objid = x.objid AND d.objsubid = 0
  AND d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
WHERE x.objid >= 16384 AND x.acl IS NOT NULL AND NOT EXISTS (SELECT FROM pg_init_privs i
  WHERE i.classoid = x.class AND i.objoid = x.objid AND i.objsubid = x.part))";

}  // namespace

Result<std::vector<std::string>> MarkAsPlatform(postgres::Session& session) {
  const postgres::Outcome outcome = session.Run(MarkSql(session.server_major()));
  if (outcome.error && outcome.error->sqlstate == sqlstate::kInsufficientPrivilege) {
    return MakeError(ErrorCode::kPrivilege,
                     "only a superuser can mark the objects of the platform script on the "
                     "scratch server",
                     "omit --scratch-url, or name a superuser with it");
  }
  if (outcome.error) return ErrorOf(*outcome.error, "reading the objects of the platform");
  TRY(session.Query(std::string(kPrivileges)));
  std::vector<std::string> names;
  for (const auto& row : outcome.results.back().rows) names.push_back(row[0].value_or(""));
  return names;
}

}  // namespace ballast::introspect
