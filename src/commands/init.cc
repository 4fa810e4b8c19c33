// SPDX-License-Identifier: Apache-2.0
#include "commands/init.h"
#include "run/thresholds.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "project/project_context.h"
#include "workspace/files.h"
#include "workspace/git.h"
#include "workspace/script_imports.h"
#include "workspace/url_variables.h"

namespace ballast::commands {
namespace {

namespace fs = std::filesystem;

std::string RelativeTo(const fs::path& root, const fs::path& path) {
  const fs::path relative = path.lexically_relative(root);
  return relative.empty() ? path.string() : relative.string();
}

// The folder that a later run finds: files for Railway move a package that is not made yet, unless
// its folder was chosen.
std::vector<std::string> PackagesOf(const workspace::Project& project, const fs::path& root) {
  std::vector<std::string> defaults;
  for (const char* folder : {".ballast", ".railway"}) {
    const std::string& name = project.identity.name;
    defaults.push_back(name.empty() ? folder : std::string(folder) + "/" + name);
  }
  std::string package = RelativeTo(root, project.package);
  const bool is_chosen = project.package_is_named || project.config.package;
  if (is_chosen || std::ranges::find(defaults, package) == defaults.end()) return {package};
  return defaults;
}

// Next to the package in .railway, where each project has a folder of its own.
std::string ScriptsOf(const workspace::Project& project, const fs::path& root) {
  std::string package = RelativeTo(root, project.package);
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

bool HasText(const fs::path& file, std::string_view text) {
  const auto read = workspace::ReadFileIfExists(file);
  return read && *read && (*read)->find(text) != std::string::npos;
}

// Whether Yarn has installed ballast where only Yarn finds it: with Plug'n'Play, which lists all
// packages in a file, or with its linker "pnpm".
bool IsRunByYarn(const fs::path& top) {
  constexpr std::string_view kPackage = "@ballast-db/cli";
  return HasText(top / ".pnp.cjs", kPackage) ||
         (HasText(top / ".yarnrc.yml", "nodeLinker: pnpm") && HasText(top / "yarn.lock", kPackage));
}

// The variables of the datasource that contain the URL, without the one that comes last. DIRECT_URL
// counts only where it is named.
std::vector<std::string> MoreVariablesOf(const project::ProjectContext& context) {
  const workspace::Project& project = context.project;
  std::vector<std::string> names = project.UrlVariables();
  names.pop_back();
  const std::vector<std::string> urls =
      workspace::UrlVariablesOf(project, context.environment).database;
  std::vector<std::string> named = {project.datasource.direct_url.variable};
  for (const char* key : {"datasource.url", "datasource.directUrl"}) {
    const std::vector<std::string> read = project.prisma_config().Read(key, {}).variables;
    named.insert(named.end(), read.begin(), read.end());
  }
  std::erase_if(names, [&](const std::string& name) {
    const bool counts = name != "DIRECT_URL" || std::ranges::find(named, name) != named.end();
    return !counts || std::ranges::find(urls, name) == urls.end();
  });
  return names;
}

bool IsIn(const fs::path& path, const fs::path& folder) {
  const fs::path relative = path.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

// What a deploy reads, relative to the root: the folder of the schema, or the files if that folder
// contains the whole project; the migrations; what the configuration imports.
std::vector<std::string> PathsOf(const workspace::Project& project, const fs::path& root) {
  const fs::path schema = project.schema_is_folder ? project.schema : project.schema.parent_path();
  const fs::path prisma = project.schema.empty() ? project.migrations.parent_path() : schema;
  std::vector<fs::path> paths;
  if (!IsIn(root, prisma) && !IsIn(project.base, prisma)) {
    paths.push_back(prisma);
  } else if (!project.schema.empty()) {
    for (const workspace::SchemaFile& file : project.schema_files) {
      paths.push_back((project.directory / file.path).lexically_normal());
    }
  }
  const auto add = [&](const fs::path& path) {
    const bool is_known = path.empty() || std::ranges::any_of(paths, [&](const fs::path& known) {
                            return IsIn(path, known);
                          });
    if (!is_known) paths.push_back(path);
  };
  add(project.migrations);
  for (const fs::path& file : workspace::FilesImportedBy(project.prisma_config().file())) {
    if (IsIn(file, root)) add(file);
  }
  std::vector<std::string> shown;
  for (const fs::path& path : paths) shown.push_back(RelativeTo(root, path));
  return shown;
}

InitPlace PlaceOf(const project::ProjectContext& context, const project::Invocation& invocation,
                  const fs::path& root) {
  const workspace::Project& project = context.project;
  InitPlace place;
  place.base = RelativeTo(root, project.base.empty() ? root : project.base);
  place.paths = PathsOf(project, root);
  place.scripts = ScriptsOf(project, root);
  place.packages = PackagesOf(project, root);
  place.config =
      project.config.file.empty() ? "ballast.toml" : RelativeTo(root, project.config.file);
  place.arguments = ArgumentsOf(context, invocation, root);
  if (project.config.projects.size() > 1) place.name = project.identity.name;
  place.url_variable = project.UrlVariables().back();
  place.more_variables = MoreVariablesOf(context);
  place.branch = workspace::DefaultBranch(project.top).name;
  place.working_directory = RelativeTo(project.top, root);
  place.thresholds = run::ThresholdsOf(project.config);
  place.runs_by_yarn = IsRunByYarn(project.top);
  return place;
}

// Where the commands of the files run: [project.NAME] is found from the folder of ballast.toml.
fs::path RootOf(const workspace::Project& project) {
  return project.identity.name.empty() ? project.root : project.config_root;
}

// Whether a workflow is that of another project. Projects without a name differ by its inputs.
bool IsOfOtherProject(const std::string& workflow, const std::string& inputs) {
  const auto has = [&](const std::string& text) {
    return workflow.find(text) != std::string::npos;
  };
  if (!has("ballast-db/ballast@")) return false;
  if (inputs.empty()) return has("working-directory: ") || has("schema: ");
  const std::string own = inputs.substr(2);
  return !has(own + " }") && !has(own + "\n");
}

// A part of the file's name. Without [project.NAME], a second project's workflow is named after its
// folder.
std::string WorkflowNameOf(const InitPlace& place, const workspace::Project& project) {
  if (!place.name.empty()) return place.name;
  const auto text = workspace::ReadFileIfExists(project.top / ".github/workflows/ballast.yml");
  if (!text.ok() || !*text || !IsOfOtherProject(**text, WorkflowInputs(place))) return {};
  const fs::path& own = project.schema.empty() ? project.migrations : project.schema;
  fs::path folder = own.parent_path();
  if (folder.filename() == "prisma" && folder.parent_path() != project.top) {
    folder = folder.parent_path();
  }
  return Label(folder.lexically_relative(project.top).string());
}

struct FileAt {
  fs::path path;
  InitFile file;
  std::string railway_command = {};  // if this is Railway's configuration
};

// Line breaks may be those of Windows.
std::string WithoutReturns(const std::string& text) {
  return ReplaceAll(text, "\r\n", "\n");
}

// The configuration of Railway that the user has; it is not replaced.
Result<std::optional<fs::path>> OwnRailwayConfig(const FileAt& at, bool force) {
  fs::path toml = at.path;
  toml.replace_extension(".toml");
  if (workspace::Exists(toml)) return std::optional(toml);
  TRY_ASSIGN(const std::optional<std::string> text, workspace::ReadFileIfExists(at.path));
  if (force || !text || WithoutReturns(*text) == at.file.text) return std::optional<fs::path>();
  return std::optional(at.path);
}

// As the user, who stands in this folder, can name the file.
std::string ShownFrom(const fs::path& folder, const fs::path& path) {
  std::error_code error;
  const fs::path relative = fs::proximate(path, folder, error);
  return error ? path.string() : relative.string();
}

// Tells what to add to it.
Status KeepRailwayConfig(const fs::path& path, const FileAt& at, const fs::path& folder,
                         Progress& progress, InitReport& report) {
  TRY_ASSIGN(const std::string text, workspace::ReadFile(path));
  const std::string shown = ShownFrom(folder, path);
  const bool is_json = path.extension() == ".json";
  if (is_json && !nlohmann::json::accept(text, /*ignore_comments=*/true)) {
    return MakeError(
        ErrorCode::kConfigInvalid, shown + " is not valid JSON, and Railway cannot read it",
        "correct it, or replace it with ballast init railway --force", {path.string(), 0});
  }
  if (text.find(at.railway_command) != std::string::npos) {
    report.unchanged.push_back(shown);
    return {};
  }
  const bool has_command = text.find("preDeployCommand") != std::string::npos;
  const std::string key = is_json ? "\"preDeployCommand\": " : "preDeployCommand = ";
  const std::string setting = key + "[\"" + at.railway_command + "\"]";
  const char* const section = is_json ? "\"deploy\"" : "[deploy]";
  progress.Notice(
      has_command ? fmt::format("{} is not changed: replace the preDeployCommand in its {}, or "
                                "run both in it: {}",
                                shown, section, setting)
                  : fmt::format("{} is not changed: add {} to its {}", shown, setting, section));
  return {};
}

std::vector<FileAt> FilesFor(const InitOptions& options, const project::ProjectContext& context,
                             const project::Invocation& invocation) {
  const workspace::Project& project = context.project;
  const fs::path root = RootOf(project);
  const InitPlace place = PlaceOf(context, invocation, root);
  std::vector<InitTarget> targets = options.targets;
  if (targets.empty()) targets.push_back(InitTarget::kProject);
  std::vector<FileAt> files;
  for (const InitTarget target : targets) {
    const bool is_github = target == InitTarget::kGithub;
    InitPlace of_target = place;
    if (is_github) of_target.name = WorkflowNameOf(place, project);
    for (InitFile& file : InitFilesOf(target, of_target)) {
      const fs::path path = (is_github ? project.top : root) / file.path;
      const bool is_config = target == InitTarget::kRailway && path.extension() == ".json";
      files.push_back({path, std::move(file), is_config ? RailwayCommand(place) : ""});
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
  if (error) return workspace::CannotWrite(path.parent_path(), error.value());
  fs::remove(path, error);
  return workspace::CreateFile(path, file.text, file.executable ? 0755 : 0644);
}

bool IsExecutable(const fs::path& path) {
  std::error_code error;
  const fs::perms mode = fs::status(path, error).permissions();
  return !error && (mode & fs::perms::owner_exec) != fs::perms::none;
}

// Whether a file with the right text can stay. A shell does not run a script with the line breaks
// of Windows.
bool IsUsable(const FileAt& at, const std::string& text) {
  return !at.file.executable || (text == at.file.text && IsExecutable(at.path));
}

// Puts it into one of the report's lists, or into `missing`.
Status Consider(FileAt at, const fs::path& folder, bool force, Progress& progress,
                InitReport& report, std::vector<FileAt>& missing) {
  if (!at.railway_command.empty()) {
    TRY_ASSIGN(const std::optional<fs::path> own, OwnRailwayConfig(at, force));
    if (own) return KeepRailwayConfig(*own, at, folder, progress, report);
  }
  TRY_ASSIGN(const std::optional<std::string> old, workspace::ReadFileIfExists(at.path));
  std::error_code ignored;
  const bool is_same = old && WithoutReturns(*old) == at.file.text;
  if (is_same && IsUsable(at, *old)) {
    report.unchanged.push_back(ShownFrom(folder, at.path));
  } else if (!force && (old ? !is_same : fs::is_symlink(at.path, ignored))) {
    return MakeError(ErrorCode::kCannotWrite,
                     fmt::format("{} exists with different content", at.path.string()),
                     "to see what init would write, move it away and run the command again; to "
                     "overwrite it: --force");
  } else {
    missing.push_back(std::move(at));
  }
  return {};
}

void ReportGuessedBranch(const InitOptions& options, const fs::path& top, Progress& progress) {
  if (std::ranges::find(options.targets, InitTarget::kGithub) == options.targets.end()) return;
  const workspace::MergeBranch branch = workspace::DefaultBranch(top);
  if (!branch.is_guess) return;
  progress.Notice(fmt::format(
      "the workflow runs for pushes to {}, the branch that is checked out; to use the repository's "
      "default branch: git remote set-head origin --auto && ballast init github --force",
      branch.name));
}

Status Init(const InitOptions& options, const project::Invocation& invocation, InitReport& report) {
  if (!options.unknown_target.empty()) {
    return MakeError(ErrorCode::kUsageError, "TARGET: " + options.unknown_target,
                     "see ballast init --help");
  }
  TRY_ASSIGN(const project::ProjectContext context, project::LoadProject(invocation));
  ReportGuessedBranch(options, context.project.top, *invocation.progress);
  const fs::path& folder = invocation.directory;
  std::vector<FileAt> missing;
  for (FileAt& at : FilesFor(options, context, invocation)) {
    TRY(Consider(std::move(at), folder, options.force, *invocation.progress, report, missing));
  }
  for (const FileAt& at : missing) {
    TRY(Write(at.path, at.file));
    report.written.push_back(ShownFrom(folder, at.path));
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
