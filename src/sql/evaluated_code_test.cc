// SPDX-License-Identifier: Apache-2.0
#include "sql/evaluated_code.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace ballast::sql {
namespace {

// "own", "catalog" and the names of functions.
std::string Summary(const char* script) {
  const EvaluatedCode code = EvaluatedBy(script);
  std::vector<std::string> words = code.functions;
  if (code.of_catalog) words.insert(words.begin(), "catalog");
  if (code.is_own) words.insert(words.begin(), "own");
  return Join(words, " ");
}

TEST(EvaluatedCode, IsWhatStatementsComputeWhenTheyRun) {
  const struct {
    const char* script;
    const char* summary;
  } cases[] = {
      {"ALTER TABLE t ALTER a TYPE int USING f(a)", "catalog f"},
      {"ALTER TABLE t ALTER a TYPE int USING s.f(pg_catalog.lower(a))", "catalog f"},
      {"ALTER TABLE t ADD b int DEFAULT g()", "catalog g"},
      {"ALTER TABLE t ADD CHECK (ok(a))", "catalog ok"},
      {"ALTER TABLE t VALIDATE CONSTRAINT c", "catalog"},
      {"CREATE INDEX ON t (h(a)) WHERE p(a)", "catalog h p"},
      {"CREATE TABLE x AS SELECT f(a) FROM t", "catalog f"},
      {"REFRESH MATERIALIZED VIEW m", "catalog"},
      {"CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER TABLE t ADD b int",
       "own catalog"},
      {"INSERT INTO t SELECT 1", "own"},
      {"EXPLAIN ANALYZE DELETE FROM t", "own"},
      {"not SQL", "own"},
      {"ALTER TABLE t DROP a, ALTER b SET DEFAULT f(), ALTER c DROP NOT NULL", ""},
      {"CREATE VIEW v AS SELECT f(); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
       ""},
      {"DROP TABLE t; ALTER TABLE u RENAME a TO b; CREATE TABLE n (a int DEFAULT f())", ""},
  };
  for (const auto& one : cases) EXPECT_EQ(Summary(one.script), one.summary) << one.script;
}

}  // namespace
}  // namespace ballast::sql
