-- Further schemas, with names that need quotes and references both ways.
CREATE SCHEMA "Billing 2";
CREATE SCHEMA empty;
CREATE TYPE "Billing 2"."State" AS ENUM ('OPEN', 'PAID');
CREATE TABLE "User" (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE "Billing 2"."Invoice" (id serial PRIMARY KEY, "userId" integer NOT NULL REFERENCES "User" ON DELETE CASCADE, state "Billing 2"."State" DEFAULT 'OPEN');
ALTER TABLE "User" ADD COLUMN last_state "Billing 2"."State", ADD COLUMN invoice integer REFERENCES "Billing 2"."Invoice";
CREATE INDEX "Invoice_state_idx" ON "Billing 2"."Invoice" (state) WHERE state = 'OPEN'::"Billing 2"."State";
CREATE FUNCTION "Billing 2".f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER trg BEFORE INSERT ON "Billing 2"."Invoice" FOR EACH ROW EXECUTE FUNCTION "Billing 2".f();
CREATE TRIGGER trg BEFORE UPDATE ON "User" FOR EACH ROW EXECUTE FUNCTION "Billing 2".f();
CREATE VIEW "Billing 2".v AS SELECT u.name, i.id FROM "User" u JOIN "Billing 2"."Invoice" i ON i."userId" = u.id;
CREATE SEQUENCE "Billing 2".s;
ALTER TABLE "User" ADD COLUMN n bigint DEFAULT nextval('"Billing 2".s');
CREATE TABLE "Billing 2"."User" (LIKE "User");
CREATE STATISTICS "Billing 2".st ON id, "userId" FROM "Billing 2"."Invoice";
CREATE RULE r AS ON DELETE TO "Billing 2"."Invoice" DO ALSO NOTHING;
INSERT INTO "User" (name) VALUES ('u'); INSERT INTO "Billing 2"."Invoice" ("userId") VALUES (1);
