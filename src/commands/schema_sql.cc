// SPDX-License-Identifier: Apache-2.0
#include "catalog/from_datamodel.h"
#include "commands/inspect.h"
#include "prisma/parse.h"
#include "project/project_context.h"
#include "workspace/schema_files.h"

namespace ballast::commands {
namespace {

prisma::Compat CompatOf(const std::string& name) {
  if (name == "5") return prisma::Compat::kPrisma5;
  return name == "7" ? prisma::Compat::kPrisma7 : prisma::Compat::kPrisma6;
}

Result<std::vector<prisma::SchemaFile>> FilesOf(const SchemaSqlOptions& options,
                                                const project::Invocation& invocation) {
  std::vector<prisma::SchemaFile> files;
  if (!options.schema.empty()) {
    TRY_ASSIGN(auto loaded,
               workspace::LoadSchema(invocation.directory / options.schema, invocation.directory));
    for (auto& file : loaded) files.push_back({std::move(file.path), std::move(file.text)});
    return files;
  }
  TRY_ASSIGN(project::ProjectContext context, project::LoadProject(invocation));
  for (auto& file : context.project.schema_files) {
    files.push_back({std::move(file.path), std::move(file.text)});
  }
  if (files.empty()) {
    return MakeError(ErrorCode::kNoProject, "there is no schema.prisma to read",
                     "say where it is: ballast schema sql --schema PATH");
  }
  return files;
}

Status Run(const SchemaSqlOptions& options, const project::Invocation& invocation,
           SchemaSqlReport& report) {
  TRY_ASSIGN(const std::vector<prisma::SchemaFile> files, FilesOf(options, invocation));
  const prisma::Compat compat = CompatOf(options.compat);
  TRY_ASSIGN(const prisma::ParsedSchema schema, prisma::ReadSchema(files, {compat}));
  report.diagnostics = prisma::RenderDiagnostics(schema.files, schema.diagnostics);
  // Prisma's CLI prints the script with console.log: one newline more than the script has.
  report.sql = catalog::RenderSchemaSql(schema.datamodel, compat) + "\n";
  return {};
}

}  // namespace

SchemaSqlReport SchemaSql(const SchemaSqlOptions& options, const project::Invocation& invocation) {
  SchemaSqlReport report;
  Status done = Run(options, invocation, report);
  if (!done) {
    report.error = std::move(done).error();
    report.diagnostics = report.error->Detail("diagnostics");
    std::erase_if(report.error->details, [](const auto& d) { return d.first == "diagnostics"; });
  }
  return report;
}

}  // namespace ballast::commands
