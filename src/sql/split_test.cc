// SPDX-License-Identifier: Apache-2.0
#include "sql/split.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pg_query.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace ballast::sql {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;

// Whether the grammar of libpg_query (PostgreSQL 15) reads it.
bool IsReadable(std::string_view text) {
  const PgQuerySplitResult result = pg_query_split_with_parser(std::string(text).c_str());
  const bool readable = result.error == nullptr;
  pg_query_free_split_result(result);
  return readable;
}

std::vector<std::string> Texts(std::string_view script) {
  std::vector<std::string> texts;
  for (const StatementText& statement : SplitScript(script)) texts.emplace_back(statement.text);
  return texts;
}

TEST(SplitTest, Statements) {
  EXPECT_THAT(Texts(""), ElementsAre());
  EXPECT_THAT(Texts(" ;; -- nothing\n;/* ; /* nested; */ */"), ElementsAre());
  EXPECT_THAT(Texts("SELECT 1"), ElementsAre("SELECT 1"));
  EXPECT_THAT(Texts("a;b ; c"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(Texts("SELECT ';' ; SELECT \"a;\"\"b;\""),
              ElementsAre("SELECT ';'", "SELECT \"a;\"\"b;\""));
  EXPECT_THAT(Texts("SELECT 'it''s;' ; x"), ElementsAre("SELECT 'it''s;'", "x"));
  EXPECT_THAT(Texts("SELECT '\\'; x"), ElementsAre("SELECT '\\'", "x"));
  EXPECT_THAT(Texts("SELECT E'\\';'; x"), ElementsAre("SELECT E'\\';'", "x"));
  EXPECT_THAT(Texts("SELECT U&'a;'; SELECT B'1;', n';'"),
              ElementsAre("SELECT U&'a;'", "SELECT B'1;', n';'"));
  EXPECT_THAT(Texts("DO $$ a; b; $$; c"), ElementsAre("DO $$ a; b; $$", "c"));
  EXPECT_THAT(Texts("DO $x$ $y$; $$;$x$; c"), ElementsAre("DO $x$ $y$; $$;$x$", "c"));
  EXPECT_THAT(Texts("SELECT a$b$c; d$b$;"), ElementsAre("SELECT a$b$c", "d$b$"));
  EXPECT_THAT(Texts("SELECT $1; x"), ElementsAre("SELECT $1", "x"));
  EXPECT_THAT(Texts("a -- ; \n b; c"), ElementsAre("a -- ; \n b", "c"));
  EXPECT_THAT(Texts("a--x\r;b"), ElementsAre("a", "b"));
  EXPECT_THAT(Texts("SELECT 1-/*;*/2; b"), ElementsAre("SELECT 1-/*;*/2", "b"));
  EXPECT_THAT(Texts("CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); b"),
              ElementsAre("CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)", "b"));
  EXPECT_THAT(Texts("CREATE TABLE \xC3\xA9t\xC3\xA9 (x int); b"),
              ElementsAre("CREATE TABLE \xC3\xA9t\xC3\xA9 (x int)", "b"));
  // Unfinished text ends with the script.
  EXPECT_THAT(Texts("a; 'b; c"), ElementsAre("a", "'b; c"));
  EXPECT_THAT(Texts("a; $$b; c"), ElementsAre("a", "$$b; c"));
  EXPECT_THAT(Texts("a; /* b; c"), ElementsAre("a"));
  EXPECT_THAT(Texts("a); b"), ElementsAre("a)", "b"));
}

TEST(SplitTest, RoutinesWithSqlBodies) {
  const std::string routine =
      "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 ELSE 2 "
      "END; SELECT 2; END";
  EXPECT_THAT(Texts(routine + "; SELECT 3"), ElementsAre(routine, "SELECT 3"));
  EXPECT_THAT(
      Texts("CREATE FUNCTION atomic() RETURNS int LANGUAGE sql AS 'SELECT 1'; BEGIN; COMMIT"),
      ElementsAre("CREATE FUNCTION atomic() RETURNS int LANGUAGE sql AS 'SELECT 1'", "BEGIN",
                  "COMMIT"));
}

TEST(SplitTest, OffsetsAndLines) {
  const std::string script = "-- one\nSELECT 1;\r\n\n  /* four\n */ SELECT\n 2 ;\nx";
  const auto pieces = SplitScript(script);
  ASSERT_EQ(pieces.size(), 3u);
  EXPECT_EQ(pieces[0].line, 2);
  EXPECT_EQ(pieces[1].line, 5);
  EXPECT_EQ(pieces[2].line, 7);
  EXPECT_EQ(pieces[2].offset, script.size() - 1);
  EXPECT_EQ(script.substr(pieces[1].offset, pieces[1].text.size()), "SELECT\n 2");
}

TEST(SplitTest, Readable) {
  EXPECT_TRUE(IsReadable("SELECT 1; CREATE TABLE t (x int)"));
  EXPECT_TRUE(IsReadable(""));
  EXPECT_FALSE(IsReadable("CREATE TABLE t (x int GENERATED ALWAYS AS (1) VIRTUAL)"));
  EXPECT_FALSE(IsReadable("\xEF\xBB\xBFSELECT 1"));
}

// The same boundaries as PostgreSQL's own parser, for every script of the public corpora.
std::vector<size_t> StartsByParser(const std::string& script) {
  std::vector<size_t> starts;
  const PgQuerySplitResult result = pg_query_split_with_parser(script.c_str());
  for (int i = 0; result.error == nullptr && i < result.n_stmts; ++i) {
    // The parser counts blanks and comments before a statement to it.
    const std::string_view statement(script.c_str() + result.stmts[i]->stmt_location,
                                     static_cast<size_t>(result.stmts[i]->stmt_len));
    const auto tokens = Tokenize(statement);
    if (tokens.empty()) continue;
    starts.push_back(static_cast<size_t>(result.stmts[i]->stmt_location) + tokens[0].offset);
  }
  pg_query_free_split_result(result);
  return starts;
}

// libpg_query's scanner, unlike the server's, has no comments between the parts of a constant.
TEST(SplitTest, AgreesWithTheParserOnContinuedConstants) {
  for (const char* script : {
           "SELECT E'first'\n'it\\'s one; literal'; SELECT 2",
           "SELECT 'a;' \n\t\r\n 'd;', 'e'; SELECT 2",
           "SELECT U&'a!0061;'\r'b;' UESCAPE '!'; SELECT N'a;'\n'b;'; SELECT B'1'\n\n'0'",
           "SELECT 'a\\'\n'b'; SELECT ';'",
           "SELECT \"a;\" FROM U&\"b;\" WHERE c = $$;$$; SELECT 'd';",
       }) {
    ASSERT_TRUE(IsReadable(script)) << script;
    std::vector<size_t> starts;
    for (const StatementText& statement : SplitScript(script)) starts.push_back(statement.offset);
    EXPECT_EQ(starts, StartsByParser(script)) << script;
  }
}

TEST(SplitTest, AgreesWithTheParserOnTheCorpora) {
  const char* shared = std::getenv("BALLAST_SHARED");
  const char* source = std::getenv("BALLAST_SOURCE_DIR");
  const std::string corpora = shared != nullptr   ? std::string(shared) + "/corpora"
                              : source != nullptr ? std::string(source) + "/../shared/corpora"
                                                  : "";
  if (!fs::is_directory(corpora)) {
    GTEST_SKIP() << "NO TEST DATA: set BALLAST_SHARED to the folder with corpora/";
  }
  int scripts = 0;
  for (const auto& entry : fs::recursive_directory_iterator(corpora)) {
    if (!entry.is_regular_file() || entry.path().extension() != ".sql") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string script{std::istreambuf_iterator<char>(in), {}};
    if (!IsReadable(script)) continue;
    std::vector<size_t> starts;
    for (const StatementText& statement : SplitScript(script)) starts.push_back(statement.offset);
    EXPECT_EQ(starts, StartsByParser(script)) << entry.path();
    ++scripts;
  }
  EXPECT_GT(scripts, 700);
}

}  // namespace
}  // namespace ballast::sql
