// SPDX-License-Identifier: Apache-2.0
#include "tools/sample/specials.h"

namespace ballast::sample {

std::vector<Special> ScriptSpecials() {
  return {
      {"lookup_rows", R"~(CREATE TABLE "Country" (
    "code" CHAR(2) NOT NULL,
    "name" TEXT NOT NULL,
    "since" TIMESTAMP(3) NOT NULL DEFAULT '2001-02-03 04:05:06.789',

    CONSTRAINT "Country_pkey" PRIMARY KEY ("code")
);
INSERT INTO "Country" ("code", "name") VALUES ('de', 'Deutschland'), ('fr', 'France'), ('jp', '日本'), ('se', 'Sverige');
UPDATE "Country" SET "name" = 'Sweden' WHERE "code" = 'se';
DELETE FROM "Country" WHERE "code" = 'fr';
)~",
       R"~(model Country {
  code String @id @db.Char(2)
  name String
  since DateTime @default(dbgenerated("'2001-02-03 04:05:06.789'::timestamp without time zone"))
}
)~"},
      {"first_settings", R"~(INSERT INTO "Setting" ("key", "value") VALUES
  ('theme', 'dark; or light'),
  ('greeting', E'Hello\n\tworld \\ "you"'),
  ('empty', '');
INSERT INTO "Organization" ("id", "name", "createdAt") VALUES ('org_default', 'Default', '2020-01-01 00:00:00');
INSERT INTO "AuditEntry" ("what", "at") SELECT jsonb_build_object('number', n), timestamp '2020-01-01' + n * interval '1 hour' FROM generate_series(1, 25) n;
)~"},
      {"volatile_rows",
       R"~(INSERT INTO "Organization" ("id", "name") VALUES (gen_random_uuid()::text, 'Volatile');
INSERT INTO "AuditEntry" ("what") VALUES ('{"kind": "now"}');
)~",
       "", Need::kVolatile},
      {"lock_timeout", R"~(SET lock_timeout = '5s';
SET statement_timeout TO 0;
ALTER TABLE "User" ALTER COLUMN "name" SET DEFAULT '';
ALTER TABLE "User" ALTER COLUMN "name" DROP DEFAULT;
)~"},
      {"search_path", R"~(SELECT set_config('app.organization', 'org_default', false);
DO $$ BEGIN PERFORM set_config('search_path', current_setting('search_path'), false); END $$;
)~"},
      {"own_transaction", R"~(BEGIN;
SET LOCAL lock_timeout = '3s';
ALTER TABLE "Setting" ADD COLUMN "note" TEXT;
SAVEPOINT before_it;
ALTER TABLE "Setting" ADD COLUMN "wrong" TEXT;
ROLLBACK TO SAVEPOINT before_it;
COMMIT;
BEGIN;
UPDATE "Setting" SET "note" = 'checked' WHERE "key" = 'theme';
COMMIT;
)~"},
      {"temporary_table",
       R"~(CREATE TEMPORARY TABLE "moving" AS SELECT "key", "value" FROM "Setting";
UPDATE "Setting" s SET "note" = m."value" FROM "moving" m WHERE m."key" = s."key" AND s."note" IS NULL;
DROP TABLE "moving";
)~"},
      {"set_local", R"~(SET LOCAL lock_timeout = '1s';
SET CONSTRAINTS ALL IMMEDIATE;
COMMENT ON COLUMN "Setting"."note" IS 'free text';
)~"},
      {"nothing_at_all", ""},
      {"only_a_comment", "-- This migration was emptied on purpose; see the one before it.\n"},
      {"windows_lines",
       "-- AlterTable\r\nALTER TABLE \"Setting\" ADD COLUMN     \"windows\" TEXT DEFAULT "
       "'two\r\nlines';\r\n\r\nALTER TABLE \"Setting\" ALTER COLUMN \"windows\" DROP DEFAULT;\r\n"},
      {"no_last_newline", "ALTER TABLE \"Setting\" ALTER COLUMN \"windows\" SET DEFAULT 'x'"},
      {"not_ascii", R"~(-- Größenänderung – “quoted” – 変更 – 🚢
COMMENT ON TABLE "Setting" IS 'Schlüssel und Werte – 設定 🚢';
)~"},
      {"advisory_lock", R"~(SELECT pg_advisory_lock(4711);
ALTER TABLE "Setting" ALTER COLUMN "windows" DROP DEFAULT;
SELECT pg_advisory_unlock(4711);
)~"},
      {"made_and_dropped", R"~(CREATE TABLE "Mistake" ("id" SERIAL PRIMARY KEY, "x" TEXT);
CREATE VIEW "MistakeView" AS SELECT * FROM "Mistake";
DROP TABLE "Mistake" CASCADE;
CREATE SCHEMA "gone";
CREATE TYPE "gone"."T" AS ENUM ('a');
DROP SCHEMA "gone" CASCADE;
)~"},
      {"vacuum", "VACUUM ANALYZE \"User\";\n"},
  };
}

std::vector<Special> AllSpecials() {
  std::vector<Special> all;
  for (const auto& some : {TypeSpecials(), ScriptSpecials(), TableSpecials(), IndexSpecials(),
                           CodeSpecials(), PrivilegeSpecials()}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

}  // namespace ballast::sample
