// SPDX-License-Identifier: Apache-2.0
// Types and collations: each property that snapshots must distinguish.
#include "tests/support/snapshot_case.h"

namespace ballast::testing {
namespace {

class SnapshotOfTypes : public MajorsTest {};

constexpr SnapshotCase kTypeCases[] = {
    {"enum", 13, "", "CREATE TYPE e AS ENUM ('a', 'b')", "enum e exists, but is not expected\n"},
    {"enum order", 13, "CREATE TYPE e AS ENUM ('a', 'b')", "ALTER TYPE e ADD VALUE 'c' BEFORE 'b'",
     "enum e: values is 'a', 'c', 'b', expected 'a', 'b'\n"},
    {"empty enum", 13, "", "CREATE TYPE e AS ENUM ()", "enum e exists, but is not expected\n"},
    {"enum owner", 13, "CREATE ROLE facts_app; CREATE TYPE e AS ENUM ('a')",
     "ALTER TYPE e OWNER TO facts_app", "enum e: owner is facts_app, expected none\n"},
    {"enum comment", 13, "CREATE TYPE e AS ENUM ('a')", "COMMENT ON TYPE e IS 'x'",
     "enum e: comment is x, expected none\n"},
    {"enum grant", 13, "CREATE TYPE e AS ENUM ('a')", "REVOKE USAGE ON TYPE e FROM PUBLIC",
     "enum e: revoke from PUBLIC is USAGE, expected none\n"},
    {"domain", 13, "",
     "CREATE DOMAIN d AS varchar(5) COLLATE \"C\" DEFAULT 'x' NOT NULL CHECK (VALUE <> 'y')",
     "domain d exists, but is not expected\n"},
    {"domain default", 13, "CREATE DOMAIN d AS int DEFAULT 1", "ALTER DOMAIN d SET DEFAULT 2",
     "domain d: default is 2, expected 1\n"},
    {"domain not null", 13, "CREATE DOMAIN d AS int", "ALTER DOMAIN d SET NOT NULL",
     "domain d: not null is yes, expected no\n"},
    {"domain check", 13, "CREATE DOMAIN d AS int",
     "ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0) NOT VALID",
     "domain constraint d.c exists, but is not expected\n"},
    {"domain constraint comment", 13, "CREATE DOMAIN d AS int CONSTRAINT c CHECK (VALUE > 0)",
     "COMMENT ON CONSTRAINT c ON DOMAIN d IS 'x'",
     "domain constraint d.c: comment is x, expected none\n"},
    {"composite type", 13, "", "CREATE TYPE c AS (a int, b text COLLATE \"C\")",
     "composite type c exists, but is not expected\n"},
    {"composite order", 13, "CREATE TYPE c AS (a int, b text)",
     "DROP TYPE c; CREATE TYPE c AS (b text, a int)",
     "composite type c: attributes is b text, a integer, expected a integer, b text\n"},
    {"composite comment", 13, "CREATE TYPE c AS (a int)",
     "COMMENT ON TYPE c IS 'x'; COMMENT ON COLUMN c.a IS 'y'",
     "composite type c: attribute a comment is y, expected none; comment is x, expected none\n"},
    {"empty composite", 13, "", "CREATE TYPE c AS ()",
     "composite type c exists, but is not expected\n"},
    {"range type", 13, "", "CREATE TYPE r AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi)",
     "range type r exists, but is not expected\n"},
    {"range subtype", 13, "CREATE TYPE r AS RANGE (SUBTYPE = float8)",
     "DROP TYPE r; CREATE TYPE r AS RANGE (SUBTYPE = text, COLLATION = \"C\", SUBTYPE_OPCLASS = "
     "text_pattern_ops)",
     "range type r: collation is \"C\", expected none; operator class is "
     "pg_catalog.text_pattern_ops, "
     "expected none; subtype is text, expected double precision\n"},
    {"multirange name", 14, "CREATE TYPE r AS RANGE (SUBTYPE = float8)",
     "DROP TYPE r; CREATE TYPE r AS RANGE (SUBTYPE = float8, MULTIRANGE_TYPE_NAME = many)",
     "range type r: multirange is many, expected none\n"},
    {"shell type", 13, "", "CREATE TYPE sh", "base type sh exists, but is not expected\n"},
    {"collation", 13, "", "CREATE COLLATION c (LOCALE = 'C')",
     "collation c exists, but is not expected\n"},
    {"collation deterministic", 13, "CREATE COLLATION c (PROVIDER = icu, LOCALE = 'und')",
     "DROP COLLATION c; CREATE COLLATION c (PROVIDER = icu, LOCALE = 'und', DETERMINISTIC = false)",
     "collation c: deterministic is no, expected yes\n"},
    {"collation rules", 16, "CREATE COLLATION c (PROVIDER = icu, LOCALE = 'und')",
     "DROP COLLATION c; CREATE COLLATION c (PROVIDER = icu, LOCALE = 'und', RULES = '&a < b')",
     "collation c: rules is &a < b, expected none\n"},
    {"collation comment", 13, "CREATE COLLATION c (LOCALE = 'C')", "COMMENT ON COLLATION c IS 'x'",
     "collation c: comment is x, expected none\n"},
};

TEST_P(SnapshotOfTypes, NamesEachChange) {
  RunSnapshotCases(db(), kTypeCases);
}

INSTANTIATE_TEST_SUITE_P(Majors, SnapshotOfTypes, ::testing::ValuesIn(UsualMajors()));
INSTANTIATE_TEST_SUITE_P(Slow, SnapshotOfTypes, ::testing::ValuesIn(FurtherMajors()));

}  // namespace
}  // namespace ballast::testing
