// SPDX-License-Identifier: Apache-2.0
#include "workspace/script_imports.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "workspace/files.h"
#include "workspace/script_loaders.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMostFiles = 100;
constexpr std::string_view kEndings[] = {".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"};

bool IsRelative(std::string_view module) {
  return module.starts_with("./") || module.starts_with("../") || module == "." || module == "..";
}

// Node's and TypeScript's rules: the path itself, with an ending, the TypeScript file of a ".js",
// and the index of a folder. Only for relative paths.
std::optional<fs::path> FileOfModule(const fs::path& folder, const std::string& module) {
  if (!IsRelative(module)) return std::nullopt;
  const fs::path path = (folder / module).lexically_normal();
  std::vector<fs::path> places = {path};
  for (const std::string_view ending : kEndings) {
    places.emplace_back(path.string() + std::string(ending));
  }
  const std::string written = path.extension();  // ".js" can be compiled from ".ts"
  if (written == ".js" || written == ".mjs" || written == ".cjs") {
    places.push_back(
        fs::path(path).replace_extension("." + written.substr(1, written.size() - 3) + "ts"));
  }
  for (const std::string_view ending : kEndings) {
    places.push_back(path / ("index" + std::string(ending)));
  }
  const auto found = std::ranges::find_if(places, IsFile);
  return found == places.end() ? std::nullopt : std::optional(*found);
}

bool IsScript(const fs::path& file) {
  return std::ranges::find(kEndings, file.extension()) != std::end(kEndings);
}

// Whether a step can give a value to a variable that is set.
bool CanReplaceValues(const Script::Step& step) {
  if (!step.effect.empty()) return step.may_override;
  if (!step.variable.empty()) return step.sign == "=" || step.sign == "delete";
  if (step.loop) return true;
  const std::span<const Expression> parts(step.expression.parts);
  return parts.size() > 1 && std::ranges::any_of(parts.subspan(1), CanOverride);
}

// What loading files can do. A file that cannot be read does nothing.
class ImportFollower {
 public:
  void Follow(const fs::path& file) {
    if (!visited_.insert(file).second || visited_.size() > kMostFiles || !IsScript(file)) return;
    const auto text = ReadFileIfExists(file);
    if (!text || !*text) return;
    const Script script = ParseScript(**text);
    for (const Script::Step& step : script.steps) {
      if (!MayChangeEnvironment(step, script)) continue;
      // What an imported file of the project does is known better from its text.
      if (!step.effect.empty() && IsImportOfFile(step, file, script)) continue;
      sets_ = true;
      overrides_ |= CanReplaceValues(step);
    }
    for (const auto& [module, line] : script.modules) {
      if (const auto imported = FileOfModule(file.parent_path(), module)) Follow(*imported);
    }
  }

  bool sets() const { return sets_; }
  bool overrides() const { return overrides_; }

 private:
  static bool IsImportOfFile(const Script::Step& step, const fs::path& file, const Script& script) {
    return std::ranges::any_of(script.modules, [&](const auto& module) {
      return step.effect == WhatImports(module.first) &&
             FileOfModule(file.parent_path(), module.first);
    });
  }

  std::set<fs::path> visited_;
  bool sets_ = false;
  bool overrides_ = false;
};

}  // namespace

void AddEffectsOfImports(const fs::path& file, Script* script) {
  std::vector<Script::Step> steps;
  for (const auto& [module, line] : script->modules) {
    const auto imported = FileOfModule(file.parent_path(), module);
    if (!imported) continue;
    const std::string what = WhatImports(module);
    std::erase_if(script->steps, [&](const auto& step) { return step.effect == what; });
    ImportFollower follower;
    follower.Follow(*imported);
    if (!follower.sets()) continue;
    Script::Step& step = steps.emplace_back();
    step.effect = what;
    step.may_override = follower.overrides();
    step.line = line;
  }
  // Imports are loaded before anything else happens.
  script->steps.insert(script->steps.begin(), steps.begin(), steps.end());
  script->NoteEffects();
}

}  // namespace ballast::workspace
