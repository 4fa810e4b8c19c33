// SPDX-License-Identifier: Apache-2.0
#include "release/ownership.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/printable.h"
#include "base/text.h"
#include "release/coverage.h"

namespace ballast::release {
namespace {

// Reading every script would cost as much as the rest of a deploy.
constexpr size_t kScriptsCompared = 8;

std::vector<CoveredMigration> Common(const Coverage& coverage, const ProjectView& project) {
  const std::set<std::string_view> on_disk(project.migrations.begin(), project.migrations.end());
  std::vector<CoveredMigration> common;
  for (const CoveredMigration& covered : coverage) {
    if (on_disk.contains(covered.name)) common.push_back(covered);
  }
  return common;
}

// Of a few migrations spread over the list: whether most of them have the same script.
bool MostScriptsAreTheSame(const std::vector<CoveredMigration>& common,
                           const ProjectView& project) {
  const size_t count = std::min(common.size(), kScriptsCompared);
  size_t same = 0;
  for (size_t i = 0; i < count; ++i) {
    same += project.has_script(common[i * common.size() / count]) ? 1 : 0;
  }
  return 2 * same >= count && same > 0;
}

bool AreRelated(const Manifest& manifest, const ProjectView& project, bool same_identity) {
  if (project.migrations.empty() || manifest.coverage.empty()) return true;
  const std::vector<CoveredMigration> common = Common(manifest.coverage, project);
  if (common.empty()) return false;
  const size_t smaller = std::min(manifest.coverage.size(), project.migrations.size());
  if (!same_identity && 2 * common.size() < smaller) return false;
  return MostScriptsAreTheSame(common, project);
}

// "shop (prisma/schema.prisma)", as far as known.
std::string Shown(const ProjectIdentity& identity, std::string_view otherwise) {
  if (identity.name.empty() && identity.schema.empty()) return std::string(otherwise);
  if (identity.name.empty()) return Printable(identity.schema);
  if (identity.schema.empty()) return Printable(identity.name);
  return Printable(fmt::format("{} ({})", identity.name, identity.schema));
}

constexpr char kRemedy[] =
    "name a package folder of this project (--package, or `package` in ballast.toml; "
    "[project.NAME] for several projects), and make its package there with release create VERSION";

}  // namespace

Ownership OwnershipOf(const Manifest& manifest, const ProjectView& project) {
  const ProjectIdentity& recorded = manifest.project;
  const ProjectIdentity& here = project.identity;
  const bool known = !recorded.schema.empty() && !here.schema.empty();
  const bool same = known && recorded == here;
  if (known && recorded.schema != here.schema && project.schema_exists(recorded.schema)) {
    return Ownership::kOther;
  }
  if (!recorded.name.empty() && !here.name.empty() && recorded.name != here.name &&
      recorded.schema != here.schema) {
    return Ownership::kOther;
  }
  return AreRelated(manifest, project, same) ? Ownership::kOwn : Ownership::kUnrelated;
}

bool DependsOnModels(const Manifest& manifest, const ProjectView& project) {
  const std::string& recorded = manifest.project.schema;
  const std::string& here = project.identity.schema;
  return project.migrations.empty() && !recorded.empty() && !here.empty() && recorded != here;
}

bool AreOtherModels(const std::set<std::string>& packaged, const std::set<std::string>& here) {
  const auto common = std::ranges::count_if(
      here, [&](const std::string& model) { return packaged.contains(model); });
  return 2 * static_cast<size_t>(common) < std::min(packaged.size(), here.size());
}

Status CheckOwnership(Ownership ownership, const Manifest& manifest, const ProjectView& project,
                      const std::string& folder) {
  if (ownership == Ownership::kOwn) return {};
  const std::string other = Shown(manifest.project, "another project");
  const std::string here = Shown(project.identity, "this project");
  std::string message =
      ownership == Ownership::kOther
          ? fmt::format("the package of {} belongs to {}, not to {}", manifest.version, other, here)
          : fmt::format(
                "the package of {} belongs to another project than {}: it covers {}, and "
                "the {} of this project are not among {}",
                manifest.version, here, Counted(manifest.coverage.size(), "migration"),
                project.migrations.empty() ? "models" : "migrations",
                project.migrations.empty() ? "those of its schema" : "them");
  return MakeError(ErrorCode::kForeignPackage, std::move(message), kRemedy, {folder, 0});
}

}  // namespace ballast::release
