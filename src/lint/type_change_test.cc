// SPDX-License-Identifier: Apache-2.0
#include "lint/type_change.h"

#include <gtest/gtest.h>

namespace ballast::lint {
namespace {

TEST(TypeChange, Table) {
  struct Case {
    const char* from;
    const char* to;
    TypeChange change;
  };
  const Case cases[] = {
      {"integer", "integer", TypeChange::kNone},
      {"smallint", "bigint", TypeChange::kWidens},
      {"bigint", "integer", TypeChange::kNarrows},
      {"integer", "numeric", TypeChange::kOther},
      {"integer", "text", TypeChange::kOther},
      {"text", "integer", TypeChange::kNarrows},
      {"text", "uuid", TypeChange::kNarrows},
      {"uuid", "text", TypeChange::kOther},
      {"real", "double precision", TypeChange::kWidens},
      {"double precision", "real", TypeChange::kNarrows},
      {"double precision", "integer", TypeChange::kNarrows},
      {"character varying(20)", "character varying(40)", TypeChange::kWidens},
      {"character varying(40)", "character varying(20)", TypeChange::kNarrows},
      {"character varying(20)", "character varying", TypeChange::kWidens},
      {"character varying(20)", "text", TypeChange::kWidens},
      {"text", "character varying", TypeChange::kWidens},
      {"text", "character varying(20)", TypeChange::kNarrows},
      {"numeric(10,2)", "numeric(12,2)", TypeChange::kWidens},
      {"numeric(10,2)", "numeric(10,4)", TypeChange::kNarrows},
      {"numeric(10,2)", "numeric(12,4)", TypeChange::kWidens},
      {"numeric(10,2)", "numeric", TypeChange::kWidens},
      {"numeric", "numeric(10,2)", TypeChange::kNarrows},
      {"timestamp(3) without time zone", "timestamp without time zone", TypeChange::kWidens},
      {"timestamp without time zone", "timestamp(3) without time zone", TypeChange::kNarrows},
      {"timestamp(3) without time zone", "timestamp(3) with time zone", TypeChange::kWidens},
      {"timestamp(3) with time zone", "timestamp(3) without time zone", TypeChange::kNarrows},
      {"timestamp(3) with time zone", "date", TypeChange::kNarrows},
      {"date", "timestamp without time zone", TypeChange::kOther},
      {"json", "jsonb", TypeChange::kNarrows},
      {"jsonb", "json", TypeChange::kOther},
      {"jsonb", "text", TypeChange::kOther},
      {"text", "citext", TypeChange::kOther},
      {"citext", "text", TypeChange::kOther},
      {"character varying(20)", "extensions.citext", TypeChange::kOther},
      {"text[]", "citext[]", TypeChange::kOther},
      {"citext", "integer", TypeChange::kNarrows},
      {"text", "jsonb", TypeChange::kNarrows},
      {"\"Role\"", "text", TypeChange::kOther},
      {"text", "\"Role\"", TypeChange::kNarrows},
      {"text[]", "text", TypeChange::kOther},
      {"text", "text[]", TypeChange::kNarrows},
      {"integer[]", "bigint[]", TypeChange::kWidens},
      {"boolean", "integer", TypeChange::kNarrows},
      // What Prisma's own changes of type make, and what holds every value of them.
      {"integer", "double precision", TypeChange::kOther},
      {"integer", "real", TypeChange::kNarrows},
      {"smallint", "real", TypeChange::kOther},
      {"bigint", "double precision", TypeChange::kNarrows},
      {"integer", "numeric(65,30)", TypeChange::kOther},
      {"bigint", "numeric(20,0)", TypeChange::kOther},
      {"bigint", "numeric(20,2)", TypeChange::kNarrows},
      {"numeric(10,2)", "double precision", TypeChange::kOther},
      {"numeric(16,2)", "double precision", TypeChange::kNarrows},
      {"numeric(6,2)", "real", TypeChange::kOther},
      {"time(3) without time zone", "character varying(12)", TypeChange::kOther},
      {"timestamp without time zone", "character varying(28)", TypeChange::kNarrows},
      {"double precision", "numeric(65,30)", TypeChange::kNarrows},
      {"integer", "character varying(11)", TypeChange::kOther},
      {"integer", "character varying(10)", TypeChange::kNarrows},
      {"numeric(10,2)", "character varying(12)", TypeChange::kOther},
      {"numeric(10,2)", "character varying(11)", TypeChange::kNarrows},
      {"uuid", "character varying(36)", TypeChange::kOther},
      {"boolean", "character(5)", TypeChange::kOther},
      {"character(3)", "character varying(3)", TypeChange::kOther},
      {"character(3)", "character varying(2)", TypeChange::kNarrows},
      {"character varying(3)", "character(3)", TypeChange::kNarrows},
      {"character(3)", "character(4)", TypeChange::kWidens},
      {"integer", "money", TypeChange::kOther},
      {"bigint", "money", TypeChange::kNarrows},
      {"money", "numeric", TypeChange::kOther},
      {"money", "numeric(65,30)", TypeChange::kNarrows},
      {"oid", "bigint", TypeChange::kOther},
      {"oid", "integer", TypeChange::kNarrows},
      {"timestamp without time zone", "timestamp(3) with time zone", TypeChange::kNarrows},
      {"time without time zone", "time with time zone", TypeChange::kWidens},
      {"time(6) without time zone", "interval(3)", TypeChange::kNarrows},
      {"interval year to month", "interval", TypeChange::kWidens},
      {"interval", "interval year to month", TypeChange::kNarrows},
      {"bit(3)", "bit(5)", TypeChange::kNarrows},
      {"bit(3)", "bit varying(5)", TypeChange::kWidens},
      {"bit varying(5)", "bit(5)", TypeChange::kNarrows},
  };
  for (const Case& test : cases) {
    EXPECT_EQ(CompareTypes(test.from, test.to), test.change) << test.from << " → " << test.to;
  }
}

TEST(TypeChange, UniqueValuesStayUnique) {
  EXPECT_TRUE(KeepsValuesDistinct("integer", "bigint"));
  EXPECT_TRUE(KeepsValuesDistinct("integer", "numeric(65,30)"));
  EXPECT_TRUE(KeepsValuesDistinct("uuid", "text"));
  EXPECT_TRUE(KeepsValuesDistinct("text", "text"));
  EXPECT_FALSE(KeepsValuesDistinct("text", "citext"));
  EXPECT_FALSE(KeepsValuesDistinct("numeric(10,2)", "numeric(10,0)"));
}

TEST(TypeChange, OnlyOfTheTimeZone) {
  const std::string_view plain = "timestamp without time zone", zoned = "timestamp with time zone";
  EXPECT_TRUE(ChangesOnlyTimeZone(plain, zoned));
  EXPECT_TRUE(ChangesOnlyTimeZone(zoned, plain));
  EXPECT_TRUE(ChangesOnlyTimeZone("timestamp(3) without time zone", zoned));
  EXPECT_TRUE(ChangesOnlyTimeZone(plain, "timestamp(6) with time zone"));
  EXPECT_FALSE(
      ChangesOnlyTimeZone("timestamp(3) without time zone", "timestamp(3) with time zone"));
  EXPECT_FALSE(ChangesOnlyTimeZone("timestamp without time zone[]", "timestamp with time zone[]"));
  EXPECT_FALSE(ChangesOnlyTimeZone("date", zoned));
  EXPECT_FALSE(ChangesOnlyTimeZone(zoned, zoned));
}

}  // namespace
}  // namespace ballast::lint
