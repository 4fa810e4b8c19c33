// SPDX-License-Identifier: Apache-2.0
#include "sql/sought_objects.h"

#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

using enum SoughtKind;

TEST(SoughtObjectsTest, AreArgumentsAndComparedNames) {
  const struct {
    const char* script;
    std::set<SoughtObject> found;
  } cases[] = {
      {"CREATE TABLE relname (id int); SELECT 'relname'", {}},
      {"DO $$ BEGIN IF to_regprocedure('auth.uid()') IS NOT NULL THEN NULL; END IF; END $$",
       {{kRoutine, "auth.uid()", true}}},
      {"SELECT pg_catalog.to_regclass('\"A\"'), to_regtype( 'mood' ), to_regnamespace(name)",
       {{kRelation, "\"A\"", true}, {kType, "mood", true}}},
      {"DO $x$ BEGIN IF EXISTS (SELECT 1 FROM pg_publication WHERE pubname = 'live') THEN EXECUTE "
       "'SELECT 1 FROM pg_extension WHERE extname = ''cron'''; END IF; END $x$",
       {{kPublication, "live", false}, {kExtension, "cron", false}}},
      {"SELECT FROM information_schema.tables WHERE table_name IN ('a', 'b') AND table_schema = "
       "'public'",
       {{kRelation, "a", false, "public"}, {kRelation, "b", false, "public"}}},
      {"SELECT FROM pg_proc p WHERE p.proname::text = 'f' -- AND proname = 'g'",
       {{kRoutine, "f", false}}},
      {"SELECT FROM pg_class c JOIN pg_namespace n ON true WHERE c.relname = 'users' AND n.nspname "
       "= "
       "'auth' OR schemaname = 'auth' AND tablename IN ('a', 'b') AND viewname = 'v'",
       {{kRelation, "users", false, "auth"},
        {kRelation, "a", false, "auth"},
        {kRelation, "b", false, "auth"},
        {kRelation, "v", false}}},
      {"SELECT FROM pg_namespace WHERE nspname = 'auth' AND nspowner = 10",
       {{kSchema, "auth", false}}},
      {"UPDATE t SET table_name = old_name; SELECT relname = other FROM pg_class", {}},
  };
  EXPECT_EQ(NameOf(SoughtObject{kRelation, "Users", false, "auth"}), "auth.\"Users\"");
  EXPECT_EQ(SoughtKindNamed(NameOf(kPublication)), kPublication);
  for (const auto& one : cases) EXPECT_EQ(FindSoughtObjects(one.script), one.found) << one.script;
}

}  // namespace
}  // namespace ballast::sql
