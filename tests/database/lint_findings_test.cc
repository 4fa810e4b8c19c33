// SPDX-License-Identifier: Apache-2.0
// Scripts and the findings that lint has about them: "rule object", those about locks left out
// where they are not the point.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.h"
#include "lint/finding.h"
#include "proof/statement_tracer.h"
#include "tests/support/test_server.h"

namespace ballast::proof {
namespace {

constexpr const char* kState = R"(
CREATE TYPE "Role" AS ENUM ('ADMIN', 'USER', 'GUEST');
CREATE TABLE "Team" (id int PRIMARY KEY, name text NOT NULL, plan text DEFAULT 'free');
CREATE TABLE "Task" (id int PRIMARY KEY, "teamId" int, title text, note text, size int,
                     role "Role" DEFAULT 'USER' NOT NULL, code varchar(10), at timestamp(3));
CREATE INDEX "Task_title_idx" ON "Task" (title);
CREATE VIEW "Titles" AS SELECT id, title FROM "Task";
CREATE TABLE "Log" (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE "Log_24" PARTITION OF "Log" FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE "Log_25" (id int, at date);
CREATE MATERIALIZED VIEW "Sizes" AS SELECT 1 AS size;
CREATE DOMAIN positive AS int;
CREATE TABLE "Sum" (amount positive);
CREATE TYPE "Place" AS (street text, town text);
)";

struct Case {
  const char* script;
  const char* findings;  // separated by "; "
};

const Case kCases[] = {
    // New tables never raise alarms.
    {"CREATE TABLE t (a int, b int NOT NULL); CREATE INDEX ON t (a); ALTER TABLE t DROP COLUMN a; "
     "ALTER TABLE t ADD COLUMN c int NOT NULL; UPDATE t SET b = 1; TRUNCATE t; DROP TABLE t",
     ""},
    {"CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)", ""},
    // Harmless on any table, but for the lock.
    {"ALTER TABLE \"Task\" ADD COLUMN a int", "missing-lock-timeout Task"},
    {"SET lock_timeout = '5s'; ALTER TABLE \"Task\" ADD COLUMN a int", ""},
    {"SET LOCAL lock_timeout = '5s'; ALTER TABLE \"Task\" ADD COLUMN a int NOT NULL DEFAULT 1", ""},
    {"SET lock_timeout = '5s'; ALTER TABLE \"Task\" ALTER COLUMN code TYPE text", ""},
    {"COMMENT ON TABLE \"Task\" IS 'x'; GRANT SELECT ON \"Task\" TO PUBLIC", ""},
    {"ALTER TYPE \"Role\" ADD VALUE 'OWNER'", ""},
    {"CREATE INDEX CONCURRENTLY i ON \"Task\" (size)", ""},
    // Time.
    {"SET lock_timeout = 1; CREATE INDEX i ON \"Task\" (size)", "index-blocks-writes Task"},
    {"SET lock_timeout = 1; CREATE UNIQUE INDEX i ON \"Task\" (size)",
     "index-blocks-writes Task; adds-unique Task"},
    {"SET lock_timeout = 1; CREATE INDEX i ON ONLY \"Log\" (id)", ""},
    {"SET lock_timeout = 1; CREATE INDEX i ON \"Log\" (id)",
     "index-blocks-writes Log; index-blocks-writes Log_24"},
    {"REINDEX INDEX CONCURRENTLY \"Team_pkey\"", ""},
    {"ALTER TYPE \"Role\" RENAME TO \"UserRole\"", "changes-type Role"},
    {"SET lock_timeout = 1; ALTER VIEW \"Titles\" RENAME COLUMN title TO name",
     "renames-column Titles.title"},
    {"SET lock_timeout = 1; ALTER TABLE \"Task\" ADD UNIQUE (size, title)",
     "index-blocks-writes Task; adds-unique Task"},
    {"SET lock_timeout = 1; ALTER TABLE \"Task\" ADD COLUMN a text; CREATE UNIQUE INDEX i ON "
     "\"Task\" (a)",
     "index-blocks-writes Task"},
    {"SET lock_timeout = 1; ALTER TABLE \"Task\" ADD COLUMN a uuid DEFAULT gen_random_uuid()",
     "table-rewrite Task"},
    {"SET lock_timeout = 1; ALTER TABLE \"Task\" ALTER COLUMN size TYPE bigint",
     "table-rewrite Task"},
    {"SET lock_timeout = 1; ALTER TABLE \"Task\" ALTER COLUMN at TYPE timestamptz",
     "table-rewrite Task"},
    {"SET lock_timeout = 1; SET TimeZone = 'UTC'; ALTER TABLE \"Task\" ALTER COLUMN at TYPE "
     "timestamptz",
     ""},
    {"SET lock_timeout = 1; SET TimeZone = 'UTC'; ALTER TABLE \"Task\" ALTER COLUMN at TYPE "
     "timestamptz(3)",
     "table-rewrite Task"},
    {"SET lock_timeout = 1; ALTER TABLE \"Task\" ADD FOREIGN KEY (\"teamId\") REFERENCES \"Team\"",
     "constraint-validation Task"},
    {"SET lock_timeout = 1; ALTER TABLE \"Task\" ADD CONSTRAINT f FOREIGN KEY (\"teamId\") "
     "REFERENCES \"Team\" NOT VALID",
     ""},
    {"SET lock_timeout = 1; ALTER TABLE \"Task\" ADD CHECK (size > 0)",
     "constraint-validation Task"},
    {"SET lock_timeout = 1; ALTER TABLE \"Task\" ADD CHECK (size > 0); CREATE TABLE copy AS SELECT "
     "* "
     "FROM \"Task\"; CREATE MATERIALIZED VIEW sizes AS SELECT size FROM \"Task\"; REFRESH "
     "MATERIALIZED "
     "VIEW sizes",
     "constraint-validation Task"},
    {"SET lock_timeout = 1; CREATE INDEX i ON \"Task\" (size); CREATE INDEX j ON \"Task\" (note)",
     "index-blocks-writes Task; index-blocks-writes Task; heavy-transaction "},
    {"SET lock_timeout = 1; DROP INDEX \"Task_title_idx\"", "index-drop-blocks Task"},
    {"DROP INDEX CONCURRENTLY \"Task_title_idx\"", ""},
    {"SET lock_timeout = 1; ALTER TABLE \"Log\" DETACH PARTITION \"Log_24\"",
     "partition-blocks Log"},
    {"SET lock_timeout = 1; CREATE TABLE \"Log_26\" PARTITION OF \"Log\" FOR VALUES FROM "
     "('2026-01-01') TO ('2027-01-01')",
     "partition-blocks Log"},
    {"SET lock_timeout = 1; CREATE TABLE \"Log_26\" (LIKE \"Log\"); ALTER TABLE \"Log\" ATTACH "
     "PARTITION \"Log_26\" FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
     ""},
    {"SET lock_timeout = 1; ALTER TABLE \"Log\" ATTACH PARTITION \"Log_25\" FOR VALUES FROM "
     "('2025-01-01') TO ('2026-01-01')",
     "constraint-validation Log_25"},
    {"SET lock_timeout = 1; REFRESH MATERIALIZED VIEW \"Sizes\"", "table-rewrite Sizes"},
    {"SET lock_timeout = 1; ALTER DOMAIN positive ADD CHECK (VALUE > 0)",
     "constraint-validation Sum"},
    {"UPDATE \"Task\" SET size = 1", "bulk-write Task"},
    {"UPDATE \"Task\" SET size = 1 WHERE size IS NULL", ""},
    {"UPDATE \"Task\" SET size = 1 WHERE true", "bulk-write Task"},
    // A new column is NULL in all rows, until one statement has filled it.
    {"SET lock_timeout = 1; ALTER TABLE \"Task\" ADD a1 int; CREATE INDEX i ON \"Task\" (a1); "
     "UPDATE "
     "\"Task\" SET a1 = size WHERE a1 IS NULL; UPDATE \"Task\" SET size = 1 WHERE a1 = 7",
     "index-blocks-writes Task; heavy-transaction ; bulk-write Task"},
    // Another table takes the rows and the name.
    {"SET lock_timeout = 1; ALTER TABLE \"Log_25\" RENAME TO old; CREATE TABLE \"Log_25\" (LIKE "
     "old); INSERT INTO \"Log_25\" SELECT * FROM old; DROP TABLE old",
     "bulk-write old; drops-table Log_25"},
    {"SET lock_timeout = 1; DO $$ BEGIN ALTER TABLE \"Log_25\" RENAME TO old; END $$; CREATE TABLE "
     "\"Log_25\" (LIKE old); DO $$ BEGIN IF to_regclass('old') IS NOT NULL THEN INSERT INTO "
     "\"Log_25\" SELECT * FROM old; DROP TABLE old; END IF; END $$",
     "bulk-write old; drops-table Log_25"},
    {"SET lock_timeout = 1; DO $$ BEGIN ALTER TABLE \"Log_25\" RENAME TO old; CREATE TABLE "
     "\"Log_25\" (LIKE old); INSERT INTO \"Log_25\" SELECT * FROM old; DROP TABLE old; END $$",
     "bulk-write Log_25; drops-table Log_25"},
    {"SET lock_timeout = 1; CREATE TABLE copy (LIKE \"Log_25\"); DO $$ BEGIN INSERT INTO copy "
     "SELECT "
     "* FROM \"Log_25\"; END $$",
     ""},
    {"SET lock_timeout = 1; ALTER TABLE \"Task\" DISABLE TRIGGER USER; UPDATE \"Task\" SET size = "
     "1 "
     "WHERE size IS NULL",
     "bulk-write Task"},
    {"SELECT 1; CREATE INDEX CONCURRENTLY i ON \"Task\" (size)", "concurrently-with-others "},
    // Zero and the default are no limit.
    {"SET lock_timeout = 0; ALTER TABLE \"Task\" ADD a1 int", "missing-lock-timeout Task"},
    {"SET lock_timeout TO '0s'; ALTER TABLE \"Task\" ADD a1 int", "missing-lock-timeout Task"},
    {"SET lock_timeout = 1; SET lock_timeout = DEFAULT; ALTER TABLE \"Task\" ADD a1 int",
     "missing-lock-timeout Task"},
    {"SET LOCAL lock_timeout = '10ms'; ALTER TABLE \"Task\" ADD a1 int", ""},
    // Attributes of composite types.
    {"ALTER TYPE \"Place\" DROP ATTRIBUTE street", "drops-column Place.street"},
    {"ALTER TYPE \"Place\" RENAME ATTRIBUTE street TO road", "renames-column Place.street"},
    {"ALTER TYPE \"Place\" ALTER ATTRIBUTE street TYPE varchar(5)", "narrows-type Place.street"},
    {"ALTER TYPE \"Place\" ADD ATTRIBUTE zip text", ""},
    // Loss.
    {"SET lock_timeout = 1; DROP TABLE \"Task\" CASCADE", "drops-table Task; drops-table Titles"},
    {"SET lock_timeout = 1; ALTER TABLE \"Task\" DROP COLUMN note", "drops-column Task.note"},
    {"SET lock_timeout = 1; ALTER TABLE \"Task\" DROP COLUMN note, ADD COLUMN note int",
     "drops-column Task.note"},
    {"SET lock_timeout = 1; TRUNCATE \"Task\"", "deletes-rows Task"},
    {"DELETE FROM \"Task\"", "bulk-write Task; deletes-rows Task"},
    {"DELETE FROM \"Task\" WHERE id < 0", "deletes-rows Task"},
    {"WITH gone AS (DELETE FROM \"Task\" RETURNING id) SELECT count(*) FROM gone, \"Team\"",
     "bulk-write Task; deletes-rows Task"},
    {"WITH done AS (UPDATE \"Task\" SET size = 1 RETURNING id) SELECT count(*) FROM done",
     "bulk-write Task"},
    {"DO $$ BEGIN DELETE FROM \"Task\" WHERE id < 0; END $$", "bulk-write Task; deletes-rows Task"},
    {"DO LANGUAGE 'plpgsql' $$ BEGIN DELETE FROM \"Task\"; END $$",
     "bulk-write Task; deletes-rows Task"},
    {"SET lock_timeout = 1; DO $$ BEGIN TRUNCATE \"Task\"; END $$",
     "table-rewrite Task; deletes-rows Task"},
    {"DROP VIEW \"Titles\"", "drops-table Titles"},
    {"DROP VIEW \"Titles\"; CREATE VIEW \"Titles\" AS SELECT id, title, note FROM \"Task\"", ""},
    {"DROP VIEW \"Titles\"; CREATE VIEW \"Titles\" AS SELECT id FROM \"Task\"",
     "drops-table Titles"},
    // The application that still runs.
    {"SET lock_timeout = 1; ALTER TABLE \"Task\" RENAME TO \"Job\"", "renames-table Task"},
    {"SET lock_timeout = 1; ALTER TABLE \"Task\" RENAME TO \"Job\"; CREATE VIEW \"Task\" AS SELECT "
     "* FROM \"Job\"",
     ""},
    {"SET lock_timeout = 1; ALTER TABLE \"Task\" RENAME TO \"Job\"; CREATE VIEW \"Task\" AS SELECT "
     "id FROM \"Job\"",
     "renames-table Task"},
    {"SET lock_timeout = 1; ALTER TABLE \"Task\" RENAME COLUMN note TO text",
     "renames-column Task.note"},
    {"SET lock_timeout = 1; ALTER TABLE \"Task\" RENAME COLUMN note TO x; ALTER TABLE \"Task\" "
     "RENAME COLUMN x TO note",
     ""},
    {"SET lock_timeout = 1; ALTER TABLE \"Task\" ADD COLUMN a int NOT NULL",
     "required-column Task.a"},
    {"SET lock_timeout = 1; ALTER TABLE \"Task\" ALTER COLUMN size SET NOT NULL",
     "constraint-validation Task; sets-not-null Task.size"},
    {"SET lock_timeout = 1; ALTER TABLE \"Task\" ALTER COLUMN role DROP DEFAULT",
     "drops-default Task.role"},
    {"SET lock_timeout = 1; ALTER TABLE \"Team\" ALTER COLUMN plan DROP DEFAULT",
     "drops-default Team.plan"},
    // Of both tables that it locks, always the same one.
    {"ALTER TABLE \"Task\" ADD FOREIGN KEY (\"teamId\") REFERENCES \"Team\" NOT VALID",
     "missing-lock-timeout Task"},
    {"SET lock_timeout = 1; CREATE TYPE \"Kind\" AS ENUM ('ADMIN', 'USER', 'GUEST'); ALTER TABLE "
     "\"Task\" ALTER COLUMN role DROP DEFAULT, ALTER COLUMN role TYPE \"Kind\" USING "
     "(role::text::\"Kind\"), ALTER COLUMN role SET DEFAULT 'USER'",
     "table-rewrite Task; changes-type Task.role"},
    {"SET lock_timeout = 1; ALTER TABLE \"Task\" ALTER COLUMN note TYPE varchar(5)",
     "table-rewrite Task; narrows-type Task.note"},
    {"SET lock_timeout = 1; ALTER TABLE \"Task\" ALTER COLUMN size TYPE text",
     "table-rewrite Task; changes-type Task.size"},
    {"SET lock_timeout = 1; ALTER TABLE \"Task\" ALTER COLUMN size TYPE double precision",
     "table-rewrite Task; changes-type Task.size"},
    {"SET lock_timeout = 1; ALTER TABLE \"Task\" ALTER COLUMN size TYPE decimal(65,30)",
     "table-rewrite Task; changes-type Task.size"},
    {"SET lock_timeout = 1; ALTER TABLE \"Task\" ALTER COLUMN size TYPE real",
     "table-rewrite Task; narrows-type Task.size"},
    // The values of a domain are those of its type.
    {"SET lock_timeout = 1; ALTER TABLE \"Sum\" ALTER COLUMN amount TYPE bigint",
     "table-rewrite Sum"},
    {"SET lock_timeout = 1; ALTER TABLE \"Sum\" ALTER COLUMN amount TYPE smallint",
     "table-rewrite Sum; narrows-type Sum.amount"},
    // Proven by the check, whatever else the statement adds.
    {"SET lock_timeout = 1; ALTER TABLE \"Task\" ADD CONSTRAINT c CHECK (size IS NOT NULL) NOT "
     "VALID; ALTER TABLE \"Task\" VALIDATE CONSTRAINT c; ALTER TABLE \"Task\" ALTER size SET NOT "
     "NULL, ADD CONSTRAINT n CHECK (size > 0) NOT VALID",
     "constraint-validation Task"},
    {"ALTER TYPE \"Role\" RENAME VALUE 'GUEST' TO 'VISITOR'", "renames-enum-value Role.GUEST"},
    {"SET lock_timeout = 1; CREATE TYPE \"Role_new\" AS ENUM ('ADMIN', 'USER'); ALTER TABLE "
     "\"Task\" ALTER COLUMN role DROP DEFAULT; ALTER TABLE \"Task\" ALTER COLUMN role TYPE "
     "\"Role_new\" USING (role::text::\"Role_new\"); ALTER TYPE \"Role\" RENAME TO \"Role_old\"; "
     "ALTER TYPE \"Role_new\" RENAME TO \"Role\"; DROP TYPE \"Role_old\"; ALTER TABLE \"Task\" "
     "ALTER COLUMN role SET DEFAULT 'USER'",
     "table-rewrite Task; removes-enum-value Task.role"},
};

class LintFindingsTest : public ::testing::Test {
 protected:
  void SetUp() override { BALLAST_NEEDS_SERVER(); }

  static std::vector<lint::Finding> FindingsOf(const scratch::ScratchDatabase& database,
                                               const std::string& script,
                                               lint::LintContext context = {}) {
    auto tracer = StatementTracer::Open(database, "migrations", context.time_zone);
    EXPECT_TRUE(tracer) << tracer.error().message;
    context.initial = tracer->state();
    const auto trace = tracer->Trace(release::MakeMigration("1_test", script));
    EXPECT_TRUE(trace) << script << ": " << trace.error().message;
    return trace ? lint::FindingsOf(*trace, context) : std::vector<lint::Finding>{};
  }
};

std::string InWords(const std::vector<lint::Finding>& findings) {
  std::vector<std::string> words;
  for (const lint::Finding& finding : findings) {
    words.push_back(std::string(lint::NameOf(finding.rule)) + " " + finding.object);
  }
  return Join(words, "; ");
}

TEST_F(LintFindingsTest, Table) {
  auto& server = **testing::ServerOf(0);
  const auto original = server.CreateDatabase("lint");
  ASSERT_TRUE(original) << original.error().message;
  ASSERT_TRUE(original->Connect()->Query(kState));
  for (const Case& test : kCases) {
    const auto database = server.CloneDatabase(*original);
    ASSERT_TRUE(database) << database.error().message;
    EXPECT_EQ(InWords(FindingsOf(*database, test.script)), test.findings) << test.script;
  }
}

TEST_F(LintFindingsTest, ATableWhoseRowsAreCopiedLosesNone) {
  const std::string kBegin =
      "ALTER TABLE \"Log_25\" RENAME TO old; CREATE TABLE \"Log_25\" (LIKE old);";
  const std::string kEnd = "DROP TABLE old";
  struct CopyCase {
    const char* copy;
    lint::Severity severity;
  };
  for (const CopyCase& c :
       {CopyCase{"INSERT INTO \"Log_25\" SELECT * FROM old;", lint::Severity::kNotice},
        CopyCase{"INSERT INTO \"Log_25\" SELECT * FROM old WHERE id > 0;", lint::Severity::kError},
        CopyCase{"INSERT INTO \"Log_25\" SELECT id, at FROM \"Log_24\";", lint::Severity::kError},
        CopyCase{"INSERT INTO \"Log_25\" SELECT old.id, old.at FROM old, \"Log_24\";",
                 lint::Severity::kError},
        CopyCase{"INSERT INTO \"Log_25\" SELECT * FROM old TABLESAMPLE SYSTEM (1);",
                 lint::Severity::kError},
        CopyCase{"INSERT INTO \"Log_25\" (id, at) SELECT id, at FROM public.old ORDER BY id;",
                 lint::Severity::kNotice},
        CopyCase{"DO $$ BEGIN INSERT INTO \"Log_25\" SELECT * FROM old; END $$;",
                 lint::Severity::kNotice},
        // What may be left out.
        CopyCase{"DO $$ BEGIN IF random() >= 0 THEN INSERT INTO \"Log_25\" SELECT * FROM old; END "
                 "IF; END $$;",
                 lint::Severity::kError},
        CopyCase{"DO $$ BEGIN INSERT INTO \"Log_25\" SELECT * FROM old; EXCEPTION WHEN OTHERS THEN "
                 "NULL; END $$;",
                 lint::Severity::kError},
        CopyCase{"", lint::Severity::kError}}) {
    testing::TestDatabase db;
    db.Run(kState);
    const std::vector<lint::Finding> findings = FindingsOf(db.database(), kBegin + c.copy + kEnd);
    const auto drop = std::ranges::find(findings, lint::Rule::kDropsTable, &lint::Finding::rule);
    ASSERT_NE(drop, findings.end()) << c.copy;
    EXPECT_EQ(drop->severity, c.severity) << c.copy;
  }
}

TEST_F(LintFindingsTest, FindsTheDeleteOfMerge) {
  testing::TestDatabase db;
  db.Run(kState);
  if (std::stoi(db.Value("SHOW server_version_num")) < 150000)
    GTEST_SKIP() << "NO MERGE: this server is older than 15";
  const auto findings =
      FindingsOf(db.database(),
                 "MERGE INTO \"Task\" USING \"Team\" ON \"teamId\" = \"Team\".id WHEN MATCHED THEN "
                 "DELETE");
  ASSERT_EQ(InWords(findings), "deletes-rows Task");
  EXPECT_EQ(lint::NameOf(findings.front().severity), "warning");
}

// The same statement on tables of several sizes.
TEST_F(LintFindingsTest, ConsidersLiveTables) {
  testing::TestDatabase db;
  db.Run(kState);
  const std::string script = "SET lock_timeout = 1; CREATE INDEX i ON \"Task\" (size)";
  const auto severity = [&](const lint::LiveTable& table) -> std::string {
    lint::LintContext context;
    context.live = lint::LiveTables{{{"public", "Task"}, table}};
    const auto findings = FindingsOf(db.database(), script, context);
    db.Run("DROP INDEX i");
    return findings.empty() ? "none" : std::string(lint::NameOf(findings.front().severity));
  };
  EXPECT_EQ(severity({0, 8192, 0}), "none");
  EXPECT_EQ(severity({100, 16384, 8192}), "notice");
  EXPECT_EQ(severity({50'000, 1 << 20, 1 << 19}), "warning");
  EXPECT_EQ(severity({41e6, int64_t{12} << 30, int64_t{8} << 30}), "error");
  EXPECT_EQ(severity({-1, 16384, 8192}), "notice");
}

// Locks that a transaction of the script holds already.
TEST_F(LintFindingsTest, CountsLocksOfTransactionsOfTheScript) {
  const auto messages_of = [&](const std::string& script) {
    testing::TestDatabase db;
    db.Run(kState);
    std::vector<std::string> messages;
    for (const lint::Finding& finding :
         FindingsOf(db.database(), "SET lock_timeout = 1;" + script)) {
      messages.push_back(finding.message);
    }
    return Join(messages, "; ");
  };
  const std::string heavy =
      "is one of 2 heavy statements in one transaction: the locks of the first are held until the "
      "last is done";
  const std::pair<std::string, std::string> cases[] = {
      {"BEGIN; ALTER TABLE \"Task\" ALTER size SET DEFAULT 2; CREATE INDEX i ON \"Task\" (size); "
       "COMMIT",
       "builds index i on Task, and blocks reads and writes to it until it is done"},
      {"BEGIN; ALTER TABLE \"Task\" ALTER size SET DEFAULT 2; COMMIT; BEGIN; CREATE INDEX i ON "
       "\"Task\" (size); COMMIT",
       "builds index i on Task, and blocks writes to it until it is done"},
      {"BEGIN; CREATE INDEX i ON \"Task\" (size); ALTER TABLE \"Task\" ALTER size TYPE bigint; "
       "COMMIT",
       "builds index i on Task, and blocks writes to it until it is done; rewrites Task, and "
       "blocks "
       "reads and writes to it until it is done; " +
           heavy},
      {"BEGIN; SAVEPOINT s; LOCK TABLE \"Task\"; CREATE INDEX i ON \"Task\" (size); COMMIT",
       "builds index i on Task, and blocks reads and writes to it until it is done"},
      {"BEGIN; ALTER TABLE \"Task\" ADD CONSTRAINT c CHECK (size > 0) NOT VALID; ALTER TABLE "
       "\"Task\" VALIDATE CONSTRAINT c; COMMIT",
       "checks every row against constraint c of Task, and blocks reads and writes to it until it "
       "is done"},
      {"BEGIN; SET LOCAL search_path = public; DELETE FROM \"Task\" WHERE id < 0; DELETE FROM "
       "\"Task\" WHERE id > 9; COMMIT",
       "deletes rows of Task; deletes rows of Task"},
  };
  for (const auto& [script, expected] : cases) EXPECT_EQ(messages_of(script), expected) << script;
}

// A statement's own locks do not depend on the transaction.
TEST_F(LintFindingsTest, MeasuresLocksOfEachStatement) {
  const std::string alters =
      "ALTER TABLE \"Task\" ALTER size SET DEFAULT 2; ALTER TABLE \"Task\" ALTER title TYPE "
      "varchar(9);";
  for (const std::string& script : {alters, "BEGIN;" + alters + "COMMIT;",
                                    "BEGIN; SET LOCAL lock_timeout = 1;" + alters + "COMMIT"}) {
    testing::TestDatabase db;
    db.Run(std::string(kState) + "DROP VIEW \"Titles\"");
    auto tracer = StatementTracer::Open(db.database(), "migrations");
    ASSERT_TRUE(tracer) << tracer.error().message;
    const auto trace = tracer->Trace(release::MakeMigration("1_test", script));
    ASSERT_TRUE(trace) << trace.error().message;
    int exclusive = 0;
    for (const lint::StatementTrace& statement : trace->statements) {
      for (const lint::HeldLock& lock : statement.locks) {
        const auto& relation = trace->before->relations.at(lock.relation);
        exclusive += relation.name == "Task" && lock.mode == sql::LockMode::kAccessExclusive;
      }
    }
    EXPECT_EQ(exclusive, 2) << script;
  }
}

// The server reads no row for it, but has not proven it either.
TEST_F(LintFindingsTest, ANotNullThatIsNotValidIsNotProven) {
  constexpr int kSince = 18;
  if (!testing::ServerOf(kSince)) GTEST_SKIP() << "NO SERVER of PostgreSQL 18";
  testing::TestDatabase db(kSince);
  db.Run(kState);
  EXPECT_EQ(InWords(FindingsOf(db.database(),
                               "SET lock_timeout = 1; ALTER TABLE \"Task\" ADD CONSTRAINT nn NOT "
                               "NULL size NOT VALID")),
            "sets-not-null Task.size");
}

// What lint recommends in place of SET NOT NULL, in two migrations as it says.
TEST_F(LintFindingsTest, AcceptsItsSafeFormOfSetNotNull) {
  const std::string timeout = "SET lock_timeout = 1; ";
  testing::TestDatabase db, other;
  db.Run(kState);
  other.Run(kState);
  const auto findings =
      FindingsOf(other.database(), timeout + "ALTER TABLE \"Task\" ALTER COLUMN size SET NOT NULL");
  ASSERT_EQ(InWords(findings), "constraint-validation Task; sets-not-null Task.size");
  const std::string& safe = findings.back().safe_form;
  const size_t later = safe.find("-- in a later migration");
  ASSERT_NE(later, std::string::npos) << safe;
  EXPECT_EQ(InWords(FindingsOf(db.database(), timeout + safe.substr(0, later))), "");
  EXPECT_EQ(InWords(FindingsOf(db.database(), timeout + safe.substr(later))), "");
  EXPECT_EQ(
      db.Value("SELECT attnotnull FROM pg_attribute WHERE attrelid = '\"Task\"'::regclass AND "
               "attname = 'size'"),
      "t");
}

// What a safe form must contain for this very statement.
TEST_F(LintFindingsTest, SafeFormsDoTheSame) {
  struct SafeForm {
    const char* script;
    lint::Rule rule;
    const char* part;
  };
  for (const SafeForm& c : {
           SafeForm{"ALTER TABLE \"Task\" ALTER size TYPE bigint USING (size * 100)::bigint",
                    lint::Rule::kTableRewrite, "SET \"size_new\" = (size * 100)::bigint"},
           SafeForm{"DO LANGUAGE plpgsql $$ BEGIN DELETE FROM \"Task\"; END $$",
                    lint::Rule::kBulkWrite, "DELETE FROM \"Task\" WHERE ctid"},
           SafeForm{"ALTER TABLE \"Task\" ALTER size TYPE bigint", lint::Rule::kTableRewrite,
                    "SET \"size_new\" = \"size\"::bigint"},
           SafeForm{
               "ALTER TABLE \"Task\" ADD CONSTRAINT u UNIQUE (size) INCLUDE (title) DEFERRABLE "
               "INITIALLY DEFERRED",
               lint::Rule::kIndexBlocksWrites,
               "UNIQUE USING INDEX \"u\" DEFERRABLE INITIALLY DEFERRED"},
           SafeForm{"ALTER TABLE \"Team\" DROP CONSTRAINT \"Team_pkey\"; ALTER TABLE \"Team\" ADD "
                    "PRIMARY KEY (id, name)",
                    lint::Rule::kIndexBlocksWrites,
                    "ADD CONSTRAINT \"Team_pkey\" PRIMARY KEY USING INDEX"},
           SafeForm{"ALTER TABLE \"Task\" ADD EXCLUDE USING btree (size WITH =)",
                    lint::Rule::kIndexBlocksWrites, "exclusion constraint only under this lock"},
           SafeForm{
               "CREATE UNIQUE INDEX i ON \"Task\" (lower(title)) INCLUDE (note) WHERE size > 0",
               lint::Rule::kAddsUnique,
               "SELECT lower(title), count(*) FROM \"Task\" WHERE size > 0 AND "
               "(lower(title)) IS NOT NULL GROUP BY lower(title)"},
           SafeForm{"CREATE UNIQUE INDEX i ON \"Task\" (size, lower(title))",
                    lint::Rule::kAddsUnique, "GROUP BY size, lower(title)"},
           // A new column of the domain, too, rewrites the table.
           SafeForm{
               "CREATE DOMAIN digit AS int CHECK (VALUE < 10); ALTER TABLE \"Task\" ADD d digit",
               lint::Rule::kTableRewrite,
               "ADD COLUMN \"d\" integer;\n-- for the constraints of the domain"},
           SafeForm{
               "CREATE DOMAIN digit AS int CHECK (VALUE < 10); ALTER TABLE \"Task\" ALTER size "
               "TYPE digit",
               lint::Rule::kTableRewrite, "ADD COLUMN \"size_new\" integer"},
           SafeForm{"ALTER TABLE \"Task\" ADD twice int GENERATED ALWAYS AS (size * 2) STORED",
                    lint::Rule::kTableRewrite, "let a trigger BEFORE INSERT OR UPDATE compute"},
       }) {
    testing::TestDatabase db;
    db.Run(kState);
    bool found = false;
    for (const lint::Finding& finding : FindingsOf(db.database(), c.script)) {
      if (finding.rule != c.rule) continue;
      found = true;
      EXPECT_NE(finding.safe_form.find(c.part), std::string::npos) << finding.safe_form;
    }
    EXPECT_TRUE(found) << c.script;
  }
}

// The lines of a safe form up to the first one that the reader has to complete.
std::string Statements(const std::string& safe_form) {
  std::string text;
  for (const std::string& line : Split(safe_form, '\n')) {
    if (line.starts_with("--")) continue;
    if (line.find("…") != std::string::npos) break;
    text += line + "\n";
  }
  return text;
}

// Each printed statement runs in the state before the script, outside of a transaction block.
TEST_F(LintFindingsTest, SafeFormsRun) {
  const std::string kLongTable(63, 't');
  const std::string kMoreState =
      "CREATE TABLE " + kLongTable + " (aaaaaaaa int, bbbbbbbb int, v int, v_new int);" + R"(
CREATE TABLE u (id int PRIMARY KEY, code text, n int, name text, CONSTRAINT uq UNIQUE (code, n));
CREATE INDEX u_low ON u (lower(code));
CREATE UNIQUE INDEX u_inc ON u (id) INCLUDE (name);
CREATE TABLE p (id int, k text) PARTITION BY LIST (k);
CREATE TABLE p_a PARTITION OF p FOR VALUES IN ('a');
CREATE TABLE p_d PARTITION OF p DEFAULT;
CREATE TABLE p_b (id int, k text);
CREATE TABLE "_AToB" ("A" int NOT NULL, "B" int NOT NULL);
CREATE UNIQUE INDEX "_AToB_AB_unique" ON "_AToB" ("A", "B");
CREATE SCHEMA other;
CREATE TABLE other.t (a int);
CREATE INDEX i ON other.t (a);
CREATE DOMAIN d AS int;
CREATE TABLE of_d (v d);
)";
  struct SafeForm {
    std::string script;
    std::string part;  // of one of the safe forms
  };
  for (const SafeForm& c : {
           SafeForm{"ALTER TABLE u ADD COLUMN x int UNIQUE", "ADD COLUMN \"x\" integer;"},
           SafeForm{"ALTER TABLE u ADD COLUMN y int REFERENCES u", "ADD COLUMN \"y\" integer, ADD"},
           SafeForm{"ALTER TABLE u ADD COLUMN z int NOT NULL DEFAULT 0 CHECK (z >= 0)",
                    "ADD COLUMN \"z\" integer DEFAULT 0 NOT NULL, ADD"},
           SafeForm{"ALTER TABLE u DROP CONSTRAINT uq, ADD CONSTRAINT uq UNIQUE (code)",
                    "INDEX CONCURRENTLY \"uq_new\" ON"},
           SafeForm{
               "ALTER TABLE \"_AToB\" ADD CONSTRAINT \"_AToB_AB_pkey\" PRIMARY KEY (\"A\", \"B\")",
               "it: no statement may drop it\nALTER TABLE \"_AToB\" ADD CONSTRAINT "
               "\"_AToB_AB_pkey\" PRIMARY KEY USING INDEX \"_AToB_AB_unique\";"},
           SafeForm{"ALTER TABLE p DETACH PARTITION p_a", "DETACH PARTITION \"p_a\";"},
           SafeForm{"CREATE INDEX p_on ON p (id) WHERE k <> 'x ON y'", "<> 'x ON y'"},
           SafeForm{"ALTER TABLE u ALTER COLUMN code TYPE varchar(80)", "ADD COLUMN \"code_new\""},
           SafeForm{"DELETE FROM u", "DELETE FROM \"u\" WHERE ctid"},
           SafeForm{"WITH d AS (DELETE FROM u RETURNING id) SELECT count(*) FROM d",
                    "DELETE FROM \"u\" WHERE ctid"},
           SafeForm{"DROP INDEX other.i", "DROP INDEX CONCURRENTLY \"other\".\"i\""},
           // Names fit, and are free.
           SafeForm{"ALTER TABLE " + kLongTable +
                        " ALTER aaaaaaaa SET NOT NULL, ALTER bbbbbbbb "
                        "SET NOT NULL",
                    "_null_check"},
           SafeForm{"ALTER TABLE " + kLongTable + " ADD CONSTRAINT ukey UNIQUE (aaaaaaaa)",
                    "CONCURRENTLY \"ukey\" ON \"" + kLongTable + "\" USING btree"},
           SafeForm{"ALTER TABLE " + kLongTable + " ALTER v TYPE bigint", "ADD COLUMN \"v_new1\""},
           SafeForm{"REINDEX TABLE u", "REINDEX TABLE CONCURRENTLY u;"},
           SafeForm{"ALTER TABLE other.t SET SCHEMA public", "@@schema(\"other\")"},
           SafeForm{"ALTER DOMAIN d ADD CONSTRAINT positive CHECK (VALUE > 0)",
                    "CHECK (VALUE > 0) NOT VALID;"},
           SafeForm{"ALTER DOMAIN d ADD CHECK (VALUE > 0)", "VALIDATE CONSTRAINT \"d_check\";"},
           SafeForm{"ALTER DOMAIN d SET NOT NULL", "CHECK (VALUE IS NOT NULL) NOT VALID;"},
           SafeForm{"ALTER TABLE p ATTACH PARTITION p_b FOR VALUES IN ('b')",
                    "ADD CONSTRAINT \"p_d_bounds\""},
       }) {
    testing::TestDatabase db, before;
    db.Run(kMoreState);
    bool found = false;
    for (const lint::Finding& finding : FindingsOf(db.database(), c.script)) {
      found = found || finding.safe_form.find(c.part) != std::string::npos;
      before.Run("DROP SCHEMA IF EXISTS other, public CASCADE; CREATE SCHEMA public;");
      before.Run(kMoreState);
      for (const std::string& statement : Split(Statements(finding.safe_form), ';')) {
        if (statement.find_first_not_of(" \n") != std::string::npos) before.Run(statement);
      }
    }
    EXPECT_TRUE(found) << c.script << ": " << c.part;
  }
}

// A wider type makes no values equal.
TEST_F(LintFindingsTest, UniqueIndexesOfWiderTypesStayUnique) {
  constexpr const char* kUnique = R"(
CREATE TABLE u (id int PRIMARY KEY, n numeric(10, 4), name varchar(5));
CREATE UNIQUE INDEX u_n ON u (n);
CREATE UNIQUE INDEX u_inc ON u (id) INCLUDE (name);
)";
  const std::pair<const char*, bool> cases[] = {
      {"ALTER TABLE u ALTER id TYPE bigint", false},
      {"ALTER TABLE u ALTER id TYPE numeric(65, 30)", false},
      {"ALTER TABLE u ALTER id TYPE real", true},
      {"ALTER TABLE u ALTER name TYPE text", false},
      {"ALTER TABLE u ALTER n TYPE numeric(10, 2)", true},
      {"ALTER TABLE u ALTER id TYPE bigint USING id / 2", true},
      {"DROP INDEX u_inc; CREATE UNIQUE INDEX u_inc ON u (name)", true},
  };
  for (const auto& [script, warns] : cases) {
    testing::TestDatabase db;
    db.Run(kUnique);
    const std::string findings = InWords(FindingsOf(db.database(), script));
    EXPECT_EQ(findings.find("adds-unique") != std::string::npos, warns) << script << findings;
  }
}

// Rows that are distinct in some columns are distinct in more of them.
TEST_F(LintFindingsTest, UniqueIndexesOfMoreColumnsFindUniqueRows) {
  constexpr const char* kUnique = R"(
CREATE COLLATION other (provider = icu, locale = 'de');
CREATE TABLE u (id int, a text NOT NULL, b text NOT NULL, c text, d int, e int, f text, g int);
CREATE UNIQUE INDEX u_ab ON u (a, b);
CREATE UNIQUE INDEX u_c ON u (c);
CREATE UNIQUE INDEX u_d ON u (d) WHERE d > 0;
CREATE UNIQUE INDEX u_e ON u ((e + 1));
CREATE UNIQUE INDEX u_f ON u (f COLLATE other);
CREATE TABLE p (id int NOT NULL, k int) PARTITION BY HASH (id);
CREATE TABLE p0 PARTITION OF p FOR VALUES WITH (modulus 1, remainder 0);
CREATE UNIQUE INDEX p_id ON ONLY p (id);
ALTER TABLE u ADD CONSTRAINT u_g UNIQUE (g) DEFERRABLE;
)";
  const std::pair<const char*, bool> cases[] = {
      {"ALTER TABLE u ADD PRIMARY KEY (a, b); DROP INDEX u_ab", false},
      {"DROP INDEX u_ab; CREATE UNIQUE INDEX i ON u (b, c, a)", false},
      {"CREATE UNIQUE INDEX i ON u (a)", true},
      {"CREATE UNIQUE INDEX i ON u (a, b, (d + 1)) WHERE c <> ''", false},
      {"CREATE UNIQUE INDEX i ON u (a) INCLUDE (b)", true},
      {"CREATE UNIQUE INDEX i ON u (c, d)", false},
      {"CREATE UNIQUE INDEX i ON u (d, id)", true},
      {"CREATE UNIQUE INDEX i ON u (e, id)", true},
      {"CREATE UNIQUE INDEX i ON u (f, id)", true},
      {"CREATE UNIQUE INDEX i ON u (g, id)", true},
      {"CREATE UNIQUE INDEX i ON u (c text_pattern_ops, d)", true},
      {"CREATE UNIQUE INDEX i ON p (id, k)", true},
      // What could make values equal in between.
      {"DROP INDEX u_c; UPDATE u SET c = 'x'; CREATE UNIQUE INDEX i ON u (c, d)", true},
      {"DROP INDEX u_c; ALTER TABLE u ALTER c TYPE text USING ''; CREATE UNIQUE INDEX i ON u (c, "
       "d)",
       true},
      {"BEGIN; DROP INDEX u_c; COMMIT; CREATE UNIQUE INDEX i ON u (c, d)", true},
  };
  for (const auto& [script, warns] : cases) {
    testing::TestDatabase db;
    db.Run(kUnique);
    const std::string findings = InWords(FindingsOf(db.database(), script));
    EXPECT_EQ(findings.find("adds-unique") != std::string::npos, warns) << script << findings;
  }
}

// Nothing that measures comes between a BEGIN and what PostgreSQL accepts only before a query, or
// between rows whose checks are deferred.
TEST_F(LintFindingsTest, RunsWhatBelongsTogether) {
  constexpr const char* kDeferred = R"(
CREATE TABLE one (id int PRIMARY KEY);
CREATE TABLE many (id int PRIMARY KEY, "oneId" int, CONSTRAINT fk FOREIGN KEY ("oneId") REFERENCES
                   one DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE few (id int CONSTRAINT late REFERENCES one DEFERRABLE);
)";
  const std::pair<const char*, const char*> cases[] = {
      {"BEGIN; SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SET LOCAL statement_timeout = 0; "
       "INSERT INTO one VALUES (1); COMMIT",
       ""},
      {"SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; UPDATE one SET id = 2", "bulk-write one"},
      {"BEGIN; SET LOCAL transaction_isolation = 'serializable'; SAVEPOINT s; UPDATE one SET id = "
       "2; "
       "RELEASE s; COMMIT",
       "bulk-write one"},
      {"BEGIN; LOCK TABLE one IN EXCLUSIVE MODE; SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; "
       "SAVEPOINT s; ROLLBACK TO s; COMMIT AND CHAIN; SET TRANSACTION ISOLATION LEVEL "
       "SERIALIZABLE, "
       "READ WRITE; COMMIT",
       "missing-lock-timeout one"},
      {"SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE; UPDATE one SET id "
       "= "
       "2",
       "bulk-write one"},
      {"INSERT INTO many VALUES (1, 7); INSERT INTO one VALUES (7)", ""},
      {"SET CONSTRAINTS ALL DEFERRED; INSERT INTO many VALUES (1, 7); INSERT INTO one VALUES (7)",
       ""},
      {"SET CONSTRAINTS late DEFERRED; INSERT INTO few VALUES (7); INSERT INTO one VALUES (7)", ""},
      {"SET lock_timeout = 1; SET CONSTRAINTS late IMMEDIATE; ALTER TABLE few DROP CONSTRAINT "
       "late; "
       "ALTER TABLE few ADD UNIQUE (id)",
       "index-blocks-writes few; adds-unique few"},
  };
  for (const auto& [script, expected] : cases) {
    testing::TestDatabase db;
    db.Run(kDeferred);
    EXPECT_EQ(InWords(FindingsOf(db.database(), script)), expected) << script;
  }
}

// Between timestamp and timestamptz, the rewrite depends on the session that deploys.
TEST_F(LintFindingsTest, ConsidersTimeZone) {
  const std::string timeout = "SET lock_timeout = 1; ";
  const std::string change = "ALTER TABLE \"Task\" ALTER COLUMN at TYPE timestamptz";
  const auto finding_in = [&](const std::string& zone, const std::string& script) -> std::string {
    testing::TestDatabase db;
    db.Run(kState);
    lint::LintContext context;
    context.time_zone = zone;
    const auto findings = FindingsOf(db.database(), timeout + script, context);
    if (findings.empty()) return "none";
    const lint::Finding& first = findings.front();
    return std::string(lint::NameOf(first.severity)) + ": " + first.message;
  };
  const std::string rewrites = "rewrites Task, and blocks reads and writes to it until it is done";
  EXPECT_EQ(finding_in("", change),
            "notice: rewrites Task unless the session's TimeZone is UTC, and blocks reads and "
            "writes to it until it is done");
  EXPECT_EQ(finding_in("Europe/London", change), "warning: " + rewrites);
  EXPECT_EQ(finding_in("Etc/UTC", change), "none");
  EXPECT_EQ(finding_in("Etc/UTC", change + " USING at AT TIME ZONE 'UTC'"), "warning: " + rewrites);
  EXPECT_EQ(finding_in("", change + " USING at AT TIME ZONE 'UTC'"), "warning: " + rewrites);
}

}  // namespace
}  // namespace ballast::proof
