// SPDX-License-Identifier: Apache-2.0
// prisma.config.*: its values, found by reading the text; nothing is run.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workspace/dotenv.h"
#include "workspace/script_value.h"

namespace ballast::workspace {

// One value of the configuration, such as datasource.url.
struct ConfigValue {
  enum class State {
    kAbsent,        // the configuration does not have it
    kText,          // text: the value
    kUndefined,     // it is there, and undefined for these variables
    kNotUnderstood  // it is there, and reading alone does not tell what it is
  };
  State state = State::kAbsent;
  std::string text;
  // The variables that decided: the one whose value was taken, or those that are not set.
  std::vector<std::string> variables;
  int line = 0;
};

class PrismaConfig {
 public:
  PrismaConfig() = default;  // there is none
  // `working_directory`: where Prisma would be started, for process.cwd().
  PrismaConfig(std::string_view text, std::filesystem::path file,
               std::filesystem::path working_directory);

  bool IsThere() const { return script_ != nullptr; }
  const std::filesystem::path& file() const { return file_; }

  // The value at "schema", "migrations.path", "datasource.url" … for these variables. Understood
  // are texts, env("X"), process.env.X, ??, ||, &&, ?:, +, templates, path.join and path.resolve,
  // top-level constants, objects that are spread, and functions that only return a value.
  ConfigValue Read(std::string_view key, const Variables& variables) const;
  // The same for "schema" and "migrations.path", from the file's folder.
  std::optional<std::filesystem::path> ReadPath(std::string_view key,
                                                const Variables& variables) const;
  // The texts of a list, such as tables.external; empty where it is absent or not understood.
  std::vector<std::string> ReadTexts(std::string_view key, const Variables& variables) const;

  // The .env files that the configuration loads by dotenv or by process.loadEnvFile, in order.
  struct DotenvFile {
    std::filesystem::path path;
    bool overrides = false;  // its values win over those that are set already
  };
  const std::vector<DotenvFile>& dotenv_files() const { return dotenv_files_; }

 private:
  void FindDotenvFiles();
  // Nothing when the configuration does not have the key.
  std::optional<ScriptValue> Find(std::string_view key, const Variables& variables) const;
  ScriptSurroundings Surroundings(const Variables& variables) const {
    return {file_, working_directory_, &variables};
  }

  std::filesystem::path file_;
  std::filesystem::path working_directory_;
  std::shared_ptr<const Script> script_;
  std::vector<DotenvFile> dotenv_files_;
};

}  // namespace ballast::workspace
