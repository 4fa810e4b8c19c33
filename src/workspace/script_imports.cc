// SPDX-License-Identifier: Apache-2.0
#include "workspace/script_imports.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "workspace/files.h"
#include "workspace/script_loaders.h"
#include "workspace/script_value.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;
using Kind = ScriptValue::Kind;

constexpr size_t kMostFiles = 100;
constexpr std::string_view kEndings[] = {".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"};

bool IsRelative(std::string_view module) {
  return module.starts_with("./") || module.starts_with("../") || module == "." || module == "..";
}

bool IsScript(const fs::path& file) {
  return std::ranges::find(kEndings, file.extension()) != std::end(kEndings) && IsFile(file);
}

// Node's and TypeScript's rules: the path itself, with an ending, the TypeScript file of a ".js",
// and the index of a folder. Only for relative paths of scripts.
std::vector<fs::path> FilesOfModule(const fs::path& folder, const std::string& module) {
  if (!IsRelative(module)) return {};
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
  std::erase_if(places, [](const fs::path& place) { return !IsScript(place); });
  return places;
}

// Whether a step can give a value to a variable that is set.
bool CanReplaceValues(const Script::Step& step) {
  if (!step.effect.empty()) return step.may_override;
  if (!step.variable.empty()) return step.sign == "=" || step.sign == "delete";
  if (step.loop) return true;
  const std::span<const Expression> parts(step.expression.parts);
  return parts.size() > 1 && std::ranges::any_of(parts.subspan(1), CanOverride);
}

struct ImportedFile {
  std::string module;
  int line = 0;  // of the import
  fs::path path;
  bool is_certain = true;  // no other file could be meant
};

// The files that the script imports. Removes the steps that judge them by their names: what they do
// is known better from their texts.
std::vector<ImportedFile> TakeImportedFiles(const fs::path& file, Script* script) {
  std::vector<ImportedFile> files;
  for (const auto& [module, line] : script->modules) {
    std::vector<fs::path> found = FilesOfModule(file.parent_path(), module);
    if (found.empty()) continue;
    std::erase_if(script->steps,
                  [&name = module](const auto& step) { return step.module == name; });
    files.push_back({module, line, found.front(), found.size() == 1});
  }
  return files;
}

// What loading files can do. A file that cannot be read may do anything.
class ImportFollower {
 public:
  void Follow(const fs::path& file) {
    if (!visited_.insert(file).second) return;
    const auto text = ReadFile(file);
    if (!text || visited_.size() > kMostFiles) {
      sets_ = overrides_ = true;
      return;
    }
    Script script = ParseScript(*text);
    const std::vector<ImportedFile> imported = TakeImportedFiles(file, &script);
    for (const Script::Step& step : script.steps) {
      if (!MayChangeEnvironment(step, script)) continue;
      sets_ = true;
      overrides_ |= CanReplaceValues(step);
    }
    for (const ImportedFile& further : imported) Follow(further.path);
  }

  bool sets() const { return sets_; }
  bool overrides() const { return overrides_; }
  const std::set<fs::path>& visited() const { return visited_; }

 private:
  std::set<fs::path> visited_;
  bool sets_ = false;
  bool overrides_ = false;
};

}  // namespace

void AddEffectsOfImports(const fs::path& file, Script* script) {
  std::vector<Script::Step> steps;
  for (ImportedFile& imported : TakeImportedFiles(file, script)) {
    const auto text = ReadFile(imported.path);
    if (text && imported.is_certain) {
      script->imported[imported.module] = std::make_shared<const Script::ImportedScript>(
          Script::ImportedScript{imported.path, ParseScript(*text)});
    }
    ImportFollower follower;
    follower.Follow(imported.path);
    if (!follower.sets()) continue;
    Script::Step& step = steps.emplace_back();
    step.effect = WhatImports(imported.module);
    step.module = std::move(imported.module);
    step.may_override = follower.overrides();
    step.line = imported.line;
  }
  // Imports are loaded before anything else happens.
  script->steps.insert(script->steps.begin(), steps.begin(), steps.end());
  script->NoteEffects();
}

ScriptValue ImportedValue(const Script& script, const std::string& name,
                          const Script::Import& import, const fs::path& working_directory) {
  ScriptValue unknown;
  unknown.import = fmt::format("`{}` from \"{}\"", name, import.module);
  const auto found = script.imported.find(import.module);
  if (found == script.imported.end() || import.name == "*") return unknown;
  const Script& other = found->second->script;
  const bool is_default = import.name == "default";
  const bool is_exported =
      is_default ? other.exported.has_value() : other.exports.contains(import.name);
  if (!other.has_plain_exports || !is_exported) return unknown;
  const Variables none;
  const Variables all = {{kAllUnset, "it is read when the file is loaded"}};
  const ScriptContext context = {found->second->file, working_directory, &none, &all};
  const Expression named{ExpressionKind::kName, import.name, {}, {}, 0};
  ScriptValue value = EvaluateExpression(is_default ? *other.exported : named, other, context);
  value.line = 0;
  return value.kind == Kind::kText ? value : unknown;
}

std::set<fs::path> FilesImportedBy(const fs::path& file) {
  ImportFollower follower;
  follower.Follow(file);
  std::set<fs::path> files = follower.visited();
  files.erase(file);
  return files;
}

}  // namespace ballast::workspace
