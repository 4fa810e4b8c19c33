// SPDX-License-Identifier: Apache-2.0
#include "workspace/script_loaders.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "base/text.h"

namespace ballast::workspace {
namespace {

// Loaders that keep the variables that are set, by their documentation.
struct Loader {
  std::string_view module;
  bool has_option_to_override;
};
constexpr Loader kLoaders[] = {
    {"dotenv-flow", false}, {"@next/env", false},      {"@dotenvx/dotenvx", true},
    {"dotenv-safe", true},  {"dotenv-defaults", true}, {"dotenv-extended", true},
    {"dotenv-mono", true},
};

const Loader* LoaderOf(std::string_view module) {
  for (const Loader& loader : kLoaders) {
    if (module == loader.module || module.starts_with(std::string(loader.module) + "/")) {
      return &loader;
    }
  }
  return nullptr;
}

bool ContainsNoCase(std::string_view text, std::string_view word) {
  return ToLowerAscii(text).find(word) != std::string::npos;
}

// A file of the project, by its path or by an alias of the bundler.
bool IsOfProject(std::string_view module) {
  return module.starts_with('.') || module.starts_with('/') || module.starts_with('~') ||
         module.starts_with('#') || module.starts_with("@/");
}

std::string ModuleOfRequire(const Expression& call) {
  const bool is_require = call.kind == ExpressionKind::kCall && call.parts.size() == 2 &&
                          call.parts[0].text == "require" &&
                          call.parts[1].kind == ExpressionKind::kText;
  return is_require ? call.parts[1].text : std::string();
}

bool LoadsByName(std::string_view function) {
  if (ContainsNoCase(function, "dotenv")) return true;
  if (!ContainsNoCase(function, "env")) return false;
  for (const std::string_view verb : {"load", "init", "setup", "inject", "apply", "populate",
                                      "prepare", "bootstrap", "set", "config"}) {
    if (ContainsNoCase(function, verb)) return true;
  }
  return false;
}

// The name that the module gives the function: "config" of `import { config as load }`.
std::string ExportedName(const Script& script, const Expression& callee) {
  if (callee.kind != ExpressionKind::kName) return callee.text;
  if (const auto import = script.imports.find(callee.text); import != script.imports.end()) {
    return import->second.name;
  }
  const auto constant = script.constants.find(callee.text);
  const bool is_member =
      constant != script.constants.end() && constant->second.kind == ExpressionKind::kMember;
  return is_member ? constant->second.text : callee.text;
}

}  // namespace

bool CanOverride(const Expression& argument) {
  if (argument.kind == ExpressionKind::kText) return false;
  if (argument.kind != ExpressionKind::kObject) return true;
  return std::ranges::any_of(argument.parts, [](const Expression& property) {
    return property.kind != ExpressionKind::kProperty || property.text == "override" ||
           property.text == "overload" || property.text == "overrideProcessEnv";
  });
}

bool IsDotenvModule(std::string_view module) {
  return module == "dotenv/config" || module == "dotenv/config.js" ||
         module == "dotenv-expand/config";
}

bool IsLoaderModule(std::string_view module) {
  return module == "dotenv" || module == "dotenv-expand" || LoaderOf(module) != nullptr;
}

std::string ModuleOfName(const Script& script, const std::string& name) {
  constexpr int kMostAliases = 10;
  std::string alias = name;
  for (int i = 0; i < kMostAliases; ++i) {
    const auto import = script.imports.find(alias);
    if (import != script.imports.end()) return import->second.module;
    const auto constant = script.constants.find(alias);
    if (constant == script.constants.end()) return {};
    const Expression* value = &constant->second;
    while (value->kind == ExpressionKind::kMember) value = &value->parts[0];
    if (value->kind != ExpressionKind::kName) return ModuleOfRequire(*value);
    alias = value->text;
  }
  return {};
}

std::string ModuleOfCallee(const Script& script, const Expression& callee) {
  const Expression* object = &callee;
  while (object->kind == ExpressionKind::kMember) object = &object->parts[0];
  if (object->kind == ExpressionKind::kName) return ModuleOfName(script, object->text);
  return ModuleOfRequire(*object);
}

bool IsNodeLoader(const Expression& callee, const Script& script) {
  if (callee.text != "loadEnvFile") return false;
  if (callee.kind != ExpressionKind::kName) return true;
  const std::string module = ModuleOfName(script, callee.text);
  if (!module.empty()) return module == "process" || module == "node:process";
  const auto constant = script.constants.find(callee.text);
  return constant == script.constants.end() || constant->second.kind != ExpressionKind::kFunction;
}

bool IsDotenvCall(const Expression& call, const Script& script) {
  if (call.kind != ExpressionKind::kCall) return false;
  const Expression& callee = call.parts.front();
  if (IsNodeLoader(callee, script)) return true;
  const std::string name = ExportedName(script, callee);
  if (name != "config" && name != "configDotenv") return false;
  const std::string module = ModuleOfCallee(script, callee);
  if (!module.empty()) return module == "dotenv";
  if (callee.kind != ExpressionKind::kMember) return false;
  return callee.parts.front().text == "dotenv" || script.modules.contains("dotenv");
}

bool MayChangeEnvironment(const Script::Step& step, const Script& script) {
  return !step.variable.empty() || !step.module.empty() || !step.effect.empty() || step.loop ||
         IsDotenvCall(step.expression, script);
}

bool IsHarmlessModule(std::string_view module) {
  constexpr std::string_view kModules[] = {
      "envalid", "env-var", "znv",           "env-schema",    "std-env", "find-config", "env-paths",
      "dotenv",  "vite",    "dotenv-expand", "prisma/config", "process", "node:process"};
  return module.starts_with("@t3-oss/") || module.starts_with("@prisma/") ||
         std::ranges::find(kModules, module) != std::end(kModules);
}

std::string WhatImports(std::string_view module) {
  return fmt::format("imports \"{}\", which may set environment variables; ballast does not run it",
                     module);
}

std::optional<EnvironmentEffect> EffectOfImport(const std::string& module, bool for_effect) {
  if (IsDotenvModule(module) || IsHarmlessModule(module)) return std::nullopt;
  EnvironmentEffect effect;
  if (!for_effect) {
    const bool is_other_file = IsOfProject(module) || module.starts_with('@');
    if (!is_other_file || !ContainsNoCase(module, "env") || LoaderOf(module) != nullptr) {
      return std::nullopt;
    }
    effect.overrides = false;
  } else if (LoaderOf(module) != nullptr) {
    effect.overrides = false;
  } else if (!IsOfProject(module) && !ContainsNoCase(module, "env") &&
             !module.ends_with("/config") && !module.starts_with("varlock")) {
    return std::nullopt;
  }
  effect.what = WhatImports(module);
  return effect;
}

std::optional<EnvironmentEffect> EffectOfCall(const Script& script, const Expression& call,
                                              bool is_statement) {
  const Expression& callee = call.parts[0];
  const std::string module = ModuleOfCallee(script, callee);
  const bool is_new = callee.kind == ExpressionKind::kUnknown;
  if (is_new || module.empty() || IsHarmlessModule(module)) return std::nullopt;
  EnvironmentEffect effect;
  if (const Loader* loader = LoaderOf(module)) {
    effect.overrides = loader->has_option_to_override &&
                       std::ranges::any_of(std::span(call.parts).subspan(1), CanOverride);
  } else if (IsOfProject(module)) {
    if (!is_statement && !LoadsByName(callee.text)) return std::nullopt;
  } else if (!ContainsNoCase(module, "env") && !LoadsByName(callee.text) && module != "c12") {
    return std::nullopt;
  }
  effect.what = fmt::format(
      "calls {}() of \"{}\", which may set environment variables; ballast does not run it",
      callee.text, module);
  return effect;
}

}  // namespace ballast::workspace
