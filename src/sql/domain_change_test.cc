// SPDX-License-Identifier: Apache-2.0
#include "sql/domain_change.h"

#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

TEST(DomainChangeTest, IsReadByTheGrammar) {
  const struct {
    const char* statement;
    DomainChangeKind kind;
    const char* constraint;
  } cases[] = {
      {"ALTER DOMAIN s.\"D\" ADD CONSTRAINT c CHECK (VALUE > 0)", DomainChangeKind::kAddConstraint,
       "c"},
      {"alter domain s.\"D\" add check (value > 0) not valid", DomainChangeKind::kAddConstraint,
       ""},
      {"ALTER DOMAIN s.\"D\" SET NOT NULL", DomainChangeKind::kSetNotNull, ""},
      {"ALTER DOMAIN s.\"D\" VALIDATE CONSTRAINT c", DomainChangeKind::kOther, ""},
      {"ALTER DOMAIN s.\"D\" DROP NOT NULL", DomainChangeKind::kOther, ""},
  };
  for (const auto& one : cases) {
    const auto change = ReadDomainChange(one.statement);
    ASSERT_TRUE(change) << one.statement;
    EXPECT_EQ(change->kind, one.kind) << one.statement;
    EXPECT_EQ(change->constraint, one.constraint) << one.statement;
    EXPECT_EQ(change->domain, (ObjectName{"s", "D"})) << one.statement;
  }
  EXPECT_FALSE(ReadDomainChange("ALTER TABLE t ADD CHECK (v > 0)"));
  EXPECT_FALSE(ReadDomainChange("ALTER DOMAIN d RENAME TO e"));
}

}  // namespace
}  // namespace ballast::sql
