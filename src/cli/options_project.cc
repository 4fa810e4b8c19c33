// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <CLI/CLI.hpp>

#include "cli/options_internal.h"

namespace ballast::cli {
namespace {

void AddScratch(CLI::App* root, Options* options) {
  const auto scratch = std::make_shared<commands::ScratchOptions>();
  CLI::App* app = root->add_subcommand(
      "scratch", "Run a command with DATABASE_URL set to a throw-away database");
  app->add_option("--major", scratch->major,
                  "PostgreSQL major version (default: the newest installed)");
  app->add_flag("--deployed", scratch->deployed, "Deploy the project to it first");
  app->add_option("COMMAND", scratch->command, "Command to run, after --")->required();
  app->positionals_at_end();
  Select(app, options, scratch);
}

void AddInit(CLI::App* root, Options* options) {
  const auto init = std::make_shared<commands::InitOptions>();
  static const std::vector<std::pair<std::string, commands::InitTarget>> targets = {
      {"railway", commands::InitTarget::kRailway},
      {"docker", commands::InitTarget::kDocker},
      {"compose", commands::InitTarget::kCompose},
      {"kubernetes", commands::InitTarget::kKubernetes},
      {"github", commands::InitTarget::kGithub}};
  CLI::App* app = root->add_subcommand("init", "Write the files that use ballast on a platform");
  app->add_option_function<std::vector<std::string>>(
         "TARGET",
         [init](const std::vector<std::string>& names) {
           for (const std::string& name : names) {
             for (const auto& [word, target] : targets) {
               if (word == name) init->targets.push_back(target);
             }
           }
         },
         "Any of railway, docker, compose, kubernetes and github (default: ballast.toml alone)")
      ->check(OneOf({"railway", "docker", "compose", "kubernetes", "github"}));
  app->add_flag("--force", init->force, "Overwrite files that have other content");
  Select(app, options, init);
}

void AddCompletion(CLI::App* root, Options* options) {
  const auto completion = std::make_shared<PrintCompletion>();
  const auto list_names = std::make_shared<commands::ListNamesOptions>();
  CLI::App* app =
      root->add_subcommand("completion", "Print the script that completes commands in a shell");
  CLI::Option* shell = app->add_option("SHELL", completion->shell, "bash, zsh or fish")
                           ->check(OneOf({"bash", "zsh", "fish"}));
  // What the scripts ask for while somebody types.
  AddChoice<commands::NameKind>(app, "--names", &list_names->kind,
                                {{"releases", commands::NameKind::kReleases},
                                 {"migrations", commands::NameKind::kMigrations}},
                                "");
  CLI::Option* names = app->get_option("--names")->group("")->excludes(shell);
  app->fallthrough();
  app->callback([options, shell, names, completion, list_names] {
    if (names->count() > 0) {
      options->command = *list_names;
    } else if (shell->count() > 0) {
      options->command = *completion;
    } else {
      throw CLI::RequiredError("SHELL");
    }
  });
}

}  // namespace

void AddProjectCommands(CLI::App* root, Options* options) {
  AddScratch(root, options);
  AddInit(root, options);
  AddCompletion(root, options);
}

}  // namespace ballast::cli
