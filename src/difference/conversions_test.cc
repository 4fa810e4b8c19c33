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
      // Without a cast, the server refuses what is too long.
      {"character varying(30)", "character varying(20)", "c", true, true,
       "length(rtrim(c::text, ' ')) > 20"},
      {"integer", "character varying(2)", "c::text", true, true, "length(rtrim(c::text, ' ')) > 2"},
      {"text", "character(3)", "c", true, true, "length(rtrim(c::text, ' ')) > 3"},
      {"text[]", "character varying(5)[]", "c", true, true,
       "EXISTS (SELECT FROM unnest(c) AS value WHERE length(rtrim(value::text, ' ')) > 5)"},
      {"bit varying", "bit(3)", "c", true, true, "length(c) <> 3"},
      {"bit varying(9)", "bit varying(3)", "c", true, true, "length(c) > 3"},
      {"integer", "boolean", "c::text::boolean", true, true, "c NOT IN (0, 1)"},
      {"character varying(20)", "text", "c::text", false, false, ""},
      {"timestamp(3) without time zone", "timestamp with time zone", "c::timestamp with time zone",
       true, false, ""},
      {"text", "integer[]",
       "CASE WHEN c::text LIKE '{%}' THEN c::text::integer[] "
       "WHEN c IS NOT NULL THEN ARRAY[c::text]::integer[] END",
       true, true, ""},
      {"\"Role\"[]", "\"Kind\"[]", "c::text[]::\"Kind\"[]", true, true, ""},
      // The text of an amount is no number.
      {"money", "numeric", "c::numeric::numeric", true, false, ""},
      {"money", "integer", "c::numeric::integer", true, true,
       "round(c::numeric) < -2147483648 OR round(c::numeric) >= 2147483648"},
      {"money[]", "bigint[]", "c::numeric[]::bigint[]", true, true,
       "EXISTS (SELECT FROM unnest(c::numeric[]) AS value WHERE round(value) < "
       "-9223372036854775808 OR round(value) >= 9223372036854775808)"},
      {"real", "money", "c::numeric::money", true, true, ""},
      {"money", "text", "c::text", true, false, ""},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(std::string(one.from) + " to " + one.to);
    const Conversion conversion =
        ConversionOf("c", ShapeOfBuiltIn(one.from), ShapeOfBuiltIn(one.to));
    EXPECT_EQ(conversion.expression, one.expression);
    EXPECT_EQ(conversion.rewrites, one.rewrites);
    EXPECT_EQ(conversion.may_fail, one.may_fail);
    EXPECT_EQ(conversion.condition, one.condition);
  }
}

// Each condition is one that the server can answer for every row, also for NaN and infinity.
TEST(Conversions, FindNumbersAndTimesThatTheTypeDoesNotHave) {
  const auto condition = [](const char* from, const char* to) {
    const Conversion conversion = ConversionOf("c", ShapeOfBuiltIn(from), ShapeOfBuiltIn(to), 15);
    EXPECT_TRUE(conversion.countable) << from << " to " << to;
    EXPECT_EQ(conversion.may_fail, !conversion.condition.empty()) << from << " to " << to;
    return conversion.condition;
  };
  EXPECT_EQ(condition("numeric", "integer"), "round(c) < -2147483648 OR round(c) >= 2147483648");
  EXPECT_EQ(condition("double precision", "bigint"),
            "round(c) < -9223372036854775808 OR round(c) >= 9223372036854775808");
  EXPECT_EQ(condition("integer", "numeric(5,2)"), "abs(round(c::numeric, 2)) >= 1e3");
  EXPECT_EQ(condition("numeric", "numeric(5,2)"), "c <> 'NaN' AND abs(round(c, 2)) >= 1e3");
  EXPECT_EQ(condition("numeric(6,2)", "numeric(5,1)"), "c <> 'NaN' AND abs(round(c, 1)) >= 1e4");
  EXPECT_EQ(condition("real", "numeric(3)"),
            "CASE WHEN c::text IN ('Infinity', '-Infinity') THEN true ELSE c <> 'NaN' AND "
            "abs(round(c::numeric, 0)) >= 1e3 END");
  EXPECT_EQ(condition("double precision[]", "integer[]"),
            "EXISTS (SELECT FROM unnest(c) AS value WHERE round(value) < -2147483648 OR "
            "round(value) >= 2147483648)");
  EXPECT_EQ(condition("double precision", "real"),
            "c::text NOT IN ('NaN', 'Infinity', '-Infinity') AND (abs(c) >= "
            "3.40282356779733661637539395458142568448e38 OR (c <> 0 AND abs(c) <= "
            "7.006492321624085354618647916e-46))");
  EXPECT_EQ(condition("date", "timestamp with time zone"),
            "c >= '294277-01-01' AND c <> 'infinity'");
  EXPECT_EQ(condition("integer[]", "boolean[]"),
            "EXISTS (SELECT FROM unnest(c) AS value WHERE value NOT IN (0, 1))");
  for (const auto& [from, to] :
       std::vector<std::pair<const char*, const char*>>{{"numeric(5,2)", "numeric(7,3)"},
                                                        {"numeric(5,2)", "numeric(7,1)"},
                                                        {"real", "double precision"},
                                                        {"integer", "real"},
                                                        {"bigint", "numeric"},
                                                        {"boolean", "integer"},
                                                        {"jsonb", "json"},
                                                        {"timestamp without time zone", "date"}}) {
    EXPECT_EQ(condition(from, to), "") << from << " to " << to;
  }
}

TEST(Conversions, AskTheInputFunctionForTheRest) {
  const auto of = [](const char* from, const char* to, int server_major) {
    return ConversionOf("c", ShapeOfBuiltIn(from), ShapeOfBuiltIn(to), server_major);
  };
  EXPECT_EQ(of("text", "integer", 16).condition,
            "NOT pg_catalog.pg_input_is_valid(c::text, 'integer')");
  EXPECT_EQ(of("json", "jsonb", 16).condition,
            "NOT pg_catalog.pg_input_is_valid(c::text, 'jsonb')");
  EXPECT_EQ(of("text[]", "uuid[]", 16).condition,
            "NOT pg_catalog.pg_input_is_valid(c::text, 'uuid[]')");
  EXPECT_EQ(of("integer[]", "integer", 16).condition,
            "NOT pg_catalog.pg_input_is_valid(c::text, 'integer')");
  EXPECT_EQ(of("text", "integer[]", 16).condition,
            "NOT pg_catalog.pg_input_is_valid(CASE WHEN c::text LIKE '{%}' THEN c::text ELSE "
            "ARRAY[c::text]::text END, 'integer[]')");
  EXPECT_EQ(of("text", "integer", 15).condition, "(c::integer) IS NULL AND c IS NOT NULL");
  EXPECT_FALSE(of("text", "integer", 15).countable);
  EXPECT_EQ(of("text[]", "character varying(2)", 16).condition, "length(rtrim(c::text, ' ')) > 2");
}

TEST(Conversions, CountEachValueOnce) {
  const auto lost = [](const char* from, const char* to) {
    return LostOfConvertible(ConversionOf("c", ShapeOfBuiltIn(from), ShapeOfBuiltIn(to), 15));
  };
  EXPECT_EQ(lost("numeric", "smallint"),
            "CASE WHEN round(c) < -32768 OR round(c) >= 32768 THEN false ELSE "
            "(c::smallint)::numeric IS DISTINCT FROM c END");
  EXPECT_EQ(lost("numeric", "real"),
            "CASE WHEN " +
                ConversionOf("c", ShapeOfBuiltIn("numeric"), ShapeOfBuiltIn("real")).condition +
                " THEN false ELSE (c::real)::numeric IS DISTINCT FROM c END");
  EXPECT_EQ(lost("text", "boolean"), "(c::boolean)::text IS DISTINCT FROM c::text COLLATE \"C\"");
}

TEST(Conversions, FindRoundedAndTruncatedValues) {
  const auto lost = [](const char* from, const char* to) {
    return ConversionOf("c", ShapeOfBuiltIn(from), ShapeOfBuiltIn(to)).lost_values;
  };
  EXPECT_EQ(lost("money", "integer"), "(c::numeric::integer)::numeric IS DISTINCT FROM c::numeric");
  EXPECT_EQ(lost("numeric", "money"), "(c::numeric::money)::numeric IS DISTINCT FROM c::numeric");
  EXPECT_EQ(lost("money", "numeric"), "");
  EXPECT_EQ(lost("numeric(10,3)", "integer"), "(c::integer)::numeric IS DISTINCT FROM c");
  EXPECT_EQ(lost("numeric(12,5)[]", "numeric(10,2)[]"),
            "(c::numeric(10,2)[])::numeric[] IS DISTINCT FROM c");
  EXPECT_EQ(lost("integer", "real"), "(c::real)::double precision IS DISTINCT FROM c");
  EXPECT_EQ(lost("bigint", "double precision"),
            "CASE WHEN c::double precision >= 9223372036854775808 THEN true ELSE "
            "(c::double precision)::bigint IS DISTINCT FROM c END");
  EXPECT_EQ(lost("timestamp(3) without time zone", "date"),
            "(c::date)::timestamp(3) without time zone IS DISTINCT FROM c");
  EXPECT_EQ(lost("time with time zone", "time without time zone"),
            "(c::time without time zone)::time with time zone IS DISTINCT FROM c");
  // Types without an operator for equality, or without a cast: by their texts.
  EXPECT_EQ(lost("timestamp without time zone", "time without time zone"),
            "(c::text::time without time zone)::text IS DISTINCT FROM c::text");
  EXPECT_EQ(lost("inet", "cidr"), "(c::text::cidr)::text IS DISTINCT FROM c::text");
  const std::vector<std::pair<const char*, const char*>> exact = {
      {"integer", "bigint"},
      {"integer", "double precision"},
      {"integer", "text"},
      {"integer", "character(5)"},
      {"numeric(10,2)", "numeric(12,3)"},
      {"date", "timestamp without time zone"},
      {"jsonb", "json"},
      {"text", "json"},
      {"character(4)", "text"},
      {"character(6)", "character(4)"},
      {"character varying(5)", "text"},
      {"citext", "text"},
      {"bit varying", "bit(3)"}};
  for (const auto& [from, to] : exact) {
    EXPECT_EQ(lost(from, to), "") << from << " to " << to;
  }
}

// Values that the type calls equal: json as jsonb, texts with blanks at the end, letters in citext.
TEST(Conversions, FindValuesThatAreWrittenInAnotherWay) {
  const auto lost = [](const char* from, const char* to) {
    return ConversionOf("c", ShapeOfBuiltIn(from), ShapeOfBuiltIn(to)).lost_values;
  };
  const std::string text = " IS DISTINCT FROM c::text COLLATE \"C\"";
  EXPECT_EQ(lost("json", "jsonb"), "(c::jsonb)::json::text" + text);
  EXPECT_EQ(lost("text", "jsonb"), "(c::jsonb)::text" + text);
  EXPECT_EQ(lost("json[]", "jsonb[]"), "(c::jsonb[])::json[]::text" + text);
  EXPECT_EQ(lost("text", "character(4)"), "(c::character(4))::text" + text);
  EXPECT_EQ(lost("text[]", "character(4)[]"), "(c::character(4)[])::text[]::text" + text);
  EXPECT_EQ(lost("text", "character varying(3)"), "(c::character varying(3))::text" + text);
  EXPECT_EQ(lost("citext", "boolean"), "(c::boolean)::citext::text" + text);
  EXPECT_EQ(lost("text", "boolean"), "(c::boolean)::text" + text);
  EXPECT_EQ(lost("text", "name"), "(c::name)::text" + text);
  EXPECT_EQ(lost("text", "\"char\""), "(c::\"char\")::text" + text);
  EXPECT_EQ(lost("interval", "interval(0)"), "(c::interval(0))::interval::text" + text);
  EXPECT_EQ(lost("interval", "interval day"), "(c::interval day)::interval::text" + text);
}

catalog::Step StepOf(const catalog::CreatedObject& type) {
  if (std::holds_alternative<catalog::Enum>(type)) return catalog::Step::kCreateEnum;
  if (std::holds_alternative<catalog::Domain>(type)) return catalog::Step::kCreateDomain;
  return catalog::Step::kCreateType;
}

catalog::Database WithTypes(
    const std::vector<std::pair<catalog::Name, catalog::CreatedObject>>& types) {
  catalog::Database database;
  for (const auto& [name, type] : types) {
    catalog::Definition definition;
    definition.name = name;
    definition.step = StepOf(type);
    definition.created = type;
    database.definitions.push_back(std::move(definition));
  }
  return database;
}

catalog::CreatedObject Labels(std::vector<std::string> labels) {
  return catalog::Enum{{}, std::move(labels)};
}

catalog::CreatedObject DomainOver(const char* type, const char* default_value = "",
                                  bool not_null = false) {
  return catalog::Domain{type, {}, default_value, not_null};
}

catalog::CreatedObject Composite(std::vector<catalog::CompositeType::Attribute> attributes) {
  return catalog::CompositeType{std::move(attributes)};
}

TEST(Conversions, FindValuesMissingFromAnEnum) {
  const catalog::Database from = WithTypes({
      {{"", "Kind"}, Labels({"a", "b"})},
      {{"", "d"}, DomainOver("\"Kind\"")},
      {{"", "Pair"}, Composite({{"kind", "\"Kind\""}, {"n", "integer"}})},
  });
  const catalog::Database to = WithTypes({
      {{"", "Kind"}, Labels({"a", "it's"})},
      {{"", "d"}, DomainOver("\"Kind\"", "'a'")},
      {{"", "Pair"}, Composite({{"kind", "\"Kind\""}, {"n", "integer"}})},
  });
  const auto of = [&](const char* type) {
    return ConversionOf("c", ShapeOf(from, type), ShapeOf(to, type));
  };
  EXPECT_EQ(of("\"Kind\"").expression, "c::text::\"Kind\"");
  EXPECT_EQ(of("\"Kind\"").condition, "c::text NOT IN ('a', 'it''s')");
  EXPECT_EQ(of("\"Kind\"").lost_values, "");
  EXPECT_EQ(ConversionOf("c", ShapeOf(from, "text"), ShapeOf(to, "\"Kind\"[]")).condition,
            "EXISTS (SELECT FROM unnest(CASE WHEN c::text LIKE '{%}' THEN c::text::text[] ELSE "
            "ARRAY[c::text] END) AS value WHERE value::text NOT IN ('a', 'it''s'))");
  EXPECT_EQ(ConversionOf("c", ShapeOf(from, "text[]"), ShapeOf(to, "\"Kind\"")).condition,
            "c::text NOT IN ('a', 'it''s')");
  EXPECT_EQ(of("d").condition, "c::text NOT IN ('a', 'it''s')");
  EXPECT_EQ(of("\"Kind\"[]").condition,
            "EXISTS (SELECT FROM unnest(c) AS value WHERE value::text NOT IN ('a', 'it''s'))");
  EXPECT_EQ(of("\"Pair\"").condition, "((c).\"kind\"::text NOT IN ('a', 'it''s'))");
  EXPECT_EQ(of("\"Pair\"").expression, "c::text::\"Pair\"");
  EXPECT_EQ(of("\"Pair\"[]").condition,
            "EXISTS (SELECT FROM unnest(c) AS value WHERE ((value).\"kind\"::text NOT IN ('a', "
            "'it''s')))");
}

TEST(Conversions, LookIntoDomainsAndCompositeTypes) {
  const catalog::Database from = WithTypes({
      {{"", "d"}, DomainOver("numeric")},
      {{"s", "Addr"}, Composite({{"No", "numeric(10,3)"}, {"zip", "text"}})},
  });
  const catalog::Database to = WithTypes({
      {{"", "d"}, DomainOver("numeric(6,2)", "1", true)},
      {{"s", "Addr"}, Composite({{"more", "text"}, {"No", "integer"}})},
  });
  EXPECT_EQ(ConversionOf("c", ShapeOf(from, "d"), ShapeOf(to, "d")).lost_values,
            "(c::numeric(6,2))::numeric IS DISTINCT FROM c");
  EXPECT_EQ(ConversionOf("c", ShapeOf(from, "numeric[]"), ShapeOf(to, "d[]")).lost_values,
            "(c::numeric(6,2)[])::numeric[] IS DISTINCT FROM c");
  EXPECT_EQ(ConversionOf("c", ShapeOf(from, "d[]"), ShapeOf(to, "d[]")).lost_values,
            "(c::numeric(6,2)[])::numeric[] IS DISTINCT FROM c::numeric[]");
  const Conversion conversion =
      ConversionOf("c", ShapeOf(from, "s.\"Addr\""), ShapeOf(to, "s.\"Addr\""));
  EXPECT_EQ(conversion.expression,
            "CASE WHEN c IS DISTINCT FROM NULL THEN ROW(NULL, (c).\"No\"::integer)::s.\"Addr\" "
            "END");
  EXPECT_EQ(conversion.lost_values,
            "(((c).\"No\"::integer)::numeric IS DISTINCT FROM (c).\"No\") OR ((c).\"zip\" IS "
            "NOT NULL)");
}

TEST(Conversions, EmptyArraysOfAnotherCompositeType) {
  const catalog::Database from = WithTypes({{{"", "P"}, Composite({{"x", "integer"}})}});
  const catalog::Database to =
      WithTypes({{{"", "P"}, Composite({{"x", "integer"}, {"y", "integer"}})}});
  const Conversion conversion = ConversionOf("c", ShapeOf(from, "\"P\"[]"), ShapeOf(to, "\"P\"[]"));
  EXPECT_EQ(conversion.expression, "CASE WHEN cardinality(c) = 0 THEN '{}'::\"P\"[] END");
  EXPECT_EQ(conversion.lost_values, "cardinality(c) > 0");
  EXPECT_EQ(conversion.nulled_values, "cardinality(c) > 0");
  EXPECT_EQ(conversion.condition, "");
  // Inside of another type, too.
  catalog::Database outer = from, changed = to;
  for (catalog::Database* database : {&outer, &changed}) {
    database->definitions.push_back(
        WithTypes({{{"", "O"}, Composite({{"l", "\"P\"[]"}, {"n", "integer"}})}})
            .definitions.front());
  }
  EXPECT_EQ(ConversionOf("c", ShapeOf(outer, "\"O\""), ShapeOf(changed, "\"O\"")).expression,
            "CASE WHEN c IS DISTINCT FROM NULL THEN ROW(CASE WHEN cardinality((c).\"l\") = 0 THEN "
            "'{}'::\"P\"[] END, (c).\"n\")::\"O\" END");
}

TEST(Conversions, FindValuesThatADomainRefuses) {
  catalog::Database from = WithTypes({{{"", "d"}, DomainOver("bigint")}});
  catalog::Database to = WithTypes({{{"", "d"}, DomainOver("integer")}});
  to.definitions.front().clauses = {{{}, {}, " NOT NULL", {}},
                                    {{}, "c", " CONSTRAINT c CHECK ((VALUE > 0))", {}}};
  const auto condition = [&](const char* before, const char* after) {
    const Conversion conversion = ConversionOf("c", ShapeOf(from, before), ShapeOf(to, after));
    EXPECT_TRUE(conversion.may_fail);
    return conversion.condition;
  };
  EXPECT_EQ(condition("integer", "d"), "(NOT (c IS NOT NULL)) OR (NOT ((c > 0)))");
  EXPECT_EQ(condition("d", "d"),
            "CASE WHEN c < -2147483648 OR c > 2147483647 THEN true ELSE "
            "(NOT ((c::integer) IS NOT NULL)) OR (NOT (((c::integer) > 0))) END");
  EXPECT_EQ(condition("integer[]", "d[]"),
            "(EXISTS (SELECT FROM unnest(c) AS value WHERE NOT (value IS NOT NULL))) OR "
            "(EXISTS (SELECT FROM unnest(c) AS value WHERE NOT ((value > 0))))");
}

}  // namespace
}  // namespace ballast::difference
