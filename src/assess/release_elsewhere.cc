// SPDX-License-Identifier: Apache-2.0
#include "assess/release_elsewhere.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/shell_word.h"
#include "project/known_packages.h"

namespace ballast::assess {
namespace {

bool IsKnownToPackage(const project::Artifacts& artifacts, const std::string& checksum) {
  if (!artifacts.package) return false;
  const release::Manifest& manifest = artifacts.package->manifest;
  return manifest.baseline_checksum == checksum ||
         std::ranges::any_of(manifest.previous, [&](const release::PreviousRelease& previous) {
           return previous.baseline_checksum == checksum;
         });
}

// What `git checkout` takes: it makes a local branch of a remote one.
std::string NameToCheckOut(const project::KnownPackage& package) {
  constexpr std::string_view kRemote = "origin/";
  const bool is_remote = package.ref.starts_with(kRemote) && package.place.starts_with("branch ");
  return package.ref.substr(is_remote ? kRemote.size() : 0);
}

}  // namespace

void NameReleaseElsewhere(const project::ProjectContext& context,
                          const project::Artifacts& artifacts, const plan::Observation& observation,
                          plan::Decision& decision) {
  auto* refusal = std::get_if<plan::Refusal>(&decision.answer);
  if (refusal == nullptr || refusal->code != ErrorCode::kOtherStrategy) return;
  const plan::MigrationRow* row = plan::AppliedRow(observation, release::kBaselineName);
  if (row == nullptr || IsKnownToPackage(artifacts, row->checksum)) return;
  const auto package = project::PackageInGit(context, row->checksum);
  if (!package || refusal->remedies.empty()) return;
  refusal->message = fmt::format(
      "the database was deployed from release {}, whose package only {} has, and matches no proven "
      "state of the project",
      package->package->manifest.version, package->place);
  refusal->remedies.front() = fmt::format(
      "deploy there: git checkout {} && ballast deploy "
      "--strategy release",
      ShellWord(NameToCheckOut(*package)));
}

}  // namespace ballast::assess
