// SPDX-License-Identifier: Apache-2.0
#include "tools/sample/specials.h"

namespace ballast::sample {

std::vector<Special> CodeSpecials() {
  return {
      {"functions",
       R"~(CREATE OR REPLACE FUNCTION set_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."updatedAt" = CURRENT_TIMESTAMP;  -- a semicolon; in a body
  RETURN NEW;
END;
$$;
CREATE FUNCTION add_up(a INTEGER, b INTEGER DEFAULT 1, VARIADIC more INTEGER[] DEFAULT '{}') RETURNS INTEGER
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 5 AS 'SELECT a + b + coalesce((SELECT sum(m)::int FROM unnest(more) m), 0)';
CREATE FUNCTION add_up(a TEXT) RETURNS SETOF TEXT LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp ROWS 10 AS $body$
BEGIN RETURN NEXT a || '; $$ ' ; RETURN; END $body$;
CREATE FUNCTION user_count(OUT users BIGINT, OUT admins BIGINT) LANGUAGE sql AS $$
  SELECT count(*), count(*) FILTER (WHERE "role" = 'ADMIN') FROM "User"
$$;
)~"},
      {"functions_with_sql_bodies",
       R"~(CREATE FUNCTION twice(x INTEGER) RETURNS INTEGER LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN x > 0 THEN x * 2 ELSE 0 END; END;
)~",
       "", Need::kModern},
      {"procedures_and_aggregates",
       R"~(CREATE PROCEDURE clean_up(days INTEGER) LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM "AuditEntry" WHERE "at" < CURRENT_TIMESTAMP - make_interval(days => days);
END $$;
CREATE FUNCTION longer(a TEXT, b TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN length(a) >= length(b) THEN a ELSE b END $$;
CREATE AGGREGATE longest(TEXT) (SFUNC = longer, STYPE = TEXT, INITCOND = '');
CREATE OPERATOR |>| (LEFTARG = TEXT, RIGHTARG = TEXT, FUNCTION = longer);
CALL clean_up(30);
)~"},
      {"triggers",
       R"~(CREATE TRIGGER "User_updated" BEFORE UPDATE ON "User" FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER "User_name_only" BEFORE UPDATE OF "name", "email" ON "User" FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE FUNCTION note_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER "Organization_late" AFTER INSERT OR UPDATE ON "Organization" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_it();
CREATE TRIGGER "Setting_many" AFTER UPDATE ON "Setting" REFERENCING OLD TABLE AS gone NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION note_it('an argument', '2');
ALTER TABLE "User" DISABLE TRIGGER "User_name_only";
)~"},
      {"always_triggers", R"~(ALTER TABLE "User" ENABLE ALWAYS TRIGGER "User_updated";
ALTER TABLE "Organization" ENABLE REPLICA TRIGGER "Organization_late";
)~"},
      {"event_trigger",
       R"~(CREATE FUNCTION on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
CREATE EVENT TRIGGER sample_ddl ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP TABLE') EXECUTE FUNCTION on_ddl();
)~",
       "", Need::kPrivileges},
      {"views",
       R"~(CREATE VIEW "ActiveUser" AS SELECT u."id", u."email", o."name" AS "organization" FROM "User" u LEFT JOIN "Organization" o ON o."id" = u."organizationId" WHERE u."role" <> 'GUEST';
CREATE VIEW "Admin" WITH (security_barrier = true) AS SELECT "id", "email" FROM "ActiveUser" WHERE "organization" IS NOT NULL WITH LOCAL CHECK OPTION;
CREATE RECURSIVE VIEW "Number" ("n") AS VALUES (1) UNION ALL SELECT "n" + 1 FROM "Number" WHERE "n" < 10;
CREATE OR REPLACE VIEW "ActiveUser" AS SELECT u."id", u."email", o."name" AS "organization", u."createdAt" FROM "User" u LEFT JOIN "Organization" o ON o."id" = u."organizationId" WHERE u."role" <> 'GUEST';
)~"},
      {"materialized_views",
       R"~(CREATE MATERIALIZED VIEW "UsersPerOrganization" AS SELECT "organizationId", count(*) AS "users" FROM "User" GROUP BY 1;
CREATE UNIQUE INDEX "UsersPerOrganization_key" ON "UsersPerOrganization" ("organizationId");
CREATE MATERIALIZED VIEW "Later" AS SELECT 1 AS "one" WITH NO DATA;
REFRESH MATERIALIZED VIEW CONCURRENTLY "UsersPerOrganization";
)~"},
      {"rules", R"~(CREATE VIEW "SettingView" AS SELECT "key", "value" FROM "Setting";
CREATE RULE "SettingView_insert" AS ON INSERT TO "SettingView" DO INSTEAD (
  INSERT INTO "Setting" ("key", "value") VALUES (lower(NEW."key"), NEW."value");
  NOTIFY settings;
);
CREATE RULE "Audit_keeps" AS ON DELETE TO "AuditEntry" WHERE (OLD."id" < 0) DO INSTEAD NOTHING;
)~"},
      {"text_search", R"~(CREATE TEXT SEARCH CONFIGURATION "plain" (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION "plain" ALTER MAPPING FOR asciiword WITH english_stem;
CREATE COLLATION "by_bytes" (LOCALE = 'C');
)~"},
      {"do_blocks", R"~(DO $$
DECLARE
  t TEXT;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_type WHERE typname = 'Mood') THEN
    CREATE TYPE "Mood" AS ENUM ('GOOD', 'BAD');
  END IF;
  FOREACH t IN ARRAY ARRAY['User', 'Organization'] LOOP
    EXECUTE format('ALTER TABLE %I ADD COLUMN IF NOT EXISTS "mood" "Mood"', t);
  END LOOP;
EXCEPTION WHEN duplicate_object THEN NULL;
END $$;
)~"},
      {"comments", R"~(COMMENT ON TABLE "User" IS 'People; it''s all "quoted"';
COMMENT ON COLUMN "User"."email" IS E'First line\nsecond line';
COMMENT ON CONSTRAINT "User_email_shape" ON "User" IS 'has an at';
COMMENT ON INDEX "User_email_key" IS 'one each';
COMMENT ON TYPE "Role" IS 'what one may do';
COMMENT ON FUNCTION add_up(INTEGER, INTEGER, INTEGER[]) IS 'sums';
COMMENT ON TRIGGER "User_updated" ON "User" IS 'keeps the time';
COMMENT ON VIEW "ActiveUser" IS 'who is here';
COMMENT ON MATERIALIZED VIEW "Later" IS 'not yet';
COMMENT ON SCHEMA "extensions" IS 'what came from elsewhere';
COMMENT ON SEQUENCE "free_number" IS 'free';
COMMENT ON DOMAIN "Percent" IS '0 to 100';
COMMENT ON AGGREGATE longest(TEXT) IS 'the longest';
COMMENT ON STATISTICS "User_name_and_email" IS 'they go together';
COMMENT ON RULE "Audit_keeps" ON "AuditEntry" IS 'keeps';
COMMENT ON TEXT SEARCH CONFIGURATION "plain" IS 'plain';
COMMENT ON COLLATION "by_bytes" IS 'bytes';
COMMENT ON OPERATOR |>| (TEXT, TEXT) IS 'longer of two';
)~"},
  };
}

}  // namespace ballast::sample
