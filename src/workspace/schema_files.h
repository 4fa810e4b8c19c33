// The files of a schema, and what its datasource says.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "workspace/datasource_hint.h"

namespace ballast::workspace {

struct SchemaFile {
  std::string path;  // from the directory where the command was started, as Prisma shows it
  std::string text;

  bool operator==(const SchemaFile&) const = default;
};

// All *.prisma files of a schema folder, or the one file; folders recursively in byte order, links
// followed (prisma packages/schema-files-loader/src/loadSchemaFiles.ts). `shown_from` is where
// paths are shown from. B104.
Result<std::vector<SchemaFile>> LoadSchema(const std::filesystem::path& schema,
                                           const std::filesystem::path& shown_from);

// An empty hint when no file has a datasource. P1012.
Result<DatasourceHint> ReadDatasource(const std::vector<SchemaFile>& files);

}  // namespace ballast::workspace
