// SPDX-License-Identifier: Apache-2.0
#include "difference/table_clauses.h"

#include <gtest/gtest.h>

namespace ballast::difference {
namespace {

TEST(TableClauses, ItsParts) {
  const TableClauses tail = ParseTableClauses(
      "PARTITION BY RANGE (at) USING \"columnar\" WITH (fillfactor=70, toast.autovacuum_enabled="
      "'off') TABLESPACE \"fast\"");
  EXPECT_EQ(tail.head, "PARTITION BY RANGE (at)");
  EXPECT_EQ(tail.method, "\"columnar\"");
  EXPECT_EQ(tail.tablespace, "\"fast\"");
  EXPECT_EQ(tail.parameters.at("fillfactor"), "70");
  EXPECT_EQ(tail.parameters.at("toast.autovacuum_enabled"), "'off'");
  EXPECT_EQ(ParseTableClauses("").head, "");
}

TEST(TableClauses, ParametersSetAndReset) {
  const TableClauses from = ParseTableClauses("WITH (fillfactor=70, parallel_workers=2)");
  const TableClauses to = ParseTableClauses("WITH (fillfactor=80)");
  EXPECT_EQ(SetParameters(from, to), " SET (fillfactor=80)");
  EXPECT_EQ(ResetParameters(from, to), " RESET (parallel_workers)");
  EXPECT_EQ(SetParameters(from, from), "");
}

}  // namespace
}  // namespace ballast::difference
