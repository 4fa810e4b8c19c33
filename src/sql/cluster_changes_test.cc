// SPDX-License-Identifier: Apache-2.0
#include "sql/cluster_changes.h"

#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

TEST(ClusterChangesTest, AreNotInTheCatalogOfTheDatabase) {
  for (const char* script : {"CREATE ROLE r",
                             "CREATE TABLE t (); CREATE USER u PASSWORD 'x'",
                             "DROP ROLE r",
                             "ALTER ROLE r NOLOGIN",
                             "GRANT pg_monitor TO r",
                             "REVOKE a FROM b",
                             "DROP OWNED BY r",
                             "REASSIGN OWNED BY a TO b",
                             "what is this; GRANT a TO b",
                             "ALTER ROLE CURRENT_USER SET work_mem = '5MB'",
                             "ALTER ROLE r RESET ALL",
                             "ALTER SYSTEM SET work_mem = '5MB'",
                             "CREATE DATABASE d",
                             "DROP DATABASE d",
                             "ALTER DATABASE d IS_TEMPLATE true",
                             "ALTER DATABASE d OWNER TO r",
                             "CREATE TABLESPACE s LOCATION '/x'",
                             "DROP TABLESPACE s",
                             "ALTER TABLESPACE s SET (random_page_cost = 1)",
                             "COMMENT ON ROLE r IS 'x'",
                             "COMMENT ON LARGE  OBJECT 1 IS 'x'",
                             "SECURITY LABEL ON ROLE r IS 'x'",
                             "GRANT SELECT ON LARGE OBJECT 1 TO r",
                             "GRANT SET ON PARAMETER work_mem TO r",
                             "ALTER LARGE OBJECT 1 OWNER TO r"}) {
    EXPECT_TRUE(ChangesCluster(script)) << script;
  }
  for (const char* script : {"", "what is this", "CREATE TABLE t ()", "GRANT SELECT ON t TO r",
                             "COMMENT ON TABLE t IS 'x'", "ALTER DATABASE d SET work_mem = '5MB'",
                             "ALTER ROLE r IN DATABASE d SET work_mem = '5MB'",
                             "COMMENT ON DATABASE d IS 'x'", "GRANT CONNECT ON DATABASE d TO r",
                             "ALTER TABLE t OWNER TO r", "SECURITY LABEL ON TABLE t IS 'x'"}) {
    EXPECT_FALSE(ChangesCluster(script)) << script;
  }
}

}  // namespace
}  // namespace ballast::sql
