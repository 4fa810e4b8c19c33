// SPDX-License-Identifier: Apache-2.0
#include "introspect/outside_dependents.h"

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/own_schemas.h"
#include "sql/quote.h"

namespace ballast::introspect {
namespace {

// A rule counts as its view. Row types and array types are followed, but not named.
constexpr const char* kDependents = R"(
WITH RECURSIVE managed AS (
  SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname IN ({})
), others AS (
  SELECT n.oid FROM pg_catalog.pg_namespace n
  WHERE n.oid NOT IN (SELECT oid FROM managed) AND n.nspname !~ '^pg_(toast|temp)'
    AND n.nspname NOT IN ('pg_catalog', 'information_schema', {})
), relation AS MATERIALIZED (
  SELECT c.oid, c.relkind FROM pg_catalog.pg_class c WHERE c.relnamespace IN (SELECT oid FROM others)
), outside(class, object, parent, rule, named) AS MATERIALIZED (
  SELECT 'pg_catalog.pg_class'::regclass::oid, r.oid, COALESCE(i.indrelid, 0), NULL::oid, true
  FROM relation r LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = r.oid
  UNION ALL
  SELECT 'pg_catalog.pg_class'::regclass, r.oid, 0, w.oid, true
  FROM relation r JOIN pg_catalog.pg_rewrite w ON w.ev_class = r.oid
  UNION ALL
  SELECT 'pg_catalog.pg_type'::regclass, t.oid, 0, NULL, t.typtype IN ('d', 'r')
  FROM pg_catalog.pg_type t WHERE t.typnamespace IN (SELECT oid FROM others)
  UNION ALL
  SELECT 'pg_catalog.pg_proc'::regclass, p.oid, 0, NULL, true
  FROM pg_catalog.pg_proc p WHERE p.pronamespace IN (SELECT oid FROM others)
  UNION ALL
  SELECT 'pg_catalog.pg_constraint'::regclass, k.oid, k.conrelid, NULL, true
  FROM pg_catalog.pg_constraint k WHERE k.connamespace IN (SELECT oid FROM others)
  UNION ALL
  SELECT 'pg_catalog.pg_attrdef'::regclass, a.oid, r.oid, NULL, true
  FROM relation r JOIN pg_catalog.pg_attrdef a ON a.adrelid = r.oid
  UNION ALL
  SELECT 'pg_catalog.pg_trigger'::regclass, g.oid, r.oid, NULL, true
  FROM relation r JOIN pg_catalog.pg_trigger g ON g.tgrelid = r.oid WHERE NOT g.tgisinternal
  UNION ALL
  SELECT 'pg_catalog.pg_policy'::regclass, y.oid, r.oid, NULL, true
  FROM relation r JOIN pg_catalog.pg_policy y ON y.polrelid = r.oid
), edge AS MATERIALIZED (
  SELECT DISTINCT d.refclassid, d.refobjid, d.refobjsubid, o.class, o.object, o.parent, o.named,
    CASE WHEN o.rule IS NULL THEN d.objsubid ELSE 0 END AS part
  FROM outside o JOIN pg_catalog.pg_depend d ON d.objid = COALESCE(o.rule, o.object)
    AND d.classid = CASE WHEN o.rule IS NULL THEN o.class ELSE 'pg_catalog.pg_rewrite'::regclass END
  WHERE d.deptype <> 'e'
), base(class, object) AS (
  SELECT 'pg_catalog.pg_class'::regclass::oid, c.oid FROM pg_catalog.pg_class c
  WHERE c.relnamespace IN (SELECT oid FROM managed)
  UNION ALL
  SELECT 'pg_catalog.pg_type'::regclass, t.oid FROM pg_catalog.pg_type t
  WHERE t.typnamespace IN (SELECT oid FROM managed)
  UNION ALL
  SELECT 'pg_catalog.pg_proc'::regclass, p.oid FROM pg_catalog.pg_proc p
  WHERE p.pronamespace IN (SELECT oid FROM managed)
  UNION ALL
  SELECT 'pg_catalog.pg_constraint'::regclass, k.oid FROM pg_catalog.pg_constraint k
  WHERE k.connamespace IN (SELECT oid FROM managed)
), found AS (
  SELECT e.class, e.object, e.part, e.parent, e.named FROM edge e JOIN base b
    ON e.refclassid = b.class AND e.refobjid = b.object
  UNION
  SELECT e.class, e.object, e.part, e.parent, e.named FROM found f JOIN edge e
    ON e.refclassid = f.class AND e.refobjid = f.object WHERE f.part IN (0, e.refobjsubid)
)
SELECT pg_catalog.regexp_replace(i.type, '^(table|view|domain) (column|constraint)$', '\2') || ' '
    || i.identity, pg_catalog.format('%s::oid, %s::oid, %s', f.class, f.object, f.part),
  CASE WHEN f.part <> 0 THEN f.object ELSE f.parent END
FROM found f, LATERAL pg_catalog.pg_identify_object(f.class, f.object, f.part) i
WHERE f.named AND NOT EXISTS (
  SELECT FROM pg_catalog.pg_depend e WHERE e.classid = f.class AND e.objid = f.object
    AND e.deptype = 'e')
ORDER BY 1)";

// Every object outside of pg_catalog depends on its schema or on its table.
constexpr const char* kLost = R"(
SELECT b.name FROM (VALUES {}) AS b(name, class, object, part, parent)
WHERE (NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                   WHERE d.classid = b.class AND d.objid = b.object)
    OR b.part <> 0 AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a
                   WHERE a.attrelid = b.object AND a.attnum = b.part AND NOT a.attisdropped))
  AND (b.parent = 0 OR EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = b.parent))
ORDER BY 1)";

}  // namespace

Result<std::vector<OutsideDependent>> ReadOutsideDependents(
    postgres::Session& session, const std::vector<std::string>& schemas) {
  std::vector<std::string> names;
  names.reserve(schemas.size());
  for (const std::string& schema : schemas) names.push_back(sql::QuoteLiteral(schema));
  TRY_ASSIGN(const auto answers,
             session.Query(
                 fmt::format(fmt::runtime(kDependents), Join(names, ", "), catalog::kOwnSchemas)));
  std::vector<OutsideDependent> found;
  for (const auto& row : answers.back().rows) {
    found.push_back({row[0].value_or(""), row[1].value_or(""), row[2].value_or("0")});
  }
  return found;
}

Result<std::vector<std::string>> FindDropped(postgres::Session& session,
                                             const std::vector<OutsideDependent>& before) {
  std::vector<std::string> lost, values;
  if (before.empty()) return lost;
  for (const OutsideDependent& one : before) {
    values.push_back(
        fmt::format("({}, {}, {}::oid)", sql::QuoteLiteral(one.name), one.key, one.parent));
  }
  TRY_ASSIGN(const auto answers,
             session.Query(fmt::format(fmt::runtime(kLost), Join(values, ", "))));
  for (const auto& row : answers.back().rows) lost.push_back(row[0].value_or(""));
  return lost;
}

}  // namespace ballast::introspect
