// SPDX-License-Identifier: Apache-2.0
// `ballast check`: everything that continuous integration checks in a project, in one run.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "commands/lint.h"
#include "commands/release_create.h"
#include "commands/release_verify.h"
#include "commands/schema_check.h"
#include "project/invocation.h"

namespace ballast::commands {

enum class CheckFormat { kText, kGithub };

struct CheckOptions {
  std::string since;   // as LintOptions
  std::string branch;  // that is checked, or that a pull request goes to; empty: detected
  lint::Severity fail_on = lint::Severity::kError;
  CheckFormat format = CheckFormat::kText;
  std::string summary;  // a file, to which a Markdown table is appended; empty: none
};

enum class CheckedPart {
  kPackage,       // the files of the release package
  kRelease,       // whether the release package is what `release create` would create now
  kUpgradePaths,  // of the release package
  kBaseline,      // the same as kRelease for the development baseline
  kSchema,        // schema.prisma and the migrations
  kMigrations     // the findings of lint
};
std::string_view TitleOf(CheckedPart part);

enum class Verdict {
  kPassed,
  kBehind,  // it lacks newer migrations, which the next release or refresh adds
  kFailed
};
std::string_view NameOf(Verdict verdict);  // "passed", "behind", "failed"

struct CheckResult {
  CheckedPart part;
  Verdict verdict = Verdict::kPassed;
};

// The reports of the checks. A project without a release package or a development baseline has no
// reports of them.
struct CheckReport {
  std::vector<CheckResult> results;  // in the order of CheckedPart
  std::optional<VerifyReport> package;
  std::optional<CreateReport> release;
  std::optional<CreateReport> baseline;
  SchemaCheckReport schema;
  LintReport lint;
  // The working directory, relative to the top of the repository, as in LintReport.
  std::string place;
  std::optional<Error> error;  // the project cannot be loaded, so nothing was checked

  size_t FailedCount() const;
  // The error of a part, if it has one.
  const Error* ErrorOf(CheckedPart part) const;
};

// Changes nothing. Outside of release branches, a package or baseline that lacks only newer
// migrations is behind, not failed. Errors as LoadProject.
CheckReport CheckProject(const CheckOptions& options, const project::Invocation& invocation);

}  // namespace ballast::commands
