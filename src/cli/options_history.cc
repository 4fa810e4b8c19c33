// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <CLI/CLI.hpp>

#include "cli/options_internal.h"

namespace ballast::cli {
namespace {

void AddLint(CLI::App* root, Options* options) {
  const auto lint = std::make_shared<commands::LintOptions>();
  CLI::App* app = root->add_subcommand(
      "lint", "Measure what the pending migrations would do to a live database");
  app->add_option("--since", lint->since,
                  "Lint what is newer than this: a migration, a release or a git ref")
      ->type_name("REF");
  AddChoice<lint::Severity>(
      app, "--fail-on", &lint->fail_on,
      {{"error", lint::Severity::kError},
       {"warning", lint::Severity::kWarning},
       {"notice", lint::Severity::kNotice}},
      "Exit with status 1 on findings of this severity or higher (default: error)");
  AddChoice<commands::LintFormat>(
      app, "--format", &lint->format,
      {{"text", commands::LintFormat::kText},
       {"json", commands::LintFormat::kJson},
       {"sarif", commands::LintFormat::kSarif},
       {"github", commands::LintFormat::kGithub}},
      "text (default), json, SARIF 2.1.0, or annotations of GitHub Actions");
  Select(app, options, lint);
}

void AddSquash(CLI::App* root, Options* options) {
  const auto squash = std::make_shared<commands::SquashOptions>();
  CLI::App* app = root->add_subcommand(
      "squash", "Replace migration folders with one that has a proven baseline");
  app->add_option("--up-to", squash->up_to, "The last migration to replace (default: all)")
      ->type_name("NAME");
  app->add_flag("--dry-run", squash->dry_run, "Run the proof, but write nothing");
  app->add_flag("--check", squash->check,
                "Exit with status 1 if a migration should be part of the squash");
  AddChoice<release::ReplayMode>(
      app, "--replay-mode", &squash->replay_mode,
      {{"batch", release::ReplayMode::kBatch},
       {"split", release::ReplayMode::kSplit},
       {"auto", release::ReplayMode::kAuto}},
      "How scripts are replayed: auto (default), batch or split (docs/commands/release.md)");
  app->add_option("--max-rows-bytes", squash->max_rows_bytes,
                  "Limit on the rows in the squash (default: 10 MiB)")
      ->check(IsNumberOfBytes())
      ->type_name("BYTES");
  Select(app, options, squash);
}

}  // namespace

void AddHistoryCommands(CLI::App* root, Options* options) {
  AddSquash(root, options);
  AddLint(root, options);
}

}  // namespace ballast::cli
