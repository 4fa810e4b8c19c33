// SPDX-License-Identifier: Apache-2.0
#include "sql/prisma_definitions.h"

#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

TEST(PrismaDefaultTest, UnifiesWhatPrismaTreatsAsEqual) {
  struct Case {
    const char* a;
    const char* b;
  };
  for (const Case& c : {
           Case{"now()", "CURRENT_TIMESTAMP"},
           Case{"'X'::text", "'X'::character varying"},
           Case{"'X'::text", "'X'::character varying(20)"},
           Case{"'X'::text", "('X'::text)::character varying"},
           Case{"0", "'0'::numeric"},
           Case{"0", "(0)::numeric"},
           Case{"0", "0.00"},
           Case{"'-1'::integer", "-1"},
           Case{"'-1'::integer", "'-1'::bigint"},
           Case{"'1.50'::numeric(10,2)", "1.5"},
           Case{"'1.5'::double precision", "1.5"},
           Case{"'{}'::text[]", "ARRAY[]::text[]"},
           Case{"'{a,b}'::text[]", "ARRAY['a'::text, 'b'::text]"},
           Case{"'{1,2}'::integer[]", "ARRAY[1, 2]"},
           Case{"'{\"a\": 1}'::jsonb", "'{\"a\":1}'::jsonb"},
           Case{"'{\"a\": 1, \"b\": 2}'::jsonb", "'{\"b\":2,\"a\":1}'::jsonb"},
           Case{"'2020-01-01 00:00:00'::timestamp without time zone",
                "'2020-01-01 00:00:00+00'::timestamp with time zone"},
           Case{"true", "true"},
           Case{"'USER'::\"Role\"", "'USER'::app.\"Role\""},
       }) {
    EXPECT_EQ(PrismaDefault(c.a), PrismaDefault(c.b)) << c.a << " " << c.b;
  }
}

TEST(PrismaDefaultTest, KeepsWhatDiffers) {
  struct Case {
    const char* a;
    const char* b;
  };
  for (const Case& c : {
           Case{"'X'::text", "'Y'::text"},
           Case{"'1.0'::text", "'1'::text"},
           Case{"0", "1"},
           Case{"1", "-1"},
           Case{"10", "1"},
           Case{"true", "false"},
           Case{"true", "'true'::text"},
           Case{"'{a}'::text[]", "'{a,b}'::text[]"},
           Case{"'{\"a\": 1}'::jsonb", "'{\"a\": 2}'::jsonb"},
           Case{"now()", "statement_timestamp()"},
           Case{"now()", "CURRENT_DATE"},
           Case{"now()", "CURRENT_TIMESTAMP(3)"},
           Case{"gen_random_uuid()", "uuid_generate_v4()"},
           Case{"lower('X'::text)", "'X'::text"},
       }) {
    EXPECT_NE(PrismaDefault(c.a), PrismaDefault(c.b)) << c.a << " " << c.b;
  }
}

TEST(PrismaKeyTest, SeesWhatPrismaCompares) {
  const std::string key = "FOREIGN KEY (a) REFERENCES t(id) ON UPDATE CASCADE ON DELETE SET NULL";
  for (const char* same : {" NOT VALID", " DEFERRABLE INITIALLY DEFERRED", " (a)"}) {
    EXPECT_EQ(PrismaKey(key), PrismaKey(key + same)) << same;
  }
  for (const char* other :
       {"FOREIGN KEY (b) REFERENCES t(id) ON UPDATE CASCADE ON DELETE SET NULL",
        "FOREIGN KEY (a) REFERENCES s.t(id) ON UPDATE CASCADE ON DELETE SET NULL",
        "FOREIGN KEY (a) REFERENCES t(id) ON UPDATE CASCADE", "PRIMARY KEY (a)"}) {
    EXPECT_NE(PrismaKey(key), PrismaKey(other)) << other;
  }
  EXPECT_EQ(PrismaKey("PRIMARY KEY (a)"), PrismaKey("PRIMARY KEY (a) DEFERRABLE"));
  EXPECT_NE(PrismaKey("PRIMARY KEY (a)"), PrismaKey("PRIMARY KEY (a) INCLUDE (b)"));
  EXPECT_FALSE(PrismaKey("CHECK ((a > 0))"));
}

TEST(PrismaIndexTest, SeesWhatPrismaCompares) {
  struct Case {
    const char* schema;
    const char* database;
    bool equal;
  };
  for (const Case& c : {
           Case{"USING btree (b)", "USING btree (b)", true},
           Case{"USING btree (b)", "USING btree (c)", false},
           Case{"USING btree (b)", "USING btree (b DESC)", false},
           Case{"USING btree (b DESC)", "USING btree (b DESC NULLS LAST)", true},
           Case{"USING btree (b)", "USING hash (b)", false},
           Case{"USING btree (b)", "USING btree (b text_pattern_ops)", true},
           Case{"USING btree (b text_pattern_ops)", "USING btree (b)", false},
           Case{"USING hash (b)", "USING hash (b text_pattern_ops)", true},
           Case{"USING brin (b)", "USING brin (b text_bloom_ops)", false},
           Case{"USING gin (b gin_trgm_ops)", "USING gin (b public.gin_trgm_ops)", true},
           Case{"USING gist (b gist_trgm_ops)", "USING gist (b gist_trgm_ops (siglen='32'))", true},
           Case{"USING btree (b)", "USING btree (b) INCLUDE (c)", false},
           Case{"USING btree (b, c)", "USING btree (b) INCLUDE (c)", true},
           Case{"USING btree (b)", "USING btree (b COLLATE \"C\")", true},
           Case{"USING btree (b)", "USING btree (b) NULLS NOT DISTINCT", true},
           Case{"USING btree (b)", "USING btree (b) WITH (fillfactor='70')", true},
           Case{"USING btree (b)", "USING btree (b, lower(c))", false},
       }) {
    const auto schema = ReadPrismaIndex(c.schema, IndexOrigin::kSchema);
    ASSERT_TRUE(schema) << c.schema;
    EXPECT_EQ(schema == ReadPrismaIndex(c.database, IndexOrigin::kDatabase), c.equal)
        << c.schema << " | " << c.database;
  }
  const auto partial = ReadPrismaIndex("USING btree (b) WHERE (b > 0)", IndexOrigin::kDatabase);
  ASSERT_TRUE(partial);
  EXPECT_TRUE(partial->partial);
  EXPECT_EQ(partial->columns, ReadPrismaIndex("USING btree (b)", IndexOrigin::kSchema)->columns);
  EXPECT_FALSE(ReadPrismaIndex("no index", IndexOrigin::kSchema));
}

TEST(IsIndexBeyondPrismaTest, LooksAtEveryPart) {
  struct Case {
    const char* definition;
    bool beyond;
  };
  for (const Case& c : {
           Case{"CREATE INDEX i ON t USING btree (a)", false},
           Case{"CREATE UNIQUE INDEX i ON public.t USING btree (a, b DESC)", false},
           Case{"CREATE INDEX i ON t USING gin (a gin_trgm_ops)", false},
           Case{"CREATE INDEX i ON t USING btree (\"lower(a)\")", false},
           Case{"CREATE INDEX i ON t USING btree (\" WHERE \")", false},
           Case{"CREATE INDEX i ON t USING btree (lower(a))", true},
           Case{"CREATE INDEX i ON t USING btree (((a || b)))", true},
           Case{"CREATE UNIQUE INDEX i ON t USING btree (a, lower(b))", true},
           Case{"CREATE INDEX i ON t USING btree (a) WHERE (a > 0)", true},
           Case{"CREATE INDEX i ON t USING btree (a) INCLUDE (b)", true},
           Case{"CREATE INDEX i ON t USING btree (a COLLATE \"C\")", true},
           Case{"CREATE INDEX i ON t USING btree (a DESC NULLS LAST)", true},
           Case{"CREATE UNIQUE INDEX i ON t USING btree (a) NULLS NOT DISTINCT", true},
           Case{"CREATE INDEX i ON t USING btree (a) WITH (fillfactor='70')", true},
           Case{"USING btree (a)", false},
           Case{"USING btree (lower(a))", true},
           Case{"no index", false},
       }) {
    EXPECT_EQ(IsIndexBeyondPrisma(c.definition), c.beyond) << c.definition;
  }
}

}  // namespace
}  // namespace ballast::sql
