// SPDX-License-Identifier: Apache-2.0
#include "sql/definition_columns.h"

#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

using Names = std::set<std::string>;

TEST(DefinitionColumnsTest, NamesTheColumnsOfTheTable) {
  const struct {
    const char* statement;
    Names columns;
  } cases[] = {
      {"CREATE INDEX ON t USING btree (title, lower(a) DESC) INCLUDE (n) WHERE (b = 'open'::text)",
       {"title", "a", "n", "b"}},
      {"CREATE INDEX ON t USING btree (\"text\")", {"text"}},
      {"CREATE TRIGGER w BEFORE UPDATE OF id, x ON s.t FOR EACH ROW WHEN ((new.a > old.b)) "
       "EXECUTE FUNCTION w()",
       {"id", "x", "a", "b"}},
      {"ALTER TABLE t ADD CONSTRAINT c UNIQUE (a, b) INCLUDE (d)", {"a", "b", "d"}},
      {"ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES u(id)", {"a"}},
      {"ALTER TABLE t ADD CONSTRAINT c CHECK ((a > 0))", {"a"}},
      {"SELECT (EXISTS (SELECT 1 FROM m WHERE (m.\"user\" = t.owner)))", {"owner"}},
      {"SELECT (", {}},
  };
  for (const auto& c : cases) EXPECT_EQ(ColumnsIn(c.statement, "t"), c.columns) << c.statement;
}

TEST(DefinitionColumnsTest, ComparesWithoutCasts) {
  const char* cast = "CREATE INDEX ON t USING btree (b) WHERE ((a)::text = 'x'::text)";
  EXPECT_TRUE(EqualWithoutCasts(cast, "CREATE INDEX ON t USING btree (b) WHERE (a = 'x'::text)"));
  EXPECT_FALSE(EqualWithoutCasts(cast, "CREATE INDEX ON t USING btree (b) WHERE (a = 'y'::text)"));
  EXPECT_FALSE(EqualWithoutCasts("SELECT (", "SELECT ("));
}

}  // namespace
}  // namespace ballast::sql
