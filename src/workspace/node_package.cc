// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "workspace/files.h"
#include "workspace/node_package.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr char kGeneratedClient[] = ".prisma/client";

std::optional<NodePackage> ReadPackage(const fs::path& file) {
  const Result<std::optional<std::string>> text = ReadFileIfExists(file);
  if (!text.ok() || !*text) return std::nullopt;
  const Json json = Json::parse(**text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return std::nullopt;
  NodePackage package{file, {}, {}, json.contains("workspaces")};
  if (const auto name = json.find("name"); name != json.end() && name->is_string()) {
    package.name = name->get<std::string>();
  }
  const auto prisma = json.find("prisma");
  if (prisma == json.end() || !prisma->is_object()) return package;
  if (const auto schema = prisma->find("schema"); schema != prisma->end() && schema->is_string()) {
    package.prisma_schema = schema->get<std::string>();
  }
  return package;
}

}  // namespace

std::optional<NodePackage> ReadNodePackage(const fs::path& folder) {
  return ReadPackage(folder / "package.json");
}

std::optional<NodePackage> FindNodePackage(const fs::path& directory) {
  for (fs::path at = directory;; at = at.parent_path()) {
    std::optional<NodePackage> package = ReadPackage(at / "package.json");
    if (package && package->name != kGeneratedClient) return package;
    if (!at.has_relative_path()) return std::nullopt;
  }
}

Status CheckNodePackage(const fs::path& directory) {
  for (fs::path at = directory;; at = at.parent_path()) {
    TRY_ASSIGN(const auto text, ReadFileIfExists(at / "package.json"));
    if (text || !at.has_relative_path()) return {};
  }
}

}  // namespace ballast::workspace
