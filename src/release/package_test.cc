// SPDX-License-Identifier: Apache-2.0
#include "release/package.h"
#include "release/package_archives.h"

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include <random>

#include "base/sha256.h"
#include "base/test_error_code.h"
#include "base/text.h"
#include "release/test_package.h"

namespace ballast::release {
namespace {

Package MakePackage() {
  return MakeTestPackage();
}

std::string CodeAfter(const Package& package) {
  const Status status = VerifyPackage(package, nullptr);
  return status.ok() ? "ok" : std::string(CodeOf(status.error().code));
}

TEST(VerifyPackageTest, AcceptsAnIntactPackage) {
  const Package package = MakePackage();
  std::vector<std::string> unproven;
  const Status status = VerifyPackage(package, &unproven);
  ASSERT_TRUE(status.ok()) << status.error().message;
  EXPECT_TRUE(unproven.empty());
  EXPECT_TRUE(VerifyHistory(package).ok());
}

TEST(VerifyPackageTest, AcceptsWhatCompletePackageWrote) {
  Package package = MakePackage();
  EXPECT_EQ(package.manifest.migration_count, 2);
  EXPECT_EQ(package.manifest.baseline_includes_up_to, "2_b");
  EXPECT_EQ(package.manifest.baseline_lines, 2);
  const auto manifest = ParseManifest(package.files.at(kManifestPath), kManifestPath);
  ASSERT_TRUE(manifest.ok());
  EXPECT_EQ(*manifest, package.manifest);
  const Package once = package;
  CompletePackage(&package);
  EXPECT_EQ(package.files, once.files);
}

TEST(VerifyPackageTest, NamesEachFileThatIsNotAsTheManifestSays) {
  Package package = MakePackage();
  package.files[kBaselinePath] += " ";
  package.files.erase(kHistoryPath);
  package.files["release-migrations/notes.txt"] = "x";
  package.files["release-migrations/0_baseline/extra.sql"] = "x";
  const Status status = VerifyPackage(package, nullptr);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(CodeOf(status.error().code), "B401");
  std::vector<std::string> files;
  for (const auto& [key, value] : status.error().details) files.push_back(Join({key, value}, " "));
  EXPECT_EQ(files, (std::vector<std::string>{"file release-migrations/0_baseline/migration.sql",
                                             "file release-migrations/history.tar.zst",
                                             "file release-migrations/0_baseline/extra.sql",
                                             "file release-migrations/notes.txt"}));
}

std::string WithCrlf(const std::string& text) {
  return ReplaceAll(text, "\n", "\r\n");
}

TEST(VerifyPackageTest, NamesConvertedLineEndings) {
  Package package = MakePackage();
  package.files[kBaselinePath] = WithCrlf(package.files[kBaselinePath]);
  Status status = VerifyPackage(package, nullptr);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(CodeOf(status.error().code), "B401");
  EXPECT_NE(status.error().message.find("0_baseline/migration.sql has CRLF"), std::string::npos);
  EXPECT_NE(status.error().hint.find("-text"), std::string::npos);
  package.files[kHistoryPath] += " ";  // another change, too
  status = VerifyPackage(package, nullptr);
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.error().message.find("was changed"), std::string::npos);

  const auto manifest = ParseManifest(WithCrlf(RenderManifest(package.manifest)), "m");
  ASSERT_FALSE(manifest.ok());
  EXPECT_EQ(CodeOf(manifest.error().code), "B401");
  EXPECT_NE(manifest.error().message.find("the manifest has CRLF"), std::string::npos);
}

TEST(VerifyPackageTest, FindsEveryEditedByteOfEveryFile) {
  const Package whole = MakePackage();
  for (const auto& [path, checksum] : whole.manifest.files) {
    for (const size_t at : {size_t{0}, whole.files.at(path).size() - 1}) {
      Package package = whole;
      package.files[path][at] ^= 1;
      const Status status = VerifyPackage(package, nullptr);
      ASSERT_FALSE(status.ok()) << path;
      EXPECT_EQ(status.error().where.file, path);
    }
  }
}

TEST(VerifyPackageTest, ChecksTheManifestForConsistency) {
  struct Case {
    const char* what;
    void (*change)(Manifest*);
  };
  for (const Case& c : {
           Case{"count", [](Manifest* m) { m->migration_count = 3; }},
           Case{"negative count", [](Manifest* m) { m->migration_count = -1; }},
           Case{"last", [](Manifest* m) { m->baseline_includes_up_to = "1_a"; }},
           Case{"twice", [](Manifest* m) { m->coverage[0].name = "2_b"; }},
           Case{"itself", [](Manifest* m) { m->coverage[0].name = "0_baseline"; }},
           Case{"lines", [](Manifest* m) { m->baseline_lines = 7; }},
           Case{"checksum", [](Manifest* m) { m->baseline_checksum = "00"; }},
           Case{"no lock", [](Manifest* m) { m->files.erase(kLockPath); }},
       }) {
    Package package = MakePackage();
    c.change(&package.manifest);
    EXPECT_EQ(CodeAfter(package), "B402") << c.what;
  }
}

TEST(VerifyPackageTest, AllowsHotfixFoldersAndNamesThem) {
  Package package = MakeTestPackageWithEverything();  // with a hotfix that it names
  package.files["release-migrations/20250102_two/migration.sql"] = "SELECT 2;";
  package.files["release-migrations/20250102_two/README.md"] = "why";
  package.files["release-migrations/20250101_one/migration.sql"] = "SELECT 1;";
  std::vector<std::string> unproven;
  ASSERT_TRUE(VerifyPackage(package, &unproven).ok());
  EXPECT_EQ(unproven, (std::vector<std::string>{"20250101_one", "20250102_two"}));
  const std::vector<Migration> hotfixes = package.Hotfixes();
  ASSERT_EQ(hotfixes.size(), 3U);
  EXPECT_EQ(hotfixes[1], MakeMigration("20250101000000_c", "CREATE TABLE c ();\n"));
  EXPECT_EQ(hotfixes[2], MakeMigration("20250102_two", "SELECT 2;"));
}

TEST(VerifyPackageTest, KeepsAHotfixFolderWithoutItsScript) {
  Package package = MakePackage();
  package.files["release-migrations/20250101_one/notes.md"] = "x";
  ASSERT_EQ(CodeAfter(package), "ok");
  ASSERT_EQ(package.Hotfixes().size(), 1U);
  EXPECT_FALSE(package.Hotfixes()[0].script.has_value());
}

TEST(VerifyPackageTest, RefusesHotfixesThatWouldBeSkippedOrRunTooEarly) {
  Package reused = MakePackage();
  reused.files["release-migrations/2_b/migration.sql"] = "SELECT 1;";
  EXPECT_EQ(CodeAfter(reused), "B408");
  Package early = MakePackage();
  early.files["release-migrations/_first/migration.sql"] = "SELECT 1;";
  EXPECT_EQ(CodeAfter(early), "B401");
}

TEST(VerifyHistoryTest, ChecksTheArchiveAgainstTheCoverage) {
  Package package = MakePackage();
  for (const std::vector<Migration>& other : {
           std::vector<Migration>{MakeMigration("1_a", "CREATE TABLE a ();\n")},
           std::vector<Migration>{MakeMigration("1_a", "CREATE TABLE a ();\n"),
                                  MakeMigration("2_b", "DROP TABLE a;")},
           std::vector<Migration>{MakeMigration("2_b", "CREATE TABLE b ();\n"),
                                  MakeMigration("1_a", "CREATE TABLE a ();\n")},
       }) {
    package.files[kHistoryPath] = PackHistory(other);
    EXPECT_EQ(ErrorCodeOf(VerifyHistory(package)), "B401");
  }
}

TEST(HistoryTest, RoundTripsEveryByte) {
  std::mt19937 random(7);
  for (int turn = 0; turn < 20; ++turn) {
    std::vector<Migration> migrations;
    for (size_t i = 0; i < random() % 40; ++i) {
      std::string script(random() % 5000, ' ');
      for (char& c : script) c = static_cast<char>(random() % 128);
      std::string name = std::to_string(i) + std::string(random() % 200, 'n') + " é.sql";
      migrations.push_back(MakeMigration(name, script));
    }
    migrations.push_back(Migration{"no script", {}, {}});
    const std::string archive = PackHistory(migrations);
    EXPECT_EQ(archive, PackHistory(migrations));
    const auto back = UnpackHistory(archive, kHistoryLimit);
    ASSERT_TRUE(back.ok()) << back.error().message;
    EXPECT_EQ(*back, migrations);
  }
}

struct RawEntry {
  std::string path;
  mode_t type = AE_IFREG;
  std::string content{};
  std::string hardlink{};
};

std::string PackRaw(const std::vector<RawEntry>& entries) {
  std::string bytes(1 << 20, '\0');
  size_t used = 0;
  archive* tar = archive_write_new();
  archive_write_set_format_gnutar(tar);
  archive_write_add_filter_zstd(tar);
  archive_write_open_memory(tar, bytes.data(), bytes.size(), &used);
  for (const RawEntry& raw : entries) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, raw.path.c_str());
    archive_entry_set_filetype(entry, raw.type);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, static_cast<la_int64_t>(raw.content.size()));
    if (raw.type == AE_IFLNK) archive_entry_set_symlink(entry, "/etc/passwd");
    if (!raw.hardlink.empty()) archive_entry_set_hardlink(entry, raw.hardlink.c_str());
    archive_write_header(tar, entry);
    archive_write_data(tar, raw.content.data(), raw.content.size());
    archive_entry_free(entry);
  }
  archive_write_close(tar);
  archive_write_free(tar);
  bytes.resize(used);
  return bytes;
}

TEST(HistoryTest, RefusesWhatPackHistoryDoesNotWrite) {
  const std::vector<std::vector<RawEntry>> refused = {
      {{"/a/migration.sql"}},
      {{"../migration.sql"}},
      {{"./migration.sql"}},
      {{"../a/migration.sql"}},
      {{"a/../b/migration.sql"}},
      {{"a/other.sql"}},
      {{"a"}},
      {{"migration.sql"}},
      {{"a/b/migration.sql"}},
      {{"a/migration.sql", AE_IFLNK}},
      {{"a/migration.sql", AE_IFCHR}},
      {{"a/migration.sql", AE_IFIFO}},
      {{"..", AE_IFDIR}},
      {{"a/migration.sql"}, {"b/migration.sql", AE_IFREG, "", "a/migration.sql"}},
      {{"a/migration.sql"}, {"a/migration.sql"}},
      {{"a", AE_IFDIR}, {"a/migration.sql"}},
  };
  for (const std::vector<RawEntry>& entries : refused) {
    const auto back = UnpackHistory(PackRaw(entries), kHistoryLimit);
    ASSERT_FALSE(back.ok()) << entries.back().path;
    EXPECT_EQ(CodeOf(back.error().code), "B401");
  }
  EXPECT_TRUE(UnpackHistory(PackRaw({{"a/migration.sql", AE_IFREG, "x"}}), kHistoryLimit).ok());
}

TEST(HistoryTest, RefusesMissingAndExtraMigrations) {
  const std::string archive = PackHistory(
      {MakeMigration("a", std::string(1000, ' ')), MakeMigration("b", std::string(1000, ' '))});
  EXPECT_TRUE(UnpackHistory(archive, 2000).ok());
  EXPECT_EQ(ErrorCodeOf(UnpackHistory(archive, 1999)), "B401");
  EXPECT_EQ(ErrorCodeOf(UnpackHistory(archive.substr(0, archive.size() / 2), 2000)), "B401");
  EXPECT_EQ(ErrorCodeOf(UnpackHistory("", 2000)), "B401");
  EXPECT_EQ(ErrorCodeOf(UnpackHistory("not an archive", 2000)), "B401");
}

TEST(PackageTextTest, CountsLines) {
  EXPECT_EQ(CountLines(""), 0);
  EXPECT_EQ(CountLines("a"), 1);
  EXPECT_EQ(CountLines("a\n"), 1);
  EXPECT_EQ(CountLines("a\n\nb"), 3);
}

}  // namespace
}  // namespace ballast::release
