// SPDX-License-Identifier: Apache-2.0
// Finds the projects below a folder that nothing names, by their migrations folders.
#pragma once

#include <filesystem>
#include <vector>

#include "base/result.h"
#include "workspace/migrations_search.h"
#include "workspace/prisma_project.h"

namespace ballast::workspace {

struct ProjectsBelow {
  std::filesystem::path folder;                   // below which was searched
  std::vector<std::filesystem::path> migrations;  // the migrations folder of each project
  // Those in other repositories; and, below the home folder or a folder of temporary files, those
  // in Node packages. They are not what a command in `folder` means.
  std::vector<std::filesystem::path> of_others;
  bool is_complete = true;  // see FoundMigrations
};

// The root of the file system is not searched. `variables`: those of the process.
ProjectsBelow FindProjectsBelow(const std::filesystem::path& folder, const Variables& variables,
                                size_t most = kMostSearchedFolders);

// Without the folders next to a schema that has another of them as its migrations.
std::vector<std::filesystem::path> WithoutUnused(std::vector<std::filesystem::path> migrations,
                                                 const PrismaSearch& search);

// A detail of B102: what the search found.
inline constexpr char kFoundDetail[] = "found";
inline constexpr char kFoundNothing[] = "nothing";
inline constexpr char kFoundOthers[] = "others";  // several, or projects of others

// The error with the detail kFoundOthers.
Error WithOthers(Error error);
// Whether FindProject returned the error because several could be the project, or because those
// that it found belong to others.
bool FoundOthers(const Error& error);

// B102 with what was found and the options that choose. Paths are shown relative to `directory`.
Error SeveralProjects(const std::vector<std::filesystem::path>& migrations,
                      const std::filesystem::path& directory, const PrismaSearch& search);
Error IncompleteSearch(const ProjectsBelow& found, const std::filesystem::path& directory,
                       const PrismaSearch& search);
Error OnlyProjectsOfOthers(const ProjectsBelow& found, const std::filesystem::path& directory,
                           const PrismaSearch& search);

}  // namespace ballast::workspace
