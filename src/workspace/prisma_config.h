// SPDX-License-Identifier: Apache-2.0
// Reads values from prisma.config.* by parsing its text; nothing is executed.
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
    kAbsent,        // not set
    kText,          // text: the value
    kUndefined,     // set, but undefined for these variables
    kNotUnderstood  // set, but only running it would give the value
  };
  State state = State::kAbsent;
  std::string text;
  // The variables that determined the result: the one whose value was used, or those that are not
  // set.
  std::vector<std::string> variables;
  int line = 0;
};

class PrismaConfig {
 public:
  PrismaConfig() = default;  // no configuration file
  // `working_directory` is where Prisma would be started, for process.cwd().
  PrismaConfig(std::string_view text, std::filesystem::path file,
               std::filesystem::path working_directory);

  bool Exists() const { return script_ != nullptr; }
  const std::filesystem::path& file() const { return file_; }

  // The value of "schema", "migrations.path", "datasource.url" … for these variables. Supported are
  // strings, env("X"), process.env.X, ??, ||, &&, ?:, +, templates, path.join and path.resolve,
  // top-level constants, object spread, and functions that only return a value.
  // `uncertain` (null: none): variables whose values are not known.
  ConfigValue Read(std::string_view key, const Variables& variables,
                   const Variables* uncertain = nullptr) const;
  // The same for "schema" and "migrations.path", resolved from the file's folder.
  std::optional<std::filesystem::path> ReadPath(std::string_view key,
                                                const Variables& variables) const;
  // The strings of a list, such as tables.external; empty if it is absent or not understood.
  std::vector<std::string> ReadTexts(std::string_view key, const Variables& variables) const;

  // A .env file that the configuration loads with dotenv or process.loadEnvFile.
  struct DotenvFile {
    std::filesystem::path path;   // one that begins with "~" is relative to the home directory
    bool overrides = false;       // its values take precedence over existing ones
    bool expands = false;         // with the package dotenv-expand
    bool is_conditional = false;  // loaded in some cases only, or after a variable was read
    // Loaded by `import "dotenv/config"`: DOTENV_CONFIG_PATH, DOTENV_CONFIG_OVERRIDE and
    // DOTENV_CONFIG_ENCODING replace the settings here (dotenv lib/env-options.js).
    bool has_variable_settings = false;
    std::string encoding = {};  // a name as Node.js knows it; empty: UTF-8
  };
  // The number of imports and calls that load such files, in order.
  size_t dotenv_load_count() const { return dotenv_loads_.size(); }
  // The files that the load at `load` (0: the first) reads. Its argument can depend on variables,
  // which earlier loads may have set.
  std::vector<DotenvFile> DotenvFilesOf(size_t load, const Variables& variables) const;

 private:
  void FindDotenvLoads();
  std::vector<DotenvFile> FilesAt(const ScriptValue* path, const DotenvFile& usual) const;
  // No value if the configuration does not have the key.
  std::optional<ScriptValue> Find(std::string_view key, const Variables& variables,
                                  const Variables* uncertain = nullptr) const;
  ScriptContext ContextOf(const Variables& variables, const Variables* uncertain = nullptr) const {
    return {file_, working_directory_, &variables, uncertain};
  }

  std::filesystem::path file_;
  std::filesystem::path working_directory_;
  std::shared_ptr<const Script> script_;
  std::vector<std::optional<size_t>> dotenv_loads_;  // a call of the script; nullopt: an import
};

}  // namespace ballast::workspace
