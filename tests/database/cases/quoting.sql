-- Names that need care: quotes, dots, percent signs, dollar quotes, reserved words, unicode.
CREATE TABLE "select" ("from" integer PRIMARY KEY, "a""b" text, "c.d" text DEFAULT 'x"y', "ü" text, "%I" text, "$do$" text);
CREATE INDEX "i""x" ON "select" ("a""b", lower("c.d"), ("ü" || "%I"));
CREATE TYPE "e""t" AS ENUM ('a"b', 'c''d', 'e\f', '');
CREATE TABLE "t.x" (a "e""t" DEFAULT 'c''d', "User" integer REFERENCES "select", CONSTRAINT "k""c" CHECK ("User" > 0));
CREATE FUNCTION "f""x"("p q" integer) RETURNS text LANGUAGE plpgsql AS $body$ BEGIN RETURN $$do$$ || '$do$ $ballast$'; END $body$;
COMMENT ON COLUMN "select"."a""b" IS '$do$ $ballast$';
COMMENT ON SCHEMA public IS '$do$ it''s 100%I';
CREATE VIEW "v""x" AS SELECT "a""b" AS "x y" FROM "select";
CREATE SEQUENCE "s""q";
ALTER TABLE "t.x" ADD COLUMN n integer DEFAULT nextval('"s""q"');
INSERT INTO "select" ("from", "a""b", "%I") VALUES (1, '$do$', '%I');
SELECT nextval('"s""q"');
