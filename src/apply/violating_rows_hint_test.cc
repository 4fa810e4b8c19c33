// SPDX-License-Identifier: Apache-2.0
#include "apply/violating_rows_hint.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace ballast::apply {
namespace {

struct Case {
  const char* what;
  std::vector<std::pair<std::string, std::string>> details;
  const char* script;
  const char* query;
};

TEST(ViolatingRowsHintTest, ListsTheRowsThatAConstraintRefuses) {
  const std::vector<Case> cases = {
      {"NULL in a required column",
       {{"sqlstate", "23502"}, {"schema", "public"}, {"table", "User"}, {"column", "name"}},
       "ALTER TABLE \"User\" ALTER COLUMN \"name\" SET NOT NULL;",
       R"(SELECT * FROM "public"."User" WHERE "name" IS NULL)"},
      {"duplicates before a unique index",
       {{"sqlstate", "23505"},
        {"schema", "public"},
        {"table", "User"},
        {"constraint", "User_a_key"},
        {"detail", "Key (a, lower(b))=(1, x) is duplicated."}},
       "SELECT 1; CREATE UNIQUE INDEX \"User_a_key\" ON \"User\" (a, lower(b)) WHERE a > 0;",
       R"(SELECT * FROM (SELECT *, count(*) OVER (PARTITION BY a, lower(b)) AS "equal rows" FROM "public"."User" WHERE (a > 0) AND (a) IS NOT NULL AND (lower(b)) IS NOT NULL) AS t WHERE t."equal rows" > 1)"},
      {"NULLs that are equal",
       {{"sqlstate", "23505"},
        {"schema", "public"},
        {"table", "User"},
        {"constraint", "User_a_key"},
        {"detail", "Key (a)=(null) is duplicated."}},
       "CREATE UNIQUE INDEX \"User_a_key\" ON \"User\" (a) NULLS NOT DISTINCT;",
       R"(SELECT * FROM (SELECT *, count(*) OVER (PARTITION BY a) AS "equal rows" FROM "public"."User") AS t WHERE t."equal rows" > 1)"},
      {"rows without a parent, by one of two keys",
       {{"sqlstate", "23503"},
        {"schema", "public"},
        {"table", "Post"},
        {"constraint", "Post_authorId_fkey"},
        {"detail", R"(Key (authorId)=(7) is not present in table "User".)"}},
       R"(ALTER TABLE "Post" ADD CONSTRAINT "x" FOREIGN KEY (y) REFERENCES "Z" (z),
  ADD CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User"("id") ON DELETE CASCADE;)",
       R"(SELECT * FROM "public"."Post" AS child WHERE child."authorId" IS NOT NULL AND NOT EXISTS (SELECT FROM "User" AS parent WHERE parent."id" = child."authorId"))"},
      {"rows that break a check",
       {{"sqlstate", "23514"}, {"schema", "public"}, {"table", "Post"}, {"constraint", "positive"}},
       "ALTER TABLE \"Post\" ADD CONSTRAINT positive CHECK (a > 0 AND (b IS NULL));",
       R"(SELECT * FROM "public"."Post" WHERE NOT (a > 0 AND (b IS NULL)))"},
      {"a row that a script inserts",
       {{"sqlstate", "23514"}, {"schema", "public"}, {"table", "Post"}, {"constraint", "positive"}},
       "INSERT INTO \"Post\" VALUES (-1);",
       ""},
      {"no constraint", {{"sqlstate", "22012"}}, "SELECT 1/0;", ""},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.what);
    Error error;
    error.details = one.details;
    EXPECT_EQ(QueryOfViolatingRows(error, one.script), one.query);
  }
}

}  // namespace
}  // namespace ballast::apply
