// SPDX-License-Identifier: Apache-2.0
#include "release/ownership.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/text.h"

namespace ballast::release {
namespace {

using Scripts = std::map<std::string, std::string>;

// A project on disk, in a repository that has these schemas.
ProjectView ViewOf(const ProjectIdentity& identity, const Scripts& scripts,
                   const std::set<std::string>& schemas = {}) {
  ProjectView view;
  view.identity = identity;
  for (const auto& [name, script] : scripts) view.migrations.push_back(name);
  view.has_script = [scripts](const CoveredMigration& covered) {
    return ChecksumMatches(covered.checksum, scripts.at(covered.name));
  };
  view.schema_exists = [schemas](const std::string& path) { return schemas.contains(path); };
  return view;
}

Manifest ManifestOf(const ProjectIdentity& identity, const Scripts& scripts) {
  Manifest manifest;
  manifest.version = "v1";
  manifest.project = identity;
  for (const auto& [name, script] : scripts) {
    manifest.coverage.push_back({name, ChecksumOf(script)});
  }
  return manifest;
}

TEST(OwnershipTest, DependsOnRecordAndMigrations) {
  const ProjectIdentity main{"prisma/schema.prisma", ""};
  const ProjectIdentity runs{"runops/prisma/schema.prisma", ""};
  const ProjectIdentity moved{"packages/db/schema.prisma", ""};
  const ProjectIdentity unknown;
  const Scripts own = {{"1_init", "a\n"}, {"2_more", "b\n"}, {"3_last", "c\n"}};
  Scripts later = own;
  later["4_new"] = "d\n";
  Scripts copied = {{"1_init", "a\n"}, {"2_other", "x\n"}, {"3_other", "y\n"}, {"4_other", "z\n"}};
  const Scripts first = {{"1_init", "a\n"}};
  const Scripts foreign = {{"1_init", "other\n"}};
  const Scripts windows = {{"1_init", "a\r\n"}, {"2_more", "b\r\n"}};
  const std::set<std::string> both = {main.schema, runs.schema};
  struct Case {
    const char* what;
    ProjectIdentity recorded;
    ProjectIdentity here;
    Scripts on_disk;
    std::set<std::string> schemas;
    Ownership expected;
  };
  for (const Case& c : std::vector<Case>{
           {"its own", main, main, own, both, Ownership::kOwn},
           {"new migrations", main, main, later, both, Ownership::kOwn},
           {"a checkout of Windows", main, main, windows, both, Ownership::kOwn},
           {"another of the repository", main, runs, foreign, both, Ownership::kOther},
           {"a copy in the repository", main, runs, own, both, Ownership::kOther},
           {"another without migrations", main, runs, {}, both, Ownership::kOther},
           {"the project was moved", main, moved, own, {moved.schema}, Ownership::kOwn},
           {"an image with another root", moved, main, own, {main.schema}, Ownership::kOwn},
           {"an image with later migrations", moved, main, later, {main.schema}, Ownership::kOwn},
           {"an image of one that begins alike", runs, main, copied, {}, Ownership::kUnrelated},
           {"an image of one that has only the first",
            runs,
            main,
            first,
            {},
            Ownership::kUnrelated},
           {"its own, some deleted", main, main, first, both, Ownership::kOwn},
           {"an image of another project", main, main, foreign, {}, Ownership::kUnrelated},
           {"only the package", main, unknown, {}, {}, Ownership::kOwn},
           {"no record, its own", unknown, main, later, both, Ownership::kOwn},
           {"no record, another", unknown, main, foreign, both, Ownership::kUnrelated},
           {"no record, one in common", unknown, main, copied, both, Ownership::kUnrelated},
           {"no record, no migrations", unknown, main, {}, both, Ownership::kOwn},
           {"another name", {"a", "shop"}, {"b", "runs"}, own, {}, Ownership::kOther},
           {"renamed", {"a", "shop"}, {"a", "store"}, own, {"a"}, Ownership::kOwn},
       }) {
    const ProjectView view = ViewOf(c.here, c.on_disk, c.schemas);
    const Manifest manifest = ManifestOf(c.recorded, own);
    EXPECT_EQ(OwnershipOf(manifest, view), c.expected) << c.what;
  }
}

// An image without migrations.
TEST(OwnershipTest, ModelsDistinguishProjects) {
  const std::set<std::string> packaged = {"User", "Post", "Tag"};
  struct Case {
    std::set<std::string> models;
    bool are_other;
    bool are_other_with_hotfixes;
  };
  for (const Case& c : std::vector<Case>{{{"User", "Post", "Tag"}, false, false},
                                         {{"User", "Post", "Label"}, true, true},
                                         {{"User", "Post"}, true, true},
                                         {{"User", "Post", "Tag", "Label"}, true, false},
                                         {{}, false, false},
                                         {{"Order", "Item"}, true, true}}) {
    EXPECT_EQ(AreOtherModels(packaged, c.models, false), c.are_other) << c.models.size();
    EXPECT_EQ(AreOtherModels(packaged, c.models, true), c.are_other_with_hotfixes);
    EXPECT_FALSE(AreOtherModels({}, c.models, false));
  }
  const Manifest manifest = ManifestOf({"packages/a/schema.prisma", "a"}, {});
  const ProjectIdentity elsewhere{"prisma/schema.prisma", ""};
  EXPECT_TRUE(DependsOnModels(manifest, ViewOf(elsewhere, {})));
  // Its schema may change, and the migrations decide.
  EXPECT_FALSE(DependsOnModels(manifest, ViewOf({"packages/a/schema.prisma", ""}, {})));
  EXPECT_FALSE(DependsOnModels(manifest, ViewOf(elsewhere, {{"20240101000000_a", ""}})));
}

TEST(OwnershipTest, TheErrorNamesWhatIsMissing) {
  const Manifest manifest =
      ManifestOf({"a/schema.prisma", ""}, {{"1_init", "a"}, {"2_more", "b"}, {"3_last", "c"}});
  const ProjectIdentity here{"b/schema.prisma", ""};
  const auto message = [&](const Scripts& scripts) {
    return CheckOwnership(Ownership::kUnrelated, manifest, ViewOf(here, scripts), "")
        .error()
        .message;
  };
  const std::string start = "the package of v1 belongs to another project than b/schema.prisma: ";
  EXPECT_EQ(message({{"1_init", "a"}}),
            start + "it covers 3 migrations, of which 2 do not exist here: 2_more, 3_last");
  EXPECT_EQ(
      message({{"1_other", "a"}}),
      start + "it covers 3 migrations, and the migrations of this project are not among them");
  EXPECT_EQ(message({}), start + "its schema has other models");
}

TEST(OwnershipTest, TheErrorNamesBoth) {
  const ProjectView view = ViewOf({"runops/schema.prisma", "runs"}, {});
  const Manifest manifest = ManifestOf({"prisma/schema.prisma", "shop"}, {});
  EXPECT_TRUE(CheckOwnership(Ownership::kOwn, manifest, view, ".ballast").ok());
  const Status status = CheckOwnership(Ownership::kOther, manifest, view, ".ballast");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(CodeOf(status.error().code), "B409");
  EXPECT_EQ(status.error().message,
            "the package of v1 belongs to shop (prisma/schema.prisma), not to runs "
            "(runops/schema.prisma)");
  EXPECT_EQ(status.error().where.file, ".ballast");
}

}  // namespace
}  // namespace ballast::release
