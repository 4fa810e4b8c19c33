// SPDX-License-Identifier: Apache-2.0
// Random comments, grants and default privileges.
#include <fmt/format.h>

#include "tests/support/random_catalog_parts.h"

namespace ballast::testing {
namespace {

std::string Grantee(RandomWorld& invocation) {
  return invocation.random.OneIn(4) ? "PUBLIC" : invocation.Role();
}

void Comment(RandomWorld& invocation) {
  const RandomNamed object = invocation.random.Pick(invocation.objects);
  invocation.Say(fmt::format("COMMENT ON {} {} IS E'it''s\\n-- \\\\ $$ {}'", object.kind,
                             object.place, ++invocation.counter));
}

void CommentColumn(RandomWorld& invocation) {
  const RandomTable table = invocation.Table();
  invocation.Say(fmt::format("COMMENT ON COLUMN {}.{} IS 'col; \"x\"'", table.Place(),
                             invocation.random.Pick(table.columns).name));
}

void GrantTable(RandomWorld& invocation) {
  const RandomTable table = invocation.Table();
  const std::vector<std::string> privileges = {
      "SELECT", "ALL", "INSERT, UPDATE",
      fmt::format("SELECT ({}), UPDATE ({})", table.columns.front().name,
                  table.columns.back().name)};
  const std::string privilege = invocation.random.Pick(privileges);
  const std::string grantee = Grantee(invocation);
  invocation.Say(
      fmt::format("GRANT {} ON {} TO {}{}", privilege, table.Place(), grantee,
                  grantee != "PUBLIC" && invocation.random.OneIn(4) ? " WITH GRANT OPTION" : ""));
}

void GrantObject(RandomWorld& invocation) {
  const RandomNamed object = invocation.random.Pick(invocation.objects);
  const bool grant = invocation.random.OneIn(2);
  const bool table = object.kind == "VIEW" || object.kind == "MATERIALIZED VIEW";
  invocation.Say(fmt::format("{} ALL ON {} {} {} {}", grant ? "GRANT" : "REVOKE",
                             table ? "TABLE" : object.kind, object.place, grant ? "TO" : "FROM",
                             Grantee(invocation)));
}

void RevokeFromOwner(RandomWorld& invocation) {
  invocation.Say(fmt::format("REVOKE {} ON {} FROM postgres",
                             invocation.random.OneIn(2) ? "ALL" : "DELETE",
                             invocation.Table().Place()));
}

void DefaultPrivileges(RandomWorld& invocation) {
  const std::vector<std::string> kinds = {"TABLES", "SEQUENCES", "FUNCTIONS", "TYPES"};
  const bool grant = invocation.random.OneIn(2);
  invocation.Say(
      fmt::format("ALTER DEFAULT PRIVILEGES {}{} {} ALL ON {} {} {}",
                  invocation.random.OneIn(3) ? "FOR ROLE " + invocation.Role() + " " : "",
                  invocation.random.OneIn(2) ? "IN SCHEMA " + invocation.Schema() : "",
                  grant ? "GRANT" : "REVOKE", invocation.random.Pick(kinds), grant ? "TO" : "FROM",
                  Grantee(invocation)));
}

void GrantAsOther(RandomWorld& invocation) {
  const std::string role = invocation.Role();
  invocation.Say(
      fmt::format("GRANT SELECT ON {0} TO {1} WITH GRANT OPTION; SET ROLE {1}; GRANT SELECT ON "
                  "{0} TO {2}; RESET ROLE",
                  invocation.Table().Place(), role, invocation.Role()));
}

}  // namespace

std::vector<RandomMove> RandomPrivilegeMoves() {
  return {Comment,     Comment,         CommentColumn,     GrantTable,
          GrantObject, RevokeFromOwner, DefaultPrivileges, GrantAsOther};
}

}  // namespace ballast::testing
