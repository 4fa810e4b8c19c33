// SPDX-License-Identifier: Apache-2.0
// Any bytes as a schema: an answer, never a crash; a valid one can be printed.
#include <cstdint>
#include <string>

#include "base/check.h"
#include "catalog/from_datamodel.h"
#include "prisma/parse.h"

using ballast::prisma::Compat;
using ballast::prisma::Diagnostic;
using ballast::prisma::ParsedSchema;
using ballast::prisma::SchemaFile;

namespace {

// Files are separated by a NUL byte.
std::vector<SchemaFile> FilesIn(std::string_view text) {
  std::vector<SchemaFile> files;
  while (true) {
    const size_t end = text.find('\0');
    files.push_back({"f" + std::to_string(files.size()), std::string(text.substr(0, end))});
    if (end == std::string_view::npos) return files;
    text.remove_prefix(end + 1);
  }
}

void CheckSpans(const ParsedSchema& schema) {
  for (const Diagnostic& d : schema.diagnostics) {
    if (d.span.file == UINT32_MAX) continue;  // of the schema as a whole
    BALLAST_CHECK(d.span.file < schema.files.size());
    BALLAST_CHECK(d.span.begin <= d.span.end);
    BALLAST_CHECK(d.span.end <= schema.files[d.span.file].text.size());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::vector<SchemaFile> files = FilesIn(text);
  for (const Compat compat : {Compat::kPrisma6, Compat::kPrisma7}) {
    const ParsedSchema schema =
        ballast::prisma::Parse(files, {.compat = compat, .allow_missing_url = true});
    CheckSpans(schema);
    const std::string rendered =
        ballast::prisma::RenderDiagnostics(schema.files, schema.diagnostics);
    BALLAST_CHECK(rendered.empty() != schema.HasErrors());
    if (schema.HasErrors() || !schema.other_provider.empty()) continue;
    BALLAST_CHECK(!ballast::catalog::RenderSchemaSql(schema.datamodel, compat).empty());
    BALLAST_CHECK(!ballast::catalog::RenderSchemaSql(schema.datamodel, Compat::kPrisma5).empty());
  }
  (void)ballast::prisma::ParseDatasource(files).ok();
  return 0;
}
