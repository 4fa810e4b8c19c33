// The table of what deploy does, by what it finds (docs/decisions/0004-what-deploy-does.md): each
// row is a strategy, the rows and objects that the database has, and the plan or refusal in words.
#include "plan/planner.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace ballast::plan {
namespace {

release::Migration Script(const std::string& name) {
  return release::MakeMigration(name, "SELECT '" + name + "';\n");
}

release::Migration Concurrent(const std::string& name) {
  return release::MakeMigration(name, "CREATE INDEX CONCURRENTLY i ON t (a);\n");
}

release::CoveredMigration Covered(const std::string& name) {
  const release::Migration migration = Script(name);
  return {migration.name, migration.checksum};
}

release::FingerprintRecord Fingerprint(const std::string& hash) {
  release::FingerprintRecord record;
  record.catalog = hash + "000000000000";
  return record;
}

// v2 covers m1, m2, m3; v1 (its predecessor) covered m1 and m3 and had the hotfix h1.
ApplyRelease ReleaseTwo() {
  ApplyRelease release;
  release.version = "v2";
  release.baseline = release::MakeMigration("0_baseline", "baseline of v2");
  release.coverage = {Covered("m1"), Covered("m2"), Covered("m3")};
  release.fingerprint = Fingerprint("f2");
  release::PreviousRelease previous;
  previous.version = "v1";
  previous.baseline_checksum = release::ChecksumOf("baseline of v1");
  previous.coverage = {Covered("m1"), Covered("m3")};
  previous.hotfixes = {Covered("h1")};
  release.previous = {previous};
  release.history = {Script("m1"), Script("m2"), Script("m3")};
  return release;
}

ApplyRelease WithHotfix(ApplyRelease release, const std::string& name) {
  release.hotfixes.push_back(Script(name));
  return release;
}

FollowHistory History(const std::vector<std::string>& names) {
  FollowHistory history;
  for (const std::string& name : names) history.migrations.push_back(Script(name));
  return history;
}

FollowHistory Development(const std::vector<std::string>& names,
                          const std::vector<std::string>& covered) {
  FollowHistory history = History(names);
  history.baseline.emplace();
  history.baseline->script = "baseline";
  for (const std::string& name : covered) history.baseline->coverage.push_back(Covered(name));
  history.baseline->fingerprint = Fingerprint("fd");
  return history;
}

// "m1 m2! m3~": applied, failed, rolled back; "0_baseline:v1" has the checksum of v1's baseline.
std::vector<MigrationRow> RowsOf(const std::string& text) {
  std::vector<MigrationRow> rows;
  for (std::string word : Split(text, ' ')) {
    if (word.empty()) continue;
    MigrationRow row;
    row.finished = true;
    if (word.ends_with('!')) row.finished = false;
    if (word.ends_with('~')) row.finished = false, row.rolled_back = true;
    if (!row.finished) word.pop_back();
    const size_t colon = word.find(':');
    row.name = word.substr(0, colon);
    row.checksum = colon == std::string::npos
                       ? Covered(word).checksum
                       : release::ChecksumOf("baseline of " + word.substr(colon + 1));
    row.started_at = "2026-01-01 00:00:00.000 UTC";
    rows.push_back(row);
  }
  return rows;
}

Observation Database(const std::string& rows, int objects) {
  Observation observation;
  observation.schema = "public";
  observation.schema_exists = true;
  observation.rows = RowsOf(rows);
  observation.has_migrations_table = !rows.empty();
  observation.object_count = objects;
  if (objects > 0) observation.objects = {"table User"};
  return observation;
}

std::string Words(const Decision& decision) {
  std::vector<std::string> words = {std::string(NameOf(decision.found))};
  if (const Refusal* refusal = decision.refusal()) {
    words.push_back("refused " + std::string(CodeOf(refusal->code)));
  } else {
    for (const Step& step : decision.plan()->steps) {
      words.push_back(Describe({step.act, ""}));
    }
    if (!decision.plan()->atomic) words.push_back("stepwise");
    if (decision.plan()->steps.empty()) words.push_back("nothing");
  }
  return Join(words, "; ");
}

struct Case {
  std::string what;
  Intent intent;
  Observation database;
  Policy policy;
  std::string expected;
};

void Check(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    EXPECT_EQ(Words(Decide(c.intent, c.database, c.policy)), c.expected) << c.what;
  }
}

constexpr char kGround[] = "create the table _prisma_migrations; ";

TEST(PlannerTest, ReleaseStrategy) {
  const ApplyRelease release = ReleaseTwo();
  Check({
      {"fresh",
       release,
       Database("", 0),
       {},
       std::string("fresh; ") + kGround +
           "run 0_baseline; compare the live catalog with f20000000000"},
      {"fresh with a hotfix",
       WithHotfix(release, "h2"),
       Database("", 0),
       {},
       std::string("fresh; ") + kGround +
           "run 0_baseline; compare the live catalog with f20000000000; run h2"},
      {"current", release, Database("0_baseline:v2", 9), {}, "current; nothing"},
      {"behind by a hotfix",
       WithHotfix(release, "h2"),
       Database("0_baseline:v2", 9),
       {},
       "behind; run h2"},
      {"behind by a release without the hotfix that its way starts with",
       release,
       Database("0_baseline:v1", 9),
       {},
       "unknown; refused B505"},
      {"behind by a release: by set, not by name order",
       release,
       Database("0_baseline:v1 h1", 9),
       {},
       "behind; run m2; compare the live catalog with f20000000000; remove 3 rows of the other "
       "ledger; record 1 migration as run"},
      {"development ledger, complete",
       release,
       Database("m1 m2 m3", 9),
       {},
       "other_ledger; compare the live catalog with f20000000000; remove 3 rows of the other "
       "ledger; record 1 migration as run"},
      {"development ledger, one missing",
       release,
       Database("m1 m3", 9),
       {},
       "other_ledger; run m2; compare the live catalog with f20000000000; remove 3 rows of the "
       "other ledger; record 1 migration as run"},
      {"development ledger, newer than this release",
       release,
       Database("m1 m2 m3 m4", 9),
       {},
       "ahead; nothing"},
      {"the same, --strict",
       release,
       Database("m1 m2 m3 m4", 9),
       {false, true},
       "ahead; refused B502"},
      {"foreign", release, Database("", 3), {}, "foreign; refused P3005"},
      {"failed", release, Database("0_baseline:v2!", 3), {}, "failed; refused P3009"},
      {"failed hotfix of a name that nobody knows",
       release,
       Database("0_baseline:v2 x!", 3),
       {},
       "failed; refused P3009"},
      {"ahead", release, Database("0_baseline:v2 h9", 9), {}, "ahead; nothing"},
      {"ahead, --strict",
       release,
       Database("0_baseline:v2 h9", 9),
       {false, true},
       "ahead; refused B502"},
      {"unknown baseline", release, Database("0_baseline:v7", 9), {}, "unknown; refused B500"},
      {"rows of another project", release, Database("x1 x2", 9), {}, "unknown; refused B501"},
      {"every row rolled back, objects there",
       release,
       Database("m1~", 2),
       {},
       "unknown; refused B501"},
      {"every row rolled back, nothing there",
       release,
       Database("m1~", 0),
       {},
       "fresh; run 0_baseline; compare the live catalog with f20000000000"},
  });
}

// Each number of hotfixes that a database may have is a state with a way of its own.
TEST(PlannerTest, TheWayStartsWhereTheHotfixesSay) {
  ApplyRelease release = ReleaseTwo();
  release::PreviousRelease without = release.previous[0];
  without.hotfixes.clear();
  release.previous[0].replaces = {"m2"};
  release.previous.push_back(without);
  const std::string proof = "compare the live catalog with f20000000000; ";
  Check({
      {"without it, the migration runs",
       release,
       Database("0_baseline:v1", 9),
       {},
       "behind; run m2; " + proof + "remove 2 rows of the other ledger; record 1 migration as run"},
      {"with it, its change is there",
       release,
       Database("0_baseline:v1 h1", 9),
       {},
       "behind; " + proof + "remove 2 rows of the other ledger; record 1 migration as run"},
      {"a row that nobody knows stays",
       release,
       Database("0_baseline:v1 x9", 9),
       {},
       "behind; run m2; " + proof + "remove 2 rows of the other ledger; record 1 migration as run"},
      {"--strict", release, Database("0_baseline:v1 x9", 9), {false, true}, "behind; refused B502"},
      {"stopped midway: what has run has its row",
       release,
       Database("0_baseline:v1 m2", 9),
       {},
       "behind; " + proof + "remove 2 rows of the other ledger; record 1 migration as run"},
  });
}

TEST(PlannerTest, AnEarlierReleaseBecomesTheDevelopmentLedger) {
  FollowHistory history = Development({"m1", "m2", "m3", "m4"}, {"m1"});
  history.release = ReleaseTwo();
  FollowHistory edited = Development({"m1", "m3", "m4"}, {"m1"});
  edited.release = ReleaseTwo();
  Check({
      {"by the release in between",
       history,
       Database("0_baseline:v1 h1", 9),
       {},
       "other_ledger; run m2; compare the live catalog with f20000000000; remove 3 rows of the "
       "other ledger; mark 3 migrations as applied; run m4"},
      {"a covered migration is not in the project",
       edited,
       Database("0_baseline:v1 h1", 9),
       {},
       "other_ledger; refused B504"},
      {"a baseline that nobody knows",
       history,
       Database("0_baseline:v7", 9),
       {},
       "other_ledger; refused B504"},
  });
}

TEST(PlannerTest, HistoryStrategy) {
  const FollowHistory history = History({"m1", "m2", "m3"});
  Check({
      {"fresh",
       history,
       Database("", 0),
       {},
       std::string("fresh; ") + kGround + "run m1; run m2; run m3; stepwise"},
      {"current", history, Database("m1 m2 m3", 9), {}, "current; nothing"},
      {"behind, a late merge", history, Database("m1 m3", 9), {}, "behind; run m2"},
      {"behind, two", history, Database("m1", 9), {}, "behind; run m2; run m3; stepwise"},
      {"a rolled-back row does not count", history, Database("m1 m2 m3~", 9), {}, "behind; run m3"},
      {"foreign", history, Database("", 3), {}, "foreign; refused P3005"},
      {"failed", history, Database("m1 m2!", 3), {}, "failed; refused P3009"},
      {"ahead", history, Database("m1 m2 m3 m4", 9), {}, "ahead; nothing"},
      {"ahead, --strict",
       history,
       Database("m1 m2 m3 m4", 9),
       {false, true},
       "ahead; refused B502"},
      {"unknown rows and pending ones", history, Database("m1 m2 x", 9), {}, "behind; run m3"},
      {"release ledger, release unknown",
       history,
       Database("0_baseline:v2", 9),
       {},
       "other_ledger; refused B504"},
      {"nothing to do at all",
       History({}),
       Database("", 0),
       {},
       "fresh; create the table _prisma_migrations"},
  });
}

TEST(PlannerTest, DevelopmentStrategy) {
  const FollowHistory intent = Development({"m1", "m2", "m3"}, {"m1", "m2"});
  Check({
      {"fresh: only what the baseline covers is marked",
       intent,
       Database("", 0),
       {},
       std::string("fresh; ") + kGround +
           "run baseline.sql; compare the live catalog with fd0000000000; mark 2 migrations as "
           "applied; run m3"},
      {"behind", intent, Database("m1 m2", 9), {}, "behind; run m3"},
      {"current", intent, Database("m1 m2 m3", 9), {}, "current; nothing"},
      {"foreign", intent, Database("", 1), {}, "foreign; refused P3005"},
  });
}

TEST(PlannerTest, TheReleaseLedgerBecomesTheDevelopmentLedger) {
  FollowHistory intent = History({"m1", "m2", "m3", "m4"});
  intent.release = ReleaseTwo();
  Check({
      {"proven",
       intent,
       Database("0_baseline:v2", 9),
       {},
       "other_ledger; compare the live catalog with f20000000000; remove 1 row of the other "
       "ledger; mark 3 migrations as applied; run m4"},
  });
}

TEST(PlannerTest, AScriptThatCannotShareATransactionMakesThePlanStepwise) {
  FollowHistory intent = History({"m1"});
  intent.migrations.push_back(Concurrent("m2"));
  Check({{"concurrent build",
          intent,
          Database("m1", 9),
          {},
          "behind; run m2 outside a transaction; stepwise"}});
}

TEST(PlannerTest, AMissingScriptIsFoundBeforeAnythingRuns) {
  FollowHistory intent = History({"m1", "m3"});
  intent.migrations.push_back({"m4", {}, ""});
  Check({
      {"pending", intent, Database("m1", 9), {}, "behind; refused P3015"},
      {"fresh", intent, Database("", 0), {}, "fresh; refused P3015"},
      {"applied long ago: never read", intent, Database("m1 m3 m4", 9), {}, "current; nothing"},
  });
}

TEST(PlannerTest, TheTargetSchemaIsMadeWhenTheUrlNamesItAndItIsNotThere) {
  Observation database = Database("", 0);
  database.schema_exists = false;
  Check({{"?schema=app",
          History({"m1"}),
          database,
          {},
          std::string("fresh; create the target schema; ") + kGround + "run m1"}});
}

TEST(PlannerTest, AnOlderAppStartsOnADatabaseThatWasMovedForward) {
  ApplyRelease older = ReleaseTwo();
  Observation database = Database("0_baseline:v3", 9);
  database.journal_release =
      JournalRelease{"v3", release::ChecksumOf("baseline of v3"), {older.baseline.checksum}};
  Check({
      {"by the journal", older, database, {}, "ahead; nothing"},
      {"--strict", older, database, {false, true}, "ahead; refused B502"},
  });
}

// A deploy was killed in the step c; the journal knows that it had begun.
Observation Stopped(const std::string& rows, std::optional<IndexState> index) {
  Observation database = Database(rows, 9);
  for (MigrationRow& row : database.rows) {
    if (row.name == "c") row.checksum = Concurrent("c").checksum;
  }
  database.step_under_way = "c";
  database.step_index = index;
  if (index == IndexState::kInvalid) database.invalid_indexes = {{"public", "i"}};
  return database;
}

TEST(PlannerTest, GoesOnWhereAnEarlierDeployWasStopped) {
  FollowHistory history = History({"m1", "m2"});
  history.migrations.push_back(Concurrent("c"));
  Observation failed = Stopped("m1 m2 c!", IndexState::kAbsent);
  failed.rows.back().logs = "ERROR: duplicate key";
  Observation of_others = Stopped("m1 m2 c!", IndexState::kAbsent);
  of_others.step_under_way = "m2";
  Check({
      {"nothing is there",
       history,
       Stopped("m1 c!", IndexState::kAbsent),
       {},
       "behind; roll back the row of c; run m2; run c outside a transaction; stepwise"},
      {"an invalid index",
       history,
       Stopped("m1 m2 c!", IndexState::kInvalid),
       {},
       "behind; roll back the row of c; drop the invalid index i; run c outside a transaction; "
       "stepwise"},
      {"all of it",
       history,
       Stopped("m1 m2 c!", IndexState::kValid),
       {},
       "behind; finish the row of c"},
      {"not known", history, Stopped("m1 m2 c!", std::nullopt), {}, "failed; refused P3009"},
      {"the server refused the step", history, failed, {}, "failed; refused P3009"},
      {"a user's own failed row", history, of_others, {}, "failed; refused P3009"},
      {"two open rows",
       history,
       Stopped("m1 m2! c!", IndexState::kAbsent),
       {},
       "failed; refused P3009"},
      {"an invalid index that is in the way",
       history,
       [] {
         Observation database = Database("m1 m2 c~", 9);
         database.invalid_indexes = {{"public", "i"}, {"public", "other"}};
         return database;
       }(),
       {},
       "behind; drop the invalid index i; run c outside a transaction; stepwise"},
  });
}

// A foreign database that was held against these states.
ComparedState State(const std::string& name, const std::string& run, const std::string& resolved) {
  ComparedState state;
  state.name = name;
  state.record = Fingerprint(name);
  for (const MigrationRow& row : RowsOf(run)) state.run.push_back({row.name, row.checksum});
  for (const MigrationRow& row : RowsOf(resolved)) {
    state.resolved.push_back({row.name, row.checksum});
  }
  state.differences = {"table \"A\" is missing"};
  return state;
}

Observation Compared(const std::string& equal) {
  Observation database = Database("", 3);
  database.compared = {State("v2", "0_baseline:v2", ""), State("v1", "0_baseline:v1 h1", ""),
                       State("dev", "", "m1"), State("far", "0_baseline:v0", ""),
                       State("recipe", "", "")};
  database.compared[3].differences.push_back("table \"B\" is missing");
  database.compared[4].schema_only = true;
  for (ComparedState& state : database.compared) {
    state.equal = state.name == equal;
    if (state.equal) state.differences.clear();
  }
  return database;
}

TEST(PlannerTest, AdoptsWhatTheDatabaseEqualsAndGoesOn) {
  const Policy adopt{true, false};
  const std::string ground = std::string("foreign; ") + kGround;
  FollowHistory both = Development({"m1", "m2", "m3", "m4"}, {"m1"});
  both.release = ReleaseTwo();
  Check({
      {"this release", ReleaseTwo(), Compared("v2"), adopt,
       ground + "compare the live catalog with v20000000000; record 1 migration as run"},
      {"this release, a hotfix to come", WithHotfix(ReleaseTwo(), "h2"), Compared("v2"), adopt,
       ground + "compare the live catalog with v20000000000; record 1 migration as run; run h2"},
      {"an earlier release: it is recorded and moved forward", ReleaseTwo(), Compared("v1"), adopt,
       ground + "record 2 migrations as run; run m2; compare the live catalog with f20000000000; "
                "remove 3 rows of the other ledger; record 1 migration as run"},
      {"the development baseline, and the release is asked for", ReleaseTwo(), Compared("dev"),
       adopt,
       ground + "mark 1 migration as applied; run m2; run m3; compare the live catalog with "
                "f20000000000; remove 3 rows of the other ledger; record 1 migration as run"},
      {"development", Development({"m1", "m2"}, {"m1"}), Compared("dev"), adopt,
       ground + "compare the live catalog with dev000000000; mark 1 migration as applied; run m2"},
      {"a release, and development is asked for", both, Compared("v2"), adopt,
       ground + "record 1 migration as run; compare the live catalog with f20000000000; remove 1 "
                "row of the other ledger; mark 3 migrations as applied; run m4"},
      {"none", ReleaseTwo(), Compared("nothing"), adopt, "foreign; refused B506"},
      {"the recipe's schema-only baseline", ReleaseTwo(), Compared("recipe"), adopt,
       "foreign; refused B506"},
      {"nothing to compare with", History({"m1"}), Database("", 3), adopt, "foreign; refused B506"},
      {"a baseline that nobody knows, and the catalog of this release", ReleaseTwo(),
       [] {
         Observation database = Compared("v2");
         database.rows = RowsOf("0_baseline:v7");
         database.has_migrations_table = true;
         return database;
       }(),
       adopt,
       "unknown; compare the live catalog with v20000000000; remove 1 row of the other ledger; "
       "record 1 migration as run"},
      {"compared, but nobody said --adopt",
       ReleaseTwo(),
       Compared("v2"),
       {},
       "foreign; refused P3005"},
      {"rows win over --adopt", ReleaseTwo(), Database("0_baseline:v2", 3), adopt,
       "current; nothing"},
  });
}

TEST(PlannerTest, ARefusedAdoptionNamesTheNearestStateFirst) {
  const Decision none = Decide(ReleaseTwo(), Compared("nothing"), {true, false});
  ASSERT_TRUE(none.Refused());
  EXPECT_EQ(none.refusal()->evidence,
            (std::vector<std::string>{"nearest: 1 objects differ from v2",
                                      "  table \"A\" is missing", "1 objects differ from v1",
                                      "1 objects differ from dev", "2 objects differ from far"}));
  const Decision recipe = Decide(ReleaseTwo(), Compared("recipe"), {true, false});
  ASSERT_TRUE(recipe.Refused());
  EXPECT_EQ(recipe.refusal()->evidence,
            (std::vector<std::string>{"against v2:", "table \"A\" is missing"}));
}

TEST(PlannerTest, RefusalsNameTheNextCommand) {
  const Decision failed = Decide(History({"m1"}), Database("m1!", 1), {});
  ASSERT_TRUE(failed.Refused());
  EXPECT_NE(failed.refusal()->remedies[0].find("ballast resolve --applied \"m1\""),
            std::string::npos);
  const Decision foreign = Decide(ReleaseTwo(), Database("", 1), {});
  ASSERT_TRUE(foreign.Refused());
  EXPECT_NE(foreign.refusal()->remedies[0].find("ballast deploy --adopt"), std::string::npos);
}

}  // namespace
}  // namespace ballast::plan
