// SPDX-License-Identifier: Apache-2.0
// The files of a schema, and its datasource.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "prisma/source.h"
#include "workspace/datasource_hint.h"

namespace ballast::workspace {

// A path relative to the folder where the command was started, and the text.
using prisma::SchemaFile;

inline constexpr std::string_view kSchemaSuffix = ".prisma";

// All *.prisma files of a schema folder, or the single file; folders recursively in byte order,
// following links (prisma packages/schema-files-loader/src/loadSchemaFiles.ts). Paths are relative
// to `shown_from`. B104.
Result<std::vector<SchemaFile>> LoadSchema(const std::filesystem::path& schema,
                                           const std::filesystem::path& shown_from);

// Whether a folder itself has *.prisma files.
bool HoldsSchemaFiles(const std::filesystem::path& folder);

// Whether two paths, which may be or contain links, have the same schema files. In folders those in
// node_modules and in hidden folders do not count.
bool IsSameSchema(const std::filesystem::path& one, const std::filesystem::path& other);

// B200 for another provider than PostgreSQL, P1012 if the datasource is missing or invalid. Models
// may be invalid.
Result<DatasourceHint> ReadDatasource(const std::vector<SchemaFile>& files);

// B102 if several files of the folder have a datasource: each is a schema of its own, and Prisma
// finds none of them without --schema.
Status RefuseSeveralSchemas(const std::filesystem::path& folder,
                            const std::filesystem::path& shown_from);

// The models and views that the files declare, even if they have errors. Parses all of them.
std::set<std::string> ModelNames(const std::vector<SchemaFile>& files);

}  // namespace ballast::workspace
