// SPDX-License-Identifier: Apache-2.0
#include "release/manifest.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "release/development_baseline.h"
#include "release/staleness.h"

namespace ballast::release {
namespace {

Manifest MakeManifest() {
  Manifest manifest;
  manifest.version = "v4.0.0";
  manifest.generated_at = "2025-01-02T03:04:05Z";
  manifest.baseline_includes_up_to = "2_b";
  manifest.migration_count = 2;
  manifest.baseline_lines = 12;
  manifest.schema_checksum = "s";
  manifest.generation_command = "ballast release create v4.0.0";
  manifest.baseline_checksum = "c";
  manifest.coverage = {{"1_a", "x"}, {"2_b \"é\"", "y"}};
  manifest.fingerprint = {"f",          "l", "sf", "sl",
                          {"triggers"}, 15,  true, catalog::TargetSchemaScope(2)};
  manifest.fingerprint.scope.schemas = {"billing"};
  manifest.fingerprint.scope.globals = {"extension citext"};
  manifest.fingerprint.needs = {{"NULLS NOT DISTINCT", "index i", 15}};
  manifest.rows = {{"Plan", 9'000'000'000, "d", {"createdAt"}}};
  manifest.roles = {"reader"};
  manifest.files = {{"release-migrations/0_baseline/migration.sql", "z"}};
  manifest.previous = {{"v3", "b", "f3", {{"1_a", "x"}}, {{"h", "hc"}}, {"2_b \"é\""}}};
  manifest.proof = {true, {"15.14"}, {"catalog", "rows"}, 2, {"a notice"}};
  manifest.source = {"abc", "main", true};
  manifest.tool = "ballast 0.1.0";
  return manifest;
}

DevelopmentBaseline MakeBaseline(const std::vector<Migration>& migrations,
                                 const std::string& script) {
  DevelopmentBaseline baseline;
  baseline.generated_at = "2025-01-02T03:04:05Z";
  baseline.coverage = CoverageOf(migrations);
  baseline.fingerprint.catalog = "f";
  baseline.rows = {{"Plan", 3, "d", {}}};
  baseline.baseline_checksum = ChecksumOf(script);
  baseline.source = {"abc", "main", false};
  baseline.proof.equal = true;
  return baseline;
}

TEST(ManifestTest, RoundTrips) {
  const Manifest manifest = MakeManifest();
  const std::string json = RenderManifest(manifest);
  EXPECT_EQ(json, RenderManifest(manifest));
  EXPECT_TRUE(json.ends_with("\n}\n"));
  const auto back = ParseManifest(json, "manifest.json");
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(*back, manifest);
}

TEST(ManifestTest, RoundTripsRollbacks) {
  Manifest manifest = MakeManifest();
  for (const RollbackOrigin origin : {RollbackOrigin::kNone, RollbackOrigin::kDifference,
                                      RollbackOrigin::kScript, RollbackOrigin::kDownScripts}) {
    manifest.rollbacks.emplace_back().origin = origin;
  }
  manifest.rollbacks[2].removed_rows.emplace();
  manifest.rollbacks[3].removed_rows = {{"\"Plan\"", 2}};
  manifest.rollbacks[1].statements = {{"column \"T\".\"a\nb\"", "alter", "ACCESS EXCLUSIVE", true,
                                       "NULL in \"T\".\"a\nb\"", "SELECT 1 FROM \"T\"", 2}};
  const std::string json = RenderManifest(manifest);
  const auto back = ParseManifest(json, "manifest.json");
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(*back, manifest);
  const auto unknown =
      ParseManifest(ReplaceAll(json, "\"down.sql\"", "\"up.sql\""), "manifest.json");
  ASSERT_FALSE(unknown.ok());
  EXPECT_NE(unknown.error().message.find("rollbacks[3].origin"), std::string::npos)
      << unknown.error().message;
}

TEST(ManifestTest, KeepsTheKeysInOrder) {
  Manifest manifest = MakeManifest();
  AddDigest(&manifest);
  const std::string json = RenderManifest(manifest);
  size_t before = 0;
  for (const char* key : {"format",
                          "version",
                          "generated_at",
                          "baseline_includes_up_to",
                          "migration_count",
                          "baseline_lines",
                          "schema_checksum",
                          "strategy",
                          "generation_command",
                          "baseline_checksum",
                          "coverage",
                          "fingerprint",
                          "rows",
                          "roles",
                          "files",
                          "previous",
                          "proof",
                          "source",
                          "tool",
                          "inputs_digest",
                          "project",
                          "manifest_digest"}) {
    const size_t at = json.find("\n  \"" + std::string(key) + "\": ");
    ASSERT_NE(at, std::string::npos) << key;
    EXPECT_GT(at + 1, before) << key;
    before = at;
  }
}

TEST(ManifestTest, BindsInputsToItsOwnContent) {
  Manifest manifest = MakeManifest();
  const std::string digest = BindInputs("inputs", manifest);
  manifest.inputs_digest = digest;
  EXPECT_EQ(BindInputs("inputs", manifest), digest);
  EXPECT_NE(BindInputs("inputs ", manifest), digest);
  manifest.rows.clear();
  manifest.fingerprint.layout += "0";
  EXPECT_NE(BindInputs("inputs", manifest), digest);
}

TEST(ManifestTest, ReadsRecordsWithoutADigest) {
  Manifest manifest = MakeManifest();
  manifest.inputs_digest = std::string(64, 'a');
  std::string json = RenderManifest(manifest);
  const size_t at = json.find(",\n  \"inputs_digest\"");
  ASSERT_NE(at, std::string::npos);
  json.replace(at, json.rfind('\n', json.size() - 3) - at, "");
  const auto back = ParseManifest(json, "manifest.json");
  ASSERT_TRUE(back.ok()) << back.error().message << json;
  EXPECT_EQ(back->inputs_digest, "");
}

TEST(ManifestTest, OmitsTheFirstVocabulary) {
  Manifest manifest = MakeManifest();
  EXPECT_NE(RenderManifest(manifest).find("\"vocabulary\": 2"), std::string::npos);
  manifest.fingerprint.scope.vocabulary = 1;
  EXPECT_EQ(RenderManifest(manifest).find("vocabulary"), std::string::npos);
  const Result<Manifest> read = ParseManifest(RenderManifest(manifest), "manifest.json");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->fingerprint.scope.vocabulary, 1);
}

TEST(ManifestTest, NamesTheKeyThatIsWrong) {
  struct Case {
    const char* from;
    const char* to;
    const char* code;
    const char* says;
  };
  const std::string json = RenderManifest(MakeManifest());
  for (const Case& c : {
           Case{"\"version\": \"v4.0.0\",", "", "B402", "\"version\" is missing"},
           Case{"\"v4.0.0\"", "4", "B402", "\"version\" is not a string"},
           Case{"\"migration_count\": 2", "\"migration_count\": \"2\"", "B402",
                "\"migration_count\""},
           Case{"\"migration_count\": 2", "\"migration_count\": 2.0", "B402",
                "\"migration_count\""},
           Case{"\"migration_count\": 2", "\"migration_count\": -2", "B402", "\"migration_count\""},
           Case{"\"migration_count\": 2", "\"migration_count\": 2147483648", "B402",
                "\"migration_count\""},
           Case{"9000000000", "9223372036854775808", "B402", "\"rows[0].count\""},
           Case{"\"checksum\": \"y\"", "\"checksum\": null", "B402", "\"coverage[1].checksum\""},
           Case{"\"equal\": true", "\"equal\": 1", "B402", "\"proof.equal\" is not true or false"},
           Case{": \"z\"", ": []", "B402",
                "files[\"release-migrations/0_baseline/migration.sql\"]"},
           Case{"\"format\": 1,", "", "B402", "older recipe"},
           Case{"\"format\": 1", "\"format\": 2", "B406", "format 2"},
           Case{"\"format\": 1", "\"format\": \"1\"", "B402", "\"format\""},
           Case{"\"format\": 1", "\"format\": 0", "B402", "\"format\""},
           Case{"{", "[", "B402", "not JSON"},
       }) {
    const size_t at = json.find(c.from);
    ASSERT_NE(at, std::string::npos) << c.from;
    std::string changed = json;
    changed.replace(at, std::string_view(c.from).size(), c.to);
    const auto back = ParseManifest(changed, "m.json");
    ASSERT_FALSE(back.ok()) << c.to;
    EXPECT_EQ(CodeOf(back.error().code), c.code) << back.error().message;
    EXPECT_NE(back.error().message.find(c.says), std::string::npos) << back.error().message;
    EXPECT_EQ(back.error().where.file, "m.json");
  }
}

TEST(ManifestTest, IsRefusedWhenItIsNotAnObjectOrTooLarge) {
  for (const std::string& text :
       {std::string(), std::string("[]"), std::string("{\"format\": 1"), std::string("nonsense"),
        std::string(100'000, '['), std::string((size_t{64} << 20) + 1, ' ')}) {
    const auto back = ParseManifest(text, "m.json");
    ASSERT_FALSE(back.ok());
    EXPECT_EQ(CodeOf(back.error().code), "B402");
  }
}

TEST(ManifestTest, SaysWhereTheJsonBreaks) {
  const auto back = ParseManifest("{\n\"format\": 1,\n oops }", "m.json");
  ASSERT_FALSE(back.ok());
  EXPECT_EQ(back.error().where.line, 3);
}

TEST(DevelopmentBaselineTest, RoundTrips) {
  const DevelopmentBaseline baseline = MakeBaseline({MakeMigration("1_a", "x")}, "s");
  const auto back = ParseDevelopmentBaseline(RenderDevelopmentBaseline(baseline), "baseline.json");
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(*back, baseline);
  const auto broken = ParseDevelopmentBaseline("{\"format\": 1}", "baseline.json");
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(CodeOf(broken.error().code), "B407");
  const auto newer = ParseDevelopmentBaseline("{\"format\": 9}", "baseline.json");
  ASSERT_FALSE(newer.ok());
  EXPECT_EQ(CodeOf(newer.error().code), "B406");
}

TEST(DevelopmentBaselineTest, MatchesTheMigrationsOnDisk) {
  const std::vector<Migration> covered = {MakeMigration("1_a", "a\n"), MakeMigration("2_b", "b\n")};
  const std::string script = RenderDevelopmentScript(CoverageOf(covered), "CREATE TABLE a ();\n");
  const DevelopmentBaseline baseline = MakeBaseline(covered, script);
  std::vector<Migration> on_disk = covered;
  on_disk.push_back(MakeMigration("3_c", "c"));
  EXPECT_TRUE(VerifyDevelopmentBaseline(baseline, script, on_disk, "prisma/migrations").ok());
  // As a checkout on Windows has them.
  const std::vector<Migration> windows = {MakeMigration("1_a", "a\r\n"),
                                          MakeMigration("2_b", "b\r\n")};
  EXPECT_TRUE(
      VerifyDevelopmentBaseline(baseline, ReplaceAll(script, "\n", "\r\n"), windows, "m").ok());
}

TEST(DevelopmentBaselineTest, IsStaleWhenAnythingDiffers) {
  const std::vector<Migration> covered = {MakeMigration("1_a", "a"), MakeMigration("2_b", "b")};
  const std::string script = RenderDevelopmentScript(CoverageOf(covered), "CREATE TABLE a ();\n");
  const std::string foreign = RenderDevelopmentScript({}, "CREATE TABLE a ();\n");
  struct Case {
    const char* says;
    std::string script;
    std::vector<Migration> on_disk;
    std::string checksum;
  };
  for (const Case& c : {
           Case{"was changed", script + " ", covered, ChecksumOf(script)},
           Case{"different coverage", foreign, covered, ChecksumOf(foreign)},
           Case{"do not name", "CREATE TABLE a ();", covered, ChecksumOf("CREATE TABLE a ();")},
           Case{"2_b, which is not in", script, {covered[0]}, ChecksumOf(script)},
           Case{"2_b, which was edited",
                script,
                {covered[0], MakeMigration("2_b", "c")},
                ChecksumOf(script)},
           Case{"1_a, which has no migration.sql",
                script,
                {Migration{"1_a", {}, {}}, covered[1]},
                ChecksumOf(script)},
       }) {
    DevelopmentBaseline baseline = MakeBaseline(covered, script);
    baseline.baseline_checksum = c.checksum;
    const Status status =
        VerifyDevelopmentBaseline(baseline, c.script, c.on_disk, "prisma/migrations");
    ASSERT_FALSE(status.ok()) << c.says;
    EXPECT_EQ(CodeOf(status.error().code), "B407");
    EXPECT_NE(status.error().message.find(c.says), std::string::npos) << status.error().message;
  }
}

TEST(StalenessTest, TheFirstRemedyIsToRestoreTheScript) {
  const Coverage covered =
      CoverageOf({MakeMigration("1_a", "a"), MakeMigration("2_b", "b"), MakeMigration("3_c", "c")});
  const auto hint_of = [&](ErrorCode code, const std::vector<Migration>& on_disk) {
    return StaleError(code, "it", CompareWithMigrations(covered, on_disk), "prisma/migrations")
        .hint;
  };
  EXPECT_EQ(
      hint_of(ErrorCode::kBaselineStale, {MakeMigration("1_a", "x"), MakeMigration("2_b", "b")}),
      "restore them from git: git restore prisma/migrations/1_a prisma/migrations/3_c; if the "
      "change is intended: ballast baseline create");
  EXPECT_EQ(
      hint_of(ErrorCode::kPackageStale, {MakeMigration("1_a", "a"), MakeMigration("2_b", "b")}),
      "restore it from git: git restore prisma/migrations/3_c; if the change is intended: "
      "ballast release create VERSION (a new one)");
  EXPECT_EQ(
      hint_of(ErrorCode::kBaselineStale, {MakeMigration("1_a", "a"), MakeMigration("2_b", "b"),
                                          MakeMigration("3_c", "c"), MakeMigration("4_d", "d")}),
      "refresh it: ballast baseline create");
}

}  // namespace
}  // namespace ballast::release
