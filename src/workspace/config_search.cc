// SPDX-License-Identifier: Apache-2.0
#include "workspace/config_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "base/text.h"
#include "workspace/files.h"
#include "workspace/package_location.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;

constexpr char kConfigFile[] = "ballast.toml";

// Without those that are links to another of them.
std::vector<fs::path> ConfigFilesOf(const fs::path& folder) {
  std::vector<fs::path> places = {folder / kConfigFile};
  for (const char* within : kPackageFolders) places.push_back(folder / within / kConfigFile);
  std::vector<fs::path> files;
  for (const fs::path& place : places) {
    std::error_code failed;
    if (!fs::exists(fs::symlink_status(place, failed))) continue;
    const bool is_known = std::ranges::any_of(files, [&](const fs::path& other) {
      std::error_code unknown;
      return fs::equivalent(place, other, unknown);
    });
    if (!is_known) files.push_back(place);
  }
  return files;
}

Error SeveralConfigs(const std::vector<fs::path>& files) {
  std::vector<std::string> names;
  names.reserve(files.size());
  for (const fs::path& file : files) names.push_back(file.string());
  return MakeError(ErrorCode::kConfigInvalid,
                   fmt::format("there are several configuration files: {}", Join(names, ", ")),
                   "move their settings to one of them, and remove the other",
                   {files.back().string(), 0});
}

Error DanglingConfig(const fs::path& file) {
  return MakeError(ErrorCode::kConfigInvalid,
                   fmt::format("{} is a link to a file that does not exist", file.string()),
                   "correct the link, or remove it", {file.string(), 0});
}

}  // namespace

Result<std::optional<FoundConfig>> FindConfig(const std::vector<fs::path>& folders) {
  for (const fs::path& folder : folders) {
    std::vector<fs::path> files = ConfigFilesOf(folder);
    if (files.empty()) continue;
    const fs::path root = IsPackageFolder(folder) ? folder.parent_path() : folder;
    if (root != folder) files = ConfigFilesOf(root);
    if (files.size() > 1) return SeveralConfigs(files);
    TRY_ASSIGN(const std::optional<std::string> text, ReadFileIfExists(files.front()));
    if (!text) return DanglingConfig(files.front());
    TRY_ASSIGN(Config config, ParseConfig(*text, files.front().string()));
    return std::optional(FoundConfig{std::move(config), root});
  }
  return std::optional<FoundConfig>();
}

Result<std::optional<FoundConfig>> FindConfigAround(const fs::path& folder) {
  std::error_code failed;
  const fs::path absolute = fs::canonical(folder, failed);
  if (failed) return std::optional<FoundConfig>();
  return FindConfig(UpwardTo(absolute, RepositoryRoot(absolute)));
}

}  // namespace ballast::workspace
