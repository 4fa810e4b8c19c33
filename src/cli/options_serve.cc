// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <CLI/CLI.hpp>

#include "cli/options_internal.h"

namespace ballast::cli {

void AddServeCommands(CLI::App* root, Options* options) {
  const auto serve = std::make_shared<commands::ServeOptions>();
  CLI::App* app = root->add_subcommand(
      "serve", "Serve the health, metrics, API and dashboard of databases over HTTP");
  app->add_option("--listen", serve->listen, "Address (default: 127.0.0.1:7070, or $PORT)")
      ->type_name("HOST:PORT");
  AddRepeatable(app, "--database", &serve->databases, "NAME=env:VARIABLE",
                "Database to watch (repeatable; default: those of ballast.toml, or the project's)");
  app->add_option("--store", serve->store,
                  "Storage for run reports and samples: an SQLite file, memory, or env:VARIABLE "
                  "with a PostgreSQL URL")
      ->type_name("PLACE");
  AddTime(app, "--interval", &serve->interval,
          "Time between two observations of a database (default: 3s)");
  app->add_flag("--ready-only", serve->ready_only, "Answer only /healthz and /readyz");
  Select(app, options, serve);
}

}  // namespace ballast::cli
