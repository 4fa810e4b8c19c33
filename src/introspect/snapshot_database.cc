// SPDX-License-Identifier: Apache-2.0
// Objects of the database itself in the snapshot: extensions, languages, publications, settings …
#include <algorithm>

#include "catalog/property_name.h"
#include "introspect/snapshot_internal.h"

namespace ballast::introspect {
namespace {

// The content of an extension is ignored; only its schema, and a version or comment other than that
// of its control file, are properties. Class 0: its comment is not read with the others.
constexpr std::string_view kExtensions = R"(
SELECT 0::oid AS class, e.oid, 'extension' AS kind, @q(e.extname) AS object, '' AS note,
  NULL::oid AS owner, NULL::oid AS grantor, NULL::aclitem[] AS acl, 'f'::"char" AS acltype,
  e.extname, e.extnamespace, e.extversion
FROM pg_extension e WHERE e.extname <> 'plpgsql' AND @global(extension, @q(e.extname))
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_extension'::regclass
    AND d.objid = e.oid AND d.deptype = 'e'))";

constexpr std::string_view kAvailable = R"(
SELECT name, default_version, comment FROM pg_available_extensions())";

constexpr std::string_view kExtensionSnapshot = R"(
SELECT e.kind, e.object, p.* FROM extensions e JOIN pg_namespace n ON n.oid = e.extnamespace,
LATERAL @properties(
  ('schema', CASE WHEN n.oid = (SELECT namespace FROM me) THEN '<target>' ELSE @q(n.nspname) END, 0),
  ('version', NULLIF(e.extversion, (SELECT default_version FROM available
                                    WHERE name = e.extname)), 0),
  ('comment', NULLIF(obj_description(e.oid, 'pg_extension'),
                     (SELECT comment FROM available WHERE name = e.extname)), 0)
) p)";

constexpr std::string_view kLanguages = R"(
SELECT 'pg_language'::regclass::oid AS class, l.oid, 'language' AS kind, @q(l.lanname) AS object,
  '' AS note, l.lanowner AS owner, l.lanowner AS grantor, l.lanacl AS acl, 'l'::"char" AS acltype,
  l.lanpltrusted, l.lanplcallfoid, l.laninline, l.lanvalidator
FROM pg_language l WHERE l.oid >= 16384 AND @global(language, @q(l.lanname))
  AND NOT EXISTS (SELECT FROM x WHERE x.classid = 'pg_language'::regclass AND x.objid = l.oid))";

constexpr std::string_view kLanguageSnapshot = R"(
SELECT o.kind, o.object, p.* FROM languages o, LATERAL @properties(
  ('handler', o.lanplcallfoid::regproc::text, 0),
  ('inline', NULLIF(o.laninline::regproc::text, '-'), 0),
  ('validator', NULLIF(o.lanvalidator::regproc::text, '-'), 0),
  ('trusted', CASE WHEN o.lanpltrusted THEN 'yes' END, 0)
) p)";

constexpr std::string_view kPublications = R"(
SELECT 'pg_publication'::regclass::oid AS class, b.oid, 'publication' AS kind,
  @q(b.pubname) AS object, '' AS note, b.pubowner AS owner, b.pubowner AS grantor,
  NULL::aclitem[] AS acl, 'f'::"char" AS acltype, b.puballtables, b.pubinsert, b.pubupdate,
  b.pubdelete, b.pubtruncate, b.pubviaroot, @since(18, b.pubgencols, 'n'::"char") AS gencols
FROM pg_publication b WHERE @global(publication, @q(b.pubname))
  AND NOT EXISTS (SELECT FROM x WHERE x.classid = 'pg_publication'::regclass AND x.objid = b.oid))";

constexpr std::string_view kPublicationSnapshot = R"(
SELECT b.kind, b.object, p.* FROM publications b, LATERAL @properties(
  ('all tables', CASE WHEN b.puballtables THEN 'yes' END, 0),
  ('publish', concat_ws(', ', CASE WHEN b.pubinsert THEN 'insert' END,
     CASE WHEN b.pubupdate THEN 'update' END, CASE WHEN b.pubdelete THEN 'delete' END,
     CASE WHEN b.pubtruncate THEN 'truncate' END), 0),
  ('via root', CASE WHEN b.pubviaroot THEN 'yes' END, 0),
  ('generated columns', CASE WHEN b.gencols = 's' THEN 'stored' END, 0),
  ('schemas', @since(15, (SELECT string_agg(s.object, ', ' ORDER BY s.object COLLATE "C")
     FROM pg_publication_namespace n JOIN s ON s.oid = n.pnnspid WHERE n.pnpubid = b.oid),
     NULL::text), 0)
) p
UNION ALL
SELECT b.kind, b.object, 'table ' || r.object,
  @since(15, concat_ws(' ', COALESCE((SELECT '(' || string_agg(@q(a.attname), ', '
                ORDER BY a.attname::text COLLATE "C") || ')'
              FROM pg_attribute a WHERE a.attrelid = t.prrelid AND a.attnum = ANY (t.prattrs)),
              'all columns'),
     'where ' || pg_get_expr(t.prqual, t.prrelid)), 'all columns'), 2
FROM publications b JOIN pg_publication_rel t ON t.prpubid = b.oid JOIN r ON r.oid = t.prrelid)";

// The same of publications that are not in scope, where only the scope asks for it.
constexpr std::string_view kPublishedTables = R"(
SELECT p.kind, p.object, p.property,
  @since(15, concat_ws(' ', COALESCE((SELECT '(' || string_agg(@q(a.attname), ', '
                ORDER BY a.attname::text COLLATE "C") || ')'
              FROM pg_attribute a WHERE a.attrelid = t.prrelid AND a.attnum = ANY (t.prattrs)),
              'all columns'),
     'where ' || pg_get_expr(t.prqual, t.prrelid)), 'all columns'), 2
FROM (VALUES @published()) p (kind, object, property, publication)
  JOIN r ON r.kind = p.kind AND r.object = p.object
  JOIN pg_publication b ON @q(b.pubname) = p.publication
  JOIN pg_publication_rel t ON t.prpubid = b.oid AND t.prrelid = r.oid)";

// The columns of subscriptions that every role can read; before 14 not even the oid.
constexpr std::string_view kSubscriptions = R"(
SELECT 'pg_subscription'::regclass::oid AS class, @since(14, b.oid, 0::oid) AS oid,
  'subscription' AS kind, @q(b.subname) AS object, '' AS note, b.subowner AS owner,
  b.subowner AS grantor, NULL::aclitem[] AS acl, 'f'::"char" AS acltype,
  b.subenabled, b.subslotname, b.subpublications,
  @since(14, concat_ws(' ', 'binary', b.subbinary, 'streaming', b.substream, 'synchronous_commit',
                       b.subsynccommit), NULL::text) AS transfer,
  @since(15, concat_ws(' ', 'two_phase', b.subtwophasestate, 'disable_on_error',
                       b.subdisableonerr), NULL::text) AS failure,
  @since(16, concat_ws(' ', 'password_required', b.subpasswordrequired, 'run_as_owner',
                       b.subrunasowner, 'origin', b.suborigin), NULL::text) AS origin,
  @since(17, concat_ws(' ', 'failover', b.subfailover), NULL::text) AS failover
FROM pg_subscription b
WHERE b.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND @global(subscription, @q(b.subname)))";

constexpr std::string_view kSubscriptionSnapshot = R"(
SELECT b.kind, b.object, p.* FROM subscriptions b, LATERAL @properties(
  ('enabled', CASE WHEN b.subenabled THEN 'yes' ELSE 'no' END, 0),
  ('slot', b.subslotname::text, 0),
  ('publications', (SELECT string_agg(@vocabulary(2, @q(n), n), ', ' ORDER BY n COLLATE "C")
                    FROM unnest(b.subpublications) n), 0),
  @from(2, ('transfer', b.transfer, 0)), @from(2, ('failure', b.failure, 0)),
  @from(2, ('origin', b.origin, 0)), @from(2, ('failover', b.failover, 0))
) p)";

constexpr std::string_view kEventTriggers = R"(
SELECT 'pg_event_trigger'::regclass::oid AS class, v.oid, 'event trigger' AS kind,
  @q(v.evtname) AS object, '' AS note, v.evtowner AS owner, v.evtowner AS grantor,
  NULL::aclitem[] AS acl, 'f'::"char" AS acltype, v.evtevent, v.evtfoid, v.evtenabled, v.evttags
FROM pg_event_trigger v WHERE @global(event trigger, @q(v.evtname))
  AND NOT EXISTS (SELECT FROM x WHERE x.classid = 'pg_event_trigger'::regclass
                  AND x.objid = v.oid))";

constexpr std::string_view kEventTriggerSnapshot = R"(
SELECT v.kind, v.object, p.* FROM event_triggers v, LATERAL @properties(
  ('event', v.evtevent::text, 0),
  ('function', v.evtfoid::regprocedure::text, 0),
  ('tags', (SELECT string_agg(t, ', ' ORDER BY t) FROM unnest(v.evttags) t), 0),
  ('enabled', CASE v.evtenabled WHEN 'D' THEN 'no' WHEN 'R' THEN 'on replica'
                                WHEN 'A' THEN 'always' END, 0)
) p)";

constexpr std::string_view kDatabase = R"(
SELECT 'pg_database'::regclass::oid AS class, d.oid, 'database' AS kind, 'this' AS object,
  '' AS note, NULL::oid AS owner, d.datdba AS grantor, d.datacl AS acl, 'd'::"char" AS acltype,
  NULLIF(d.datconnlimit, -1) AS connections
FROM pg_database d WHERE d.datname = current_database() AND @global(database, 'this'))";

constexpr std::string_view kDatabaseSnapshot = R"(
SELECT kind, object, 'connection limit', connections::text, 0 FROM this_database
WHERE connections IS NOT NULL
UNION ALL
SELECT d.kind, d.object, 'comment', c.description, 0 FROM this_database d
  JOIN pg_shdescription c ON c.classoid = d.class AND c.objoid = d.oid
UNION ALL
SELECT d.kind, d.object, 'security label ' || c.provider, c.label, 0 FROM this_database d
  JOIN pg_shseclabel c ON c.classoid = d.class AND c.objoid = d.oid)";

// ALTER DATABASE … SET and ALTER ROLE … IN DATABASE … SET.
constexpr std::string_view kSettingSnapshot = R"(
SELECT 'setting', n.object, 'value', substr(c, position('=' IN c) + 1), 0
FROM pg_db_role_setting g, unnest(g.setconfig) c, LATERAL (
  SELECT split_part(c, '=', 1) || CASE WHEN g.setrole = 0 THEN ''
                                       ELSE ' of ' || @role(g.setrole) END) n (object)
WHERE g.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND @global(setting, n.object))";

constexpr std::string_view kLargeObjectSnapshot = R"(
SELECT 'large objects', 'all', 'count', count(*)::text, 0
FROM pg_largeobject_metadata WHERE @global(large objects, 'all') HAVING count(*) > 0)";

constexpr std::string_view kDefaultPrivileges = R"(
SELECT 'pg_default_acl'::regclass::oid AS class, d.oid, 'default privileges' AS kind,
  s.prefix || w.words AS object, '' AS note, NULL::oid AS owner, d.defaclrole AS grantor,
  d.defaclacl AS acl, 'c'::"char" AS acltype
FROM pg_default_acl d JOIN s ON s.oid = d.defaclnamespace, LATERAL (
  SELECT CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences'
    WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas'
    ELSE 'large objects' END
    || CASE WHEN d.defaclrole = (SELECT base FROM me) THEN '' ELSE ' of ' || @role(d.defaclrole) END) w (words)
WHERE @global(default privileges, s.prefix || w.words))";

constexpr std::string_view kDatabaseDefaultPrivileges = R"(
SELECT 'pg_default_acl'::regclass::oid AS class, d.oid, 'database default privileges' AS kind,
  w.words AS object, '' AS note, NULL::oid AS owner, d.defaclrole AS grantor, d.defaclacl AS acl,
  CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END::"char" AS acltype
FROM pg_default_acl d, LATERAL (SELECT CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences'
    WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas'
    ELSE 'large objects' END
    || CASE WHEN d.defaclrole = (SELECT base FROM me) THEN '' ELSE ' of ' || @role(d.defaclrole) END) w (words)
WHERE d.defaclnamespace = 0 AND @global(database default privileges, w.words))";

// The schemas outside the scope, by name.
constexpr std::string_view kOtherSchemaSnapshot = R"(
SELECT 'schema', @q(n.nspname), 'exists', 'yes', 0 FROM pg_namespace n
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'public', @own_schemas())
  AND n.nspname !~ '^pg_(toast_)?temp_' AND NOT EXISTS (SELECT FROM s WHERE s.oid = n.oid)
  AND NOT EXISTS (SELECT FROM x WHERE x.classid = 'pg_namespace'::regclass AND x.objid = n.oid))";

}  // namespace

std::vector<SnapshotQueryPart> PublishedTableParts(const catalog::Scope& scope) {
  const bool asked = std::ranges::any_of(scope.privileges, [](const std::string& line) {
    const Result<catalog::ObjectProperty> entry = catalog::ParseProperty(line);
    return entry.ok() && entry->property.starts_with(catalog::kPublishedBy);
  });
  if (!asked) return {};
  return {{"", {}, kPublishedTables, {}, false}};
}

std::vector<SnapshotQueryPart> DatabaseParts() {
  return {{"available", kAvailable, {}, {"extension"}, false},
          {"extensions", kExtensions, kExtensionSnapshot, {"extension"}},
          {"languages", kLanguages, kLanguageSnapshot, {"language"}},
          {"publications", kPublications, kPublicationSnapshot, {"publication"}},
          {"subscriptions", kSubscriptions, kSubscriptionSnapshot, {"subscription"}},
          {"event_triggers", kEventTriggers, kEventTriggerSnapshot, {"event trigger"}},
          {"this_database", kDatabase, kDatabaseSnapshot, {"database"}},
          {"", {}, kSettingSnapshot, {"setting"}, false},
          {"", {}, kOtherSchemaSnapshot, {"other schema"}, false},
          {"", {}, kLargeObjectSnapshot, {"large objects"}, false},
          {"default_privileges", kDefaultPrivileges, {}, {"default privileges"}},
          {"database_default_privileges",
           kDatabaseDefaultPrivileges,
           {},
           {"database default privileges"}}};
}

}  // namespace ballast::introspect
