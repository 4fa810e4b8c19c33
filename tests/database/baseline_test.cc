// SPDX-License-Identifier: Apache-2.0
// The loop is closed: a script makes a database, its baseline makes another, and the two are the
// same to pg_dump, to the snapshot, to the digests of rows and to the baseline itself. Each file of
// cases/ holds the objects of one kind; "-- from 15" in it says since when they exist, "-- roles:"
// which roles it makes, "-- read again" that servers print some texts differently after they have
// parsed them: then the canonical texts are the same, and the third database is exactly the second.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>

#include "base/text.h"
#include "catalog/snapshot.h"
#include "introspect/catalog_reader.h"
#include "introspect/extension_table_dependents.h"
#include "introspect/rows_reader.h"
#include "introspect/snapshot_reader.h"
#include "tests/support/test_server.h"
#include "tests/support/whole_catalog.h"

namespace ballast::introspect {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::TestDatabase;

struct Case {
  std::string name;
  std::string script;
  int from = 13;
  std::vector<std::string> roles;
  bool read_again = false;
};

std::string Slurp(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

Case ParseCase(const fs::path& path) {
  Case made{path.stem(), Slurp(path), 13, {}, false};
  for (const std::string& line : Split(made.script, '\n')) {
    if (line.starts_with("-- from ")) made.from = std::atoi(line.c_str() + 8);
    if (line == "-- read again") made.read_again = true;
    if (!line.starts_with("-- roles: ")) continue;
    for (const std::string& role : Split(line.substr(10), ',')) {
      made.roles.emplace_back(Trim(role));
    }
  }
  return made;
}

std::vector<Case> Cases() {
  const char* source = std::getenv("BALLAST_SOURCE_DIR");
  if (source == nullptr) return {};
  const fs::path folder = fs::path(source) / "tests" / "database" / "cases";
  std::vector<Case> cases;
  for (const auto& entry : fs::directory_iterator(folder)) cases.push_back(ParseCase(entry.path()));
  std::sort(cases.begin(), cases.end(),
            [](const Case& a, const Case& b) { return a.name < b.name; });
  return cases;
}

// All that is compared of one database.
struct State {
  std::string script;
  std::string schema_dump;  // empty: no pg_dump for this server
  std::vector<std::string> row_dump;
  ReadSnapshotResult snapshots;
  std::vector<release::TableRows> rows;
  std::vector<std::string> whole_catalog;
};

std::vector<std::string> DumpLines(const TestDatabase& db,
                                   const std::vector<std::string>& options) {
  const auto dump = testing::PgDump(db.target(), options);
  return dump ? Split(*dump, '\n') : std::vector<std::string>();
}

ReadSnapshotResult SnapshotsOf(TestDatabase& db) {
  postgres::Session session = db.Connect();
  EXPECT_TRUE(session.Query("SET search_path = public; SET jit = off").ok());
  auto snapshots = ReadSnapshot(session, {});
  EXPECT_TRUE(snapshots.ok()) << snapshots.error().message;
  return snapshots.ok() ? *snapshots : ReadSnapshotResult{};
}

State StateOf(TestDatabase& db, const Case& test) {
  State state;
  BaselineOptions options;
  options.roles = test.roles;
  auto draft = ReadBaseline(db.session(), options);
  EXPECT_TRUE(draft.ok()) << draft.error().message << draft.error().Detail("statement");
  if (!draft.ok()) return state;
  for (const catalog::UnsupportedObject& left : draft->unsupported) {
    ADD_FAILURE() << "not carried: " << left.kind << " " << left.name;
  }
  state.script = draft->script;
  state.schema_dump = Join(DumpLines(db, {"--schema-only"}), "\n");
  state.row_dump = DumpLines(db, {"--data-only", "--inserts"});
  std::sort(state.row_dump.begin(), state.row_dump.end());
  state.snapshots = SnapshotsOf(db);
  state.rows = draft->rows;
  state.whole_catalog = testing::ReadWholeCatalog(db);
  return state;
}

// Roles belong to the cluster: what the case made is taken away again, so that the baseline has to
// make it.
void DropRoles(int major, const std::vector<std::string>& roles) {
  TestDatabase db(major);
  for (const std::string& role : roles) {
    db.Run("DROP ROLE IF EXISTS " + role);
  }
}

State StateAfter(int major, const Case& test, const std::string& script) {
  TestDatabase db(major);
  const postgres::Outcome outcome = db.session().Run(script);
  EXPECT_TRUE(outcome.ok()) << outcome.error->message << " " << outcome.error->detail << "\n"
                            << script;
  return outcome.ok() ? StateOf(db, test) : State{};
}

void ExpectSame(const catalog::Snapshot& a, const catalog::Snapshot& b) {
  for (const auto& difference : catalog::Diff(a, b, /*with_layout=*/true)) {
    ADD_FAILURE() << catalog::Describe(difference);
  }
}

void ExpectSameRows(const State& a, const State& b) {
  EXPECT_EQ(a.row_dump, b.row_dump);
  EXPECT_EQ(a.rows, b.rows);
}

void ExpectSame(const State& a, const State& b) {
  EXPECT_EQ(a.script, b.script);
  EXPECT_EQ(a.schema_dump, b.schema_dump);
  ExpectSameRows(a, b);
  ExpectSame(a.snapshots.raw, b.snapshots.raw);
  EXPECT_THAT(testing::CompareWholeCatalogs(a.whole_catalog, b.whole_catalog), IsEmpty());
}

class BaselineTest : public ::testing::TestWithParam<int> {};

TEST_P(BaselineTest, GivesTheSameDatabase) {
  const int major = GetParam();
  if (!testing::HasMajor(major)) GTEST_SKIP() << "NO SERVER PROGRAMS of PostgreSQL " << major;
  const std::vector<Case> cases = Cases();
  ASSERT_FALSE(cases.empty()) << "set BALLAST_SOURCE_DIR to the source folder";
  bool dumped = false;
  for (const Case& test : cases) {
    if (test.from > major) continue;
    SCOPED_TRACE(test.name);
    const State original = StateAfter(major, test, test.script);
    DropRoles(major, test.roles);
    const State copy = StateAfter(major, test, original.script);
    DropRoles(major, test.roles);
    if (test.read_again) {
      ExpectSame(original.snapshots.snapshot, copy.snapshots.snapshot);
      ExpectSameRows(original, copy);
      ExpectSame(copy, StateAfter(major, test, copy.script));
      DropRoles(major, test.roles);
    } else {
      ExpectSame(original, copy);
    }
    dumped |= !original.schema_dump.empty();
  }
  if (!dumped) std::cout << "NO pg_dump for PostgreSQL " << major << ": judged by snapshots\n";
}

INSTANTIATE_TEST_SUITE_P(Slow, BaselineTest, ::testing::ValuesIn(testing::TestMajors()));

class BaselineRulesTest : public testing::ServerTest {
 protected:
  BaselineDraft Read(const BaselineOptions& options = {}) {
    auto draft = ReadBaseline(db().session(), options);
    EXPECT_TRUE(draft.ok()) << draft.error().message;
    return draft.ok() ? *draft : BaselineDraft{};
  }
};

TEST_F(BaselineRulesTest, OmitsMigrationsTableJournalAndExtensions) {
  db().Run(
      "CREATE TABLE _prisma_migrations (id text PRIMARY KEY); INSERT INTO _prisma_migrations "
      "VALUES ('1'); CREATE INDEX i ON _prisma_migrations (id); CREATE SCHEMA ballast; CREATE "
      "TABLE ballast.journal (n serial); COMMENT ON TABLE ballast.journal IS 'x'; COMMENT ON TABLE "
      "_prisma_migrations IS 'y'; CREATE SCHEMA ballast_kept; CREATE TABLE ballast_kept.t (n int)");
  const BaselineDraft draft = Read();
  EXPECT_EQ(draft.script, "");
  EXPECT_THAT(draft.rows, IsEmpty());
  ASSERT_EQ(draft.unsupported.size(), 2U);  // what a history makes in them would be lost
  for (const catalog::UnsupportedObject& one : draft.unsupported) {
    EXPECT_EQ(one.kind, "schema with the name of ballast's own");
  }
}

TEST_F(BaselineRulesTest, LooksLikePrismasScript) {
  db().Run(
      "CREATE TYPE \"Role\" AS ENUM ('USER', 'ADMIN'); CREATE TABLE \"User\" (\"id\" SERIAL NOT "
      "NULL, \"role\" \"Role\" NOT NULL DEFAULT 'USER', \"at\" TIMESTAMP(3) NOT NULL DEFAULT "
      "CURRENT_TIMESTAMP, \"tags\" TEXT[] DEFAULT ARRAY[]::TEXT[], \"p\" DECIMAL(10,2) DEFAULT "
      "-1.5, CONSTRAINT \"User_pkey\" PRIMARY KEY (\"id\")); CREATE TABLE \"Post\" (\"a\" INTEGER "
      "NOT NULL, \"b\" TEXT NOT NULL, CONSTRAINT \"Post_pkey\" PRIMARY KEY (\"a\",\"b\")); CREATE "
      "UNIQUE INDEX \"User_role_key\" ON \"User\"(\"role\", \"at\" DESC); ALTER TABLE \"Post\" ADD "
      "CONSTRAINT \"Post_a_fkey\" FOREIGN KEY (\"a\") REFERENCES \"User\"(\"id\") ON DELETE "
      "RESTRICT ON UPDATE CASCADE");
  EXPECT_EQ(Read().script, R"(-- CreateEnum
CREATE TYPE "Role" AS ENUM ('USER', 'ADMIN');

-- CreateTable
CREATE TABLE "Post" (
    "a" INTEGER NOT NULL,
    "b" TEXT NOT NULL,

    CONSTRAINT "Post_pkey" PRIMARY KEY ("a","b")
);

-- CreateTable
CREATE TABLE "User" (
    "id" SERIAL NOT NULL,
    "role" "Role" NOT NULL DEFAULT 'USER',
    "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "p" DECIMAL(10,2) DEFAULT -1.5,

    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "User_role_key" ON "User"("role", "at" DESC);

-- AddForeignKey
ALTER TABLE "Post" ADD CONSTRAINT "Post_a_fkey" FOREIGN KEY ("a") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
)");
}

TEST_F(BaselineRulesTest, IgnoresDroppedColumns) {
  db().Run("CREATE TABLE t (a int, gone int, b int); ALTER TABLE t DROP COLUMN gone");
  EXPECT_THAT(Read().script, Not(HasSubstr("pg.dropped")));
  EXPECT_THAT(Read().script, HasSubstr("    \"a\" INTEGER,\n    \"b\" INTEGER\n"));
}

TEST_F(BaselineRulesTest, FollowsTheTargetSchema) {
  db().Run(
      "CREATE SCHEMA app; CREATE TABLE app.t (a serial PRIMARY KEY); CREATE TABLE public.p (a "
      "int); "
      "CREATE VIEW app.v AS SELECT a FROM app.t; INSERT INTO app.t DEFAULT VALUES");
  BaselineOptions options;
  options.target_schema = "app";
  const BaselineDraft draft = Read(options);
  EXPECT_THAT(draft.script, HasSubstr("CREATE TABLE \"t\" (\n    \"a\" SERIAL NOT NULL"));
  EXPECT_THAT(draft.script, HasSubstr("CREATE TABLE \"public\".\"p\""));
  EXPECT_THAT(draft.script,
              AllOf(HasSubstr("CREATE VIEW \"v\" AS\n SELECT"), HasSubstr("\n   FROM t;")));
  EXPECT_THAT(draft.script, HasSubstr("INSERT INTO \"t\" (\"a\") VALUES"));
  EXPECT_THAT(draft.script, Not(HasSubstr("app")));
}

TEST_F(BaselineRulesTest, NamesUnsupportedObjects) {
  db().Run(
      "SELECT lo_create(4711); GRANT SELECT ON pg_class TO pg_monitor; CREATE TABLE t (a int); "
      "INSERT INTO t VALUES (1), (1)");
  const postgres::Outcome broken =
      db().session().Run("CREATE UNIQUE INDEX CONCURRENTLY bad ON t (a)");
  ASSERT_FALSE(broken.ok());
  std::vector<std::string> names;
  for (const catalog::UnsupportedObject& left : Read().unsupported) {
    names.push_back(left.kind + ": " + left.name);
  }
  EXPECT_THAT(names, ::testing::UnorderedElementsAre(
                         "invalid index: \"bad\"", "large object: 4711",
                         "privilege on a built-in or extension object: pg_catalog.pg_class"));
}

TEST_F(BaselineRulesTest, NamesConstraintsWhoseTriggersAreDisabled) {
  db().Run(
      "CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE t (a int CONSTRAINT \"F k\" REFERENCES p); "
      "ALTER TABLE t DISABLE TRIGGER ALL");
  const BaselineDraft draft = Read();
  ASSERT_EQ(draft.unsupported.size(), 1U);
  EXPECT_EQ(draft.unsupported[0].kind, "constraint whose triggers are disabled");
  EXPECT_EQ(draft.unsupported[0].name, "\"F k\" on t");
}

TEST_F(BaselineRulesTest, NamesDatabaseAndClusterObjects) {
  db().Run(
      "DO $$ BEGIN CREATE ROLE ballast_rules; EXCEPTION WHEN duplicate_object THEN NULL; END "
      "$$; CREATE SCHEMA hidden; CREATE TABLE hidden.t (a int); GRANT USAGE ON SCHEMA hidden "
      "TO ballast_rules; GRANT SELECT ON hidden.t TO ballast_rules WITH GRANT OPTION; SET ROLE "
      "ballast_rules; GRANT SELECT ON hidden.t TO PUBLIC; RESET ROLE; REVOKE USAGE ON SCHEMA "
      "hidden FROM ballast_rules; DO $$ BEGIN EXECUTE format('ALTER DATABASE %I OWNER TO "
      "ballast_rules', current_database()); END $$; DROP SCHEMA public");
  std::vector<std::string> names;
  for (const catalog::UnsupportedObject& left : Read().unsupported) {
    names.push_back(left.kind + ": " + left.name);
  }
  EXPECT_THAT(names, ::testing::UnorderedElementsAre(
                         "owner of the database: ballast_rules",
                         "privilege granted by a role without USAGE on the schema: hidden.t",
                         "schema that was dropped: public"));
}

TEST_F(BaselineRulesTest, NamesObjectsOnTablesOfExtensions) {
  const auto dependents = [&] {
    auto lines = ReadExtensionTableDependents(db().session());
    EXPECT_TRUE(lines.ok()) << lines.error().message << lines.error().Detail("statement");
    return lines.ok() ? *lines : std::vector<std::string>{};
  };
  db().Run(
      "CREATE EXTENSION citext; CREATE TABLE owned (a int PRIMARY KEY, b text); ALTER EXTENSION "
      "citext ADD TABLE owned; UPDATE pg_extension SET extconfig = ARRAY['owned'::regclass], "
      "extcondition = ARRAY['WHERE a > 1'] WHERE extname = 'citext'; INSERT INTO owned VALUES "
      "(1, 'its own')");
  const std::vector<std::string> before = dependents();
  EXPECT_THAT(before,
              ::testing::ElementsAre(
                  "constraint owned_pkey PRIMARY KEY (a) on owned, which extension citext owns",
                  "index owned_pkey on owned, which extension citext owns"));
  db().Run(
      "CREATE INDEX mine ON owned (b); CREATE POLICY p ON owned USING (true); CREATE TRIGGER tr "
      "BEFORE UPDATE ON owned FOR EACH ROW EXECUTE FUNCTION "
      "suppress_redundant_updates_trigger(); INSERT INTO owned VALUES (2, 'mine')");
  EXPECT_THAT(
      dependents(),
      ::testing::IsSupersetOf({::testing::Eq("index mine on owned, which extension citext owns"),
                               ::testing::Eq("policy p on owned, which extension citext owns"),
                               ::testing::Eq("trigger tr on owned, which extension citext owns")}));
  EXPECT_THAT(dependents(), ::testing::Contains(HasSubstr("rows of owned, a configuration table of "
                                                          "extension citext (1, digest ")));
}

TEST_F(BaselineRulesTest, RefusesMoreRowsThanAllowed) {
  db().Run("CREATE TABLE big (a text); INSERT INTO big VALUES (repeat('x', 5000))");
  BaselineOptions options;
  options.rows_limit = 1000;
  auto draft = ReadBaseline(db().session(), options);
  ASSERT_FALSE(draft.ok());
  EXPECT_EQ(draft.error().code, ErrorCode::kRowsTooLarge);
  EXPECT_THAT(draft.error().message, HasSubstr("big (1 row,"));
  EXPECT_EQ(db().session().transaction_state(), postgres::TransactionState::kIdle);
  options.without_rows = {"big"};
  EXPECT_THAT(Read(options).script, Not(HasSubstr("INSERT")));
}

TEST_F(BaselineRulesTest, DigestsIgnoreTheOrderOfRowsAndColumns) {
  db().Run(
      "CREATE TABLE a (x int, y text); INSERT INTO a VALUES (1, 'p'), (2, 'q'); CREATE SCHEMA s; "
      "CREATE TABLE s.a (y text, x int); INSERT INTO s.a VALUES ('q', 2), ('p', 1); CREATE TABLE "
      "none (a int)");
  auto rows = ReadRowDigests(db().session());
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->size(), 2U);
  EXPECT_EQ((*rows)[0].table, "a");
  EXPECT_EQ((*rows)[1].table, "s.a");
  EXPECT_EQ((*rows)[0].count, 2);
  EXPECT_EQ((*rows)[0].digest, (*rows)[1].digest);
}

TEST_F(BaselineRulesTest, SendsFewQueries) {
  db().Run("CREATE TABLE a (x int); CREATE TABLE b (y serial); INSERT INTO a VALUES (1)");
  const int before = db().session().round_trips();
  Read();
  EXPECT_LE(db().session().round_trips() - before, 8);
}

}  // namespace
}  // namespace ballast::introspect
