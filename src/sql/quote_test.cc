// SPDX-License-Identifier: Apache-2.0
#include "sql/quote.h"

#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

TEST(QuoteTest, NamesAndLiterals) {
  EXPECT_EQ(QuoteIdentifier("User"), "\"User\"");
  EXPECT_EQ(QuoteIdentifier("a\"b"), "\"a\"\"b\"");
  EXPECT_EQ(QualifiedName("", "T"), "\"T\"");
  EXPECT_EQ(QualifiedName("s", "T"), "\"s\".\"T\"");
  EXPECT_EQ(QuoteLiteral("it's"), "'it''s'");
  EXPECT_EQ(QuoteLiteral("a\\b"), "E'a\\\\b'");
  EXPECT_EQ(QuoteTextArray({"a", "it's"}), "ARRAY['a', 'it''s']::text[]");
  EXPECT_EQ(QuoteTextArray({}), "ARRAY[]::text[]");
}

TEST(EscapeBackslashes, RewritesOnlyPlainConstants) {
  EXPECT_EQ(EscapeBackslashes("SELECT 'a', '\\d'"), "SELECT 'a', E'\\\\d'");
  EXPECT_EQ(EscapeBackslashes("('it''s \\')::text"), "(E'it''s \\\\')::text");
  for (const std::string text : {"E'\\n'", "$$ '\\d' $$", "\"a\\b\"", "-- '\\'\n", "'plain'"}) {
    EXPECT_EQ(EscapeBackslashes(text), text);
  }
}

}  // namespace
}  // namespace ballast::sql
