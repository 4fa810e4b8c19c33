// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <CLI/CLI.hpp>

#include "cli/options_internal.h"

namespace ballast::cli {
namespace {

// --since and --fail-on.
template <class LintedOptions>
void AddLintScope(CLI::App* app, LintedOptions* linted) {
  app->add_option("--since", linted->since,
                  "Lint what is newer than this: a migration, a release or a git ref")
      ->type_name("REF");
  AddChoice<lint::Severity>(
      app, "--fail-on", &linted->fail_on,
      {{"error", lint::Severity::kError},
       {"warning", lint::Severity::kWarning},
       {"notice", lint::Severity::kNotice}},
      "Exit with status 1 on findings of this severity or higher (default: error)");
}

void AddCheck(CLI::App* root, Options* options) {
  const auto check = std::make_shared<commands::CheckOptions>();
  CLI::App* app = root->add_subcommand(
      "check", "Check package, baseline, schema and new migrations, for continuous integration");
  AddLintScope(app, check.get());
  app->add_option("--branch", check->branch,
                  "Branch that is checked, or that the pull request goes to (default: detected)")
      ->type_name("NAME");
  AddChoice<commands::CheckFormat>(
      app, "--format", &check->format,
      {{"text", commands::CheckFormat::kText}, {"github", commands::CheckFormat::kGithub}},
      "text (default), or annotations of GitHub Actions");
  app->add_option("--summary", check->summary,
                  "Append a Markdown table of the results to this file")
      ->type_name("FILE");
  Select(app, options, check);
}

void AddLint(CLI::App* root, Options* options) {
  const auto lint = std::make_shared<commands::LintOptions>();
  CLI::App* app = root->add_subcommand(
      "lint", "Measure what the pending migrations would do to a live database");
  AddLintScope(app, lint.get());
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
  AddCheck(root, options);
}

}  // namespace ballast::cli
