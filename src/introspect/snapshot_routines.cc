// SPDX-License-Identifier: Apache-2.0
// Functions, procedures, aggregates, triggers, rules and policies in the snapshot.
#include "introspect/snapshot_internal.h"

namespace ballast::introspect {
namespace {

constexpr std::string_view kRoutines = R"(
SELECT 'pg_proc'::regclass::oid AS class, f.oid,
  CASE f.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END AS kind,
  s.prefix || @q(f.proname) || '(' || oidvectortypes(f.proargtypes) || ')' AS object, '' AS note,
  f.proowner AS owner, f.proowner AS grantor, f.proacl AS acl, 'f'::"char" AS acltype
FROM pg_proc f JOIN s ON s.oid = f.pronamespace
WHERE NOT EXISTS (SELECT FROM x WHERE x.classid = 'pg_proc'::regclass AND x.objid = f.oid)
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass
                  AND d.objid = f.oid AND d.deptype = 'i'))";

// PostgreSQL 13 prints the arguments of procedures without IN.
constexpr std::string_view kRoutineSnapshot = R"(
SELECT o.kind, o.object, p.* FROM routines o JOIN pg_proc f ON f.oid = o.oid
  JOIN pg_language l ON l.oid = f.prolang, LATERAL @properties(
  ('arguments', @since(14, pg_get_function_arguments(f.oid),
     CASE WHEN f.prokind <> 'p' THEN pg_get_function_arguments(f.oid) ELSE (
       SELECT COALESCE(string_agg(CASE f.proargmodes[a.n] WHEN 'b' THEN 'INOUT ' WHEN 'v' THEN 'VARIADIC '
                         ELSE 'IN ' END || COALESCE(quote_ident(NULLIF(f.proargnames[a.n], '')) || ' ', '')
                         || format_type(a.type, NULL)
                         || COALESCE(' DEFAULT ' || pg_get_function_arg_default(f.oid, a.n::int), ''),
                         ', ' ORDER BY a.n), '')
       FROM unnest(COALESCE(f.proallargtypes, f.proargtypes::oid[])) WITH ORDINALITY a(type, n)) END), 2),
  ('returns', pg_get_function_result(f.oid), 0),
  ('language', CASE WHEN f.prokind <> 'a' THEN @q(l.lanname) END, 0),
  ('source', @since(14, CASE WHEN f.prosqlbody IS NULL AND f.prokind <> 'a' THEN f.prosrc END,
                    CASE WHEN f.prokind <> 'a' THEN f.prosrc END), 0),
  ('body', @since(14, pg_get_function_sqlbody(f.oid), NULL::text), 1),
  ('library', f.probin, 0),
  ('window', CASE WHEN f.prokind = 'w' THEN 'yes' END, 0),
  ('volatility', CASE f.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' END, 0),
  ('strict', CASE WHEN f.proisstrict AND f.prokind <> 'a' THEN 'yes' END, 0),
  ('security definer', CASE WHEN f.prosecdef THEN 'yes' END, 0),
  ('leakproof', CASE WHEN f.proleakproof THEN 'yes' END, 0),
  ('parallel', CASE f.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' END, 0),
  ('cost', CASE WHEN f.prokind <> 'a' AND f.procost <> CASE WHEN l.lanname IN ('c', 'internal')
                THEN 1 ELSE 100 END THEN f.procost::text END, 0),
  ('rows', CASE WHEN f.proretset AND f.prorows <> 1000 THEN f.prorows::text END, 0),
  ('support', NULLIF(f.prosupport::regproc::text, '-'), 0),
  ('settings', (SELECT string_agg(@vocabulary(2, replace(replace(c, E'\\', E'\\\\'), E'\n', E'\\n'), c),
                               E'\n' ORDER BY c) FROM unnest(f.proconfig) c), 0),
  ('transforms', (SELECT string_agg(format_type(t, NULL), ', ') FROM unnest(f.protrftypes) t), 0)
) p)";

// The options of CREATE AGGREGATE.
constexpr std::string_view kAggregateSnapshot = R"(
SELECT o.kind, o.object, p.* FROM routines o JOIN pg_aggregate a ON a.aggfnoid = o.oid,
LATERAL @properties(
  ('kind', CASE a.aggkind WHEN 'o' THEN 'ordered-set' WHEN 'h' THEN 'hypothetical-set' END, 0),
  ('direct arguments', NULLIF(a.aggnumdirectargs, 0)::text, 0),
  ('sfunc', a.aggtransfn::regprocedure::text, 0),
  ('stype', format_type(a.aggtranstype, NULL), 0),
  ('sspace', NULLIF(a.aggtransspace, 0)::text, 0),
  ('finalfunc', NULLIF(a.aggfinalfn::regprocedure::text, '-'), 0),
  ('finalfunc extra', CASE WHEN a.aggfinalextra THEN 'yes' END, 0),
  ('finalfunc modify', CASE WHEN a.aggfinalfn <> 0 THEN a.aggfinalmodify::text END, 0),
  ('combinefunc', NULLIF(a.aggcombinefn::regprocedure::text, '-'), 0),
  ('serialfunc', NULLIF(a.aggserialfn::regprocedure::text, '-'), 0),
  ('deserialfunc', NULLIF(a.aggdeserialfn::regprocedure::text, '-'), 0),
  ('initcond', a.agginitval, 0),
  ('msfunc', NULLIF(a.aggmtransfn::regprocedure::text, '-'), 0),
  ('minvfunc', NULLIF(a.aggminvtransfn::regprocedure::text, '-'), 0),
  ('mstype', CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END, 0),
  ('msspace', NULLIF(a.aggmtransspace, 0)::text, 0),
  ('mfinalfunc', NULLIF(a.aggmfinalfn::regprocedure::text, '-'), 0),
  ('mfinalfunc extra', CASE WHEN a.aggmfinalextra THEN 'yes' END, 0),
  ('mfinalfunc modify', CASE WHEN a.aggmfinalfn <> 0 THEN a.aggmfinalmodify::text END, 0),
  ('minitcond', a.aggminitval, 0),
  ('sortop', CASE WHEN a.aggsortop <> 0 THEN a.aggsortop::regoperator::text END, 0)
) p)";

// Triggers created by users; their copies on partitions only if these have a state, a comment or a
// dependency on an extension of their own. Up to 14, the copy of a copy counts as internal.
constexpr std::string_view kTriggers = R"(
SELECT 'pg_trigger'::regclass::oid AS class, g.oid, 'trigger' AS kind,
  r.object || '.' || @q(g.tgname) AS object, '' AS note,
  NULL::oid AS owner, NULL::oid AS grantor, NULL::aclitem[] AS acl, 'r'::"char" AS acltype,
  g.tgenabled, g.tgparentid, u.tgenabled AS parent_enabled, r.object AS table, r.nspname, r.relname, f.relname AS from_name,
  f.nspname AS from_schema, f.object AS from_object
FROM pg_trigger g JOIN r ON r.oid = g.tgrelid LEFT JOIN r f ON f.oid = g.tgconstrrelid
  LEFT JOIN pg_trigger u ON u.oid = g.tgparentid
WHERE (g.tgparentid = 0 AND NOT g.tgisinternal)
  OR (g.tgparentid <> 0 AND @vocabulary(2, (NOT u.tgisinternal OR g.tgconstraint = 0)
      AND (u.tgenabled <> g.tgenabled OR obj_description(g.oid, 'pg_trigger') IS NOT NULL
           OR EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_trigger'::regclass
                      AND d.objid = g.oid AND d.deptype = 'x')),
      u.tgenabled <> g.tgenabled AND g.tgconstraint = 0)))";

// The server always writes the schema of a trigger's table; that of the target schema is removed.
constexpr std::string_view kTriggerSnapshot = R"(
SELECT g.kind, g.object, p.* FROM triggers g,
LATERAL (SELECT ' ON ' || quote_ident(g.nspname) || '.' || quote_ident(g.relname) || ' ',
                ' FROM ' || quote_ident(g.from_schema) || '.' || quote_ident(g.from_name) || ' '
) server (on_table, from_table),
LATERAL (SELECT replace(pg_get_triggerdef(g.oid), on_table, ' ON ' || g.table || ' ')) d (text),
LATERAL @properties(
  ('definition', CASE WHEN g.tgparentid <> 0 THEN NULL WHEN from_table IS NULL THEN d.text
                 ELSE replace(d.text, from_table, ' FROM ' || g.from_object || ' ') END, 2),
  ('enabled', CASE WHEN g.tgparentid <> 0 AND g.tgenabled = g.parent_enabled THEN NULL
              ELSE CASE g.tgenabled WHEN 'D' THEN 'no' WHEN 'R' THEN 'on replica'
                   WHEN 'A' THEN 'always' ELSE CASE WHEN g.tgparentid <> 0 THEN 'yes' END END END, 0)
) p)";

constexpr std::string_view kRules = R"(
SELECT 'pg_rewrite'::regclass::oid AS class, w.oid, 'rule' AS kind,
  r.object || '.' || @q(w.rulename) AS object, '' AS note,
  NULL::oid AS owner, NULL::oid AS grantor, NULL::aclitem[] AS acl, 'r'::"char" AS acltype,
  w.ev_enabled, w.ev_type,
  length(E'CREATE RULE  AS\n    ON  TO .' || quote_ident(w.rulename) || quote_ident(r.nspname)
         || quote_ident(r.relname)) + 6 AS header
FROM pg_rewrite w JOIN r ON r.oid = w.ev_class
WHERE w.rulename <> '_RETURN')";

constexpr std::string_view kRuleSnapshot = R"(
SELECT w.kind, w.object, p.* FROM rules w, LATERAL @properties(
  ('event', CASE w.ev_type WHEN '1' THEN 'select' WHEN '2' THEN 'update' WHEN '3' THEN 'insert'
                           ELSE 'delete' END, 0),
  ('definition', substr(pg_get_ruledef(w.oid), w.header + 1), 1),
  ('enabled', CASE w.ev_enabled WHEN 'D' THEN 'no' WHEN 'R' THEN 'on replica'
                                WHEN 'A' THEN 'always' END, 0)
) p)";

constexpr std::string_view kPolicies = R"(
SELECT 'pg_policy'::regclass::oid AS class, y.oid, 'policy' AS kind,
  r.object || '.' || @q(y.polname) AS object, '' AS note,
  NULL::oid AS owner, NULL::oid AS grantor, NULL::aclitem[] AS acl, 'r'::"char" AS acltype,
  y.polcmd, y.polpermissive, y.polroles, y.polqual, y.polwithcheck, y.polrelid
FROM pg_policy y JOIN r ON r.oid = y.polrelid)";

constexpr std::string_view kPolicySnapshot = R"(
SELECT y.kind, y.object, p.* FROM policies y, LATERAL @properties(
  ('command', CASE y.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update'
                            WHEN 'd' THEN 'delete' ELSE 'all' END, 0),
  ('restrictive', CASE WHEN NOT y.polpermissive THEN 'yes' END, 0),
  ('roles', (SELECT string_agg(name, ', ' ORDER BY name COLLATE "C")
     FROM (SELECT @role(role) FROM unnest(y.polroles) role) roles (name)), 0),
  ('using', pg_get_expr(y.polqual, y.polrelid), 2),
  ('check', pg_get_expr(y.polwithcheck, y.polrelid), 2)
) p)";

}  // namespace

std::vector<SnapshotQueryPart> RoutineParts() {
  return {{"routines", kRoutines, kRoutineSnapshot, {}, true, "routines"},
          {"", {}, kAggregateSnapshot, {}, false, "routines"},
          {"triggers", kTriggers, kTriggerSnapshot, {}, true, "triggers"},
          {"rules", kRules, kRuleSnapshot, {}, true, "rules"},
          {"policies", kPolicies, kPolicySnapshot, {}, true, "policies"}};
}

}  // namespace ballast::introspect
