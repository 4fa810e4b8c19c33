// SPDX-License-Identifier: Apache-2.0
#include "change/missing_privileges.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/fill_template.h"
#include "base/text.h"
#include "catalog/object_identity.h"
#include "change/change_script.h"
#include "difference/object_owners.h"
#include "difference/statement_kind.h"
#include "difference/statement_target.h"
#include "plan/copied_rows.h"
#include "plan/user_tables.h"
#include "postgres/record.h"
#include "sql/quote.h"

namespace ballast::change {
namespace {

// Without to_regclass, which fails if the role has no USAGE on the schema.
constexpr char kLacked[] = R"(
WITH needed(place, what) AS (VALUES @needed),
named AS (SELECT n.what, p.names[pg_catalog.cardinality(p.names)] AS name,
    CASE WHEN pg_catalog.cardinality(p.names) > 1 THEN p.names[1] ELSE @schema END AS schema
  FROM needed n, pg_catalog.parse_ident(n.place) AS p(names) WHERE n.what <> 'CREATE'),
relation AS (
  SELECT r.what, c.oid, c.relowner, c.relkind, n.oid AS space, n.nspname,
    pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
  FROM named r JOIN pg_catalog.pg_namespace n ON n.nspname = r.schema
  JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = r.name
  UNION
  SELECT 'SELECT', c.oid, c.relowner, c.relkind, n.oid, n.nspname,
    pg_catalog.format('%I.%I', n.nspname, c.relname)
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE @any_rows AND c.relkind = 'r' AND @user_table
    AND pg_catalog.has_table_privilege(c.oid, 'UPDATE, DELETE, TRUNCATE')),
unowned AS (
  SELECT DISTINCT oid, CASE relkind WHEN 'i' THEN 'index ' WHEN 'I' THEN 'index '
      WHEN 'S' THEN 'sequence ' WHEN 'v' THEN 'view ' WHEN 'm' THEN 'materialized view '
      ELSE 'table ' END || name AS name, relowner, pg_catalog.pg_get_userbyid(relowner) AS owner FROM relation
  WHERE what = 'OWN' AND NOT pg_catalog.pg_has_role(relowner, 'USAGE')),
ungranted AS (
  SELECT r.* FROM relation r
  WHERE CASE WHEN r.what = 'OWN' THEN false
      ELSE NOT pg_catalog.has_table_privilege(r.oid, r.what) END
    AND (r.what <> 'SELECT' OR r.relkind NOT IN ('r', 'p') OR EXISTS (
      SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = r.oid AND a.attnum > 0
      AND NOT a.attisdropped
      AND NOT pg_catalog.has_column_privilege(r.oid, a.attnum, 'SELECT')))),
sequence AS (
  SELECT DISTINCT q.oid, q.relowner, pg_catalog.format('%I.%I', n.nspname, q.relname) AS name
  FROM relation r
  LEFT JOIN pg_catalog.pg_attrdef v ON v.adrelid = r.oid
  JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
      AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = r.oid
      AND d.deptype IN ('a', 'i')
    OR d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND d.objid = v.oid
      AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
  JOIN pg_catalog.pg_class q ON q.relkind = 'S' AND q.oid IN (d.objid, d.refobjid)
  JOIN pg_catalog.pg_namespace n ON n.oid = q.relnamespace
  WHERE r.what = 'INSERT')
SELECT 1 AS place, 'USAGE on schema ' || pg_catalog.quote_ident(nspname) AS what,
  pg_catalog.format('GRANT USAGE ON SCHEMA %I TO %I;', nspname, current_user) AS statement,
  bool_or(r.what = 'SELECT') AS unread, false AS hidden
FROM relation r WHERE NOT pg_catalog.has_schema_privilege(space, 'USAGE') GROUP BY nspname
UNION ALL SELECT 1, 'CREATE on schema ' || pg_catalog.quote_ident(n.nspname),
  pg_catalog.format('GRANT CREATE ON SCHEMA %I TO %I;', n.nspname, current_user), false, false
FROM (SELECT DISTINCT place FROM needed WHERE what = 'CREATE') AS s
JOIN pg_catalog.pg_namespace n ON n.nspname = s.place
WHERE NOT pg_catalog.has_schema_privilege(n.oid, 'CREATE')
UNION ALL SELECT 2, pg_catalog.format('%s belongs to %s', name, owner),
  pg_catalog.format('GRANT %I TO %I;', owner, current_user), false, false
FROM unowned
UNION ALL SELECT DISTINCT 2, pg_catalog.format('%s %s%I%s belongs to %s', w.kind,
    pg_catalog.quote_ident(w.schema) || '.', w.name, w.arguments, w.owner),
  pg_catalog.format('GRANT %I TO %I;', w.owner, current_user), false, false
FROM (VALUES @owned) AS w(kind, schema, name, arguments, owner, drops)
JOIN pg_catalog.pg_roles o ON o.rolname = w.owner
LEFT JOIN pg_catalog.pg_namespace n ON w.drops AND n.nspname = w.schema
WHERE NOT pg_catalog.pg_has_role(o.oid, 'USAGE')
  AND NOT coalesce(pg_catalog.pg_has_role(n.nspowner, 'USAGE'), false)
UNION ALL SELECT 3, pg_catalog.string_agg(DISTINCT what, ', ' ORDER BY what) || ' on ' || name,
  pg_catalog.format('GRANT %s ON %s TO %I;', pg_catalog.string_agg(DISTINCT what, ', ' ORDER BY what),
    name, current_user), bool_or(what = 'SELECT'), false
FROM ungranted u WHERE NOT EXISTS (SELECT FROM unowned o WHERE o.relowner = u.relowner)
GROUP BY name
UNION ALL SELECT 3, 'SELECT on ' || name, '', true, false
FROM ungranted u WHERE what = 'SELECT'
  AND EXISTS (SELECT FROM unowned o WHERE o.relowner = u.relowner)
UNION ALL SELECT 4, 'SELECT, UPDATE on sequence ' || name,
  pg_catalog.format('GRANT SELECT, UPDATE ON SEQUENCE %s TO %I;', name, current_user), false, false
FROM sequence s WHERE NOT (pg_catalog.has_sequence_privilege(oid, 'SELECT')
                           AND pg_catalog.has_sequence_privilege(oid, 'UPDATE'))
  AND NOT EXISTS (SELECT FROM unowned o WHERE o.relowner = s.relowner)
UNION ALL SELECT DISTINCT 5, 'table ' || name,
  pg_catalog.format('ALTER ROLE %I BYPASSRLS;', current_user), true, true
FROM relation r WHERE what = 'SELECT' AND relkind IN ('r', 'p')
  AND pg_catalog.row_security_active(oid)
ORDER BY 1, 2)";

void AddRows(const std::vector<std::string>& places, std::string_view what,
             std::vector<std::string>& rows) {
  for (const std::string& place : places) {
    if (!place.empty()) {
      rows.push_back(fmt::format("({}, {})", sql::QuoteLiteral(place), sql::QuoteLiteral(what)));
    }
  }
}

bool HasSchema(const std::string& kind) {
  const std::vector<std::string_view>& globals = catalog::GlobalKinds();
  return kind != "schema" && std::ranges::find(globals, kind) == globals.end();
}

// Without a name: what the statement concerns is not a relation, or is not known.
catalog::Name OwnedBy(const difference::Statement& statement) {
  const sql::StatementKind does = difference::KindOf(statement);
  const bool needs_no_owner =
      does == sql::StatementKind::kGrant || does == sql::StatementKind::kQuery;
  const bool creates = statement.kind == difference::ActionKind::kCreate;
  if (needs_no_owner || (creates && statement.target.kind == "trigger")) return {};
  const std::string& kind = statement.target.kind;
  if (kind == "index" || kind == "sequence") {
    return creates ? statement.target.table : statement.target.name;
  }
  const catalog::Name relation = difference::RelationOf(statement);
  return creates && relation == statement.target.name && statement.target.parent.empty()
             ? catalog::Name()
             : relation;
}

std::string OwnedRows(const std::vector<NeededPrivileges::Owned>& owned,
                      const std::string& target_schema) {
  std::vector<std::string> rows = {
      "(NULL::text, NULL::text, NULL::text, NULL::text, NULL::name, false)"};
  for (const NeededPrivileges::Owned& one : owned) {
    const auto& [kind, name, parent, arguments, table] = one.object;
    const std::string& schema = name.schema.empty() ? target_schema : name.schema;
    rows.push_back(fmt::format(
        "({}, {}, {}, {}, {}, {})", sql::QuoteLiteral(kind),
        HasSchema(kind) ? sql::QuoteLiteral(schema) : "NULL", sql::QuoteLiteral(name.name),
        sql::QuoteLiteral(catalog::HasArguments(kind) ? "(" + arguments + ")" : std::string()),
        sql::QuoteLiteral(one.owner), one.drops));
  }
  return Join(rows, ", ");
}

}  // namespace

void AddOwners(const std::vector<difference::Statement>& statements, const catalog::Database& live,
               NeededPrivileges& needed) {
  const std::map<catalog::ObjectRef, std::string> owners = difference::OwnersOf(live);
  for (const difference::Statement& statement : statements) {
    if (difference::KindOf(statement) == sql::StatementKind::kGrant) continue;
    catalog::ObjectRef object = statement.target;
    const bool of_domain = object.kind == "domain constraint";
    if (of_domain) object = {"domain", {object.name.schema, object.parent}, {}, {}, {}};
    if (!of_domain && statement.kind == difference::ActionKind::kCreate) continue;
    const auto owner = owners.find(object);
    if (owner == owners.end() || owner->second.empty()) continue;
    const bool drops = !of_domain && statement.kind == difference::ActionKind::kDrop;
    needed.owned.push_back({std::move(object), owner->second, drops});
  }
}

void AddStatements(const std::vector<difference::Statement>& statements, NeededPrivileges& needed) {
  // Their rows are compared with those of the old tables of these names.
  const std::vector<std::string> made = plan::TablesToCompare(TextOf(statements).rest, {});
  needed.read.insert(needed.read.end(), made.begin(), made.end());
  for (const difference::Statement& statement : statements) {
    if (!statement.offending_rows.empty() || !statement.online.empty()) {
      needed.read.push_back(statement.table);
    }
    if (!statement.offending_rows.empty()) needed.read.push_back(statement.references);
    if (!statement.offending_rows.empty() && statement.target.kind == "sequence") {
      needed.read.push_back(QuotedName(statement.target.name));
    }
    needed.refer.push_back(statement.references);
    const catalog::Name owned = OwnedBy(statement);
    if (!owned.name.empty()) needed.own.push_back(QuotedName(owned));
    const catalog::ObjectRef& target = statement.target;
    const bool creates = statement.kind == difference::ActionKind::kCreate &&
                         target.parent.empty() && !target.kind.empty();
    if (creates && HasSchema(target.kind)) needed.create.push_back(target.name.schema);
  }
}

Result<plan::LackedOfChange> FindLacked(const NeededPrivileges& needed, const std::string& schema,
                                        postgres::Session& session) {
  plan::LackedOfChange lacked;
  std::vector<std::string> rows;
  AddRows(needed.read, "SELECT", rows);
  AddRows(needed.insert, "INSERT", rows);
  AddRows(needed.own, "OWN", rows);
  AddRows(needed.refer, "REFERENCES", rows);
  std::vector<std::string> schemas = needed.create;
  std::ranges::replace(schemas, std::string(), schema);
  AddRows(schemas, "CREATE", rows);
  if (rows.empty() && needed.owned.empty() && !needed.any_rows) return lacked;
  if (rows.empty()) rows.emplace_back("(NULL, NULL)");
  const std::string query =
      FillTemplate(kLacked, {{"@user_table", plan::IsUserTable()},
                             {"@any_rows", needed.any_rows ? "true" : "false"},
                             {"@owned", OwnedRows(needed.owned, schema)},
                             {"@schema", sql::QuoteLiteral(schema)},
                             {"@needed", Join(rows, ", ")}});
  TRY_ASSIGN(const auto answers, session.Query(query));
  postgres::ForEachRecord(answers.back(), [&](const postgres::Record& row) {
    plan::LackedPrivilege one{row.Text("what"), row.Text("statement")};
    lacked.hides_rows = lacked.hides_rows || row.Flag("unread");
    (row.Flag("hidden") ? lacked.policies : lacked.privileges).push_back(std::move(one));
  });
  return lacked;
}

}  // namespace ballast::change
