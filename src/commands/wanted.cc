#include "commands/wanted.h"

#include "catalog/from_datamodel.h"
#include "commands/proof.h"
#include "prisma/parse.h"

namespace ballast::commands {
namespace {

Error DoesNotApply(const postgres::ServerError& error) {
  Error made = MakeError(ErrorCode::kSchemasDiffer,
                         "the server refuses the DDL of schema.prisma: " + error.message,
                         "what the history provides (extensions, functions) may be missing: put it "
                         "into the setup script of ballast.toml");
  made.details.emplace_back("sqlstate", error.sqlstate);
  return made;
}

}  // namespace

Result<catalog::Facts> WantedFacts(const workspace::Project& project,
                                   postgres::ScratchServer& server) {
  std::vector<prisma::SchemaFile> files;
  for (const workspace::SchemaFile& file : project.schema_files) {
    files.push_back({file.path, file.text});
  }
  if (files.empty()) {
    return MakeError(ErrorCode::kNoProject, "there is no schema.prisma to compare with",
                     "say where it is, with `schema` in ballast.toml");
  }
  prisma::ParseOptions options;
  options.allow_missing_url = true;
  TRY_ASSIGN(const prisma::ParsedSchema schema, prisma::ReadSchema(files, options));
  TRY_ASSIGN(const postgres::ScratchDatabase database, server.CreateDatabase("schema"));
  TRY_ASSIGN(postgres::Session session, database.Connect());
  const postgres::Outcome outcome = session.Run(project.config.setup_script + "\n;\n" +
                                                catalog::RenderSchemaSql(schema.datamodel));
  if (outcome.error) return DoesNotApply(*outcome.error);
  TRY_ASSIGN(State state, ReadState(database.target(), {}));
  return std::move(state.facts);
}

}  // namespace ballast::commands
