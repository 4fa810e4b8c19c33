// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>

#include "cli/options_internal.h"
#include "cli/render_json.h"
#include "fleet/waves.h"

namespace ballast::cli {
namespace {

void AddSelection(CLI::App* app, fleet::Selection* selection) {
  app->add_option("--targets", selection->file, "File that lists the targets (docs/fleets.md)")
      ->type_name("FILE");
  app->add_option("--targets-env", selection->variables,
                  "Every variable with this prefix contains the URL of a target")
      ->type_name("PREFIX");
  CLI::Option* query =
      app->add_option(
             "--targets-query", selection->query,
             "Query that returns a row for each target: name, url, database, schema, groups …")
          ->type_name("SQL");
  app->add_option("--control-url", selection->control_url,
                  "Where the query runs; env:VARIABLE refers to a variable (default: the "
                  "project's database)")
      ->type_name("URL")
      ->needs(query);
  app->add_option("--url-template", selection->url_template,
                  "URL of targets without one, with {database}, {schema}, {name} or {LABEL} in it")
      ->type_name("URL");
  AddRepeatable(app, "--only", &selection->globs, "GLOB",
                "Only targets whose name matches (repeatable)");
  AddRepeatable(app, "--group", &selection->groups, "NAME",
                "Only targets of this group (repeatable)");
  AddRepeatable(app, "--label", &selection->labels, "KEY=VALUE",
                "Only targets with this label (repeatable; all must match)")
      ->check([](const std::string& text) {
        return text.find('=') == std::string::npos ? "'" + text + "' is not KEY=VALUE" : "";
      });
}

void AddCommon(CLI::App* app, commands::FleetOptions* fleet, GoalUse use) {
  AddSelection(app, &fleet->selection);
  app->add_option(
         "--parallel", fleet->parallel,
         "Number of targets to deploy at the same time, one connection each: 1 to 256 (default: 8)")
      ->check(CLI::Range(1, 256).description(""))
      ->type_name("N");
  app->add_option("--shard", fleet->shard,
                  "Only part I of N of the fleet (default: from a Kubernetes Job or Slurm array)")
      ->type_name("I/N");
  app->add_option("--shards", fleet->shards,
                  "Number of shards, if the job provides only the index of this one")
      ->check(CLI::Range(1, 100000).description(""))
      ->type_name("N");
  run::DeployOptions& deploy = fleet->deploy;
  AddDeployGoal(app, &deploy, use);
  AddTime(app, "--connect-timeout", &deploy.connect_timeout,
          "Timeout of one connection attempt (default: 5s)");
}

void AddFleetStatus(CLI::App* root, Options* options) {
  const auto status = std::make_shared<commands::FleetStatusOptions>();
  CLI::App* app = root->add_subcommand("status", "Show the state of each target; change nothing");
  AddCommon(app, status.get(), GoalUse::kShows);
  Select(app, options, status);
}

void AddDeployOptions(CLI::App* app, run::DeployOptions* deploy) {
  app->add_flag("--dry-run", deploy->dry_run, "Show what would be done; change nothing");
  AddTime(app, "--lock-timeout", &deploy->lock_timeout,
          "Lock timeout (default: 10s for the deployment lock, 3s per attempt for tables)");
  AddTime(app, "--statement-timeout", &deploy->statement_timeout,
          "Statement timeout (default: the server's setting)");
}

struct Times {
  std::optional<std::chrono::milliseconds> pause;
  std::optional<std::chrono::milliseconds> canary_timeout;
  std::optional<std::chrono::milliseconds> wait_for_database;
};

void AddFleetDeploy(CLI::App* root, Options* options) {
  const auto deploy = std::make_shared<commands::FleetDeployOptions>();
  const auto times = std::make_shared<Times>();
  CLI::App* app =
      root->add_subcommand("deploy", "Deploy to all targets: canaries first, then wave by wave");
  AddCommon(app, deploy.get(), GoalUse::kDeploys);
  AddDeployOptions(app, &deploy->deploy);
  app->add_option("--canary", deploy->canary,
                  "Targets to deploy first; if one fails, no other target is changed")
      ->type_name("N|P%|GROUP|NAME");
  app->add_option("--waves", deploy->waves,
                  "Sizes of the waves, e.g. 10,100,rest or 10%,50%,rest (default: one wave)")
      ->check(
          [](const std::string& text) { return WhyRefused(fleet::DivideIntoWaves({}, 0, text)); })
      ->type_name("LIST");
  app->add_option("--failure-budget", deploy->failure_budget,
                  "How many targets may fail before no more are started (default: 0)")
      ->check([](const std::string& text) { return WhyRefused(fleet::FailureBudget(text, 0)); })
      ->type_name("N|P%");
  AddTime(app, "--pause", &times->pause,
          "Wait after each wave, then check that its targets are current and as proven");
  AddTime(app, "--canary-timeout", &times->canary_timeout,
          "How long the other shards wait for the canaries, which shard 1 deploys (default: 15m)");
  AddTime(app, "--wait-for-database", &times->wait_for_database,
          "How long to wait for a database that is missing or starting (default: 0)");
  app->add_flag_callback(
      "--no-create-databases", [deploy] { deploy->deploy.create_database = false; },
      "Fail if a database does not exist (default: create it)");
  app->add_option("--report-dir", deploy->report_dir, "Write NAME.json for each target")
      ->type_name("FOLDER");
  AddDelivery(app, options);
  app->fallthrough();
  app->callback([options, deploy, times] {
    if (times->pause) deploy->pause = *times->pause;
    if (times->canary_timeout) deploy->canary_timeout = *times->canary_timeout;
    if (times->wait_for_database) deploy->deploy.wait_for_database = *times->wait_for_database;
    deploy->render = [](const commands::DeployReport& report) { return RenderJson(report); };
    options->command = *deploy;
  });
}

}  // namespace

void AddFleetCommands(CLI::App* root, Options* options) {
  CLI::App* fleet = root->add_subcommand("fleet", "Deploy to many databases or schemas");
  fleet->require_subcommand(1);
  fleet->fallthrough();
  AddFleetStatus(fleet, options);
  AddFleetDeploy(fleet, options);
}

}  // namespace ballast::cli
