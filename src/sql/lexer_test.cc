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

// PostgreSQL manual, "String Constants": constants with a new line between them are one.
TEST(LexerTest, ConstantsContinueOnLaterLines) {
  struct Case {
    const char* script;
    const char* content;  // of its only token
  };
  for (const Case& c : {
           Case{"'a'\n'b'", "ab"},
           Case{"'a' -- x'y\r\n  -- z\n\t'b;'\n'c'", "ab;c"},
           Case{"E'a\\'\n'\n'it\\'s; '''", "a\\'\nit\\'s; '"},
           Case{"N'a'\n'b'", "ab"},
           Case{"U&'a'\n'b\\'", "ab\\"},
           Case{"'a\\'\n'b'", "a\\b"},
           Case{"B'1'\n'0'", "10"},
           Case{"''", ""},
       }) {
    const std::vector<Token> tokens = Tokenize(c.script);
    ASSERT_EQ(tokens.size(), 1U) << c.script;
    EXPECT_EQ(tokens[0].kind, TokenKind::kString) << c.script;
    EXPECT_EQ(tokens[0].length, std::string_view(c.script).size()) << c.script;
    EXPECT_EQ(StringContent(c.script), c.content) << c.script;
  }
  for (const char* script : {"'a' 'b'", "'a' /*\n*/ 'b'", "$$a$$\n'b'", "\"a\"\n\"b\"", "'a'\nE'b'",
                             "'a' -- 'b'\n\"c\"", "'a'\n-- 'b'\n+"}) {
    EXPECT_EQ(Tokenize(script).size(), 2U) << script;
  }
}

TEST(LexerTest, NamesAsInTheCatalog) {
  for (const auto& [token, name] : {
           std::pair{"Task", "task"},
           {"\"Ta\"\"sk\"", "Ta\"sk"},
           {"U&\"T\\0061sk\"", "Task"},
           {"u&\"\\+0000E9\\\\\"", "\xC3\xA9\\"},
           {"U&\"\\D83D\\DE00\"", "\xF0\x9F\x98\x80"},
           {"U&\"a\\zz\"", "a\\zz"},
       }) {
    EXPECT_EQ(NameContent(token), name) << token;
  }
}

TEST(LexerTest, HandsOutComments) {
  const std::string script = "-- one\nSELECT '-- no' /* two /* nested */ */; --three";
  std::vector<std::string> comments;
  for (const Comment& comment : CommentsIn(script)) {
    comments.push_back(script.substr(comment.offset, comment.length));
  }
  EXPECT_THAT(comments, ::testing::ElementsAre("-- one", "/* two /* nested */ */", "--three"));
}

}  // namespace
}  // namespace ballast::sql
