// SPDX-License-Identifier: Apache-2.0
// The difference engine in a closed loop: what it writes to make one database another is run on the
// one, and its snapshot then has to be that of the other. Both ways, over the pairs of
// tests/database/pairs, over random catalogs and over the histories of real projects.
#include "difference/difference.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <iostream>

#include "base/text.h"
#include "catalog/snapshot.h"
#include "introspect/catalog_reader.h"
#include "tests/support/corpus.h"
#include "tests/support/pairs.h"
#include "tests/support/random_catalog.h"
#include "tests/support/snapshot_case.h"

namespace ballast::testing {
namespace {

bool IsLoud() {
  return std::getenv("BALLAST_DIFFERENCE_LOUD") != nullptr;
}

struct State {
  catalog::Database model;
  catalog::Snapshot snapshot;
};

// In the transaction that is open.
State StateOf(postgres::Session& session) {
  State state;
  state.snapshot = SnapshotOf(session).snapshot;
  auto model = introspect::ReadCatalog(session);
  EXPECT_TRUE(model.ok()) << model.error().message;
  if (model.ok()) state.model = *std::move(model);
  return state;
}

// How often what happened.
struct Tally {
  int equal = 0;
  int refused = 0;
  int failed = 0;
  int conflicts = 0;  // rows that the script names as a reason to fail
  std::vector<std::string> failures;

  void Print(const std::string& what) const {
    std::cout << fmt::format(
        "{}: {} equal, {} refused by name, {} with conflicting rows, {} failed\n", what, equal,
        refused, conflicts, failed);
    for (const std::string& failure : failures) std::cout << failure << "\n";
  }
};

// Makes the database that the session is in, which is in state `from`, the one of state `to`. The
// transaction is open, and `together` says that nothing may be committed.
void TryDirection(postgres::Session& session, const State& from, const State& to,
                  const std::string& title, Tally& tally) {
  difference::Options options;
  options.server_major = session.server_major();
  const auto script = difference::Diff(from.model, to.model, options);
  if (!script.ok()) {
    ++tally.refused;
    if (IsLoud()) std::cout << "refused: " << title << ": " << script.error().message << "\n";
    return;
  }
  const std::string text = difference::RenderScript(*script);
  const postgres::Outcome outcome = session.Run("SET LOCAL search_path = public;\n" + text);
  if (!outcome.ok()) {
    ++tally.failed;
    tally.failures.push_back(title + ": " + outcome.error->message + "\n" + text);
    return;
  }
  std::vector<std::string> lines;
  bool left_alone = false;  // what the model does not carry, and both have
  for (const auto& difference : catalog::Diff(to.snapshot, SnapshotOf(session).snapshot)) {
    const bool unsupported = std::any_of(
        to.model.unsupported.begin(), to.model.unsupported.end(),
        [&](const auto& left) { return left.kind + " " + left.name == difference.object; });
    left_alone |= unsupported;
    if (!unsupported) lines.push_back("  " + catalog::Describe(difference));
  }
  if (left_alone && lines.empty()) {
    ++tally.refused;
    return;
  }
  if (lines.empty()) {
    ++tally.equal;
    return;
  }
  ++tally.failed;
  tally.failures.push_back(title + ":\n" + Join(lines, "\n") + "\n" + text);
}

class DifferencePairsTest : public ::testing::TestWithParam<std::string> {};

void TryPair(TestDatabase& db, const Pair& pair, Tally& tally) {
  db.Run("SAVEPOINT before");
  if (!pair.a.empty()) db.Run(pair.a);
  const State a = StateOf(db.session());
  db.Run("ROLLBACK TO before");
  db.Run(pair.b);
  const State b = StateOf(db.session());
  TryDirection(db.session(), b, a, pair.b + " <> back to " + pair.a, tally);
  db.Run("ROLLBACK TO before");
  if (!pair.a.empty()) db.Run(pair.a);
  TryDirection(db.session(), a, b, pair.a + " <> " + pair.b, tally);
  db.Run("ROLLBACK TO before");
}

TEST_P(DifferencePairsTest, BothWaysEqual) {
  BALLAST_NEEDS_SERVER();
  const PairsFile file = ParsePairs(GetParam());
  ASSERT_FALSE(file.pairs.empty());
  TestDatabase db;
  db.Run("BEGIN;" + file.setup);
  Tally tally;
  for (const Pair& pair : file.pairs) {
    if (pair.since > db.session().server_major() || pair.is_on_page) continue;
    TryPair(db, pair, tally);
  }
  (void)db.session().Run("ROLLBACK");
  tally.Print(GetParam());
  // "others" has what the model does not carry and both databases have (user mappings, members of
  // extensions, the database's limit of connections): only the comparison finds such a difference.
  EXPECT_LE(tally.failed, GetParam() == "others" ? 11 : 0);
  EXPECT_GE(tally.equal, tally.refused);
}

INSTANTIATE_TEST_SUITE_P(Slow, DifferencePairsTest,
                         ::testing::Values("tables", "constraints", "code", "types", "others",
                                           "joined", "changes", "order", "names", "resets"),
                         [](const auto& info) { return info.param; });

// Rows that a statement names as a reason to fail, as repair and rollback count them.
bool HasConflictingRows(postgres::Session& session, const difference::Script& script) {
  return std::any_of(script.statements.begin(), script.statements.end(), [&](const auto& one) {
    if (one.offending_rows.empty()) return false;
    const postgres::Outcome found = session.Run(one.offending_rows + " LIMIT 1");
    return found.ok() && !found.results.back().rows.empty();
  });
}

std::string TextOf(const difference::Script& script) {
  std::string text;
  for (const difference::Statement& statement : script.statements) text += statement.text;
  return text;
}

// Makes the live database the one of state `to`, and commits.
void Move(TestDatabase& db, const State& to, const std::string& title, Tally& tally) {
  db.Run("BEGIN");
  const State from = StateOf(db.session());
  db.Run("ROLLBACK");
  difference::Options options;
  options.server_major = db.session().server_major();
  const auto script = difference::Diff(from.model, to.model, options);
  if (!script.ok()) {
    ++tally.refused;
    if (IsLoud()) std::cout << "refused: " << title << ": " << script.error().message << "\n";
    return;
  }
  if (HasConflictingRows(db.session(), *script)) {
    ++tally.conflicts;
    if (IsLoud()) std::cout << "rows conflict: " << title << "\n";
    return;
  }
  for (const difference::Statement& statement : script->statements) {
    if (statement.placement == difference::Placement::kCommitFirst) db.Run(statement.text);
  }
  const std::string text = TextOf(*script);
  db.Run("BEGIN; SET LOCAL search_path = public; SET LOCAL check_function_bodies = off");
  for (const difference::Statement& statement : script->statements) {
    if (statement.placement != difference::Placement::kTogether) continue;
    const postgres::Outcome outcome = db.session().Run(statement.text);
    if (outcome.ok()) continue;
    const std::string& state = outcome.error->sqlstate;
    if (!statement.fails_on.empty() && (state.starts_with("22") || state.starts_with("23"))) {
      ++tally.conflicts;
      (void)db.session().Run("ROLLBACK");
      return;
    }
    ++tally.failed;
    tally.failures.push_back(title + ": " + outcome.error->message + "\n  " +
                             outcome.error->detail + "\n  " + statement.text + text);
    (void)db.session().Run("ROLLBACK");
    return;
  }
  std::vector<std::string> lines;
  for (const auto& difference : catalog::Diff(to.snapshot, SnapshotOf(db.session()).snapshot)) {
    lines.push_back("  " + catalog::Describe(difference));
  }
  (void)db.session().Run("COMMIT");
  tally.equal += lines.empty() ? 1 : 0;
  if (lines.empty()) return;
  ++tally.failed;
  tally.failures.push_back(title + ":\n" + Join(lines, "\n") + "\n" + text);
}

State StateNow(TestDatabase& db) {
  db.Run("BEGIN");
  State state = StateOf(db.session());
  db.Run("ROLLBACK");
  return state;
}

void RunScripts(TestDatabase& db, const std::vector<std::string>& statements, size_t first,
                size_t end) {
  for (size_t at = first; at < end; ++at) (void)db.session().Run(statements[at]);
}

TEST(SlowDifferenceRandomTest, BothWaysEqual) {
  BALLAST_NEEDS_SERVER();
  const int seeds = NumberOfVariable("BALLAST_RANDOM_SEEDS", 25);
  const int first = NumberOfVariable("BALLAST_RANDOM_FIRST", 1);
  Tally tally;
  for (int seed = first; seed < first + seeds; ++seed) {
    TestDatabase db;
    for (const std::string& role : RandomCatalogRoles()) {
      db.Run("DO $$ BEGIN CREATE ROLE " + role +
             "; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
    }
    const auto statements =
        RandomCatalog(static_cast<uint64_t>(seed), db.session().server_major(), 150);
    RunScripts(db, statements, 0, 100);
    (void)db.session().Run("RESET ALL; SET search_path = public");
    const State a = StateNow(db);
    RunScripts(db, statements, 100, statements.size());
    (void)db.session().Run("RESET ALL; SET search_path = public");
    const State b = StateNow(db);
    Move(db, a, fmt::format("seed {} back", seed), tally);
    Move(db, b, fmt::format("seed {} forward", seed), tally);
  }
  tally.Print("random catalogs");
  EXPECT_EQ(tally.failed, 0);
}

// PostgreSQL 18 names the NOT NULL of a child after the parent's column; a goal that an older
// server has made does not know these names. No statement may rename them.
TEST(DifferenceMajorsTest, NotNullThatIsInheritedKeepsItsName) {
  if (!HasMajor(15) || !HasMajor(18)) GTEST_SKIP() << "NO SERVER: 15 and 18";
  TestDatabase live(18), goal(15);
  const std::string tables =
      "CREATE TABLE p (id integer NOT NULL, a text NOT NULL) PARTITION BY LIST (id);"
      "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);"
      "CREATE TABLE p2 (a text NOT NULL, id integer NOT NULL);"
      "ALTER TABLE p ATTACH PARTITION p2 FOR VALUES IN (2);"
      "CREATE TABLE parent (n integer NOT NULL); CREATE TABLE child (n integer NOT NULL) INHERITS "
      "(parent);";
  live.Run(tables);
  goal.Run(tables + "ALTER TABLE p ADD b integer NOT NULL DEFAULT 1;");
  difference::Options options;
  options.server_major = 18;
  const auto script = difference::Diff(StateNow(live).model, StateNow(goal).model, options);
  ASSERT_TRUE(script.ok()) << script.error().message;
  ASSERT_EQ(script->statements.size(), 1U);
  EXPECT_EQ(script->statements[0].object, "column \"p\".\"b\"");
}

// Empty tables with `tables`, the script for `change`, and then rows.
difference::Script ScriptFor(TestDatabase& db, const std::string& tables,
                             const std::string& change) {
  db.Run(tables);
  const State before = StateNow(db);
  db.Run("BEGIN;" + change);
  const State after = StateOf(db.session());
  db.Run("ROLLBACK");
  difference::Options options;
  options.server_major = db.session().server_major();
  auto script = difference::Diff(before.model, after.model, options);
  EXPECT_TRUE(script.ok()) << script.error().message;
  return script.ok() ? *std::move(script) : difference::Script{};
}

TEST(DifferenceRowsTest, ConflictingRowsAreListed) {
  if (!HasMajor(18)) GTEST_SKIP() << "NO SERVER: 18";
  struct Case {
    const char* tables;
    const char* change;
    const char* rows;
    size_t listed;
  };
  const Case cases[] = {
      {"CREATE TABLE t (a int, \"x WHERE y\" int)",
       "CREATE UNIQUE INDEX i ON t (a) INCLUDE (\"x WHERE y\")", "(1, 1), (1, 2), (2, 1)", 2},
      {"CREATE TABLE t (a int, b text)", "CREATE UNIQUE INDEX i ON t (a) WHERE b <> ' WHERE '",
       "(1, 'x'), (1, ' WHERE '), (2, 'x')", 0},
      {"CREATE TABLE t (a int)", "CREATE UNIQUE INDEX i ON t (a) NULLS NOT DISTINCT",
       "(NULL), (NULL)", 2},
      {"CREATE TABLE t (\"a NULLS NOT DISTINCT\" int)",
       "CREATE UNIQUE INDEX i ON t (\"a NULLS NOT DISTINCT\")", "(NULL), (NULL)", 0},
      {"CREATE TABLE t (a int, b int)",
       "ALTER TABLE t ADD EXCLUDE (a WITH =) INCLUDE (b) WHERE (b > 0)", "(1, 0), (1, 0)", 0},
      {"CREATE TABLE t (a int, b int)",
       "ALTER TABLE t ADD EXCLUDE (abs(a) int4_ops WITH =, b WITH OPERATOR(pg_catalog.=))",
       "(1, 1), (-1, 1), (-1, 2)", 2},
      {"CREATE TABLE p (a text, b text) PARTITION BY RANGE (a, b); CREATE TABLE t (a text, b text)",
       "ALTER TABLE p ATTACH PARTITION t FOR VALUES FROM ('MINVALUE', 'a') TO ('N', 'c')",
       "('MINVALUE', 'b'), ('A', 'b')", 1},
      {"CREATE TABLE p (a text) PARTITION BY LIST (lower(a)); CREATE TABLE t (a text)",
       "ALTER TABLE p ATTACH PARTITION t FOR VALUES IN ('x, y', NULL)", "('X, y'), (NULL), ('x')",
       1},
      {"CREATE TABLE t (a int4range NOT NULL, b daterange NOT NULL)",
       "ALTER TABLE t ADD PRIMARY KEY (a, b WITHOUT OVERLAPS)",
       "('[1,2)', '[2024-01-01,2024-03-01)'), ('[1,2)', '[2024-02-01,2024-04-01)'), "
       "('[1,2)', '[2024-04-01,2024-05-01)'), ('[2,3)', '[2024-02-01,2024-04-01)'), "
       "('[3,4)', 'empty')",
       3},
      {"CREATE TABLE t (a int4range, \"from\" daterange)",
       "ALTER TABLE t ADD UNIQUE (a, \"from\" WITHOUT OVERLAPS)",
       "(NULL, '[2024-01-01,2024-03-01)'), (NULL, '[2024-02-01,2024-04-01)')", 0},
      {"CREATE TABLE r (id int4range, valid daterange, PRIMARY KEY (id, valid WITHOUT OVERLAPS)); "
       "INSERT INTO r VALUES ('[1,2)', '[2024-01-01,2024-02-01)'), "
       "('[1,2)', '[2024-02-01,2025-01-01)'); CREATE TABLE t (r int4range, valid daterange)",
       "ALTER TABLE t ADD FOREIGN KEY (r, PERIOD valid) REFERENCES r (id, PERIOD valid)",
       "('[1,2)', '[2024-01-15,2024-04-01)'), ('[1,2)', '[2024-12-15,2025-01-15)'), "
       "('[2,3)', '[2024-03-01,2024-04-01)'), (NULL, '[2024-03-01,2024-04-01)')",
       2},
      {"CREATE TABLE r (id int, period int, PRIMARY KEY (id, period)); CREATE TABLE t (r int, "
       "period int)",
       "ALTER TABLE t ADD FOREIGN KEY (r, period) REFERENCES r MATCH FULL", "(1, NULL), (1, 1)", 2},
      {"CREATE DOMAIN d AS text; CREATE TABLE t (a d)",
       "ALTER DOMAIN d ADD CONSTRAINT \"c CHECK (x)\" CHECK (VALUE <> 'value')",
       "('value'), ('other')", 1},
  };
  for (const Case& test : cases) {
    TestDatabase db(18);
    const difference::Script script = ScriptFor(db, test.tables, test.change);
    db.Run(std::string("INSERT INTO t VALUES ") + test.rows);
    size_t queries = 0;
    for (const difference::Statement& one : script.statements) {
      if (one.offending_rows.empty()) continue;
      const postgres::Outcome found = db.session().Run(one.offending_rows);
      ASSERT_TRUE(found.ok()) << one.offending_rows << ": " << found.error->message;
      EXPECT_EQ(found.results.back().rows.size(), test.listed) << one.offending_rows;
      ++queries;
    }
    EXPECT_EQ(queries, 1U) << test.change;
  }
}

TEST(DifferenceOnlineTest, StepsOfAStatement) {
  BALLAST_NEEDS_SERVER();
  constexpr const char* kTables =
      "CREATE TABLE u (a int PRIMARY KEY); CREATE TABLE \"T\" (a int, b text)";
  struct Case {
    const char* change;
    std::vector<std::string> steps;
  };
  const Case cases[] = {
      {"CREATE INDEX i ON \"T\" (a) WHERE b <> 'INDEX'",
       {"CREATE INDEX CONCURRENTLY \"i\" ON \"T\"(\"a\") WHERE (b <> 'INDEX'::text);\n"}},
      {"ALTER TABLE \"T\" ADD CONSTRAINT \"a \"\" b\" CHECK (b <> ' NOT VALID ')",
       {"ALTER TABLE \"T\" ADD CONSTRAINT \"a \"\" b\" CHECK ((b <> ' NOT VALID '::text)) NOT "
        "VALID;\n",
        "ALTER TABLE \"T\" VALIDATE CONSTRAINT \"a \"\" b\";\n"}},
      {"ALTER TABLE \"T\" ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u DEFERRABLE",
       {"ALTER TABLE \"T\" ADD CONSTRAINT \"f\" FOREIGN KEY (\"a\") REFERENCES \"u\"(\"a\") ON "
        "DELETE "
        "NO ACTION ON UPDATE NO ACTION DEFERRABLE NOT VALID;\n",
        "ALTER TABLE \"T\" VALIDATE CONSTRAINT \"f\";\n"}},
      {"ALTER TABLE \"T\" ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u MATCH FULL",
       {"ALTER TABLE \"T\" ADD CONSTRAINT \"f\" FOREIGN KEY (a) REFERENCES u(a) MATCH FULL NOT "
        "VALID;\n",
        "ALTER TABLE \"T\" VALIDATE CONSTRAINT \"f\";\n"}},
      {"ALTER TABLE \"T\" ADD CONSTRAINT c CHECK (a > 0) NO INHERIT", {}},
      {"ALTER TABLE \"T\" ADD CONSTRAINT c CHECK (a > 0) NOT VALID", {}},
      {"ALTER TABLE \"T\" ADD CONSTRAINT k UNIQUE (a)",
       {"CREATE UNIQUE INDEX CONCURRENTLY \"k\" ON \"T\" (a);\n",
        "ALTER TABLE \"T\" ADD CONSTRAINT \"k\" UNIQUE USING INDEX \"k\";\n"}},
      {"ALTER TABLE \"T\" ADD CONSTRAINT k UNIQUE (a) INCLUDE (b) DEFERRABLE INITIALLY DEFERRED",
       {"CREATE UNIQUE INDEX CONCURRENTLY \"k\" ON \"T\" (a) INCLUDE (b);\n",
        "ALTER TABLE \"T\" ADD CONSTRAINT \"k\" UNIQUE USING INDEX \"k\" DEFERRABLE INITIALLY "
        "DEFERRED;\n"}},
      {"ALTER TABLE \"T\" ADD CONSTRAINT k UNIQUE (a) WITH (fillfactor = 50)", {}},
      {"ALTER TABLE \"T\" ADD COLUMN c int", {}},
  };
  for (const Case& test : cases) {
    TestDatabase db;
    const difference::Script script = ScriptFor(db, kTables, test.change);
    ASSERT_EQ(script.statements.size(), 1U) << test.change;
    std::vector<std::string> steps;
    for (const difference::OnlineStep& step : script.statements[0].online) {
      steps.push_back(step.text);
      db.Run(step.text);
    }
    EXPECT_EQ(steps, test.steps) << test.change;
  }
}

// A schema as large as the largest that people have, with changes of several kinds.
TEST(SlowDifferenceSizeTest, FiveThousandTables) {
  BALLAST_NEEDS_SERVER();
  TestDatabase db;
  for (int first = 0; first < 5000; first += 500) {
    db.Run(fmt::format(
        "DO $$ BEGIN FOR i IN {}..{} LOOP EXECUTE format('CREATE TABLE t%s (id bigserial PRIMARY "
        "KEY, name text NOT NULL DEFAULT ''x'', parent bigint REFERENCES t%s(id), CHECK (id > 0)); "
        "CREATE INDEX ON t%s (name)', i, greatest(i - 1, 0), i); END LOOP; END $$",
        first, first + 499));
  }
  const State before = StateNow(db);
  db.Run(
      "DO $$ BEGIN FOR i IN 0..4999 BY 10 LOOP EXECUTE format('ALTER TABLE t%s ADD COLUMN added "
      "int, ALTER COLUMN name TYPE varchar(50); CREATE UNIQUE INDEX ON t%s (parent)', i, i); END "
      "LOOP; END $$; CREATE VIEW v AS SELECT id FROM t5");
  const State after = StateNow(db);
  const std::clock_t start = std::clock();
  const auto script = difference::Diff(before.model, after.model, {});
  const double taken = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  ASSERT_TRUE(script.ok()) << script.error().message;
  std::cout << fmt::format("5,000 tables, {} statements: {:.2f} s\n", script->statements.size(),
                           taken);
  EXPECT_EQ(script->statements.size(), 2501U);
}

// The statements say which rows they may fail on; here only the catalogs are compared.
void RemoveRows(TestDatabase& db) {
  db.Run(
      "DO $$ BEGIN EXECUTE coalesce((SELECT 'TRUNCATE ' || string_agg(c.oid::regclass::text, ', ') "
      "|| ' CASCADE' FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
      "WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> "
      "'information_schema'), 'SELECT 1'); END $$");
}

class DifferenceHistoryTest : public ::testing::TestWithParam<std::string> {
 protected:
  // Between the last points of the history, back and forward again.
  void Walk(size_t points) {
    const auto migrations = CorpusMigrations(GetParam());
    ASSERT_FALSE(migrations.empty());
    const size_t first = migrations.size() > points ? migrations.size() - points : 0;
    TestDatabase db;
    std::vector<State> states;
    for (size_t at = 0; at < migrations.size(); ++at) {
      const postgres::Outcome outcome = db.session().Run(migrations[at].script.TextOrEmpty());
      ASSERT_TRUE(outcome.ok()) << migrations[at].name << ": " << outcome.error->message;
      (void)db.session().Run("RESET ALL; SET search_path = public");
      if (at >= first) states.push_back(StateNow(db));
    }
    RemoveRows(db);
    Tally tally;
    for (size_t at = states.size() - 1; at-- > 0;) {
      Move(db, states[at], "back to " + migrations[first + at].name, tally);
    }
    for (size_t at = 1; at < states.size(); ++at) {
      Move(db, states[at], "forward to " + migrations[first + at].name, tally);
    }
    tally.Print(GetParam());
    EXPECT_EQ(tally.failed, 0);
    EXPECT_LE(100 * tally.refused, tally.equal);
  }
};

class DifferenceCorporaTest : public DifferenceHistoryTest {};

TEST_P(DifferenceHistoryTest, LastPoints) {
  BALLAST_NEEDS_SERVER();
  Walk(4);
}

TEST_P(DifferenceCorporaTest, ManyPoints) {
  BALLAST_NEEDS_SERVER();
  Walk(static_cast<size_t>(NumberOfVariable("BALLAST_DIFFERENCE_POINTS", 30)));
}

// The long histories of trigger.dev, or the others.
std::vector<std::string> Histories(bool are_long) {
  std::vector<std::string> names = CorpusNames();
  std::erase_if(names,
                [&](const std::string& name) { return name.starts_with("trigger") != are_long; });
  return names;
}

INSTANTIATE_TEST_SUITE_P(Corpora, DifferenceHistoryTest, ::testing::ValuesIn(Histories(false)),
                         [](const auto& info) { return ReplaceAll(info.param, ".", "_"); });
INSTANTIATE_TEST_SUITE_P(Slow, DifferenceHistoryTest, ::testing::ValuesIn(Histories(true)),
                         [](const auto& info) { return ReplaceAll(info.param, ".", "_"); });
INSTANTIATE_TEST_SUITE_P(Slow, DifferenceCorporaTest, ::testing::ValuesIn(CorpusNames()),
                         [](const auto& info) { return ReplaceAll(info.param, ".", "_"); });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DifferenceHistoryTest);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DifferenceCorporaTest);

}  // namespace
}  // namespace ballast::testing
