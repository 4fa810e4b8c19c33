// SPDX-License-Identifier: Apache-2.0
#include "commands/init.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "project/project_context.h"
#include "workspace/files.h"

namespace ballast::commands {
namespace {

namespace fs = std::filesystem;

std::string RelativeTo(const fs::path& root, const fs::path& path) {
  const fs::path relative = path.lexically_relative(root);
  return relative.empty() ? path.string() : relative.string();
}

// The package folder after this run: files for Railway move it, unless there is a package already.
fs::path PackageAfter(const std::vector<InitTarget>& targets, const workspace::Project& project) {
  const bool moves = std::ranges::find(targets, InitTarget::kRailway) != targets.end() &&
                     project.package.filename() == ".ballast" && !fs::exists(project.package);
  return moves ? project.package.parent_path() / ".railway" : project.package;
}

std::vector<InitFile> FilesFor(const InitOptions& options, const workspace::Project& project) {
  const fs::path schema = project.schema_is_folder ? project.schema : project.schema.parent_path();
  const fs::path prisma = project.schema.empty() ? project.migrations.parent_path() : schema;
  std::vector<InitTarget> targets = options.targets;
  if (targets.empty()) targets.push_back(InitTarget::kProject);
  const fs::path package = PackageAfter(targets, project);
  std::vector<InitFile> files;
  for (const InitTarget target : targets) {
    for (InitFile& file :
         InitFilesOf(target, RelativeTo(project.root, prisma), RelativeTo(project.root, package))) {
      files.push_back(std::move(file));
    }
  }
  return files;
}

Status Write(const fs::path& path, const InitFile& file) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) {
    return MakeError(ErrorCode::kCannotWrite,
                     fmt::format("{}: {}", path.parent_path().string(), error.message()));
  }
  fs::remove(path, error);
  return workspace::CreateFile(path, file.text, file.executable ? 0755 : 0644);
}

Status Init(const InitOptions& options, const project::Invocation& invocation, InitReport& report) {
  TRY_ASSIGN(const project::ProjectContext context, project::LoadProject(invocation));
  const fs::path root = context.project.root;
  std::vector<InitFile> missing;
  for (InitFile& file : FilesFor(options, context.project)) {
    TRY_ASSIGN(const std::optional<std::string> old, workspace::ReadFileIfExists(root / file.path));
    if (old == file.text) {
      report.unchanged.push_back(file.path);
    } else if (old && !options.force) {
      return MakeError(ErrorCode::kCannotWrite,
                       fmt::format("{} exists with different content", (root / file.path).string()),
                       "compare it with what `ballast init` writes into an empty folder, or "
                       "overwrite it with --force");
    } else {
      missing.push_back(std::move(file));
    }
  }
  for (const InitFile& file : missing) {
    TRY(Write(root / file.path, file));
    report.written.push_back(file.path);
  }
  return {};
}

}  // namespace

InitReport InitProject(const InitOptions& options, const project::Invocation& invocation) {
  InitReport report;
  const Status done = Init(options, invocation, report);
  if (!done) report.error = done.error();
  return report;
}

}  // namespace ballast::commands
