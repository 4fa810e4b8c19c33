// SPDX-License-Identifier: Apache-2.0
// Selects the strategy of a deploy (docs/decisions/0003-strategies.md).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ballast::plan {

enum class Strategy {
  kRelease,      // one sealed package: its baseline and hotfixes
  kDevelopment,  // the development baseline, then the migrations that it does not cover
  kHistory       // every migration, as `prisma migrate deploy` would
};

std::string_view NameOf(Strategy strategy);  // "release", "development", "history"
std::optional<Strategy> StrategyNamed(std::string_view name);

// Everything that the selection depends on.
struct StrategyQuestion {
  std::string by_option;        // --strategy; "" and "auto": not specified
  std::string by_setting;       // of a variable or of ballast.toml; the same
  std::string setting;          // its name: "BALLAST_STRATEGY"
  bool force_standard = false;  // RAILWAY_FORCE_STANDARD_MIGRATION=true
  std::string branch;           // empty: not known
  std::string branch_source;    // "--branch", "RAILWAY_GIT_BRANCH", ".git/HEAD" …
  std::vector<std::string> release_branches = {"railway-template-v*"};
  bool has_package = false;     // a complete one
  std::string package_version;  // empty: none, or the package cannot be used
  std::string package_missing;  // the first missing file; empty: there is no package at all
  // The path of the package if it is one packed file. Only the release strategy deploys such a
  // file.
  std::string packed_package;
  bool has_baseline = false;  // a development baseline
  size_t migrations = 0;      // number of migrations of the project
};

struct StrategyChoice {
  Strategy strategy = Strategy::kHistory;
  std::string reason;  // "branch railway-template-v4.0.0 (.git/HEAD) is a release branch"
  std::vector<std::string> warnings;
  bool on_release_branch = false;
};

// B404 if the versions of package and branch differ; B400 if the release strategy is requested, or
// a packed file is named, without a complete package; B100 for an unknown strategy.
Result<StrategyChoice> ChooseStrategy(const StrategyQuestion& question);

// What the name of a branch or a tag states about a release.
struct ReleaseName {
  std::string pattern;  // the glob that it matches
  // What the last "*" of the pattern matches, with a "v" before it: "v4.0.0"; empty if it matches
  // nothing. No value: the pattern has no "*", so the name can be that of any version.
  std::optional<std::string> version;

  // Whether the name should have a version, and has none that a release can have.
  bool LacksVersion() const;
};

// By the first pattern that matches the name. No value: it is not that of a release.
std::optional<ReleaseName> ReadReleaseName(const std::string& name,
                                           const std::vector<std::string>& patterns);

// The name from which ReadReleaseName reads the version.
std::string BranchOfRelease(const std::string& version, const std::string& pattern);

// "branch railway-template-v is a release branch (railway-template-v*) whose name has no version"
std::string WithoutVersion(const std::string& branch, const ReleaseName& name);

// Whether two versions denote the same release, ignoring a leading "v" and "+hotfix.N".
bool SameRelease(std::string_view a, std::string_view b);

}  // namespace ballast::plan
