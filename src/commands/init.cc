// SPDX-License-Identifier: Apache-2.0
#include "commands/init.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "project/project_context.h"
#include "workspace/files.h"
#include "workspace/git.h"

namespace ballast::commands {
namespace {

namespace fs = std::filesystem;

std::string RelativeTo(const fs::path& root, const fs::path& path) {
  const fs::path relative = path.lexically_relative(root);
  return relative.empty() ? path.string() : relative.string();
}

bool IsDefaultPackage(const fs::path& root, const fs::path& package, const std::string& name) {
  const fs::path folder = name.empty() ? package : package.parent_path();
  return folder == root / ".ballast" || folder == root / ".railway";
}

// The folder that a later run finds: files for Railway move a package that is not made yet.
std::vector<std::string> PackagesOf(const workspace::Project& project, const fs::path& root) {
  const std::string& name = project.identity.name;
  if (!IsDefaultPackage(root, project.package, name)) return {RelativeTo(root, project.package)};
  std::vector<std::string> packages;
  for (const char* folder : {".ballast", ".railway"}) {
    packages.push_back(name.empty() ? folder : std::string(folder) + "/" + name);
  }
  return packages;
}

// Next to the package in .railway, where each project has a folder of its own.
std::string ScriptsOf(const workspace::Project& project, const fs::path& root) {
  const std::string package = RelativeTo(root, project.package);
  if (package == ".railway" || package.starts_with(".railway/")) return package;
  return project.identity.name.empty() ? ".railway" : ".railway/" + project.identity.name;
}

// Options that make a command in `root` work on the project; none if it finds the project itself.
std::vector<std::string> ArgumentsOf(const project::ProjectContext& context,
                                     const project::Invocation& invocation, const fs::path& root) {
  const workspace::Project& project = context.project;
  std::vector<std::string> arguments;
  if (!project.identity.name.empty()) {
    arguments = {"--project", project.identity.name};
  } else if (!invocation.schema.empty()) {
    const auto found = workspace::FindProject(root, {}, invocation.environment);
    if (!found.ok() || found->schema != project.schema) {
      arguments = {"--schema", RelativeTo(root, project.schema)};
    }
  }
  if (!invocation.package.empty()) {
    arguments.insert(arguments.end(), {"--package", RelativeTo(root, project.package)});
  }
  return arguments;
}

InitPlace PlaceOf(const project::ProjectContext& context, const project::Invocation& invocation,
                  const fs::path& root) {
  const workspace::Project& project = context.project;
  const fs::path schema = project.schema_is_folder ? project.schema : project.schema.parent_path();
  const fs::path prisma = project.schema.empty() ? project.migrations.parent_path() : schema;
  InitPlace place;
  place.base = RelativeTo(root, project.base.empty() ? root : project.base);
  place.folders = {RelativeTo(root, prisma)};
  if (!project.migrations.empty()) {
    const fs::path outside = project.migrations.lexically_relative(prisma);
    if (*outside.begin() == "..") place.folders.push_back(RelativeTo(root, project.migrations));
  }
  place.scripts = ScriptsOf(project, root);
  place.packages = PackagesOf(project, root);
  place.config =
      project.config.file.empty() ? "ballast.toml" : RelativeTo(root, project.config.file);
  place.arguments = ArgumentsOf(context, invocation, root);
  if (project.config.projects.size() > 1) place.name = project.identity.name;
  place.url_variable = project.UrlVariables().back();
  place.branch = workspace::DefaultBranch(project.top);
  place.working_directory = RelativeTo(project.top, root);
  return place;
}

// Where the commands of the files run: [project.NAME] is found from the folder of ballast.toml.
fs::path RootOf(const workspace::Project& project) {
  return project.identity.name.empty() ? project.root : project.config_root;
}

struct FileAt {
  fs::path path;
  InitFile file;
};

std::vector<FileAt> FilesFor(const InitOptions& options, const project::ProjectContext& context,
                             const project::Invocation& invocation) {
  const workspace::Project& project = context.project;
  const fs::path root = RootOf(project);
  const InitPlace place = PlaceOf(context, invocation, root);
  std::vector<InitTarget> targets = options.targets;
  if (targets.empty()) targets.push_back(InitTarget::kProject);
  std::vector<FileAt> files;
  for (const InitTarget target : targets) {
    const fs::path& folder = target == InitTarget::kGithub ? project.top : root;
    for (InitFile& file : InitFilesOf(target, place)) {
      files.push_back({folder / file.path, std::move(file)});
    }
  }
  // A second ballast.toml would hide the one in the package folder.
  if (options.targets.empty() && !project.config.file.empty()) {
    files.front().path = project.config.file;
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
  const fs::path root = RootOf(context.project);
  std::vector<FileAt> missing;
  for (FileAt& at : FilesFor(options, context, invocation)) {
    TRY_ASSIGN(const std::optional<std::string> old, workspace::ReadFileIfExists(at.path));
    if (old == at.file.text) {
      report.unchanged.push_back(RelativeTo(root, at.path));
    } else if (old && !options.force) {
      return MakeError(ErrorCode::kCannotWrite,
                       fmt::format("{} exists with different content", at.path.string()),
                       "compare it with what `ballast init` writes into an empty folder, or "
                       "overwrite it with --force");
    } else {
      missing.push_back(std::move(at));
    }
  }
  for (const FileAt& at : missing) {
    TRY(Write(at.path, at.file));
    report.written.push_back(RelativeTo(root, at.path));
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
