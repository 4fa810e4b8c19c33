// SPDX-License-Identifier: Apache-2.0
#include "cli/given_options.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/shell_word.h"
#include "base/text.h"

namespace ballast::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kProgram = "ballast ";

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_-./:@%+=,").find(c) != std::string_view::npos;
}

// The text from `begin` to the end of the command: of the line, of the code, of the clause.
std::string_view CommandAt(std::string_view text, size_t begin) {
  const size_t end = text.find_first_of("\n`;", begin);
  return text.substr(begin, end == std::string_view::npos ? end : end - begin);
}

std::string_view FirstWord(std::string_view text) {
  const size_t end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz-");
  return text.substr(0, end);
}

bool HasOption(std::string_view command, const std::string& flag) {
  for (size_t at = command.find(" " + flag); at != std::string_view::npos;
       at = command.find(" " + flag, at + 1)) {
    const size_t end = at + 1 + flag.size();
    if (end == command.size() || command[end] == ' ' || command[end] == '=') return true;
  }
  return false;
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
  static constexpr std::array kKeys = {"hint", "remedy", "remedies", "notices"};
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

GivenOptions::GivenOptions(const Options& options) {
  const auto add = [&](const char* flag, const std::string& value) {
    if (!value.empty()) options_.emplace_back(flag, std::string(flag) + " " + ShellWord(value));
  };
  add("-C", options.directory == "." ? std::string() : options.directory);
  add("--schema", options.schema);
  add("--project", options.project);
  add("--package", options.package);
  if (options.trust_history) options_.emplace_back("--trust-history", "--trust-history");
  if (!options_.empty()) commands_ = CommandNames();
}

std::string GivenOptions::ArgumentsFor(std::string_view command) const {
  std::string arguments;
  for (const auto& [flag, argument] : options_) {
    if (!HasOption(command, flag)) arguments += argument + " ";
  }
  return arguments;
}

std::string GivenOptions::RepeatIn(std::string text) const {
  if (options_.empty()) return text;
  for (size_t at = text.find(kProgram); at != std::string::npos; at = text.find(kProgram, at)) {
    const bool word = at == 0 || !IsPlain(text[at - 1]);
    at += kProgram.size();
    const std::string name(FirstWord(std::string_view(text).substr(at)));
    if (!word || std::find(commands_.begin(), commands_.end(), name) == commands_.end()) continue;
    text.insert(at, ArgumentsFor(" " + std::string(CommandAt(text, at))));
  }
  return text;
}

std::string GivenOptions::RepeatInRemedies(const std::string& text) const {
  if (options_.empty()) return text;
  std::vector<std::string> lines = Split(text, '\n');
  for (std::string& line : lines) {
    const std::string_view start = Trim(line);
    if (start.starts_with("→ ") || start.starts_with("💡 ")) line = RepeatIn(std::move(line));
  }
  return Join(lines, "\n");
}

std::string GivenOptions::RepeatInJson(std::string document) const {
  if (options_.empty()) return document;
  Json json = Json::parse(document, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return document;
  ChangeRemedies(json, [this](std::string text) { return RepeatIn(std::move(text)); });
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ballast::cli
