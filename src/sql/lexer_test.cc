// SPDX-License-Identifier: Apache-2.0
#include "sql/lexer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

TEST(TokenReaderTest, TakesWhatIsInParentheses) {
  const std::string script = "EXCLUDE USING gist (f(a, ')') WITH =, \"(\" WITH &&) WHERE ((a > 0))";
  const std::vector<Token> tokens = Tokenize(script);
  TokenReader reader(script, tokens);
  EXPECT_TRUE(reader.TakeParentheses().AtEnd());
  reader.Skip(3);
  std::vector<std::string_view> elements;
  for (const TokenReader& element : reader.TakeParentheses().SplitAtCommas())
    elements.push_back(element.Source());
  EXPECT_THAT(elements, ::testing::ElementsAre("f(a, ')') WITH =", "\"(\" WITH &&"));
  EXPECT_TRUE(reader.Take("where"));
  EXPECT_EQ(reader.TakeParentheses().Source(), "(a > 0)");
  EXPECT_TRUE(reader.AtEnd());
  EXPECT_EQ(reader.Source(), "");
}

TEST(TokenReaderTest, SkipsToWordsOutsideOfParentheses) {
  const std::string script = "a (b) 'b' \"b\" b c";
  const std::vector<Token> tokens = Tokenize(script);
  TokenReader reader(script, tokens);
  const TokenReader begin = reader;
  reader.SkipTo("b");
  EXPECT_EQ(reader.Source(), "b c");
  EXPECT_EQ(begin.SourceBefore(reader), "a (b) 'b' \"b\"");
  reader.SkipTo("d");
  EXPECT_TRUE(reader.AtEnd());
}

TEST(TokenReaderTest, ParenthesesThatNeverCloseEndWithTheScript) {
  const std::string script = "(a, (b";
  const std::vector<Token> tokens = Tokenize(script);
  TokenReader reader(script, tokens);
  EXPECT_EQ(reader.TakeParentheses().Source(), "a, (b");
  EXPECT_TRUE(reader.AtEnd());
  const std::string open = "(";
  const std::vector<Token> one = Tokenize(open);
  EXPECT_TRUE(TokenReader(open, one).TakeParentheses().AtEnd());
}

}  // namespace
}  // namespace ballast::sql
