// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <gtest/gtest.h>

#include <iterator>

namespace ballast {
namespace {

TEST(TextTest, TrimsBlanks) {
  EXPECT_EQ(Trim(" \t a b \r\n"), "a b");
  EXPECT_EQ(TrimRight(" \t a b \r\n"), " \t a b");
  EXPECT_EQ(Trim(" \n"), "");
  EXPECT_EQ(TrimRight(" \n"), "");
}

TEST(TextTest, ReplacesInvalidUtf8) {
  struct Case {
    std::string_view bytes;
    std::string_view text;
  };
  for (const Case& c : {
           Case{"plain", "plain"},
           Case{"caf\xC3\xA9", "caf\xC3\xA9"},
           Case{"caf\xE9!", "caf\xEF\xBF\xBD!"},
           Case{"\xE2\x82", "\xEF\xBF\xBD"},
           Case{"\xE2\x82\x41", "\xEF\xBF\xBD\x41"},
           Case{"\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"},
           Case{"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
           Case{"\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80"},
       }) {
    EXPECT_EQ(DecodeUtf8Lossy(c.bytes), c.text) << c.bytes;
    EXPECT_EQ(IsUtf8(c.bytes), c.bytes == c.text) << c.bytes;
  }
}

TEST(TextTest, SplitsAndJoins) {
  EXPECT_EQ(Split("a,,b", ','), (std::vector<std::string>{"a", "", "b"}));
  EXPECT_EQ(Split("", ','), (std::vector<std::string>{""}));
  EXPECT_EQ(Join({"a", "b"}, ", "), "a, b");
  EXPECT_EQ(Counted(1, "row"), "1 row");
  EXPECT_EQ(Counted(0, "row"), "0 rows");
}

TEST(TextTest, FindsTheByteOfACharacter) {
  EXPECT_EQ(ByteOffset("abc", 1), 0U);
  EXPECT_EQ(ByteOffset("abc", 3), 2U);
  EXPECT_EQ(ByteOffset("é€x", 2), 2U);
  EXPECT_EQ(ByteOffset("é€x", 3), 5U);
  EXPECT_EQ(ByteOffset("abc", 99), 3U);
}

TEST(TextTest, CutsBetweenCharacters) {
  const std::string_view text = "aé漢😀";  // 1, 2, 3 and 4 bytes
  const size_t bytes[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};
  for (size_t i = 0; i < std::size(bytes); ++i) {
    EXPECT_EQ(CutToBytes(text, i), text.substr(0, bytes[i])) << i;
  }
  const size_t characters[] = {0, 1, 3, 6, 10, 10};
  for (size_t i = 0; i < std::size(characters); ++i) {
    EXPECT_EQ(CutToCharacters(text, i), text.substr(0, characters[i])) << i;
  }
  EXPECT_EQ(NextCharacter(text, 1), 3u);
  EXPECT_EQ(NextCharacter(text, 10), 10u);
}

TEST(TextTest, CountsWithoutOverlap) {
  EXPECT_EQ(CountIgnoringAsciiCase("Create Schema a; CREATE SCHEMA b", "create schema"), 2u);
  EXPECT_EQ(CountIgnoringAsciiCase("aaaa", "aa"), 2u);
  EXPECT_EQ(CountIgnoringAsciiCase("a", ""), 0u);
}

TEST(TextTest, FindsLines) {
  EXPECT_EQ(LineAt("a\nb\nc", 0), 1);
  EXPECT_EQ(LineAt("a\nb\nc", 2), 2);
  EXPECT_EQ(LineAt("a\nb\nc", 99), 3);
}

TEST(TextTest, MatchesGlobs) {
  EXPECT_TRUE(MatchesGlob("railway-template-v*", "railway-template-v4.0.0"));
  EXPECT_FALSE(MatchesGlob("railway-template-v*", "my-railway-template-v4"));
  EXPECT_TRUE(MatchesGlob("*a*b", "xaayb"));
  EXPECT_FALSE(MatchesGlob("a?c", "ac"));
  EXPECT_TRUE(MatchesGlob("", ""));
  EXPECT_TRUE(MatchesGlob("**", "anything"));
}

TEST(TextTest, SortsNumbersByValue) {
  const char* sorted[] = {"", "1", "t", "t01", "t1", "t1a", "t2", "t10", "t10.a2", "t10.a11", "u"};
  for (size_t i = 0; i < std::size(sorted); ++i) {
    for (size_t j = 0; j < std::size(sorted); ++j) {
      EXPECT_EQ(NaturalLess(sorted[i], sorted[j]), i < j) << sorted[i] << ' ' << sorted[j];
    }
  }
}

}  // namespace
}  // namespace ballast
