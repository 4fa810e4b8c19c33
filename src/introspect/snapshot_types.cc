// SPDX-License-Identifier: Apache-2.0
// Types and collations in the snapshot.
#include "introspect/snapshot_internal.h"

namespace ballast::introspect {
namespace {

// User types, without array types, row types of tables, and multiranges.
constexpr std::string_view kTypes = R"(
SELECT 'pg_type'::regclass::oid AS class, t.oid,
  CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range type'
    WHEN 'c' THEN 'composite type' ELSE 'base type' END AS kind,
  s.prefix || @q(t.typname) AS object, '' AS note, t.typowner AS owner, t.typowner AS grantor,
  t.typacl AS acl, 'T'::"char" AS acltype, t.typtype, t.typrelid, t.typname, t.typnamespace
FROM pg_type t JOIN s ON s.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE (t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c' AND c.relkind = 'c'
       OR t.typtype IN ('b', 'p') AND t.typinput <> 'array_in'::regproc)
  AND NOT EXISTS (SELECT FROM x WHERE x.classid = 'pg_type'::regclass AND x.objid = t.oid))";

constexpr std::string_view kEnumAndCompositeSnapshot = R"(
SELECT t.kind, t.object, p.* FROM types t, LATERAL @properties(
  ('values', CASE WHEN t.typtype = 'e' THEN
     COALESCE((SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder)
               FROM pg_enum WHERE enumtypid = t.oid), '') END, 0),
  ('attributes', CASE WHEN t.typtype = 'c' THEN
     COALESCE((SELECT string_agg(@q(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
        || CASE WHEN a.attcollation <> y.typcollation
                THEN ' COLLATE ' || a.attcollation::regcollation::text ELSE '' END,
        ', ' ORDER BY a.attnum)
      FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid
      WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped), '') END, 0)
) p WHERE t.typtype IN ('e', 'c'))";

constexpr std::string_view kDomainSnapshot = R"(
SELECT o.kind, o.object, p.* FROM types o JOIN pg_type t ON t.oid = o.oid
  JOIN pg_type base ON base.oid = t.typbasetype, LATERAL @properties(
  ('type', format_type(t.typbasetype, t.typtypmod), 0),
  ('collation', CASE WHEN t.typcollation <> base.typcollation
                     THEN t.typcollation::regcollation::text END, 0),
  ('not null', CASE WHEN t.typnotnull THEN 'yes' END, 0),
  ('default', COALESCE(pg_get_expr(t.typdefaultbin, 0), t.typdefault), 2)
) p WHERE o.typtype = 'd')";

// Since 14 each range type has a multirange type; only a name that the server would not
// have chosen itself counts.
constexpr std::string_view kRangeSnapshot = R"(
SELECT o.kind, o.object, p.* FROM types o JOIN pg_range g ON g.rngtypid = o.oid, LATERAL @properties(
  ('subtype', format_type(g.rngsubtype, NULL), 0),
  ('operator class', (SELECT @vocabulary(2, @q(n.nspname), n.nspname) || '.' || @q(c.opcname)
     FROM pg_opclass c
     JOIN pg_namespace n ON n.oid = c.opcnamespace
     WHERE c.oid = g.rngsubopc AND NOT c.opcdefault), 0),
  ('collation', (SELECT g.rngcollation::regcollation::text FROM pg_type y
     WHERE y.oid = g.rngsubtype AND y.typcollation <> g.rngcollation), 0),
  ('canonical', NULLIF(g.rngcanonical::regproc::text, '-'), 0),
  ('subtype_diff', NULLIF(g.rngsubdiff::regproc::text, '-'), 0),
  ('multirange', @since(14, (SELECT format_type(m.oid, NULL) FROM pg_type m
     WHERE m.oid = g.rngmultitypid AND (m.typnamespace <> o.typnamespace
       OR m.typname <> CASE WHEN o.typname ~ 'range' THEN regexp_replace(o.typname, 'range',
            'multirange') ELSE o.typname || '_multirange' END)), NULL::text), 0),
  @from(2, ('multirange owner', @since(14, (SELECT @role(m.typowner) FROM pg_type m
     WHERE m.oid = g.rngmultitypid AND m.typowner <> o.owner), NULL::text), 0)),
  @from(2, ('multirange comment', @since(14, obj_description(g.rngmultitypid, 'pg_type'),
                                         NULL::text), 0))
) p)";

constexpr std::string_view kBaseTypeSnapshot = R"(
SELECT o.kind, o.object, p.* FROM types o JOIN pg_type t ON t.oid = o.oid, LATERAL @properties(
  ('defined', CASE WHEN t.typisdefined THEN 'yes' ELSE 'no' END, 0),
  ('functions', concat_ws(', ', t.typinput::regproc, t.typoutput::regproc, t.typreceive::regproc,
     t.typsend::regproc, t.typmodin::regproc, t.typmodout::regproc, t.typanalyze::regproc,
     @since(14, t.typsubscript::regproc::text, '-')), 0),
  ('storage', concat_ws(', ', t.typlen, t.typbyval, t.typalign, t.typstorage), 0),
  ('category', concat_ws(', ', t.typcategory, t.typispreferred, t.typdelim), 0),
  ('collatable', CASE WHEN t.typcollation <> 0 THEN 'yes' END, 0),
  ('element', CASE WHEN t.typelem <> 0 THEN format_type(t.typelem, NULL) END, 0),
  ('default', t.typdefault, 0)
) p WHERE o.typtype IN ('b', 'p'))";

constexpr std::string_view kCollations = R"(
SELECT 'pg_collation'::regclass::oid AS class, c.oid, 'collation' AS kind,
  s.prefix || @q(c.collname) AS object, '' AS note, c.collowner AS owner, c.collowner AS grantor,
  NULL::aclitem[] AS acl, 'T'::"char" AS acltype, c.collprovider, c.collisdeterministic,
  c.collcollate, c.collctype,
  @since(17, c.colllocale, @since(15, c.colliculocale, NULL::text)) AS locale,
  @since(16, c.collicurules, NULL::text) AS rules
FROM pg_collation c JOIN s ON s.oid = c.collnamespace
WHERE NOT EXISTS (SELECT FROM x WHERE x.classid = 'pg_collation'::regclass AND x.objid = c.oid))";

// Before 15, the ICU locale was in the columns for libc.
constexpr std::string_view kCollationSnapshot = R"(
SELECT c.kind, c.object, p.* FROM collations c, LATERAL @properties(
  ('provider', CASE c.collprovider WHEN 'c' THEN 'libc' WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin'
               ELSE c.collprovider::text END, 0),
  ('deterministic', CASE WHEN NOT c.collisdeterministic THEN 'no' END, 0),
  ('locale', CASE WHEN c.collprovider = 'c' THEN c.collcollate::text
                  ELSE COALESCE(c.locale, c.collcollate::text) END, 0),
  ('ctype', CASE WHEN c.collprovider = 'c' AND c.collctype::text <> c.collcollate::text
                 THEN c.collctype::text END, 0),
  ('rules', c.rules, 0)
) p)";

}  // namespace

std::vector<SnapshotQueryPart> TypeParts() {
  return {{"types", kTypes, kEnumAndCompositeSnapshot},
          {"", {}, kDomainSnapshot, {}, false, "domains"},
          {"", {}, kRangeSnapshot, {}, false, "ranges"},
          {"", {}, kBaseTypeSnapshot, {}, false, "base types"},
          {"collations", kCollations, kCollationSnapshot, {}, true, "collations"}};
}

}  // namespace ballast::introspect
