// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <nlohmann/json.hpp>

#include "workspace/files.h"
#include "workspace/node_package.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr char kGeneratedClient[] = ".prisma/client";
constexpr char kFileName[] = "package.json";

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
  const auto schema = prisma->find("schema");
  if (schema != prisma->end() && schema->is_string() && *schema != "") {
    package.prisma_schema = schema->get<std::string>();
  }
  return package;
}

// The line of the first error; 0: there is none.
int LineOfError(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    return json.is_discarded() ? 1 : 0;
  } catch (const Json::parse_error& error) {
    const size_t end = std::min(error.byte, text.size());
    return 1 +
           static_cast<int>(std::count(text.begin(), text.begin() + static_cast<long>(end), '\n'));
  }
}

// As JavaScript's `if (schema)`.
bool IsTrue(const Json& value) {
  return !value.is_null() && value != false && value != 0 && value != "";
}

// What Prisma before 7 refuses (packages/internals/src/cli/getSchema.ts).
Status CheckSchemaIn(const std::string& text, const fs::path& file) {
  const int line = LineOfError(text);
  if (line > 0) {
    return MakeError(ErrorCode::kConfigInvalid, "package.json is not valid JSON",
                     "correct it, because Prisma refuses it too, or pass --schema PATH",
                     {file.string(), line});
  }
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("prisma") || !json["prisma"].is_object()) return {};
  const Json& prisma = json["prisma"];
  if (!prisma.contains("schema") || prisma["schema"].is_string() || !IsTrue(prisma["schema"])) {
    return {};
  }
  return MakeError(
      ErrorCode::kConfigInvalid, "`prisma.schema` in package.json must be of type string",
      "write the path of the schema as a string, or pass --schema PATH", {file.string(), 0});
}

}  // namespace

std::optional<NodePackage> ReadNodePackage(const fs::path& folder) {
  return ReadPackage(folder / kFileName);
}

std::optional<NodePackage> FindNodePackage(const fs::path& directory) {
  for (fs::path at = directory;; at = at.parent_path()) {
    std::optional<NodePackage> package = ReadPackage(at / kFileName);
    if (package && package->name != kGeneratedClient) return package;
    if (!at.has_relative_path()) return std::nullopt;
  }
}

Status CheckNodePackage(const fs::path& directory, bool is_read) {
  for (fs::path at = directory;; at = at.parent_path()) {
    const fs::path file = at / kFileName;
    TRY_ASSIGN(const auto text, ReadFileIfExists(file));
    if (text && is_read) return CheckSchemaIn(*text, file);
    if (text || !at.has_relative_path()) return {};
  }
}

}  // namespace ballast::workspace
