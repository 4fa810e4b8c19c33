// SPDX-License-Identifier: Apache-2.0
// Packages that somebody made to do harm: each is refused with a code, none crashes.
#include <gtest/gtest.h>

#include "base/test_error_code.h"
#include "base/text.h"
#include "release/package_archives.h"
#include "release/test_package.h"

namespace ballast::release {
namespace {

Package SmallPackage() {
  return MakeTestPackage();
}

std::string CodeOfManifest(const std::string& text) {
  const auto parsed = ParseManifest(text, "manifest.json");
  return parsed.ok() ? "" : std::string(CodeOf(parsed.error().code));
}

TEST(HostileTest, PathsOfAManifestStayInThePackage) {
  for (const std::string& path :
       {std::string("../secret"), std::string("/etc/passwd"), std::string("a/../../b"),
        std::string("./a"), std::string("a//b"), std::string("a\\b"), std::string("a\nb"),
        std::string("a\0b", 3), std::string("")}) {
    Package package = SmallPackage();
    package.manifest.files[path] = std::string(64, 'a');
    const Status verified = VerifyPackage(package, nullptr);
    ASSERT_FALSE(verified.ok()) << path;
    EXPECT_EQ(CodeOf(verified.error().code), "B402") << path;
    EXPECT_EQ(verified.error().message.find('\0'), std::string::npos);
  }
}

TEST(HostileTest, NamesOfTheCoverageAreFolderNames) {
  for (const std::string& name : {std::string(".."), std::string("a/b"), std::string(""),
                                  std::string("a\0b", 3), std::string("a\x1b[2Jb")}) {
    Package package = SmallPackage();
    package.manifest.coverage.front().name = name;
    package.manifest.baseline_includes_up_to = name;
    const Status verified = VerifyPackage(package, nullptr);
    ASSERT_FALSE(verified.ok()) << name;
    EXPECT_EQ(CodeOf(verified.error().code), "B402");
  }
}

TEST(HostileTest, RefusesAmbiguousManifests) {
  const std::string whole = SmallPackage().files[kManifestPath];
  EXPECT_EQ(CodeOfManifest(whole), "");
  EXPECT_EQ(CodeOfManifest(ReplaceAll(whole, "\"version\": \"v1\",",
                                      "\"version\": \"v1\", \"version\": \"v2\",")),
            "B402");
  EXPECT_EQ(CodeOfManifest(ReplaceAll(whole, "\"tool\"", "\"a\\u0000b\": 1, \"tool\"")), "B402");
  EXPECT_EQ(CodeOfManifest(whole + std::string(1, '\0')), "B402");
}

TEST(HostileTest, DeepDocumentsAreRefused) {
  for (const char* open : {"[", "{\"a\":"}) {
    std::string deep = "{\"x\":";
    for (int i = 0; i < 200'000; ++i) deep += open;
    EXPECT_EQ(CodeOfManifest(deep), "B402");
  }
}

TEST(HostileTest, HugeNumbersAreRefused) {
  const std::string whole = SmallPackage().files[kManifestPath];
  for (const char* number : {"1e999", "99999999999999999999", "-1", "1.5", "4294967297"}) {
    EXPECT_EQ(CodeOfManifest(ReplaceAll(whole, "\"migration_count\": 2",
                                        std::string("\"migration_count\": ") + number)),
              "B402")
        << number;
  }
}

TEST(HostileTest, RefusesDecompressionBombs) {
  const size_t large = size_t{24} << 20;
  const std::string bomb =
      PackHistory({MakeMigration("20240101000000_init", std::string(large, ' '))});
  ASSERT_LT(bomb.size() * 1000, large);
  const auto unpacked = UnpackHistory(bomb, kHistoryLimit);
  ASSERT_FALSE(unpacked.ok());
  EXPECT_EQ(CodeOf(unpacked.error().code), "B401");
}

// A damaged archive cannot be read or has other migrations than the manifest, unless the damage
// does not change what is read.
void ExpectRefusedOrIntact(Package package, const std::string& archive) {
  package.files[kHistoryPath] = archive;
  const std::string code = ErrorCodeOf(VerifyHistory(package));
  if (code == "B401") return;
  ASSERT_EQ(code, "");
  EXPECT_EQ(CoverageOf(*UnpackHistory(archive, kHistoryLimit)), package.manifest.coverage);
}

TEST(HostileTest, RefusesDamagedArchives) {
  const Package package = SmallPackage();
  const std::string whole = package.files.at(kHistoryPath);
  ASSERT_EQ(ErrorCodeOf(VerifyHistory(package)), "");
  for (size_t i = 0; i < whole.size(); ++i) {
    SCOPED_TRACE(i);
    EXPECT_EQ(ErrorCodeOf(UnpackHistory(whole.substr(0, i), kHistoryLimit)), "B401");
    std::string changed = whole;
    changed[i] ^= 0x55;
    ExpectRefusedOrIntact(package, changed);
  }
}

}  // namespace
}  // namespace ballast::release
