ALTER TABLE "User" ADD COLUMN "name" TEXT;
CREATE VIEW "Names" AS SELECT "id", "name" FROM "User" WHERE "name" <> '';
CREATE UNLOGGED TABLE "Cache" ("key" TEXT PRIMARY KEY, "n" SERIAL);
