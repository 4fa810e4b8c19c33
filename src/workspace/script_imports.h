// SPDX-License-Identifier: Apache-2.0
// Follows a configuration into the files of the project that it imports: loading them can change
// environment variables before the configuration reads any. They are read, never run.
#pragma once

#include <filesystem>
#include <set>
#include <string>

#include "workspace/script_value.h"

namespace ballast::workspace {

// Adds a step with an effect for each script that this one imports by a relative path, if that file
// or one that it imports in turn may set variables or cannot be read, and removes the step that
// judges it by its name. `file`: the script's own path. Files that do not exist, and aliases of a
// bundler, are not followed.
void AddEffectsOfImports(const std::filesystem::path& file, Script* script);

// The text that an exported constant of such a file has whatever the environment is; unknown if it
// is anything else.
ScriptValue ImportedValue(const Script& script, const std::string& name,
                          const Script::Import& import,
                          const std::filesystem::path& working_directory);

// The files that a script imports by a relative path, and those that they import.
std::set<std::filesystem::path> FilesImportedBy(const std::filesystem::path& file);

}  // namespace ballast::workspace
