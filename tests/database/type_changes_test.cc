// SPDX-License-Identifier: Apache-2.0
// What lint says about changes of type, compared with what the server makes of extreme values.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "lint/type_change.h"
#include "sql/quote.h"
#include "tests/support/test_server.h"

namespace ballast {
namespace {

// Values that need all of their type.
const std::map<std::string, std::vector<std::string>> kValues = {
    {"smallint", {"-32768", "32767"}},
    {"integer", {"-2147483648", "2147483647", "16777217"}},
    {"bigint", {"-9223372036854775808", "9223372036854775807", "9007199254740993"}},
    {"oid", {"4294967295"}},
    {"real", {"-1.1754944e-38", "3.4028235e+38", "0.1", "NaN", "-Infinity"}},
    {"double precision",
     {"-2.2250738585072014e-308", "1.7976931348623157e+308", "0.1", "0.30000000000000004"}},
    {"numeric", {"-123456789012345678901234567890.123456789012345678901234567890", "0.10"}},
    {"numeric(10,2)", {"-99999999.99", "0.01", "NaN"}},
    {"numeric(4,0)", {"-9999", "NaN"}},
    {"numeric(20,0)", {"-99999999999999999999"}},
    {"numeric(65,30)", {"-99999999999999999999999999999999999.999999999999999999999999999999"}},
    {"money", {"-92233720368547758.08", "0.01"}},
    {"boolean", {"false", "true"}},
    {"uuid", {"ffffffff-ffff-ffff-ffff-ffffffffffff"}},
    {"date", {"9999-12-31", "4713-01-01 BC", "infinity"}},
    {"time without time zone", {"23:59:59.999999", "24:00:00"}},
    {"time(3) without time zone", {"23:59:59.999"}},
    {"timestamp without time zone", {"9999-12-31 23:59:59.999999"}},
    {"timestamp(3) without time zone", {"9999-12-31 23:59:59.999"}},
    {"timestamp with time zone", {"9999-12-31 23:59:59.999999Z"}},
    {"timestamp(3) with time zone", {"9999-12-31 23:59:59.999Z"}},
    {"interval", {"-178000000 years -11 mons -3 days -04:05:06.123456"}},
    {"interval(3)", {"-178000000 years -11 mons -3 days -04:05:06.123"}},
    {"character(3)", {"abc", "a"}},
    {"character(5)", {"abcde", "a"}},
    {"character varying(3)", {"abc", "a  "}},
    {"character varying(10)", {"abcdefghij"}},
    {"character varying(12)", {"abcdefghijkl"}},
    {"character varying(36)", {"abcdefghijabcdefghijabcdefghijabcdef"}},
    {"character varying", {"abcdefghijabcdefghijabcdefghijabcdefghij"}},
    {"text", {"abcdefghijabcdefghijabcdefghijabcdefghij"}},
    {"bit(3)", {"101"}},
    {"bit(5)", {"10111"}},
    {"bit varying(5)", {"10111", "1"}},
    {"json", {"{\"a\": [1, null, \"x\"], \"b\": \"abcdefghijklmnop\"}", "{\"a\": \"\\u0000\"}"}},
    {"jsonb", {"{\"a\": [1, null, \"x\"], \"b\": \"abcdefghijklmnop\"}"}},
    {"inet", {"10.1.2.3/8", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/127"}},
    {"cidr", {"10.0.0.0/8", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127"}},
    {"macaddr", {"08:00:2b:01:02:03"}},
    {"macaddr8", {"08:00:2b:01:02:03:04:05"}},
};

// Whether the result depends on the session, so that lint says "narrows", or the cast is one of
// bits.
bool Depends(const std::string& from, const std::string& to) {
  const bool is_text = to.starts_with("character");
  const bool zoned = from.ends_with("with time zone");
  return (zoned && (is_text || to.ends_with("without time zone"))) ||
         (from == "money" && to != "numeric") || (from == "oid" && to == "integer");
}

class TypeChangesTest : public testing::ServerTest {
 protected:
  // Whether a column of the type keeps its values as one of the other type, without USING.
  bool Keeps(const std::string& from, const std::string& to) {
    const bool json = from.starts_with("json") && to.starts_with("json");
    const bool is_integer = from.ends_with("int") || from == "integer";
    const bool by_number = to == "money" || (is_integer && to.starts_with("numeric"));
    const std::string by = by_number ? "numeric" : to == "macaddr8" ? "macaddr" : "text";
    const std::string same = json ? "old::text::jsonb = new::text::jsonb"
                                  : fmt::format("old::text = new::{}::{}::text", by, from);
    const auto lost = db().session().QueryValue(fmt::format(
        "BEGIN; CREATE TEMP TABLE t AS SELECT old, old AS new FROM \"{}\"; ALTER TABLE t ALTER new "
        "TYPE {}; SELECT count(*) FROM t WHERE NOT coalesce({}, false)",
        from, to, same));
    db().session().Run("ROLLBACK");
    return lost && *lost == "0";
  }
};

TEST_F(TypeChangesTest, TheServerAgrees) {
  db().Run("SET TimeZone = 'UTC'; SET lc_monetary = 'C'");
  for (const auto& [type, values] : kValues) {
    db().Run(fmt::format("CREATE TABLE \"{}\" (old {})", type, type));
    for (const std::string& value : values) {
      db().Run(fmt::format("INSERT INTO \"{}\" VALUES ({})", type, sql::QuoteLiteral(value)));
    }
  }
  for (const auto& [from, values] : kValues) {
    for (const auto& [to, others] : kValues) {
      const std::string pair = from + " → " + to;
      if (from == to || Depends(from, to)) continue;
      const bool narrows = lint::CompareTypes(from, to) == lint::TypeChange::kNarrows;
      EXPECT_NE(Keeps(from, to), narrows) << pair;
    }
  }
}

}  // namespace
}  // namespace ballast
