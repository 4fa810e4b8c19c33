// SPDX-License-Identifier: Apache-2.0
// The table of what deploy does by what it finds, cell by cell on real databases: what is found and
// answered, that status and the dry run said so before, what the database and its rows are
// afterwards, and that real Prisma agrees with them.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/project.h"
#include "tests/support/test_server.h"

namespace ballast::testing {
namespace {

namespace fs = std::filesystem;

// The value of a key in a report; the reports are ours, so a search will do.
std::string ValueOf(const std::string& json, const std::string& key) {
  const std::string mark = "\"" + key + "\": \"";
  const size_t start = json.find(mark);
  if (start == std::string::npos) return {};
  const size_t value = start + mark.size();
  return json.substr(value, json.find('"', value) - value);
}

// Two states of a project: v1 has a and c; v2 has a late b between them and d after them, a package
// that knows v1, and a development baseline that is older than d.
class TableTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = std::make_unique<TemporaryFolder>("table");
    for (const char* version : {"v1", "v2"}) {
      WriteBareProject({{"20240101000000_a", "CREATE TABLE a (id integer PRIMARY KEY);\n"},
                        {"20240103000000_c", "ALTER TABLE a ADD COLUMN c text DEFAULT 'x';\n"}},
                       folder->path() / version);
    }
    Make("v1", "ballast release create v1 && ballast baseline create");
    AddScripts(folder->path() / "v2",
               {{"20240102000000_b", "CREATE TABLE b (id integer REFERENCES a);\n"}});
    Make("v2", "ballast baseline create");
    AddScripts(folder->path() / "v2", {{"20240104000000_d", "CREATE INDEX a_c_idx ON a (c);\n"}});
    Make("v2", "ballast release create v2 --from-release ../v1/.ballast");
  }
  static void TearDownTestSuite() { folder.reset(); }

  void SetUp() override {
    Deploy("v2", "release", release_);
    Deploy("v2", "history", history_);
  }

  static void Make(const std::string& version, const std::string& command) {
    const Ran ran = RunIn(folder->path() / version, command);
    ASSERT_EQ(ran.status, 0) << ran.out << ran.err;
  }

  static Ran Ballast(const std::string& version, const std::string& arguments,
                     const TestDatabase& db) {
    return RunIn(folder->path() / version, "ballast " + arguments,
                 {{"DATABASE_URL", db.Url()}, {"DIRECT_URL", db.Url()}});
  }

  static void Deploy(const std::string& version, const std::string& strategy, TestDatabase& db) {
    const Ran ran = Ballast(version, "deploy --strategy " + strategy, db);
    ASSERT_EQ(ran.status, 0) << ran.out << ran.err;
  }

  // The report of a deploy of v2, after status and the dry run said the same. `words`: the strategy
  // and further options.
  static Ran DeployAsForetold(const std::string& words, const TestDatabase& db) {
    const Ran status = Ballast("v2", "status --output json --strategy " + words, db);
    const Ran dry = Ballast("v2", "deploy --dry-run --output json --strategy " + words, db);
    const Ran ran = Ballast("v2", "deploy --output json --strategy " + words, db);
    for (const char* key : {"found", "code"}) {
      EXPECT_EQ(ValueOf(status.out, key), ValueOf(ran.out, key)) << key << status.out << ran.out;
      EXPECT_EQ(ValueOf(dry.out, key), ValueOf(ran.out, key)) << key << dry.out << ran.out;
    }
    EXPECT_EQ(ValueOf(dry.out, "decision"), ValueOf(ran.out, "decision")) << dry.out << ran.out;
    EXPECT_EQ(dry.status, ran.status) << dry.out << dry.err;
    const bool is_current = ran.status == 0 && ValueOf(ran.out, "decision") == "nothing";
    EXPECT_EQ(status.status, is_current ? 0 : 1) << status.out << status.err;
    return ran;
  }

  static std::string Fingerprint(TestDatabase& db) {
    return Ballast("v2", "catalog fingerprint", db).out;
  }

  static std::string Rows(TestDatabase& db) {
    return db.Table(
        "SELECT migration_name, checksum, rolled_back_at IS NULL FROM _prisma_migrations WHERE "
        "finished_at IS NOT NULL ORDER BY migration_name COLLATE \"C\"");
  }

  // Prisma's own verdict on database and folder, asked of many at once: each start costs a second.
  struct Verdict {
    std::string what;
    std::string url;
    bool release;  // else by the project's folder
  };
  static void ExpectPrismaAgrees(const std::vector<Verdict>& verdicts) {
    const fs::path project = folder->path() / "v2";
    std::string script;
    for (size_t i = 0; i < verdicts.size(); ++i) {
      const fs::path schema = project / (verdicts[i].release ? ".ballast/schema.release.prisma"
                                                             : "prisma/schema.prisma");
      const fs::path migrations =
          project / (verdicts[i].release ? ".ballast/release-migrations" : "prisma/migrations");
      script += "DATABASE_URL='" + verdicts[i].url + "' SCHEMA_PATH='" + schema.string() +
                "' MIG_PATH='" + migrations.string() +
                "' \"$BALLAST_PRISMA\" migrate status > said" + std::to_string(i) + " 2>&1" +
                (i % 2 == 0 ? " &\n" : "\n");
    }
    RunIn(project, script + "wait");
    for (size_t i = 0; i < verdicts.size(); ++i) {
      const Ran said = RunIn(project, "cat said" + std::to_string(i));
      EXPECT_NE(said.out.find("Database schema is up to date!"), std::string::npos)
          << verdicts[i].what << said.out;
    }
  }

  static std::unique_ptr<TemporaryFolder> folder;
  TestDatabase release_;  // v2, deployed by release
  TestDatabase history_;  // v2, deployed by history
};

std::unique_ptr<TemporaryFolder> TableTest::folder;

struct Cell {
  const char* row;
  const char* strategy;
  // How the database came about: deploys ("v1 release"), then SQL.
  std::vector<std::string> deploys;
  const char* sql;
  const char* options;
  int status;
  const char* found;
  const char* answer;  // "apply", "nothing", or the code of a refusal
};

constexpr char kNotManaged[] = "DROP TABLE _prisma_migrations";
constexpr char kFailed[] =
    "INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('f', 'x', 'failed')";
constexpr char kAhead[] =
    "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('n', 'x', "
    "'20990101000000_newer', now())";
constexpr char kUnknown[] = "UPDATE _prisma_migrations SET checksum = 'x'";
constexpr char kCannotTell[] = "ALTER TABLE _prisma_migrations RENAME COLUMN logs TO words";

const std::vector<Cell>& Cells() {
  static const std::vector<Cell> cells = {
      {"fresh", "release", {}, "", "", 0, "fresh", "apply"},
      {"fresh", "development", {}, "", "", 0, "fresh", "apply"},
      {"fresh", "history", {}, "", "", 0, "fresh", "apply"},
      {"current", "release", {"v2 release"}, "", "", 0, "current", "nothing"},
      {"current", "development", {"v2 development"}, "", "", 0, "current", "nothing"},
      {"current", "history", {"v2 history"}, "", "", 0, "current", "nothing"},
      {"behind", "release", {"v1 release"}, "", "", 0, "behind", "apply"},
      {"behind", "development", {"v1 development"}, "", "", 0, "behind", "apply"},
      {"behind", "history", {"v1 history"}, "", "", 0, "behind", "apply"},
      {"other strategy", "release", {"v2 history"}, "", "", 0, "other_ledger", "apply"},
      {"other strategy", "development", {"v2 release"}, "", "", 0, "other_ledger", "apply"},
      {"other strategy", "history", {"v2 release"}, "", "", 0, "other_ledger", "apply"},
      {"other strategy, behind", "release", {"v1 history"}, "", "", 0, "other_ledger", "apply"},
      {"other strategy, behind", "history", {"v1 release"}, "", "", 0, "other_ledger", "apply"},
      {"foreign", "release", {"v2 history"}, kNotManaged, "", 1, "foreign", "P3005"},
      {"foreign", "development", {"v2 history"}, kNotManaged, "", 1, "foreign", "P3005"},
      {"foreign", "history", {"v2 history"}, kNotManaged, "", 1, "foreign", "P3005"},
      {"adopted", "release", {"v2 history"}, kNotManaged, "--adopt", 0, "foreign", "apply"},
      {"adopted", "development", {"v2 history"}, kNotManaged, "--adopt", 0, "foreign", "apply"},
      {"adopted", "history", {"v2 history"}, kNotManaged, "--adopt", 0, "foreign", "apply"},
      {"adopted, behind", "release", {"v1 history"}, kNotManaged, "--adopt", 0, "foreign", "apply"},
      {"adopted, behind", "history", {"v1 release"}, kNotManaged, "--adopt", 0, "foreign", "apply"},
      {"failed", "release", {"v2 release"}, kFailed, "", 1, "failed", "P3009"},
      {"failed", "development", {"v2 development"}, kFailed, "", 1, "failed", "P3009"},
      {"failed", "history", {"v2 history"}, kFailed, "", 1, "failed", "P3009"},
      {"ahead", "release", {"v2 release"}, kAhead, "", 0, "ahead", "nothing"},
      {"ahead", "development", {"v2 development"}, kAhead, "", 0, "ahead", "nothing"},
      {"ahead", "history", {"v2 history"}, kAhead, "", 0, "ahead", "nothing"},
      {"ahead, strict", "release", {"v2 release"}, kAhead, "--strict", 1, "ahead", "B502"},
      {"ahead, strict", "development", {"v2 development"}, kAhead, "--strict", 1, "ahead", "B502"},
      {"ahead, strict", "history", {"v2 history"}, kAhead, "--strict", 1, "ahead", "B502"},
      {"unknown", "release", {"v2 release"}, kUnknown, "", 1, "unknown", "B500"},
      {"unknown", "development", {"v2 release"}, kUnknown, "", 1, "other_ledger", "B504"},
      {"unknown", "history", {"v2 release"}, kUnknown, "", 1, "other_ledger", "B504"},
      {"cannot tell", "release", {"v2 release"}, kCannotTell, "", 1, "", "B501"},
      {"cannot tell", "development", {"v2 development"}, kCannotTell, "", 1, "", "B501"},
      {"cannot tell", "history", {"v2 history"}, kCannotTell, "", 1, "", "B501"},
  };
  return cells;
}

TEST_F(TableTest, EachCellOnARealDatabase) {
  const std::string catalog = Fingerprint(history_);
  ASSERT_EQ(Fingerprint(release_), catalog);
  std::vector<std::unique_ptr<TestDatabase>> kept;
  std::vector<Verdict> verdicts;
  for (const Cell& cell : Cells()) {
    SCOPED_TRACE(std::string(cell.row) + " under " + cell.strategy);
    const std::string strategy = cell.strategy;
    auto db = std::make_unique<TestDatabase>();
    for (const std::string& deploy : cell.deploys) {
      Deploy(deploy.substr(0, 2), deploy.substr(3), *db);
    }
    if (*cell.sql != '\0') db->Run(cell.sql);
    const std::string before =
        db->Table("SELECT * FROM pg_class c WHERE relnamespace >= 16384 OR relnamespace = 2200");
    const Ran ran = DeployAsForetold(strategy + " " + cell.options, *db);
    EXPECT_EQ(ran.status, cell.status) << ran.out << ran.err;
    EXPECT_EQ(ValueOf(ran.out, "found"), cell.found) << ran.out;
    if (cell.status != 0) {
      EXPECT_EQ(ValueOf(ran.out, "code"), cell.answer) << ran.out;
      EXPECT_EQ(db->Table("SELECT * FROM pg_class c WHERE relnamespace >= 16384 OR relnamespace = "
                          "2200"),
                before)
          << "a refusal changed something";
      continue;
    }
    EXPECT_EQ(ValueOf(ran.out, "decision"), cell.answer) << ran.out;
    EXPECT_EQ(Fingerprint(*db), catalog);
    if (std::string(cell.row).starts_with("ahead")) continue;
    EXPECT_EQ(Rows(*db), Rows(strategy == "release" ? release_ : history_));
    if (std::string(cell.answer) == "nothing") continue;
    verdicts.push_back(
        {std::string(cell.row) + " under " + strategy + ": ", db->Url(), strategy == "release"});
    kept.push_back(std::move(db));
  }
  if (std::getenv("BALLAST_PRISMA") == nullptr) {
    GTEST_SKIP()
        << "NO PRISMA: the rows were not shown to it; eval \"$(tools/judges)\" sets BALLAST_PRISMA";
  }
  ExpectPrismaAgrees(verdicts);
}

// What operators, platforms and other applications add to a database, deployed or not.
constexpr char kAdditions[] = R"(
CREATE SCHEMA other_application;
CREATE TABLE other_application.orders (id integer PRIMARY KEY);
CREATE VIEW their_view AS SELECT 1 AS x;
CREATE FUNCTION their_function() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE TYPE their_type AS ENUM ('x');
CREATE PUBLICATION their_publication;
DO $$ BEGIN
  IF to_regclass('a') IS NULL THEN RETURN; END IF;
  CREATE TABLE their_table (id integer);
  CREATE INDEX their_index ON a (id) WHERE id > 5;
  CREATE STATISTICS their_statistics ON id, c FROM a;
  ALTER TABLE a SET (autovacuum_vacuum_scale_factor = 0.01, fillfactor = 70);
  ALTER TABLE a ALTER id SET STATISTICS 500;
  ALTER TABLE a REPLICA IDENTITY FULL;
  ALTER TABLE a ENABLE ROW LEVEL SECURITY;
  ALTER PUBLICATION their_publication ADD TABLE a;
  GRANT SELECT ON a TO PUBLIC;
  COMMENT ON TABLE a IS 'theirs';
END $$)";

std::string Theirs(TestDatabase& db) {
  return db.Table(R"(
SELECT 'relation', relname::text FROM pg_class WHERE relname LIKE 'their%' OR relname = 'orders'
UNION ALL SELECT 'function', proname FROM pg_proc WHERE proname LIKE 'their%'
UNION ALL SELECT 'type', typname FROM pg_type WHERE typname LIKE 'their_t%'
UNION ALL SELECT 'statistics', stxname FROM pg_statistic_ext
UNION ALL SELECT 'publication', tablename FROM pg_publication_tables
UNION ALL SELECT 'table', array_to_string(reloptions, ',') || relreplident::text || relrowsecurity::text
    || relacl::text || obj_description(oid, 'pg_class') FROM pg_class WHERE relname = 'a'
UNION ALL SELECT 'column', attstattarget::text FROM pg_attribute
  WHERE attrelid = to_regclass('a') AND attname = 'id' ORDER BY 1, 2)");
}

using SlowTableTest = TableTest;

// No addition changes an answer, and no deploy changes an addition.
TEST_F(SlowTableTest, EachCellWithAdditions) {
  for (const Cell& cell : Cells()) {
    SCOPED_TRACE(std::string(cell.row) + " under " + cell.strategy);
    TestDatabase db;
    for (const std::string& deploy : cell.deploys) {
      Deploy(deploy.substr(0, 2), deploy.substr(3), db);
    }
    if (*cell.sql != '\0') db.Run(cell.sql);
    db.Run(kAdditions);
    const std::string before = Theirs(db);
    const Ran ran = DeployAsForetold(std::string(cell.strategy) + " " + cell.options, db);
    EXPECT_EQ(ran.status, cell.status) << ran.out << ran.err;
    EXPECT_EQ(ValueOf(ran.out, "found"), cell.found) << ran.out;
    EXPECT_EQ(ValueOf(ran.out, cell.status == 0 ? "decision" : "code"), cell.answer) << ran.out;
    if (!cell.deploys.empty()) {
      EXPECT_EQ(Theirs(db), before);
    }
    EXPECT_EQ(db.Value("SELECT count(*) FROM other_application.orders, their_view"), "0");
  }
}

// What a release owns is looked at wherever scripts would run or rows be converted.
TEST_F(SlowTableTest, EachCellWithDrift) {
  for (const Cell& cell : Cells()) {
    // The development baseline of v2 does not cover its last migration, so nothing has proven the
    // catalog that migrations after an older baseline lead to.
    if (std::string(cell.row) == "behind" && std::string(cell.strategy) == "development") continue;
    const bool compared = std::string(cell.answer) == "apply" && !cell.deploys.empty() &&
                          std::string(cell.strategy) != "history" && *cell.options == '\0';
    if (!compared) continue;
    SCOPED_TRACE(std::string(cell.row) + " under " + cell.strategy);
    TestDatabase db;
    for (const std::string& deploy : cell.deploys) {
      Deploy(deploy.substr(0, 2), deploy.substr(3), db);
    }
    db.Run(kAdditions);
    db.Run("ALTER TABLE a ALTER c SET DEFAULT 'y'");
    const Ran refused = DeployAsForetold(cell.strategy, db);
    EXPECT_EQ(refused.status, 1) << refused.out << refused.err;
    EXPECT_EQ(ValueOf(refused.out, "code"), "B503") << refused.out;
    const Ran allowed = DeployAsForetold(std::string(cell.strategy) + " --allow-drift", db);
    EXPECT_EQ(allowed.status, 0) << allowed.out << allowed.err;
  }
}

// Rows converted by hand, in both directions: the rows of a deploy of the other strategy.
TEST_F(TableTest, ResolveConvertsRowsForPrisma) {
  const std::string of_release = Rows(release_);
  const std::string of_history = Rows(history_);
  EXPECT_EQ(Ballast("v2", "resolve --all-covered --strategy history", release_).status, 0);
  EXPECT_EQ(Ballast("v2", "resolve --all-covered --strategy release", history_).status, 0);
  EXPECT_EQ(Rows(release_), of_history);
  EXPECT_EQ(Rows(history_), of_release);
  BALLAST_NEEDS_PRISMA();
  ExpectPrismaAgrees(
      {{"to history: ", release_.Url(), false}, {"to release: ", history_.Url(), true}});
}

// The package is found by Prisma where the recipe's was not, and a fresh deploy by Prisma is ours.
TEST_F(TableTest, PrismaFindsThePackageAndDeploysTheSame) {
  BALLAST_NEEDS_PRISMA();
  TestDatabase theirs;
  const fs::path package = folder->path() / "v2/.ballast";
  const auto prisma = RunPrisma("migrate deploy", theirs.Url(), package / "schema.release.prisma",
                                package / "release-migrations");
  const Ran deployed = prisma.value_or(Ran{1, "", ""});
  EXPECT_EQ(deployed.status, 0) << deployed.out << deployed.err;
  EXPECT_NE(deployed.out.find("0_baseline"), std::string::npos) << deployed.out;
  EXPECT_EQ(Fingerprint(theirs), Fingerprint(release_));
  EXPECT_EQ(Rows(theirs), Rows(release_));
  const Ran again = Ballast("v2", "deploy --output json --strategy release", theirs);
  EXPECT_EQ(ValueOf(again.out, "found"), "current") << again.out << again.err;
}

}  // namespace
}  // namespace ballast::testing
