// SPDX-License-Identifier: Apache-2.0
// Random comments, grants and default privileges.
#include <fmt/format.h>

#include "tests/support/random_catalog_parts.h"

namespace ballast::testing {
namespace {

std::string Grantee(RandomWorld& world) {
  return world.random.OneIn(4) ? "PUBLIC" : world.Role();
}

void Comment(RandomWorld& world) {
  const RandomNamed object = world.random.Pick(world.objects);
  world.Say(fmt::format("COMMENT ON {} {} IS E'it''s\\n-- \\\\ $$ {}'", object.kind, object.place,
                        ++world.counter));
}

void CommentColumn(RandomWorld& world) {
  const RandomTable table = world.Table();
  world.Say(fmt::format("COMMENT ON COLUMN {}.{} IS 'col; \"x\"'", table.Place(),
                        world.random.Pick(table.columns).name));
}

void GrantTable(RandomWorld& world) {
  const RandomTable table = world.Table();
  const std::vector<std::string> privileges = {
      "SELECT", "ALL", "INSERT, UPDATE",
      fmt::format("SELECT ({}), UPDATE ({})", table.columns.front().name,
                  table.columns.back().name)};
  const std::string privilege = world.random.Pick(privileges);
  const std::string grantee = Grantee(world);
  world.Say(fmt::format("GRANT {} ON {} TO {}{}", privilege, table.Place(), grantee,
                        grantee != "PUBLIC" && world.random.OneIn(4) ? " WITH GRANT OPTION" : ""));
}

void GrantObject(RandomWorld& world) {
  const RandomNamed object = world.random.Pick(world.objects);
  const bool grant = world.random.OneIn(2);
  const bool table = object.kind == "VIEW" || object.kind == "MATERIALIZED VIEW";
  world.Say(fmt::format("{} ALL ON {} {} {} {}", grant ? "GRANT" : "REVOKE",
                        table ? "TABLE" : object.kind, object.place, grant ? "TO" : "FROM",
                        Grantee(world)));
}

void RevokeFromOwner(RandomWorld& world) {
  world.Say(fmt::format("REVOKE {} ON {} FROM postgres", world.random.OneIn(2) ? "ALL" : "DELETE",
                        world.Table().Place()));
}

void DefaultPrivileges(RandomWorld& world) {
  const std::vector<std::string> kinds = {"TABLES", "SEQUENCES", "FUNCTIONS", "TYPES"};
  const bool grant = world.random.OneIn(2);
  world.Say(fmt::format("ALTER DEFAULT PRIVILEGES {}{} {} ALL ON {} {} {}",
                        world.random.OneIn(3) ? "FOR ROLE " + world.Role() + " " : "",
                        world.random.OneIn(2) ? "IN SCHEMA " + world.Schema() : "",
                        grant ? "GRANT" : "REVOKE", world.random.Pick(kinds), grant ? "TO" : "FROM",
                        Grantee(world)));
}

void GrantAsOther(RandomWorld& world) {
  const std::string role = world.Role();
  world.Say(
      fmt::format("GRANT SELECT ON {0} TO {1} WITH GRANT OPTION; SET ROLE {1}; GRANT SELECT ON "
                  "{0} TO {2}; RESET ROLE",
                  world.Table().Place(), role, world.Role()));
}

}  // namespace

std::vector<RandomMove> RandomPrivilegeMoves() {
  return {Comment,     Comment,         CommentColumn,     GrantTable,
          GrantObject, RevokeFromOwner, DefaultPrivileges, GrantAsOther};
}

}  // namespace ballast::testing
