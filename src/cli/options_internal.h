// SPDX-License-Identifier: Apache-2.0
// Definitions of the command families' options for CLI11; only options*.cc include this. Each
// function adds the subcommands of one family to `root`. The subcommand on the command line sets
// `options->command`. Both must outlive the parsing.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/result.h"
#include "base/text.h"
#include "cli/options.h"

namespace ballast::cli {

void AddDatabaseCommands(CLI::App* root, Options* options);  // deploy, status, resolve, doctor
void AddChangeCommands(CLI::App* root, Options* options);    // repair, rollback
void AddReleaseCommands(CLI::App* root, Options* options);   // release, hotfix, baseline, key
void AddSchemaCommands(CLI::App* root, Options* options);    // schema, catalog
void AddLogCommands(CLI::App* root, Options* options);       // log
void AddFleetCommands(CLI::App* root, Options* options);     // fleet
void AddHistoryCommands(CLI::App* root, Options* options);   // squash, lint, check
void AddProjectCommands(CLI::App* root, Options* options);   // scratch, init, completion
void AddServeCommands(CLI::App* root, Options* options);     // serve

// An option for a duration: 500ms, 10s, 2m.
void AddTime(CLI::App* app, const std::string& name, std::optional<std::chrono::milliseconds>* time,
             const std::string& what);

// --metrics-file, --notify and --notify-format, for commands whose runs are reported.
void AddDelivery(CLI::App* app, Options* options);

// An option that may be repeated, with one value each time.
CLI::Option* AddRepeatable(CLI::App* app, const std::string& name, std::vector<std::string>* values,
                           const std::string& type, const std::string& what);

// --trusted-key, which may be repeated.
void AddTrustedKeys(CLI::App* app, std::vector<std::string>* keys);

// The options of run::DeployGoal, of a command that deploys or one that only shows what a deploy
// would do.
enum class GoalUse { kDeploys, kShows };
void AddDeployGoal(CLI::App* app, run::DeployGoal* goal, GoalUse use);

// The sentence of a function's error about a value; empty if it accepts the value.
template <class Value>
std::string WhyRefused(const Result<Value>& checked) {
  return checked ? std::string() : checked.error().message;
}

// Accepts a positive number of bytes.
CLI::Validator IsNumberOfBytes();

// Accepts only these words; the option's type name lists them.
CLI::Validator OneOf(std::vector<std::string> words);

// An option that accepts only these words, each of which selects a value.
template <class Value>
CLI::Option* AddChoice(CLI::App* app, const std::string& name, Value* value,
                       const std::vector<std::pair<std::string, Value>>& choices,
                       const std::string& what) {
  std::vector<std::string> words;
  words.reserve(choices.size());
  for (const auto& [word, meaning] : choices) words.push_back(word);
  return app
      ->add_option_function<std::string>(
          name,
          [value, choices](const std::string& given) {
            for (const auto& [word, meaning] : choices) {
              if (word == given) *value = meaning;
            }
          },
          what)
      ->check(OneOf(words))
      ->type_name(Join(words, "|"));
}

// Makes a parsed subcommand the command of `options`. The callback owns `value`.
template <class T>
void Select(CLI::App* app, Options* options, std::shared_ptr<T> value) {
  app->fallthrough();
  app->callback([options, value = std::move(value)] { options->command = *value; });
}

}  // namespace ballast::cli
