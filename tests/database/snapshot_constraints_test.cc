// SPDX-License-Identifier: Apache-2.0
// Constraints, indexes and statistics: each property that snapshots must distinguish.
#include "tests/support/snapshot_case.h"

namespace ballast::testing {
namespace {

class SnapshotOfConstraints : public MajorsTest {};

constexpr SnapshotCase kConstraintCases[] = {
    {"primary key", 13, "CREATE TABLE t (a int NOT NULL)", "ALTER TABLE t ADD PRIMARY KEY (a)",
     "constraint t.t_pkey exists, but is not expected\n"},
    {"unique", 13, "CREATE TABLE t (a int, b text);",
     "ALTER TABLE t ADD CONSTRAINT u UNIQUE (a) INCLUDE (b) DEFERRABLE INITIALLY DEFERRED",
     "constraint t.u exists, but is not expected\n"},
    {"unique options", 13, "CREATE TABLE t (a int UNIQUE)",
     "ALTER INDEX t_a_key SET (fillfactor = 50)",
     "constraint t.t_a_key: index options is fillfactor=50, expected none\n"},
    {"constraint clustered", 13, "CREATE TABLE t (a int UNIQUE)",
     "ALTER TABLE t CLUSTER ON t_a_key",
     "constraint t.t_a_key: index clustered is yes, expected no\n"},
    {"nulls not distinct", 15, "CREATE TABLE t (a int)",
     "ALTER TABLE t ADD UNIQUE NULLS NOT DISTINCT (a)",
     "constraint t.t_a_key exists, but is not expected\n"},
    {"check", 13, "CREATE TABLE t (a int, b text);",
     "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NO INHERIT",
     "constraint t.c exists, but is not expected\n"},
    {"check not valid", 13, "CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0))",
     "ALTER TABLE t DROP CONSTRAINT c, ADD CONSTRAINT c CHECK (a > 0) NOT VALID",
     "constraint t.c: definition is CHECK ((a > 0)) NOT VALID, expected CHECK ((a > 0))\n"},
    {"check not enforced", 18, "CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0))",
     "ALTER TABLE t DROP CONSTRAINT c, ADD CONSTRAINT c CHECK (a > 0) NOT ENFORCED",
     "constraint t.c: definition is CHECK ((a > 0)) NOT ENFORCED, expected CHECK ((a > 0))\n"},
    {"check inherited", 13, "CREATE TABLE p (a int); CREATE TABLE c () INHERITS (p)",
     "ALTER TABLE p ADD CONSTRAINT k CHECK (a > 0)",
     "constraint c.k exists, but is not expected\n"
     "constraint p.k exists, but is not expected\n"},
    {"foreign key", 13,
     "CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE t (a int, CONSTRAINT f FOREIGN KEY (a) "
     "REFERENCES p);",
     "ALTER TABLE t DROP CONSTRAINT f", "constraint t.f is missing\n"},
    {"foreign key action", 13,
     "CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE t (a int, CONSTRAINT f FOREIGN KEY (a) "
     "REFERENCES p);",
     "ALTER TABLE t DROP CONSTRAINT f, ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p ON DELETE "
     "CASCADE",
     "constraint t.f: definition is FOREIGN KEY (a) REFERENCES p(a) ON DELETE CASCADE, expected "
     "FOREIGN "
     "KEY (a) REFERENCES p(a)\n"},
    {"foreign key not valid", 13,
     "CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE t (a int, CONSTRAINT f FOREIGN KEY (a) "
     "REFERENCES p);",
     "ALTER TABLE t DROP CONSTRAINT f, ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p NOT VALID",
     "constraint t.f: definition is FOREIGN KEY (a) REFERENCES p(a) NOT VALID, expected FOREIGN "
     "KEY (a) "
     "REFERENCES p(a)\n"},
    {"foreign key deferrable", 13,
     "CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE t (a int, CONSTRAINT f FOREIGN KEY (a) "
     "REFERENCES p);",
     "ALTER TABLE t ALTER CONSTRAINT f DEFERRABLE",
     "constraint t.f: definition is FOREIGN KEY (a) REFERENCES p(a) DEFERRABLE, expected FOREIGN "
     "KEY "
     "(a) REFERENCES p(a)\n"},
    {"foreign key switched off", 13,
     "CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE t (a int, CONSTRAINT f FOREIGN KEY (a) "
     "REFERENCES p);",
     "ALTER TABLE t DISABLE TRIGGER ALL",
     "constraint t.f: enforcement is off on t, expected none\n"},
    {"exclude", 13, "CREATE TABLE t (a int4range)",
     "ALTER TABLE t ADD CONSTRAINT e EXCLUDE USING gist (a WITH &&)",
     "constraint t.e exists, but is not expected\n"},
    {"constraint name", 13, "CREATE TABLE t (a int PRIMARY KEY)",
     "ALTER TABLE t RENAME CONSTRAINT t_pkey TO k",
     "constraint t.k exists, but is not expected\n"
     "constraint t.t_pkey is missing\n"},
    {"constraint comment", 13, "CREATE TABLE t (a int PRIMARY KEY)",
     "COMMENT ON CONSTRAINT t_pkey ON t IS 'x'; COMMENT ON INDEX t_pkey IS 'y'",
     "constraint t.t_pkey: comment is x, expected none; index comment is y, expected none\n"},
    {"without overlaps", 18, "CREATE TABLE t (a int4range NOT NULL, b tsrange NOT NULL)",
     "ALTER TABLE t ADD PRIMARY KEY (a, b WITHOUT OVERLAPS)",
     "constraint t.t_pkey exists, but is not expected\n"},
    {"index", 13, "CREATE TABLE t (a int, b text);", "CREATE INDEX i ON t (a)",
     "index i exists, but is not expected\n"},
    {"index unique", 13, "CREATE TABLE t (a int, b text);CREATE INDEX i ON t (a)",
     "DROP INDEX i; CREATE UNIQUE INDEX i ON t (a)", "index i: unique is yes, expected no\n"},
    {"index keys", 13, "CREATE TABLE t (a int, b text);CREATE INDEX i ON t (a)",
     "DROP INDEX i; CREATE INDEX i ON t (b text_pattern_ops DESC NULLS LAST, lower(b) COLLATE "
     "\"C\") INCLUDE (a)",
     "index i: definition is USING btree (b text_pattern_ops DESC NULLS LAST, lower(b) COLLATE "
     "\"C\") INCLUDE (a), expected USING btree (a)\n"},
    {"index predicate", 13, "CREATE TABLE t (a int, b text);CREATE INDEX i ON t (a)",
     "DROP INDEX i; CREATE INDEX i ON t (a) WHERE b = 'x'",
     "index i: definition is USING btree (a) WHERE (b = 'x'::text), expected USING btree (a)\n"},
    {"index method", 13, "CREATE TABLE t (a int, b text);CREATE INDEX i ON t (a)",
     "DROP INDEX i; CREATE INDEX i ON t USING hash (a)",
     "index i: definition is USING hash (a), expected USING btree (a)\n"},
    {"index options", 13, "CREATE TABLE t (a int, b text);CREATE INDEX i ON t (a)",
     "ALTER INDEX i SET (fillfactor = 60)",
     "index i: definition is USING btree (a) WITH (fillfactor='60'), expected USING btree (a)\n"},
    {"index clustered", 13, "CREATE TABLE t (a int, b text);CREATE INDEX i ON t (a)",
     "CLUSTER t USING i", "index i: clustered is yes, expected no\n"},
    {"index comment", 13, "CREATE TABLE t (a int, b text);CREATE INDEX i ON t (a)",
     "COMMENT ON INDEX i IS 'x'", "index i: comment is x, expected none\n"},
    {"index replica identity", 13,
     "CREATE TABLE t (a int NOT NULL); CREATE UNIQUE INDEX i ON t (a)",
     "ALTER TABLE t REPLICA IDENTITY USING INDEX i",
     "index i: replica identity is yes, expected no\n"
     "table t: replica identity is index, expected none\n"},
    {"index statistics", 13, "CREATE TABLE t (a int); CREATE INDEX i ON t ((a + 1))",
     "ALTER INDEX i ALTER 1 SET STATISTICS 300", "index i: statistics is 1=300, expected none\n"},
    {"index only", 13,
     "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE c PARTITION OF p DEFAULT; CREATE "
     "INDEX i ON ONLY p (a); CREATE INDEX j ON c (a)",
     "ALTER INDEX i ATTACH PARTITION j",
     "index i: state is missing, expected invalid\n"
     "index j: attached to is i, expected none\n"},
    {"index name that looks like a header", 13, "CREATE TABLE \"t USING\" (a int)",
     "CREATE INDEX \"i ON x USING y\" ON \"t USING\" (a)",
     "index \"i ON x USING y\" exists, but is not expected\n"},
    {"statistics object", 13, "CREATE TABLE t (a int, b text);",
     "CREATE STATISTICS s (ndistinct) ON b, a FROM t",
     "statistics s exists, but is not expected\n"},
    {"statistics kinds", 13,
     "CREATE TABLE t (a int, b text);CREATE STATISTICS s (ndistinct) ON a, b FROM t",
     "DROP STATISTICS s; CREATE STATISTICS s (mcv) ON a, b FROM t; ALTER STATISTICS s SET "
     "STATISTICS 50",
     "statistics s: kinds is m, expected d; target is 50, expected none\n"},
    {"statistics expression", 14,
     "CREATE TABLE t (a int, b text);CREATE STATISTICS s ON a, b FROM t",
     "DROP STATISTICS s; CREATE STATISTICS s ON a, lower(b) FROM t",
     "statistics s: columns is a, expected a, b; expressions is lower(b), expected none; kinds is "
     "defm, "
     "expected dfm\n"},
};

TEST_P(SnapshotOfConstraints, NamesEachChange) {
  RunSnapshotCases(db(), kConstraintCases);
}

INSTANTIATE_TEST_SUITE_P(Majors, SnapshotOfConstraints, ::testing::ValuesIn(UsualMajors()));
INSTANTIATE_TEST_SUITE_P(Slow, SnapshotOfConstraints, ::testing::ValuesIn(FurtherMajors()));

}  // namespace
}  // namespace ballast::testing
