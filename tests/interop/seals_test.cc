// SPDX-License-Identifier: Apache-2.0
// Signatures, judged by minisign: it verifies those of ballast, and ballast accepts its keys and
// signatures.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/project.h"

namespace ballast::testing {
namespace {

namespace fs = std::filesystem;

constexpr char kManifest[] = ".ballast/release-migrations/manifest.json";

bool HasMinisign() {
  return RunIn(fs::temp_directory_path(), "command -v minisign").status == 0;
}

class SealsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!HasMinisign()) {
      GTEST_SKIP() << "NO MINISIGN: apt-get install minisign, to judge the seals";
    }
    WriteBareProject({{"20240101000000_init", "CREATE TABLE t (id int PRIMARY KEY);\n"}},
                     folder_.path());
  }

  void Must(const std::string& command) {
    const Ran ran = RunIn(folder_.path(), command, {{"BALLAST_KEY_PASSWORD", password_}});
    ASSERT_EQ(ran.status, 0) << command << "\n" << ran.out << ran.err;
  }
  void MustFail(const std::string& command, const std::string& message) {
    const Ran ran = RunIn(folder_.path(), command, {{"BALLAST_KEY_PASSWORD", password_}});
    EXPECT_EQ(ran.status, 1) << command;
    EXPECT_NE((ran.out + ran.err).find(message), std::string::npos) << ran.out << ran.err;
  }

  TemporaryFolder folder_{"seals"};
  std::string password_;
};

TEST_F(SealsTest, MinisignChecksOurSeals) {
  Must("ballast key new --out ours");
  Must("ballast release create v1 --sign-key ours.key");
  Must(std::string("minisign -Vm ") + kManifest + " -p ours.pub");
  Must(std::string("echo >> ") + kManifest);
  MustFail(std::string("minisign -Vm ") + kManifest + " -p ours.pub",
           "Signature verification failed");
}

TEST_F(SealsTest, MinisignSignsWithOurEncryptedKeys) {
  password_ = "opensesame";
  Must("ballast key new --out ours");
  Must("ballast release create v1");
  Must(std::string("echo opensesame | minisign -Sm ") + kManifest + " -s ours.key");
  Must("ballast release verify --trusted-key ours.pub");
}

TEST_F(SealsTest, WeTakeTheKeysOfMinisign) {
  Must("minisign -GW -p plain.pub -s plain.key");
  Must("ballast release create v1 --sign-key plain.key");
  Must(std::string("minisign -Vm ") + kManifest + " -p plain.pub");
  Must("ballast release verify --trusted-key plain.pub");
  password_ = "opensesame";
  Must("printf 'opensesame\\nopensesame\\n' | minisign -G -p locked.pub -s locked.key");
  Must("ballast release create v1 --sign-key locked.key");
  Must(std::string("minisign -Vm ") + kManifest + " -p locked.pub");
  Must("ballast release verify --trusted-key locked.pub");
  MustFail("ballast release verify --trusted-key plain.pub", "B405");
}

TEST_F(SealsTest, WeTakeWhatMinisignSigned) {
  Must("minisign -GW -p its.pub -s its.key");
  Must("ballast release create v1");
  Must(std::string("minisign -Sm ") + kManifest + " -s its.key -t 'for production'");
  Must("ballast release verify --trusted-key its.pub");
  Must(std::string("cp ") + kManifest + " other && echo >> other");
  Must(std::string("minisign -Sm other -s its.key -x ") + kManifest + ".minisig");
  MustFail("ballast release verify --trusted-key its.pub", "B405");
  Must(std::string("minisign -lSm ") + kManifest + " -s its.key");
  Must("ballast release verify --trusted-key its.pub");
}

}  // namespace
}  // namespace ballast::testing
