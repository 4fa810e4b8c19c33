// SPDX-License-Identifier: Apache-2.0
#include "release/squash.h"

#include <gtest/gtest.h>

namespace ballast::release {
namespace {

TEST(Squash, NamesSortBeforeWhatFollows) {
  struct Case {
    const char* last;
    const char* next;
    std::vector<std::string> taken;
    const char* name;
  };
  const Case cases[] = {
      {"20230501000000_posts", "", {}, "20230501000000_squashed"},
      {"20230501000000_posts", "20230601000000_tags", {}, "20230501000000_squashed"},
      {"20230501000000_a", "20230501000000_b", {}, "20230501000000_a_squashed"},
      {"20230501000000_zoo", "20230501000000_zoom", {}, "20230501000000_squashed"},
      {"init", "second", {}, "init_squashed"},
      {"init", "", {}, "init_squashed"},
      {"20230501000000_posts", "", {"20230501000000_squashed"}, "20230501000000_squashed_2"},
      {"20230501000000_posts",
       "",
       {"20230501000000_squashed", "20230501000000_squashed_2"},
       "20230501000000_squashed_3"},
  };
  for (const Case& test : cases) {
    EXPECT_EQ(SquashName(test.last, test.next, test.taken), test.name) << test.last;
  }
}

TEST(Squash, IsReadAsItWasWritten) {
  Squash squash;
  squash.name = "20230501000000_squashed";
  squash.history_sha256 = std::string(64, 'a');
  squash.earlier = {{"20220101000000_squashed", std::string(64, 'b'), {"1_init", "2_next"}}};
  squash.baseline.generated_at = "2026-01-01T00:00:00Z";
  squash.baseline.coverage = {{"1_init", std::string(64, 'c')}};
  squash.baseline.fingerprint.catalog = std::string(64, 'd');
  squash.baseline.baseline_checksum = std::string(64, 'e');
  squash.states = {squash.baseline};
  const auto read = ParseSquash(RenderSquash(squash), "squash.json");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, squash);
}

TEST(Squash, NamesReplacedMigrationsThatAreBack) {
  Squash squash;
  squash.name = "3_squashed_2";
  squash.earlier = {{"3_squashed", ChecksumOf("old"), {"1_init"}}};
  squash.baseline.coverage = {{"1_init", ChecksumOf("a")}, {"2_more", ChecksumOf("b")}};
  const Migration itself = MakeMigration("3_squashed_2", "ab"), late = MakeMigration("0_x", "x");
  EXPECT_TRUE(CheckReturnedMigrations(squash, {late, itself}, "m"));
  const auto same = CheckReturnedMigrations(squash, {MakeMigration("2_more", "b"), itself}, "m");
  ASSERT_FALSE(same);
  EXPECT_EQ(same.error().code, ErrorCode::kSquashRefused);
  EXPECT_EQ(same.error().message,
            "1 migration that 3_squashed_2 replaces is back in the migrations folder, and a deploy "
            "would run it a second time: 2_more");
  const auto squashed = CheckReturnedMigrations(
      squash, {MakeMigration("1_init", "a"), MakeMigration("3_squashed", "old"), itself}, "m");
  ASSERT_FALSE(squashed);
  EXPECT_EQ(squashed.error().hint, "remove what came back: git rm -r m/1_init m/3_squashed");
  const auto edited = CheckReturnedMigrations(squash, {MakeMigration("1_init", "c"), itself}, "m");
  ASSERT_FALSE(edited);
  EXPECT_EQ(edited.error().hint,
            "put the change into a migration with a new name, then: git rm -r m/1_init");
}

TEST(Squash, RefusesWhatIsNoRecord) {
  for (const char* text : {"", "[]", "{}", "{\"format\": 1}", "{\"format\": 1, \"name\": 3}"}) {
    const auto read = ParseSquash(text, "squash.json");
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, ErrorCode::kSquashRefused) << text;
  }
  EXPECT_EQ(ParseSquash("{\"format\": 2}", "f").error().code, ErrorCode::kPackageTooNew);
}

}  // namespace
}  // namespace ballast::release
