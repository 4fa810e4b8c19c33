// SPDX-License-Identifier: Apache-2.0
#include "cli/given_options.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>
#include <type_traits>
#include <variant>

#include "base/printed_command.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "base/url_password.h"
#include "postgres/url_argument.h"

namespace ballast::cli {
namespace {

using Json = nlohmann::ordered_json;

bool IsVariableName(std::string_view name) {
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) == 0 &&
         std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return c == '_' || std::isalnum(c) != 0; });
}

// As `"$NAME"` if a variable holds it, so that a password is not shown.
std::string UrlWord(const std::string& url, const GivenOptions::Variables& variables) {
  if (url.empty()) return {};
  for (const auto& [name, value] : variables) {
    if (value == url && IsVariableName(name)) return "\"$" + name + "\"";
  }
  const Result<postgres::Target> target = postgres::ParseUrl(url);
  return target ? postgres::UrlArgument(url, *target) : postgres::UnknownUrlArgument();
}

// What says which strategy a command follows.
template <class Command>
const auto& GoalOf(const Command& command) {
  if constexpr (std::is_base_of_v<commands::FleetOptions, Command>) {
    return command.deploy;
  } else {
    return command;
  }
}

// The package that was given is one to deploy, not the place of another one.
bool MakesPackage(std::string_view command) {
  return command.starts_with("release create") || command.starts_with("baseline create");
}

template <class Change>
void ChangeTexts(Json& json, const Change& change) {
  if (json.is_string()) json = change(json.get<std::string>());
  if (!json.is_array()) return;
  for (Json& element : json) ChangeTexts(element, change);
}

// Applies the change to the texts that contain commands to run.
template <class Change>
void ChangeRemedies(Json& json, const Change& change) {
  static constexpr std::array kKeys = {"hint", "remedy", "remedies", "notices", "refresh"};
  if (json.is_array()) {
    for (Json& element : json) ChangeRemedies(element, change);
  }
  if (!json.is_object()) return;
  for (auto& [key, value] : json.items()) {
    const bool told = std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
    if (told) ChangeTexts(value, change);
    if (!told) ChangeRemedies(value, change);
  }
}

}  // namespace

GivenOptions::GivenOptions(const Options& options, const Variables& variables)
    : database_url_(UrlWord(options.database_url, variables)) {
  const auto argument = [](const char* flag, const std::string& value) {
    return std::string(flag) + " " + ShellWord(MaskUrlPasswords(value));
  };
  const auto add = [&](const char* flag, const std::string& value) {
    if (!value.empty()) options_.emplace_back(flag, argument(flag, value));
  };
  add("-C", options.directory == "." ? std::string() : options.directory);
  add("--schema", options.schema);
  add("--project", options.project);
  add("--package", options.package);
  if (options.trust_history) options_.emplace_back("--trust-history", "--trust-history");
  const auto add_goal = [&](const char* flag, const std::string& value) {
    if (!value.empty()) goal_.emplace_back(flag, argument(flag, value));
  };
  const auto read_goal = [&](const auto& command) {
    const auto& goal = GoalOf(command);
    if constexpr (requires { goal.strategy, goal.branch; }) {
      add_goal("--strategy", goal.strategy);
      add_goal("--branch", goal.branch);
    }
    if constexpr (requires { goal.strategy, goal.trusted_keys; }) {
      for (const std::string& key : goal.trusted_keys) add_goal("--trusted-key", key);
    }
  };
  std::visit(read_goal, options.command);
  if (!options_.empty() || !goal_.empty()) commands_ = CommandNames();
}

std::string GivenOptions::ArgumentsFor(std::string_view command) const {
  std::string arguments;
  for (const auto& [flag, argument] : options_) {
    if (flag == "--package" && MakesPackage(command)) continue;
    if (!HasOption(command, flag)) arguments += argument + " ";
  }
  return arguments;
}

std::string GivenOptions::RepeatIn(std::string text) const {
  text = WithDatabaseUrl(std::move(text), database_url_);
  if (options_.empty() && goal_.empty()) return text;
  for (auto command = NextCommand(text, 0); command; command = NextCommand(text, command->begin)) {
    if (std::find(commands_.begin(), commands_.end(), command->name) == commands_.end()) continue;
    const std::string before = ArgumentsFor(command->text);
    if (command->name == "deploy") {
      std::string after;
      for (const auto& [flag, argument] : goal_) {
        if (!HasOption(command->text, flag)) after += " " + argument;
      }
      text.insert(command->begin + command->name.size(), after);
    }
    text.insert(command->begin, before);
  }
  return text;
}

std::string GivenOptions::RepeatInRemedies(const std::string& text) const {
  if (IsEmpty()) return text;
  std::vector<std::string> lines = Split(text, '\n');
  for (std::string& line : lines) {
    const std::string_view start = Trim(line);
    if (start.starts_with("→ ") || start.starts_with("💡 ")) line = RepeatIn(std::move(line));
  }
  return Join(lines, "\n");
}

std::string GivenOptions::RepeatInJson(std::string document) const {
  if (IsEmpty()) return document;
  Json json = Json::parse(document, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return document;
  ChangeRemedies(json, [this](std::string text) { return RepeatIn(std::move(text)); });
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ballast::cli
