// SPDX-License-Identifier: Apache-2.0
#include "plan/required_extension_privileges.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "plan/planner.h"

namespace ballast::plan {
namespace {

std::vector<ExtensionOnServer> Extensions() {
  return {{"citext", "", false, false, "1.6", {{"1.4", true, false, {}}, {"1.6", true, true, {}}}},
          {"postgis", "", false, false, "3.3", {{"3.3", true, false, {}}}},
          {"postgis_topology", "", false, false, "3.3", {{"3.3", true, false, {"postgis"}}}},
          {"plain", "", false, false, "1", {{"1", false, false, {"citext"}}}},
          {"theirs", "admin", false, false, "1", {{"1", true, false, {}}}},
          {"the superuser's", "postgres", false, true, "1", {{"1", true, false, {}}}},
          {"mine", "app", true, false, "1", {{"1", true, false, {}}}}};
}

// "postgis: only a superuser may create it", or empty.
std::string Forbidden(const std::string& script, bool can_create, bool superuser = false) {
  Plan plan;
  plan.transactions.push_back(
      {ScriptMode::kInTransaction, {{RunScript{release::MakeMigration("m1", script)}, ""}}});
  ServerState server;
  server.database = "shop";
  server.role = "app";
  server.can_create_schema = can_create;
  server.superuser = superuser;
  const auto forbidden = ForbiddenUses(ExtensionUsesOf(plan), Extensions(), server);
  std::vector<std::string> words;
  words.reserve(forbidden.size());
  for (const ForbiddenUse& use : forbidden) {
    words.push_back(use.extension + ": " + use.why + " → " + use.remedy);
  }
  if (!forbidden.empty()) {
    const Refusal refusal = LackedForExtensions(forbidden, server).refusal;
    EXPECT_EQ(refusal.code, ErrorCode::kPrivilege);
    EXPECT_FALSE(refusal.remedies.empty());
    EXPECT_EQ(refusal.where.file, "m1");
  }
  return Join(words, "; ");
}

TEST(RequiredExtensionPrivilegesTest, EachKind) {
  const std::string superuser = ": only a superuser may create it → CREATE EXTENSION ";
  const std::string database =
      "citext: needs the privilege CREATE on database shop → GRANT CREATE ON DATABASE \"shop\" TO "
      "\"app\";";
  const struct {
    const char* script;
    bool can_create;
    std::string forbidden;
  } cases[] = {
      {"CREATE EXTENSION citext", true, ""},
      {"CREATE EXTENSION IF NOT EXISTS citext", false, database},
      {"CREATE EXTENSION citext VERSION '1.4'", true,
       "citext" + superuser + "\"citext\" VERSION '1.4';"},
      {"CREATE EXTENSION postgis", true, "postgis" + superuser + "\"postgis\";"},
      {"CREATE EXTENSION postgis; CREATE EXTENSION postgis", true,
       "postgis" + superuser + "\"postgis\";"},
      {"CREATE EXTENSION postgis_topology CASCADE", true,
       "postgis" + superuser + "\"postgis\";; postgis_topology" + superuser +
           "\"postgis_topology\";"},
      {"CREATE EXTENSION plain", false, ""},
      {"CREATE EXTENSION plain CASCADE", false, database},
      // Installed already: nothing is created.
      {"CREATE EXTENSION IF NOT EXISTS theirs", false, ""},
      {"DROP EXTENSION mine; CREATE EXTENSION mine", true, "mine" + superuser + "\"mine\";"},
      {"COMMENT ON EXTENSION theirs IS 'x'", true,
       "theirs: its owner is admin → GRANT \"admin\" TO \"app\";"},
      {"ALTER EXTENSION \"the superuser's\" UPDATE", true,
       "the superuser's: its owner is postgres → "},
      {"ALTER EXTENSION theirs UPDATE; ALTER EXTENSION mine UPDATE", true,
       "theirs: its owner is admin → GRANT \"admin\" TO \"app\";"},
      {"CREATE EXTENSION citext; COMMENT ON EXTENSION citext IS 'x'", true, ""},
      // Another role runs it; the server has no such extension.
      {"SET ROLE admin; CREATE EXTENSION postgis", true, ""},
      {"CREATE EXTENSION nowhere", false, ""},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(Forbidden(c.script, c.can_create), c.forbidden) << c.script;
    EXPECT_EQ(Forbidden(c.script, c.can_create, true), "") << c.script;
  }
}

TEST(RequiredExtensionPrivilegesTest, TheRefusalNamesAll) {
  ServerState server;
  server.database = "shop";
  server.role = "app";
  const ExtensionUse use{"m1", {sql::ExtensionAct::kCreate, "a", {}, false, {}, 3}};
  const auto [refusal, statements, what, others] =
      LackedForExtensions({{use, "a", "why", "GRANT x;"}, {use, "b", "why", "GRANT x;"}}, server);
  EXPECT_EQ(statements, std::vector<std::string>{"GRANT x;"});
  EXPECT_EQ(what, "may not create 2 extensions");
  EXPECT_EQ(refusal.message, "role app " + what);
  EXPECT_EQ(refusal.evidence,
            (std::vector<std::string>{"extension \"a\": why", "extension \"b\": why"}));
  EXPECT_EQ(refusal.remedies,
            std::vector<std::string>{"have an admin run in database shop: GRANT x;"});
  EXPECT_EQ(refusal.where.line, 3);
  EXPECT_EQ("role app " + what, refusal.message);
}

}  // namespace
}  // namespace ballast::plan
