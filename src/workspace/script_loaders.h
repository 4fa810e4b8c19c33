// SPDX-License-Identifier: Apache-2.0
// What is known about modules that set environment variables; for script_parser.cc.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "workspace/script_environment.h"
#include "workspace/script_parser.h"

namespace ballast::workspace {

// Whether a loader with this argument may replace the values of variables that are set.
bool CanOverride(const Expression& argument);

// The modules that load .env files as dotenv does when they are only imported.
bool IsDotenvModule(std::string_view module);

// Whether functions of the module load .env files.
bool IsLoaderModule(std::string_view module);

// The module that the name comes from, by an import or by require; or empty.
std::string ModuleOfName(const Script& script, const std::string& name);

// The module that the callee belongs to: config, dotenv.config, require("dotenv").config.
std::string ModuleOfCallee(const Script& script, const Expression& callee);

// Whether the callee is process.loadEnvFile, and no function of the script or of another module
// that has the name.
bool IsNodeLoader(const Expression& callee, const Script& script);

// Whether it is a call of dotenv, or of process.loadEnvFile.
bool IsDotenvCall(const Expression& call, const Script& script);

// Whether the step can set or delete variables; other calls only look like those of a loader.
bool MayChangeEnvironment(const Script::Step& step, const Script& script);

// Modules that read environment variables and set none.
bool IsHarmlessModule(std::string_view module);

// The clause of the effect of an import.
std::string WhatImports(std::string_view module);

// What the import of a module may do by itself; nothing for a module that is imported for its
// functions. `for_effect`: the import names nothing.
std::optional<EnvironmentEffect> EffectOfImport(const std::string& module, bool for_effect);

// What a call may do, except for those of dotenv. `is_statement`: its value is not used.
std::optional<EnvironmentEffect> EffectOfCall(const Script& script, const Expression& call,
                                              bool is_statement);

}  // namespace ballast::workspace
