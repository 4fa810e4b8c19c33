// SPDX-License-Identifier: Apache-2.0
#include "sql/partition_bound.h"

#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

TEST(PartitionBoundTest, EachForm) {
  const struct {
    const char* statement;
    const char* expected;  // "table of parent: bound"; empty: none
  } cases[] = {
      {"CREATE TABLE a PARTITION OF s.\"B\" FOR VALUES FROM (1, MINVALUE) TO ('x)', (3)) WITH "
       "(fillfactor=70);",
       "a of s.B: FOR VALUES FROM (1, MINVALUE) TO ('x)', (3))"},
      {"CREATE TABLE IF NOT EXISTS a PARTITION OF b (PRIMARY KEY (id)) FOR /* ( */ VALUES IN (1, "
       "f(2)) PARTITION BY LIST (c)",
       "a of .b: FOR VALUES IN (1, f(2))"},
      {"ALTER TABLE b ATTACH PARTITION a DEFAULT", "a of .b: DEFAULT"},
      {"ALTER TABLE b ATTACH PARTITION a FOR VALUES WITH (MODULUS 4, REMAINDER 1)",
       "a of .b: FOR VALUES WITH (MODULUS 4, REMAINDER 1)"},
      {"CREATE FOREIGN TABLE a PARTITION OF b FOR VALUES IN (1) SERVER x",
       "a of .b: FOR VALUES IN (1)"},
      {"CREATE TABLE a (id int) INHERITS (b)", ""},
      {"ALTER TABLE b DETACH PARTITION a", ""},
      {"ALTER INDEX i ATTACH PARTITION j", ""},
      {"CREATE TABLE a PARTITION OF", ""},
  };
  for (const auto& one : cases) {
    const auto found = NewPartitionIn(one.statement);
    const std::string text = found ? found->table.name + " of " + found->parent.schema + "." +
                                         found->parent.name + ": " + found->bound
                                   : std::string();
    EXPECT_EQ(text, one.expected) << one.statement;
  }
}

}  // namespace
}  // namespace ballast::sql
