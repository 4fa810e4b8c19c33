// SPDX-License-Identifier: Apache-2.0
// The door of the room: text in, datamodel and diagnostics out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "prisma/datamodel.h"
#include "prisma/diagnostic.h"
#include "prisma/source.h"

namespace ballast::prisma {

// The major version of Prisma whose rules and whose DDL are meant.
enum class Compat { kPrisma5, kPrisma6, kPrisma7 };

struct ParseOptions {
  Compat compat = Compat::kPrisma6;
  // Accepts a datasource without url, which Prisma 5 and 6 refuse and Prisma 7 demands.
  bool allow_missing_url = false;
};

struct ParsedSchema {
  std::vector<SchemaFile> files;  // as read: bytes that are no UTF-8 replaced
  Datamodel datamodel;
  std::vector<Diagnostic> diagnostics;
  // The provider, where it is none of PostgreSQL's; nothing is validated then.
  std::string other_provider;

  bool HasErrors() const;
};

// Reads the files in their order as one schema. Never fails: the faults are in the diagnostics, in
// Prisma's words and order, and the datamodel is whole only where there are none.
ParsedSchema Parse(const std::vector<SchemaFile>& files, const ParseOptions& options = {});

// The schema as Parse gives it if it has no errors. Else kNotPostgres, or kSchemaInvalid with the
// first fault as its sentence and all of them, rendered, as the detail "diagnostics".
Result<ParsedSchema> ReadSchema(const std::vector<SchemaFile>& files,
                                const ParseOptions& options = {});

// What deploy and status need to know of a schema.
struct DatasourceSnapshot {
  Datasource datasource;
  Place where;  // the file that holds the block, and its line
};

// Only the datasource, whatever the state of the models; a url may be missing. Errors:
// kNotPostgres; kSchemaInvalid where there is no datasource or its properties make no sense.
Result<DatasourceSnapshot> ParseDatasource(const std::vector<SchemaFile>& files);

}  // namespace ballast::prisma
