CREATE TABLE "User" ("id" SERIAL PRIMARY KEY, "email" TEXT NOT NULL, "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP);
CREATE UNIQUE INDEX "User_email_key" ON "User"("email") WITH (fillfactor = 70);
CREATE TABLE "Event" ("id" INT NOT NULL, "user" INT REFERENCES "User"("id")) PARTITION BY RANGE ("id") ;
CREATE TABLE "Event_1" PARTITION OF "Event" FOR VALUES FROM (1) TO (100);
CREATE TYPE "Rng" AS RANGE (SUBTYPE = float8);
CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = public, pg_temp AS 'SELECT 1';
CREATE FOREIGN DATA WRAPPER "Wrapper" OPTIONS (a 'b', token 't');
CREATE SERVER "Server" FOREIGN DATA WRAPPER "Wrapper" OPTIONS (host 'h, i', password 'p');
INSERT INTO "User" ("email", "at") VALUES ('a@example.com', '2024-01-01');
