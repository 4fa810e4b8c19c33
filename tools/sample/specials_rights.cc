// SPDX-License-Identifier: Apache-2.0
#include "tools/sample/specials.h"

namespace ballast::sample {

std::vector<Special> PrivilegeSpecials() {
  return {
      {"row_level_security", R"~(ALTER TABLE "Organization" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "Organization" FORCE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "Organization" FOR SELECT TO PUBLIC USING ("id" = current_setting('app.organization', true));
CREATE POLICY "narrow" ON "Organization" AS RESTRICTIVE FOR UPDATE USING (true) WITH CHECK ("name" <> '');
ALTER TABLE "Setting" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "all of it" ON "Setting" USING (true);
COMMENT ON POLICY "own" ON "Organization" IS 'only one''s own';
)~"},
      {"roles", R"~(DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ballast_sample_reader') THEN
    CREATE ROLE ballast_sample_reader NOLOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ballast_sample_owner') THEN
    CREATE ROLE ballast_sample_owner NOLOGIN;
  END IF;
END $$;
)~",
       "", Need::kPrivileges},
      {"grants", R"~(GRANT USAGE ON SCHEMA "extensions" TO ballast_sample_reader;
GRANT SELECT ON "User", "Organization" TO ballast_sample_reader;
GRANT UPDATE ("name") ON "User" TO ballast_sample_reader WITH GRANT OPTION;
GRANT USAGE, SELECT ON SEQUENCE "free_number" TO ballast_sample_reader;
GRANT EXECUTE ON FUNCTION user_count() TO ballast_sample_reader;
REVOKE ALL ON FUNCTION user_count() FROM PUBLIC;
GRANT USAGE ON TYPE "Mood" TO ballast_sample_reader;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO ballast_sample_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA "extensions" REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
CREATE POLICY "readers" ON "User" FOR SELECT TO ballast_sample_reader USING (true);
)~",
       "", Need::kPrivileges},
      {"owners", R"~(ALTER TABLE "AuditEntry" OWNER TO ballast_sample_owner;
ALTER TYPE "Mood" OWNER TO ballast_sample_owner;
ALTER SCHEMA "events" OWNER TO ballast_sample_owner;
ALTER FUNCTION add_up(TEXT) OWNER TO ballast_sample_owner;
)~",
       "", Need::kPrivileges},
      {"database_settings", R"~(DO $$
BEGIN
  EXECUTE format('ALTER DATABASE %I SET statement_timeout = %L', current_database(), '7min');
  EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(), 'a sample');
END $$;
)~",
       "", Need::kPrivileges},
      {"publications",
       R"~(CREATE PUBLICATION "sample_changes" FOR TABLE "User", "Organization" WITH (publish = 'insert, update');
CREATE PUBLICATION "sample_everything" FOR ALL TABLES;
)~",
       "", Need::kPrivileges},
      {"foreign_tables", R"~(CREATE EXTENSION IF NOT EXISTS postgres_fdw;
CREATE SERVER "elsewhere" FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', dbname 'other');
CREATE USER MAPPING FOR PUBLIC SERVER "elsewhere" OPTIONS (user 'reader');
CREATE SCHEMA "remote";
CREATE FOREIGN TABLE "remote"."Thing" ("id" INTEGER NOT NULL, "name" TEXT OPTIONS (column_name 'label')) SERVER "elsewhere" OPTIONS (table_name 'things');
)~",
       "", Need::kPrivileges},
  };
}

}  // namespace ballast::sample
