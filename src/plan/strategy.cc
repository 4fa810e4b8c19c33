// SPDX-License-Identifier: Apache-2.0
#include "plan/strategy.h"

#include <fmt/format.h>

#include "base/nearest_name.h"
#include "base/text.h"

namespace ballast::plan {
namespace {

// The version in a branch's name: what the first "*" of the matching pattern matches.
std::optional<std::string> VersionOfBranch(const StrategyQuestion& question) {
  for (const std::string& pattern : question.release_branches) {
    if (!MatchesGlob(pattern, question.branch)) continue;
    const size_t star = pattern.find('*');
    return star == std::string::npos ? std::string() : question.branch.substr(star);
  }
  return std::nullopt;
}

Error NoPackage(const StrategyQuestion& question) {
  return MakeError(ErrorCode::kPackageMissing,
                   question.package_missing.empty()
                       ? "the release strategy needs a release package, and there is none"
                       : fmt::format("the release package is incomplete: {} is missing",
                                     question.package_missing),
                   "make it: ballast release create VERSION");
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
                     "make it: ballast baseline create");
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

Result<StrategyChoice> OnReleaseBranch(const StrategyQuestion& question,
                                       const std::string& version) {
  const std::string reason =
      fmt::format("{} ({}) is a release branch", question.branch, question.branch_source);
  if (!question.has_package) {
    StrategyChoice choice = DevelopmentOrHistory(question, reason + " without a package");
    choice.warnings.insert(
        choice.warnings.begin(),
        question.package_missing.empty()
            ? "this is a release branch, but there is no release package: "
              "`ballast release create VERSION` makes one"
            : fmt::format("this is a release branch, but the release package lacks {}",
                          question.package_missing));
    choice.on_release_branch = true;
    return choice;
  }
  const bool is_known = !version.empty() && !question.package_version.empty();
  if (is_known && !SameRelease(version, question.package_version)) {
    return MakeError(
        ErrorCode::kVersionMismatch,
        fmt::format("branch {} is for version {}, but the package has version {}", question.branch,
                    version, question.package_version),
        fmt::format("make the package of this branch: ballast release create v{}", version));
  }
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
  if (const auto version = VersionOfBranch(question)) return OnReleaseBranch(question, *version);
  if (packed) return Release(question.packed_package + " is a packed release");
  return DevelopmentOrHistory(question, fmt::format("{} ({}) is not a release branch",
                                                    question.branch, question.branch_source));
}

}  // namespace ballast::plan
