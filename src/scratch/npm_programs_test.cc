// SPDX-License-Identifier: Apache-2.0
#include "scratch/npm_programs.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/test_error_code.h"
#include "scratch/scratch_server.h"
#include "scratch/server_binaries.h"

namespace ballast::scratch {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class NpmProgramsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "ballast-npm-XXXXXX").string();
    root_ = mkdtemp(pattern.data());
    fs::create_directories(root_ / "app/db/prisma");
  }
  void TearDown() override { fs::remove_all(root_); }

  void Write(const fs::path& path, const std::string& text) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }

  // As an installation without install scripts leaves it. Version 99 is on no system.
  std::string Install(const std::string& folder) {
    const fs::path package = fs::path(folder) / NpmPackageName();
    for (const char* name : {"postgres", "initdb"}) {
      Write(package / "native/bin" / name, "#!/bin/sh\necho 'postgres (PostgreSQL) 99.1'\n");
    }
    Write(package / "native/lib/libpq.so.5.17", "");
    Write(package / "native/pg-symlinks.json", R"([
      {"source": "native/lib/libpq.so.5.17", "target": "native/lib/libpq.so.5"},
      {"source": "native/lib/libpq.so.5.17", "target": "../../../outside"},
      {"source": "/etc/passwd", "target": "native/lib/passwd"}, 7])");
    return (root_ / package / "native/bin").string();
  }

  std::vector<std::string> Found() const { return NpmProgramFolders((root_ / "app/db").string()); }

  fs::path root_;
};

TEST_F(NpmProgramsTest, AreNextToTheProjectOrAboveIt) {
  EXPECT_THAT(Found(), IsEmpty());
  const std::string above = Install("node_modules");
  const std::string next_to = Install("app/db/node_modules");
  EXPECT_THAT(Found(), ElementsAre(next_to, above));
  EXPECT_THAT(NpmProgramFolders(""), IsEmpty());
  EXPECT_THAT(NpmProgramFolders((root_ / "app/db/missing/prisma").string()),
              ElementsAre(next_to, above));
}

TEST_F(NpmProgramsTest, AreNotUsedForAPackageOfOthers) {
  ScratchOptions options;
  options.major = 99;
  options.project = (root_ / "app/db").string();
  options.foreign_history = true;
  EXPECT_THAT(ScratchServer::KindOf(options).error().hint, HasSubstr("choose one of these"));
  Install("node_modules");
  const auto kind = ScratchServer::KindOf(options);
  ASSERT_FALSE(kind.ok());
  EXPECT_EQ(kind.error().code, ErrorCode::kNoServerBinaries);
  EXPECT_THAT(kind.error().hint, HasSubstr(NpmPackageName() + " in node_modules is not used"));
  EXPECT_THAT(kind.error().hint, HasSubstr("--trust-history"));
  options.foreign_history = false;
  EXPECT_TRUE(ScratchServer::KindOf(options).ok());
}

TEST_F(NpmProgramsTest, AreInPnpmsStoreAndWhereYarnUnpacksThem) {
  std::string flat = NpmPackageName();
  flat.replace(flat.find('/'), 1, "+");
  const std::string pnpm = Install("node_modules/.pnpm/" + flat + "@17.1.0/node_modules");
  EXPECT_THAT(Found(), ElementsAre(pnpm));
  flat.replace(flat.find('+'), 1, "-");
  const std::string yarn = Install("app/.yarn/unplugged/" + flat + "-npm-17.1.0-ab/node_modules");
  EXPECT_THAT(Found(), ElementsAre(yarn, pnpm));
}

TEST_F(NpmProgramsTest, GetTheirLinksAndPermissions) {
  const fs::path programs = Install("node_modules");
  EXPECT_TRUE(FindServerBinaries().empty() || FindServerBinaries().front().major < 99);
  const auto chosen = ChooseServerBinaries("", 99, (root_ / "app/db").string());
  ASSERT_TRUE(chosen.ok());
  EXPECT_EQ(chosen->folder, programs);
  EXPECT_EQ(chosen->version_text, "99.1");
  EXPECT_EQ(fs::read_symlink(programs / "../lib/libpq.so.5"), "libpq.so.5.17");
  // Links out of the package, or to a place outside of it, are not made.
  EXPECT_FALSE(fs::is_symlink(root_ / "outside"));
  EXPECT_FALSE(fs::is_symlink(programs / "../lib/passwd"));
  EXPECT_EQ(ErrorCodeOf(ChooseServerBinaries("", 99)), "B600");
}

}  // namespace
}  // namespace ballast::scratch
