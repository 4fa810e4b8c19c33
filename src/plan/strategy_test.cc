// SPDX-License-Identifier: Apache-2.0
#include "plan/strategy.h"

#include <gtest/gtest.h>

namespace ballast::plan {
namespace {

struct StrategyCase {
  std::string what;
  StrategyQuestion question;
  std::string expected;  // the strategy or the error's code
  size_t warnings = 0;
};

StrategyQuestion OnBranch(const std::string& branch) {
  StrategyQuestion question;
  question.branch = branch;
  question.branch_source = ".git/HEAD";
  return question;
}

StrategyQuestion WithPackage(StrategyQuestion question, const std::string& version) {
  question.has_package = true;
  question.package_version = version;
  return question;
}

StrategyQuestion Packed(StrategyQuestion question) {
  question.packed_package = "v4.tar.zst";
  return question;
}

StrategyQuestion WithBaseline(StrategyQuestion question) {
  question.has_baseline = true;
  return question;
}

StrategyQuestion WithMigrations(StrategyQuestion question, size_t count) {
  question.migrations = count;
  return question;
}

StrategyQuestion Option(StrategyQuestion question, const std::string& option) {
  question.by_option = option;
  return question;
}

StrategyQuestion Environment(StrategyQuestion question, const std::string& value) {
  question.by_setting = value;
  question.setting = "BALLAST_STRATEGY";
  return question;
}

StrategyQuestion ForceStandard(StrategyQuestion question) {
  question.force_standard = true;
  return question;
}

TEST(StrategyTest, Chooses) {
  const StrategyQuestion release_branch = OnBranch("railway-template-v4.0.0");
  StrategyQuestion broken = release_branch;
  broken.package_missing = "release-migrations/manifest.json";
  const StrategyCase cases[] = {
      {"release branch, package", WithPackage(release_branch, "v4.0.0"), "release"},
      {"a hotfix is of the same release", WithPackage(release_branch, "v4.0.0+hotfix.1"),
       "release"},
      {"another version", WithPackage(release_branch, "v4.1.0"), "B404"},
      {"no version in the name", WithPackage(OnBranch("railway-template-v"), "v4.0.0"), "B404"},
      {"no version in the name, no package", OnBranch("railway-template-v"), "history", 1},
      {"release branch, no package", WithBaseline(release_branch), "development", 1},
      {"release branch, nothing at all", release_branch, "history", 1},
      {"release branch, broken package", WithBaseline(broken), "development", 1},
      {"no branch, package", WithPackage({}, "v4.0.0"), "release"},
      {"no branch, baseline", WithBaseline({}), "development"},
      {"no branch, nothing", {}, "history"},
      {"main, package and baseline", WithPackage(WithBaseline(OnBranch("main")), "v4"),
       "development"},
      {"main, packed file", Packed(WithPackage(WithBaseline(OnBranch("main")), "v4")), "release"},
      {"main, packed file that is incomplete", Packed(WithBaseline(OnBranch("main"))), "B400"},
      {"no branch, packed file that is incomplete", Packed({}), "B400"},
      {"release branch, packed file of another version",
       Packed(WithPackage(release_branch, "v4.1.0")), "B404"},
      {"packed file, another strategy", Option(Packed(WithPackage({}, "v4")), "history"), "history",
       1},
      {"main, no baseline", OnBranch("main"), "history"},
      {"main, no baseline, many migrations", WithMigrations(OnBranch("main"), 21), "history", 1},
      {"option wins", Option(WithPackage(release_branch, "v9"), "history"), "history"},
      {"auto leaves it open", Option(WithPackage(release_branch, "v4.0.0"), "auto"), "release"},
      {"environment", Environment(WithPackage(OnBranch("main"), "v4"), "release"), "release"},
      {"option before environment",
       Environment(Option(WithBaseline(OnBranch("main")), "development"), "history"),
       "development"},
      {"forced standard", ForceStandard(WithPackage(release_branch, "v4.0.0")), "history"},
      {"release asked for, no package", Option(OnBranch("main"), "release"), "B400"},
      {"development asked for, no baseline", Option(OnBranch("main"), "development"), "B407"},
      {"no such strategy", Option(OnBranch("main"), "fast"), "B100"},
  };
  for (const StrategyCase& c : cases) {
    const Result<StrategyChoice> choice = ChooseStrategy(c.question);
    if (!choice) {
      EXPECT_EQ(CodeOf(choice.error().code), c.expected) << c.what;
      EXPECT_FALSE(choice.error().hint.empty()) << c.what;
      continue;
    }
    EXPECT_EQ(NameOf(choice->strategy), c.expected) << c.what;
    EXPECT_EQ(choice->warnings.size(), c.warnings) << c.what;
    EXPECT_FALSE(choice->reason.empty()) << c.what;
  }
}

TEST(StrategyTest, ReadsTheVersionInAName) {
  const std::vector<std::string> patterns = {
      "railway-template-v*", "release/*", "eu/*/prod-*", "x-v*-eu", "v*", "main"};
  const struct {
    std::string name;
    std::string version;  // "-": it is not the name of a release
    bool lacks = false;
  } cases[] = {
      {"railway-template-v4.0.0", "v4.0.0"},
      {"railway-template-v", "", true},
      {"railway-template-v4/x", "v4/x", true},
      {"release/4.0.0", "4.0.0"},
      {"release/v4", "v4"},
      {"eu/west/prod-v4", "v4"},
      {"x-v4-eu", "v4"},
      {"v", "", true},
      {"v4", "v4"},
      {"main", ""},
      {"feature/x", "-"},
  };
  for (const auto& c : cases) {
    const std::optional<ReleaseName> name = ReadReleaseName(c.name, patterns);
    EXPECT_EQ(name ? name->version.value_or("") : "-", c.version) << c.name;
    if (!name) continue;
    EXPECT_EQ(name->LacksVersion(), c.lacks) << c.name;
    const bool is_plain = name->pattern.find('*') == name->pattern.rfind('*');
    if (!c.lacks && is_plain) {
      EXPECT_EQ(BranchOfRelease(c.version, name->pattern), c.name);
    }
  }
}

TEST(StrategyTest, TheReasonNamesTheSetting) {
  StrategyQuestion question = WithBaseline(OnBranch("main"));
  question.by_setting = "history";
  question.setting = "`strategy` in ballast.toml";
  EXPECT_EQ(ChooseStrategy(question)->reason, "set by `strategy` in ballast.toml");
}

TEST(StrategyTest, TheWarningNamesTheMissingFile) {
  StrategyQuestion question = WithBaseline(OnBranch("railway-template-v1"));
  question.package_missing = "release-migrations/manifest.json";
  const Result<StrategyChoice> choice = ChooseStrategy(question);
  ASSERT_TRUE(choice.ok());
  EXPECT_NE(choice->warnings[0].find("release-migrations/manifest.json"), std::string::npos);
}

}  // namespace
}  // namespace ballast::plan
