// SPDX-License-Identifier: Apache-2.0
#include "proof/expected_schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <set>
#include <vector>

#include "base/text.h"
#include "catalog/from_datamodel.h"
#include "catalog/object_identity.h"
#include "prisma/native_types.h"
#include "prisma/parse.h"
#include "proof/proof.h"
#include "sql/quote.h"
#include "sql/split.h"

namespace ballast::proof {
namespace {

// Whether the statement creates an object that a schema can use but not create.
bool IsPrerequisite(sql::TokenReader statement) {
  if (sql::IsCreateRoutine(statement)) return true;
  if (!statement.Take("create")) return false;
  if (statement.Take("type")) return !statement.Has("as", "enum");
  return statement.Is("schema") || statement.Is("extension") || statement.Is("domain") ||
         statement.Is("sequence") || statement.Is("collation");
}

std::vector<std::string> PrerequisitesIn(const std::string& baseline) {
  std::vector<std::string> statements;
  sql::StatementIterator iterator(baseline);
  while (iterator.Next()) {
    if (!IsPrerequisite(iterator.reader())) continue;
    statements.push_back(std::string(iterator.statement().text) + ";\n");
  }
  return statements;
}

// One message, one transaction; if it fails, returns false and changes nothing.
bool RunTogether(postgres::Session& session, const std::string& script) {
  return script.empty() || !session.Run(script).error;
}

// Failures are ignored: the object is not needed, or the schema's own DDL will fail.
void CreatePrerequisites(postgres::Session& session, const std::vector<std::string>& statements) {
  const postgres::Outcome bodies = session.Run("SET check_function_bodies = off");
  if (!RunTogether(session, Join(statements, ""))) {
    for (const std::string& one : statements) const postgres::Outcome ignored = session.Run(one);
  }
  // Types of extensions in other schemas are found by their unqualified names.
  const postgres::Outcome path = session.Run(
      "SELECT set_config('search_path', string_agg(pg_catalog.quote_ident(nspname), ', ' ORDER BY "
      "nspname <> "
      "'public', nspname), false) FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> "
      "'information_schema'");
}

// Step by step if the server refuses one (a generated column printed as a default), so that the
// rest can be compared.
void MakeSchema(postgres::Session& session, const std::vector<catalog::SchemaStep>& steps,
                ExpectedSchema& expected) {
  std::string script;
  for (const auto& [step, table] : steps) script += step.statements;
  if (RunTogether(session, script)) return;
  for (const auto& [step, table] : steps) {
    const postgres::Outcome outcome = session.Run(step.statements);
    if (!outcome.error) continue;
    const std::string object =
        table.name.empty() ? "" : "table " + sql::QualifiedName(table.schema, table.name);
    if (object.empty() && !expected.refused.empty()) continue;  // it needs what was refused before
    expected.notices.push_back(fmt::format("the server refuses schema.prisma's own DDL ({}): {}",
                                           object.empty() ? step.title : object,
                                           outcome.error->message));
    if (!object.empty()) expected.refused.push_back(object);
  }
}

catalog::Snapshot Without(const catalog::Snapshot& snapshot, const catalog::Snapshot& others) {
  catalog::Snapshot rest;
  std::set_difference(snapshot.begin(), snapshot.end(), others.begin(), others.end(),
                      std::back_inserter(rest), [](const auto& a, const auto& b) {
                        return catalog::RenderProperty(a) < catalog::RenderProperty(b);
                      });
  return rest;
}

// Whether only migrations create objects of this kind: the schema language has no words for it.
bool IsBeyondSchema(const std::string& kind) {
  static constexpr std::array kKinds = {"domain", "sequence", "collation", "composite type",
                                        "range type"};
  return catalog::IsRoutineKind(kind) || std::ranges::find(kKinds, kind) != kKinds.end();
}

// Without the prerequisites that are only in the migrations: the schema needs them and does not
// describe them.
catalog::Snapshot WithoutCopies(catalog::Snapshot snapshot, const catalog::Snapshot& copied) {
  std::set<catalog::ObjectKey> copies;
  for (const catalog::ObjectProperty& entry : copied) {
    if (IsBeyondSchema(entry.kind)) copies.emplace(entry.kind, entry.object);
  }
  std::erase_if(snapshot, [&](const catalog::ObjectProperty& entry) {
    return copies.contains({entry.kind, entry.object});
  });
  return snapshot;
}

// The properties that the prerequisites add to an empty database; empty if there are none.
Result<catalog::Snapshot> SnapshotOfPrerequisites(const postgres::Target& target,
                                                  postgres::Session& session,
                                                  const std::string& baseline) {
  const std::vector<std::string> statements = PrerequisitesIn(baseline);
  catalog::Snapshot empty;
  if (!statements.empty()) {
    TRY_ASSIGN(empty, ReadSnapshotOf(target, {}));
  }
  CreatePrerequisites(session, statements);
  if (statements.empty()) return catalog::Snapshot{};
  TRY_ASSIGN(const catalog::Snapshot prerequisites, ReadSnapshotOf(target, {}));
  return Without(prerequisites, empty);
}

}  // namespace

bool AcceptsKeysOfViews(const workspace::Project& project) {
  return !project.version || *project.version < workspace::kViewsWithoutKeys;
}

prisma::Compat CompatOf(const workspace::Project& project, const std::string& migrated) {
  const int major = project.EffectiveVersion().major;
  if (major >= 7) return prisma::Compat::kPrisma7;
  if (project.version) return major < 6 ? prisma::Compat::kPrisma5 : prisma::Compat::kPrisma6;
  const bool keys = migrated.find("_AB_pkey\"") != std::string::npos;
  const bool indexes = migrated.find("_AB_unique\"") != std::string::npos;
  return indexes && !keys ? prisma::Compat::kPrisma5 : prisma::Compat::kPrisma6;
}

namespace {

Result<prisma::ParsedSchema> ParseSchema(const workspace::Project& project,
                                         const std::string& migrated) {
  std::vector<prisma::SchemaFile> files;
  for (const workspace::SchemaFile& file : project.schema_files) {
    files.push_back({file.path, file.text});
  }
  if (files.empty()) {
    return MakeError(ErrorCode::kNoProject, "there is no schema.prisma to read",
                     "set `schema` in ballast.toml");
  }
  prisma::ParseOptions options;
  options.allow_missing_url = true;
  options.keys_of_views = AcceptsKeysOfViews(project);
  options.compat = CompatOf(project, migrated);
  return prisma::ReadSchema(files, options);
}

// Prisma 7 creates the schema `public` first, which every database has.
prisma::Compat LayoutOf(prisma::Compat compat) {
  return compat == prisma::Compat::kPrisma5 ? compat : prisma::Compat::kPrisma6;
}

// The schema of a model, or a view; empty: the target schema.
std::string SchemaOf(const prisma::Model& model, const std::string& target_schema) {
  return model.schema && model.schema->text != target_schema ? model.schema->text : std::string();
}

// Of a list, too. The server adds the length 1 to these types.
std::string TypeWithoutLength(const prisma::Field& field) {
  const std::optional<prisma::NativeType> type = prisma::NativeTypeOf(field);
  if (!type || !type->numbers.empty()) return {};
  const bool is_char = type->constructor->name == "Char";
  if (!is_char && type->constructor->name != "Bit") return {};
  return std::string(is_char ? "character" : "bit") + (field.IsList() ? "[]" : "");
}

// What the DDL does not show: the texts of dbgenerated() and Unsupported(), and types without a
// length.
std::vector<plan::WrittenColumn> WrittenColumns(const prisma::Datamodel& datamodel,
                                                const std::string& target_schema) {
  std::vector<plan::WrittenColumn> columns;
  for (const prisma::Model& model : datamodel.models) {
    const std::string schema = SchemaOf(model, target_schema);
    for (const prisma::Field& field : model.fields) {
      plan::WrittenColumn column{schema, model.DatabaseName(), field.DatabaseName()};
      const prisma::Value* value = field.DefaultValue();
      if (value != nullptr && value->IsFunction("dbgenerated")) {
        column.generated_default = value->arguments.empty() ? "" : value->arguments[0].value.text;
      }
      if (field.unsupported) column.unsupported = field.type_name;
      column.without_length = TypeWithoutLength(field);
      const bool is_needed =
          column.generated_default || !column.unsupported.empty() || !column.without_length.empty();
      if (is_needed) columns.push_back(column);
    }
  }
  return columns;
}

std::vector<sql::ObjectName> DeclaredViews(const prisma::Datamodel& datamodel,
                                           const std::string& target_schema) {
  std::vector<sql::ObjectName> views;
  for (const prisma::Model& model : datamodel.models) {
    if (!model.IsView()) continue;
    views.push_back({SchemaOf(model, target_schema), model.DatabaseName()});
  }
  return views;
}

}  // namespace

Result<std::string> SchemaScript(const workspace::Project& project, const std::string& migrated) {
  TRY_ASSIGN(const prisma::ParsedSchema schema, ParseSchema(project, migrated));
  return catalog::RenderSchemaSql(schema.datamodel, LayoutOf(CompatOf(project, migrated)));
}

Result<ExpectedSchema> ReadExpectedSchema(const workspace::Project& project,
                                          const std::string& baseline,
                                          const std::string& setup_script,
                                          scratch::ScratchServer& server) {
  TRY_ASSIGN(const prisma::ParsedSchema schema, ParseSchema(project, baseline));
  TRY_ASSIGN(const scratch::ScratchDatabase database, server.CreateDatabase("schema"));
  TRY(PreparePlatform(database, setup_script));
  TRY_ASSIGN(postgres::Session session, database.Connect());
  ExpectedSchema expected;
  TRY_ASSIGN(const catalog::Snapshot prerequisites,
             SnapshotOfPrerequisites(database.target(), session, baseline));
  const prisma::Compat compat = CompatOf(project, baseline);
  MakeSchema(session, catalog::SchemaSteps(schema.datamodel, LayoutOf(compat)), expected);
  const std::string target_schema = database.target().SchemaOrPublic();
  expected.scope = {
      project.datasource.schemas, WrittenColumns(schema.datamodel, target_schema),
      project.EffectiveVersion().major,
      compat == prisma::Compat::kPrisma7 && schema.datamodel.HasPreviewFeature("partialIndexes"),
      DeclaredViews(schema.datamodel, target_schema)};
  TRY_ASSIGN(expected.snapshot, ReadSnapshotOf(database.target(), {}));
  if (expected.notices.empty()) {
    expected.schema_only = Without(expected.snapshot, prerequisites);
  }
  expected.snapshot = WithoutCopies(std::move(expected.snapshot), prerequisites);
  return expected;
}

}  // namespace ballast::proof
