// SPDX-License-Identifier: Apache-2.0
#include "workspace/schema_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/shell_word.h"
#include "base/text.h"
#include "prisma/parse.h"
#include "workspace/files.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;

constexpr int kDeepestSchemaFolder = 32;  // links may lead in circles

class SchemaLoader {
 public:
  explicit SchemaLoader(const fs::path& shown_from) : shown_from_(shown_from) {}

  Status LoadFile(const fs::path& file) {
    TRY_ASSIGN(std::string text, ReadFile(file));
    files_.push_back({file.lexically_proximate(shown_from_).string(), std::move(text)});
    return {};
  }

  Status LoadFolder(const fs::path& folder, int depth) {
    if (depth > kDeepestSchemaFolder) {
      return MakeError(ErrorCode::kCannotRead,
                       fmt::format("the schema folder is nested too deeply at {}", folder.string()),
                       "look for a link that leads back into the folder", {folder.string(), 0});
    }
    TRY_ASSIGN(const std::vector<FolderEntry> entries, ListFolder(folder));
    for (const FolderEntry& entry : entries) {
      const fs::path path = folder / entry.name;
      std::error_code failed;  // a link to itself, which is an error when it is read
      if (IsFolder(path)) {
        TRY(LoadFolder(path, depth + 1));
      } else if (entry.name.ends_with(kSchemaSuffix) &&
                 fs::status(path, failed).type() != fs::file_type::not_found) {
        TRY(LoadFile(path));
      }
    }
    return {};
  }

  std::vector<SchemaFile> Take() { return std::move(files_); }

 private:
  fs::path shown_from_;
  std::vector<SchemaFile> files_;
};

constexpr int kDeepestComparedFolder = 8;
constexpr size_t kMostComparedFolders = 5000;

// Without links; empty if there is none, or if there are too many folders.
std::set<fs::path> RealSchemaFiles(const fs::path& schema) {
  std::set<fs::path> files;
  std::error_code failed;
  const fs::path real = fs::canonical(schema, failed);
  if (failed) return files;
  if (!IsFolder(real)) return {real};
  std::vector<std::pair<fs::path, int>> waiting = {{real, 0}};
  for (size_t seen = 0; !waiting.empty(); ++seen) {
    const auto [folder, depth] = std::move(waiting.back());
    waiting.pop_back();
    if (seen == kMostComparedFolders || depth > kDeepestComparedFolder) return {};
    const auto entries = ListFolder(folder);
    if (!entries.ok()) continue;
    for (const FolderEntry& entry : *entries) {
      const fs::path path = folder / entry.name;
      if (IsFolder(path)) {
        const bool counts = entry.name != "node_modules" && !entry.name.starts_with('.');
        if (counts) waiting.emplace_back(path, depth + 1);
      } else if (entry.name.ends_with(kSchemaSuffix)) {
        files.insert(fs::canonical(path, failed));
      }
    }
  }
  return files;
}

UrlSource SourceOf(const std::optional<prisma::UrlSetting>& setting,
                   const std::vector<SchemaFile>& files) {
  if (!setting) return {};
  const SchemaFile& file = files.at(setting->span.file);
  return {setting->literal, setting->env, {file.path, LineAt(file.text, setting->span.begin)}};
}

}  // namespace

Result<std::vector<SchemaFile>> LoadSchema(const fs::path& schema, const fs::path& shown_from) {
  SchemaLoader loader(shown_from);
  if (IsFolder(schema)) {
    TRY(loader.LoadFolder(schema, 0));
  } else {
    TRY(loader.LoadFile(schema));
  }
  return loader.Take();
}

bool HoldsSchemaFiles(const fs::path& folder) {
  const auto entries = ListFolder(folder);
  return entries.ok() && std::any_of(entries->begin(), entries->end(), [](const FolderEntry& e) {
           return e.kind != EntryKind::kFolder && e.name.ends_with(kSchemaSuffix);
         });
}

bool IsSameSchema(const fs::path& one, const fs::path& other) {
  if (one == other) return true;
  std::error_code failed;
  if (!IsFolder(one) && !IsFolder(other)) return fs::equivalent(one, other, failed);
  const std::set<fs::path> files = RealSchemaFiles(one);
  return !files.empty() && files == RealSchemaFiles(other);
}

Result<DatasourceHint> ReadDatasource(const std::vector<SchemaFile>& files) {
  TRY_ASSIGN(const prisma::DatasourceSnapshot snapshot, prisma::ParseDatasource(files));
  const prisma::Datasource& datasource = snapshot.datasource;
  DatasourceHint hint;
  hint.file = snapshot.where.file;
  hint.provider = datasource.provider;
  hint.url = SourceOf(datasource.url, files);
  hint.direct_url = SourceOf(datasource.direct_url, files);
  hint.shadow_url = SourceOf(datasource.shadow_database_url, files);
  for (const prisma::Identifier& schema : datasource.schemas) hint.schemas.push_back(schema.text);
  return hint;
}

Status RefuseSeveralSchemas(const fs::path& folder, const fs::path& shown_from) {
  TRY_ASSIGN(const std::vector<FolderEntry> entries, ListFolder(folder));
  std::vector<std::string> schemas;
  for (const FolderEntry& entry : entries) {
    if (entry.kind == EntryKind::kFolder || !entry.name.ends_with(kSchemaSuffix)) continue;
    const auto files = LoadSchema(folder / entry.name, shown_from);
    if (!files) continue;
    const auto datasource = ReadDatasource(*files);
    const bool has_datasource =
        datasource.ok() || datasource.error().code == ErrorCode::kNotPostgres;
    if (has_datasource) schemas.push_back(files->front().path);
  }
  if (schemas.size() < 2) return {};
  std::vector<std::string> choices;
  for (const std::string& schema : schemas) choices.push_back("--schema " + ShellWord(schema));
  return MakeError(ErrorCode::kNoProject,
                   fmt::format("{} has {} schemas, each with a datasource of its own: {}",
                               folder.lexically_proximate(shown_from).string(), schemas.size(),
                               Join(schemas, ", ")),
                   "choose one of them: " + Join(choices, ", or "), {folder.string(), 0});
}

std::set<std::string> ModelNames(const std::vector<SchemaFile>& files) {
  prisma::ParseOptions options;
  options.allow_missing_url = true;
  std::set<std::string> names;
  for (const prisma::Model& model : prisma::Parse(files, options).datamodel.models) {
    names.insert(model.name.text);
  }
  return names;
}

}  // namespace ballast::workspace
