// SPDX-License-Identifier: Apache-2.0
#include "workspace/project.h"

#include <gtest/gtest.h>

#include "base/test_error_code.h"
#include "workspace/test_folder.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;

constexpr char kSchema[] =
    "// datasource x { url = \"no\" }\n"
    "datasource db {\n"
    "  provider  = \"postgresql\"\n"
    "  url       = env(\"DATABASE_URL\")\n"
    "  directUrl = \"postgresql://direct\"\n"
    "  schemas   = [\"a\", \"b\"]\n"
    "}\n";

// What FindProject found, with paths from the folder; "-" for nothing.
struct Found {
  std::string schema;
  std::string migrations;
  std::string package;
};

std::string Shown(const fs::path& path, const TestFolder& folder) {
  return path.empty() ? "-" : path.lexically_relative(folder.Path()).string();
}

void ExpectFound(const TestFolder& folder, const Found& expected, const std::string& start = ".",
                 const Overrides& overrides = {}) {
  const auto project = FindProject(folder.Path() / start, overrides);
  ASSERT_TRUE(project.ok()) << project.error().message;
  EXPECT_EQ(Shown(project->schema, folder), expected.schema);
  EXPECT_EQ(Shown(project->migrations, folder), expected.migrations);
  EXPECT_EQ(Shown(project->package, folder), expected.package);
}

TEST(FindProjectTest, SearchesPrismasPlacesInOrder) {
  const TestFolder folder;
  folder.Write("prisma/schema/one.prisma", "");
  ExpectFound(folder, {"prisma/schema", "prisma/schema/migrations", ".ballast"});
  folder.Write("prisma/schema.prisma", kSchema);
  ExpectFound(folder, {"prisma/schema.prisma", "prisma/migrations", ".ballast"});
  folder.Write("schema.prisma", kSchema);
  ExpectFound(folder, {"schema.prisma", "migrations", ".ballast"});
  folder.Write("db/s.prisma", kSchema);
  folder.Write("package.json", R"({"prisma": {"schema": "db/s.prisma"}})");
  ExpectFound(folder, {"db/s.prisma", "db/migrations", ".ballast"});
  folder.Write("config/s.prisma", kSchema);
  folder.Write(".config/prisma.ts", "export default { schema: '../config/s.prisma' }");
  ExpectFound(folder, {"config/s.prisma", "config/migrations", ".ballast"});
  folder.Write("prisma.config.mts", "export default { migrations: { path: 'm' } }");
  ExpectFound(folder, {"db/s.prisma", "m", ".ballast"});
  folder.Write("own/s.prisma", kSchema);
  folder.Write("ballast.toml", "schema = 'own/s.prisma'\npackage = 'pack'");
  ExpectFound(folder, {"own/s.prisma", "m", "pack"});
  ExpectFound(folder, {"db/s.prisma", "n", "q"}, ".", {"db/s.prisma", "n", "q", "", ""});
}

TEST(FindProjectTest, KnowsTheDatasource) {
  const TestFolder folder;
  folder.Write("prisma/schema.prisma", kSchema);
  const auto project = FindProject(folder.Path(), {});
  ASSERT_TRUE(project.ok());
  const DatasourceHint& datasource = project->datasource;
  EXPECT_EQ(datasource.file, "prisma/schema.prisma");
  EXPECT_EQ(datasource.provider, "postgresql");
  EXPECT_EQ(datasource.url, (UrlSource{"", "DATABASE_URL", {"prisma/schema.prisma", 4}}));
  EXPECT_EQ(datasource.direct_url.literal, "postgresql://direct");
  EXPECT_EQ(datasource.schemas, (std::vector<std::string>{"a", "b"}));
  EXPECT_FALSE(project->schema_is_named);
}

TEST(FindProjectTest, ReadsSchemaFoldersAsPrismaJoinsThem) {
  const TestFolder folder;
  folder.Write("mf/z.prisma", "z");
  folder.Write("mf/sub/ds.prisma", kSchema);
  folder.Write("mf/a.prisma", "a");
  folder.Write("mf/B.prisma", "B");
  folder.Write("mf/notes.md", "x");
  folder.Write("elsewhere/l.prisma", "l");
  fs::create_directory_symlink(folder.Path() / "elsewhere", folder.Path() / "mf/linked");
  const auto project = FindProject(folder.Path(), {"mf", "", "", "", ""});
  ASSERT_TRUE(project.ok());
  std::vector<std::string> paths;
  for (const SchemaFile& file : project->schema_files) paths.push_back(file.path);
  EXPECT_EQ(paths, (std::vector<std::string>{"mf/B.prisma", "mf/a.prisma", "mf/linked/l.prisma",
                                             "mf/sub/ds.prisma", "mf/z.prisma"}));
  EXPECT_EQ(Shown(project->migrations, folder), "mf/sub/migrations");
  EXPECT_TRUE(project->schema_is_folder);
  // Prisma 7 has them next to the schema folder.
  folder.MakeFolder("mf/migrations");
  ExpectFound(folder, {"mf", "mf/migrations", ".ballast"}, ".", {"mf", "", "", "", ""});
}

TEST(FindProjectTest, RefusesACyclicSchemaFolder) {
  const TestFolder folder;
  folder.Write("mf/a.prisma", "");
  fs::create_directory_symlink(folder.Path() / "mf", folder.Path() / "mf/again");
  const auto project = FindProject(folder.Path(), {"mf", "", "", "", ""});
  ASSERT_FALSE(project.ok());
  EXPECT_EQ(CodeOf(project.error().code), "B104");
}

TEST(FindProjectTest, RefusesASchemaFileThatIsALinkToItself) {
  const TestFolder folder;
  folder.Write("mf/a.prisma", kSchema);
  fs::create_symlink("missing.prisma", folder.Path() / "mf/b.prisma");
  EXPECT_TRUE(FindProject(folder.Path(), {"mf", "", "", "", ""}).ok());
  fs::create_symlink("x.prisma", folder.Path() / "mf/x.prisma");
  const auto project = FindProject(folder.Path(), {"mf", "", "", "", ""});
  ASSERT_FALSE(project.ok());
  EXPECT_EQ(CodeOf(project.error().code), "B104");
}

TEST(FindProjectTest, FindsTheLayoutOfMonorepos) {
  const TestFolder trigger;
  trigger.Write("internal-packages/database/prisma/schema.prisma", kSchema);
  trigger.MakeFolder(".railway");
  ExpectFound(trigger, {"internal-packages/database/prisma/schema.prisma",
                        "internal-packages/database/prisma/migrations", ".railway"});

  const TestFolder other;
  other.Write("packages/db/migrations/migration_lock.toml", "");
  other.Write("packages/db/main.prisma", kSchema);
  other.Write("node_modules/x/migrations/migration_lock.toml", "");
  other.Write("packages/other/migrations/1.sql", "");
  ExpectFound(other, {"packages/db", "packages/db/migrations", ".ballast"});

  const TestFolder bare;
  bare.Write("db/migrations/migration_lock.toml", "");
  ExpectFound(bare, {"-", "db/migrations", ".ballast"});
  bare.Write("b/migrations/migration_lock.toml", "");
  const auto several = FindProject(bare.Path(), {});
  ASSERT_FALSE(several.ok());
  EXPECT_EQ(CodeOf(several.error().code), "B102");
  EXPECT_NE(several.error().message.find("several"), std::string::npos);
}

TEST(FindProjectTest, ChoosesThePackageFolderForRailway) {
  for (const char* sign : {"railway.json", "railway.toml", ".railway/x"}) {
    const TestFolder folder;
    folder.Write("schema.prisma", kSchema);
    folder.Write(sign, "");
    ExpectFound(folder, {"schema.prisma", "migrations", ".railway"});
  }
}

TEST(FindProjectTest, KeepsAnExistingPackageFolder) {
  for (const char* file : {"baseline.json", "baseline.sql", "release-migrations/manifest.json"}) {
    const TestFolder folder;
    folder.Write("schema.prisma", kSchema);
    folder.Write(std::string(".ballast/") + file, "");
    folder.Write("railway.json", "");
    folder.Write(".railway/migrate.sh", "");
    ExpectFound(folder, {"schema.prisma", "migrations", ".ballast"});
    folder.Write(std::string(".railway/") + file, "");
    ExpectFound(folder, {"schema.prisma", "migrations", ".railway"});
  }
}

TEST(FindProjectTest, AppliesBallastTomlBelowAPackageFolder) {
  const TestFolder folder;
  folder.MakeFolder(".git");
  folder.Write("ballast.toml",
               "[project.a]\nschema = 'a/prisma/schema.prisma'\nurl_variable = 'A_URL'\n"
               "[project.b]\nschema = 'b/prisma/schema.prisma'\nurl_variable = 'B_URL'\n");
  folder.Write("a/prisma/schema.prisma", kSchema);
  folder.Write("b/prisma/schema.prisma", kSchema);
  folder.Write("b/.ballast/baseline.json", "");
  folder.MakeFolder("b/src");
  for (const char* start : {"b", "b/src"}) {
    const auto project = FindProject(folder.Path() / start, {});
    ASSERT_TRUE(project.ok()) << project.error().message;
    EXPECT_EQ(project->identity.name, "b");
    EXPECT_EQ(project->UrlVariables(), std::vector<std::string>{"B_URL"});
    EXPECT_EQ(Shown(project->package, folder), "b/.ballast");
  }
  EXPECT_EQ(FindProject(folder.Path() / "b", {"", "", "", "", "a"})->identity.name, "a");
}

TEST(FindProjectTest, AProjectIsChosenInItsPackageFolder) {
  const TestFolder folder;
  folder.MakeFolder(".git");
  folder.Write("ballast.toml",
               "[project.a]\nschema = 'a/prisma/schema.prisma'\npackage = '.railway'\n"
               "[project.b]\nschema = 'b/prisma/schema.prisma'\n"
               "[project.c]\nschema = 'prisma/schema.prisma'\npackage = 'releases/c'\n");
  folder.Write("a/prisma/schema.prisma", kSchema);
  folder.Write("b/prisma/schema.prisma", kSchema);
  folder.Write("prisma/schema.prisma", kSchema);
  const std::pair<const char*, const char*> cases[] = {
      {".railway", "a"},   {".railway/release-migrations", "a"},
      {".railway/b", "b"}, {".railway/b/release-migrations", "b"},
      {"releases/c", "c"}, {"b/prisma", "b"}};
  for (const auto& [start, name] : cases) {
    folder.MakeFolder(start);
    const auto project = FindProject(folder.Path() / start, {});
    ASSERT_TRUE(project.ok()) << start << ": " << project.error().message;
    EXPECT_EQ(project->identity.name, name) << start;
  }
}

TEST(FindProjectTest, SearchesUpwardToTheTopOfTheCheckout) {
  const TestFolder folder;
  folder.MakeFolder(".git");
  folder.MakeFolder(".railway");
  folder.Write("prisma/schema.prisma", kSchema);
  folder.MakeFolder("apps/web");
  ExpectFound(folder, {"prisma/schema.prisma", "prisma/migrations", ".railway"}, "apps/web");
  folder.Write("apps/web/schema.prisma", kSchema);
  // A project of its own has a package of its own.
  ExpectFound(folder, {"apps/web/schema.prisma", "apps/web/migrations", "apps/web/.railway"},
              "apps/web");
}

TEST(FindProjectTest, AcceptsAPackageWithoutAProject) {
  const TestFolder folder;
  folder.Write(".railway/release-migrations/manifest.json", "{}");
  ExpectFound(folder, {"-", "-", ".railway"});
  folder.Write(".railway/schema.release.prisma", kSchema);
  ExpectFound(folder, {".railway/schema.release.prisma", ".railway/migrations", ".railway"});
}

TEST(FindProjectTest, ReadsTheConfigurationInThePackageFolderToo) {
  const TestFolder folder;
  folder.Write(".railway/ballast.toml", "schema = 'db/s.prisma'");
  folder.Write("db/s.prisma", kSchema);
  ExpectFound(folder, {"db/s.prisma", "db/migrations", ".railway"});
  const auto project = FindProject(folder.Path(), {});
  ASSERT_TRUE(project.ok());
  EXPECT_TRUE(project->schema_is_named);
}

TEST(FindProjectTest, NamesWhatIsMissing) {
  const TestFolder folder;
  struct Case {
    Overrides overrides;
    const char* code;
  };
  for (const Case& c : {Case{{}, "B102"}, Case{{"nope.prisma", "", "", "", ""}, "B102"},
                        Case{{"", "", "", "nope.toml", ""}, "B101"}}) {
    const auto project = FindProject(folder.Path(), c.overrides);
    ASSERT_FALSE(project.ok());
    EXPECT_EQ(CodeOf(project.error().code), c.code);
  }
  EXPECT_EQ(ErrorCodeOf(FindProject(folder.Path() / "nowhere", {})), "B102");
  folder.Write("package.json", R"({"prisma": {"schema": "gone.prisma"}})");
  const auto gone = FindProject(folder.Path(), {});
  ASSERT_FALSE(gone.ok());
  EXPECT_NE(gone.error().message.find("package.json"), std::string::npos);
}

// A repository with two projects, and with links to one of them.
void WriteTwoProjects(const TestFolder& folder) {
  folder.MakeFolder("repo/.git");
  folder.Write("repo/ballast.toml",
               "trusted_keys = ['k']\nurl_variable = 'MAIN_URL'\n"
               "[project.a]\nschema = 'packages/a/prisma/schema.prisma'\nurl_variable = 'A_URL'\n"
               "[project.b]\nschema = 'packages/b'\nurl_variable = 'B_URL'\n"
               "[project.c]\nschema = 'node_modules/c/prisma'\nurl_variable = 'C_URL'\n");
  folder.Write("repo/packages/a/prisma/schema.prisma", kSchema);
  folder.Write("repo/packages/a/node_modules/.prisma/client/schema.prisma", kSchema);
  folder.Write("repo/packages/b/prisma/schema/x.prisma", kSchema);
  folder.Write("repo/packages/b/prisma/schema/y.prisma", "model Y {\n  id Int @id\n}\n");
  folder.Write("repo/packages/c/prisma/schema.prisma", kSchema);
  folder.MakeFolder("repo/node_modules");
  for (const char* name : {"a", "b", "c"}) {
    fs::create_directory_symlink(std::string("../packages/") + name,
                                 folder.Path() / "repo/node_modules" / name);
  }
  fs::create_symlink("packages/a/prisma/schema.prisma", folder.Path() / "repo/link.prisma");
  folder.MakeFolder("repo/packages/a/prisma/migrations");
  folder.MakeFolder("elsewhere/.git");
  folder.Write("elsewhere/ballast.toml", "trusted_keys = ['other']\nurl_variable = 'OTHER_URL'\n");
}

TEST(FindProjectTest, ASchemaIsTheSameProjectHoweverItIsNamed) {
  const TestFolder folder;
  WriteTwoProjects(folder);
  const std::string absolute = (folder.Path() / "repo").string();
  struct Case {
    std::string start, schema, name;
  };
  for (const Case& c : {
           Case{"repo", "packages/a/prisma/schema.prisma", "a"},
           Case{"repo", "packages/a/prisma", "a"},
           Case{"repo", "packages/a/", "a"},
           Case{"repo", "node_modules/a/prisma/schema.prisma", "a"},
           Case{"repo", "node_modules/a", "a"},
           Case{"repo", "link.prisma", "a"},
           Case{"repo", "packages/b", "b"},
           Case{"repo", "packages/b/prisma/schema", "b"},
           Case{"repo", "packages/b/prisma", "b"},
           Case{"repo", "node_modules/b/prisma/schema/", "b"},
           Case{"repo", "packages/c/prisma/schema.prisma", "c"},
           Case{"repo/packages/a", ".", "a"},
           Case{"repo/packages/a", "../b", "b"},
           Case{"repo/packages/a", "", "a"},
           Case{"repo/packages/b", "", "b"},
           Case{"repo/packages/c", "", "c"},
           Case{"repo/node_modules/b", "", "b"},
           Case{".", absolute + "/packages/a/prisma/schema.prisma", "a"},
           Case{".", "repo/packages/b", "b"},
           Case{"elsewhere", absolute + "/packages/a/prisma/schema.prisma", "a"},
           Case{"elsewhere", "../repo/node_modules/c", "c"},
       }) {
    const auto project =
        FindProject(folder.Path() / c.start, {c.schema, "", "", "", ""}, Variables());
    ASSERT_TRUE(project.ok()) << c.start << " " << c.schema << ": " << project.error().message;
    const std::string what = c.start + " --schema " + c.schema;
    EXPECT_EQ(project->identity.name, c.name) << what;
    EXPECT_EQ(project->config.trusted_keys, std::vector<std::string>{"k"}) << what;
    EXPECT_EQ(project->top, folder.Path() / "repo") << what;
    EXPECT_EQ(Shown(project->package, folder), "repo/.ballast/" + c.name) << what;
    const std::string schema = c.name == "b" ? "prisma/schema" : "prisma/schema.prisma";
    if (c.schema != "packages/b/prisma" && c.name != "c") {
      EXPECT_EQ(project->identity.schema, "packages/" + c.name + "/" + schema) << what;
    }
  }
}

// Without ballast.toml: the project's own configuration holds under each path of its schema, also
// if the command is started in another project.
TEST(FindProjectTest, ASchemaHasTheConfigurationOfItsProject) {
  const TestFolder folder;
  folder.MakeFolder(".git");
  const std::string config =
      "import { defineConfig, env } from 'prisma/config';\nexport default defineConfig({\n"
      "  engine: 'classic', schema: 'prisma/NAME', migrations: { path: 'prisma/NAME-migrations' "
      "},\n"
      "  datasource: { url: env('NAME_URL') } });\n";
  const auto named = [&](std::string name, std::string text) {
    for (size_t at = text.find("NAME"); at != std::string::npos; at = text.find("NAME")) {
      text.replace(at, 4, name);
    }
    return text;
  };
  const std::string model = "model M {\n  id Int @id\n}\n";
  folder.Write("packages/one/prisma.config.ts", named("one.prisma", config));
  folder.Write("packages/one/prisma/one.prisma", kSchema);
  folder.Write("packages/several/prisma.config.ts", named("several", config));
  folder.Write("packages/several/prisma/several/x.prisma", kSchema);
  folder.Write("packages/several/prisma/several/y.prisma", model);
  folder.Write("packages/next/prisma.config.ts", named("next.prisma", config));
  folder.Write("packages/next/prisma/next.prisma", kSchema);
  folder.Write("packages/next/prisma/model.prisma", model);
  folder.Write("packages/plain/package.json", "{}");
  folder.Write("packages/plain/prisma/schema.prisma", kSchema);
  struct Case {
    std::string project, schema, migrations;
  };
  for (const Case& c :
       {Case{"one", "prisma/one.prisma", "one.prisma-migrations"},
        Case{"one", "prisma", "one.prisma-migrations"}, Case{"one", ".", "one.prisma-migrations"},
        Case{"several", "prisma/several", "several-migrations"},
        Case{"several", "prisma/several/x.prisma", "several-migrations"},
        Case{"several", "prisma", "several-migrations"}, Case{"several", ".", "several-migrations"},
        Case{"next", "prisma/next.prisma", "next.prisma-migrations"},
        Case{"next", "prisma", "next.prisma-migrations"},
        Case{"plain", "prisma/schema.prisma", "migrations"}, Case{"plain", "prisma", "migrations"},
        Case{"plain", ".", "migrations"}}) {
    const std::string base = "packages/" + c.project;
    const bool has_config = c.project != "plain";
    for (const std::string start : {".", "packages/plain", "packages/one", "packages/several"}) {
      // Like Prisma: a project without a configuration gets that of the current folder.
      if (!has_config && fs::exists(folder.Path() / start / "prisma.config.ts")) continue;
      const std::string schema = (folder.Path() / base / c.schema).string();
      const auto project = FindProject(folder.Path() / start, {schema, "", "", "", ""});
      const std::string what = start + ": " + base + " " + c.schema;
      ASSERT_TRUE(project.ok()) << what << ": " << project.error().message;
      EXPECT_EQ(Shown(project->base, folder), base) << what;
      EXPECT_EQ(Shown(project->migrations, folder), base + "/prisma/" + c.migrations) << what;
      EXPECT_EQ(project->UrlVariables().front(),
                has_config ? c.migrations.substr(0, c.migrations.find("-migrations")) + "_URL"
                           : "DIRECT_URL")
          << what;
    }
  }
}

TEST(FindProjectTest, BallastTomlOfAnotherRepositoryDoesNotApply) {
  const TestFolder folder;
  WriteTwoProjects(folder);
  folder.Write("bare/prisma/schema.prisma", kSchema);
  folder.MakeFolder("bare/.git");
  const auto project =
      FindProject(folder.Path() / "elsewhere", {"../bare/prisma/schema.prisma", "", "", "", ""});
  ASSERT_TRUE(project.ok()) << project.error().message;
  EXPECT_TRUE(project->config.trusted_keys.empty());
  EXPECT_TRUE(project->config.url_variable.empty());
  EXPECT_EQ(Shown(project->package, folder), "bare/.ballast");
  // A link that leads out of the repository is a schema of the repository.
  fs::create_directory_symlink("../bare/prisma", folder.Path() / "elsewhere/prisma");
  const auto linked =
      FindProject(folder.Path() / "elsewhere", {"prisma/schema.prisma", "", "", "", ""});
  ASSERT_TRUE(linked.ok()) << linked.error().message;
  EXPECT_EQ(linked->config.url_variable, "OTHER_URL");
}

TEST(FindProjectTest, TheSchemaOfBallastTomlCanBeALinkOrAFolder) {
  for (const char* schema : {"packages/a", "node_modules/a", "link.prisma",
                             "node_modules/a/prisma/schema.prisma", "packages/a/prisma"}) {
    const TestFolder folder;
    WriteTwoProjects(folder);
    folder.Write("repo/ballast.toml",
                 std::string("url_variable = 'A_URL'\nschema = '") + schema + "'\n");
    for (const char* start : {"repo", "repo/packages/a", "repo/packages/a/prisma"}) {
      const auto project = FindProject(folder.Path() / start, {});
      ASSERT_TRUE(project.ok()) << schema << ": " << project.error().message;
      EXPECT_EQ(project->config.url_variable, "A_URL") << schema << " from " << start;
      EXPECT_EQ(Shown(project->package, folder), "repo/.ballast") << schema << " from " << start;
    }
  }
}

TEST(FindProjectTest, OneFolderHasOneBallastToml) {
  const TestFolder folder;
  folder.Write("prisma/schema.prisma", kSchema);
  folder.Write("ballast.toml", "");
  folder.Write(".ballast/ballast.toml", "trusted_keys = ['k']");
  for (const char* start : {".", "prisma", ".ballast"}) {
    const auto project = FindProject(folder.Path() / start, {});
    ASSERT_EQ(ErrorCodeOf(project), "B101") << start;
    EXPECT_NE(project.error().message.find(".ballast/ballast.toml"), std::string::npos);
  }
  fs::remove(folder.Path() / "ballast.toml");
  EXPECT_EQ(ErrorCodeOf(FindProject(folder.Path(), {})), "");
  fs::create_symlink(".ballast/ballast.toml", folder.Path() / "ballast.toml");
  EXPECT_EQ(ErrorCodeOf(FindProject(folder.Path(), {})), "");
  fs::remove(folder.Path() / ".ballast/ballast.toml");
  EXPECT_EQ(ErrorCodeOf(FindProject(folder.Path(), {})), "B101");  // the link leads nowhere
}

TEST(FindProjectTest, RefusesABrokenPackageJson) {
  const TestFolder folder;
  folder.Write("package.json", "{\n broken");
  folder.Write("schema.prisma", kSchema);
  const auto project = FindProject(folder.Path(), {});
  ASSERT_FALSE(project.ok());
  EXPECT_EQ(project.error().message, "package.json is not valid JSON");
  EXPECT_EQ(project.error().where.file, (folder.Path() / "package.json").string());
  EXPECT_EQ(project.error().where.line, 2);
}

}  // namespace
}  // namespace ballast::workspace
