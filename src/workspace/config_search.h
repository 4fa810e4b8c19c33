// SPDX-License-Identifier: Apache-2.0
// Where ballast.toml is.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "base/result.h"
#include "workspace/config.h"

namespace ballast::workspace {

struct FoundConfig {
  Config config;
  std::filesystem::path root;  // paths in it are relative to this folder
};

// The ballast.toml of the first folder that has one, itself or in its package folder. B101 if it
// has several, if the file is a link that leads nowhere, or if it is not valid.
Result<std::optional<FoundConfig>> FindConfig(const std::vector<std::filesystem::path>& folders);
// That of the folder, or of the nearest above it in its repository.
Result<std::optional<FoundConfig>> FindConfigAround(const std::filesystem::path& folder);

}  // namespace ballast::workspace
