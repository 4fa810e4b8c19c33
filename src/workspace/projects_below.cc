// SPDX-License-Identifier: Apache-2.0
#include "workspace/projects_below.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "workspace/files.h"
#include "workspace/package_location.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;

constexpr char kNodePackage[] = "package.json";

// The home folder and those of temporary files hold whatever somebody put there.
bool IsForAnything(const fs::path& folder, const Variables& variables) {
  std::vector<std::string> known = {"/tmp", "/var/tmp"};
  for (const char* name : {"HOME", "TMPDIR"}) {
    if (const auto found = variables.find(name); found != variables.end()) {
      known.push_back(found->second);
    }
  }
  return std::ranges::any_of(known, [&](const std::string& one) {
    std::error_code failed;
    return fs::equivalent(folder, one, failed);
  });
}

// Whether what is below the folder belongs to it: it is in a repository, or in an archive or an
// image of one.
bool IsInCheckout(const fs::path& folder, const Variables& variables) {
  const fs::path top = RepositoryRoot(folder);
  return Exists(top / ".git") || !IsForAnything(top, variables);
}

// Whether another repository, or without a checkout another Node package, is between the folder and
// the migrations. The `.git` of a submodule is a file.
bool IsOfOther(const fs::path& migrations, const fs::path& folder, bool in_checkout) {
  for (fs::path at = migrations; at != folder && at.has_relative_path(); at = at.parent_path()) {
    const bool is_other =
        in_checkout ? IsFolder(at / ".git") : Exists(at / ".git") || Exists(at / kNodePackage);
    if (is_other) return true;
  }
  return false;
}

std::string Shown(const fs::path& path, const fs::path& directory) {
  return path.lexically_proximate(directory).string();
}

std::vector<std::string> SchemasOf(const std::vector<fs::path>& found, const fs::path& directory,
                                   const PrismaSearch& search) {
  std::vector<std::string> schemas;
  for (const fs::path& migrations : found) {
    const auto project = PrismaProjectOfMigrations(migrations, search);
    const bool has_schema = project.ok() && !project->schema.empty();
    schemas.push_back(Shown(has_schema ? project->schema : migrations, directory));
  }
  return schemas;
}

}  // namespace

ProjectsBelow FindProjectsBelow(const fs::path& folder, const Variables& variables, size_t most) {
  ProjectsBelow below{folder, {}, {}, true};
  if (!folder.has_relative_path()) return below;
  const FoundMigrations found = FindMigrationsBelow(folder, most);
  below.is_complete = found.is_complete;
  if (found.folders.empty()) return below;
  const bool in_checkout = IsInCheckout(folder, variables);
  for (const fs::path& migrations : found.folders) {
    const bool is_other = IsOfOther(migrations, folder, in_checkout);
    (is_other ? below.of_others : below.migrations).push_back(migrations);
  }
  return below;
}

std::vector<fs::path> WithoutUnused(std::vector<fs::path> migrations, const PrismaSearch& search) {
  const std::vector<fs::path> all = migrations;
  std::erase_if(migrations, [&](const fs::path& one) {
    const auto project = PrismaProjectOfMigrations(one, search);
    return project.ok() && project->migrations != one &&
           std::ranges::find(all, project->migrations) != all.end();
  });
  return migrations;
}

Error WithOthers(Error error) {
  error.details.emplace_back(kFoundDetail, kFoundOthers);
  return error;
}

bool FoundOthers(const Error& error) {
  return error.Detail(kFoundDetail) == kFoundOthers;
}

Error SeveralProjects(const std::vector<fs::path>& migrations, const fs::path& directory,
                      const PrismaSearch& search) {
  return WithOthers(MakeError(
      ErrorCode::kNoProject,
      "there are several possible projects: " + JoinSome(SchemasOf(migrations, directory, search)),
      "choose one with --schema PATH, start in its folder, or name them in ballast.toml "
      "([project.NAME]) and choose with --project NAME"));
}

Error IncompleteSearch(const ProjectsBelow& found, const fs::path& directory,
                       const PrismaSearch& search) {
  const std::string about =
      found.migrations.empty()
          ? "no project was found among them"
          : JoinSome(SchemasOf(found.migrations, directory, search)) + " may not be the only one";
  return WithOthers(MakeError(
      ErrorCode::kNoProject,
      fmt::format("there are too many folders below {} to search all of them; {}",
                  found.folder.string(), about),
      "name the project with --schema PATH, start in its folder (-C DIR), or name it as `schema` "
      "in ballast.toml",
      {found.folder.string(), 0}));
}

Error OnlyProjectsOfOthers(const ProjectsBelow& found, const fs::path& directory,
                           const PrismaSearch& search) {
  return WithOthers(MakeError(
      ErrorCode::kNoProject,
      fmt::format("{} has no project; other repositories and packages below it have: {}",
                  found.folder.string(), JoinSome(SchemasOf(found.of_others, directory, search))),
      "start in the project's folder (-C DIR), or pass --schema PATH", {found.folder.string(), 0}));
}

}  // namespace ballast::workspace
