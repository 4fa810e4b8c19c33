// SPDX-License-Identifier: Apache-2.0
// Names everything that a baseline does not support, so that nothing is omitted silently.
#include <fmt/format.h>

#include "catalog/own_schemas.h"
#include "introspect/catalog_internal.h"

namespace ballast::introspect {
namespace {

// Objects of the database or the cluster, and privileges that cannot be granted again.
constexpr const char* kBeyondObjects = R"(
SELECT 'schema that was dropped', 'public' WHERE to_regnamespace('public') IS NULL
UNION ALL
SELECT 'owner of the database', pg_get_userbyid(datdba)::text
FROM pg_database WHERE datname = current_database() AND pg_get_userbyid(datdba) <> current_user
UNION ALL
SELECT DISTINCT 'tablespace', s.spcname::text
FROM pg_class AS c JOIN pg_tablespace AS s ON s.oid = c.reltablespace WHERE s.oid >= 16384
UNION ALL
SELECT DISTINCT 'privilege granted by a role without USAGE on the schema',
  (pg_identify_object(x.class, x.oid, x.part)).identity
FROM (
  SELECT 'pg_class'::regclass AS class, oid, 0 AS part, relnamespace AS namespace, relowner AS owner,
    relacl AS acl FROM pg_class
  UNION ALL SELECT 'pg_class'::regclass, c.oid, attnum, relnamespace, relowner, attacl
  FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid WHERE attacl IS NOT NULL
  UNION ALL SELECT 'pg_proc'::regclass, oid, 0, pronamespace, proowner, proacl FROM pg_proc
  UNION ALL SELECT 'pg_type'::regclass, oid, 0, typnamespace, typowner, typacl FROM pg_type
) AS x CROSS JOIN LATERAL aclexplode(x.acl) AS a
WHERE x.oid >= 16384 AND a.grantor <> x.owner
  AND NOT has_schema_privilege(a.grantor, x.namespace, 'USAGE'))";

constexpr const char* kOwnSchemas = R"( UNION ALL
SELECT 'schema with the name of ballast''s own', nspname::text
FROM pg_namespace WHERE nspname IN ({}))";

// Ends where the supported schemas are listed.
constexpr const char* kUnsupported = R"(
SELECT 'subscription' AS kind, subname::text AS name FROM pg_subscription
WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
UNION ALL
SELECT 'large object', oid::text FROM pg_largeobject_metadata
UNION ALL
SELECT 'security label', (pg_identify_object(classoid, objoid, objsubid)).identity FROM pg_seclabel
UNION ALL
SELECT 'privilege on a built-in or extension object',
  (pg_identify_object(x.classoid, x.objoid, x.objsubid)).identity
FROM (
  SELECT 'pg_class'::regclass AS classoid, oid AS objoid, 0 AS objsubid, relacl AS acl
  FROM pg_class WHERE relnamespace <> 'information_schema'::regnamespace
  UNION ALL SELECT 'pg_class'::regclass, attrelid, attnum, attacl FROM pg_attribute
  WHERE attacl IS NOT NULL
  UNION ALL SELECT 'pg_proc'::regclass, oid, 0, proacl FROM pg_proc
  UNION ALL SELECT 'pg_type'::regclass, oid, 0, typacl FROM pg_type
  UNION ALL SELECT 'pg_namespace'::regclass, oid, 0, nspacl FROM pg_namespace
  WHERE nspname NOT IN ('public', 'information_schema')
  UNION ALL SELECT 'pg_language'::regclass, oid, 0, lanacl FROM pg_language
) AS x
LEFT JOIN pg_init_privs AS i ON i.classoid = x.classoid AND i.objoid = x.objoid
  AND i.objsubid = x.objsubid
WHERE x.acl IS DISTINCT FROM i.initprivs AND (x.objoid < 16384 OR EXISTS (
  SELECT 1 FROM pg_depend AS e WHERE e.classid = x.classoid AND e.objid = x.objoid
  AND e.deptype = 'e' AND x.classoid <> 'pg_proc'::regclass))
UNION ALL
SELECT 'privileges on functions of an extension', quote_ident(e.extname) || ': ' || count(*)::text
  || ', first ' || min((pg_identify_object('pg_proc'::regclass, p.oid, 0)).identity)
  || '; create the extension before ALTER DEFAULT PRIVILEGES and after GRANT, or in the setup script'
FROM pg_extension AS e
JOIN pg_depend AS d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
  AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
JOIN pg_proc AS p ON p.oid = d.objid
LEFT JOIN pg_init_privs AS i ON i.classoid = d.classid AND i.objoid = p.oid AND i.objsubid = 0
WHERE p.proacl IS DISTINCT FROM i.initprivs GROUP BY e.extname
UNION ALL
SELECT 'operator without a function', o.oid::regoperator::text || ', left by one that was dropped; '
  || 'drop it, too'
FROM pg_operator AS o JOIN pg_namespace AS n ON n.oid = o.oprnamespace
WHERE o.oprcode = 0 AND NOT EXISTS (
  SELECT 1 FROM pg_operator AS u WHERE u.oprcode <> 0 AND o.oid IN (u.oprcom, u.oprnegate))
UNION ALL
SELECT 'constraint whose triggers are disabled',
  quote_ident(k.conname) || ' on ' || k.conrelid::regclass::text
FROM pg_constraint AS k WHERE k.contype IN ('f', 'u', 'p', 'x') AND EXISTS (
  SELECT 1 FROM pg_trigger AS t WHERE t.tgconstraint = k.oid AND t.tgisinternal
  AND t.tgenabled <> 'O')
UNION ALL
SELECT 'relation of an unknown kind', c.oid::regclass::text
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind NOT IN ('r', 'p', 'f', 'v', 'm', 'S', 'i', 'I', 'c', 't') AND )";

std::string UnsupportedQuery(const Reading& reading) {
  std::string query = std::string(kUnsupported) + SupportedSchema();
  query += std::string(" UNION ALL ") + kBeyondObjects;
  if (!reading.options->has_journal) query += fmt::format(kOwnSchemas, catalog::kOwnSchemas);
  if (reading.major >= 15) {
    query += " UNION ALL SELECT 'privilege on a parameter', parname FROM pg_parameter_acl";
  }
  return query + " ORDER BY 1, 2";
}

void ReadUnsupported(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    reading.database.unsupported.push_back({row.Text("kind"), row.Text("name")});
  });
}

// Comments on objects of unknown kinds.
std::string CommentedQuery(const Reading&) {
  return "SELECT d.classoid::int8 AS catalog, d.objoid::int8 AS object, d.objsubid AS part, "
         "pg_describe_object(d.classoid, d.objoid, d.objsubid) AS name FROM pg_description AS d "
         "WHERE d.objoid >= 16384 AND NOT EXISTS (SELECT 1 FROM pg_depend AS e WHERE e.classid = "
         "d.classoid AND e.objid = d.objoid AND e.deptype = 'e')";
}

void ReadCommented(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const catalog::ObjectId id{row.Oid("catalog"), row.Oid("object"),
                               static_cast<int32_t>(row.Number("part"))};
    const std::string name = row.Text("name");
    const bool of_ours = name.find("_prisma_migrations") != name.npos ||
                         name.find("ballast.") != name.npos || name == "schema ballast";
    if (reading.database.addresses.contains(id) || of_ours) return;
    reading.database.unsupported.push_back({"comment", name});
  });
}

}  // namespace

const std::vector<Part>& UnsupportedQueries() {
  static const std::vector<Part> parts = {{UnsupportedQuery, ReadUnsupported},
                                          {CommentedQuery, ReadCommented}};
  return parts;
}

}  // namespace ballast::introspect
