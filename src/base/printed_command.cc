// SPDX-License-Identifier: Apache-2.0
#include "base/printed_command.h"

#include <algorithm>
#include <array>

namespace ballast {
namespace {

constexpr std::string_view kProgram = "ballast ";
constexpr std::string_view kDatabaseUrl = "--database-url";

// For others, such as `lint`, the option has another meaning, or none.
constexpr std::array<std::string_view, 7> kOfOneDatabase = {
    "deploy", "doctor", "log", "repair", "resolve", "rollback", "status"};

// The words of the command after "ballast ", if its database is that of --database-url; or nothing.
std::string_view WordsOfOneDatabase(const PrintedCommand& command) {
  constexpr std::string_view kCheck = "schema check";
  const bool is_check = command.text.starts_with(kCheck) && HasOption(command.text, "--live");
  if (is_check) return command.text.substr(0, kCheck.size());
  const bool takes =
      std::find(kOfOneDatabase.begin(), kOfOneDatabase.end(), command.name) != kOfOneDatabase.end();
  return takes ? command.name : std::string_view();
}

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_-./:@%+=,").find(c) != std::string_view::npos;
}

}  // namespace

std::optional<PrintedCommand> NextCommand(std::string_view text, size_t from) {
  for (size_t at = text.find(kProgram, from); at != text.npos; at = text.find(kProgram, at + 1)) {
    if (at > 0 && IsPlain(text[at - 1])) continue;
    PrintedCommand command;
    command.begin = at + kProgram.size();
    command.text = text.substr(command.begin);
    command.text = command.text.substr(0, command.text.find_first_of("\n`;"));
    command.name =
        command.text.substr(0, command.text.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"));
    return command;
  }
  return std::nullopt;
}

bool HasOption(std::string_view arguments, std::string_view flag) {
  for (size_t at = arguments.find(flag); at != arguments.npos; at = arguments.find(flag, at + 1)) {
    const size_t end = at + flag.size();
    const bool begins = at == 0 || arguments[at - 1] == ' ';
    const bool ends = end == arguments.size() || arguments[end] == ' ' || arguments[end] == '=';
    if (begins && ends) return true;
  }
  return false;
}

std::string WithDatabaseUrl(std::string text, std::string_view url) {
  if (url.empty()) return text;
  for (auto command = NextCommand(text, 0); command; command = NextCommand(text, command->begin)) {
    const std::string_view words = WordsOfOneDatabase(*command);
    if (words.empty() || HasOption(command->text, kDatabaseUrl)) continue;
    const size_t end = command->begin + words.size();
    text.insert(end, " " + std::string(kDatabaseUrl) + " " + std::string(url));
  }
  return text;
}

}  // namespace ballast
