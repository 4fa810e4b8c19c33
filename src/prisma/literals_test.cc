// SPDX-License-Identifier: Apache-2.0
#include "prisma/literals.h"

#include <gtest/gtest.h>

#include "prisma/json_syntax.h"
#include "prisma/native_types.h"
#include "prisma/operator_classes.h"
#include "prisma/string_literal.h"

namespace ballast::prisma {
namespace {

struct Pair {
  std::string_view text;
  std::string_view expected;
};

TEST(Json, MatchesSerdesErrors) {
  const Pair cases[] = {
      {"{\"a\": [1, -2.5e3, null, true, false, \"x\\u00e9\\n\"]}", ""},
      {" 0 ", ""},
      {"", "EOF while parsing a value at line 1 column 0"},
      {"{bad", "key must be a string at line 1 column 2"},
      {"[1,]", "trailing comma at line 1 column 4"},
      {"{\"a\":1,}", "trailing comma at line 1 column 8"},
      {"[1 2]", "expected `,` or `]` at line 1 column 4"},
      {"{\"a\" 1}", "expected `:` at line 1 column 6"},
      {"[1", "EOF while parsing a list at line 1 column 2"},
      {"{\"a\"", "EOF while parsing an object at line 1 column 4"},
      {"1 2", "trailing characters at line 1 column 3"},
      {"nul", "EOF while parsing a value at line 1 column 3"},
      {"nil", "expected ident at line 1 column 2"},
      {"01", "invalid number at line 1 column 2"},
      {"\"\\x\"", "invalid escape at line 1 column 3"},
      {"\"\\u1+2\"", "invalid escape at line 1 column 5"},
      {"\"abc", "EOF while parsing a string at line 1 column 4"},
      {"\n\n  ?", "expected value at line 3 column 3"},
  };
  for (const Pair& c : cases) EXPECT_EQ(JsonError(c.text), c.expected) << c.text;
  EXPECT_EQ(JsonError(std::string(100'000, '[')), "recursion limit exceeded at line 1 column 128");
}

TEST(DateTime, MatchesChronosErrors) {
  const Pair cases[] = {
      {"2020-01-02T03:04:05Z", ""},
      {"2020-02-29 23:59:60.5-03:30", ""},
      {"2020-01-01", "premature end of input"},
      {"2020-01-01T00:00:00", "premature end of input"},
      {"2020-1-01T00:00:00Z", "input contains invalid characters"},
      {"2020-13-01T00:00:00Z", "input is out of range"},
      {"2023-02-29T00:00:00Z", "input is out of range"},
      {"2020-01-01T24:00:00Z", "input is out of range"},
      {"2020-01-01T00:00:00+01:60", "input is out of range"},
      {"2020-01-01T00:00:00Z ", "trailing input"},
      {"2020-01-01T00:00:00.Z", "input contains invalid characters"},
  };
  for (const Pair& c : cases) EXPECT_EQ(ReadDateTime(c.text).complaint, c.expected) << c.text;
  EXPECT_EQ(ReadDateTime("2020-01-01T00:00:00.1234567891Z").date_time.nanosecond, 123456789u);
}

TEST(Decimal, IsWrittenOutWithItsScale) {
  const Pair cases[] = {{"1.50", "1.50"},      {"+3", "3"}, {"-00.10", "-0.10"},
                        {".5", "0.5"},         {"5.", "5"}, {"1e3", "1000"},
                        {"1.5E-3", "0.0015"},  {"-0", "0"}, {"1_000", "1000"},
                        {"12345e-2", "123.45"}};
  for (const Pair& c : cases) EXPECT_EQ(ReadDecimal(c.text).text, c.expected) << c.text;
  const Pair faults[] = {{"", "Failed to parse empty string"},
                         {"e5", "Failed to parse empty string"},
                         {"-", "cannot parse integer from empty string"},
                         {"1e", "cannot parse integer from empty string"},
                         {"1.2.3", "invalid digit found in string"},
                         {"1e99999", "number too large to fit in target type"}};
  for (const Pair& c : faults) EXPECT_EQ(ReadDecimal(c.text).complaint, c.expected) << c.text;
}

TEST(Base64, KnowsItsPadding) {
  EXPECT_EQ(DecodeBase64("AQID"), "\x01\x02\x03");
  EXPECT_EQ(DecodeBase64("AQI="), "\x01\x02");
  EXPECT_EQ(DecodeBase64("/w=="), "\xff");
  EXPECT_EQ(DecodeBase64(""), "");
  for (const char* bad : {"A", "AQI", "AR==", "A===", "AQ=I", "AQ*D", "===="}) {
    EXPECT_EQ(DecodeBase64(bad), std::nullopt) << bad;
  }
}

TEST(Unescape, FollowsJson) {
  Diagnostics diagnostics;
  EXPECT_EQ(Unescape(R"(a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00z)", {}, diagnostics),
            "a\"\\/\b\f\n\r\t\xC3\xA9\xF0\x9F\x98\x80z");
  EXPECT_FALSE(diagnostics.has_errors());
  for (const char* bad : {R"(\q)", R"(\u12)", R"(\ud83d)", R"(\ud83dx)", R"(\ude00\ud83d)"}) {
    Diagnostics faults;
    Unescape(bad, {0, 0, 100}, faults);
    EXPECT_EQ(faults.size(), 1u) << bad;
  }
}

TEST(OperatorClasses, HaveTheirSqlNames) {
  const Pair cases[] = {{"InetOps", "inet_ops"},
                        {"JsonbPathOps", "jsonb_path_ops"},
                        {"InetInclusionOps", "inet_inclusion_ops"},
                        {"BpcharBloomOps", "bpchar_bloom_ops"},
                        {"BitMinMaxOps", "bit_minmax_ops"},
                        {"TimestampTzMinMaxMultiOps", "timestamptz_minmax_multi_ops"},
                        {"TimeTzBloomOps", "timetz_bloom_ops"}};
  for (const Pair& c : cases) {
    const auto snapshot = FindOperatorClass(c.text);
    ASSERT_TRUE(snapshot.has_value()) << c.text;
    EXPECT_EQ(SqlNameOf(*snapshot), c.expected);
  }
  for (const char* unknown : {"", "Ops", "TextMinMaxMultiOps", "BitBloomOps", "textops"}) {
    EXPECT_FALSE(FindOperatorClass(unknown).has_value()) << unknown;
  }
}

TEST(NativeTypes, AreFoundInUnsupportedTexts) {
  const Pair cases[] = {{"VarChar(20)", "VarChar(20)"},
                        {" Uuid ", "Uuid"},
                        {"Decimal( 10 , 2 ) x", "Decimal(10,2)"},
                        {"Bit(", "Bit"},
                        {"varchar(20)", ""},
                        {"Bit(x)", ""},
                        {"", ""},
                        {"(Text)", ""}};
  for (const Pair& c : cases) {
    const auto type = NativeTypeInText(c.text);
    EXPECT_EQ(type ? type->ToString() : "", c.expected) << c.text;
  }
}

}  // namespace
}  // namespace ballast::prisma
