// SPDX-License-Identifier: Apache-2.0
// Operators, operator classes and families, casts, conversions, access methods and transforms.
#include "introspect/snapshot_internal.h"

namespace ballast::introspect {
namespace {

constexpr std::string_view kOperators = R"(
SELECT 'pg_operator'::regclass::oid AS class, p.oid, 'operator' AS kind,
  s.prefix || p.oprname || '(' || CASE WHEN p.oprleft = 0 THEN 'NONE'
    ELSE format_type(p.oprleft, NULL) END || ', ' || CASE WHEN p.oprright = 0 THEN 'NONE'
    ELSE format_type(p.oprright, NULL) END || ')' AS object, '' AS note,
  p.oprowner AS owner, p.oprowner AS grantor, NULL::aclitem[] AS acl, 'f'::"char" AS acltype,
  p.oprcode, p.oprcom, p.oprnegate, p.oprrest, p.oprjoin, p.oprcanmerge, p.oprcanhash
FROM pg_operator p JOIN s ON s.oid = p.oprnamespace
WHERE NOT EXISTS (SELECT FROM x WHERE x.classid = 'pg_operator'::regclass AND x.objid = p.oid))";

constexpr std::string_view kOperatorSnapshot = R"(
SELECT o.kind, o.object, p.* FROM operators o, LATERAL @properties(
  ('function', o.oprcode::regprocedure::text, 0),
  ('commutator', CASE WHEN o.oprcom <> 0 THEN o.oprcom::regoperator::text END, 0),
  ('negator', CASE WHEN o.oprnegate <> 0 THEN o.oprnegate::regoperator::text END, 0),
  ('restrict', NULLIF(o.oprrest::regproc::text, '-'), 0),
  ('join', NULLIF(o.oprjoin::regproc::text, '-'), 0),
  ('merges', CASE WHEN o.oprcanmerge THEN 'yes' END, 0),
  ('hashes', CASE WHEN o.oprcanhash THEN 'yes' END, 0)
) p)";

constexpr std::string_view kClasses = R"(
SELECT 'pg_opclass'::regclass::oid AS class, c.oid, 'operator class' AS kind,
  s.prefix || @q(c.opcname) || ' using ' || @q(m.amname) AS object, '' AS note,
  c.opcowner AS owner, c.opcowner AS grantor, NULL::aclitem[] AS acl, 'f'::"char" AS acltype,
  c.opcintype, c.opckeytype, c.opcdefault, c.opcfamily
FROM pg_opclass c JOIN s ON s.oid = c.opcnamespace JOIN pg_am m ON m.oid = c.opcmethod
WHERE NOT EXISTS (SELECT FROM x WHERE x.classid = 'pg_opclass'::regclass AND x.objid = c.oid))";

constexpr std::string_view kClassSnapshot = R"(
SELECT o.kind, o.object, p.* FROM classes o, LATERAL @properties(
  ('type', format_type(o.opcintype, NULL), 0),
  ('storage', CASE WHEN o.opckeytype <> 0 THEN format_type(o.opckeytype, NULL) END, 0),
  ('default', CASE WHEN o.opcdefault THEN 'yes' END, 0),
  ('family', (SELECT @vocabulary(2, @q(n.nspname) || '.' || @q(f.opfname),
     n.nspname || '.' || f.opfname) FROM pg_opfamily f
     JOIN pg_namespace n ON n.oid = f.opfnamespace
     WHERE f.oid = o.opcfamily AND NOT EXISTS (SELECT FROM families WHERE families.oid = f.oid)), 0),
  ('family', (SELECT object FROM families WHERE families.oid = o.opcfamily), 0)
) p)";

constexpr std::string_view kFamilies = R"(
SELECT 'pg_opfamily'::regclass::oid AS class, f.oid, 'operator family' AS kind,
  s.prefix || @q(f.opfname) || ' using ' || @q(m.amname) AS object, '' AS note,
  f.opfowner AS owner, f.opfowner AS grantor, NULL::aclitem[] AS acl, 'f'::"char" AS acltype
FROM pg_opfamily f JOIN s ON s.oid = f.opfnamespace JOIN pg_am m ON m.oid = f.opfmethod
WHERE NOT EXISTS (SELECT FROM x WHERE x.classid = 'pg_opfamily'::regclass AND x.objid = f.oid))";

// The members of classes, and those without a class, are properties of the family.
constexpr std::string_view kFamilySnapshot = R"(
SELECT o.kind, o.object, p.* FROM families o, LATERAL @properties(
  ('operators', COALESCE((SELECT string_agg(a.amopstrategy::text || ' ' || a.amopopr::regoperator::text
       || CASE WHEN a.amopsortfamily <> 0 THEN ' order by ' || (SELECT @vocabulary(2, @q(n.nspname) || '.' || @q(b.opfname), n.nspname || '.' || b.opfname)
            FROM pg_opfamily b JOIN pg_namespace n ON n.oid = b.opfnamespace
            WHERE b.oid = a.amopsortfamily) ELSE '' END,
       ', ' ORDER BY a.amopstrategy, a.amopopr::regoperator::text COLLATE "C")
     FROM pg_amop a WHERE a.amopfamily = o.oid), ''), 0),
  ('functions', COALESCE((SELECT string_agg(a.amprocnum::text || ' ' || format_type(a.amproclefttype, NULL)
       || ' ' || format_type(a.amprocrighttype, NULL) || ' ' || a.amproc::regprocedure::text,
       ', ' ORDER BY a.amprocnum, a.amproc::regprocedure::text COLLATE "C")
     FROM pg_amproc a WHERE a.amprocfamily = o.oid), ''), 0)
) p)";

constexpr std::string_view kConversions = R"(
SELECT 'pg_conversion'::regclass::oid AS class, c.oid, 'conversion' AS kind,
  s.prefix || @q(c.conname) AS object, '' AS note, c.conowner AS owner, c.conowner AS grantor,
  NULL::aclitem[] AS acl, 'f'::"char" AS acltype,
  c.conforencoding, c.contoencoding, c.conproc, c.condefault
FROM pg_conversion c JOIN s ON s.oid = c.connamespace
WHERE NOT EXISTS (SELECT FROM x WHERE x.classid = 'pg_conversion'::regclass AND x.objid = c.oid))";

constexpr std::string_view kConversionSnapshot = R"(
SELECT o.kind, o.object, p.* FROM conversions o, LATERAL @properties(
  ('from', pg_encoding_to_char(o.conforencoding)::text, 0),
  ('to', pg_encoding_to_char(o.contoencoding)::text, 0),
  ('function', o.conproc::regproc::text, 0),
  ('default', CASE WHEN o.condefault THEN 'yes' END, 0)
) p)";

constexpr std::string_view kCasts = R"(
SELECT 'pg_cast'::regclass::oid AS class, c.oid, 'cast' AS kind, n.object, '' AS note,
  NULL::oid AS owner, NULL::oid AS grantor, NULL::aclitem[] AS acl, 'f'::"char" AS acltype,
  c.castfunc, c.castcontext, c.castmethod
FROM pg_cast c, LATERAL (SELECT format_type(c.castsource, NULL) || ' as '
                                || format_type(c.casttarget, NULL)) n (object)
WHERE c.oid >= 16384 AND @global(cast, n.object)
  AND NOT EXISTS (SELECT FROM x WHERE x.classid = 'pg_cast'::regclass AND x.objid = c.oid)
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_cast'::regclass
                  AND d.objid = c.oid AND d.deptype = 'i'))";

constexpr std::string_view kCastSnapshot = R"(
SELECT o.kind, o.object, p.* FROM casts o, LATERAL @properties(
  ('function', CASE WHEN o.castfunc <> 0 THEN o.castfunc::regprocedure::text END, 0),
  ('context', CASE o.castcontext WHEN 'i' THEN 'implicit' WHEN 'a' THEN 'assignment'
              ELSE 'explicit' END, 0),
  ('method', CASE o.castmethod WHEN 'b' THEN 'binary' WHEN 'i' THEN 'inout' ELSE 'function' END, 0)
) p)";

constexpr std::string_view kAccessMethods = R"(
SELECT 'pg_am'::regclass::oid AS class, m.oid, 'access method' AS kind, @q(m.amname) AS object,
  '' AS note, NULL::oid AS owner, NULL::oid AS grantor, NULL::aclitem[] AS acl,
  'f'::"char" AS acltype, m.amhandler, m.amtype
FROM pg_am m WHERE m.oid >= 16384 AND @global(access method, @q(m.amname))
  AND NOT EXISTS (SELECT FROM x WHERE x.classid = 'pg_am'::regclass AND x.objid = m.oid))";

constexpr std::string_view kAccessMethodSnapshot = R"(
SELECT o.kind, o.object, p.* FROM access_methods o, LATERAL @properties(
  ('handler', o.amhandler::regproc::text, 0),
  ('type', CASE o.amtype WHEN 'i' THEN 'index' ELSE 'table' END, 0)
) p)";

constexpr std::string_view kTransforms = R"(
SELECT 'pg_transform'::regclass::oid AS class, t.oid, 'transform' AS kind, n.object, '' AS note,
  NULL::oid AS owner, NULL::oid AS grantor, NULL::aclitem[] AS acl, 'f'::"char" AS acltype,
  t.trffromsql, t.trftosql
FROM pg_transform t JOIN pg_language l ON l.oid = t.trflang,
  LATERAL (SELECT format_type(t.trftype, NULL) || ' language ' || @q(l.lanname)) n (object)
WHERE @global(transform, n.object)
  AND NOT EXISTS (SELECT FROM x WHERE x.classid = 'pg_transform'::regclass AND x.objid = t.oid))";

constexpr std::string_view kTransformSnapshot = R"(
SELECT o.kind, o.object, p.* FROM transforms o, LATERAL @properties(
  ('from', o.trffromsql::regprocedure::text, 0),
  ('to', o.trftosql::regprocedure::text, 0)
) p)";

}  // namespace

std::vector<SnapshotQueryPart> OperatorParts() {
  return {{"operators", kOperators, kOperatorSnapshot, {}, true, "operators"},
          {"families", kFamilies, kFamilySnapshot, {}, true, "operator classes"},
          {"classes", kClasses, kClassSnapshot, {}, true, "operator classes"},
          {"conversions", kConversions, kConversionSnapshot, {}, true, "conversions"},
          {"casts", kCasts, kCastSnapshot, {"cast"}},
          {"access_methods", kAccessMethods, kAccessMethodSnapshot, {"access method"}},
          {"transforms", kTransforms, kTransformSnapshot, {"transform"}}};
}

}  // namespace ballast::introspect
