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

// What the record says of the project that the command works on.
enum class Record { kSame, kOtherPlace, kUnknown };

// A project that has another place than the record says must have every migration: it was moved,
// or copied into an image. Projects of one repository often begin with the same migration.
bool AreRelated(const Manifest& manifest, const ProjectView& project, Record record) {
  if (project.migrations.empty() || manifest.coverage.empty()) return true;
  const std::vector<CoveredMigration> common = Common(manifest.coverage, project);
  if (common.empty()) return false;
  if (record == Record::kOtherPlace && common.size() < manifest.coverage.size()) return false;
  const size_t smaller = std::min(manifest.coverage.size(), project.migrations.size());
  if (record == Record::kUnknown && 2 * common.size() < smaller) return false;
  return MostScriptsAreTheSame(common, project);
}

// Why a package is unrelated: "its schema has other models".
std::string DescribeDifference(const Manifest& manifest, const ProjectView& project) {
  if (project.migrations.empty()) return "its schema has other models";
  const std::string covers = "it covers " + Counted(manifest.coverage.size(), "migration");
  std::vector<std::string> missing;
  for (const CoveredMigration& covered : manifest.coverage) {
    const auto& here = project.migrations;
    if (std::find(here.begin(), here.end(), covered.name) == here.end()) {
      missing.push_back(covered.name);
    }
  }
  if (missing.empty() || missing.size() == manifest.coverage.size()) {
    return covers + ", and the migrations of this project are not among them";
  }
  return fmt::format("{}, of which {} {} not exist here: {}", covers, missing.size(),
                     missing.size() == 1 ? "does" : "do", JoinSome(missing));
}

// "shop (prisma/schema.prisma)", as far as known.
std::string Shown(const ProjectIdentity& identity, std::string_view otherwise) {
  if (identity.name.empty() && identity.schema.empty()) return std::string(otherwise);
  if (identity.name.empty()) return Printable(identity.schema);
  if (identity.schema.empty()) return Printable(identity.name);
  return Printable(fmt::format("{} ({})", identity.name, identity.schema));
}

constexpr char kRemedy[] =
    "use a package folder of this project (--package, or `package` in ballast.toml; with several "
    "projects, in [project.NAME]), and create its package there: ballast release create VERSION, "
    "or ballast baseline create";

}  // namespace

bool IsOfOtherProject(const ProjectIdentity& recorded, const ProjectView& project) {
  const ProjectIdentity& here = project.identity;
  if (recorded.schema == here.schema) return false;
  const bool known = !recorded.schema.empty() && !here.schema.empty();
  if (known && project.schema_exists(recorded.schema)) return true;
  return !recorded.name.empty() && !here.name.empty() && recorded.name != here.name;
}

Ownership OwnershipOf(const Manifest& manifest, const ProjectView& project) {
  const ProjectIdentity& recorded = manifest.project;
  const ProjectIdentity& here = project.identity;
  const bool known = !recorded.schema.empty() && !here.schema.empty();
  const bool same = known && recorded == here;
  if (IsOfOtherProject(recorded, project)) return Ownership::kOther;
  const Record record = same ? Record::kSame : known ? Record::kOtherPlace : Record::kUnknown;
  return AreRelated(manifest, project, record) ? Ownership::kOwn : Ownership::kUnrelated;
}

bool DependsOnModels(const Manifest& manifest, const ProjectView& project) {
  const std::string& recorded = manifest.project.schema;
  const std::string& here = project.identity.schema;
  return project.migrations.empty() && !recorded.empty() && !here.empty() && recorded != here;
}

bool AreOtherModels(const std::set<std::string>& packaged, const std::set<std::string>& here,
                    bool has_hotfixes) {
  if (packaged.empty() || here.empty()) return false;
  const bool has_all = std::includes(here.begin(), here.end(), packaged.begin(), packaged.end());
  return !has_all || (!has_hotfixes && here.size() > packaged.size());
}

Status CheckBaselineOwner(const std::optional<ProjectIdentity>& recorded,
                          const ProjectView& project, const std::string& folder) {
  if (!recorded || !IsOfOtherProject(*recorded, project)) return {};
  return MakeError(
      ErrorCode::kForeignPackage,
      fmt::format("the development baseline belongs to {}, not to {}",
                  Shown(*recorded, "another project"), Shown(project.identity, "this project")),
      kRemedy, {folder, 0});
}

Status CheckOwnership(Ownership ownership, const Manifest& manifest, const ProjectView& project,
                      const std::string& folder) {
  if (ownership == Ownership::kOwn) return {};
  const std::string other = Shown(manifest.project, "another project");
  const std::string here = Shown(project.identity, "this project");
  std::string message =
      ownership == Ownership::kOther
          ? fmt::format("the package of {} belongs to {}, not to {}", manifest.version, other, here)
          : fmt::format("the package of {} belongs to another project than {}: {}",
                        manifest.version, here, DescribeDifference(manifest, project));
  return MakeError(ErrorCode::kForeignPackage, std::move(message), kRemedy, {folder, 0});
}

}  // namespace ballast::release
