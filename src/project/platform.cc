// SPDX-License-Identifier: Apache-2.0
#include "project/platform.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/nearest_name.h"
#include "base/text.h"
#include "release/nul_byte.h"
#include "release/platform_script.h"
#include "sql/classify.h"
#include "sql/effects.h"
#include "workspace/files.h"

namespace ballast::project {
namespace {

// Of src/project/platforms, by name.
constexpr auto kPresets = std::to_array<std::pair<std::string_view, std::string_view>>({
#include "platform_scripts.inc"
});

constexpr std::string_view kProvides = "-- provides: ";

const std::string_view* PresetNamed(std::string_view name) {
  for (const auto& [known, script] : kPresets) {
    if (known == name) return &script;
  }
  return nullptr;
}

// The globs of a comment line "-- provides: a, b", and what the statements make.
void AddNames(std::string_view script, std::vector<std::string>& names) {
  for (const std::string& line : Split(script, '\n')) {
    if (!line.starts_with(kProvides)) continue;
    for (const std::string& name : Split(line.substr(kProvides.size()), ',')) {
      names.emplace_back(Trim(name));
    }
  }
  const auto effects = sql::EffectsOf(script);
  if (!effects) return;
  for (const sql::Effect& effect : effects->objects) {
    if (!effect.exists || !effect.parent.empty()) continue;
    if (effect.kind == sql::ObjectKind::kSchema) {
      names.push_back("schema " + effect.name);
      continue;
    }
    const bool bare = effect.schema.empty() || effect.schema == "public";
    const bool routine = effect.kind == sql::ObjectKind::kFunction;
    names.push_back((bare ? effect.name : effect.schema + "." + effect.name) +
                    (routine ? "(*" : ""));
  }
}

// One that ends inside a string or a comment would absorb the next.
Status CheckComplete(std::string_view script, const std::string& file) {
  const sql::ScriptProperties properties = sql::AnalyzeScript(script);
  if (properties.unterminated == sql::UnterminatedKind::kNone) return {};
  const int line = LineAt(script, properties.unterminated_offset);
  return MakeError(ErrorCode::kMigrationFailed,
                   fmt::format("the setup script is cut off: the {} that begins on line {} is "
                               "never closed; nothing was changed",
                               sql::NameOf(properties.unterminated), line),
                   "complete the script", {file, line});
}

Status AddScript(std::string_view script, const std::string& file, Platform& platform) {
  TRY(release::CheckNoNulByte(script, file));
  TRY(CheckComplete(script, file));
  release::AppendPart(file, script, platform.script);
  return {};
}

Status AddScriptAt(const ProjectContext& context, const std::string& path, Platform& platform) {
  TRY_ASSIGN(const std::string script, workspace::ReadFile(context.project.config_root / path));
  return AddScript(script, path, platform);
}

// Prisma's tables.external has "schema.table", or "table".
void AddExternal(const ProjectContext& context, std::vector<std::string>& names) {
  const workspace::PrismaConfig& config = context.project.prisma_config();
  for (const char* key : {"tables.external", "enums.external"}) {
    for (std::string name : config.ReadTexts(key, context.environment.values)) {
      if (name.starts_with("public.")) name = name.substr(7);
      names.push_back(std::move(name));
    }
  }
}

Error NoSuchPlatform(const ProjectContext& context, const std::string& name) {
  std::vector<std::string> known;
  known.reserve(std::size(kPresets));
  for (const auto& preset : kPresets) known.emplace_back(preset.first);
  return MakeError(ErrorCode::kConfigInvalid,
                   fmt::format("platform = \"{}\" names neither a preset nor a script{}", name,
                               DidYouMean(name, known)),
                   fmt::format("write the path of a .sql file, or one of {}", Join(known, ", ")),
                   {context.project.config.file.string(), 0});
}

Status AddPlatform(const ProjectContext& context, const std::string& name, Platform& platform) {
  if (name.empty()) return {};
  TRY(CheckPlatformName(context));
  if (const std::string_view* preset = PresetNamed(name)) {
    return AddScript(*preset, "preset " + name, platform);
  }
  return AddScriptAt(context, name, platform);
}

// What ballast.toml names replaces a script that only running prisma.config would give.
Status AddShadowScript(const ProjectContext& context, Platform& platform) {
  using State = workspace::ConfigValue::State;
  constexpr char kKey[] = "migrations.initShadowDb";
  const workspace::PrismaConfig& config = context.project.prisma_config();
  const workspace::ConfigValue shadow =
      config.Read(kKey, context.environment.values, &context.environment.uncertain);
  if (shadow.state == State::kText) {
    return AddScript(shadow.text, "migrations.initShadowDb of prisma.config", platform);
  }
  const bool is_replaced =
      !context.project.config.platform.empty() || !context.project.config.setup_script.empty();
  if (shadow.state != State::kNotUnderstood || shadow.what != kKey || is_replaced) return {};
  return MakeError(ErrorCode::kConfigInvalid,
                   fmt::format("{} cannot be determined without running the file{}", kKey,
                               config.ShownLine(shadow.line)),
                   "name its script in ballast.toml: setup_script = \"FILE.sql\"",
                   {config.file().string(), shadow.line});
}

std::vector<std::string> ReadPlatformNames(const ProjectContext& context,
                                           const Artifacts& artifacts) {
  std::vector<std::string> names;
  if (auto platform = PlatformOf(context)) {
    names = std::move(platform->names);
  } else {
    AddExternal(context, names);
  }
  if (artifacts.package) {
    const std::vector<std::string>& recorded = artifacts.package->manifest.platform;
    names.insert(names.end(), recorded.begin(), recorded.end());
  }
  return names;
}

}  // namespace

Status CheckPlatformName(const ProjectContext& context) {
  const std::string& name = context.project.config.platform;
  const bool is_path = name.ends_with(".sql") || name.find('/') != std::string::npos;
  if (name.empty() || is_path || PresetNamed(name) != nullptr) return {};
  return NoSuchPlatform(context, name);
}

Result<Platform> PlatformOf(const ProjectContext& context) {
  const workspace::Config& config = context.project.config;
  Platform platform;
  TRY(AddPlatform(context, config.platform, platform));
  if (!config.setup_script.empty()) {
    TRY(AddScriptAt(context, config.setup_script, platform));
  }
  TRY(AddShadowScript(context, platform));
  AddNames(platform.script, platform.names);
  AddExternal(context, platform.names);
  return platform;
}

const std::vector<std::string>& PlatformNames(const ProjectContext& context,
                                              const Artifacts& artifacts) {
  PlatformNamesOnce& platform = *artifacts.platform;
  std::call_once(platform.determined,
                 [&] { platform.names = ReadPlatformNames(context, artifacts); });
  return platform.names;
}

}  // namespace ballast::project
