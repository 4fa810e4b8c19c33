// SPDX-License-Identifier: Apache-2.0
// Which strategy brings the database to where the project says (docs/decisions/0003-strategies.md).
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

// All that the choice depends on; the doors fill it in.
struct StrategyQuestion {
  std::string by_option;        // --strategy; "" and "auto" leave it open
  std::string by_environment;   // BALLAST_STRATEGY, likewise
  bool force_standard = false;  // RAILWAY_FORCE_STANDARD_MIGRATION=true
  std::string branch;           // empty: not known
  std::string branch_source;    // "--branch", "RAILWAY_GIT_BRANCH", ".git/HEAD" …
  std::vector<std::string> release_branches = {"railway-template-v*"};
  bool has_package = false;     // a whole one
  std::string package_version;  // when has_package
  std::string package_missing;  // the first file that is missing; empty: there is nothing at all
  bool has_baseline = false;    // a development baseline
  size_t migrations = 0;        // of the project
};

struct StrategyChoice {
  Strategy strategy = Strategy::kHistory;
  std::string reason;  // "branch railway-template-v4.0.0 (.git/HEAD) is a release branch"
  std::vector<std::string> warnings;
  bool on_release_branch = false;
};

// B404 for a package of another version than the branch's, B400 when release is forced and there is
// no whole package, B100 for a strategy that does not exist.
Result<StrategyChoice> ChooseStrategy(const StrategyQuestion& question);

// Whether versions mean the same release: a leading "v" and a "+hotfix.N" make no difference.
bool SameRelease(std::string_view a, std::string_view b);

}  // namespace ballast::plan
