// SPDX-License-Identifier: Apache-2.0
#include "tools/sample/specials.h"

namespace ballast::sample {

std::vector<Special> IndexSpecials() {
  return {
      {"partial_and_expression_indexes",
       R"~(CREATE UNIQUE INDEX "User_one_owner" ON "User" ("organizationId") WHERE ("role" = 'ADMIN');
CREATE INDEX "User_lower_email" ON "User" (lower("email"), ("name" || '!') DESC NULLS LAST);
CREATE INDEX "AuditEntry_recent" ON "AuditEntry" ("at" DESC) WHERE ("what" ->> 'kind') IS NOT NULL;
)~"},
      {"covering_indexes",
       R"~(CREATE INDEX "User_cover" ON "User" ("createdAt") INCLUDE ("email", "name") WITH (fillfactor = 90, deduplicate_items = off);
CREATE UNIQUE INDEX "User_email_cover" ON "User" ("email") INCLUDE ("role");
ALTER INDEX "User_lower_email" ALTER COLUMN 1 SET STATISTICS 100;
)~"},
      {"operator_classes", R"~(CREATE TABLE "Page" (
    "id" SERIAL NOT NULL,
    "path" TEXT NOT NULL,
    "title" TEXT COLLATE "C",
    "doc" JSONB,
    "area" BOX,
    "net" INET,
    "day" DATE,
    "tags" TEXT[],
    CONSTRAINT "Page_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "Page_path_pattern" ON "Page" ("path" text_pattern_ops);
CREATE INDEX "Page_title_trgm" ON "Page" USING gist ("title" "extensions".gist_trgm_ops (siglen = 32));
CREATE INDEX "Page_path_trgm" ON "Page" USING gin ("path" "extensions".gin_trgm_ops);
CREATE INDEX "Page_doc" ON "Page" USING gin ("doc" jsonb_path_ops) WITH (fastupdate = off);
CREATE INDEX "Page_tags" ON "Page" USING gin ("tags");
CREATE INDEX "Page_hash" ON "Page" USING hash ("path");
CREATE INDEX "Page_brin" ON "Page" USING brin ("day") WITH (pages_per_range = 32, autosummarize = on);
CREATE INDEX "Page_area" ON "Page" USING spgist ("area");
CREATE INDEX "Page_net" ON "Page" USING spgist ("net" inet_ops);
CREATE INDEX "Page_collated" ON "Page" ("title" COLLATE "POSIX" DESC);
)~",
       R"~(model Page {
  id Int @id @default(autoincrement())
  path String
  title String?
  doc Json?
  area Unsupported("box")?
  net String? @db.Inet
  day DateTime? @db.Date
  tags String[]

  @@index([path(ops: raw("text_pattern_ops"))], map: "Page_path_pattern")
  @@index([doc(ops: JsonbPathOps)], map: "Page_doc", type: Gin)
  @@index([tags], map: "Page_tags", type: Gin)
  @@index([path], map: "Page_hash", type: Hash)
  @@index([day], map: "Page_brin", type: Brin)
  @@index([net(ops: InetOps)], map: "Page_net", type: SpGist)
  @@index([title(sort: Desc)], map: "Page_collated")
}
)~"},
      {"index_concurrently", R"~(-- The only statement of its file, as it must be.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "Organization_name_idx" ON "Organization" ("name");
)~"},
      {"unique_index_concurrently",
       "CREATE UNIQUE INDEX CONCURRENTLY \"Organization_name_id_key\" ON "
       "\"Organization\"(\"name\", "
       "\"id\")"},
      {"drop_index_concurrently",
       "DROP INDEX CONCURRENTLY IF EXISTS \"Organization_name_id_key\";\n"},
      {"reindex_concurrently", "REINDEX INDEX CONCURRENTLY \"Organization_name_idx\";\n"},
      {"index_dropped_concurrently", "DROP INDEX CONCURRENTLY \"Organization_name_idx\";\n"},
      {"constraint_from_index",
       R"~(CREATE UNIQUE INDEX "Setting_value_tmp" ON "Setting" ("key", "value");
ALTER TABLE "Setting" ADD CONSTRAINT "Setting_key_value" UNIQUE USING INDEX "Setting_value_tmp";
ALTER TABLE "Setting" CLUSTER ON "Setting_pkey";
)~"},
  };
}

}  // namespace ballast::sample
