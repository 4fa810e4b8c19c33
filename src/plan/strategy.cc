// SPDX-License-Identifier: Apache-2.0
#include "plan/strategy.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/nearest_name.h"
#include "base/text.h"
#include "release/manifest.h"

namespace ballast::plan {
namespace {

Error NoPackage(const StrategyQuestion& question) {
  return MakeError(ErrorCode::kPackageMissing,
                   question.package_missing.empty()
                       ? "the release strategy needs a release package, and there is none"
                       : fmt::format("the release package is incomplete: {} is missing",
                                     question.package_missing),
                   "create it: ballast release create VERSION");
}

StrategyChoice Release(std::string reason) {
  StrategyChoice choice;
  choice.strategy = Strategy::kRelease;
  choice.reason = std::move(reason);
  return choice;
}

StrategyChoice DevelopmentOrHistory(const StrategyQuestion& question, std::string reason) {
  StrategyChoice choice;
  choice.reason = std::move(reason);
  choice.strategy = question.has_baseline ? Strategy::kDevelopment : Strategy::kHistory;
  if (!question.has_baseline) {
    constexpr size_t kFew = 20;  // a baseline of so few saves little
    choice.reason += ", and there is no development baseline";
    if (question.migrations > kFew) {
      choice.warnings.push_back(
          fmt::format("fresh databases run {} migrations; `ballast baseline create` replaces them "
                      "with one script",
                      question.migrations));
    }
  }
  return choice;
}

Result<StrategyChoice> Forced(const StrategyQuestion& question, const std::string& name,
                              std::string_view by) {
  const std::optional<Strategy> strategy = StrategyNamed(name);
  if (!strategy) {
    return MakeError(ErrorCode::kUsageError,
                     fmt::format("{}: unknown strategy '{}'{}", by, name,
                                 DidYouMean(name, {"auto", "release", "development", "history"})),
                     "use auto, release, development or history");
  }
  if (*strategy == Strategy::kRelease && !question.has_package) return NoPackage(question);
  if (*strategy == Strategy::kDevelopment && !question.has_baseline) {
    return MakeError(ErrorCode::kBaselineStale,
                     "the development strategy needs a development baseline, and there is none",
                     "create it: ballast baseline create");
  }
  StrategyChoice choice;
  choice.strategy = *strategy;
  choice.reason = fmt::format("set by {}", by);
  if (*strategy != Strategy::kRelease && !question.packed_package.empty()) {
    choice.warnings.push_back(fmt::format("the package {} is not used: the strategy is {}",
                                          question.packed_package, name));
  }
  return choice;
}

// Whether the package is that of the branch; patterns without a "*" are for every version.
Status CheckVersionOfBranch(const StrategyQuestion& question, const ReleaseName& name) {
  if (name.LacksVersion()) {
    return MakeError(
        ErrorCode::kVersionMismatch,
        fmt::format("{}, but the package has version {}", WithoutVersion(question.branch, name),
                    question.package_version),
        fmt::format(
            "rename the branch: git branch -m {}; or use --strategy release",
            BranchOfRelease(release::SplitHotfixes(question.package_version).base, name.pattern)));
  }
  if (!name.version || SameRelease(*name.version, question.package_version)) return {};
  return MakeError(ErrorCode::kVersionMismatch,
                   fmt::format("branch {} is for version {}, but the package has version {}",
                               question.branch, *name.version, question.package_version),
                   "create the package of this branch: ballast release create " + *name.version);
}

Result<StrategyChoice> OnReleaseBranch(const StrategyQuestion& question, const ReleaseName& name) {
  const std::string reason =
      fmt::format("{} ({}) is a release branch", question.branch, question.branch_source);
  if (!question.has_package) {
    StrategyChoice choice = DevelopmentOrHistory(question, reason + " without a package");
    choice.warnings.insert(
        choice.warnings.begin(),
        question.package_missing.empty()
            ? "this is a release branch, but there is no release package: "
              "`ballast release create VERSION` creates one"
            : fmt::format("this is a release branch, but the release package lacks {}",
                          question.package_missing));
    choice.on_release_branch = true;
    return choice;
  }
  if (!question.package_version.empty()) TRY(CheckVersionOfBranch(question, name));
  StrategyChoice choice = Release(reason);
  choice.on_release_branch = true;
  return choice;
}

bool LeavesOpen(const std::string& name) {
  return name.empty() || name == "auto";
}

std::string_view PlainVersion(std::string_view version) {
  if (version.starts_with('v')) version.remove_prefix(1);
  return version.substr(0, version.find('+'));
}

}  // namespace

std::string_view NameOf(Strategy strategy) {
  switch (strategy) {
    case Strategy::kRelease:
      return "release";
    case Strategy::kDevelopment:
      return "development";
    case Strategy::kHistory:
      return "history";
  }
  return "";
}

std::optional<Strategy> StrategyNamed(std::string_view name) {
  for (const Strategy strategy : {Strategy::kRelease, Strategy::kDevelopment, Strategy::kHistory}) {
    if (NameOf(strategy) == name) return strategy;
  }
  return std::nullopt;
}

bool ReleaseName::LacksVersion() const {
  return version && !release::IsVersion(*version);
}

std::optional<ReleaseName> ReadReleaseName(const std::string& name,
                                           const std::vector<std::string>& patterns) {
  const auto pattern = std::ranges::find_if(
      patterns, [&](const std::string& one) { return MatchesGlob(one, name); });
  if (pattern == patterns.end()) return std::nullopt;
  ReleaseName read{*pattern, std::nullopt};
  const size_t star = pattern->rfind('*');
  if (star == std::string::npos) return read;
  const std::string before = pattern->substr(0, star);
  const size_t end = name.size() - (pattern->size() - star - 1);
  size_t start = end;  // of the shortest text that the "*" can match
  while (!MatchesGlob(before, name.substr(0, start))) --start;
  read.version = name.substr(start, end - start);
  if (before.ends_with('v') && !read.version->empty()) read.version->insert(0, "v");
  return read;
}

std::string BranchOfRelease(const std::string& version, const std::string& pattern) {
  const size_t star = pattern.rfind('*');
  if (star == std::string::npos) return pattern;
  const std::string before = pattern.substr(0, star);
  const bool v = before.ends_with('v') && version.starts_with('v');
  return before + version.substr(v ? 1 : 0) + pattern.substr(star + 1);
}

std::string WithoutVersion(const std::string& branch, const ReleaseName& name) {
  return fmt::format("branch {} is a release branch ({}) whose name has no version", branch,
                     name.pattern);
}

bool SameRelease(std::string_view a, std::string_view b) {
  return PlainVersion(a) == PlainVersion(b);
}

Result<StrategyChoice> ChooseStrategy(const StrategyQuestion& question) {
  if (!LeavesOpen(question.by_option)) return Forced(question, question.by_option, "--strategy");
  if (!LeavesOpen(question.by_setting)) {
    return Forced(question, question.by_setting, question.setting);
  }
  if (question.force_standard) {
    return Forced(question, "history", "RAILWAY_FORCE_STANDARD_MIGRATION");
  }
  const bool packed = !question.packed_package.empty();
  if (packed && !question.has_package) return NoPackage(question);
  if (question.branch.empty()) {
    if (!question.has_package) return DevelopmentOrHistory(question, "no branch is known");
    return Release("no branch is known, and there is a complete release package");
  }
  if (const auto name = ReadReleaseName(question.branch, question.release_branches)) {
    return OnReleaseBranch(question, *name);
  }
  if (packed) return Release(question.packed_package + " is a packed release");
  return DevelopmentOrHistory(question, fmt::format("{} ({}) is not a release branch",
                                                    question.branch, question.branch_source));
}

}  // namespace ballast::plan
