// SPDX-License-Identifier: Apache-2.0
#include "catalog/snapshot.h"

#include <gmock/gmock.h>

#include "base/sha256.h"
#include "catalog/object_identity.h"

namespace ballast::catalog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Snapshot Sample() {
  return SortedSnapshot({{"table", "\"User\"", "kind", "ordinary"},
                         {"column", "\"User\".email", "type", "text"},
                         {"column", "\"User\".email", "position", "1"},
                         {"column", "\"User\".email", "not null", "yes"},
                         {"index", "\"User_email_key\"", "table", "\"User\""},
                         {"index", "\"User_email_key\"", "definition", "USING btree (email)"}});
}

std::vector<std::string> Words(const Snapshot& a, const Snapshot& b, bool with_layout = false) {
  std::vector<std::string> words;
  for (const Difference& difference : Diff(a, b, with_layout)) {
    words.push_back(Describe(difference));
  }
  return words;
}

Snapshot With(Snapshot snapshot, ObjectProperty entry) {
  snapshot.push_back(std::move(entry));
  return SortedSnapshot(std::move(snapshot));
}

Snapshot Without(Snapshot snapshot, const std::string& kind) {
  std::erase_if(snapshot, [&](const ObjectProperty& entry) { return entry.kind == kind; });
  return snapshot;
}

TEST(SnapshotDiffTest, NamesBothStatesIfNeitherIsExpected) {
  const Snapshot a = With(Sample(), {"column", "\"User\".email", "default", "0"});
  const Snapshot b = Without(
      With(Without(Sample(), "column"), {"column", "\"User\".email", "type", "integer"}), "index");
  std::vector<std::string> words;
  for (const Difference& difference : Diff(a, b)) {
    words.push_back(Describe(difference, "v1", "v2"));
  }
  for (const Difference& difference : Diff(b, Sample())) {
    if (difference.change == ChangeKind::kExtra) words.push_back(Describe(difference, "v1", "v2"));
  }
  EXPECT_THAT(words, ElementsAre("column \"User\".email: default is 0 in v1, none in v2; not null "
                                 "is yes in v1, no in v2; type is text in v1, integer in v2",
                                 "index \"User_email_key\" is only in v1",
                                 "index \"User_email_key\" is only in v2"));
}

TEST(SnapshotText, EscapesLineBreaks) {
  EXPECT_EQ(RenderProperty({"function", "f()", "source", "a\tb\nc\rd\\e"}),
            "function\tf()\tsource\ta\\tb\\nc\\rd\\\\e");
}

TEST(SnapshotText, RoundTripsText) {
  const Snapshot snapshot = With(Sample(), {"function", "f()", "source", "a\tb\n\r\\n"});
  const Result<Snapshot> read = ParseSnapshot(RenderSnapshot(snapshot), "facts.txt");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(*read, snapshot);
}

TEST(SnapshotText, RefusesMalformedTextWithItsPlace) {
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
    const Result<Snapshot> read = ParseSnapshot(c.text, "facts.txt");
    ASSERT_FALSE(read.ok()) << c.text;
    EXPECT_EQ(read.error().code, ErrorCode::kPackageEdited);
    EXPECT_EQ(read.error().where, (Place{"facts.txt", c.line})) << c.text;
  }
}

TEST(SnapshotText, SortsByLineNotByField) {
  // '\t' sorts before ' ', so a shorter field comes first; "a\tb" escaped starts with a backslash.
  const Snapshot snapshot =
      SortedSnapshot({{"a b", "x", "p", "v"}, {"a", "x", "p", "v"}, {"a", "x", "p", "v"}});
  EXPECT_THAT(snapshot, ElementsAre(ObjectProperty{"a", "x", "p", "v"},
                                    ObjectProperty{"a b", "x", "p", "v"}));
}

TEST(SnapshotFingerprint, HashesTheLinesWithAndWithoutLayout) {
  const Snapshot snapshot = SortedSnapshot({{"column", "t.a", "position", "1"},
                                            {"column", "t.a", "type", "text"},
                                            {"table", "t", "kind", "ordinary"}});
  EXPECT_EQ(Fingerprint(snapshot), Sha256Hex("column\tt.a\ttype\ttext\ntable\tt\tkind\tordinary"));
  EXPECT_EQ(LayoutFingerprint(snapshot),
            Sha256Hex("column\tt.a\tposition\t1\ncolumn\tt.a\ttype\ttext\n"
                      "table\tt\tkind\tordinary"));
}

TEST(SnapshotScope, AsksForWhatNoCatalogShows) {
  const Snapshot proven = SortedSnapshot({{"role", "app", "exists", "no"},
                                          {"table", "t", "grant to app", "SELECT"},
                                          {"table", "t", "optional grant to x", "SELECT"},
                                          {"table", "t", "revoked from app", "DELETE"}});
  const Scope scope = EverythingAnd(proven);
  EXPECT_TRUE(scope.everything);
  EXPECT_THAT(scope.globals, ElementsAre("role app"));
  EXPECT_THAT(scope.privileges, ElementsAre("table\tt\toptional grant to x\tSELECT",
                                            "table\tt\trevoked from app\tDELETE"));
  Snapshot live = proven;
  live.push_back({"role", "other", "exists", "yes"});
  live.push_back({"table", "t", "revoked from other", "DELETE"});
  live.push_back({"table", "t", "published by other", "all columns"});
  EXPECT_EQ(WithoutUnasked(proven, live), proven);
  EXPECT_EQ(EverythingAnd(Snapshot{}), Scope());
}

TEST(SnapshotScope, NamesSchemasAndGlobals) {
  const Scope scope =
      ScopeOf(SortedSnapshot({{"schema", "<target>", "comment", "x"},
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

TEST(SnapshotIdentity, SplitsNamesAsPostgresQuotesThem) {
  EXPECT_THAT(PartsOf("\"a\"\"b.c\".d(text)"), ElementsAre("a\"b.c", "d"));
  EXPECT_THAT(PartsOf("\"\""), ElementsAre(""));
  EXPECT_EQ(PlaceOf("column", "\"s.x\".\"T\".c").schema, "s.x");
  EXPECT_EQ(PlaceOf("column", "\"s.x\".\"T\".c").parent, "\"s.x\".\"T\"");
  EXPECT_EQ(PlaceOf("column", "\"T\".c").schema, "");
  EXPECT_TRUE(PlaceOf("event trigger", "e").global);
}

TEST(SnapshotDiff, EqualIsEmpty) {
  EXPECT_THAT(Diff(Sample(), Sample()), IsEmpty());
}

TEST(SnapshotDiff, FoldsPartsOfAMissingTable) {
  const Snapshot owned = With(Sample(), {"sequence", "s", "owned by", "\"User\".email"});
  EXPECT_THAT(Words(owned, {}), ElementsAre("table \"User\" is missing"));
  EXPECT_THAT(Words({}, owned), ElementsAre("table \"User\" exists, but is not expected"));
}

TEST(SnapshotDiff, ReportsAMissingObjectOnce) {
  EXPECT_THAT(Words(Sample(), Without(Sample(), "index")),
              ElementsAre("index \"User_email_key\" is missing"));
  const std::vector<Difference> found = Diff(Sample(), Without(Sample(), "index"));
  EXPECT_EQ(found[0].a, "definition USING btree (email); table \"User\"");
  EXPECT_EQ(found[0].b, "");
}

TEST(SnapshotDiff, NamesEachChangedProperty) {
  Snapshot changed = With(Sample(), {"column", "\"User\".email", "default", "0"});
  for (ObjectProperty& entry : changed) {
    if (entry.property == "type") entry.value = "integer";
    if (entry.property == "not null") entry.property = "storage";
  }
  EXPECT_THAT(
      Words(Sample(), SortedSnapshot(changed)),
      ElementsAre("column \"User\".email: default is 0, expected none; not null is no, "
                  "expected yes; storage is yes, expected no; type is integer, expected text"));
}

TEST(SnapshotDiff, HidesValuesThatMayBePasswords) {
  const std::string first = "password=<sha256:" + std::string(64, 'a') + ">, host=h";
  const std::string second = "password=<sha256:" + std::string(64, 'b') + ">, host=h";
  const Snapshot a = {{"server", "s", "options", first}};
  const Snapshot b = {{"server", "s", "options", second}};
  EXPECT_THAT(Words(a, b), ElementsAre("server s: options is password=<secret>, host=h (of another "
                                       "value), expected password=<secret>, host=h"));
  EXPECT_EQ(Diff(a, {})[0].a, "options password=<secret>, host=h");
  EXPECT_THAT(Words(a, a), IsEmpty());
}

TEST(SnapshotDiff, LayoutOnlyWhenAsked) {
  Snapshot moved = Sample();
  for (ObjectProperty& entry : moved) {
    if (entry.property == "position") entry.value = "2";
  }
  EXPECT_THAT(Words(Sample(), moved), IsEmpty());
  EXPECT_THAT(Words(Sample(), moved, true),
              ElementsAre("column \"User\".email: position is 2, expected 1"));
  EXPECT_EQ(Fingerprint(Sample()), Fingerprint(moved));
  EXPECT_NE(LayoutFingerprint(Sample()), LayoutFingerprint(moved));
}

}  // namespace
}  // namespace ballast::catalog
