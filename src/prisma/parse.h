// SPDX-License-Identifier: Apache-2.0
// Parses a Prisma schema: text in, data model and diagnostics out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "prisma/datamodel.h"
#include "prisma/diagnostic.h"
#include "prisma/source.h"

namespace ballast::prisma {

// The major version of Prisma whose rules and DDL apply.
enum class Compat { kPrisma5, kPrisma6, kPrisma7 };

struct ParseOptions {
  Compat compat = Compat::kPrisma6;
  // Accepts a datasource without url, which Prisma 5 and 6 refuse and Prisma 7 requires.
  bool allow_missing_url = false;
  // Accepts @id and @@id in views, which Prisma refuses from 6.13 on.
  bool keys_of_views = false;
};

struct ParsedSchema {
  std::vector<SchemaFile> files;  // as read, with bytes that are not UTF-8 replaced
  Datamodel datamodel;
  std::vector<Diagnostic> diagnostics;
  // The provider if it is not PostgreSQL; then nothing is validated.
  std::string other_provider;

  bool HasErrors() const;
};

// Parses the files, in order, as one schema. Never fails: errors are in the diagnostics, with
// Prisma's messages and order, and the data model is complete only if there are none.
ParsedSchema Parse(const std::vector<SchemaFile>& files, const ParseOptions& options = {});

// The result of Parse if there are no errors. Otherwise kNotPostgres, or kSchemaInvalid with the
// first error as its message and all of them, rendered, as the detail "diagnostics".
Result<ParsedSchema> ReadSchema(const std::vector<SchemaFile>& files,
                                const ParseOptions& options = {});

// What deploy and status need from a schema.
struct DatasourceSnapshot {
  Datasource datasource;
  Place where;  // file and line of the block
};

// Reads only the datasource and ignores errors in models; the url may be missing. kNotPostgres;
// kSchemaInvalid if there is no datasource or its properties are invalid.
Result<DatasourceSnapshot> ParseDatasource(const std::vector<SchemaFile>& files);

}  // namespace ballast::prisma
