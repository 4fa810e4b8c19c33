// SPDX-License-Identifier: Apache-2.0
#include "sql/named_roles.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ballast::sql {
namespace {

using Names = std::set<std::string>;

struct Case {
  std::string script;
  Names names;
  bool reads_roles = false;
  bool revokes = false;
  Names created = {};
};

TEST(NamedRolesTest, FindsRolesInStatementsAndInCode) {
  const std::vector<Case> cases = {
      {"CREATE TABLE a (b text DEFAULT 'x')", {}},
      {"GRANT SELECT, INSERT ON a TO app, \"Other App\", PUBLIC; SELECT 1 FROM b", {"app"}},
      {"REVOKE ALL ON a FROM app CASCADE; SELECT * FROM b", {"app"}, false, true},
      {"REVOKE UPDATE ON a FROM PUBLIC", {}, false, true},
      {"CREATE POLICY p ON a TO app USING (true)", {"app"}},
      {"ALTER TABLE a OWNER TO app; ALTER TABLE a RENAME TO b", {"app"}},
      {"COPY a FROM stdin; ALTER TABLE a RENAME TO b", {}},
      {"DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'app') THEN\n"
       "REVOKE DELETE ON a FROM app; END IF; END $$",
       {"app"},
       true,
       true},
      {"DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'app') THEN\n"
       "EXECUTE 'GRANT SELECT ON a TO other'; END IF; END $$",
       {"app", "other"},
       true},
      {"DO $$ DECLARE r text; BEGIN FOREACH r IN ARRAY ARRAY['anon', 'pg_x'] LOOP\n"
       "IF to_regrole(r) IS NOT NULL THEN EXECUTE format('REVOKE ALL ON a FROM %I', r);\n"
       "END IF; END LOOP; END $$",
       {"anon"},
       true,
       true},
      {"DO $$ BEGIN GRANT SELECT ON a TO app; EXCEPTION WHEN undefined_object THEN NULL; END $$",
       {"app"},
       true},
      {"CREATE ROLE app; GRANT app TO boss; CREATE USER MAPPING FOR app SERVER s",
       {"boss"},
       false,
       false,
       {"app"}},
  };
  for (const Case& one : cases) {
    const NamedRoles found = FindNamedRoles(one.script);
    EXPECT_EQ(found.names, one.names) << one.script;
    EXPECT_EQ(found.reads_roles, one.reads_roles) << one.script;
    EXPECT_EQ(found.revokes, one.revokes) << one.script;
    EXPECT_EQ(found.created, one.created) << one.script;
  }
}

}  // namespace
}  // namespace ballast::sql
