// SPDX-License-Identifier: Apache-2.0
#include "sql/canonical.h"

#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

// What two versions print for the same thing, and the one wording for both.
struct Wordings {
  std::string older;
  std::string newer;
  std::string canonical;
};

class CanonicalTextTest : public ::testing::TestWithParam<Wordings> {};

TEST_P(CanonicalTextTest, IsTheSameForBoth) {
  EXPECT_EQ(CanonicalText(GetParam().older), GetParam().canonical);
  EXPECT_EQ(CanonicalText(GetParam().newer), GetParam().canonical);
  EXPECT_EQ(CanonicalText(GetParam().canonical), GetParam().canonical);
}

INSTANTIATE_TEST_SUITE_P(
    Functions, CanonicalTextTest,
    ::testing::Values(
        Wordings{"timezone('utc'::text, now())", "(now() AT TIME ZONE 'utc'::text)",
                 "timezone('utc'::text, now())"},
        Wordings{"timezone('UTC'::text, timezone('Asia/Tokyo'::text, at))",
                 "((at AT TIME ZONE 'Asia/Tokyo'::text) AT TIME ZONE 'UTC'::text)",
                 "timezone('UTC'::text, timezone('Asia/Tokyo'::text, at))"},
        Wordings{"((timezone('UTC'::text, at))::date)", "(((at AT TIME ZONE 'UTC'::text))::date)",
                 "((timezone('UTC'::text, at))::date)"},
        Wordings{"date_part('year'::text, d)", "EXTRACT(year FROM d)",
                 "date_part('year'::text, d)"},
        Wordings{"\"substring\"((a)::text, 1, 3)", "SUBSTRING(a FROM 1 FOR 3)",
                 "\"substring\"(a, 1, 3)"},
        Wordings{"\"substring\"(a, 'x'::text, '#'::text)",
                 "SUBSTRING(a SIMILAR 'x'::text ESCAPE '#'::text)",
                 "\"substring\"(a, 'x'::text, '#'::text)"},
        Wordings{"\"position\"(b, (a || 'x'::text))", "POSITION(((a || 'x'::text)) IN (b))",
                 "\"position\"(b, (a || 'x'::text))"},
        Wordings{"\"overlay\"(a, 'x'::text, 2, 1)", "OVERLAY(a PLACING 'x'::text FROM 2 FOR 1)",
                 "\"overlay\"(a, 'x'::text, 2, 1)"},
        Wordings{"btrim(a)", "TRIM(BOTH FROM a)", "btrim(a)"},
        Wordings{"ltrim(a, 'x'::text)", "TRIM(LEADING 'x'::text FROM a)", "ltrim(a, 'x'::text)"},
        Wordings{"rtrim((a)::text)", "TRIM(TRAILING FROM a)", "rtrim(a)"},
        Wordings{"\"normalize\"(a, 'nfc'::text)", "NORMALIZE(a, NFC)",
                 "\"normalize\"(a, 'nfc'::text)"},
        Wordings{"is_normalized(a, 'nfkd'::text)", "(a IS NFKD NORMALIZED)",
                 "is_normalized(a, 'nfkd'::text)"},
        Wordings{"is_normalized(a)", "(a IS NORMALIZED)", "is_normalized(a)"},
        Wordings{"pg_collation_for(a)", "COLLATION FOR (a)", "pg_collation_for(a)"},
        Wordings{"\"overlaps\"((a)::timestamp with time zone, b, c, d)", "((a, b) OVERLAPS (c, d))",
                 "\"overlaps\"(a, b, c, d)"},
        Wordings{"\"xmlexists\"('//a'::text, x)", "XMLEXISTS(('//a'::text) PASSING (x))",
                 "\"xmlexists\"('//a'::text, x)"}));

INSTANTIATE_TEST_SUITE_P(
    Columns, CanonicalTextTest,
    ::testing::Values(
        Wordings{" SELECT t.a,\n    t.\"B c\" AS b\n   FROM t\n  WHERE (t.a > 1);",
                 " SELECT a,\n    \"B c\" AS b\n   FROM t\n  WHERE (a > 1);",
                 "SELECT a, \"B c\" AS b FROM t WHERE (a > 1);"},
        Wordings{"SELECT x.a FROM billing.t x ORDER BY x.a", "SELECT a FROM billing.t x ORDER BY a",
                 "SELECT a FROM billing.t x ORDER BY a"},
        Wordings{"SELECT t.a FROM billing.t", "SELECT a FROM billing.t", "SELECT a FROM billing.t"},
        Wordings{"SELECT g.g FROM generate_series(1, 2) g(g)",
                 "SELECT g FROM generate_series(1, 2) g(g)",
                 "SELECT g FROM generate_series(1, 2) g(g)"},
        Wordings{"SELECT s.a FROM ( SELECT t.a FROM t) s WHERE (s.a > 1)",
                 "SELECT a FROM ( SELECT t.a FROM t) s WHERE (a > 1)",
                 "SELECT a FROM (SELECT t.a FROM t) s WHERE (a > 1)"},
        Wordings{"SELECT t.a FROM t WHERE (EXISTS ( SELECT 1 FROM u WHERE (u.a = t.a)))",
                 "SELECT a FROM t WHERE (EXISTS ( SELECT 1 FROM u WHERE (u.a = t.a)))",
                 "SELECT a FROM t WHERE (EXISTS (SELECT 1 FROM u WHERE (u.a = t.a)))"},
        Wordings{"WITH c AS ( SELECT t.a FROM t) SELECT c.a FROM c",
                 "WITH c AS ( SELECT t.a FROM t) SELECT a FROM c",
                 "WITH c AS (SELECT t.a FROM t) SELECT a FROM c"},
        Wordings{"SELECT t.a FROM ONLY t TABLESAMPLE system (10)",
                 "SELECT a FROM ONLY t TABLESAMPLE system (10)",
                 "SELECT a FROM ONLY t TABLESAMPLE system (10)"},
        Wordings{"SELECT t.a FROM t\n FOR UPDATE OF t", "SELECT a FROM t\n FOR UPDATE OF t",
                 "SELECT a FROM t FOR UPDATE OF t"},
        Wordings{"SELECT (t.c).x FROM t", "SELECT (c).x FROM t", "SELECT (c).x FROM t"},
        Wordings{"CHECK ((json <> 'x'::text))", "CHECK ((\"json\" <> 'x'::text))",
                 "CHECK ((json <> 'x'::text))"}));

// What looks alike but is not to be touched.
TEST(CanonicalText, LeavesTheRestAlone) {
  for (const std::string text :
       {"SELECT a.x, b.x FROM (a JOIN b ON ((a.id = b.id)))", "SELECT a.x FROM a, b",
        "SELECT t.a FROM t UNION SELECT u.a FROM u", "SELECT 't.a'::text AS x FROM t",
        "SELECT t.*::t AS t FROM t", "SELECT E'it''s \\' t.a'::text AS x FROM t",
        "(SELECT t.a FROM t LIMIT 1)", "'EXTRACT(year FROM d)'::text",
        "'(now() AT TIME ZONE ''utc''::text)'::text", "\"SUBSTRING\"(a, 1)", "(a IS NOT NULL)",
        "my_btrim((a)::text)", "CHECK ((t.a > 0))", "'a  b'::text"}) {
    EXPECT_EQ(CanonicalText(text), text);
  }
}

TEST(CanonicalText, KeepsWhatDiffersApart) {
  EXPECT_NE(CanonicalText("SELECT a.x FROM (a JOIN b ON (true))"),
            CanonicalText("SELECT b.x FROM (a JOIN b ON (true))"));
  EXPECT_NE(CanonicalText("timezone('utc'::text, a)"), CanonicalText("timezone('UTC'::text, a)"));
  EXPECT_NE(CanonicalText("'a b'::text"), CanonicalText("'a  b'::text"));
}

TEST(CanonicalText, EndsWithWhateverIsBroken) {
  EXPECT_EQ(CanonicalText("(("), "(())");
  EXPECT_EQ(CanonicalText("a))b"), "a))b");
  EXPECT_EQ(CanonicalText("'open"), "'open");
  EXPECT_EQ(CanonicalText("EXTRACT("), "EXTRACT()");
  EXPECT_EQ(CanonicalText("TRIM(BOTH) NORMALIZE() POSITION(IN)"),
            "TRIM(BOTH) \"normalize\"() POSITION(IN)");
  EXPECT_EQ(CanonicalText("SELECT FROM"), "SELECT FROM");
  EXPECT_EQ(CanonicalText(""), "");
  const std::string deep = std::string(100000, '(') + "x" + std::string(100000, ')');
  EXPECT_EQ(CanonicalText(deep), deep);
}

}  // namespace
}  // namespace ballast::sql
