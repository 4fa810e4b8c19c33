// SPDX-License-Identifier: Apache-2.0
#include "commands/schema_sql.h"

#include "catalog/from_datamodel.h"
#include "prisma/parse.h"
#include "project/project_context.h"
#include "proof/expected_schema.h"
#include "workspace/migrations_folder.h"

namespace ballast::commands {
namespace {

// All scripts of the project; empty if they cannot be read, because only the schema is needed.
std::string ScriptsOf(const workspace::Project& project) {
  const auto folder = workspace::LoadMigrations(project.migrations);
  std::string scripts;
  if (!folder) return scripts;
  for (const release::Migration& migration : folder->migrations) {
    if (migration.script) scripts += *migration.script;
  }
  return scripts;
}

// That of the project's Prisma version.
prisma::Compat CompatFor(const workspace::Project& project) {
  return proof::CompatOf(project, project.version ? std::string() : ScriptsOf(project));
}

// `--compat 7` refuses what Prisma 7 refuses; `--compat 6` means 6.19 if the version is not known.
bool AcceptsKeysOfViews(const workspace::Project& project, std::optional<prisma::Compat> compat) {
  if (!compat) return proof::AcceptsKeysOfViews(project);
  if (*compat != prisma::Compat::kPrisma6) return *compat == prisma::Compat::kPrisma5;
  return project.version && proof::AcceptsKeysOfViews(project);
}

Status Run(const SchemaSqlOptions& options, const project::Invocation& invocation,
           SchemaSqlReport& report) {
  TRY_ASSIGN(const project::ProjectContext context, project::LoadProject(invocation));
  const workspace::Project& project = context.project;
  if (project.schema_files.empty()) {
    return MakeError(ErrorCode::kNoProject, "there is no schema.prisma to read",
                     "name it: ballast schema sql --schema PATH");
  }
  const prisma::Compat compat = options.compat ? *options.compat : CompatFor(project);
  prisma::ParseOptions parse{compat};
  parse.keys_of_views = AcceptsKeysOfViews(project, options.compat);
  // Only connecting needs a URL, which prisma.config.* can have.
  parse.allow_missing_url = project.prisma_config().Exists() || project.schema_is_snapshot;
  TRY_ASSIGN(const prisma::ParsedSchema schema, prisma::ReadSchema(project.schema_files, parse));
  report.diagnostics = prisma::RenderDiagnostics(schema.files, schema.diagnostics);
  // Prisma's CLI prints the script with console.log, which appends a newline.
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
