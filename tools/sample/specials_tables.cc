// SPDX-License-Identifier: Apache-2.0
#include "tools/sample/specials.h"

namespace ballast::sample {

std::vector<Special> TableSpecials() {
  return {
      {"unique_constraints", R"~(CREATE TABLE "Seat" (
    "id" SERIAL NOT NULL,
    "row" INTEGER NOT NULL,
    "place" INTEGER NOT NULL,
    CONSTRAINT "Seat_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "Seat_once" UNIQUE ("row", "place") DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT "Seat_place" CHECK ("place" > 0) NO INHERIT
);
)~",
       R"~(model Seat {
  id Int @id @default(autoincrement())
  row Int
  place Int

  @@unique([row, place], map: "Seat_once")
}
)~"},
      {"no_two_nulls", R"~(CREATE TABLE "Slot" ("id" SERIAL PRIMARY KEY, "name" TEXT,
    CONSTRAINT "Slot_name_key" UNIQUE NULLS NOT DISTINCT ("name"));
CREATE UNIQUE INDEX "Slot_lower" ON "Slot" (lower("name")) NULLS NOT DISTINCT;
)~",
       "", Need::kModern},
      {"exclude_overlaps", R"~(CREATE TABLE "Reservation" (
    "id" SERIAL NOT NULL,
    "room" INTEGER NOT NULL,
    "during" TSTZRANGE NOT NULL,
    CONSTRAINT "Reservation_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "Reservation_no_overlap" EXCLUDE USING gist ("room" WITH =, "during" WITH &&) WHERE ("room" > 0)
);
)~",
       R"~(model Reservation {
  id Int @id @default(autoincrement())
  room Int
  during Unsupported("tstzrange")
}
)~"},
      {"checks",
       R"~(ALTER TABLE "User" ADD CONSTRAINT "User_email_shape" CHECK (position('@' in "email") > 1);
ALTER TABLE "User" ADD CONSTRAINT "User_name_short" CHECK (length("name") < 200) NOT VALID;
ALTER TABLE "Setting" ADD CONSTRAINT "Setting_key_plain" CHECK ("key" = lower("key")) NOT VALID;
ALTER TABLE "Setting" VALIDATE CONSTRAINT "Setting_key_plain";
)~"},
      {"foreign_keys_of_every_kind", R"~(CREATE TABLE "Visit" (
    "id" SERIAL NOT NULL,
    "userId" TEXT,
    "organizationId" TEXT,
    "next" INTEGER,
    CONSTRAINT "Visit_pkey" PRIMARY KEY ("id")
);
ALTER TABLE "Visit" ADD CONSTRAINT "Visit_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE NOT VALID;
ALTER TABLE "Visit" ADD CONSTRAINT "Visit_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization"("id") ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "Visit" ADD CONSTRAINT "Visit_next_fkey" FOREIGN KEY ("next") REFERENCES "Visit"("id") MATCH FULL ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE;
)~",
       R"~(model Visit {
  id Int @id @default(autoincrement())
  userId String?
  user User? @relation(fields: [userId], references: [id], onDelete: SetNull, onUpdate: Cascade)
  organizationId String?
  organization Organization? @relation(fields: [organizationId], references: [id], onDelete: SetNull, onUpdate: Cascade)
  next Int?
  following Visit? @relation("Following", fields: [next], references: [id], onDelete: SetNull, onUpdate: Cascade)
  previous Visit[] @relation("Following")
}
)~"},
      {"partition_by_range", R"~(CREATE TABLE "Metric" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "value" DOUBLE PRECISION,
    CONSTRAINT "Metric_pkey" PRIMARY KEY ("id", "at")
) PARTITION BY RANGE ("at");
CREATE TABLE "Metric_2024" PARTITION OF "Metric" FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE "Metric_rest" PARTITION OF "Metric" DEFAULT;
CREATE INDEX "Metric_value_idx" ON "Metric" ("value");
)~",
       R"~(model Metric {
  id BigInt @default(autoincrement())
  at DateTime
  value Float?

  @@id([id, at])
  @@index([value])
}

model Metric_2024 {
  id BigInt @default(autoincrement())
  at DateTime
  value Float?

  @@id([id, at])
  @@index([value])
}

model Metric_rest {
  id BigInt @default(autoincrement())
  at DateTime
  value Float?

  @@id([id, at])
  @@index([value])
}
)~"},
      {"index_on_only", R"~(CREATE INDEX "Metric_at_idx" ON ONLY "Metric" ("at" DESC);
CREATE INDEX "Metric_2024_at_idx" ON "Metric_2024" ("at" DESC);
ALTER INDEX "Metric_at_idx" ATTACH PARTITION "Metric_2024_at_idx";
ALTER TABLE "Metric_2024" SET (fillfactor = 80);
)~"},
      {"partition_by_list_and_hash", R"~(CREATE SCHEMA "parts";
CREATE TABLE "parts"."Sale" ("region" TEXT NOT NULL, "number" INTEGER NOT NULL, PRIMARY KEY ("region", "number")) PARTITION BY LIST ("region");
CREATE TABLE "parts"."Sale_eu" PARTITION OF "parts"."Sale" FOR VALUES IN ('de', 'fr') PARTITION BY HASH ("number");
CREATE TABLE "parts"."Sale_eu_0" PARTITION OF "parts"."Sale_eu" FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE "parts"."Sale_eu_1" PARTITION OF "parts"."Sale_eu" FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE "parts"."Sale_us" ("number" INTEGER NOT NULL, "region" TEXT NOT NULL);
ALTER TABLE "parts"."Sale" ATTACH PARTITION "parts"."Sale_us" FOR VALUES IN ('us');
INSERT INTO "parts"."Sale" VALUES ('de', 1), ('fr', 2), ('us', 3);
)~"},
      {"inheritance", R"~(CREATE SCHEMA "zoo";
CREATE TABLE "zoo"."Animal" ("id" SERIAL PRIMARY KEY, "name" TEXT NOT NULL DEFAULT 'no name', CHECK ("name" <> ''));
CREATE TABLE "zoo"."Bird" ("wingspan" REAL, PRIMARY KEY ("id")) INHERITS ("zoo"."Animal");
CREATE TABLE "zoo"."Owl" (LIKE "zoo"."Bird" INCLUDING ALL);
ALTER TABLE "zoo"."Owl" INHERIT "zoo"."Bird";
ALTER TABLE "zoo"."Bird" ALTER COLUMN "name" SET DEFAULT 'bird';
)~"},
      {"unlogged_and_parameters", R"~(CREATE UNLOGGED TABLE "Cache" (
    "key" TEXT NOT NULL,
    "value" BYTEA,
    CONSTRAINT "Cache_pkey" PRIMARY KEY ("key") WITH (fillfactor = 75)
) WITH (fillfactor = 60, autovacuum_enabled = false, toast.autovacuum_enabled = false);
ALTER TABLE "AuditEntry" SET (autovacuum_vacuum_scale_factor = 0.02);
)~",
       R"~(model Cache {
  key String @id
  value Bytes?
}
)~"},
      {"typed_and_schemaless", R"~(CREATE SCHEMA IF NOT EXISTS "events";
CREATE TYPE "events"."Entry" AS ("id" INTEGER, "text" TEXT);
CREATE TABLE "events"."Log" OF "events"."Entry" ("id" WITH OPTIONS PRIMARY KEY, "text" NOT NULL);
CREATE TABLE "events"."Follow" ("user" TEXT REFERENCES "User"("id") ON DELETE CASCADE, "log" INTEGER REFERENCES "events"."Log");
INSERT INTO "events"."Log" VALUES (1, 'opened'), (2, 'line' || chr(10) || 'break'), (3, E'tab\t\\ "quoted" ''single''');
)~"},
      {"replica_identity_and_statistics", R"~(ALTER TABLE "AuditEntry" REPLICA IDENTITY FULL;
ALTER TABLE "User" REPLICA IDENTITY USING INDEX "User_email_key";
CREATE STATISTICS "User_name_and_email" (dependencies, ndistinct, mcv) ON "name", "email" FROM "User";
ALTER STATISTICS "User_name_and_email" SET STATISTICS 300;
)~"},
      {"serial_of_a_renamed_table", R"~(CREATE TABLE "OldName" (
    "id" SERIAL NOT NULL,
    "note" TEXT,
    CONSTRAINT "OldName_pkey" PRIMARY KEY ("id")
);
INSERT INTO "OldName" ("note") VALUES ('one'), ('two');
ALTER TABLE "OldName" RENAME TO "NewName";
ALTER TABLE "NewName" RENAME CONSTRAINT "OldName_pkey" TO "NewName_pkey";
ALTER TABLE "NewName" DROP COLUMN "note", ADD COLUMN "remark" TEXT;
)~",
       R"~(model NewName {
  id Int @id @default(autoincrement())
  remark String?
}
)~"},
      {"names_with_everything", R"~(CREATE TABLE "Odd ""name"" of a table" (
    "select" SERIAL NOT NULL,
    "größe in µm" INTEGER,
    "a.b" TEXT,
    "It's" TEXT DEFAULT '"',
    CONSTRAINT "Odd pkey" PRIMARY KEY ("select")
);
CREATE INDEX "Odd index, with 'quotes'" ON "Odd ""name"" of a table" ("größe in µm", "a.b");
COMMENT ON COLUMN "Odd ""name"" of a table"."a.b" IS 'a dot; and a semicolon -- and no comment';
)~"},
  };
}

}  // namespace ballast::sample
