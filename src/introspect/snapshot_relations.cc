// SPDX-License-Identifier: Apache-2.0
// Schemas, tables, views, sequences and columns in the snapshot.
#include "introspect/snapshot_internal.h"

namespace ballast::introspect {
namespace {

// The schemas themselves; `s` has more (snapshot_query.cc). Every database has a `public`. A user
// who creates it again takes USAGE from PUBLIC; because `prisma migrate reset` does so, that counts
// only if the history does.
constexpr std::string_view kSchemas = R"(
SELECT 'pg_namespace'::regclass::oid AS class, s.oid, 'schema' AS kind, s.object, '' AS note,
  CASE WHEN (s.nspname = 'public' OR s.object = '<target>') AND s.nspowner IN (10, 6171)
    THEN NULL ELSE s.nspowner END AS owner, s.nspowner AS grantor,
  @vocabulary(2, COALESCE(s.nspacl, CASE WHEN s.nspname = 'public'
      AND @stated('schema', s.object, 'revoke from PUBLIC', 'USAGE')
    THEN acldefault('n', s.nspowner) END), s.nspacl) AS acl, 'n'::"char" AS acltype
FROM s
WHERE NOT EXISTS (SELECT FROM x WHERE x.classid = 'pg_namespace'::regclass AND x.objid = s.oid)
  AND (s.object <> '<target>' OR @global(schema, s.object)))";

constexpr std::string_view kSchemaSnapshot = R"(
SELECT kind, object, 'exists', 'yes', 0 FROM schemas WHERE object NOT IN ('<target>', 'public'))";

// Every relation in scope with its identity, except the migrations table and members of extensions.
constexpr std::string_view kRelations = R"(
SELECT 'pg_class'::regclass::oid AS class, c.oid,
  CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
    WHEN 'f' THEN 'foreign table' WHEN 'S' THEN 'sequence' WHEN 'c' THEN 'composite type'
    WHEN 'i' THEN 'index' WHEN 'I' THEN 'index' ELSE 'table' END AS kind,
  s.prefix || @q(c.relname) AS object, c.relkind, c.relname, s.nspname, s.prefix,
  c.relowner, c.relacl, c.reltablespace, c.relam, c.relpersistence, c.relreplident,
  c.relrowsecurity, c.relforcerowsecurity, c.relispartition, c.reloptions,
  t.reloptions AS toast_options, c.reloftype, c.relispopulated, c.relpartbound
FROM pg_class c JOIN s ON s.oid = c.relnamespace
  LEFT JOIN pg_class t ON t.oid = c.reltoastrelid AND t.reloptions IS NOT NULL
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c', 'i', 'I')
  AND @vocabulary(2, NOT (c.relname = '_prisma_migrations' AND c.relkind IN ('r', 'p')
                          AND c.relnamespace = (SELECT namespace FROM me)),
                  c.relname <> '_prisma_migrations')
  AND NOT EXISTS (SELECT FROM x WHERE x.classid = 'pg_class'::regclass AND x.objid = c.oid))";

constexpr std::string_view kTables = R"(
SELECT class, oid, kind, object, '' AS note, relowner AS owner, relowner AS grantor,
  relacl AS acl, 'r'::"char" AS acltype
FROM r WHERE relkind IN ('r', 'p', 'v', 'm', 'f'))";

constexpr std::string_view kTableSnapshot = R"(
SELECT r.kind, r.object, p.* FROM r, LATERAL @properties(
  ('kind', CASE r.relkind WHEN 'r' THEN 'ordinary' WHEN 'p' THEN 'partitioned' END, 0),
  ('persistence', CASE WHEN r.relpersistence = 'u' THEN 'unlogged' END, 0),
  ('options', (SELECT @list(option, option) FROM (
     SELECT unnest(r.reloptions) UNION ALL SELECT 'toast.' || unnest(r.toast_options)
   ) options (option) HAVING r.reloptions IS NOT NULL OR r.toast_options IS NOT NULL), 0),
  ('access method', CASE WHEN r.relam NOT IN (0, 2) THEN (SELECT @q(amname) FROM pg_am
     WHERE pg_am.oid = r.relam) END, 0),
  ('tablespace', CASE WHEN r.reltablespace <> 0 THEN (SELECT @q(spcname) FROM pg_tablespace t
     WHERE t.oid = r.reltablespace) END, 0),
  ('row security', CASE WHEN r.relrowsecurity THEN 'enabled' END, 0),
  ('force row security', CASE WHEN r.relforcerowsecurity THEN 'yes' END, 0),
  ('replica identity', CASE WHEN r.relkind IN ('v', 'f') THEN NULL ELSE CASE r.relreplident
     WHEN 'f' THEN 'full' WHEN 'n' THEN 'nothing'
     WHEN 'i' THEN 'index' END END, 0),
  ('of type', CASE WHEN r.reloftype <> 0 THEN format_type(r.reloftype, NULL) END, 0),
  ('partition by', CASE WHEN r.relkind = 'p' THEN pg_get_partkeydef(r.oid) END, 2),
  (CASE WHEN r.relispartition THEN 'partition of' ELSE 'inherits' END,
     (SELECT string_agg(inhparent::regclass::text, ', ' ORDER BY inhseqno) FROM pg_inherits
      WHERE inhrelid = r.oid), 0),
  ('partition bound', pg_get_expr(r.relpartbound, r.oid), 2),
  ('detach', @since(14, CASE WHEN r.relispartition THEN (SELECT 'pending' FROM pg_inherits
     WHERE inhrelid = r.oid AND inhdetachpending) END, NULL::text), 0),
  ('definition', CASE WHEN r.relkind IN ('v', 'm') THEN pg_get_viewdef(r.oid) END, 1),
  ('populated', CASE WHEN r.relkind = 'm' AND NOT r.relispopulated THEN 'no' END, 0)
) p
WHERE r.relkind IN ('r', 'p', 'v', 'm', 'f'))";

// Sequences; those of identity columns have `deptype` 'i'.
constexpr std::string_view kSequences = R"(
SELECT r.class, r.oid,
  CASE WHEN d.deptype = 'i' THEN 'column' ELSE 'sequence' END AS kind,
  CASE WHEN d.deptype = 'i' THEN t.object || '.' || @q(a.attname) ELSE r.object END AS object,
  CASE WHEN d.deptype = 'i' THEN 'sequence ' ELSE '' END AS note,
  CASE WHEN d.deptype IS NULL THEN r.relowner END AS owner, r.relowner AS grantor,
  r.relacl AS acl, 's'::"char" AS acltype,
  r.object AS name, r.relpersistence, t.relpersistence AS table_persistence,
  q.seqtypid, q.seqstart, q.seqincrement, q.seqmax, q.seqmin, q.seqcache, q.seqcycle,
  d.deptype, t.object || '.' || @q(a.attname) AS table_column
FROM r JOIN pg_sequence q ON q.seqrelid = r.oid
  LEFT JOIN (pg_depend d JOIN r t ON t.oid = d.refobjid
             JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid)
    ON d.classid = 'pg_class'::regclass AND d.objid = r.oid AND d.objsubid = 0
       AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
WHERE r.relkind = 'S')";

constexpr std::string_view kSequenceSnapshot = R"(
SELECT kind, object, note || property, value, wording FROM sequences, LATERAL @properties(
  ('name', CASE WHEN deptype = 'i' THEN name END, 0),
  ('owned by', CASE WHEN deptype = 'a' THEN table_column END, 0),
  ('persistence', CASE WHEN relpersistence = 'u' AND table_persistence IS DISTINCT FROM 'u'
                       THEN 'unlogged'
     @vocabulary(2, @since(15, WHEN relpersistence = 'p' AND table_persistence = 'u'
                           THEN 'logged', ), ) END, 0),
  ('type', format_type(seqtypid, NULL), 0),
  ('start', seqstart::text, 0),
  ('increment', seqincrement::text, 0),
  ('minimum', seqmin::text, 0),
  ('maximum', seqmax::text, 0),
  ('cache', seqcache::text, 0),
  ('cycle', CASE WHEN seqcycle THEN 'yes' END, 0)
) p (property, value, wording))";

// Columns of tables and views, and the attributes of composite types. Since 17, a partition usually
// has the identity of its partitioned table; only what differs from it is a property ('n': not
// inherited).
constexpr std::string_view kColumns = R"(
SELECT r.class, r.oid, CASE WHEN r.relkind = 'c' THEN r.kind ELSE 'column' END AS kind,
  CASE WHEN r.relkind = 'c' THEN r.object ELSE r.object || '.' || @q(a.attname) END AS object,
  CASE WHEN r.relkind = 'c' THEN 'attribute ' || @q(a.attname) || ' ' ELSE '' END AS note,
  r.relowner AS grantor, a.attacl AS acl, 'c'::"char" AS acltype, r.relkind, r.relispartition,
  row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum) AS position,
  a.attnum, a.attname, a.atttypid, a.atttypmod, a.attcollation, a.attnotnull, a.attgenerated,
  @since(17, CASE WHEN NOT r.relispartition THEN a.attidentity WHEN a.attidentity = (
      SELECT u.attidentity FROM pg_inherits i JOIN pg_attribute u ON u.attrelid = i.inhparent
      WHERE i.inhrelid = a.attrelid AND u.attname = a.attname) THEN '' ELSE
      COALESCE(NULLIF(a.attidentity, ''), 'n') END, a.attidentity) AS attidentity,
  a.attstorage, a.attislocal, a.attinhcount, a.attoptions, a.attfdwoptions,
  NULLIF(a.attstattarget, -1) AS statistics,
  @since(14, NULLIF(a.attcompression, ''), NULL::"char") AS compression,
  t.typstorage, t.typcollation
FROM r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid
WHERE r.relkind IN ('r', 'p', 'v', 'm', 'f', 'c'))";

// Since 18, NOT NULL is a named constraint; only what older versions cannot express is a property.
constexpr std::string_view kColumnSnapshot = R"(
SELECT c.kind, c.object, p.* FROM columns c
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = c.attnum
  LEFT JOIN pg_constraint n ON @since(18, n.contype = 'n' AND n.conrelid = c.oid
    AND n.conkey[1] = c.attnum AND (n.connoinherit OR NOT n.convalidated), false),
LATERAL @properties(
  ('type', format_type(c.atttypid, c.atttypmod), 0),
  ('position', CASE WHEN c.relkind NOT IN ('v', 'm') THEN c.position::text END, 0),
  ('not null', CASE WHEN NOT n.convalidated THEN 'not valid' WHEN n.connoinherit THEN 'no inherit'
                    WHEN c.attnotnull THEN 'yes' END, 0),
  (CASE c.attgenerated WHEN '' THEN 'default' ELSE 'generated' END,
     pg_get_expr(d.adbin, d.adrelid), 2)
) p WHERE c.relkind <> 'c')";

// Rarely used properties. 15.20 stores a note of its own among the options (pg_attver).
constexpr std::string_view kOptionalColumnSnapshot = R"(
SELECT c.kind, c.object, p.* FROM columns c, LATERAL @properties(
  ('collation', CASE WHEN c.attcollation <> c.typcollation
                     THEN c.attcollation::regcollation::text END, 0),
  ('generated kind', CASE c.attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END, 0),
  ('identity', CASE c.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default'
                 WHEN 'n' THEN 'not inherited' END, 0),
  ('storage', CASE WHEN c.attstorage <> c.typstorage THEN CASE c.attstorage WHEN 'p' THEN 'plain'
     WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' WHEN 'x' THEN 'extended' END END, 0),
  ('compression', CASE c.compression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END, 0),
  ('statistics', c.statistics::text, 0),
  ('options', (SELECT @list(o, o) FROM unnest(c.attoptions) o
               WHERE o NOT LIKE E'pg\\_attver=%'), 0),
  ('foreign options', (SELECT @list(@secret(o), o) FROM unnest(c.attfdwoptions) o), 0),
  ('inherited', CASE WHEN c.attinhcount > 0 AND NOT c.relispartition
                     THEN CASE WHEN c.attislocal THEN 'and local' ELSE 'yes' END END, 0)
) p WHERE c.relkind <> 'c' AND (c.attcollation <> c.typcollation OR c.attgenerated <> ''
  OR c.attidentity <> '' OR c.attstorage <> c.typstorage OR c.compression IS NOT NULL
  OR c.statistics IS NOT NULL OR c.attfdwoptions IS NOT NULL OR c.attinhcount > 0
  OR cardinality(c.attoptions) > 1 OR c.attoptions[1] NOT LIKE E'pg\\_attver=%'))";

}  // namespace

std::vector<SnapshotQueryPart> RelationParts() {
  return {{"schemas", kSchemas, kSchemaSnapshot},
          {"r", kRelations, {}, {}, false},
          {"tables", kTables, kTableSnapshot},
          {"sequences", kSequences, kSequenceSnapshot},
          {"columns", kColumns, kColumnSnapshot, {}, false},
          {"", {}, kOptionalColumnSnapshot, {}, false}};
}

}  // namespace ballast::introspect
