// SPDX-License-Identifier: Apache-2.0
#include "difference/statement_kind.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace ballast::difference {
namespace {

Statement Of(std::string text) {
  Statement statement;
  statement.text = std::move(text);
  return statement;
}

TEST(StatementKind, IsThatOfTheFirstStatement) {
  EXPECT_EQ(KindOf(Of("COMMENT ON TABLE t IS 'GRANT';\n")), sql::StatementKind::kComment);
  EXPECT_EQ(KindOf(Of("CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';\n")),
            sql::StatementKind::kCreateRoutine);
  EXPECT_EQ(KindOf(Of("SELECT setval('s', 2);\nALTER TABLE t ADD a int;\n")),
            sql::StatementKind::kQuery);
  EXPECT_EQ(KindOf(Of("REVOKE ALL ON t FROM app;\n")), sql::StatementKind::kGrant);
  EXPECT_EQ(KindOf(Of("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app;\n")),
            sql::StatementKind::kAlterOther);
  EXPECT_EQ(KindOf(Of("")), sql::StatementKind::kUnknown);
}

TEST(StatementKind, OfAnotherTypeIsNoMatterOfStringsAndNames) {
  EXPECT_TRUE(SetsDataType(Of("ALTER TABLE t ALTER COLUMN a SET DATA TYPE text;\n")));
  EXPECT_FALSE(SetsDataType(Of("COMMENT ON TABLE t IS ' SET DATA TYPE ';\n")));
  EXPECT_FALSE(SetsDataType(Of("ALTER TABLE t ALTER COLUMN \" SET DATA TYPE \" SET NOT NULL;\n")));
}

}  // namespace
}  // namespace ballast::difference
