// SPDX-License-Identifier: Apache-2.0
#include "apply/named_schema.h"

#include <gtest/gtest.h>

namespace ballast::apply {
namespace {

TEST(NamedSchemaTest, FindsTheSchemaThatMigrationsName) {
  constexpr const char* kTable = "CREATE TABLE \"A\" (id int);";
  struct Case {
    std::vector<const char*> scripts;
    const char* setup;
    std::optional<std::string> schema;
  };
  for (const Case& c : {
           Case{{kTable, "ALTER TABLE \"app\".\"A\" ADD COLUMN n int"}, "", "app"},
           Case{{"CREATE TYPE r AS ENUM ('a')", "ALTER TYPE app.r ADD VALUE 'b'"}, "", "app"},
           Case{{kTable, "DROP TABLE \"App\".\"A\""}, "", "App"},
           Case{{kTable, "DROP TABLE \"app.A\""}, "", std::nullopt},
           Case{{kTable, "DROP TABLE \"my.app\".\"A\""}, "", "my.app"},
           Case{{kTable}, "", std::nullopt},
           Case{{"CREATE TABLE app.\"A\" (id int)", "ALTER TABLE app.\"A\" ADD n int"}, "", "app"},
           Case{{"CREATE TYPE app.r AS ENUM ('a')", "CREATE TABLE app.\"A\" (r app.r)"}, "", "app"},
           Case{{"CREATE TABLE app.\"A\" (id int)", "CREATE TABLE b.\"B\" (id int)"},
                "",
                std::nullopt},
           Case{{"CREATE TABLE app.\"A\" (id int)", kTable}, "", std::nullopt},
           Case{{"CREATE TABLE app.\"A\" (id int)", "CREATE TABLE b (id int)"}, "", std::nullopt},
           Case{{"CREATE TABLE app.\"A\" (id int)", "CREATE TABLE b (id int)",
                 "ALTER TABLE \"A\" ADD n int"},
                "",
                "app"},
           Case{{"CREATE TRIGGER t AFTER INSERT ON auth.users EXECUTE FUNCTION f()",
                 "CREATE TABLE auth.extra (id int)"},
                "",
                std::nullopt},
           Case{{"CREATE TABLE public.\"A\" (id int)"}, "", std::nullopt},
           Case{{kTable, "ALTER TABLE public.\"A\" ADD COLUMN n int"}, "", std::nullopt},
           Case{{kTable, "ALTER TABLE auth.users ADD COLUMN n int"}, "", std::nullopt},
           Case{
               {"CREATE SCHEMA app;", kTable, "ALTER TABLE app.\"A\" ADD n int"}, "", std::nullopt},
           Case{{"CREATE SCHEMA IF NOT EXISTS \"audit\"; CREATE TABLE audit.log (id int)",
                 "CREATE TABLE app.\"A\" (id int)"},
                "",
                "app"},
           Case{{"CREATE SCHEMA IF NOT EXISTS audit; CREATE TABLE audit.log (id int)", kTable,
                 "ALTER TABLE app.\"A\" ADD n int"},
                "",
                "app"},
           Case{{"DO $$ BEGIN CREATE SCHEMA IF NOT EXISTS app; END $$", kTable,
                 "ALTER TABLE app.\"A\" ADD n int"},
                "",
                std::nullopt},
           Case{{kTable, "ALTER TABLE app.\"A\" ADD n int"}, "CREATE SCHEMA app", std::nullopt},
           Case{{kTable, "ALTER TABLE app.\"A\" ADD n int", "ALTER TABLE b.\"A\" ADD m int"},
                "",
                std::nullopt},
       }) {
    std::vector<release::Migration> migrations;
    for (const char* script : c.scripts) migrations.push_back(release::MakeMigration("m", script));
    EXPECT_EQ(NamedSchemaOf(migrations, c.setup), c.schema) << c.scripts.back();
  }
}

}  // namespace
}  // namespace ballast::apply
