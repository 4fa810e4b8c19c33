// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <CLI/CLI.hpp>

#include "cli/options_internal.h"

namespace ballast::cli {
namespace {

void AddSchema(CLI::App* root, Options* options) {
  const auto schema_sql = std::make_shared<commands::SchemaSqlOptions>();
  const auto schema_check = std::make_shared<commands::SchemaCheckOptions>();
  CLI::App* schema =
      root->add_subcommand("schema", "Print schema.prisma as DDL; compare it with the migrations");
  schema->require_subcommand(1);
  schema->fallthrough();
  CLI::App* sql =
      schema->add_subcommand("sql", "Print the DDL of the schema exactly as Prisma does");
  AddChoice<std::optional<prisma::Compat>>(
      sql, "--compat", &schema_sql->compat,
      {{"5", prisma::Compat::kPrisma5},
       {"6", prisma::Compat::kPrisma6},
       {"7", prisma::Compat::kPrisma7}},
      "Prisma major version to imitate (default: the project's)");
  Select(sql, options, schema_sql);
  CLI::App* check =
      schema->add_subcommand("check", "Compare schema.prisma, the migrations and a live database");
  AddRepeatable(check, "--ignore", &schema_check->ignore, "GLOB",
                "Ignore matching objects (repeatable)");
  check->add_flag("--strict", schema_check->strict, "Exit with status 1 on notes, too");
  check->add_flag("--accept", schema_check->accept,
                  "Record the differences in ballast.toml as accepted");
  check->add_flag("--live", schema_check->live,
                  "Also compare the project's database (or that of --database-url)");
  Select(check, options, schema_check);
}

void AddCatalog(CLI::App* root, Options* options) {
  const auto catalog_diff = std::make_shared<commands::CatalogDiffOptions>();
  CLI::App* catalog = root->add_subcommand("catalog", "Fingerprint and compare live databases");
  catalog->require_subcommand(1);
  catalog->fallthrough();
  CLI::App* fingerprint =
      catalog->add_subcommand("fingerprint", "Print the fingerprint of a live database");
  Select(fingerprint, options, std::make_shared<CatalogFingerprint>());
  CLI::App* diff = catalog->add_subcommand(
      "diff", "Show the differences between two databases (-v: full definitions)");
  diff->add_option("URL_A", catalog_diff->url_a, "URL of a database")->required();
  diff->add_option("URL_B", catalog_diff->url_b, "URL of the other database")->required();
  diff->add_flag("--strict", catalog_diff->strict,
                 "Also compare what `ignore` and `platform` exclude");
  Select(diff, options, catalog_diff);
}

}  // namespace

void AddSchemaCommands(CLI::App* root, Options* options) {
  AddSchema(root, options);
  AddCatalog(root, options);
}

}  // namespace ballast::cli
