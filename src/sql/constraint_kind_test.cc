// SPDX-License-Identifier: Apache-2.0
#include "sql/constraint_kind.h"

#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

TEST(ConstraintKind, IsThatOfTheDefinition) {
  EXPECT_EQ(ConstraintKindOf("PRIMARY KEY (id)"), ConstraintKind::kPrimaryKey);
  EXPECT_EQ(ConstraintKindOf("UNIQUE NULLS NOT DISTINCT (a)"), ConstraintKind::kUnique);
  EXPECT_EQ(ConstraintKindOf("EXCLUDE USING gist (room WITH =)"), ConstraintKind::kExclusion);
  EXPECT_EQ(ConstraintKindOf("FOREIGN KEY (a) REFERENCES t(id)"), ConstraintKind::kForeignKey);
  EXPECT_EQ(ConstraintKindOf("CHECK ((a = 'UNIQUE '::text))"), ConstraintKind::kCheck);
  EXPECT_EQ(ConstraintKindOf("TRIGGER"), ConstraintKind::kOther);
  EXPECT_EQ(ConstraintKindOf(""), ConstraintKind::kOther);
}

TEST(ConstraintKind, KeysAndExclusionsHaveAnIndex) {
  EXPECT_TRUE(HasIndex(ConstraintKind::kPrimaryKey));
  EXPECT_TRUE(HasIndex(ConstraintKind::kUnique));
  EXPECT_TRUE(HasIndex(ConstraintKind::kExclusion));
  EXPECT_FALSE(HasIndex(ConstraintKind::kForeignKey));
  EXPECT_FALSE(HasIndex(ConstraintKind::kCheck));
}

}  // namespace
}  // namespace ballast::sql
