// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <CLI/CLI.hpp>

#include "cli/options_internal.h"

namespace ballast::cli {
namespace {

void AddWhere(CLI::App* app, change::LiveChangeOptions* options) {
  app->add_option("--strategy", options->strategy, "auto, release, development or history")
      ->type_name("NAME");
  app->add_option("--branch", options->branch, "Branch name (default: detected)");
  AddTrustedKeys(app, &options->trusted_keys);
  app->add_flag("--dry-run", options->dry_run, "Show what would be done; change nothing");
  app->add_flag("--sql", options->sql, "Print the SQL that would run, for psql; change nothing");
  AddTime(app, "--lock-timeout", &options->lock_timeout,
          "Lock timeout (default: 10s for the deployment lock and for tables)");
  AddTime(app, "--statement-timeout", &options->statement_timeout,
          "Statement timeout (default: the server's setting)");
}

void AddRepair(CLI::App* root, Options* options) {
  const auto repair = std::make_shared<commands::RepairOptions>();
  CLI::App* app = root->add_subcommand("repair", "Restore a database to its proven state");
  AddWhere(app, repair.get());
  AddRepeatable(app, "--drop", &repair->drop, "NAME",
                "Table or column whose data may be lost (repeatable; * and ? match)");
  AddRepeatable(app, "--applied", &repair->applied, "NAME",
                "Migration that has run, although no row records it (repeatable; * and ? match)");
  AddDelivery(app, options);
  Select(app, options, repair);
}

void AddRollback(CLI::App* root, Options* options) {
  const auto rollback = std::make_shared<commands::RollbackOptions>();
  CLI::App* app =
      root->add_subcommand("rollback", "Take a database back to an earlier release or migration");
  app->add_option("--to", rollback->to, "Version of a release, or name of a migration")
      ->type_name("VERSION|MIGRATION")
      ->required();
  AddWhere(app, rollback.get());
  app->add_flag("--keep-data", rollback->keep_data,
                "Keep a copy of data that would be lost, in the schema ballast_kept");
  AddRepeatable(app, "--accept-data-loss", &rollback->accept_data_loss, "NAME",
                "Table or column whose data may be lost (repeatable; * and ? match)");
  AddDelivery(app, options);
  Select(app, options, rollback);
}

}  // namespace

void AddChangeCommands(CLI::App* root, Options* options) {
  AddRepair(root, options);
  AddRollback(root, options);
}

}  // namespace ballast::cli
