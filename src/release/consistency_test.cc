// SPDX-License-Identifier: Apache-2.0
#include "release/consistency.h"

#include <gtest/gtest.h>

#include <functional>

#include "base/text.h"
#include "catalog/snapshot.h"
#include "release/package_archives.h"
#include "release/test_package.h"

namespace ballast::release {
namespace {

// As the disk gives it: the manifest is read from its bytes again.
std::string CodeOfFiles(Package package) {
  const auto manifest = ParseManifest(package.files.at(kManifestPath), kManifestPath);
  if (!manifest) return std::string(CodeOf(manifest.error().code));
  package.manifest = *manifest;
  const Status status = VerifyPackage(package, nullptr);
  return status.ok() ? "" : std::string(CodeOf(status.error().code));
}

struct Count {
  size_t edits = 0;
  size_t accepted = 0;
};

void TryEdit(const Package& package, const std::string& path, std::string edited, Count& count) {
  Package changed = package;
  changed.files[path] = std::move(edited);
  ++count.edits;
  if (CodeOfFiles(changed).empty()) ++count.accepted;
}

// The byte with each of the other 255 values.
void TryEveryValue(const Package& package, const std::string& path, size_t at, Count& count) {
  const std::string& bytes = package.files.at(path);
  for (int mask = 1; mask < 256; ++mask) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ mask);
    TryEdit(package, path, std::move(changed), count);
  }
}

// Every edit of one byte: changed, deleted, or one inserted before it.
template <class Try>
void ForEachEdit(const std::string& text, const Try& attempt) {
  static constexpr unsigned char kMasks[] = {0x01, 0x20, 0x80};
  static constexpr char kInserted[] = {'\n', '0'};
  for (size_t at = 0; at <= text.size(); ++at) {
    for (const char c : kInserted) attempt(text.substr(0, at) + c + text.substr(at));
    if (at == text.size()) break;
    attempt(text.substr(0, at) + text.substr(at + 1));
    for (const unsigned char mask : kMasks) {
      std::string changed = text;
      changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ mask);
      attempt(changed);
    }
  }
}

// A sample of the two tests below.
TEST(ConsistencyTest, RefusesSingleByteEdits) {
  const Package package = MakeTestPackageWithEverything();
  Count count;
  for (const auto& [path, bytes] : package.files) {
    constexpr size_t kApart = 61;
    for (size_t at = 0; at < bytes.size(); at += kApart) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ 1);
      TryEdit(package, path, changed, count);
      TryEdit(package, path, bytes.substr(0, at) + bytes.substr(at + 1), count);
    }
  }
  EXPECT_GT(count.edits, 100U);
  EXPECT_EQ(count.accepted, 0U) << "of " << count.edits;
}

TEST(LongConsistencyTest, RefusesEverySingleByteEdit) {
  const Package package = MakeTestPackageWithEverything();
  ASSERT_EQ(CodeOfFiles(package), "");
  Count count;
  for (const auto& file : package.files) {
    const auto& [path, bytes] = file;
    ForEachEdit(bytes, [&, path = path](const std::string& edited) {
      if (edited == file.second)
        return;  // inserting a byte next to an equal one gives the same text
      TryEdit(package, path, edited, count);
    });
  }
  EXPECT_GT(count.edits, 20'000U);
  EXPECT_EQ(count.accepted, 0U) << "of " << count.edits;
}

// The manifest vouches for the other files: each of its bytes with all other values.
TEST(SlowConsistencyTest, RefusesEveryValueOfEveryByteOfTheManifest) {
  const Package package = MakeTestPackageWithEverything();
  const size_t size = package.files.at(kManifestPath).size();
  Count count;
  for (size_t at = 0; at < size; ++at) TryEveryValue(package, kManifestPath, at, count);
  EXPECT_EQ(count.edits, size * 255);
  EXPECT_EQ(count.accepted, 0U) << "of " << count.edits;
}

TEST(ConsistencyTest, RefusesNulBytesOfScripts) {
  for (const char* path : {"release-migrations/20250101000000_c/migration.sql",
                           "release-migrations/20250102000000_unsealed/migration.sql"}) {
    Package package = MakeTestPackageWithEverything();
    package.files[path] = std::string("SELECT 1;\n\0SELECT 2;\n", 21);
    if (package.manifest.files.contains(path)) CompletePackage(&package);
    const Status status = VerifyPackage(package, nullptr);
    ASSERT_FALSE(status.ok()) << path;
    EXPECT_EQ(CodeOf(status.error().code), "B307") << status.error().message;
    EXPECT_EQ(status.error().where, (Place{path, 2}));
  }
}

// As an earlier tool wrote it: without the keys that came later.
std::string WithoutDigest(const Package& package) {
  Manifest manifest = package.manifest;
  manifest.manifest_digest.clear();
  const std::string text = RenderManifest(manifest);
  return text.substr(0, text.find(",\n  \"project\"")) + "\n}\n";
}

TEST(ConsistencyTest, ChecksPackagesOfEarlierVersions) {
  Package package = MakeTestPackageWithEverything();
  const std::string text = WithoutDigest(package);
  package.files[kManifestPath] = text;
  ASSERT_EQ(CodeOfFiles(package), "");
  const auto code_with = [&](const std::string& from, const std::string& to) {
    Package changed = package;
    changed.files[kManifestPath] = ReplaceAll(text, from, to);
    EXPECT_NE(changed.files[kManifestPath], text) << from;
    return CodeOfFiles(changed);
  };
  EXPECT_EQ(code_with("\"equal\": true", "\"equal\": false"), "B402");
  EXPECT_EQ(code_with(package.manifest.fingerprint.catalog, std::string(64, '0')), "B401");
  EXPECT_EQ(code_with(package.manifest.schema_checksum, std::string(64, '0')), "B401");
  EXPECT_EQ(code_with("\"format\": 1", "\"format\":1"), "B402") << "no canonical form";
  EXPECT_EQ(code_with("\"strategy\"", "\"Strategy\""), "B402");
  EXPECT_EQ(code_with("\"tool\": ", "\"later\": 1,\n  \"tool\": "), "B402") << "an unknown key";
  EXPECT_EQ(code_with("\"v2+hotfix.1\"", "\"v2\""), "B402");
  EXPECT_EQ(code_with("\n}\n", "\n}"), "B402");
}

TEST(ConsistencyTest, IgnoresKeysOfLaterVersions) {
  Package package = MakeTestPackage();
  Manifest manifest = package.manifest;
  manifest.manifest_digest.clear();
  std::string text = RenderManifest(manifest);
  text.insert(text.size() - 3, ",\n  \"later\": [\n    1\n  ]");
  const std::string digest = Sha256Hex(text);
  text.insert(text.size() - 3, ",\n  \"manifest_digest\": \"" + digest + "\"");
  package.files[kManifestPath] = text;
  EXPECT_EQ(CodeOfFiles(package), "");
}

TEST(ConsistencyTest, RefusesPartsThatDoNotAgree) {
  struct Case {
    const char* what;
    std::function<void(Package&)> change;  // before the manifest is completed again
    const char* code;
  };
  const std::string zeros(64, '0');
  const std::vector<Migration> other = {MakeMigration("1_a", "CREATE TABLE a ();\n"),
                                        MakeMigration("2_b", "DROP TABLE a;\n")};
  for (const Case& c : std::vector<Case>{
           {"not equal", [](Package& p) { p.manifest.proof.equal = false; }, "B402"},
           {"nothing compared", [](Package& p) { p.manifest.proof.compared.clear(); }, "B402"},
           {"no server", [](Package& p) { p.manifest.proof.servers.clear(); }, "B402"},
           {"fewer replayed", [](Package& p) { p.manifest.proof.migrations_replayed = 1; }, "B402"},
           {"strategy", [](Package& p) { p.manifest.strategy = "none"; }, "B402"},
           {"version", [](Package& p) { p.manifest.version = "v2"; }, "B402"},
           {"no fingerprint", [](Package& p) { p.manifest.fingerprint.catalog = ""; }, "B402"},
           {"catalog", [&](Package& p) { p.manifest.fingerprint.catalog = zeros; }, "B401"},
           {"layout", [&](Package& p) { p.manifest.fingerprint.layout = zeros; }, "B401"},
           {"hotfixes", [&](Package& p) { p.manifest.with_hotfixes.catalog = zeros; }, "B401"},
           {"no hotfix snapshot", [](Package& p) { p.files.erase(kHotfixSnapshotPath); }, "B402"},
           {"no snapshot", [](Package& p) { p.files.erase(kSnapshotPath); }, "B402"},
           {"no states", [](Package& p) { p.files.erase(kStatesPath); }, "B402"},
           {"no history", [](Package& p) { p.files.erase(kHistoryPath); }, "B402"},
           {"no hotfix",
            [](Package& p) { p.files.erase("release-migrations/20250101000000_c/migration.sql"); },
            "B402"},
           {"another history", [&](Package& p) { p.files[kHistoryPath] = PackHistory(other); },
            "B401"},
           {"no archive", [](Package& p) { p.files[kHistoryPath] = "x"; }, "B401"},
           {"schema", [](Package& p) { p.files[kSchemaPath] += "// more\n"; }, "B401"},
           {"state's name", [](Package& p) { p.manifest.previous[0].version = "v0"; }, "B401"},
           {"state's hash", [&](Package& p) { p.manifest.previous[0].fingerprint = zeros; },
            "B401"},
           {"order of the snapshot",
            [](Package& p) {
              p.files[kSnapshotPath] = "table\tb\tkind\tordinary\ntable\ta\tkind\tordinary\n";
            },
            "B401"},
       }) {
    Package package = MakeTestPackageWithEverything();
    c.change(package);
    CompletePackage(&package);
    EXPECT_EQ(CodeOfFiles(package), c.code) << c.what;
  }
}

TEST(ConsistencyTest, ReadsTheFilesOfASchemaFolderAsTheyAreFound) {
  const std::string root = std::string(kSchemaPath) + "/";
  const std::map<std::string, std::string> files = {
      {root + "a.prisma", "2"}, {root + "a/b.prisma", "1"}, {root + "b.prisma", "3"}, {"x", "4"}};
  EXPECT_EQ(SchemaChecksum(files), Sha256Hex("123"));
}

TEST(VersionTest, IsShortAndPlain) {
  for (const char* version : {"v1", "4.0.0", "v4.0.0-beta_2+build.7", "release+hotfix"}) {
    EXPECT_TRUE(IsVersion(version)) << version;
  }
  EXPECT_TRUE(IsVersion(std::string(64, 'v')));
  for (const char* version :
       {"", ".", "..", "../x", ".v1", "v 1", "v1\n", "v1\x1b[2J", "v/1", "é"}) {
    EXPECT_FALSE(IsVersion(version)) << version;
  }
  EXPECT_FALSE(IsVersion(std::string(65, 'v')));
}

TEST(VersionTest, CountsItsHotfixes) {
  EXPECT_EQ(VersionWithHotfixes("v1", 2), "v1+hotfix.2");
  EXPECT_EQ(VersionWithHotfixes("v1+hotfix.2", 3), "v1+hotfix.3");
  EXPECT_EQ(VersionWithHotfixes("v1+hotfix.2", 0), "v1");
  EXPECT_EQ(SplitHotfixes("v1").hotfixes, 0);
  EXPECT_EQ(SplitHotfixes("v1+hotfix.12").hotfixes, 12);
  EXPECT_EQ(SplitHotfixes("v1+hotfix.12").base, "v1");
  for (const char* none : {"v1+hotfix.", "v1+hotfix.0", "v1+hotfix.01", "v1+hotfix.1x"}) {
    EXPECT_EQ(SplitHotfixes(none).hotfixes, 0) << none;
    EXPECT_EQ(SplitHotfixes(none).base, none);
  }
}

TEST(VersionTest, OfAManifestIsChecked) {
  for (const char* version : {"", "../x", "v1\n✅ Done", "v1\x1b[2J"}) {
    Package package = MakeTestPackage();
    package.manifest.version = version;
    CompletePackage(&package);
    const auto parsed = ParseManifest(package.files.at(kManifestPath), kManifestPath);
    ASSERT_FALSE(parsed.ok()) << version;
    EXPECT_EQ(CodeOf(parsed.error().code), "B402");
    EXPECT_EQ(parsed.error().message.find('\x1b'), std::string::npos);
  }
}

}  // namespace
}  // namespace ballast::release
