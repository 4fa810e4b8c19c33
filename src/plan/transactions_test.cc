// SPDX-License-Identifier: Apache-2.0
// Where the boundaries between transactions are, for every kind of plan.
#include <gtest/gtest.h>

#include <algorithm>

#include "plan/planner.h"
#include "plan/planner_cases.h"
#include "plan/resume.h"
#include "plan/review.h"
#include "plan/script_size.h"

namespace ballast::plan {
namespace {

// The migrations a, b, c … with these scripts.
std::vector<release::Migration> Scripts(const std::vector<std::string>& texts) {
  std::vector<release::Migration> scripts;
  for (const std::string& text : texts) {
    const char name = static_cast<char>('a' + scripts.size());
    scripts.push_back(release::MakeMigration(std::string(1, name), text));
  }
  return scripts;
}

constexpr const char* kTable = "CREATE TABLE t (a int);\n";
constexpr const char* kBuild = "CREATE INDEX CONCURRENTLY i ON t (a);\n";
constexpr const char* kAdd = "ALTER TYPE \"E\" ADD VALUE 'new';\n";
constexpr const char* kUse = "ALTER TABLE t ALTER COLUMN e SET DEFAULT 'new';\n";
constexpr const char* kAddAndUse = "ALTER TYPE \"E\" ADD VALUE 'x';\nUPDATE t SET e = 'x';\n";
constexpr const char* kPaired = "BEGIN;\nCREATE TABLE u (a int);\nCOMMIT;\n";
constexpr const char* kSerializable =
    "BEGIN ISOLATION LEVEL SERIALIZABLE;\nDELETE FROM t;\nCOMMIT;\n";
constexpr const char* kDoCommit =
    "DO $$ BEGIN FOR k IN 1..3 LOOP INSERT INTO t VALUES (k); COMMIT; END LOOP; END $$;\n";
constexpr const char* kLocal = "SET LOCAL lock_timeout = '1s';\nDROP TABLE u;\n";

// v2 covers these; v1, which the database has, covered none of them.
ApplyRelease Upgrading(const std::vector<std::string>& texts) {
  ApplyRelease release = ReleaseTwo();
  release.history = Scripts(texts);
  release.coverage = release::CoverageOf(*release.history);
  release.previous[0].coverage.clear();
  release.previous[0].hotfixes.clear();
  return release;
}

// After the second half of the decision, too, which found nothing.
Decision Reviewed(const Intent& intent, const Observation& seen, const Policy& policy = {}) {
  return Review(Decided(intent, seen, policy), {}, seen, policy);
}

TEST(TransactionsTest, AnUpgradeIsSplitOnlyWhereNecessary) {
  struct Row {
    std::string what;
    std::vector<std::string> scripts;
    std::string expected;
  };
  const std::string verify = "compare the live catalog with f20000000000; ";
  const auto end = [&](int rows) {
    return verify + "remove " + Counted(static_cast<size_t>(rows), "row") +
           " that the row of this release replaces; record 1 migration as run";
  };
  for (const Row& row : {
           Row{"all share", {kTable, kUse}, "run a; run b; " + end(1)},
           Row{"an enum value is used in a later transaction than it is added in",
               {kTable, kAdd, kUse},
               "run a; run b | run c; " + end(4)},
           Row{"… also after a concurrent build",
               {kTable, kBuild, "CREATE TYPE \"F\" AS ENUM ('a')", kAdd, kUse},
               "run a | run b outside a transaction | run c; run d | run e; " + end(6)},
           Row{"a script that adds and uses one has a transaction of its own",
               {kTable, kAddAndUse, kTable},
               "run a | run b | run c; " + end(4)},
           Row{"the comparison comes after the last step",
               {kTable, kBuild},
               "run a | run b outside a transaction | " + end(3)},
           Row{"own transactions",
               {kTable, kPaired, kTable},
               "run a | run b in its own transactions | run c; " + end(4)},
           Row{"own transactions with options",
               {kSerializable},
               "run a outside a transaction | " + end(2)},
           Row{"code that commits",
               {kTable, kDoCommit},
               "run a | run b outside a transaction | " + end(3)},
           Row{"SET LOCAL concerns no other script",
               {kTable, kLocal, kTable},
               "run a | run b | run c; " + end(4)},
       }) {
    EXPECT_EQ(Words(Decided(Upgrading(row.scripts), Database("0_baseline:v1", 9), {})),
              "behind; " + row.expected)
        << row.what;
  }
}

// A crash leaves the rows of what was committed, and only a plan of several transactions needs
// them.
TEST(TransactionsTest, AnUpgradeOfSeveralTransactionsRecordsEachScript) {
  const auto records = [](const std::vector<std::string>& texts) {
    const Decision decision = Decided(Upgrading(texts), Database("0_baseline:v1", 9), {});
    int rows = 0;
    for (const Step* step : StepsOf(*decision.plan())) {
      const auto* run = std::get_if<RunScript>(&step->act);
      rows += run != nullptr && run->record ? 1 : 0;
    }
    return rows;
  };
  EXPECT_EQ(records({kTable, kUse}), 0);
  EXPECT_EQ(records({kTable, kBuild}), 2);
  EXPECT_EQ(records({kAdd, kUse}), 2);
  EXPECT_EQ(records({kBuild}), 1);
}

// Where a hotfix is applied already, the state before the others is not a proven one: the rows are
// replaced only together with the comparison after the last.
TEST(TransactionsTest, AnUpgradeReplacesRowsOnlyWithAComparison) {
  ApplyRelease release = WithHotfix(Upgrading({kTable}), "h1");
  release.hotfixes.push_back(Concurrent("h2"));
  release.with_hotfixes = Fingerprint("f3");
  const auto words = [&](const std::string& rows) {
    return Words(Decided(release, Database(rows, 9), {}));
  };
  const std::string rows =
      "remove 2 rows that the row of this release replaces; record 1 migration as run";
  EXPECT_EQ(words("0_baseline:v1 h1"),
            "behind; run a | run h2 outside a transaction | compare the "
            "live catalog with f30000000000; " +
                rows);
  EXPECT_EQ(words("0_baseline:v1"),
            "behind; run a; compare the live catalog with f20000000000; " + rows +
                "; run h1 | run h2 outside a transaction | compare the live catalog with "
                "f30000000000");
}

// Before anything runs, and in a dry run.
TEST(LongTransactionsTest, AScriptThatIsTooLargeForAMessageIsRefused) {
  const std::string large(kLongestMessage + 1, 'x');
  const auto answer = [](const std::string& script) {
    return Words(Decided(Upgrading({kTable, script}), Database("0_baseline:v1", 9), {}));
  };
  EXPECT_EQ(answer("SELECT length('" + large + "');\n"), "behind; refused B306");
  EXPECT_EQ(answer("BEGIN;\nSELECT 1;\n/* " + large + " */COMMIT;\n"), "behind; refused B306");
  const std::string half = "SELECT length('" + large.substr(large.size() / 2) + "');\n";
  EXPECT_TRUE(answer(half + half + half).starts_with("behind; run a; run b"));
}

TEST(TransactionsTest, AnUpgradeRestoresKeptDataBeforeTheComparison) {
  Observation database = Database("0_baseline:v1", 9);
  database.has_kept_data = true;
  const std::string end =
      "restore data that a rollback has kept; compare the live catalog with f20000000000; "
      "remove 1 row that the row of this release replaces; record 1 migration as run";
  const std::string begin = "behind; find what was written since a rollback kept data; run a; ";
  EXPECT_EQ(Words(Decided(Upgrading({kTable}), database, {})), begin + end);
  EXPECT_EQ(Words(Decided(ReleaseTwo(), Database("0_baseline:v2", 9), {})), "current; nothing");
  // In a transaction that can use the values that an enum gets, and in any case in one.
  const std::string later =
      "restore data that a rollback has kept; compare the live catalog with f20000000000; "
      "remove 3 rows that the row of this release replaces; record 1 migration as run";
  const Decision decision = Decided(Upgrading({kTable, kAdd}), database, {});
  EXPECT_EQ(Words(decision), "behind; run a; run b | " + later);
  EXPECT_TRUE(std::get<RunScript>(StepsOf(*decision.plan())[1]->act).record);
  EXPECT_EQ(Words(Decided(Upgrading({kTable, kBuild}), database, {})),
            "behind; run a | run b outside a transaction | " + later);
  FollowHistory history = History({"a"});
  history.migrations.push_back(release::MakeMigration("b", kBuild));
  Observation developed = Database("a", 9);
  developed.has_kept_data = true;
  EXPECT_EQ(Words(Decided(history, developed, {})),
            "behind; run b outside a transaction | restore data that a rollback has kept");
}

TEST(TransactionsTest, EveryPlanEndsWithAComparison) {
  ApplyRelease release = ReleaseTwo();
  release.hotfixes = Scripts({kBuild, kTable});
  release.with_hotfixes = Fingerprint("f3");
  ApplyRelease concurrent_last = release;
  concurrent_last.hotfixes = Scripts({kTable, kBuild});
  ApplyRelease together = release;
  together.hotfixes = Scripts({kTable});
  const std::string fresh = "fresh; create the table _prisma_migrations; run 0_baseline; ";
  const std::string baseline = "compare the live catalog with f20000000000";
  const std::string all = "compare the live catalog with f30000000000";
  const std::string rows =
      "remove 2 rows that the row of this release replaces; record 1 migration as run";
  FollowHistory development = Development({"m1", "m2"}, {"m1", "m2"});
  Check({
      {"hotfixes in the transaction", together, Database("", 0), {}, fresh + "run a; " + all},
      {"a concurrent hotfix first",
       release,
       Database("", 0),
       {},
       fresh + baseline + " | run a outside a transaction | run b; " + all},
      {"a concurrent hotfix last",
       concurrent_last,
       Database("", 0),
       {},
       fresh + baseline + "; run a | run b outside a transaction | " + all},
      {"hotfixes only",
       concurrent_last,
       Database("0_baseline:v2", 9),
       {},
       "behind; run a | run b outside a transaction | " + all},
      {"an upgrade with hotfixes",
       together,
       Database("0_baseline:v1 h1", 9),
       {},
       "behind; run m2; " + rows + "; run a; " + all},
      {"pending migrations up to the development baseline",
       development,
       Database("m1", 9),
       {},
       "behind; run m2; compare the live catalog with fd0000000000"},
      {"but not with migrations that nobody knows",
       development,
       Database("m1 x", 9),
       {},
       "behind; run m2"},
  });
}

// Rows show whether any other last transaction was committed.
TEST(TransactionsTest, KnowsWhetherTheLastTransactionOnlyCompares) {
  const auto only_compares = [](const std::vector<release::Migration>& pending) {
    FollowHistory history = Development({"m1"}, {"m1"});
    for (const release::Migration& migration : pending) {
      history.migrations.push_back(migration);
      history.baseline->coverage.push_back({migration.name, migration.checksum});
    }
    const Decision decision = Decided(history, Database("m1", 9), {});
    const Transaction* last = FinalComparison(*decision.plan());
    return last != nullptr && VerifyOf(*last) != nullptr;
  };
  EXPECT_TRUE(only_compares({Concurrent("m2")}));
  EXPECT_TRUE(only_compares({Script("m2"), Concurrent("m3")}));
  EXPECT_FALSE(only_compares({Concurrent("m2"), Script("m3")}));
  EXPECT_FALSE(only_compares({Script("m2")}));
  EXPECT_EQ(FinalComparison(Plan{}), nullptr);
}

TEST(TransactionsTest, ResumesAnUpgradeAfterAConcurrentStep) {
  const ApplyRelease release = Upgrading({kBuild, "CREATE TYPE \"F\" AS ENUM ('a')", kAdd, kUse});
  const auto end = [](const char* rows) {
    return "compare the live catalog with f20000000000; remove " + std::string(rows) +
           " rows that the row of this release replaces; record 1 migration as run";
  };
  const auto row = [](const std::string& name, const char* text, bool finished) {
    return MigrationRow{name, release::ChecksumOf(text), finished, false, finished ? 1 : 0, "", ""};
  };
  Observation built = Database("0_baseline:v1", 9);
  built.rows.push_back(row("a", kBuild, true));
  Observation building = Database("0_baseline:v1", 9);
  building.rows.push_back(row("a", kBuild, false));
  building.step_in_progress = "a";
  building.step_index = IndexState::kInvalid;
  building.invalid_indexes = {{"public", "i"}};
  Check({
      {"after it", release, built, {}, "behind; run b; run c | run d; " + end("5")},
      {"in it",
       release,
       building,
       {},
       "behind; roll back the row of a | drop the invalid index i | run a outside a transaction | "
       "run b; run c | run d; " +
           end("6")},
  });
}

TEST(TransactionsTest, ScriptsThatMustNotBeSentAreRefusedBeforeAnythingRuns) {
  struct Row {
    std::string text;
    std::string code;
    std::string words;
    int line;
  };
  for (const Row& row : {
           Row{std::string("SELECT 1;\n\0SELECT 2;\n", 21), "B307", "byte offset 10", 2},
           Row{"SELECT 1;\nSELECT 'open;\n", "P3018", "string that begins on line 2", 2},
           Row{"SELECT \"open;\n", "P3018", "quoted name", 1},
           Row{"\n\n/* open\n", "P3018", "comment that begins on line 3", 3},
           Row{"DO $x$ BEGIN END $y$;\n", "P3018", "dollar-quoted string", 1},
       }) {
    for (const bool with_baseline : {false, true}) {
      FollowHistory history = with_baseline ? Development({"m1"}, {"m1"}) : History({"m1"});
      history.migrations.push_back(release::MakeMigration("x", row.text));
      for (const char* rows : {"", "m1"}) {
        const Decision decision = Decided(history, Database(rows, *rows == '\0' ? 0 : 9), {});
        ASSERT_TRUE(decision.Refused()) << row.text;
        EXPECT_EQ(CodeOf(decision.refusal()->code), row.code);
        EXPECT_NE(decision.refusal()->message.find(row.words), std::string::npos)
            << decision.refusal()->message;
        EXPECT_EQ(decision.refusal()->where, (Place{"x", row.line}));
      }
    }
  }
  // With it off, only the server knows where a string ends.
  FollowHistory escaping = History({"m1"});
  escaping.migrations.push_back(
      release::MakeMigration("x", "SET standard_conforming_strings = off;\nSELECT 'it\\'s';\n"));
  EXPECT_FALSE(Decided(escaping, Database("m1", 9), {}).Refused());
}

TEST(TransactionsTest, ServerAndRoleAreCheckedBeforeAnythingRuns) {
  const auto code = [](void (*change)(Observation&)) {
    Observation database = Database("", 0);
    change(database);
    const Decision decision = Reviewed(History({"m1"}), database);
    return decision.Refused() ? std::string(CodeOf(decision.refusal()->code)) : std::string();
  };
  EXPECT_EQ(code([](Observation&) {}), "");
  EXPECT_EQ(code([](Observation& o) { o.server.in_recovery = true; }), "B604");
  EXPECT_EQ(code([](Observation& o) { o.server.read_only = true; }), "B604");
  EXPECT_EQ(code([](Observation& o) { o.server.unusable_search_path = "nowhere"; }), "B611");
  EXPECT_EQ(code([](Observation& o) { o.server.can_create_in_schema = false; }), "B602");
  EXPECT_EQ(code([](Observation& o) { o.server.missing_privileges = {{"INSERT", "x"}}; }), "B602");
  EXPECT_EQ(code([](Observation& o) {
              o.schema_exists = false;
              o.server.can_create_schema = false;
            }),
            "B602");
  // A role that may not delete rows can deploy, except for a plan that removes some.
  EXPECT_EQ(code([](Observation& o) { o.server.missing_privileges = {{"DELETE", "x"}}; }), "");
  Observation development = Database("m1 m2 m3", 9);
  development.server.missing_privileges = {{"DELETE", "x"}, {"INSERT", "y"}};
  development.server.role = "r";
  development.server.database = "d";
  const Decision refused = Reviewed(ReleaseTwo(), development);
  ASSERT_TRUE(refused.Refused());
  EXPECT_EQ(
      refused.refusal()->remedies,
      (std::vector<std::string>{"have an admin run in database d: GRANT DELETE ON x TO \"r\"; "
                                "GRANT INSERT ON y TO \"r\";"}));
  // A script that begins with SET ROLE creates its objects as that role, and rows need no CREATE.
  FollowHistory as_owner = History({"m1"});
  as_owner.migrations.push_back(
      release::MakeMigration("m2", "SET ROLE owner;\nCREATE TABLE t (a int);\n"));
  Observation low = Database("m1", 9);
  low.server.can_create_in_schema = false;
  EXPECT_FALSE(Reviewed(as_owner, low).Refused());
  FollowHistory as_itself = History({"m1"});
  as_itself.migrations.push_back(release::MakeMigration("m2", "CREATE TABLE t (a int);\n"));
  EXPECT_TRUE(Reviewed(as_itself, low).Refused());
  EXPECT_FALSE(Reviewed(History({"m1", "m2"}), low).Refused());  // creates nothing
  low.rows = RowsOf("m1 m2 m3");
  EXPECT_FALSE(Reviewed(ReleaseTwo(), low).Refused());
  // A database that needs nothing is answered by any server and role.
  Observation current = Database("m1", 9);
  current.server.in_recovery = true;
  EXPECT_FALSE(Decided(History({"m1"}), current, {}).Refused());
  // A run that never deploys needs no privileges.
  Observation poor = Database("", 0);
  poor.server.read_only = true;
  poor.server.can_create_in_schema = false;
  poor.server.missing_privileges = {{"INSERT", "x"}};
  Policy policy;
  policy.only_observes = true;
  EXPECT_FALSE(Reviewed(History({"m1"}), poor, policy).Refused());
}

TEST(TransactionsTest, ScriptsRunStatementByStatementWhereTheServerWouldRefuse) {
  const std::string enum_script = "ALTER TYPE e ADD VALUE 'b'; INSERT INTO t VALUES ('b');";
  const std::string two = "CREATE INDEX CONCURRENTLY i ON t (a); CREATE INDEX j ON t (b);";
  const struct {
    std::string script;
    Policy policy;
    ScriptMode mode;
  } cases[] = {
      {enum_script, {}, ScriptMode::kInTransaction},
      {enum_script, {.refused = {.split = {"b"}}}, ScriptMode::kSplit},
      {enum_script, {.replay = release::ReplayMode::kSplit}, ScriptMode::kSplit},
      {two, {}, ScriptMode::kSplit},
      {two, {.replay = release::ReplayMode::kBatch}, ScriptMode::kAlone},
      {"VACUUM", {}, ScriptMode::kAlone},
      {"VACUUM", {.refused = {.split = {"b"}}}, ScriptMode::kAlone},
      // Only the server knows that the table is partitioned.
      {"REINDEX TABLE t", {}, ScriptMode::kInTransaction},
      {"REINDEX TABLE t", {.refused = {.split = {"b"}}}, ScriptMode::kAlone},
      {"SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; SELECT 1", {}, ScriptMode::kAlone},
      {"DO $$BEGIN CREATE TEMP TABLE q (x int) ON COMMIT DROP; END$$; SELECT 1",
       {},
       ScriptMode::kInTransaction},
      {"DO $$BEGIN COMMIT; END$$; SELECT 1", {}, ScriptMode::kSplit},
      {"CALL p()", {}, ScriptMode::kAlone},
      {"SELECT 1; CALL p()", {}, ScriptMode::kInTransaction},
      {"SELECT 1; CALL p()", {.refused = {.split = {"b"}}}, ScriptMode::kSplit},
      {"BEGIN; SELECT 1; COMMIT; CALL p()", {}, ScriptMode::kAlone},
      {"ALTER SYSTEM RESET work_mem; SELECT 1", {}, ScriptMode::kSplit},
      {"SELECT 1; SELECT 2", {}, ScriptMode::kInTransaction},
  };
  for (const auto& one : cases) {
    FollowHistory history;
    history.migrations = {Script("a"), release::MakeMigration("b", one.script)};
    const Decision decision = Decided(history, Database("a", 1), one.policy);
    ASSERT_NE(decision.plan(), nullptr) << one.script;
    EXPECT_EQ(decision.plan()->transactions.back().mode, one.mode) << one.script;
  }
}

TEST(TransactionsTest, AScriptThatTheServerRefusesAfterOthersBeginsATransaction) {
  FollowHistory development = Development({"a", "b", "c", "d"}, {"a"});
  const auto scripts_of = [&](const Policy& policy) {
    std::vector<size_t> counts;
    const Decision decision = Decided(development, Database("a", 1), policy);
    for (const Transaction& transaction : decision.plan()->transactions) {
      counts.push_back(static_cast<size_t>(std::count_if(
          transaction.steps.begin(), transaction.steps.end(),
          [](const Step& step) { return std::holds_alternative<RunScript>(step.act); })));
    }
    return counts;
  };
  EXPECT_EQ(scripts_of({}), std::vector<size_t>{3});
  EXPECT_EQ(scripts_of({.refused = {.apart = {"c"}}}), (std::vector<size_t>{1, 2}));
  EXPECT_EQ(scripts_of({.refused = {.apart = {"b"}}}), std::vector<size_t>{3});
}

TEST(TransactionsTest, AnInterruptedScriptResumesAfterItsLastStatement) {
  const release::Migration script = release::MakeMigration(
      "b", "SELECT 1; CREATE INDEX CONCURRENTLY i ON t (a); CREATE INDEX CONCURRENTLY j ON t (b);");
  FollowHistory history;
  history.migrations = {Script("a"), script};
  const struct {
    const char* logs;
    std::optional<IndexState> index;
    std::optional<size_t> applied;  // none: P3009
  } cases[] = {
      {"ballast: 0 of 3 statements applied", {}, 0},
      {"ballast: 1 of 3 statements applied", IndexState::kAbsent, 1},
      {"ballast: 1 of 3 statements applied", IndexState::kInvalid, 1},
      {"ballast: 1 of 3 statements applied", IndexState::kValid, 2},
      {"ballast: 2 of 3 statements applied", IndexState::kValid, 3},
      {"ballast: 2 of 3 statements applied\nERROR: no", IndexState::kValid, 2},
      {"ballast: 1 of 2 statements applied", {}, std::nullopt},
      {"ERROR: no", {}, std::nullopt},
  };
  for (const auto& one : cases) {
    Observation observation = Database("a", 1);
    observation.rows.push_back({"b", script.checksum, false, false, 0, "", one.logs});
    observation.step_index = one.index;
    const Decision decision = Decided(history, observation, {});
    ASSERT_EQ(decision.Refused(), !one.applied) << one.logs;
    if (!one.applied) continue;
    const auto& run = std::get<RunScript>(decision.plan()->transactions.back().steps.front().act);
    EXPECT_EQ(run.applied_statements, one.applied) << one.logs;
    EXPECT_EQ(decision.plan()->transactions.back().mode, ScriptMode::kSplit);
  }
}

TEST(TransactionsTest, AnInterruptedStatementThatMustNotRunTwiceIsAQuestion) {
  for (const auto& [text, asks] :
       {std::pair{"SELECT 1; CALL p(); SELECT 2", true},
        {"SELECT 1; CREATE INDEX CONCURRENTLY ON t (a); SELECT 2", true},
        {"CREATE INDEX CONCURRENTLY ON t (a); SELECT 1; SELECT 2", false},
        {"SELECT 1; DO $$BEGIN COMMIT; END$$; SELECT 2", true},
        {"CALL p(); SELECT 1; SELECT 2", false}}) {
    const release::Migration script = release::MakeMigration("b", text);
    FollowHistory history;
    history.migrations = {Script("a"), script};
    Observation observation = Database("a", 1);
    observation.rows.push_back(
        {"b", script.checksum, false, false, 0, "", "ballast: 1 of 3 statements applied"});
    EXPECT_EQ(Decided(history, observation, {}).Refused(), asks) << text;
    observation.rows.back().logs += "\nERROR: no";
    EXPECT_EQ(Decided(history, observation, {}).Refused(), asks) << text;
  }
}

TEST(TransactionsTest, ABuildOfAnIndexWithoutANameIsDescribed) {
  const auto described = [](const std::string& text, const std::string& logs) {
    FollowHistory history;
    history.migrations = {release::MakeMigration("b", text)};
    return DescribeUnnamedBuild(history,
                                {"b", history.migrations[0].checksum, false, false, 0, "", logs});
  };
  const std::string build = "CREATE INDEX CONCURRENTLY ON app.\"T\" (a)";
  const std::string query =
      "builds an index without a name, of which one may exist, perhaps invalid: SELECT "
      "indexrelid::regclass, indisvalid FROM pg_index WHERE indrelid = '\"app\".\"T\"'::regclass;";
  EXPECT_EQ(described("SELECT 1;\n" + build, "ballast: 1 of 2 statements applied"),
            "statement 2 of 2, on line 2, " + query);
  EXPECT_EQ(described("SELECT 1;\n" + build, "ballast: 1 of 2 statements applied\nERROR: no"),
            "statement 2 of 2, on line 2, " + query);
  EXPECT_EQ(described(build, ""), "statement 1 of 1, on line 1, " + query);
  EXPECT_EQ(described("SELECT 1;\n" + build, "ballast: 0 of 2 statements applied"), "");
  EXPECT_EQ(described("SELECT 1;\n" + build, "ERROR: no"), "");
  EXPECT_EQ(described("CREATE INDEX CONCURRENTLY i ON t (a)", ""), "");
}

}  // namespace
}  // namespace ballast::plan
