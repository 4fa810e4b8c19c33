// SPDX-License-Identifier: Apache-2.0
#include "release/development_baseline.h"

#include <fmt/format.h>

#include <map>

#include "base/sha256.h"
#include "base/text.h"
#include "release/staleness.h"

namespace ballast::release {
namespace {

constexpr std::string_view kCoverageLine = "-- coverage: ";
constexpr std::string_view kChecksumLine = "-- coverage-checksum: sha256:";
constexpr size_t kHeadLines = 3;

// The rest of the line with that beginning among the first lines of a script.
std::string HeadValue(std::string_view script, std::string_view beginning) {
  for (size_t line = 0; line < kHeadLines; ++line) {
    const size_t end = script.find('\n');
    const std::string_view text = script.substr(0, end);
    if (text.starts_with(beginning)) return std::string(Trim(text.substr(beginning.size())));
    if (end == std::string_view::npos) break;
    script.remove_prefix(end + 1);
  }
  return {};
}

Error Stale(std::string message, Place where) {
  return MakeError(ErrorCode::kBaselineStale, std::move(message),
                   "create it again with `ballast baseline create`", std::move(where));
}

Status ScriptBelongs(const DevelopmentBaseline& baseline, std::string_view script) {
  const std::string named = HeadValue(script, kChecksumLine);
  if (HeadValue(script, kCoverageLine) != kDevelopmentCoveragePath || named.empty()) {
    return Stale(fmt::format("the first lines of {} do not name its coverage, so it is not known "
                             "which migrations it covers",
                             kDevelopmentScriptPath),
                 {kDevelopmentScriptPath, 1});
  }
  if (named != CoverageChecksum(baseline.coverage)) {
    return Stale(fmt::format("{} was created for a different coverage than that in {}",
                             kDevelopmentScriptPath, kDevelopmentCoveragePath),
                 {kDevelopmentScriptPath, 1});
  }
  if (!ChecksumMatches(baseline.baseline_checksum, script)) {
    return Stale(fmt::format("{} was changed since it was created", kDevelopmentScriptPath),
                 {kDevelopmentScriptPath, 0});
  }
  return {};
}

// Empty when the migration is as the baseline has it.
std::string_view Complaint(const CoveredMigration& covered, const Migration* on_disk) {
  if (on_disk == nullptr) return "is not in the migrations folder";
  if (!on_disk->script) return "has no migration.sql";
  return ChecksumMatches(covered.checksum, *on_disk->script) ? "" : "was edited";
}

}  // namespace

std::string CoverageChecksum(const Coverage& coverage) {
  Sha256 hash;
  for (const CoveredMigration& covered : coverage) {
    hash.Update(covered.name + "\t" + covered.checksum + "\n");
  }
  return hash.FinishHex();
}

std::string RenderDevelopmentScript(const Coverage& coverage, std::string_view body) {
  return fmt::format(
      "-- Development baseline: stands for {} migrations. Made by ballast.\n{}{}\n{}{}\n\n{}",
      coverage.size(), kCoverageLine, kDevelopmentCoveragePath, kChecksumLine,
      CoverageChecksum(coverage), body);
}

std::string BodyOfDevelopmentScript(std::string_view script) {
  for (size_t line = 0; line <= kHeadLines; ++line) {
    const size_t end = script.find('\n');
    if (end == std::string_view::npos) return {};
    script.remove_prefix(end + 1);
  }
  return std::string(script);
}

Status VerifyDevelopmentBaseline(const DevelopmentBaseline& baseline, std::string_view script,
                                 const std::vector<Migration>& on_disk, const std::string& folder) {
  TRY(ScriptBelongs(baseline, script));
  std::map<std::string_view, const Migration*> by_name;
  for (const Migration& migration : on_disk) by_name[migration.name] = &migration;
  Error error;
  std::vector<std::string> changed;
  for (const CoveredMigration& covered : baseline.coverage) {
    const auto found = by_name.find(covered.name);
    const std::string_view complaint =
        Complaint(covered, found == by_name.end() ? nullptr : found->second);
    if (complaint.empty()) continue;
    if (error.details.empty()) {
      error = Stale(
          fmt::format("the baseline covers the migration {}, which {}", covered.name, complaint),
          {covered.name, 0});
    }
    error.details.emplace_back("migration", covered.name);
    changed.push_back(covered.name);
  }
  if (changed.empty()) return {};
  error.hint = RestoreFromGit(changed, folder) +
               "; if the change is intended: ballast baseline create, or --strategy history";
  return error;
}

}  // namespace ballast::release
