// SPDX-License-Identifier: Apache-2.0
#include "release/baseline_script.h"

#include <fmt/format.h>

#include "base/sha256.h"
#include "base/text.h"
#include "release/package.h"

namespace ballast::release {
namespace {

constexpr std::string_view kHead = "-- Release baseline: ";

std::string HeadOf(const Coverage& coverage) {
  Sha256 names;
  for (const CoveredMigration& covered : coverage) names.Update(covered.name + "\n");
  return fmt::format("{}covers {}. Made by ballast.\n-- migrations-checksum: sha256:{}\n\n", kHead,
                     Counted(coverage.size(), "migration"), names.FinishHex());
}

}  // namespace

std::string RenderBaselineScript(const Coverage& coverage, std::string_view body) {
  return HeadOf(coverage) + std::string(body);
}

std::string BodyOfBaselineScript(std::string_view script) {
  const size_t end = script.starts_with(kHead) ? script.find("\n\n") : std::string_view::npos;
  return std::string(end == std::string_view::npos ? script : script.substr(end + 2));
}

Status BaselineScriptFits(std::string_view script, const Coverage& coverage) {
  if (!script.starts_with(kHead) || script.starts_with(HeadOf(coverage))) return {};
  return MakeError(
      ErrorCode::kPackageEdited,
      fmt::format("the first lines of {} name other migrations than the manifest", kBaselinePath),
      "create the package again with `ballast release create`", {kBaselinePath, 1});
}

}  // namespace ballast::release
