// SPDX-License-Identifier: Apache-2.0
// The files of a schema, and what its datasource says.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "prisma/source.h"
#include "workspace/datasource_hint.h"

namespace ballast::workspace {

// A path as it is shown from the directory where the command was started, and the text.
using prisma::SchemaFile;

// All *.prisma files of a schema folder, or the one file; folders recursively in byte order, links
// followed (prisma packages/schema-files-loader/src/loadSchemaFiles.ts). `shown_from` is where
// paths are shown from. B104.
Result<std::vector<SchemaFile>> LoadSchema(const std::filesystem::path& schema,
                                           const std::filesystem::path& shown_from);

// B200 for another provider than PostgreSQL, P1012 when there is no datasource or it makes no
// sense. The models may be in any state.
Result<DatasourceHint> ReadDatasource(const std::vector<SchemaFile>& files);

// Whether the files declare a model or a view, whatever else is wrong with them.
bool HasModels(const std::vector<SchemaFile>& files);

}  // namespace ballast::workspace
