// SPDX-License-Identifier: Apache-2.0
// What lint measures of a statement, judged by what another session sees in pg_locks.
#include <gtest/gtest.h>

#include <set>

#include "base/text.h"
#include "lint/names_and_locks.h"
#include "proof/statement_tracer.h"
#include "tests/support/test_server.h"

namespace ballast::proof {
namespace {

constexpr const char* kState = R"(
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE SEQUENCE counter;
CREATE TABLE team (id int PRIMARY KEY, name text NOT NULL, code varchar(10));
CREATE TABLE task (id int PRIMARY KEY, team_id int, title varchar(20), state mood DEFAULT 'sad',
                   amount numeric(10,2), at timestamp(3), done boolean DEFAULT false NOT NULL,
                   big bigint, data json);
CREATE INDEX task_title ON task (title);
CREATE UNIQUE INDEX task_code ON team (code);
CREATE TABLE note (id int PRIMARY KEY, task_id int REFERENCES task, body text);
ALTER TABLE task ADD CONSTRAINT amount_ok CHECK (amount > 0) NOT VALID;
ALTER TABLE task ADD CONSTRAINT task_team FOREIGN KEY (team_id) REFERENCES team NOT VALID;
ALTER TABLE task ADD CONSTRAINT big_there CHECK (big IS NOT NULL);
CREATE TABLE event (id int, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE event_24 PARTITION OF event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE event_25 (id int, at date NOT NULL);
CREATE VIEW open_task AS SELECT id, done FROM task WHERE NOT done;
CREATE MATERIALIZED VIEW task_count AS SELECT done, count(*) AS tasks FROM task GROUP BY 1;
CREATE UNIQUE INDEX task_count_team ON task_count (done);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touched BEFORE UPDATE ON note FOR EACH ROW EXECUTE FUNCTION touch();
CREATE RULE nothing AS ON DELETE TO team DO INSTEAD NOTHING;
CREATE POLICY mine ON team USING (true);
CREATE STATISTICS task_stats ON team_id, state FROM task;
CREATE TABLE parent (id int);
CREATE TABLE child (id int);
CREATE PUBLICATION news FOR TABLE parent;
CREATE TABLE computed (id int GENERATED ALWAYS AS IDENTITY, a int,
                       b int GENERATED ALWAYS AS (a + 1) STORED);
CREATE TYPE couple AS (id int);
CREATE TABLE typed OF couple;
CREATE TABLE mother (id int);
CREATE TABLE daughter (id int) INHERITS (mother);
CREATE UNLOGGED TABLE draft (id int);
CREATE TABLE measured (amount positive);
CREATE INDEX event_at ON ONLY event (at);
CREATE INDEX event_24_at ON event_24 (at);
CREATE FOREIGN DATA WRAPPER nowhere;
CREATE SERVER there FOREIGN DATA WRAPPER nowhere;
CREATE FOREIGN TABLE remote (id int) SERVER there;
INSERT INTO team SELECT i, 'team ' || i, 'c' || i FROM generate_series(1, 50) i;
INSERT INTO task (id, team_id, big, amount) SELECT i, 1 + i % 50, i, i FROM generate_series(1, 500) i;
)";

struct Measured {
  std::set<std::string> locks;  // "AccessExclusiveLock task"
  std::set<std::string> rewrites;
  std::set<std::string> scans;
  std::set<std::string> builds;  // tables
};

std::set<std::string> Names(const lint::StatementTrace& trace, const std::vector<lint::Oid>& oids) {
  std::set<std::string> names;
  for (const lint::Oid oid : oids) names.insert(trace.before->relations.at(oid).name);
  return names;
}

// A statement, and the strongest lock on a relation that the manual documents for it.
struct Case {
  const char* statement;
  const char* lock;  // "" when no relation that exists is locked
};

// By strength (PostgreSQL manual, "Table-Level Locks").
constexpr std::string_view kModes[] = {
    "AccessShareLock", "RowShareLock",          "RowExclusiveLock", "ShareUpdateExclusiveLock",
    "ShareLock",       "ShareRowExclusiveLock", "ExclusiveLock",    "AccessExclusiveLock"};

// The strongest of the locks on the relation of `lock`: "ShareLock task".
std::string StrongestLikeIn(const std::set<std::string>& locks, const std::string& lock) {
  const std::string relation = lock.substr(lock.find(' '));
  std::string strongest;
  for (const std::string_view mode : kModes) {
    if (const std::string held = std::string(mode) + relation; locks.contains(held)) {
      strongest = held;
    }
  }
  return strongest;
}

// A copy of the state above for each statement.
class StatementLocksTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    const auto server = testing::ServerOf(0);
    if (!server) return;
    auto made = (*server)->CreateDatabase("locks");
    ASSERT_TRUE(made) << made.error().message;
    state_ = new scratch::ScratchDatabase(std::move(*made));
    auto session = state_->Connect();
    ASSERT_TRUE(session);
    const auto ran = session->Query(kState);
    ASSERT_TRUE(ran) << ran.error().message;
  }
  static void TearDownTestSuite() { delete state_; }
  void SetUp() override { BALLAST_NEEDS_SERVER(); }

  static scratch::ScratchDatabase Copy() {
    return std::move((*testing::ServerOf(0))->CloneDatabase(*state_)).value();
  }

  static Measured Measure(const scratch::ScratchDatabase& database, const std::string& script) {
    auto tracer = StatementTracer::Open(database, "migrations", "UTC");
    EXPECT_TRUE(tracer) << tracer.error().message;
    const auto traced = tracer->Trace(release::MakeMigration("1_test", script));
    EXPECT_TRUE(traced) << script << ": " << traced.error().message;
    Measured measured;
    if (!traced) return measured;
    for (const lint::StatementTrace& trace : traced->statements) {
      for (const lint::HeldLock& lock : trace.locks) {
        measured.locks.insert(std::string(sql::PgLocksNameOf(lock.mode)) + " " +
                              trace.before->relations.at(lock.relation).name);
      }
      measured.rewrites.merge(Names(trace, trace.rewritten));
      measured.scans.merge(Names(trace, trace.scanned));
      for (const lint::BuiltIndex& index : trace.indexes) {
        measured.builds.insert(trace.before->relations.at(index.table).name);
      }
    }
    return measured;
  }

  // What a second session sees while the statement's transaction is open.
  static std::set<std::string> Judge(const scratch::ScratchDatabase& database,
                                     const std::string& statement) {
    auto session = std::move(database.Connect()).value();
    auto judge = std::move(database.Connect()).value();
    std::set<std::string> locks;
    const auto before = judge.Query("SELECT oid, relname FROM pg_class WHERE oid >= 16384");
    std::map<std::string, std::string> names;
    for (const auto& row : before->back().rows) names[*row[0]] = *row[1];
    const auto ran = session.Query("BEGIN;" + statement);
    EXPECT_TRUE(ran) << statement << ": " << ran.error().message;
    const auto seen =
        judge.Query("SELECT relation, mode FROM pg_locks WHERE locktype = 'relation' AND pid = " +
                    std::to_string(session.backend_pid()));
    for (const auto& row : seen->back().rows) {
      const auto name = names.find(*row[0]);
      if (name == names.end() || name->second.starts_with("pg_toast")) continue;
      locks.insert(*row[1] + " " + name->second);
    }
    session.Run("ROLLBACK");
    return locks;
  }

  static void ExpectDocumented(const Case& test, const Measured& measured) {
    const std::string all = Join({measured.locks.begin(), measured.locks.end()}, ", ");
    const std::string lock = test.lock;
    if (lock.empty()) {
      EXPECT_EQ(all, "");
    } else {
      EXPECT_EQ(StrongestLikeIn(measured.locks, lock), lock) << all;
    }
  }

  static void Try(const Case& test) {
    SCOPED_TRACE(test.statement);
    const scratch::ScratchDatabase database = Copy();
    const std::set<std::string> expected = Judge(database, test.statement);
    const Measured measured = Measure(database, test.statement);
    EXPECT_EQ(measured.locks, expected);
    ExpectDocumented(test, measured);
  }

  static scratch::ScratchDatabase* state_;
};
scratch::ScratchDatabase* StatementLocksTest::state_ = nullptr;

const Case kCases[] = {
    {"SELECT count(*) FROM task", "AccessShareLock task"},
    {"SELECT * FROM task WHERE id = 1 FOR UPDATE", "RowShareLock task"},
    {"INSERT INTO note (id) VALUES (1)", "RowExclusiveLock note"},
    {"INSERT INTO note SELECT 2, 1, 'x'", "RowExclusiveLock note"},
    {"UPDATE task SET title = 'x'", "RowExclusiveLock task"},
    {"DELETE FROM note", "RowExclusiveLock note"},
    {"TRUNCATE note", "AccessExclusiveLock note"},
    {"TRUNCATE task CASCADE", "AccessExclusiveLock task"},
    {"LOCK TABLE task IN SHARE MODE", "ShareLock task"},
    {"LOCK TABLE task IN EXCLUSIVE MODE", "ExclusiveLock task"},
    {"CREATE TABLE other (id int)", ""},
    {"CREATE TABLE other (id int REFERENCES task)", "ShareRowExclusiveLock task"},
    {"CREATE TABLE other (LIKE task INCLUDING ALL)", "AccessShareLock task"},
    {"CREATE TABLE other AS SELECT * FROM task", "AccessShareLock task"},
    {"CREATE TABLE other () INHERITS (parent)", "ShareUpdateExclusiveLock parent"},
    {"CREATE TABLE event_26 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
     "AccessExclusiveLock event"},
    {"DROP TABLE note", "AccessExclusiveLock note"},
    {"DROP TABLE team CASCADE", "AccessExclusiveLock task"},
    {"ALTER TABLE task ADD COLUMN a int", "AccessExclusiveLock task"},
    {"ALTER TABLE task ADD COLUMN a int DEFAULT 1", "AccessExclusiveLock task"},
    {"ALTER TABLE task ADD COLUMN a int DEFAULT 1 NOT NULL", "AccessExclusiveLock task"},
    {"ALTER TABLE task ADD COLUMN a uuid DEFAULT gen_random_uuid()", "AccessExclusiveLock task"},
    {"ALTER TABLE task ADD COLUMN a timestamp DEFAULT now()", "AccessExclusiveLock task"},
    {"ALTER TABLE task ADD COLUMN a serial", "AccessExclusiveLock task"},
    {"ALTER TABLE task ADD COLUMN a int GENERATED ALWAYS AS IDENTITY", "AccessExclusiveLock task"},
    {"ALTER TABLE task ADD COLUMN a int GENERATED ALWAYS AS (id + 1) STORED",
     "AccessExclusiveLock task"},
    {"ALTER TABLE task ADD COLUMN a positive", "AccessExclusiveLock task"},
    {"ALTER TABLE task ADD COLUMN a int REFERENCES team", "ShareRowExclusiveLock team"},
    {"ALTER TABLE task ADD COLUMN a int UNIQUE", "AccessExclusiveLock task"},
    {"ALTER TABLE task DROP COLUMN data", "AccessExclusiveLock task"},
    {"ALTER TABLE task RENAME COLUMN data TO payload", "AccessExclusiveLock task"},
    {"ALTER TABLE task RENAME TO job", "AccessExclusiveLock task"},
    {"ALTER TABLE task RENAME CONSTRAINT amount_ok TO amount_fine", "AccessExclusiveLock task"},
    {"ALTER TABLE task ALTER COLUMN title TYPE varchar(40)", "AccessExclusiveLock task"},
    {"ALTER TABLE task ALTER COLUMN title TYPE varchar(10)", "AccessExclusiveLock task"},
    {"ALTER TABLE task ALTER COLUMN amount TYPE numeric(12,2)", "AccessExclusiveLock task"},
    {"ALTER TABLE task ALTER COLUMN at TYPE timestamptz", "AccessExclusiveLock task"},
    {"ALTER TABLE task ALTER COLUMN team_id TYPE bigint", "AccessExclusiveLock task"},
    {"ALTER TABLE task ALTER COLUMN data TYPE jsonb", "AccessExclusiveLock task"},
    {"ALTER TABLE note ALTER COLUMN body TYPE varchar", "AccessExclusiveLock note"},
    {"ALTER TABLE task ALTER COLUMN state DROP DEFAULT, ALTER COLUMN state TYPE text",
     "AccessExclusiveLock task"},
    {"ALTER TABLE task ALTER COLUMN team_id SET NOT NULL", "AccessExclusiveLock task"},
    {"ALTER TABLE task ALTER COLUMN big SET NOT NULL", "AccessExclusiveLock task"},
    {"ALTER TABLE team ALTER COLUMN name DROP NOT NULL", "AccessExclusiveLock team"},
    {"ALTER TABLE task ALTER COLUMN title SET DEFAULT 'x'", "AccessExclusiveLock task"},
    {"ALTER TABLE task ALTER COLUMN done DROP DEFAULT", "AccessExclusiveLock task"},
    {"ALTER TABLE task ALTER COLUMN title SET STATISTICS 500", "ShareUpdateExclusiveLock task"},
    {"ALTER TABLE task ALTER COLUMN title SET STORAGE EXTERNAL", "AccessExclusiveLock task"},
    {"ALTER TABLE task ADD CHECK (id > 0)", "AccessExclusiveLock task"},
    {"ALTER TABLE task ADD CONSTRAINT c CHECK (id > 0) NOT VALID", "AccessExclusiveLock task"},
    {"ALTER TABLE task VALIDATE CONSTRAINT amount_ok", "ShareUpdateExclusiveLock task"},
    {"ALTER TABLE task VALIDATE CONSTRAINT task_team", "ShareUpdateExclusiveLock task"},
    {"ALTER TABLE task DROP CONSTRAINT amount_ok", "AccessExclusiveLock task"},
    {"ALTER TABLE task DROP CONSTRAINT task_team", "AccessExclusiveLock team"},
    {"ALTER TABLE team DROP CONSTRAINT team_pkey CASCADE", "AccessExclusiveLock team"},
    {"ALTER TABLE task ADD UNIQUE (big)", "AccessExclusiveLock task"},
    {"ALTER TABLE event_25 ADD PRIMARY KEY (id)", "AccessExclusiveLock event_25"},
    {"ALTER TABLE team ADD CONSTRAINT u UNIQUE USING INDEX task_code", "AccessExclusiveLock team"},
    {"ALTER TABLE child ADD FOREIGN KEY (id) REFERENCES team", "ShareRowExclusiveLock child"},
    {"ALTER TABLE child ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES team NOT VALID",
     "ShareRowExclusiveLock team"},
    {"ALTER TABLE task ALTER CONSTRAINT task_team DEFERRABLE", "AccessExclusiveLock task"},
    {"ALTER TABLE child INHERIT parent", "AccessExclusiveLock child"},
    {"ALTER TABLE event ATTACH PARTITION event_25 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
     "AccessExclusiveLock event_25"},
    {"ALTER TABLE event DETACH PARTITION event_24", "AccessExclusiveLock event"},
    {"ALTER TABLE note SET UNLOGGED", "AccessExclusiveLock note"},
    {"ALTER TABLE task SET (fillfactor = 70)", "ShareUpdateExclusiveLock task"},
    {"ALTER TABLE task SET (autovacuum_enabled = off)", "ShareUpdateExclusiveLock task"},
    {"ALTER TABLE task ENABLE ROW LEVEL SECURITY", "AccessExclusiveLock task"},
    {"ALTER TABLE note DISABLE TRIGGER touched", "ShareRowExclusiveLock note"},
    {"ALTER TABLE note REPLICA IDENTITY FULL", "AccessExclusiveLock note"},
    {"ALTER TABLE task CLUSTER ON task_title", "ShareUpdateExclusiveLock task"},
    {"ALTER TABLE task OWNER TO CURRENT_USER", "AccessExclusiveLock task"},
    {"CREATE SCHEMA elsewhere; ALTER TABLE task SET SCHEMA elsewhere", "AccessExclusiveLock task"},
    {"CREATE INDEX ON task (team_id)", "ShareLock task"},
    {"CREATE UNIQUE INDEX ON task (big)", "ShareLock task"},
    {"CREATE INDEX ON task (id) WHERE done", "ShareLock task"},
    {"CREATE INDEX ON event (id)", "ShareLock event_24"},
    {"CREATE INDEX ON ONLY event (id)", "ShareLock event"},
    {"DROP INDEX task_title", "AccessExclusiveLock task"},
    {"ALTER INDEX task_title RENAME TO task_by_title", "ShareUpdateExclusiveLock task_title"},
    {"ALTER INDEX task_title SET (fillfactor = 70)", "ShareUpdateExclusiveLock task_title"},
    {"REINDEX INDEX task_title", "ShareLock task"},
    {"REINDEX TABLE task", "ShareLock task"},
    {"CLUSTER task USING task_title", "AccessExclusiveLock task"},
    {"ANALYZE task", "ShareUpdateExclusiveLock task"},
    {"CREATE TRIGGER t BEFORE INSERT ON task FOR EACH ROW EXECUTE FUNCTION touch()",
     "ShareRowExclusiveLock task"},
    {"DROP TRIGGER touched ON note", "AccessExclusiveLock note"},
    {"ALTER TRIGGER touched ON note RENAME TO touches", "AccessExclusiveLock note"},
    {"CREATE RULE r AS ON INSERT TO child DO INSTEAD NOTHING", "AccessExclusiveLock child"},
    {"DROP RULE nothing ON team", "AccessExclusiveLock team"},
    {"CREATE POLICY p ON task USING (true)", "AccessExclusiveLock task"},
    {"ALTER POLICY mine ON team USING (false)", "AccessExclusiveLock team"},
    {"DROP POLICY mine ON team", "AccessExclusiveLock team"},
    {"CREATE VIEW v AS SELECT * FROM task", "AccessShareLock task"},
    {"CREATE OR REPLACE VIEW open_task AS SELECT id, done FROM task",
     "AccessExclusiveLock open_task"},
    {"DROP VIEW open_task", "AccessExclusiveLock open_task"},
    {"ALTER VIEW open_task RENAME COLUMN done TO ready", "AccessExclusiveLock open_task"},
    {"CREATE MATERIALIZED VIEW m AS SELECT * FROM task", "AccessShareLock task"},
    {"REFRESH MATERIALIZED VIEW task_count", "AccessExclusiveLock task_count"},
    {"REFRESH MATERIALIZED VIEW CONCURRENTLY task_count", "ExclusiveLock task_count"},
    {"DROP MATERIALIZED VIEW task_count", "AccessExclusiveLock task_count"},
    {"ALTER SEQUENCE counter INCREMENT 5", "ShareRowExclusiveLock counter"},
    {"ALTER SEQUENCE counter RESTART", "ShareRowExclusiveLock counter"},
    {"DROP SEQUENCE counter", "AccessExclusiveLock counter"},
    {"SELECT nextval('counter')", "RowExclusiveLock counter"},
    {"ALTER TYPE mood ADD VALUE 'ok'", ""},
    {"ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'", ""},
    {"ALTER TYPE mood RENAME TO temper", ""},
    {"CREATE TYPE colour AS ENUM ('red')", ""},
    {"CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", ""},
    {"DROP FUNCTION touch() CASCADE", "AccessExclusiveLock note"},
    {"COMMENT ON TABLE task IS 'x'", "ShareUpdateExclusiveLock task"},
    {"COMMENT ON COLUMN task.id IS 'x'", "ShareUpdateExclusiveLock task"},
    {"GRANT SELECT ON task TO PUBLIC", ""},
    {"ALTER PUBLICATION news ADD TABLE team", "ShareUpdateExclusiveLock team"},
    {"CREATE STATISTICS s ON id, team_id FROM task", "ShareUpdateExclusiveLock task"},
    {"DROP STATISTICS task_stats", "ShareUpdateExclusiveLock task"},
    {"DO $$ BEGIN ALTER TABLE task ADD COLUMN a int; END $$", "AccessExclusiveLock task"},
    {"SET LOCAL lock_timeout = '1s'; ALTER TABLE task ADD COLUMN a int",
     "AccessExclusiveLock task"},
};

// The same for rarer kinds of statements.
const Case kFurtherCases[] = {
    {"ALTER TABLE computed ALTER COLUMN b DROP EXPRESSION", "AccessExclusiveLock computed"},
    {"ALTER TABLE computed ALTER COLUMN id SET GENERATED BY DEFAULT",
     "AccessExclusiveLock computed"},
    {"ALTER TABLE computed ALTER COLUMN id SET INCREMENT BY 5",
     "ShareRowExclusiveLock computed_id_seq"},
    {"ALTER TABLE computed ALTER COLUMN id DROP IDENTITY", "AccessExclusiveLock computed"},
    {"ALTER TABLE note ENABLE REPLICA TRIGGER touched", "ShareRowExclusiveLock note"},
    {"ALTER TABLE team ENABLE REPLICA RULE nothing", "AccessExclusiveLock team"},
    {"ALTER TABLE draft SET LOGGED", "AccessExclusiveLock draft"},
    {"ALTER TABLE daughter NO INHERIT mother", "AccessExclusiveLock daughter"},
    {"ALTER TABLE daughter INHERIT child", "ShareUpdateExclusiveLock child"},
    {"ALTER TABLE child OF couple", "AccessExclusiveLock child"},
    {"ALTER TABLE typed NOT OF", "AccessExclusiveLock typed"},
    {"ALTER TYPE couple ADD ATTRIBUTE b int CASCADE", "AccessExclusiveLock typed"},
    {"ALTER TYPE couple RENAME ATTRIBUTE id TO number CASCADE", "AccessExclusiveLock typed"},
    {"ALTER INDEX event_at ATTACH PARTITION event_24_at", "AccessExclusiveLock event_24_at"},
    {"ALTER INDEX task_title DEPENDS ON EXTENSION plpgsql", "AccessExclusiveLock task_title"},
    {"ALTER FOREIGN TABLE remote ADD COLUMN a int", "AccessExclusiveLock remote"},
    {"DROP FOREIGN TABLE remote", "AccessExclusiveLock remote"},
    {"CREATE FOREIGN TABLE other (id int) SERVER there", ""},
    {"CREATE TABLE sibling () INHERITS (mother)", "ShareUpdateExclusiveLock mother"},
    {"CREATE TRIGGER t AFTER INSERT ON event FOR EACH ROW EXECUTE FUNCTION touch()",
     "ShareRowExclusiveLock event_24"},
    {"ALTER MATERIALIZED VIEW task_count CLUSTER ON task_count_team",
     "ShareUpdateExclusiveLock task_count"},
    {"ALTER MATERIALIZED VIEW task_count SET TABLESPACE pg_default",
     "AccessExclusiveLock task_count"},
    {"ALTER SEQUENCE counter OWNER TO CURRENT_USER", "AccessExclusiveLock counter"},
    {"ALTER DOMAIN positive ADD CHECK (VALUE < 5000)", "ShareLock measured"},
    {"ALTER DOMAIN positive SET NOT NULL", "ShareLock measured"},
    {"DROP EXTENSION plpgsql CASCADE", "AccessExclusiveLock note"},
    {"SELECT * FROM task FOR SHARE", "RowShareLock task"},
    {"SELECT * FROM task WHERE id = 1 FOR NO KEY UPDATE", "RowShareLock task"},
    {"UPDATE note SET body = 'x' FROM task WHERE task.id = note.task_id", "RowExclusiveLock note"},
    {"DELETE FROM note USING task WHERE task.id = note.task_id", "RowExclusiveLock note"},
    {"WITH gone AS (DELETE FROM note RETURNING *) INSERT INTO child SELECT id FROM gone",
     "RowExclusiveLock child"},
    {"TRUNCATE note RESTART IDENTITY", "AccessExclusiveLock note"},
    {"TRUNCATE event", "AccessExclusiveLock event"},
    {"LOCK TABLE task IN ACCESS SHARE MODE", "AccessShareLock task"},
    {"LOCK TABLE task IN ROW EXCLUSIVE MODE", "RowExclusiveLock task"},
    {"LOCK TABLE task IN SHARE UPDATE EXCLUSIVE MODE", "ShareUpdateExclusiveLock task"},
    {"LOCK TABLE task IN SHARE ROW EXCLUSIVE MODE", "ShareRowExclusiveLock task"},
    {"LOCK TABLE task", "AccessExclusiveLock task"},
    {"CREATE TABLE other (id int DEFAULT nextval('counter'))", ""},
    {"CREATE TABLE other (state mood)", ""},
    {"CREATE TABLE IF NOT EXISTS task (id int)", ""},
    {"CREATE UNLOGGED TABLE other (id int)", ""},
    {"CREATE TEMPORARY TABLE other (id int)", ""},
    {"SELECT * INTO other FROM task", "AccessShareLock task"},
    {"CREATE TABLE event_default PARTITION OF event DEFAULT", "AccessExclusiveLock event"},
    {"DROP TABLE event_24", "AccessExclusiveLock event"},
    {"DROP TABLE event", "AccessExclusiveLock event"},
    {"DROP TABLE IF EXISTS nothing_here", ""},
    {"DROP TABLE note, child", "AccessExclusiveLock child"},
    {"ALTER TABLE task ADD COLUMN IF NOT EXISTS data json", "AccessExclusiveLock task"},
    {"ALTER TABLE task ADD COLUMN a int, ADD COLUMN b text", "AccessExclusiveLock task"},
    {"ALTER TABLE task ADD COLUMN a int CHECK (a > 0)", "AccessExclusiveLock task"},
    {"ALTER TABLE task ADD COLUMN a mood DEFAULT 'happy'", "AccessExclusiveLock task"},
    {"ALTER TABLE event ADD COLUMN a int", "AccessExclusiveLock event"},
    {"ALTER TABLE parent ADD COLUMN a int", "AccessExclusiveLock parent"},
    {"ALTER TABLE task DROP COLUMN title", "AccessExclusiveLock task"},
    {"ALTER TABLE task DROP COLUMN done CASCADE", "AccessExclusiveLock open_task"},
    {"ALTER TABLE task DROP COLUMN IF EXISTS nothing_here", "AccessExclusiveLock task"},
    {"ALTER TABLE event DROP COLUMN id", "AccessExclusiveLock event"},
    {"ALTER TABLE task ALTER COLUMN title TYPE text", "AccessExclusiveLock task"},
    {"ALTER TABLE task ALTER COLUMN title TYPE varchar(20)", "AccessExclusiveLock task"},
    {"ALTER TABLE task ALTER COLUMN at TYPE timestamp(6)", "AccessExclusiveLock task"},
    {"ALTER TABLE team ALTER COLUMN code TYPE text COLLATE \"C\"", "AccessExclusiveLock task_code"},
    {"ALTER TABLE task ALTER COLUMN team_id SET DEFAULT 1, ALTER COLUMN big SET DEFAULT 0",
     "AccessExclusiveLock task"},
    {"ALTER TABLE task ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY",
     "AccessExclusiveLock task"},
    {"ALTER TABLE task ALTER COLUMN title SET (n_distinct = 10)", "ShareUpdateExclusiveLock task"},
    {"ALTER TABLE task ALTER COLUMN title RESET (n_distinct)", "ShareUpdateExclusiveLock task"},
    {"ALTER TABLE task ALTER COLUMN title SET COMPRESSION pglz", "AccessExclusiveLock task"},
    {"ALTER TABLE task ADD CONSTRAINT e EXCLUDE (id WITH =)", "AccessExclusiveLock task"},
    {"ALTER TABLE task ADD CONSTRAINT u UNIQUE (big) DEFERRABLE", "AccessExclusiveLock task"},
    {"ALTER TABLE note ADD FOREIGN KEY (id) REFERENCES note", "ShareRowExclusiveLock note"},
    {"ALTER TABLE event ADD FOREIGN KEY (id) REFERENCES team", "ShareRowExclusiveLock event"},
    {"ALTER TABLE event ADD PRIMARY KEY (id, at)", "AccessExclusiveLock event"},
    {"ALTER TABLE note DROP CONSTRAINT note_task_id_fkey", "AccessExclusiveLock note"},
    {"ALTER TABLE note DROP CONSTRAINT note_pkey", "AccessExclusiveLock note"},
    {"ALTER TABLE task DROP CONSTRAINT IF EXISTS nothing_here", "AccessExclusiveLock task"},
    {"ALTER TABLE event_24 ADD CHECK (id > 0) NOT VALID", "AccessExclusiveLock event_24"},
    {"ALTER TABLE event RENAME TO happening", "AccessExclusiveLock event"},
    {"ALTER TABLE event RENAME COLUMN id TO number", "AccessExclusiveLock event"},
    {"ALTER TABLE task SET WITHOUT CLUSTER", "ShareUpdateExclusiveLock task"},
    {"ALTER TABLE task RESET (fillfactor)", "ShareUpdateExclusiveLock task"},
    {"ALTER TABLE task SET (parallel_workers = 2)", "ShareUpdateExclusiveLock task"},
    {"ALTER TABLE task SET (toast_tuple_target = 2000)", "ShareUpdateExclusiveLock task"},
    {"ALTER TABLE team FORCE ROW LEVEL SECURITY", "AccessExclusiveLock team"},
    {"ALTER TABLE team DISABLE ROW LEVEL SECURITY", "AccessExclusiveLock team"},
    {"ALTER TABLE team NO FORCE ROW LEVEL SECURITY", "AccessExclusiveLock team"},
    {"ALTER TABLE note ENABLE ALWAYS TRIGGER touched", "ShareRowExclusiveLock note"},
    {"ALTER TABLE team DISABLE RULE nothing", "AccessExclusiveLock team"},
    {"ALTER TABLE note DISABLE TRIGGER ALL", "ShareRowExclusiveLock note"},
    {"ALTER TABLE team REPLICA IDENTITY USING INDEX team_pkey", "AccessExclusiveLock team"},
    {"ALTER TABLE team REPLICA IDENTITY NOTHING", "AccessExclusiveLock team"},
    {"ALTER TABLE team SET ACCESS METHOD heap", "AccessExclusiveLock team"},
    {"ALTER TABLE team SET TABLESPACE pg_default", "AccessExclusiveLock team"},
    {"CREATE INDEX ON task USING hash (team_id)", "ShareLock task"},
    {"CREATE INDEX ON task USING brin (id)", "ShareLock task"},
    {"CREATE INDEX ON task (lower(title))", "ShareLock task"},
    {"CREATE INDEX ON task (team_id) INCLUDE (title)", "ShareLock task"},
    {"CREATE INDEX IF NOT EXISTS task_title ON task (title)", "ShareLock task"},
    {"CREATE INDEX ON task_count (tasks)", "ShareLock task_count"},
    {"CREATE UNIQUE INDEX ON event (id, at)", "ShareLock event"},
    {"DROP INDEX IF EXISTS nothing_here", ""},
    {"DROP INDEX task_title, task_code", "AccessExclusiveLock task"},
    {"ALTER INDEX task_title SET TABLESPACE pg_default", "AccessExclusiveLock task_title"},
    {"ALTER INDEX task_title RESET (fillfactor)", "ShareUpdateExclusiveLock task_title"},
    {"REINDEX (VERBOSE) TABLE note", "AccessExclusiveLock note_pkey"},
    {"ANALYZE task (title)", "ShareUpdateExclusiveLock task"},
    {"ANALYZE event", "ShareUpdateExclusiveLock event"},
    {"CREATE CONSTRAINT TRIGGER t AFTER INSERT ON task DEFERRABLE FOR EACH ROW EXECUTE FUNCTION "
     "touch()",
     "ShareRowExclusiveLock task"},
    {"CREATE OR REPLACE TRIGGER touched BEFORE UPDATE ON note FOR EACH ROW EXECUTE FUNCTION "
     "touch()",
     "ShareRowExclusiveLock note"},
    {"CREATE TRIGGER t AFTER TRUNCATE ON note EXECUTE FUNCTION touch()",
     "ShareRowExclusiveLock note"},
    {"CREATE RULE r AS ON UPDATE TO open_task DO INSTEAD NOTHING", "AccessExclusiveLock open_task"},
    {"CREATE OR REPLACE RULE nothing AS ON DELETE TO team DO INSTEAD NOTHING",
     "AccessExclusiveLock team"},
    {"ALTER RULE nothing ON team RENAME TO none", "AccessExclusiveLock team"},
    {"ALTER POLICY mine ON team RENAME TO ours", "AccessExclusiveLock team"},
    {"CREATE VIEW v AS SELECT t.id FROM task t JOIN team USING (id)", "AccessShareLock task"},
    {"CREATE RECURSIVE VIEW v (n) AS SELECT id FROM team UNION ALL SELECT n + 1 FROM v WHERE n < 3",
     "AccessShareLock team"},
    {"ALTER VIEW open_task RENAME TO todo", "AccessExclusiveLock open_task"},
    {"ALTER VIEW open_task SET (security_barrier = true)", "AccessExclusiveLock open_task"},
    {"ALTER VIEW open_task OWNER TO CURRENT_USER", "AccessExclusiveLock open_task"},
    {"ALTER VIEW open_task ALTER COLUMN done SET DEFAULT false", "AccessExclusiveLock open_task"},
    {"CREATE MATERIALIZED VIEW m AS SELECT * FROM task WITH NO DATA", "AccessShareLock task"},
    {"ALTER MATERIALIZED VIEW task_count RENAME TO counted", "AccessExclusiveLock task_count"},
    {"ALTER MATERIALIZED VIEW task_count SET (fillfactor = 70)",
     "ShareUpdateExclusiveLock task_count"},
    {"CREATE SEQUENCE other", ""},
    {"CREATE SEQUENCE other OWNED BY task.big", "AccessShareLock task"},
    {"ALTER SEQUENCE counter OWNED BY task.big", "ShareRowExclusiveLock counter"},
    {"ALTER SEQUENCE counter RENAME TO meter", "AccessExclusiveLock counter"},
    {"ALTER SEQUENCE counter AS int", "ShareRowExclusiveLock counter"},
    {"SELECT setval('counter', 5)", "RowExclusiveLock counter"},
    {"CREATE DOMAIN short AS varchar(5)", ""},
    {"CREATE DOMAIN whole AS int; ALTER DOMAIN whole ADD CHECK (VALUE < 1000)", ""},
    {"DROP DOMAIN positive CASCADE", "AccessExclusiveLock measured"},
    {"CREATE TYPE pair AS (a int, b int)", ""},
    {"DROP TYPE mood CASCADE", "AccessExclusiveLock task"},
    {"CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; "
     "END'",
     ""},
    {"CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1'", ""},
    {"ALTER FUNCTION touch() RENAME TO touches", ""},
    {"CREATE AGGREGATE total (int) (sfunc = int4pl, stype = int)", ""},
    {"CREATE SCHEMA elsewhere", ""},
    {"DROP SCHEMA IF EXISTS nothing_here", ""},
    {"CREATE EXTENSION IF NOT EXISTS plpgsql", ""},
    {"COMMENT ON INDEX task_title IS 'x'", "ShareUpdateExclusiveLock task_title"},
    {"COMMENT ON CONSTRAINT amount_ok ON task IS 'x'", "AccessShareLock task"},
    {"COMMENT ON VIEW open_task IS 'x'", "ShareUpdateExclusiveLock open_task"},
    {"COMMENT ON TYPE mood IS 'x'", ""},
    {"REVOKE SELECT ON task FROM PUBLIC", ""},
    {"ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC", ""},
    {"CREATE PUBLICATION more FOR TABLE task", "ShareUpdateExclusiveLock task"},
    {"CREATE PUBLICATION every FOR ALL TABLES", ""},
    {"ALTER PUBLICATION news DROP TABLE parent", "ShareUpdateExclusiveLock parent"},
    {"DROP PUBLICATION news", ""},
    {"ALTER STATISTICS task_stats SET STATISTICS 100", ""},
    {"ALTER STATISTICS task_stats RENAME TO stats", ""},
    {"SET CONSTRAINTS ALL DEFERRED", ""},
    {"SET LOCAL search_path = public", ""},
};

TEST_F(StatementLocksTest, MatchPgLocks) {
  for (const Case& test : kCases) Try(test);
}

using SlowStatementLocksTest = StatementLocksTest;

TEST_F(SlowStatementLocksTest, OfFurtherStatementsMatchPgLocks) {
  for (const Case& test : kFurtherCases) Try(test);
}

TEST_F(StatementLocksTest, OfStatementsThatRunOutsideOfTransactions) {
  const Case cases[] = {
      {"CREATE INDEX CONCURRENTLY i ON task (team_id)", "ShareUpdateExclusiveLock task"},
      {"CREATE UNIQUE INDEX CONCURRENTLY i ON task (big)", "ShareUpdateExclusiveLock task"},
      {"DROP INDEX CONCURRENTLY task_title", "ShareUpdateExclusiveLock task"},
      {"REINDEX INDEX CONCURRENTLY task_title", "ShareUpdateExclusiveLock task"},
      {"REINDEX TABLE CONCURRENTLY task", "ShareUpdateExclusiveLock task"},
      {"VACUUM task", "ShareUpdateExclusiveLock task"},
      {"VACUUM FULL task", "AccessExclusiveLock task"},
      {"ALTER TABLE event DETACH PARTITION event_24 CONCURRENTLY",
       "ShareUpdateExclusiveLock event"},
  };
  for (const Case& test : cases) {
    SCOPED_TRACE(test.statement);
    const scratch::ScratchDatabase database = Copy();
    const Measured measured = Measure(database, test.statement);
    ExpectDocumented(test, measured);
  }
}

// Which statements rewrite, read or index a table; scans and rewrites are counted by the server.
TEST_F(StatementLocksTest, RewritesScansAndBuilds) {
  struct Work {
    const char* statement;
    const char* rewrites;
    const char* scans;
    const char* builds;
  };
  const Work cases[] = {
      {"ALTER TABLE task ADD COLUMN a int DEFAULT 1 NOT NULL", "", "", ""},
      {"ALTER TABLE task ADD COLUMN a uuid DEFAULT gen_random_uuid()", "task", "task", "task"},
      {"ALTER TABLE task ADD COLUMN a int GENERATED ALWAYS AS (id + 1) STORED", "task", "task",
       "task"},
      {"ALTER TABLE task ALTER COLUMN title TYPE varchar(40)", "", "", ""},
      {"ALTER TABLE task ALTER COLUMN title TYPE text", "", "", ""},
      {"ALTER TABLE task ALTER COLUMN team_id TYPE bigint", "task", "task", "task"},
      {"ALTER TABLE task ALTER COLUMN team_id SET NOT NULL", "", "task", ""},
      {"ALTER TABLE task ALTER COLUMN big SET NOT NULL", "", "", ""},
      {"ALTER TABLE task ADD CHECK (id > 0)", "", "task", ""},
      {"ALTER TABLE task ADD CONSTRAINT c CHECK (id > 0) NOT VALID", "", "", ""},
      {"ALTER TABLE task VALIDATE CONSTRAINT amount_ok", "", "task", ""},
      {"CREATE INDEX ON task (team_id)", "", "task", "task"},
      {"ALTER TABLE task ADD UNIQUE (big)", "", "task", "task"},
      {"CREATE INDEX CONCURRENTLY i ON task (team_id)", "", "", "task"},
      {"REINDEX INDEX task_title", "", "task", "task"},
      {"CLUSTER task USING task_title", "task", "", "task"},
      {"VACUUM FULL note", "note", "", "note"},
      {"ALTER TABLE note SET UNLOGGED", "note", "note", "note"},
  };
  for (const Work& test : cases) {
    SCOPED_TRACE(test.statement);
    const scratch::ScratchDatabase database = Copy();
    const Measured measured = Measure(database, test.statement);
    EXPECT_EQ(Join({measured.rewrites.begin(), measured.rewrites.end()}, " "), test.rewrites);
    const bool cluster = std::string_view(test.statement).starts_with("CLUSTER");
    if (!cluster) {
      EXPECT_EQ(Join({measured.scans.begin(), measured.scans.end()}, " "), test.scans);
    }
    EXPECT_EQ(Join({measured.builds.begin(), measured.builds.end()}, " "), test.builds);
  }
}

}  // namespace
}  // namespace ballast::proof
