// SPDX-License-Identifier: Apache-2.0
// Indexes, constraints and extended statistics in the snapshot.
#include "introspect/snapshot_internal.h"

namespace ballast::introspect {
namespace {

// Indexes, except those of constraints, which the constraint describes.
constexpr std::string_view kIndexes = R"(
SELECT r.class, r.oid, CASE WHEN k.oid IS NULL THEN 'index' ELSE 'constraint' END AS kind,
  CASE WHEN k.oid IS NULL THEN r.object ELSE t.object || '.' || @q(k.conname) END AS object,
  CASE WHEN k.oid IS NULL THEN '' ELSE 'index ' END AS note,
  NULL::oid AS owner, r.relowner AS grantor, NULL::aclitem[] AS acl, 'r'::"char" AS acltype,
  k.oid IS NOT NULL AS serves, t.object AS table, r.reloptions, r.reltablespace,
  r.relispartition, i.indexprs IS NOT NULL AS has_expressions,
  i.indisunique, i.indisvalid, i.indisready, i.indislive, i.indisclustered, i.indisreplident,
  length('CREATE INDEX ' || quote_ident(r.relname) || ' ON ' || quote_ident(t.nspname) || '.'
         || quote_ident(t.relname) || ' ') + CASE WHEN i.indisunique THEN 7 ELSE 0 END
    + CASE WHEN r.relkind = 'I' THEN 5 ELSE 0 END AS header
FROM pg_index i JOIN r ON r.oid = i.indexrelid JOIN r t ON t.oid = i.indrelid
  LEFT JOIN pg_constraint k ON k.conrelid = i.indrelid AND k.conindid = i.indexrelid
    AND k.contype IN ('p', 'u', 'x'))";

// Without the beginning of the definition, where the server always writes the schema.
constexpr std::string_view kIndexSnapshot = R"(
SELECT i.kind, i.object, i.note || property, value, wording FROM indexes i, LATERAL @properties(
  ('table', CASE WHEN NOT i.serves THEN i.table END, 0),
  ('unique', CASE WHEN NOT i.serves AND i.indisunique THEN 'yes' END, 0),
  ('definition', CASE WHEN NOT i.serves THEN substr(pg_get_indexdef(i.oid), i.header + 1) END, 2),
  ('options', CASE WHEN i.serves AND i.reloptions IS NOT NULL THEN
     (SELECT @list(o, o) FROM unnest(i.reloptions) o) END, 0),
  ('tablespace', CASE WHEN i.reltablespace <> 0 THEN (SELECT @q(spcname) FROM pg_tablespace t
     WHERE t.oid = i.reltablespace) END, 0),
  ('state', CASE WHEN NOT i.indislive THEN 'dead' WHEN NOT i.indisready THEN 'not ready'
                 WHEN NOT i.indisvalid THEN 'invalid' END, 0),
  ('clustered', CASE WHEN i.indisclustered THEN 'yes' END, 0),
  ('replica identity', CASE WHEN i.indisreplident THEN 'yes' END, 0),
  ('attached to', CASE WHEN i.relispartition THEN
     (SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = i.oid) END, 0),
  ('statistics', CASE WHEN i.has_expressions THEN
     (SELECT string_agg(attnum::text || '=' || attstattarget::text, ', ' ORDER BY attnum)
      FROM pg_attribute WHERE attrelid = i.oid AND attstattarget >= 0) END, 0)
) p (property, value, wording))";

// Constraints of tables. The parts of a foreign key on partitions are internal; the NOT NULL
// constraints of 18 are a property of the column.
constexpr std::string_view kConstraints = R"(
SELECT 'pg_constraint'::regclass::oid AS class, k.oid, 'constraint' AS kind,
  r.object || '.' || @q(k.conname) AS object, '' AS note,
  NULL::oid AS owner, NULL::oid AS grantor, NULL::aclitem[] AS acl, 'r'::"char" AS acltype,
  k.contype, k.conislocal, k.coninhcount, r.relispartition
FROM pg_constraint k JOIN r ON r.oid = k.conrelid
WHERE k.contype IN ('c', 'f', 'p', 'u', 'x') AND NOT (k.contype = 'f' AND k.conparentid <> 0))";

constexpr std::string_view kConstraintSnapshot = R"(
SELECT k.kind, k.object, p.* FROM constraints k LEFT JOIN (
  SELECT @vocabulary(2, root, tgconstraint) AS tgconstraint, string_agg(DISTINCT CASE tgenabled
      WHEN 'D' THEN 'off' WHEN 'R' THEN 'only on replicas' ELSE 'always' END || ' on ' || tgrelid::regclass, ', ') AS list
  FROM pg_trigger t @vocabulary(2, CROSS JOIN LATERAL (
    WITH RECURSIVE up (oid, parent) AS (
      SELECT oid, conparentid FROM pg_constraint WHERE oid = t.tgconstraint
      UNION ALL SELECT p.oid, p.conparentid FROM pg_constraint p JOIN up ON p.oid = up.parent
    ) SELECT oid FROM up WHERE parent = 0) u (root), )
  WHERE tgisinternal AND tgenabled <> 'O' GROUP BY 1
) switched ON switched.tgconstraint = k.oid, LATERAL @properties(
  ('definition', pg_get_constraintdef(k.oid), 2),
  ('inherited', CASE WHEN k.coninhcount > 0 AND k.contype = 'c' THEN
     CASE WHEN k.conislocal THEN 'and local' ELSE 'yes' END END, 0),
  ('enforcement', CASE WHEN @vocabulary(2, true, k.contype = 'f') THEN switched.list END, 0)
) p)";

constexpr std::string_view kDomainConstraints = R"(
SELECT 'pg_constraint'::regclass::oid AS class, k.oid, 'domain constraint' AS kind,
  t.object || '.' || @q(k.conname) AS object, '' AS note,
  NULL::oid AS owner, NULL::oid AS grantor, NULL::aclitem[] AS acl, 'T'::"char" AS acltype
FROM pg_constraint k JOIN types t ON t.oid = k.contypid
WHERE k.contype = 'c')";

constexpr std::string_view kDomainConstraintSnapshot = R"(
SELECT kind, object, 'definition', pg_get_constraintdef(oid), 2 FROM domain_constraints)";

// The server lists the columns of extended statistics by position; here they are sorted by name.
constexpr std::string_view kStatistics = R"(
SELECT 'pg_statistic_ext'::regclass::oid AS class, e.oid, 'statistics' AS kind,
  s.prefix || @q(e.stxname) AS object, '' AS note, e.stxowner AS owner, e.stxowner AS grantor,
  NULL::aclitem[] AS acl, 'r'::"char" AS acltype, r.object AS table, e.stxrelid, e.stxkeys,
  e.stxkind, NULLIF(e.stxstattarget, -1) AS target
FROM pg_statistic_ext e JOIN s ON s.oid = e.stxnamespace JOIN r ON r.oid = e.stxrelid
WHERE NOT EXISTS (SELECT FROM x
                  WHERE x.classid = 'pg_statistic_ext'::regclass AND x.objid = e.oid))";

constexpr std::string_view kStatisticsSnapshot = R"(
SELECT e.kind, e.object, p.* FROM statistics e, LATERAL @properties(
  ('table', e.table, 0),
  ('columns', (SELECT string_agg(@q(attname), ', ' ORDER BY attname::text COLLATE "C")
               FROM pg_attribute WHERE attrelid = e.stxrelid AND attnum = ANY (e.stxkeys)), 0),
  ('expressions', @since(14, array_to_string(pg_get_statisticsobjdef_expressions(e.oid), ', '),
                         NULL::text), 2),
  ('kinds', (SELECT string_agg(k::text, '' ORDER BY k::text) FROM unnest(e.stxkind) k), 0),
  ('target', e.target::text, 0)
) p)";

}  // namespace

std::vector<SnapshotQueryPart> ConstraintParts() {
  return {
      {"indexes", kIndexes, kIndexSnapshot},
      {"constraints", kConstraints, kConstraintSnapshot},
      {"domain_constraints", kDomainConstraints, kDomainConstraintSnapshot, {}, true, "domains"},
      {"statistics", kStatistics, kStatisticsSnapshot, {}, true, "statistics"}};
}

}  // namespace ballast::introspect
