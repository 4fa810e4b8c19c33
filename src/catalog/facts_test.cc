#include "catalog/facts.h"

#include <gmock/gmock.h>

#include "base/sha256.h"
#include "catalog/facts_identity.h"

namespace ballast::catalog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Facts Sample() {
  return SortedFacts({{"table", "\"User\"", "kind", "ordinary"},
                      {"column", "\"User\".email", "type", "text"},
                      {"column", "\"User\".email", "position", "1"},
                      {"column", "\"User\".email", "not null", "yes"},
                      {"index", "\"User_email_key\"", "table", "\"User\""},
                      {"index", "\"User_email_key\"", "definition", "USING btree (email)"}});
}

std::vector<std::string> Words(const Facts& a, const Facts& b, bool with_layout = false) {
  std::vector<std::string> words;
  for (const Difference& difference : Diff(a, b, with_layout)) {
    words.push_back(Describe(difference));
  }
  return words;
}

Facts With(Facts facts, Fact fact) {
  facts.push_back(std::move(fact));
  return SortedFacts(std::move(facts));
}

Facts Without(Facts facts, const std::string& kind) {
  std::erase_if(facts, [&](const Fact& fact) { return fact.kind == kind; });
  return facts;
}

TEST(FactsText, EscapesWhatWouldBreakALine) {
  EXPECT_EQ(RenderFact({"function", "f()", "source", "a\tb\nc\rd\\e"}),
            "function\tf()\tsource\ta\\tb\\nc\\rd\\\\e");
}

TEST(FactsText, ReadsBackWhatItWrites) {
  const Facts facts = With(Sample(), {"function", "f()", "source", "a\tb\n\r\\n"});
  const Result<Facts> read = ParseFacts(RenderFacts(facts), "facts.txt");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(*read, facts);
}

TEST(FactsText, RefusesWhatIsMalformedAndSaysWhere) {
  struct Case {
    std::string text;
    int line;
  };
  for (const Case& c : std::vector<Case>{{"a\tb\tc\td\na\tb\tc\n", 2},
                                         {"a\tb\tc\td\\x\n", 1},
                                         {"a\tb\tc\td\\\n", 1},
                                         {"a\tb\tc\td\r\n", 1},
                                         {"a\tb\tc\td", 1},
                                         {"b\tb\tc\td\na\tb\tc\td\n", 2},
                                         {"a\tb\tc\td\na\tb\tc\td\n", 2}}) {
    const Result<Facts> read = ParseFacts(c.text, "facts.txt");
    ASSERT_FALSE(read.ok()) << c.text;
    EXPECT_EQ(read.error().code, ErrorCode::kPackageEdited);
    EXPECT_EQ(read.error().where, (Place{"facts.txt", c.line})) << c.text;
  }
}

TEST(FactsText, SortsByLineNotByField) {
  // '\t' sorts before ' ', so a shorter field comes first; "a\tb" escaped starts with a backslash.
  const Facts facts =
      SortedFacts({{"a b", "x", "p", "v"}, {"a", "x", "p", "v"}, {"a", "x", "p", "v"}});
  EXPECT_THAT(facts, ElementsAre(Fact{"a", "x", "p", "v"}, Fact{"a b", "x", "p", "v"}));
}

TEST(FactsFingerprint, HashesTheLinesWithAndWithoutLayout) {
  const Facts facts = SortedFacts({{"column", "t.a", "position", "1"},
                                   {"column", "t.a", "type", "text"},
                                   {"table", "t", "kind", "ordinary"}});
  EXPECT_EQ(Fingerprint(facts), Sha256Hex("column\tt.a\ttype\ttext\ntable\tt\tkind\tordinary"));
  EXPECT_EQ(LayoutFingerprint(facts),
            Sha256Hex("column\tt.a\tposition\t1\ncolumn\tt.a\ttype\ttext\n"
                      "table\tt\tkind\tordinary"));
}

TEST(FactsScope, NamesSchemasAndGlobals) {
  const Scope scope =
      ScopeOf(SortedFacts({{"schema", "<target>", "comment", "x"},
                           {"schema", "\"a\"\"b.c\"", "kind", "schema"},
                           {"table", "billing.t", "kind", "ordinary"},
                           {"column", "t.a", "type", "text"},
                           {"column", "shop.t.a", "type", "text"},
                           {"function", "f(shop.t, integer)", "language", "sql"},
                           {"operator", "ops.+(integer, integer)", "function", "f"},
                           {"operator", "+(text, text)", "function", "f"},
                           {"setting", "search_path", "value", "a"},
                           {"extension", "citext", "schema", "<target>"},
                           {"default privileges", "billing.tables", "grant to app", "SELECT"}}));
  EXPECT_THAT(scope.schemas, ElementsAre("a\"b.c", "billing", "ops", "shop"));
  EXPECT_THAT(scope.globals, ElementsAre("default privileges billing.tables", "extension citext",
                                         "schema <target>", "setting search_path"));
  EXPECT_FALSE(scope.everything);
}

TEST(FactsIdentity, SplitsNamesAsPostgresQuotesThem) {
  EXPECT_THAT(PartsOf("\"a\"\"b.c\".d(text)"), ElementsAre("a\"b.c", "d"));
  EXPECT_THAT(PartsOf("\"\""), ElementsAre(""));
  EXPECT_EQ(PlaceOf("column", "\"s.x\".\"T\".c").schema, "s.x");
  EXPECT_EQ(PlaceOf("column", "\"s.x\".\"T\".c").parent, "\"s.x\".\"T\"");
  EXPECT_EQ(PlaceOf("column", "\"T\".c").schema, "");
  EXPECT_TRUE(PlaceOf("event trigger", "e").global);
}

TEST(FactsDiff, EqualIsEmpty) {
  EXPECT_THAT(Diff(Sample(), Sample()), IsEmpty());
}

TEST(FactsDiff, FoldsWhatBelongsToAnAbsentTable) {
  const Facts owned = With(Sample(), {"sequence", "s", "owned by", "\"User\".email"});
  EXPECT_THAT(Words(owned, {}), ElementsAre("table \"User\" is missing"));
  EXPECT_THAT(Words({}, owned), ElementsAre("table \"User\" is there, but should not be"));
}

TEST(FactsDiff, AnAbsentObjectIsOneDifference) {
  EXPECT_THAT(Words(Sample(), Without(Sample(), "index")),
              ElementsAre("index \"User_email_key\" is missing"));
  const std::vector<Difference> found = Diff(Sample(), Without(Sample(), "index"));
  EXPECT_EQ(found[0].a, "definition USING btree (email); table \"User\"");
  EXPECT_EQ(found[0].b, "");
}

TEST(FactsDiff, NamesEachChangedProperty) {
  Facts changed = With(Sample(), {"column", "\"User\".email", "default", "0"});
  for (Fact& fact : changed) {
    if (fact.property == "type") fact.value = "integer";
    if (fact.property == "not null") fact.property = "storage";
  }
  EXPECT_THAT(Words(Sample(), SortedFacts(changed)),
              ElementsAre("column \"User\".email: default is 0, not absent; not null is no, "
                          "not yes; storage is yes, not no; type is integer, not text"));
}

TEST(FactsDiff, LayoutOnlyWhenAsked) {
  Facts moved = Sample();
  for (Fact& fact : moved) {
    if (fact.property == "position") fact.value = "2";
  }
  EXPECT_THAT(Words(Sample(), moved), IsEmpty());
  EXPECT_THAT(Words(Sample(), moved, true),
              ElementsAre("column \"User\".email: position is 2, not 1"));
  EXPECT_EQ(Fingerprint(Sample()), Fingerprint(moved));
  EXPECT_NE(LayoutFingerprint(Sample()), LayoutFingerprint(moved));
}

}  // namespace
}  // namespace ballast::catalog
