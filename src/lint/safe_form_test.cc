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

// The index that the constraint takes over is the one that was built.
TEST(SafeFormTest, AConstraintWhoseNameIsTaken) {
  struct Case {
    const char* name;
    const char* definition;
    const char* built;
  };
  for (const Case& c : {Case{"t_pkey", "CREATE UNIQUE INDEX t_pkey ON s.t USING btree (id)",
                             "CREATE UNIQUE INDEX CONCURRENTLY \"t_pkey_new\" ON s.t USING btree"},
                        Case{"T_pkey", "CREATE UNIQUE INDEX \"T_pkey\" ON s.\"T\" USING btree (id)",
                             "INDEX CONCURRENTLY \"T_pkey_new\" ON s.\"T\" USING btree (id);"}}) {
    AddedConstraint constraint;
    constraint.name = c.name;
    constraint.type = 'p';
    BuiltIndex index;
    index.definition = c.definition;
    const std::string safe = SafeIndexBuild({.schema = "s", .name = "t"}, index, &constraint, true);
    EXPECT_THAT(safe, HasSubstr(c.built));
    EXPECT_THAT(safe, HasSubstr("USING INDEX \"" + std::string(c.name) + "_new\""));
  }
}

}  // namespace
}  // namespace ballast::lint
