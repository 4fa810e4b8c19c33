// SPDX-License-Identifier: Apache-2.0
#include "lint/safe_form.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ballast::lint {
namespace {

using ::testing::HasSubstr;

TEST(SafeFormTest, NamesAreQualifiedAndQuoted) {
  EXPECT_THAT(SafeIndexDrop({.schema = "public", .name = "Task_title_idx", .kind = 'i'}),
              HasSubstr("DROP INDEX CONCURRENTLY \"Task_title_idx\";"));
  EXPECT_THAT(SafeIndexDrop({.schema = "audit", .name = "a\"b", .kind = 'i'}),
              HasSubstr("DROP INDEX CONCURRENTLY \"audit\".\"a\"\"b\";"));
  const Relation table{.schema = "audit", .name = "T"};
  EXPECT_THAT(SafeRemovalOfValues(table, {.name = "a\"b", .type = "mood"}, {"x", "it's"}),
              HasSubstr("UPDATE \"audit\".\"T\" SET \"a\"\"b\" = … WHERE \"a\"\"b\"::text IN ('x', "
                        "'it''s');"));
  EXPECT_THAT(SafeRemovalOfValues(table, {.name = "a", .type = "mood[]"}, {"x"}),
              HasSubstr("WHERE \"a\"::text[] && ARRAY['x'];"));
}

// The index that the constraint takes over is the one that was built. Names of schema public have
// no schema: the database can have another one.
TEST(SafeFormTest, AConstraintWhoseNameIsTaken) {
  BuiltIndex index;
  index.name = "T_pkey";
  index.unique = true;
  index.definition = "USING btree (id)";
  AddedConstraint constraint;
  constraint.name = "T_pkey";
  constraint.type = 'p';
  struct Case {
    const char* schema;
    const char* on;
  };
  for (const Case& c : {Case{"s", "\"s\".\"T\""}, Case{"public", "\"T\""}}) {
    const Relation table{.schema = c.schema, .name = "T"};
    const std::string safe = SafeIndexBuild(table, index, &constraint, "T_pkey_new");
    EXPECT_THAT(safe, HasSubstr("CREATE UNIQUE INDEX CONCURRENTLY \"T_pkey_new\" ON " +
                                std::string(c.on) + " USING btree (id);"));
    EXPECT_THAT(safe, HasSubstr("DROP CONSTRAINT \"T_pkey\", ADD CONSTRAINT \"T_pkey\" PRIMARY KEY "
                                "USING INDEX \"T_pkey_new\""));
    EXPECT_THAT(SafeIndexBuild(table, index, nullptr, {}),
                HasSubstr("INDEX CONCURRENTLY \"T_pkey\" ON " + std::string(c.on) + " USING"));
  }
}

}  // namespace
}  // namespace ballast::lint
