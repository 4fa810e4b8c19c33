// SPDX-License-Identifier: Apache-2.0
// Owners, grants, comments and security labels of every object, in the snapshot.
#include <algorithm>

#include "catalog/property_name.h"
#include "introspect/snapshot_internal.h"

namespace ballast::introspect {
namespace {

// Changes to the privileges of objects of initdb or of extensions, which are otherwise not listed.
// pg_init_privs has the initial ones. Each catalog is compared with them before the rest is asked
// about the few objects that differ: thousands do not.
constexpr std::string_view kSystemPrivileges = R"(
SELECT k.kind, CASE WHEN k.kind IN ('language', 'schema') OR n.oid = (SELECT namespace FROM me) THEN ''
    ELSE @q(n.nspname) || '.' END || k.name AS object, '' AS note, k.owner, COALESCE(k.acl, acldefault(k.acltype, k.owner)) AS acl,
  COALESCE(k.initprivs, acldefault(k.acltype, k.owner)) AS base, false AS open, NULL::aclitem[] AS defaults
FROM (
  SELECT 'pg_proc'::regclass::oid AS class, oid, 'function' AS kind, pronamespace AS namespace,
    @q(proname) || '(' || oidvectortypes(proargtypes) || ')' AS name, proowner AS owner,
    proacl AS acl, 'f'::"char" AS acltype, initprivs
  FROM pg_proc
    LEFT JOIN pg_init_privs ON classoid = 'pg_proc'::regclass AND objoid = oid AND objsubid = 0
  WHERE proacl IS DISTINCT FROM initprivs
  UNION ALL
  SELECT 'pg_class'::regclass, oid,
    CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence'
      WHEN 'f' THEN 'foreign table' ELSE 'table' END, relnamespace, @q(relname), relowner, relacl,
    CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", initprivs
  FROM pg_class
    LEFT JOIN pg_init_privs ON classoid = 'pg_class'::regclass AND objoid = oid AND objsubid = 0
  WHERE relkind IN ('r', 'v', 'm', 'p', 'S', 'f') AND relacl IS DISTINCT FROM initprivs
  UNION ALL
  SELECT 'pg_type'::regclass, oid, 'type', typnamespace, @q(typname), typowner, typacl, 'T',
    initprivs
  FROM pg_type
    LEFT JOIN pg_init_privs ON classoid = 'pg_type'::regclass AND objoid = oid AND objsubid = 0
  WHERE typacl IS DISTINCT FROM initprivs
  UNION ALL
  SELECT 'pg_language'::regclass, oid, 'language', 11, @q(lanname), lanowner, lanacl, 'l',
    initprivs
  FROM pg_language
    LEFT JOIN pg_init_privs ON classoid = 'pg_language'::regclass AND objoid = oid AND objsubid = 0
  WHERE lanacl IS DISTINCT FROM initprivs
  @vocabulary(2, UNION ALL (
    SELECT 'pg_class'::regclass, c.oid, 'column', relnamespace,
      @q(relname) || '.' || @q(attname), relowner, attacl, 'c'::"char", initprivs
    FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
      LEFT JOIN pg_init_privs ON classoid = 'pg_class'::regclass AND objoid = c.oid
        AND objsubid = attnum
    WHERE attacl IS NOT NULL AND attacl IS DISTINCT FROM initprivs
    UNION ALL
    SELECT 'pg_namespace'::regclass, oid, 'schema', 11, 'pg_catalog', nspowner, nspacl,
      'n'::"char", initprivs
    FROM pg_namespace
      LEFT JOIN pg_init_privs ON classoid = 'pg_namespace'::regclass AND objoid = oid
        AND objsubid = 0
    WHERE nspname = 'pg_catalog' AND nspacl IS DISTINCT FROM initprivs), )
) k JOIN pg_namespace n ON n.oid = k.namespace
  LEFT JOIN x ON x.classid = k.class AND x.objid = k.oid
WHERE n.nspname <> 'information_schema'
  AND CASE WHEN k.kind = 'language' THEN @global(language, k.name)
        WHEN x.objid IS NOT NULL THEN @global(extension, x.extension)
        ELSE k.oid < 16384 AND @catalog() END)";

// PUBLIC has USAGE on the `public` schema of initdb, and until 14 CREATE, but not on a
// `public` that a user created. So privileges of PUBLIC on the target schema are ignored, unless
// USAGE was revoked; so are those of the base owner, who works there in any case.
constexpr std::string_view kObjectPrivileges = R"(
SELECT o.kind, o.object, o.note, o.grantor AS owner, o.acl,
  CASE WHEN o.kind = 'schema' AND o.oid = (SELECT oid FROM pg_namespace WHERE nspname = 'public')
       THEN acldefault('n', o.grantor) || makeaclitem(0, o.grantor, 'USAGE', false)
       ELSE acldefault(o.acltype, o.grantor) END AS base,
  o.kind = 'schema' AND o.object IN ('<target>', 'public') AS open,
  @platform((SELECT COALESCE(g.defaclacl, acldefault(o.acltype, o.grantor))
      || COALESCE(i.defaclacl, '{}')
    FROM (SELECT CASE o.class
        WHEN 'pg_class'::regclass THEN (SELECT relnamespace FROM pg_class WHERE oid = o.oid)
        WHEN 'pg_proc'::regclass THEN (SELECT pronamespace FROM pg_proc WHERE oid = o.oid)
        WHEN 'pg_type'::regclass THEN (SELECT typnamespace FROM pg_type WHERE oid = o.oid)
        WHEN 'pg_namespace'::regclass THEN 0 END AS namespace,
      CASE o.acltype WHEN 's' THEN 'S' ELSE o.acltype END AS type) n
    LEFT JOIN pg_default_acl g ON g.defaclrole = o.grantor AND g.defaclnamespace = 0
      AND g.defaclobjtype = n.type
    LEFT JOIN pg_default_acl i ON i.defaclrole = o.grantor AND n.namespace <> 0
      AND i.defaclnamespace = n.namespace AND i.defaclobjtype = n.type
    WHERE n.namespace IS NOT NULL AND (g.oid IS NOT NULL OR i.oid IS NOT NULL)),
    NULL::aclitem[]) AS defaults
FROM o WHERE o.acl IS NOT NULL
UNION ALL
SELECT kind, object, note, grantor, acl, acldefault(acltype, grantor), false, NULL
FROM columns WHERE acl IS NOT NULL)";

// System columns are not listed as columns, but can have privileges.
constexpr std::string_view kSystemColumnPrivileges = R"(
SELECT 'column', r.object || '.' || a.attname, '', r.relowner, a.attacl,
  acldefault('c', r.relowner), false, NULL
FROM r JOIN pg_attribute a ON a.attrelid = r.oid
WHERE a.attnum < 0 AND a.attacl IS NOT NULL)";

// A platform's default privileges (Supabase: GRANT … TO anon) give privileges on all that a deploy
// makes. Where the scope has no default privileges, what they give is left out of the grants and
// what they take is left out of the revocations, unless it is expected (PostgreSQL manual, ALTER
// DEFAULT PRIVILEGES: those of the database replace the built-in ones, those of a schema
// come on top).
//
// MAINTAIN exists since 17, and nobody had to grant it before: it counts neither in addition to all
// other privileges on a table nor when taken away.
constexpr std::string_view kGrants = R"(
SELECT kind, object, note || direction || ' ' || @role(grantee)
    || CASE WHEN grantor <> owner THEN ' by ' || @role(grantor) ELSE '' END,
  string_agg(privilege_type || CASE WHEN is_grantable THEN ' with grant option' ELSE '' END, ', '
             ORDER BY privilege_type, is_grantable), 0
FROM (
  SELECT a.kind, a.object, a.note, a.owner, e.*, count(*) FILTER (WHERE privilege_type <> 'MAINTAIN')
    OVER (PARTITION BY a.kind, a.object, a.note, direction, grantee, grantor) AS others
  FROM rights a, LATERAL (
    (SELECT 'grant to' AS direction, * FROM aclexplode(a.acl)
     EXCEPT SELECT 'grant to', * FROM aclexplode(a.base))
    UNION ALL
    (SELECT 'revoke from', * FROM aclexplode(a.base)
     EXCEPT SELECT 'revoke from', * FROM aclexplode(a.acl))
  ) e
  WHERE NOT (a.open AND (grantee = (SELECT base FROM me) OR grantee = 0
    AND NOT (direction = 'revoke from' AND privilege_type = 'USAGE'
      @vocabulary(2, @since(15, OR direction = 'grant to' AND privilege_type = 'CREATE'
        AND @stated(a.kind, a.object, a.note || 'grant to PUBLIC', 'CREATE'), ), ))))
  @platform(AND NOT (a.defaults IS NOT NULL
    AND (direction = 'grant to') = EXISTS (SELECT FROM aclexplode(a.defaults) d
      WHERE d.grantee = e.grantee AND d.privilege_type = e.privilege_type
        AND d.is_grantable = e.is_grantable)
    AND NOT @expected(a.kind, a.object, a.note || direction || ' ' || @role(grantee)
        || CASE WHEN grantor <> owner THEN ' by ' || @role(grantor) ELSE '' END,
      privilege_type || CASE WHEN is_grantable THEN ' with grant option' ELSE '' END)), )
  @optional(AND NOT (direction = 'grant to' AND grantor = owner AND @expected(a.kind, a.object,
    a.note || 'optional grant to ' || quote_ident(pg_get_userbyid(grantee)),
    privilege_type || CASE WHEN is_grantable THEN ' with grant option' ELSE '' END)))
) g
WHERE privilege_type <> 'MAINTAIN' OR direction = 'grant to' AND others < 7
GROUP BY kind, object, note, direction, grantee, grantor, owner)";

// What the history revokes although a new database has no such privilege, and what it grants only
// where a role exists. A role that the server does not have fulfills both, and so does the owner.
constexpr std::string_view kConditions = R"(
SELECT t.kind, t.object, t.property, string_agg(p.privilege, ', ' ORDER BY p.privilege), 0
FROM (VALUES @conditions()) t (kind, object, note, property, role, revoked, privileges)
  JOIN (SELECT kind, object, note, acl FROM o
        UNION ALL SELECT kind, object, note, acl FROM columns) a
    ON a.kind = t.kind AND a.object = t.object AND a.note = t.note
  CROSS JOIN LATERAL unnest(string_to_array(t.privileges, ', ')) p (privilege)
WHERE t.revoked <> EXISTS (SELECT FROM aclexplode(a.acl) e
    WHERE t.role = CASE e.grantee WHEN 0 THEN 'PUBLIC'
                   ELSE quote_ident(pg_get_userbyid(e.grantee)) END
      AND p.privilege IN (e.privilege_type, CASE WHEN e.is_grantable
                          THEN e.privilege_type || ' with grant option' END))
  OR t.role <> 'PUBLIC' AND NOT EXISTS (SELECT FROM pg_roles r
    WHERE quote_ident(r.rolname) = t.role AND r.oid <> (SELECT base FROM me))
GROUP BY t.kind, t.object, t.property)";

constexpr std::string_view kRoles = R"(
SELECT 'role', t.role, 'exists', CASE WHEN EXISTS (SELECT FROM pg_roles r
  WHERE quote_ident(r.rolname) = t.role) THEN 'yes' ELSE 'no' END, 0
FROM (VALUES @roles()) t (role))";

constexpr std::string_view kOwners = R"(
SELECT o.kind, o.object, o.note || 'owner', @role(o.owner), 0 FROM o
WHERE o.owner <> (SELECT base FROM me))";

constexpr std::string_view kComments = R"(
SELECT o.kind, o.object, o.note || 'comment', d.description, 0
FROM o JOIN pg_description d ON d.classoid = o.class AND d.objoid = o.oid AND d.objsubid = 0
WHERE NOT (o.kind = 'schema' AND d.description = 'standard public schema')
UNION ALL
SELECT c.kind, c.object, c.note || 'comment', d.description, 0
FROM columns c JOIN pg_description d
  ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = c.attnum)";

// ALTER … DEPENDS ON EXTENSION: the object is dropped with the extension.
constexpr std::string_view kExtensionDependencies = R"(
SELECT o.kind, o.object, o.note || 'depends on extension',
  string_agg(@q(e.extname), ', ' ORDER BY e.extname::text COLLATE "C"), 0
FROM o JOIN pg_depend d ON d.classid = o.class AND d.objid = o.oid AND d.deptype = 'x'
  JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid
GROUP BY o.kind, o.object, o.note)";

constexpr std::string_view kLabels = R"(
SELECT o.kind, o.object, o.note || 'security label ' || d.provider, d.label, 0
FROM o JOIN pg_seclabel d ON d.classoid = o.class AND d.objoid = o.oid AND d.objsubid = 0
UNION ALL
SELECT c.kind, c.object, c.note || 'security label ' || d.provider, d.label, 0
FROM columns c JOIN pg_seclabel d
  ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = c.attnum)";

}  // namespace

std::string_view SystemPrivilegesQuery() {
  return kSystemPrivileges;
}
std::string_view PrivilegesQuery() {
  return kObjectPrivileges;
}
std::string_view SystemColumnPrivilegesQuery() {
  return kSystemColumnPrivileges;
}
std::vector<SnapshotQueryPart> ConditionParts(const catalog::Scope& scope) {
  std::vector<SnapshotQueryPart> parts;
  const bool conditions = std::ranges::any_of(scope.privileges, [](const std::string& line) {
    const Result<catalog::ObjectProperty> entry = catalog::ParseProperty(line);
    return entry.ok() && catalog::IsConditionOn(entry->property);
  });
  if (conditions) parts.push_back({"", {}, kConditions, {}, false});
  const bool roles = std::ranges::any_of(
      scope.globals, [](const std::string& global) { return global.starts_with("role "); });
  if (roles) parts.push_back({"", {}, kRoles, {}, false});
  return parts;
}
std::vector<SnapshotQueryPart> PrivilegeParts() {
  return {{"", {}, kGrants, {}, false, "grants"},
          {"", {}, kOwners, {}, false},
          {"", {}, kComments, {}, false, "comments"},
          {"", {}, kExtensionDependencies, {}, false, "extension dependencies", 2},
          {"", {}, kLabels, {}, false, "security labels"}};
}

}  // namespace ballast::introspect
