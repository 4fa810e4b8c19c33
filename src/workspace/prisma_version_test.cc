// SPDX-License-Identifier: Apache-2.0
#include "workspace/prisma_version.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "workspace/test_folder.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;

struct VersionCase {
  std::string what;
  std::vector<std::pair<std::string, std::string>> files;  // "@TARGET": a symbolic link
  std::string version;                                     // of apps/api
};

constexpr char kApi[] = "apps/api/package.json";

std::string Asking(const std::string& range, const std::string& package = "prisma") {
  return fmt::format(R"({{"devDependencies": {{"{}": "{}"}}}})", package, range);
}

std::string VersionIn(const VersionCase& c) {
  const TestFolder folder;
  for (const auto& [path, text] : c.files) {
    if (!text.starts_with('@')) {
      folder.Write(path, text);
      continue;
    }
    fs::create_directories((folder.Path() / path).parent_path());
    fs::create_symlink(text.substr(1), folder.Path() / path);
  }
  const auto version = FindPrismaVersion(folder.Path() / "apps/api", folder.Path());
  return version ? fmt::format("{}.{}", version->major, version->minor) : "none";
}

TEST(PrismaVersionTest, ReadsWorkspaces) {
  const std::string pnpm =
      "packages:\n  - apps/*\n\ncatalog:\n  react: ^18.0.0\n  prisma: ^6.4.1\n";
  const std::string named =
      "catalogs:\n  old:  # until the move\n    prisma: 5.1.0\n  'new':\n    \"prisma\": "
      "'~7.2.0'\n";
  for (const VersionCase& c : std::vector<VersionCase>{
           {"pnpm links to its store",
            {{kApi, Asking("^5.0.0")},
             {"node_modules/.pnpm/prisma@6.9.0/node_modules/prisma/package.json",
              R"({"version": "6.9.0"})"},
             {"node_modules/.pnpm/prisma@7.0.0/node_modules/prisma/package.json",
              R"({"version": "7.0.0"})"},
             {"node_modules/prisma", "@.pnpm/prisma@7.0.0/node_modules/prisma"},
             {"apps/api/node_modules/prisma",
              "@../../../node_modules/.pnpm/prisma@6.9.0/node_modules/prisma"}},
            "6.9"},
           {"npm and yarn hoist to the top",
            {{kApi, Asking("^6.0.0")},
             {"node_modules/prisma/package.json", R"({"version": "6.16.2"})"}},
            "6.16"},
           {"Plug'n'Play has no node_modules",
            {{kApi, Asking("^6.5.0")},
             {".pnp.cjs", ""},
             {"yarn.lock",
              "\"prisma@npm:^5.0.0\":\n  version: 5.22.0\n\n\"prisma@npm:^6.5.0\":\n  version: "
              "6.7.0\n"}},
            "6.7"},
           {"the catalog of pnpm",
            {{kApi, Asking("catalog:")}, {"pnpm-workspace.yaml", pnpm}},
            "6.4"},
           {"the same by its name",
            {{kApi, Asking("catalog:default")}, {"pnpm-workspace.yaml", pnpm}},
            "6.4"},
           {"the default catalog among named ones",
            {{kApi, Asking("catalog:")},
             {"pnpm-workspace.yaml", named + "  default:\n    prisma: 6.2.0\n"}},
            "6.2"},
           {"a named catalog",
            {{kApi, Asking("catalog:new")}, {"pnpm-workspace.yaml", named + pnpm}},
            "7.2"},
           {"another one",
            {{kApi, Asking("catalog:old")}, {"pnpm-workspace.yaml", pnpm + named}},
            "5.1"},
           {"a catalog that does not exist",
            {{kApi, Asking("catalog:none")}, {"pnpm-workspace.yaml", pnpm + named}},
            "none"},
           {"the client alone",
            {{kApi, Asking("catalog:", "@prisma/client")},
             {"pnpm-workspace.yaml", "catalog:\n  '@prisma/client': 6.3.0\n"}},
            "6.3"},
           {"the catalog of Yarn", {{kApi, Asking("catalog:new")}, {".yarnrc.yml", named}}, "7.2"},
           {"the catalog of Bun",
            {{kApi, Asking("catalog:")},
             {"package.json", R"({"workspaces": {"catalog": {"prisma": "^6.8.0"}}})"}},
            "6.8"},
           {"a named catalog of Bun",
            {{kApi, Asking("catalog:db")}, {"package.json", R"({"catalog": {"prisma": "5.0.0"},
                                  "catalogs": {"db": {"prisma": "7.1.0"}}})"}},
            "7.1"},
           {"the lock file decides before the catalog",
            {{kApi, Asking("catalog:")},
             {"pnpm-workspace.yaml", pnpm},
             {"pnpm-lock.yaml",
              "lockfileVersion: 9\n\nimporters:\n\n  apps/api:\n    devDependencies:\n      "
              "prisma:\n        specifier: "
              "'catalog:'\n        version: 6.11.1\n\npackages:\n"}},
            "6.11"},
           {"Bun, one version for all",
            {{kApi, Asking("^6.0.0")},
             {"bun.lock", R"({"packages": {"prisma": ["prisma@6.1.0", ""]}})"}},
            "6.1"},
           {"Bun, another version for this package",
            {{kApi, R"({"name": "api", "dependencies": {"prisma": "^5.0.0"}})"},
             {"bun.lock",
              R"({"packages": {"prisma": ["prisma@6.1.0", ""], "api/prisma": ["prisma@5.9.0"]}})"}},
            "5.9"},
           {"an alias", {{kApi, Asking("npm:prisma@5")}}, "5.0"},
           {"an alias with a scope", {{kApi, Asking("npm:@acme/prisma@^6.2.0")}}, "6.2"},
           {"an alias without a version", {{kApi, Asking("npm:prisma")}}, "none"},
           {"a range without a version",
            {{kApi, Asking("latest")}, {"pnpm-workspace.yaml", pnpm}},
            "none"},
       }) {
    EXPECT_EQ(VersionIn(c), c.version) << c.what;
  }
}

}  // namespace
}  // namespace ballast::workspace
