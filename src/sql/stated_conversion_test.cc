// SPDX-License-Identifier: Apache-2.0
#include "sql/stated_conversion.h"

#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

std::string Applied(std::string_view script) {
  const auto conversion = StatedConversionOf(ValueChangesIn({script}), {"", "T"}, "v");
  return conversion ? conversion->Of("x + 1") : "none";
}

TEST(StatedConversionTest, IsAppliedToAnotherValue) {
  const struct {
    const char* script;
    const char* applied;
  } cases[] = {
      {R"(ALTER TABLE "T" ALTER v TYPE text USING v[1])", "((x + 1)[1])"},
      {R"(ALTER TABLE "T" ALTER COLUMN "v" SET DATA TYPE bigint USING ("v" * 100)::bigint;)",
       "(((x + 1) * 100)::bigint)"},
      {R"(ALTER TABLE "T" ADD w int, ALTER v TYPE text USING concat("T".v, ':', v, 'v'), DROP u)",
       "(concat((x + 1), ':', (x + 1), 'v'))"},
      {R"(ALTER TABLE "T" ALTER v TYPE text USING 'v')", "('v')"},
      {R"(ALTER TABLE "T" ALTER v TYPE text[] USING string_to_array(v, ','))",
       "(string_to_array((x + 1), ','))"},
      {R"(ALTER TABLE "T" ALTER v TYPE text USING v || w)", "none"},
      {R"(ALTER TABLE "T" ALTER v TYPE text)", "none"},
      {R"(ALTER TABLE "U" ALTER v TYPE text USING v[1])", "none"},
      {R"(ALTER TABLE "T" ALTER v TYPE text USING v[1]; UPDATE "T" SET v = 'a')", "none"},
      {R"(ALTER TABLE "T" ALTER v TYPE text USING v[1]; DO $$ BEGIN END $$)", "none"},
      {R"(ALTER TABLE "T" ALTER v TYPE text USING v[1]; ALTER TABLE "T" ALTER v TYPE int USING length(v))",
       "none"},
  };
  for (const auto& one : cases) EXPECT_EQ(Applied(one.script), one.applied) << one.script;
}

}  // namespace
}  // namespace ballast::sql
