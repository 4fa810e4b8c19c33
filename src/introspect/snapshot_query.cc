// SPDX-License-Identifier: Apache-2.0
// Combines the parts of the query: WITH all lists of objects, then SELECT all properties.
#include "introspect/snapshot_query.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "introspect/snapshot_internal.h"
#include "introspect/snapshot_statement.h"
#include "introspect/snapshot_template.h"
#include "sql/quote.h"

namespace ballast::introspect {
namespace {

// The target schema and the default owner. The settings that affect the output are set here until
// the transaction ends; all other expressions depend on this one.
constexpr std::string_view kSession = R"(
SELECT n.oid AS namespace, COALESCE(c.relowner, quote_ident(current_user)::regrole::oid) AS base,
  set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO, MDY', true),
  set_config('intervalstyle', 'postgres', true), set_config('extra_float_digits', '1', true),
  set_config('bytea_output', 'hex', true), set_config('lc_monetary', 'C', true),
  set_config('standard_conforming_strings', 'on', true),
  set_config('quote_all_identifiers', 'off', true)
FROM (SELECT current_schema() AS name) t LEFT JOIN pg_namespace n ON n.nspname = t.name
  LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = '_prisma_migrations'
    AND c.relkind IN ('r', 'p'))";

// Members of extensions.
constexpr std::string_view kExtensionMembers = R"(
SELECT d.classid, d.objid, @q(e.extname) AS extension
FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e')";

// The schemas in scope: the prefix of identities in it, and its own name.
constexpr std::string_view kSchemasInScope = R"(
SELECT n.oid, n.nspname, n.nspowner, n.nspacl,
  CASE WHEN n.oid = me.namespace THEN '' ELSE @q(n.nspname) || '.' END AS prefix,
  CASE WHEN n.oid = me.namespace THEN '<target>' ELSE @q(n.nspname) END AS object
FROM pg_namespace n, me
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', @own_schemas())
  AND n.nspname !~ '^pg_(toast_)?temp_' AND )";

std::string SchemaTest(const catalog::Scope& scope) {
  if (scope.everything) return "true";
  std::string list;
  for (const std::string& schema : scope.schemas) list += ", " + sql::QuoteLiteral(schema);
  if (list.empty()) return "n.oid = me.namespace";
  return fmt::format("(n.oid = me.namespace OR n.nspname IN ({}))", list.substr(2));
}

// Whether the scope names objects of one of the part's kinds.
bool IsNamed(const SnapshotQueryPart& part, const catalog::Scope& scope) {
  if (scope.everything || part.global_kinds.empty()) return true;
  const auto begins = [&](std::string_view kind) {
    return std::any_of(scope.globals.begin(), scope.globals.end(), [&](const std::string& global) {
      return global.rfind(std::string(kind) + " ", 0) == 0;
    });
  };
  return std::any_of(part.global_kinds.begin(), part.global_kinds.end(), begins);
}

bool IsInScope(const SnapshotQueryPart& part, const catalog::Scope& scope) {
  return IsNamed(part, scope) ||
         std::any_of(part.global_kinds.begin(), part.global_kinds.end(),
                     [&](std::string_view kind) { return IsUnmanagedKind(kind, scope); });
}

bool NeedsSystemPrivileges(const catalog::Scope& scope) {
  const SnapshotQueryPart of_system{{}, {}, {}, {"extension", "language"}, false};
  return IsNamed(of_system, scope) ||
         std::find(scope.schemas.begin(), scope.schemas.end(), "pg_catalog") != scope.schemas.end();
}

constexpr std::string_view kGrantsKind = "grants";

using OptionalKinds = std::vector<std::string>;

bool Has(const OptionalKinds& kinds, std::string_view kind) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

std::vector<SnapshotQueryPart> PartsFor(const catalog::Scope& scope,
                                        const OptionalKinds& left_out) {
  std::vector<SnapshotQueryPart> parts;
  for (const auto& group : {RelationParts(), TypeParts(), ConstraintParts(), RoutineParts(),
                            OperatorParts(), TextSearchParts(), ForeignParts(), DatabaseParts()}) {
    for (const SnapshotQueryPart& part : group) {
      const bool known = part.vocabulary <= scope.vocabulary;
      if (known && IsInScope(part, scope) && !Has(left_out, part.optional_kind))
        parts.push_back(part);
    }
  }
  return parts;
}

// The WITH clause so far, and the SELECTs that return the snapshot.
struct Statement {
  std::string with;
  std::vector<std::string> listed;
  std::vector<std::string> snapshot;

  void Add(std::string_view name, std::string_view query) {
    with += fmt::format("{}{} AS MATERIALIZED ({})", with.empty() ? "WITH RECURSIVE " : ",\n", name,
                        query);
  }
};

Statement WrittenParts(const catalog::Scope& scope, const OptionalKinds& left_out) {
  Statement statement;
  statement.Add("me (namespace, base)", kSession);
  statement.Add("x", kExtensionMembers);
  statement.Add("s", std::string(kSchemasInScope) + SchemaTest(scope));
  for (const SnapshotQueryPart& part : PartsFor(scope, left_out)) {
    if (!part.name.empty()) statement.Add(part.name, part.query);
    if (part.listed) {
      statement.listed.push_back(
          fmt::format("SELECT class, oid, kind, object, note, owner, grantor, acl, acltype FROM {}",
                      part.name));
    }
    if (!part.snapshot.empty()) statement.snapshot.emplace_back(part.snapshot);
  }
  statement.Add("o", Join(statement.listed, "\nUNION ALL "));
  std::string privileges(PrivilegesQuery());
  if (NeedsSystemPrivileges(scope))
    privileges += "\nUNION ALL " + std::string(SystemPrivilegesQuery());
  if (scope.vocabulary >= 2 && !Has(left_out, kGrantsKind)) {
    privileges += "\nUNION ALL " + std::string(SystemColumnPrivilegesQuery());
  }
  statement.Add("rights", privileges);
  for (const SnapshotQueryPart& part : PrivilegeParts()) {
    const bool known = part.vocabulary <= scope.vocabulary;
    if (known && !Has(left_out, part.optional_kind)) statement.snapshot.emplace_back(part.snapshot);
  }
  for (const SnapshotQueryPart& part : ConditionParts(scope)) {
    statement.snapshot.emplace_back(part.snapshot);
  }
  for (const SnapshotQueryPart& part : PublishedTableParts(scope)) {
    statement.snapshot.emplace_back(part.snapshot);
  }
  return statement;
}

// In expressions, words that versions print differently (sql/canonical.h), and words that only
// newer versions quote.
constexpr std::string_view kSensitiveWords =
    R"re(E'\\m(extract|date_part|substring|position|overlay|[blr]?trim|timezone|overlaps|)re"
    R"re(normalize|normalized|is_normalized|xmlexists|pg_collation_for|collation for|at time zone|)re"
    R"re(at local)\\M|(^|[ (.,])"?(json(_(array|arrayagg|exists|object|objectagg|query|scalar|)re"
    R"re(serialize|table|value))?|merge_action|system_user)"?($|[ ).,;:]|\\n)')re";

// The escapes of catalog::RenderProperty.
std::string Escaped(const std::string& text) {
  return fmt::format(R"(replace(replace(replace(replace({}, E'\\', E'\\\\'), E'\t', E'\\t'), )"
                     R"(E'\n', E'\\n'), E'\r', E'\\r'))",
                     text);
}

// The optional kinds except `read`. Grants are never omitted if the scope has objects of initdb and
// extensions, because their check does not see these.
OptionalKinds AllBut(const OptionalKinds& read, const catalog::Scope& scope) {
  OptionalKinds others;
  for (const OptionalObjectKind& kind : OptionalObjectKinds(scope.vocabulary)) {
    if (Has(read, kind.name) || (kind.name == kGrantsKind && NeedsSystemPrivileges(scope)))
      continue;
    others.emplace_back(kind.name);
  }
  return others;
}

// Whether there can be objects of one of these kinds.
std::string AnyOf(const OptionalKinds& kinds, int vocabulary) {
  std::string test;
  for (const OptionalObjectKind& kind : OptionalObjectKinds(vocabulary)) {
    if (!Has(kinds, kind.name)) continue;
    test += fmt::format("{}EXISTS ({})", test.empty() ? "" : "\n  OR ", kind.guard);
  }
  return test.empty() ? "false" : test;
}

// Without a condition on values, for which the server would compute each of them twice.
std::string HashesOf(const SnapshotStatement& statement, const std::string& others) {
  constexpr std::string_view hash =
      "encode(sha256(convert_to(COALESCE(string_agg({}, E'\\n'), ''), 'UTF8')), 'hex')";
  return fmt::format(
      "{}\nSELECT {} AS catalog, {} AS layout, {} AS others\n"
      "FROM (SELECT ROW(kind, object, property, value)::text COLLATE \"C\" AS line, place\n"
      "FROM ({}\n) f (kind, object, property, value, place)\n"
      "ORDER BY line) sorted",
      statement.with, fmt::format(fmt::runtime(hash), "line"),
      fmt::format(fmt::runtime(hash), "line || place::text"), others, statement.snapshot);
}

SnapshotStatement Written(const QueryDialect& dialect, const OptionalKinds& left_out) {
  const Statement statement = WrittenParts(*dialect.scope, left_out);
  return {ExpandSnapshotTemplate(statement.with, dialect),
          ExpandSnapshotTemplate(Join(statement.snapshot, "\nUNION ALL"), dialect)};
}

}  // namespace

SnapshotStatement WriteSnapshotStatement(int server_major, const catalog::Scope& scope) {
  return Written({server_major, &scope, QueryForm::kProperties}, {});
}

std::string SnapshotQuery(int server_major, const catalog::Scope& scope) {
  const SnapshotStatement statement = WriteSnapshotStatement(server_major, scope);
  return fmt::format(
      "{}\nSELECT kind || E'\\t' || {} || E'\\t' || {} || E'\\t' || {} AS line,\n"
      "  wording = 1 OR wording = 2 AND value ~* {} AS sensitive, wording > 0 AS expression\n"
      "FROM ({}\n) f (kind, object, property, value, wording) WHERE value IS NOT NULL",
      statement.with, Escaped("object"), Escaped("property"), Escaped("value"), kSensitiveWords,
      statement.snapshot);
}

// A cursor's query is analyzed when it is declared and carried out when it is fetched.
std::string IsolatedMessage(const std::string& query) {
  return "SELECT set_config('ballast.search_path', current_setting('search_path'), true);\n"
         "SET LOCAL search_path = pg_catalog, pg_temp;\nSET LOCAL cursor_tuple_fraction = 1;\n"
         "DECLARE ballast_query NO SCROLL CURSOR FOR\n" +
         query +
         ";\nSET LOCAL cursor_tuple_fraction TO DEFAULT;\n"
         "SELECT set_config('search_path', current_setting('ballast.search_path'), true);\n"
         "FETCH ALL FROM ballast_query;\nCLOSE ballast_query;\n";
}

std::string OptionalKindsQuery(int server_major, const catalog::Scope& scope) {
  std::string selects;
  for (const OptionalObjectKind& kind : OptionalObjectKinds(scope.vocabulary)) {
    selects +=
        fmt::format("{}SELECT {} AS kind WHERE EXISTS ({})", selects.empty() ? "" : "\nUNION ALL ",
                    sql::QuoteLiteral(kind.name), kind.guard);
  }
  return WriteSnapshotStatement(server_major, scope).with + "\n" + selects;
}

std::string FingerprintQuery(int server_major, const catalog::Scope& scope) {
  return HashesOf(Written({server_major, &scope, QueryForm::kRows}, {}), "false");
}

std::string FingerprintQuery(int server_major, const catalog::Scope& scope,
                             const std::vector<std::string>& kinds) {
  const OptionalKinds left_out = AllBut(kinds, scope);
  return HashesOf(Written({server_major, &scope, QueryForm::kRows}, left_out),
                  AnyOf(left_out, scope.vocabulary));
}

}  // namespace ballast::introspect
