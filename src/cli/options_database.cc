// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <CLI/CLI.hpp>

#include "cli/options_internal.h"

namespace ballast::cli {
namespace {

void AddDeploy(CLI::App* root, Options* options) {
  const auto deploy = std::make_shared<run::DeployOptions>();
  const auto wait_for_database = std::make_shared<std::optional<std::chrono::milliseconds>>();
  CLI::App* app =
      root->add_subcommand("deploy", "Apply the release or the pending migrations to the database");
  AddDeployGoal(app, deploy.get(), GoalUse::kDeploys);
  app->add_flag("--dry-run", deploy->dry_run, "Show what would be done; change nothing");
  app->add_flag("--sql", deploy->sql, "With --dry-run: print the SQL that would run, for psql")
      ->needs("--dry-run");
  app->add_flag("--template", deploy->from_template,
                "Create the database by copying a cached, already deployed template")
      ->excludes("--dry-run")
      ->excludes("--adopt");
  AddTime(app, "--lock-timeout", &deploy->lock_timeout,
          "Lock timeout (default: 10s for the deployment lock, 3s per attempt for tables)");
  AddTime(app, "--statement-timeout", &deploy->statement_timeout,
          "Statement timeout (default: the server's setting)");
  AddTime(app, "--connect-timeout", &deploy->connect_timeout,
          "Timeout of one connection attempt (default: 5s)");
  AddTime(app, "--wait-for-database", wait_for_database.get(),
          "How long to wait for a server that is starting (default: 0)");
  AddDelivery(app, options);
  app->fallthrough();
  app->callback([options, deploy, wait_for_database] {
    if (*wait_for_database) deploy->wait_for_database = **wait_for_database;
    options->command = *deploy;
  });
}

void AddStatus(CLI::App* root, Options* options) {
  const auto status = std::make_shared<commands::StatusOptions>();
  CLI::App* app =
      root->add_subcommand("status", "Show the state of the database and what a deploy would do");
  AddDeployGoal(app, status.get(), GoalUse::kShows);
  Select(app, options, status);
}

void AddResolve(CLI::App* root, Options* options) {
  const auto resolve = std::make_shared<commands::ResolveOptions>();
  CLI::App* app = root->add_subcommand(
      "resolve", "Mark migrations as applied or rolled back without running them");
  AddRepeatable(app, "--applied", &resolve->applied, "NAME",
                "Migration to mark as applied (repeatable; * and ? match)");
  AddRepeatable(app, "--rolled-back", &resolve->rolled_back, "NAME",
                "Migration to mark as rolled back (repeatable; * and ? match)");
  app->add_flag("--all-covered", resolve->all_covered,
                "Mark every migration that the baseline covers, or convert the rows to --strategy");
  app->add_option("--strategy", resolve->strategy, "Strategy whose rows --all-covered writes")
      ->type_name("NAME");
  app->add_option("--branch", resolve->branch, "Branch name (default: detected)");
  AddDelivery(app, options);
  Select(app, options, resolve);
}

void AddDoctor(CLI::App* root, Options* options) {
  const auto doctor = std::make_shared<commands::DoctorOptions>();
  CLI::App* app = root->add_subcommand(
      "doctor", "Check project, package, environment and database; change nothing");
  app->add_option("--strategy", doctor->strategy, "auto, release, development or history")
      ->type_name("NAME");
  app->add_option("--branch", doctor->branch, "Branch name (default: detected)");
  AddTrustedKeys(app, &doctor->trusted_keys);
  app->add_flag("--strict", doctor->strict, "Exit with status 1 on warnings, too");
  app->add_flag("--allow-drift", doctor->allow_drift,
                "Report missing or changed objects of the release as a warning");
  Select(app, options, doctor);
}

}  // namespace

void AddDatabaseCommands(CLI::App* root, Options* options) {
  AddDeploy(root, options);
  AddStatus(root, options);
  AddResolve(root, options);
  AddDoctor(root, options);
}

}  // namespace ballast::cli
