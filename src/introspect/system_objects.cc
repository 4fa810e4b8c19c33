// SPDX-License-Identifier: Apache-2.0
#include "introspect/system_objects.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"
#include "postgres/record.h"

namespace ballast::introspect {
namespace {

// Definitions of routines, types and relations (PostgreSQL manual, chapter "System Catalogs").
constexpr std::string_view kDefinitions = R"(
SELECT 'pg_proc'::regclass AS class, oid, concat_ws(' ', pg_get_userbyid(proowner),
  CASE WHEN prokind IN ('f', 'p', 'w') THEN pg_get_functiondef(oid) END) AS text FROM pg_proc
WHERE oid IN (SELECT objid FROM members WHERE classid = 'pg_proc'::regclass)
UNION ALL
SELECT 'pg_type'::regclass, oid, concat_ws(' ', pg_get_userbyid(typowner), typnotnull, typdefault,
  (SELECT string_agg(quote_literal(enumlabel), ',' ORDER BY enumsortorder) FROM pg_enum
   WHERE enumtypid = t.oid),
  (SELECT string_agg(quote_ident(conname) || pg_get_constraintdef(oid), ',' ORDER BY conname)
   FROM pg_constraint WHERE contypid = t.oid AND contype = 'c')) FROM pg_type t
WHERE oid IN (SELECT objid FROM members WHERE classid = 'pg_type'::regclass)
UNION ALL
SELECT 'pg_class'::regclass, oid, concat_ws(' ', pg_get_userbyid(relowner), relkind,
  relpersistence, relrowsecurity, relforcerowsecurity, relreplident, reloptions,
  CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(oid) END,
  (SELECT string_agg(concat_ws(' ', quote_ident(attname), format_type(atttypid, atttypmod),
     attnotnull, attstorage, attacl, attidentity, attgenerated,
     (SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef
      WHERE adrelid = attrelid AND adnum = attnum)), ',' ORDER BY attnum)
   FROM pg_attribute WHERE attrelid = c.oid AND NOT attisdropped
     AND (attnum > 0 OR attacl IS NOT NULL))) FROM pg_class c
WHERE oid IN (SELECT objid FROM members WHERE classid = 'pg_class'::regclass)
)";

struct OwnedCatalog {
  std::string_view catalog;
  std::string_view owner;
};
constexpr auto kOwned = std::to_array<OwnedCatalog>({
    {"pg_collation", "collowner"},
    {"pg_conversion", "conowner"},
    {"pg_event_trigger", "evtowner"},
    {"pg_foreign_data_wrapper", "fdwowner"},
    {"pg_foreign_server", "srvowner"},
    {"pg_language", "lanowner"},
    {"pg_namespace", "nspowner"},
    {"pg_opclass", "opcowner"},
    {"pg_operator", "oprowner"},
    {"pg_opfamily", "opfowner"},
    {"pg_ts_config", "cfgowner"},
    {"pg_ts_dict", "dictowner"},
});

std::string OwnersQuery() {
  std::string query;
  for (const OwnedCatalog& owned : kOwned) {
    query += fmt::format(
        "UNION ALL SELECT '{0}'::regclass, oid, pg_get_userbyid({1}) FROM {0} WHERE oid IN "
        "(SELECT objid FROM members WHERE classid = '{0}'::regclass)\n",
        owned.catalog, owned.owner);
  }
  return query;
}

// Members of operator families without a class belong to no extension either.
constexpr std::string_view kMembers = R"(
SELECT i.type || ' ' || i.identity || ' of extension ' || quote_ident(m.extname) AS name,
  md5(concat_ws(' ', p.text, obj_description(m.objid, m.catalog))) AS digest
FROM members m JOIN p ON p.class = m.classid AND p.oid = m.objid,
  LATERAL pg_identify_object(m.classid, m.objid, 0) i
UNION ALL
SELECT i.type || ' ' || i.identity || ' of extension ' || quote_ident(m.extname),
  md5(coalesce(obj_description(m.objid, m.catalog), ''))
FROM members m, LATERAL pg_identify_object(m.classid, m.objid, 0) i
WHERE NOT EXISTS (SELECT FROM p WHERE p.class = m.classid AND p.oid = m.objid)
UNION ALL
SELECT pg_describe_object(f.class, f.oid, 0), ''
FROM (SELECT 'pg_amop'::regclass AS class, oid, amopfamily AS family FROM pg_amop
      UNION ALL SELECT 'pg_amproc'::regclass, oid, amprocfamily FROM pg_amproc) f
WHERE f.oid >= 16384 AND (f.family < 16384 OR EXISTS (SELECT FROM members m
  WHERE m.classid = 'pg_opfamily'::regclass AND m.objid = f.family))
UNION ALL
SELECT 'comments on built-in objects', md5(string_agg(concat_ws(' ', classoid, objoid, objsubid,
  description), ',' ORDER BY classoid, objoid, objsubid)) FROM pg_description
WHERE objoid < 16384 AND objoid <> 2200)";

// The catalogs whose built-in rows only a superuser can change. Columns of others change on their
// own: storage, statistics, versions of collations.
constexpr auto kBuiltIn = std::to_array<std::string_view>(
    {"pg_am", "pg_amop", "pg_amproc", "pg_cast", "pg_conversion", "pg_language", "pg_opclass",
     "pg_operator", "pg_opfamily", "pg_proc", "pg_ts_config", "pg_ts_dict", "pg_ts_parser",
     "pg_ts_template", "pg_type"});

std::string BuiltInQuery() {
  std::string query;
  for (const std::string_view catalog : kBuiltIn) {
    query += fmt::format(
        "UNION ALL SELECT 'built-in rows of {0}', md5(string_agg(t::text, ',' ORDER BY oid)) "
        "FROM {0} t WHERE oid < 16384\n",
        catalog);
  }
  return query;
}

// Names are written with schemas, because the search_path is only pg_catalog.
std::string Query() {
  return "SET LOCAL search_path = pg_catalog; WITH members AS MATERIALIZED (SELECT d.classid, "
         "d.objid, e.extname, c.relname AS catalog FROM pg_depend d JOIN pg_extension e ON e.oid = "
         "d.refobjid JOIN pg_class c ON c.oid = d.classid WHERE d.refclassid = "
         "'pg_extension'::regclass AND d.deptype = 'e'),\np AS MATERIALIZED (" +
         std::string(kDefinitions) + OwnersQuery() + ")" + std::string(kMembers) + "\n" +
         BuiltInQuery();
}

}  // namespace

Result<std::vector<SystemObject>> ReadSystemObjects(postgres::Session& session) {
  TRY(session.Query("BEGIN READ ONLY"));
  TRY_ASSIGN(const std::vector<postgres::Rows> results, session.Query(Query()));
  TRY(session.Query("COMMIT"));
  std::vector<SystemObject> objects;
  postgres::ForEachRecord(results.back(), [&](const postgres::Record& row) {
    objects.push_back({row.Text("name"), row.Text("digest")});
  });
  std::sort(objects.begin(), objects.end());
  return objects;
}

std::vector<std::string> DescribeSystemChanges(const std::vector<SystemObject>& changed,
                                               const std::vector<SystemObject>& original) {
  std::map<std::string, std::string> before;
  for (const SystemObject& object : original) before[object.name] = object.digest;
  std::vector<std::string> lines;
  for (const SystemObject& object : changed) {
    const auto found = before.find(object.name);
    if (found == before.end()) {
      lines.push_back(object.name + " (the migrations add it)");
      continue;
    }
    if (found->second != object.digest)
      lines.push_back(object.name + " (the migrations change it)");
    before.erase(found);
  }
  for (const auto& [name, digest] : before) lines.push_back(name + " (the migrations remove it)");
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace ballast::introspect
