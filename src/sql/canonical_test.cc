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

TEST_P(CanonicalTextTest, IsEqualForEquivalentTexts) {
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

// What the server prints of a text that was written by hand, and of its own print of it.
struct Readings {
  std::string first;
  std::string again;
};

class RereadTextTest : public ::testing::TestWithParam<Readings> {};

TEST_P(RereadTextTest, MatchesTheServersFinalText) {
  EXPECT_EQ(RereadText(GetParam().first), GetParam().again);
  EXPECT_EQ(RereadText(GetParam().again), GetParam().again);
  EXPECT_EQ(CanonicalText(GetParam().first), CanonicalText(GetParam().again));
}

INSTANTIATE_TEST_SUITE_P(
    Texts, RereadTextTest,
    ::testing::Values(
        Readings{"CHECK ((((seats >= 1) AND (seats <= 10)) AND (price > 0)))",
                 "CHECK (((seats >= 1) AND (seats <= 10) AND (price > 0)))"},
        Readings{"((((a >= 1) AND (a <= 2)) AND b) AND c)", "((a >= 1) AND (a <= 2) AND b AND c)"},
        Readings{"(b AND ((a >= 1) AND (a <= 2)))", "(b AND ((a >= 1) AND (a <= 2)))"},
        Readings{"((b OR (((a >= 1) AND (a <= 2)) AND c)) OR d)",
                 "(b OR ((a >= 1) AND (a <= 2) AND c) OR d)"},
        Readings{"((a AND b) OR c)", "((a AND b) OR c)"},
        Readings{"(\nCASE\n    WHEN ((a AND b) AND c) THEN 1\n    ELSE 2\nEND > 1)",
                 "(\nCASE\n    WHEN (a AND b AND c) THEN 1\n    ELSE 2\nEND > 1)"},
        Readings{"CHECK (((status)::text = ANY ((ARRAY['free'::character varying, "
                 "'pro'::character varying])::text[])))",
                 "CHECK (((status)::text = ANY (ARRAY[('free'::character varying)::text, "
                 "('pro'::character varying)::text])))"},
        Readings{"((ARRAY['a'::text, b])::character varying(4)[])[1]",
                 "(ARRAY[('a'::text)::character varying(4), (b)::character varying(4)])[1]"},
        Readings{"((ARRAY['a'::text])::character varying(4)[])::\"T x\".\"y\"[]",
                 "ARRAY[(('a'::text)::character varying(4))::\"T x\".\"y\"]"},
        Readings{"(ARRAY['a'::character varying, 'b'::bpchar])::character varying(3)[]",
                 "ARRAY['a'::character varying(3), ('b'::bpchar)::character varying(3)]"},
        Readings{"(ARRAY['a'::bpchar])::character(3)[]", "ARRAY['a'::character(3)]"},
        Readings{"(ARRAY[1.5, 2])::numeric(4,1)[]", "ARRAY[1.5::numeric(4,1), (2)::numeric(4,1)]"},
        Readings{
            "(ARRAY['2020-01-01 00:00:00'::timestamp without time zone])::timestamp(0) without "
            "time zone[]",
            "ARRAY['2020-01-01 00:00:00'::timestamp(0) without time zone]"},
        Readings{"(ARRAY[ARRAY['a'::character varying], ARRAY[x]])::text[]",
                 "ARRAY[ARRAY[('a'::character varying)::text], ARRAY[(x)::text]]"},
        Readings{"(ARRAY[a[1], f(x, y)])::text[]", "ARRAY[(a[1])::text, (f(x, y))::text]"},
        Readings{"(ARRAY[(a COLLATE \"C\")])::text[]", "ARRAY[((a)::text COLLATE \"C\")]"},
        Readings{"(ARRAY['a'::text,\nCASE\n    WHEN x THEN y\nEND])::text[]",
                 "ARRAY[('a'::text)::text, (\nCASE\n    WHEN x THEN y\nEND)::text]"},
        Readings{"BEGIN ATOMIC\n SELECT 'x'::text;\nEND",
                 "BEGIN ATOMIC\n SELECT 'x'::text AS text;\nEND"},
        Readings{"( SELECT (1 + 1)::bigint, 1, '2'::character varying(5)\n   FROM t)",
                 "( SELECT (1 + 1)::bigint AS int8, 1, '2'::character varying(5) AS \"varchar\"\n"
                 "   FROM t)"},
        Readings{"( SELECT '{}'::s.\"T\"[] UNION ALL SELECT a)",
                 "( SELECT '{}'::s.\"T\"[] AS \"T\" UNION ALL SELECT a)"},
        Readings{"SELECT a\n FROM (rs() rs(a, b, c)\n     JOIN rs(1) o(x, b, c) ON ((o.x = rs.b)))",
                 "SELECT a\n FROM (rs() rs(a, b)\n     JOIN rs(1) o(x) ON ((o.x = rs.b)))"},
        Readings{"SELECT f.a AS c,\n    u.c\n FROM f() f(a, b, c),\n    u",
                 "SELECT f.a AS c,\n    u.c\n FROM f() f(a),\n    u"},
        Readings{"SELECT b AS c, d(a), (a = 'x'::e)\n FROM f() f(a, b, c, d, e)",
                 "SELECT b AS c, d(a), (a = 'x'::e)\n FROM f() f(a, b)"},
        Readings{"SELECT f.a\n FROM (f() f(a, b, c)\n     JOIN u USING (b))\n WHERE c",
                 "SELECT f.a\n FROM (f() f(a, b)\n     JOIN u USING (b))\n WHERE c"},
        Readings{"SELECT a\n FROM ( SELECT f.a, f.c\n FROM s.f(1) f(a, b, c, d)) s",
                 "SELECT a\n FROM ( SELECT f.a, f.c\n FROM s.f(1) f(a, b, c)) s"},
        Readings{"SELECT f.a FROM f() f(a, b) UNION SELECT f.b FROM f() f(a, b, c)",
                 "SELECT f.a FROM f() f(a) UNION SELECT f.b FROM f() f(a, b)"},
        Readings{"SELECT u.a FROM u, LATERAL f(u.b) y(a, b) WHERE (EXISTS ( SELECT FROM w WHERE "
                 "(w.a = y.a)))",
                 "SELECT u.a FROM u, LATERAL f(u.b) y(a) WHERE (EXISTS ( SELECT FROM w WHERE "
                 "(w.a = y.a)))"},
        Readings{
            "BEGIN ATOMIC\n SELECT f.a FROM f() f(a, b);\n SELECT f.b FROM f() f(a, b, c);\nEND",
            "BEGIN ATOMIC\n SELECT f.a FROM f() f(a);\n SELECT f.b FROM f() f(a, b);\nEND"},
        Readings{"INSERT INTO u (a, c) SELECT f.a, $1 AS c\n FROM f() f(a, b, c)",
                 "INSERT INTO u (a, c) SELECT f.a, $1 AS c\n FROM f() f(a)"},
        Readings{"FROM (a\n     LEFT JOIN b ON TRUE)", "FROM (a\n     LEFT JOIN b ON (true))"},
        Readings{"ARRAY[ROW(1, NULL::text, NULL::integer)::t, ROW(NULL::\"T\".\"x\"(3)[])::t]",
                 "ARRAY[ROW(1, NULL, NULL)::t, ROW(NULL)::t]"},
        Readings{"ROW(1, NULL::text, NULL)", "ROW(1, NULL, NULL)"}));

TEST(RereadText, KeepsOtherText) {
  for (const std::string text :
       {"(ARRAY[a, b])::text",
        "ARRAY['a'::text]",
        "(x)::text[]",
        "'{}'::text[]",
        "ARRAY[]::text[]",
        "((SELECT a AND b) AND c)",
        "sum(x) OVER (ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)",
        "'((a AND b) AND c)'::text",
        "f((a AND b), c)",
        "(NOT (a AND b))",
        "SELECT (t.a)::text AS a, f('x'::text), count(*)\n FROM t\n WHERE b = 'x'::text",
        "CREATE INDEX i ON t USING btree (a) INCLUDE (b, c)",
        "SELECT row_to_json(f.*) AS j\n FROM f() f(a, b)",
        "SELECT x\n FROM f() f(x, y integer)",
        "SELECT z.a\n FROM ROWS FROM(f(), g()) z(a, b)",
        "SELECT z.a\n FROM f() WITH ORDINALITY z(a, ordinality)",
        "SELECT j.a\n FROM (f() f(a)\n     JOIN u ON (true)) j(a, b)",
        "SELECT s.a\n FROM LATERAL ( SELECT 1, 2) s(a, b)",
        "SELECT b\n FROM f() f(a, b)",
        "SELECT t.a\n FROM s.t t(a, b)",
        "(ROW(1, NULL::text) = r)",
        "ROW(NULL::text, 1)::t",
        "(\n  a  AND b)"}) {
    EXPECT_EQ(RereadText(text), text);
  }
}

// What looks alike but is not to be touched.
TEST(CanonicalText, KeepsOtherText) {
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

TEST(CanonicalText, DistinguishesDifferentTexts) {
  EXPECT_NE(CanonicalText("SELECT a.x FROM (a JOIN b ON (true))"),
            CanonicalText("SELECT b.x FROM (a JOIN b ON (true))"));
  EXPECT_NE(CanonicalText("timezone('utc'::text, a)"), CanonicalText("timezone('UTC'::text, a)"));
  EXPECT_NE(CanonicalText("'a b'::text"), CanonicalText("'a  b'::text"));
}

TEST(CanonicalText, ToleratesBrokenText) {
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
