-- Settings
SET LOCAL check_function_bodies = false;

-- CreateTable
CREATE UNLOGGED TABLE "Cache" (
    "key" TEXT NOT NULL,
    "n" SERIAL NOT NULL,

    CONSTRAINT "Cache_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "Event" (
    "id" INTEGER NOT NULL,
    "user" INTEGER
) PARTITION BY RANGE (id);

-- CreateTable
CREATE TABLE "Event_1" (
    "id" INTEGER NOT NULL,
    "user" INTEGER
);

-- CreateTable
CREATE TABLE "User" (
    "id" SERIAL NOT NULL,
    "email" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "name" TEXT,

    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);

-- AttachPartition
ALTER TABLE ONLY "Event" ATTACH PARTITION "Event_1" FOR VALUES FROM (1) TO (100);

-- InsertRows
INSERT INTO "User" ("id", "email", "at", "name") VALUES
    (1, 'a@example.com', '2024-01-01 00:00:00', NULL);

-- SetSequence
SELECT setval('"User_id_seq"', 1);

-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "User"("email") WITH (fillfactor='70');

-- AddForeignKey
ALTER TABLE "Event" ADD CONSTRAINT "Event_user_fkey" FOREIGN KEY ("user") REFERENCES "User"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- CreateForeignDataWrapper
CREATE FOREIGN DATA WRAPPER "Wrapper" OPTIONS (a 'b', token 't');

-- CreateServer
CREATE SERVER "Server" FOREIGN DATA WRAPPER "Wrapper" OPTIONS (host 'h, i', password 'p');

-- CreateType
CREATE TYPE "Rng" AS RANGE (
    SUBTYPE = double precision
);

-- CreateFunction
CREATE FUNCTION f()
 RETURNS integer
 LANGUAGE sql
 SET search_path TO 'public', 'pg_temp'
AS $function$SELECT 1$function$;

-- CreateView
CREATE VIEW "Names" AS
 SELECT "User".id,
    "User".name
   FROM "User"
  WHERE ("User".name <> ''::text);
