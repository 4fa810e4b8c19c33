// SPDX-License-Identifier: Apache-2.0
// Reads values from prisma.config.* by parsing its text; nothing is executed.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "workspace/dotenv.h"
#include "workspace/prisma_version.h"
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
  bool is_chosen = false;  // among several values, or by a condition
  int line = 0;
  // For kNotUnderstood: the key that is not, which can be one around the value ("datasource");
  // empty: the default export.
  std::string what = {};
  std::string import = {};  // for kNotUnderstood: what it depends on, as in ScriptValue
};

// Where Prisma takes the database from if there is a configuration.
enum class DatabaseSource {
  kConfig,   // its datasource
  kSchema,   // the schema's datasource; that of the configuration is ignored
  kAdapter,  // a driver adapter, whose database only running the configuration would show
  kUnknown   // `engine` is not understood
};

class PrismaConfig {
 public:
  PrismaConfig() = default;  // no configuration file
  // `working_directory` is where Prisma would be started, for process.cwd().
  PrismaConfig(std::string_view text, std::filesystem::path file,
               std::filesystem::path working_directory);

  bool Exists() const { return script_ != nullptr; }
  const std::filesystem::path& file() const { return file_; }

  // The version of Prisma that reads the file; the newest one if this is not called.
  void SetVersion(const PrismaVersion& version) { version_ = version; }
  const PrismaVersion& version() const { return version_; }

  // Depends on the version, `engine` and `adapter` (@prisma/config defineConfig.ts).
  DatabaseSource SourceOfDatabase(const Variables& variables, const Variables* uncertain) const;
  ConfigValue ReadAdapter(const Variables& variables) const;  // what makes it kAdapter
  // "datasource" or "datasource.directUrl", if this version ignores what the file has; or empty.
  std::string_view IgnoredKey(const Variables& variables) const;

  // The value of "schema", "migrations.path", "datasource.url" … for these variables. The
  // datasource has no value if this version of Prisma ignores it. Supported are
  // strings, env("X"), process.env.X, ??, ||, &&, ?:, +, templates, path.join and path.resolve,
  // top-level constants, object spread, and functions of constants, `if`, `return` and `throw`.
  // `uncertain` (null: none): variables whose values are not known.
  ConfigValue Read(std::string_view key, const Variables& variables,
                   const Variables* uncertain = nullptr) const;
  // The same for "schema" and "migrations.path", resolved from the file's folder.
  std::optional<std::filesystem::path> ReadPath(std::string_view key,
                                                const Variables& variables) const;
  // The strings of a list, such as tables.external; empty if it is absent or not understood.
  std::vector<std::string> ReadTexts(std::string_view key, const Variables& variables) const;
  // Why the file has no value that could be read: "because it has no default export"; empty if it
  // may have one. Sets the line where one is known.
  std::string WithoutExport(int* line) const;

  // The line for a message: ": `url: process.argv[2]`"; empty if it may contain a secret.
  std::string ShownLine(int line) const;

  // A .env file that the configuration loads with dotenv or process.loadEnvFile.
  struct DotenvFile {
    std::filesystem::path path;   // one that begins with "~" is relative to the home directory
    bool overrides = false;       // its values take precedence over existing ones
    bool expands = false;         // with the package dotenv-expand
    bool is_conditional = false;  // loaded in some cases only
    // Loaded by `import "dotenv/config"`: DOTENV_CONFIG_PATH, DOTENV_CONFIG_OVERRIDE and
    // DOTENV_CONFIG_ENCODING replace the settings here (dotenv lib/env-options.js).
    bool has_variable_settings = false;
    std::string encoding = {};  // a name as Node.js knows it; empty: UTF-8
    bool is_known = true;       // false: only running the configuration would give the path
  };
  // One step that changes the environment.
  struct EnvironmentStep {
    std::vector<DotenvFile> files;
    std::string variable;              // the assigned one; or empty
    std::optional<std::string> value;  // its value; empty: not known
    bool deletes = false;              // the variable
    // What may change variables in a way that is not known, as a clause without its subject.
    std::string unknown;
    bool may_override = false;  // also those that are set
    // Variables that were read before and may keep that value; with `reads_all`, any.
    std::set<std::string, std::less<>> read_before;
    bool reads_all = false;
    int line = 0;
  };
  size_t step_count() const { return steps_.size(); }
  // What the step (0: the first) does when the environment is as given; its arguments can depend on
  // it. An assignment that does not happen has no variable.
  EnvironmentStep StepOf(size_t step, const Variables& variables,
                         const Variables* uncertain = nullptr) const;
  bool LoadsDotenv() const;  // whether any step loads files
  // The line of a throw or exit that certainly stops the file; 0: none.
  int StoppedAt(const Variables& variables, const Variables* uncertain) const;

 private:
  // As Read, whatever the version.
  ConfigValue ReadWritten(std::string_view key, const Variables& variables,
                          const Variables* uncertain = nullptr) const;
  bool Has(std::string_view key, const Variables& variables) const;
  void FindSteps();
  struct Loop;
  bool RunLoop(std::span<const Expression> statements, bool is_conditional, Loop* loop) const;
  DotenvFile UsualFile() const;
  std::vector<DotenvFile> FilesOf(const Script::Step& step, const ScriptContext& context) const;
  std::vector<DotenvFile> FilesOfLoop(const Script::Step& step, const ScriptContext& context) const;
  std::vector<DotenvFile> FilesAt(const ScriptValue* path, const DotenvFile& usual) const;
  // No value if the configuration does not have the key. `what`: see ConfigValue.
  std::optional<ScriptValue> Find(std::string_view key, const Variables& variables,
                                  const Variables* uncertain, std::string* what) const;
  ScriptContext ContextOf(const Variables& variables, const Variables* uncertain = nullptr) const {
    return {file_, working_directory_, &variables, uncertain};
  }

  std::filesystem::path file_;
  std::filesystem::path working_directory_;
  std::string text_;
  std::shared_ptr<const Script> script_;
  std::vector<size_t> steps_;  // of the script
  PrismaVersion version_ = kNewestPrisma;
};

}  // namespace ballast::workspace
