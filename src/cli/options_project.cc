// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>

#include "cli/options_internal.h"

namespace ballast::cli {
namespace {

void AddScratch(CLI::App* root, Options* options) {
  const auto scratch = std::make_shared<commands::ScratchOptions>();
  CLI::App* app = root->add_subcommand(
      "scratch", "Run a command with DATABASE_URL set to a temporary database");
  app->add_option("--major", scratch->major,
                  "PostgreSQL major version (default: the newest installed)")
      ->check(CLI::Range(1, 99).description(""))
      ->type_name("N");
  app->add_flag("--deployed", scratch->deployed, "Deploy the project to it first");
  app->add_flag("--template", scratch->from_template,
                "Deploy the project by copying a cached template of the server");
  app->add_option("COMMAND", scratch->command, "Command to run, after --")->required();
  app->positionals_at_end();
  Select(app, options, scratch);
}

// The Job of a fleet instead of the Deployment of one database.
void UseFleet(std::vector<commands::InitTarget>& targets) {
  const auto kubernetes =
      std::find(targets.begin(), targets.end(), commands::InitTarget::kKubernetes);
  if (kubernetes == targets.end()) throw CLI::ValidationError("--fleet", "needs kubernetes");
  *kubernetes = commands::InitTarget::kKubernetesFleet;
}

std::vector<std::string> WordsOf(
    const std::vector<std::pair<std::string, commands::InitTarget>>& targets) {
  std::vector<std::string> words;
  words.reserve(targets.size());
  for (const auto& [word, target] : targets) words.push_back(word);
  return words;
}

// An unknown target is an error of the command, whose report then has its usual form.
void AddInit(CLI::App* root, Options* options) {
  const auto init = std::make_shared<commands::InitOptions>();
  static const std::vector<std::pair<std::string, commands::InitTarget>> targets = {
      {"railway", commands::InitTarget::kRailway},
      {"docker", commands::InitTarget::kDocker},
      {"compose", commands::InitTarget::kCompose},
      {"kubernetes", commands::InitTarget::kKubernetes},
      {"github", commands::InitTarget::kGithub},
      {"monitoring", commands::InitTarget::kMonitoring}};
  CLI::App* app = root->add_subcommand("init", "Write the files that set up ballast on a platform");
  app->add_option_function<std::vector<std::string>>(
         "TARGET",
         [init](const std::vector<std::string>& names) {
           const CLI::Validator is_target = OneOf(WordsOf(targets));
           for (std::string name : names) {
             const std::string wrong = is_target(name);
             if (!wrong.empty() && init->unknown_target.empty()) init->unknown_target = wrong;
             for (const auto& [word, target] : targets) {
               if (word == name) init->targets.push_back(target);
             }
           }
         },
         "Any of these (default: ballast.toml alone)")
      ->type_name(Join(WordsOf(targets), "|"));
  app->add_flag("--force", init->force, "Overwrite files that have different content");
  const auto fleet = std::make_shared<bool>(false);
  app->add_flag("--fleet", *fleet, "With kubernetes: a Job that deploys many databases");
  app->fallthrough();
  app->callback([options, init, fleet] {
    if (*fleet) UseFleet(init->targets);
    options->command = *init;
  });
}

void AddCompletion(CLI::App* root, Options* options) {
  const auto completion = std::make_shared<PrintCompletion>();
  const auto list_names = std::make_shared<commands::ListNamesOptions>();
  CLI::App* app =
      root->add_subcommand("completion", "Print the script that completes commands in a shell");
  CLI::Option* shell = AddChoice<Shell>(
      app, "SHELL", &completion->shell,
      {{"bash", Shell::kBash}, {"zsh", Shell::kZsh}, {"fish", Shell::kFish}}, "The shell");
  // Used by the scripts during completion.
  CLI::Option* names =
      AddChoice<commands::NameKind>(app, "--names", &list_names->kind,
                                    {{"releases", commands::NameKind::kReleases},
                                     {"migrations", commands::NameKind::kMigrations}},
                                    "");
  names->group("");
  app->fallthrough();
  app->callback([options, shell, names, completion, list_names] {
    if (names->count() > 0 && shell->count() > 0) throw CLI::ExcludesError("--names", "SHELL");
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
