// SPDX-License-Identifier: Apache-2.0
#include "difference/conversions.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace ballast::difference {
namespace {

struct Case {
  const char* from;
  const char* to;
  const char* expression;
  bool rewrites;
  bool may_fail;
  const char* condition;
};

TEST(Conversions, ConvertWithinAFamilyOrThroughText) {
  const Case cases[] = {
      {"integer", "bigint", "c::bigint", true, false, ""},
      {"bigint", "integer", "c::integer", true, true, "c < -2147483648 OR c > 2147483647"},
      {"integer", "text", "c::text", true, false, ""},
      {"text", "integer", "c::integer", true, true, ""},
      {"integer", "uuid", "c::text::uuid", true, true, ""},
      {"character varying(20)", "character varying(30)", "c::character varying(30)", false, false,
       ""},
      {"character varying(30)", "character varying(20)", "c::character varying(20)", true, true,
       "length(c::text) > 20"},
      {"character varying(20)", "text", "c::text", false, false, ""},
      {"timestamp(3) without time zone", "timestamp with time zone", "c::timestamp with time zone",
       true, false, ""},
      {"text", "text[]", "ARRAY[c::text]::text[]", true, true, ""},
      {"\"Role\"[]", "\"Kind\"[]", "c::text[]::\"Kind\"[]", true, true, ""},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(std::string(one.from) + " to " + one.to);
    const Conversion conversion = ConversionOf("c", one.from, one.to, {});
    EXPECT_EQ(conversion.expression, one.expression);
    EXPECT_EQ(conversion.rewrites, one.rewrites);
    EXPECT_EQ(conversion.may_fail, one.may_fail);
    EXPECT_EQ(conversion.condition, one.condition);
  }
}

TEST(Conversions, FindRoundedAndTruncatedValues) {
  const auto lost = [](const char* from, const char* to) {
    return ConversionOf("c", from, to, {}).lost_values;
  };
  EXPECT_EQ(lost("numeric(10,3)", "integer"), "(c::integer)::numeric(10,3) IS DISTINCT FROM c");
  EXPECT_EQ(lost("numeric(12,5)[]", "numeric(10,2)[]"),
            "(c::numeric(10,2)[])::numeric(12,5)[] IS DISTINCT FROM c");
  EXPECT_EQ(lost("timestamp(3) without time zone", "date"),
            "(c::date)::timestamp(3) without time zone IS DISTINCT FROM c");
  EXPECT_EQ(lost("interval", "interval(0)"), "(c::text::interval(0))::interval IS DISTINCT FROM c");
  EXPECT_EQ(lost("text", "boolean"), "(c::boolean)::text IS DISTINCT FROM c");
  const std::vector<std::pair<const char*, const char*>> exact = {{"integer", "bigint"},
                                                                  {"integer", "text"},
                                                                  {"text", "character varying(5)"},
                                                                  {"\"Old\"", "\"New\""}};
  for (const auto& [from, to] : exact) {
    EXPECT_EQ(lost(from, to), "") << from << " to " << to;
  }
}

TEST(Conversions, FindValuesMissingFromAnEnum) {
  const Conversion conversion = ConversionOf("c", "\"Old\"", "\"New\"", {"a", "it's"});
  EXPECT_EQ(conversion.expression, "c::text::\"New\"");
  EXPECT_EQ(conversion.condition, "c::text NOT IN ('a', 'it''s')");
}

}  // namespace
}  // namespace ballast::difference
