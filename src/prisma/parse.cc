// SPDX-License-Identifier: Apache-2.0
#include "prisma/parse.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "prisma/block_parser.h"
#include "prisma/config_loader.h"
#include "prisma/names.h"
#include "prisma/resolver.h"
#include "prisma/validator.h"

namespace ballast::prisma {
namespace {

constexpr std::string_view kNoDatasource = "There is no datasource in the schema.";
constexpr uint32_t kNoFile = UINT32_MAX;

std::vector<SchemaFile> Decoded(const std::vector<SchemaFile>& files) {
  std::vector<SchemaFile> decoded;
  decoded.reserve(files.size());
  for (const SchemaFile& file : files) {
    decoded.push_back({file.path, IsUtf8(file.text) ? file.text : DecodeUtf8Lossy(file.text)});
  }
  return decoded;
}

void ParseBlocks(const std::vector<SchemaFile>& files, ValueParser::Objects objects, Depth depth,
                 Datamodel& datamodel, Diagnostics& diagnostics) {
  for (uint32_t i = 0; i < files.size(); ++i) {
    BlockParser(files[i], i, objects, depth, datamodel, diagnostics).Run();
  }
}

void GiveMeaning(Datamodel& datamodel, const ParseOptions& options, Diagnostics& diagnostics) {
  const Names names(datamodel, diagnostics);
  using Partial = Resolver::PartialIndexes;
  const Partial partial = options.compat == Compat::kPrisma7 ? Partial::kYes : Partial::kRefused;
  Resolver resolver(datamodel, names, partial, diagnostics);
  resolver.ResolveTypes();
  resolver.ResolveAttributes();
  InferRelations(datamodel);
  if (diagnostics.has_errors()) return;
  if (datamodel.datasource() == nullptr) {
    diagnostics.Error(std::string(kNoDatasource), {kNoFile, 0, 0});
  } else {
    const ViewKeys keys = options.keys_of_views ? ViewKeys::kYes : ViewKeys::kRefused;
    Validate(datamodel, names, keys, diagnostics);
  }
}

Place PlaceOf(const std::vector<SchemaFile>& files, const Span& span) {
  if (span.file >= files.size()) return {files.empty() ? std::string() : files[0].path, 0};
  return {files[span.file].path, LineAt(files[span.file].text, span.begin)};
}

Error NotPostgres(const std::string& provider, Place where) {
  return MakeError(ErrorCode::kNotPostgres,
                   fmt::format("the datasource's provider is {}, not postgresql", provider),
                   "ballast works with PostgreSQL only", std::move(where));
}

Error Invalid(const std::vector<SchemaFile>& files, const std::vector<Diagnostic>& diagnostics) {
  const auto first = std::find_if(diagnostics.begin(), diagnostics.end(),
                                  [](const auto& d) { return d.severity == Severity::kError; });
  Error error = MakeError(ErrorCode::kSchemaInvalid, first->message,
                          "fix the schema; `ballast schema sql` lists every error",
                          PlaceOf(files, first->span));
  error.details.emplace_back("diagnostics", RenderDiagnostics(files, diagnostics));
  return error;
}

bool Within(const Span& inner, const std::vector<ConfigBlock>& blocks) {
  return std::any_of(blocks.begin(), blocks.end(), [&](const ConfigBlock& block) {
    return inner.file == block.span.file && inner.begin >= block.span.begin &&
           inner.end <= block.span.end;
  });
}

}  // namespace

bool ParsedSchema::HasErrors() const {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& d) { return d.severity == Severity::kError; });
}

// Prisma reads the configuration first, and looks at the models only if nothing is wrong there.
ParsedSchema Parse(const std::vector<SchemaFile>& files, const ParseOptions& options) {
  ParsedSchema schema;
  schema.files = Decoded(files);
  Datamodel& datamodel = schema.datamodel;
  Diagnostics diagnostics;
  const bool seven = options.compat == Compat::kPrisma7;
  ParseBlocks(schema.files, seven ? ValueParser::Objects::kYes : ValueParser::Objects::kRefused,
              Depth::kAll, datamodel, diagnostics);
  const bool url_optional = options.allow_missing_url || seven;
  datamodel.datasources =
      LoadDatasources(datamodel.datasource_blocks,
                      url_optional ? UrlNeed::kOptional : UrlNeed::kRequired, diagnostics);
  const Datasource* source = datamodel.datasource();
  const bool postgres = source != nullptr && IsPostgres(source->provider);
  datamodel.generators = LoadGenerators(
      datamodel.generator_blocks, {.postgres = postgres, .accept_unknown = seven}, diagnostics);
  if (source != nullptr && !postgres) {
    schema.other_provider = source->provider;
  } else if (!diagnostics.has_errors()) {
    GiveMeaning(datamodel, options, diagnostics);
  }
  schema.diagnostics = std::move(diagnostics).Take();
  return schema;
}

Result<ParsedSchema> ReadSchema(const std::vector<SchemaFile>& files, const ParseOptions& options) {
  ParsedSchema schema = Parse(files, options);
  if (!schema.other_provider.empty()) {
    return NotPostgres(schema.other_provider,
                       PlaceOf(schema.files, schema.datamodel.datasource()->span));
  }
  if (schema.HasErrors()) return Invalid(schema.files, schema.diagnostics);
  return schema;
}

Result<DatasourceSnapshot> ParseDatasource(const std::vector<SchemaFile>& files) {
  const std::vector<SchemaFile> decoded = Decoded(files);
  Datamodel datamodel;
  Diagnostics syntax;
  ParseBlocks(decoded, ValueParser::Objects::kYes, Depth::kSettings, datamodel, syntax);
  std::vector<Diagnostic> faults;
  for (const Diagnostic& diagnostic : syntax.list()) {
    if (Within(diagnostic.span, datamodel.datasource_blocks)) faults.push_back(diagnostic);
  }
  Diagnostics loading;
  std::vector<Datasource> sources =
      LoadDatasources(datamodel.datasource_blocks, UrlNeed::kOptional, loading);
  for (const Diagnostic& diagnostic : loading.list()) faults.push_back(diagnostic);
  if (!sources.empty() && !IsPostgres(sources[0].provider)) {
    return NotPostgres(sources[0].provider, PlaceOf(decoded, sources[0].span));
  }
  if (sources.empty() && faults.empty()) {
    // A fault outside may be why the block was not read, such as a block on one line before it.
    faults = syntax.list();
    faults.push_back({Severity::kError, std::string(kNoDatasource), {kNoFile, 0, 0}});
  }
  const bool failed = std::any_of(faults.begin(), faults.end(), [](const Diagnostic& d) {
    return d.severity == Severity::kError;
  });
  if (failed) return Invalid(decoded, faults);
  const Place where = PlaceOf(decoded, sources[0].span);
  return DatasourceSnapshot{std::move(sources[0]), where};
}

}  // namespace ballast::prisma
