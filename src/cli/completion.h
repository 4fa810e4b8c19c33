// SPDX-License-Identifier: Apache-2.0
// `ballast completion SHELL`: prints a script for completing commands, options and their values.
#pragma once

#include <string>
#include <vector>

namespace ballast::cli {

// What can follow an option or be an argument.
enum class ValueKind {
  kNone,
  kAnything,
  kWords,
  kFile,
  kFolder,
  kRelease,
  kMigration,
  kReleaseOrMigration
};

struct CompletedOption {
  std::vector<std::string> names;  // "-q", "--quiet"
  std::string help;
  ValueKind value = ValueKind::kNone;  // kNone: a flag
  std::vector<std::string> words;      // for kWords
};

struct CompletedCommand {
  std::string path;  // "release create"; empty for the program itself
  std::string help;
  std::vector<CompletedOption> options;
  ValueKind argument = ValueKind::kNone;
  std::vector<std::string> argument_words;  // for kWords
  std::vector<CompletedCommand> commands;
};

enum class Shell { kBash, kZsh, kFish };

// The script. For releases and migrations it calls `ballast completion --names
// releases|migrations`.
std::string CompletionScript(Shell shell, const CompletedCommand& program);

}  // namespace ballast::cli
