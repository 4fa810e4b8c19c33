// SPDX-License-Identifier: Apache-2.0
// Snapshots are the same on every version, in every schema and for every role, and nothing that
// a platform brings disturbs them.
#include <gmock/gmock.h>

#include "introspect/snapshot_query.h"
#include "tests/support/snapshot_case.h"

namespace ballast::testing {
namespace {

// The script with the features of one major means the same on that major and on all newer ones.
TEST(SnapshotAcrossMajors, EveryKindIsEqual) {
  for (const int features : TestMajors()) {
    std::optional<catalog::Snapshot> first;
    for (const int major : TestMajors()) {
      if (major < features || !HasMajor(major)) continue;
      SCOPED_TRACE("features of " + std::to_string(features) + " on " + std::to_string(major));
      TestDatabase db(major);
      ASSERT_TRUE(db.ok());
      db.Run(EveryKindScript(features));
      const catalog::Snapshot snapshot = SnapshotOf(db.session()).snapshot;
      EXPECT_GT(snapshot.size(), 400u);
      if (!first) first = snapshot;
      EXPECT_EQ(DifferencesOf(*first, snapshot), "");
      EXPECT_EQ(catalog::LayoutFingerprint(*first), catalog::LayoutFingerprint(snapshot));
    }
  }
}

class SnapshotTest : public MajorsTest {
 protected:
  int major() { return db().session().server_major(); }
};

TEST_P(SnapshotTest, AnEmptyDatabaseHasNone) {
  EXPECT_EQ(catalog::RenderSnapshot(SnapshotOf(db().session()).snapshot), "");
}

TEST_P(SnapshotTest, TheNameOfTheTargetSchemaIsIgnored) {
  TestDatabase other(major());
  ASSERT_TRUE(other.ok());
  db().Run("SET search_path = public;" + EveryKindScript(major()));
  other.Run("CREATE SCHEMA \"foo bar\"; SET search_path = \"foo bar\";" + EveryKindScript(major()));
  EXPECT_EQ(DifferencesOf(SnapshotOf(db().session()).snapshot,
                          SnapshotOf(other.session(), "foo bar").snapshot),
            "");
}

// A role without any right reads what the superuser reads; only options of user mappings, where
// passwords stand, are not shown to it.
TEST_P(SnapshotTest, EveryRoleReadsTheSame) {
  db().Run(EveryKindScript(major()));
  const catalog::Snapshot all = SnapshotOf(db().session()).snapshot;
  db().Run("BEGIN; CREATE ROLE facts_nobody; SET LOCAL ROLE facts_nobody");
  const catalog::Snapshot seen = SnapshotOf(db().session()).snapshot;
  EXPECT_EQ(DifferencesOf(all, seen),
            "user mapping <owner> on srv: options is missing, expected password=<secret>\n");
  db().Run("ROLLBACK");
}

TEST_P(SnapshotTest, NoPasswordIsEverRead) {
  db().Run(EveryKindScript(major()));
  EXPECT_THAT(catalog::RenderSnapshot(SnapshotOf(db().session()).raw),
              ::testing::Not(::testing::HasSubstr("not to be seen")));
}

TEST_P(SnapshotTest, ObjectsOfThePlatformAreOutOfScope) {
  db().Run(EveryKindScript(major()));
  const catalog::Snapshot before = SnapshotOf(db().session()).snapshot;
  const catalog::Scope scope = catalog::ScopeOf(before);
  db().Run(
      "CREATE SCHEMA platform; CREATE TABLE platform.t (a int); CREATE EXTENSION hstore "
      "SCHEMA platform; CREATE EXTENSION pg_trgm; CREATE PUBLICATION platform; "
      "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC; "
      "REVOKE EXECUTE ON FUNCTION pg_catalog.pg_sleep(double precision) FROM PUBLIC; BEGIN; "
      "CREATE ROLE facts_guest; GRANT ALL ON SCHEMA public TO facts_guest, PUBLIC, CURRENT_USER; "
      "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO facts_guest; "
      "COMMENT ON SCHEMA public IS 'ours'");
  EXPECT_EQ(DifferencesOf(before, SnapshotOf(db().session(), "public", scope).snapshot), "");
  EXPECT_NE(DifferencesOf(before, SnapshotOf(db().session()).snapshot), "");
}

TEST_P(SnapshotTest, TheBaseOwnerOwnsTheMigrationsTable) {
  db().Run(
      "BEGIN; CREATE ROLE facts_app; CREATE TABLE t (a int); CREATE TABLE _prisma_migrations (); "
      "ALTER TABLE _prisma_migrations OWNER TO facts_app");
  EXPECT_EQ(catalog::RenderSnapshot(SnapshotOf(db().session()).snapshot),
            "column\tt.a\tposition\t1\ncolumn\tt.a\ttype\tinteger\ntable\tt\tkind\tordinary\n"
            "table\tt\towner\t" +
                db().Value("SELECT quote_ident(current_user)") + "\n");
  db().Run("ALTER TABLE t OWNER TO facts_app");
  EXPECT_EQ(catalog::RenderSnapshot(SnapshotOf(db().session()).snapshot),
            "column\tt.a\tposition\t1\ncolumn\tt.a\ttype\tinteger\ntable\tt\tkind\tordinary\n");
  db().Run("ROLLBACK");
}

// As a deploy asks: in the transaction that it must stop.
TEST_P(SnapshotTest, TheFingerprintIsPartOfALargerStatement) {
  db().Run(EveryKindScript(major()));
  const catalog::Scope scope = catalog::ScopeOf(SnapshotOf(db().session()).raw);
  const std::string query = introspect::FingerprintQuery(major(), scope);
  const std::string check = "DO $check$ BEGIN IF (SELECT catalog FROM (" + query + ") f) <> '" +
                            ServerHashesOf(db().session(), scope)[0].value_or("") +
                            "' THEN RAISE EXCEPTION 'not as proven'; END IF; END $check$";
  db().Run(check);
  db().Run("CREATE TABLE one_more ()");
  const postgres::Outcome outcome = db().session().Run(check);
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error->message, "not as proven");
}

// Settings that scripts leave behind must not change a property.
TEST_P(SnapshotTest, SettingsOfTheSessionAreIgnored) {
  db().Run(EveryKindScript(major()));
  const catalog::Snapshot before = SnapshotOf(db().session()).raw;
  db().Run(
      "SET standard_conforming_strings = off; SET quote_all_identifiers = on; "
      "SET bytea_output = escape; SET extra_float_digits = 0; SET timezone = 'Asia/Tokyo'; "
      "SET datestyle = 'German'; SET lc_monetary = 'C'; SET intervalstyle = 'iso_8601'; SET "
      "enable_seqscan = off; "
      "SET backslash_quote = on; SET escape_string_warning = off");
  EXPECT_EQ(DifferencesOf(before, SnapshotOf(db().session()).raw), "");
}

INSTANTIATE_TEST_SUITE_P(Majors, SnapshotTest, ::testing::ValuesIn(UsualMajors()));
INSTANTIATE_TEST_SUITE_P(Slow, SnapshotTest, ::testing::ValuesIn(FurtherMajors()));

}  // namespace
}  // namespace ballast::testing
