// SPDX-License-Identifier: Apache-2.0
#include "workspace/schema_files.h"

#include <fmt/format.h>

#include "base/text.h"
#include "prisma/parse.h"
#include "workspace/files.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".prisma";
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
      if (IsFolder(path)) {
        TRY(LoadFolder(path, depth + 1));
      } else if (fs::exists(path) && entry.name.ends_with(kSuffix)) {
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
