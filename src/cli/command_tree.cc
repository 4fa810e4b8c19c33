// SPDX-License-Identifier: Apache-2.0
#include "cli/command_tree.h"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "base/text.h"

namespace ballast::cli {
namespace {

// Whether the type lists the possible words: "text|json" does, "N|P%" does not.
bool ListsWords(const std::string& type) {
  return type.find('|') != std::string::npos &&
         std::ranges::none_of(type, [](char c) { return c >= 'A' && c <= 'Z'; });
}

// What can follow an option, determined from its name and the type in its help.
ValueKind ValueKindOf(const std::string& name, const std::string& type) {
  if (name == "--applied" || name == "--rolled-back") return ValueKind::kMigration;
  if (name == "--up-to") return ValueKind::kMigration;
  if (type == "VERSION|MIGRATION" || type == "MIGRATION|VERSION" ||
      (name == "--since" && type != "TIME")) {
    return ValueKind::kReleaseOrMigration;
  }
  if (name == "A" || name == "B" || name == "--release") return ValueKind::kRelease;
  if (name == "--targets-env") return ValueKind::kAnything;  // begins the names of variables
  if (type == "FILE" || type == "PATH" || type == "PREFIX" || type == "KEY") {
    return ValueKind::kFile;
  }
  if (type == "DIR" || type == "FOLDER") return ValueKind::kFolder;
  if (ListsWords(type) || name == "--strategy") return ValueKind::kWords;
  return ValueKind::kAnything;
}

// The words that a type lists; --strategy lists none.
std::vector<std::string> WordsOf(const std::string& type) {
  if (ListsWords(type)) return Split(type, '|');
  return {"auto", "release", "development", "history"};
}

CompletedOption Describe(const CLI::Option& option) {
  CompletedOption described;
  for (const std::string& name : option.get_snames()) described.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) described.names.push_back("--" + name);
  described.help = option.get_description();
  if (option.get_expected_max() == 0) return described;
  const std::string type = option.get_type_name();
  described.value = ValueKindOf(described.names.back(), type);
  if (described.value == ValueKind::kWords) described.words = WordsOf(type);
  return described;
}

CompletedCommand Describe(const CLI::App& app, const std::string& path) {
  CompletedCommand described;
  described.path = path;
  described.help = app.get_description();
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;
    if (option->get_positional()) {
      const std::string name = option->get_name();
      described.argument = ValueKindOf(name, option->get_type_name());
      if (described.argument == ValueKind::kWords) {
        described.argument_words = WordsOf(option->get_type_name());
      }
    } else {
      described.options.push_back(Describe(*option));
    }
  }
  for (const CLI::App* below : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (below->get_group().empty()) continue;
    described.commands.push_back(
        Describe(*below, path.empty() ? below->get_name() : path + " " + below->get_name()));
  }
  return described;
}

// Those of the program are offered after every command, and one of the same name, such as --help,
// only once.
void OmitOptions(const std::vector<CompletedOption>& of_program, CompletedCommand& command) {
  std::erase_if(command.options, [&](const CompletedOption& option) {
    return std::ranges::any_of(of_program,
                               [&](const auto& other) { return other.names == option.names; });
  });
  for (CompletedCommand& below : command.commands) OmitOptions(of_program, below);
}

}  // namespace

CompletedCommand DescribeCommands(const CLI::App& program) {
  CompletedCommand described = Describe(program, "");
  for (CompletedCommand& command : described.commands) OmitOptions(described.options, command);
  return described;
}

}  // namespace ballast::cli
