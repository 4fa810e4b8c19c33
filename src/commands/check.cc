// SPDX-License-Identifier: Apache-2.0
#include "commands/check.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/interruption.h"
#include "plan/strategy.h"
#include "project/project_context.h"
#include "workspace/files.h"
#include "workspace/package_store.h"

namespace ballast::commands {
namespace {

// What the package and the baseline may lack on this branch.
bool IsReleaseBranch(const project::ProjectContext& context, const std::string& option) {
  const std::string branch = project::BranchOf(context, option).name;
  return plan::ReadReleaseName(branch, context.project.config.release_branches).has_value();
}

Verdict VerdictOf(const CreateReport& report, bool may_be_behind) {
  if (!report.error) return Verdict::kPassed;
  const bool is_behind = report.staleness && report.staleness->IsOnlyBehind();
  return is_behind && may_be_behind ? Verdict::kBehind : Verdict::kFailed;
}

// Errors of a package name files in its folder. A place that is no file in the project is removed.
void ShowFromDirectory(const workspace::Project& project, std::optional<Error>& error) {
  if (!error || error->where.file.empty()) return;
  if (workspace::IsFile(project.directory / error->where.file)) return;
  const std::filesystem::path in_package = project.package / error->where.file;
  if (workspace::IsFile(in_package)) {
    error->where.file = project.ShownPath(in_package);
  } else {
    error->where = {};
  }
}

class Checks {
 public:
  Checks(const CheckOptions& options, const project::Invocation& invocation, CheckReport& report)
      : options_(options), invocation_(invocation), report_(report) {}

  Status Run() {
    TRY_ASSIGN(const project::ProjectContext context, project::LoadProject(invocation_));
    report_.place = context.project.PlaceInRepository();
    CheckPackage(IsReleaseBranch(context, options_.branch));
    TRY_ASSIGN(const auto baseline, workspace::LoadDevelopmentBaseline(context.project.package));
    if (baseline) CheckBaseline();
    CheckSchema();
    CheckMigrations();
    ShowPlaces(context.project);
    if (Interruption::Requested()) return Interruption::AsError();
    return {};
  }

 private:
  void Add(CheckedPart part, Verdict verdict) { report_.results.push_back({part, verdict}); }

  void CheckPackage(bool on_release_branch) {
    VerifyReport package = VerifyRelease({}, invocation_);
    if (package.error && package.error->code == ErrorCode::kPackageMissing) return;
    report_.package = std::move(package);
    Add(CheckedPart::kPackage, report_.package->error ? Verdict::kFailed : Verdict::kPassed);
    proof::CreateOptions create;
    create.check = true;
    report_.release = CreateRelease(create, invocation_);
    const Verdict verdict = VerdictOf(*report_.release, !on_release_branch);
    Add(CheckedPart::kRelease, verdict);
    const bool lacks_paths =
        report_.release->staleness && !report_.release->staleness->missing_paths.empty();
    if (lacks_paths || verdict == Verdict::kPassed) {
      Add(CheckedPart::kUpgradePaths, lacks_paths ? Verdict::kFailed : Verdict::kPassed);
    }
  }

  void CheckBaseline() {
    proof::CreateOptions create;
    create.check = true;
    report_.baseline = CreateDevelopmentBaseline(create, invocation_);
    // A deploy runs newer migrations after the baseline.
    Add(CheckedPart::kBaseline, VerdictOf(*report_.baseline, /*may_be_behind=*/true));
  }

  void CheckSchema() {
    report_.schema = SchemaCheck({}, invocation_);
    const bool agree = report_.schema.agree && !report_.schema.error;
    Add(CheckedPart::kSchema, agree ? Verdict::kPassed : Verdict::kFailed);
  }

  void CheckMigrations() {
    LintOptions lint;
    lint.since = options_.since;
    lint.fail_on = options_.fail_on;
    report_.lint = Lint(lint, invocation_);
    Add(CheckedPart::kMigrations, report_.lint.error ? Verdict::kFailed : Verdict::kPassed);
  }

  void ShowPlaces(const workspace::Project& project) {
    if (report_.package) ShowFromDirectory(project, report_.package->error);
    if (report_.release) ShowFromDirectory(project, report_.release->error);
    if (report_.baseline) ShowFromDirectory(project, report_.baseline->error);
    ShowFromDirectory(project, report_.schema.error);
    ShowFromDirectory(project, report_.lint.error);
  }

  const CheckOptions& options_;
  const project::Invocation& invocation_;
  CheckReport& report_;
};

const Error* Pointer(const std::optional<Error>& error) {
  return error ? &*error : nullptr;
}

}  // namespace

std::string_view TitleOf(CheckedPart part) {
  switch (part) {
    case CheckedPart::kPackage:
      return "release package";
    case CheckedPart::kRelease:
      return "release package is up to date";
    case CheckedPart::kUpgradePaths:
      return "upgrade paths";
    case CheckedPart::kBaseline:
      return "development baseline";
    case CheckedPart::kSchema:
      return "schema and migrations agree";
    case CheckedPart::kMigrations:
      break;
  }
  return "pending migrations";
}

std::string_view NameOf(Verdict verdict) {
  if (verdict == Verdict::kPassed) return "passed";
  return verdict == Verdict::kBehind ? "behind" : "failed";
}

size_t CheckReport::FailedCount() const {
  return static_cast<size_t>(std::ranges::count(results, Verdict::kFailed, &CheckResult::verdict));
}

const Error* CheckReport::ErrorOf(CheckedPart part) const {
  switch (part) {
    case CheckedPart::kPackage:
      return package ? Pointer(package->error) : nullptr;
    case CheckedPart::kRelease:
      return release ? Pointer(release->error) : nullptr;
    case CheckedPart::kUpgradePaths:
      return nullptr;
    case CheckedPart::kBaseline:
      return baseline ? Pointer(baseline->error) : nullptr;
    case CheckedPart::kSchema:
      return Pointer(schema.error);
    case CheckedPart::kMigrations:
      break;
  }
  return Pointer(lint.error);
}

CheckReport CheckProject(const CheckOptions& options, const project::Invocation& invocation) {
  CheckReport report;
  Status done = Checks(options, invocation, report).Run();
  if (!done) report.error = std::move(done).error();
  return report;
}

}  // namespace ballast::commands
