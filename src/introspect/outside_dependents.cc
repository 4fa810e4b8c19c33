// SPDX-License-Identifier: Apache-2.0
#include "introspect/outside_dependents.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "sql/quote.h"

namespace ballast::introspect {
namespace {

// A view depends on tables by its rewrite rule. Dependencies of parts on their own object
// (deptype i, P, S, e) are left out.
constexpr char kDependents[] = R"(
WITH RECURSIVE managed AS (
  SELECT oid FROM pg_namespace WHERE nspname = ANY (ARRAY[{}]::text[])
), found (class, object, part) AS (
  SELECT 'pg_class'::regclass::oid, oid, 0 FROM pg_class WHERE relnamespace IN (TABLE managed)
  UNION SELECT 'pg_type'::regclass::oid, oid, 0 FROM pg_type WHERE typnamespace IN (TABLE managed)
  UNION SELECT 'pg_proc'::regclass::oid, oid, 0 FROM pg_proc WHERE pronamespace IN (TABLE managed)
), outside (class, object, part) AS (
  SELECT class, object, part FROM found
  UNION
  SELECT CASE WHEN w.oid IS NULL THEN d.classid ELSE 'pg_class'::regclass::oid END,
    COALESCE(w.ev_class, d.objid),
    CASE WHEN d.classid = 'pg_class'::regclass THEN d.objsubid ELSE 0 END
  FROM outside o JOIN pg_depend d ON d.refclassid = o.class AND d.refobjid = o.object
    LEFT JOIN pg_rewrite w ON d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid
  WHERE d.deptype IN ('n', 'a')
), placed AS (
  SELECT o.*, COALESCE(c.relnamespace, p.pronamespace, k.connamespace, t.typnamespace,
    r.relnamespace) AS namespace
  FROM outside o
    LEFT JOIN pg_class c ON o.class = 'pg_class'::regclass AND c.oid = o.object
    LEFT JOIN pg_proc p ON o.class = 'pg_proc'::regclass AND p.oid = o.object
    LEFT JOIN pg_constraint k ON o.class = 'pg_constraint'::regclass AND k.oid = o.object
    LEFT JOIN pg_type t ON o.class = 'pg_type'::regclass AND t.oid = o.object
    LEFT JOIN pg_attrdef f ON o.class = 'pg_attrdef'::regclass AND f.oid = o.object
    LEFT JOIN pg_trigger g ON o.class = 'pg_trigger'::regclass AND g.oid = o.object
    LEFT JOIN pg_policy y ON o.class = 'pg_policy'::regclass AND y.oid = o.object
    LEFT JOIN pg_class r ON r.oid = COALESCE(f.adrelid, g.tgrelid, y.polrelid)
)
SELECT COALESCE(json_agg(json_build_array(i.type || ' ' || i.identity,
    json_build_array(x.class::bigint, x.object::bigint, x.part))
  ORDER BY i.type COLLATE "C", i.identity COLLATE "C"), '[]')
FROM placed x JOIN pg_namespace n ON n.oid = x.namespace,
  pg_identify_object(x.class, x.object, x.part) i
WHERE n.oid NOT IN (TABLE managed) AND n.nspname !~ '^pg_'
  AND n.nspname NOT IN ('information_schema', 'ballast', 'ballast_kept'))";

constexpr char kDropped[] = R"(
SELECT COALESCE(json_agg(x.at), '[]')
FROM json_array_elements({}::json) WITH ORDINALITY AS j (address, at),
  LATERAL (SELECT j.at - 1 AS at, (j.address ->> 0)::oid AS class, (j.address ->> 1)::oid AS object,
    (j.address ->> 2)::int AS part) x
WHERE NOT CASE x.class
  WHEN 'pg_class'::regclass THEN CASE WHEN x.part = 0
    THEN EXISTS (SELECT FROM pg_class WHERE oid = x.object)
    ELSE EXISTS (SELECT FROM pg_attribute WHERE attrelid = x.object AND attnum = x.part
                   AND NOT attisdropped) END
  WHEN 'pg_proc'::regclass THEN EXISTS (SELECT FROM pg_proc WHERE oid = x.object)
  WHEN 'pg_constraint'::regclass THEN EXISTS (SELECT FROM pg_constraint WHERE oid = x.object)
  WHEN 'pg_type'::regclass THEN EXISTS (SELECT FROM pg_type WHERE oid = x.object)
  WHEN 'pg_attrdef'::regclass THEN EXISTS (SELECT FROM pg_attrdef WHERE oid = x.object)
  WHEN 'pg_trigger'::regclass THEN EXISTS (SELECT FROM pg_trigger WHERE oid = x.object)
  WHEN 'pg_policy'::regclass THEN EXISTS (SELECT FROM pg_policy WHERE oid = x.object)
  ELSE true END)";

}  // namespace

Result<std::vector<OutsideDependent>> ReadOutsideDependents(
    postgres::Session& session, const std::vector<std::string>& schemas) {
  std::vector<std::string> names;
  for (const std::string& schema : schemas) names.push_back(sql::QuoteLiteral(schema));
  TRY_ASSIGN(const postgres::Value answer,
             session.QueryValue(fmt::format(kDependents, Join(names, ", "))));
  std::vector<OutsideDependent> dependents;
  for (const auto& item : nlohmann::json::parse(answer.value_or("[]"))) {
    dependents.push_back({item.at(0).get<std::string>(), item.at(1).dump()});
  }
  return dependents;
}

Result<std::vector<std::string>> FindDropped(postgres::Session& session,
                                             const std::vector<OutsideDependent>& dependents) {
  std::vector<std::string> dropped;
  if (dependents.empty()) return dropped;
  std::vector<std::string> addresses;
  for (const OutsideDependent& one : dependents) addresses.push_back(one.address);
  TRY_ASSIGN(const postgres::Value answer,
             session.QueryValue(
                 fmt::format(kDropped, sql::QuoteLiteral("[" + Join(addresses, ", ") + "]"))));
  for (const auto& at : nlohmann::json::parse(answer.value_or("[]"))) {
    dropped.push_back(dependents.at(at.get<size_t>()).name);
  }
  return dropped;
}

}  // namespace ballast::introspect
