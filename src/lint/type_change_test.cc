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
      {"json", "jsonb", TypeChange::kWidens},
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
  };
  for (const Case& test : cases) {
    EXPECT_EQ(CompareTypes(test.from, test.to), test.change) << test.from << " → " << test.to;
  }
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
