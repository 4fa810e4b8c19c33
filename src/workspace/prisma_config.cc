// SPDX-License-Identifier: Apache-2.0
#include "workspace/prisma_config.h"

#include <algorithm>

#include "base/text.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;
using Kind = ScriptValue::Kind;
using State = ConfigValue::State;

ConfigValue ToConfigValue(const ScriptValue& value) {
  ConfigValue found;
  found.line = value.line;
  found.variables = value.variables;
  switch (value.kind) {
    case Kind::kText:
      found.state = State::kText;
      found.text = value.text;
      break;
    case Kind::kUndefined:
    case Kind::kMissing:
      found.state = State::kUndefined;
      break;
    default:
      found.state = State::kNotUnderstood;
  }
  return found;
}

// The modules that load .env files when they are only imported.
bool LoadsWhenImported(const Script& script) {
  return script.modules.contains("dotenv/config") || script.modules.contains("dotenv/config.js") ||
         script.modules.contains("dotenv-expand/config");
}

bool IsDotenvCall(const Expression& call, const Script& script) {
  if (call.kind != ExpressionKind::kCall) return false;
  const Expression& callee = call.parts.front();
  if (callee.text == "loadEnvFile") return true;
  if (callee.kind == ExpressionKind::kName) {
    const auto import = script.imports.find(callee.text);
    return import != script.imports.end() && import->second.module == "dotenv";
  }
  if (callee.kind != ExpressionKind::kMember || callee.text != "config") return false;
  const Expression& object = callee.parts.front();
  if (object.kind == ExpressionKind::kCall) {  // require("dotenv").config()
    return object.parts.size() == 2 && object.parts.front().text == "require" &&
           object.parts.back().text == "dotenv";
  }
  const auto import = script.imports.find(object.text);
  if (import != script.imports.end()) return import->second.module == "dotenv";
  return object.text == "dotenv" || script.modules.contains("dotenv");
}

}  // namespace

PrismaConfig::PrismaConfig(std::string_view text, fs::path file, fs::path working_directory)
    : file_(std::move(file)),
      working_directory_(std::move(working_directory)),
      script_(std::make_shared<const Script>(ParseScript(text))) {
  FindDotenvLoads();
}

std::optional<ScriptValue> PrismaConfig::Find(std::string_view key, const Variables& variables,
                                              const Variables* uncertain) const {
  ScriptValue value;
  value.kind = Kind::kUnknown;
  if (script_->exported) {
    value = EvaluateExport(*script_, ContextOf(variables, uncertain));
  }
  for (const std::string& name : Split(key, '.')) {
    if (value.kind == Kind::kUndefined) return std::nullopt;  // datasource: undefined
    if (value.kind != Kind::kObject) return ScriptValue();
    const ScriptValue* member = value.Find(name);
    if (member == nullptr) return value.is_open ? std::optional(ScriptValue()) : std::nullopt;
    value = ScriptValue(*member);
  }
  return value;
}

ConfigValue PrismaConfig::Read(std::string_view key, const Variables& variables,
                               const Variables* uncertain) const {
  if (!Exists()) return {};
  const std::optional<ScriptValue> value = Find(key, variables, uncertain);
  return value ? ToConfigValue(*value) : ConfigValue();
}

std::optional<fs::path> PrismaConfig::ReadPath(std::string_view key,
                                               const Variables& variables) const {
  const ConfigValue value = Read(key, variables);
  if (value.state != State::kText) return std::nullopt;
  fs::path path = (file_.parent_path() / value.text).lexically_normal();
  return path.has_filename() ? path : path.parent_path();  // "prisma/" is the folder prisma
}

std::vector<std::string> PrismaConfig::ReadTexts(std::string_view key,
                                                 const Variables& variables) const {
  std::vector<std::string> texts;
  if (!Exists()) return texts;
  const std::optional<ScriptValue> value = Find(key, variables);
  if (!value || value->kind != Kind::kArray) return texts;
  for (const ScriptValue& item : value->items) {
    if (item.kind == Kind::kText) texts.push_back(item.text);
  }
  return texts;
}

void PrismaConfig::FindDotenvLoads() {
  if (LoadsWhenImported(*script_)) dotenv_loads_.emplace_back(std::nullopt);
  for (size_t at = 0; at < script_->calls.size(); ++at) {
    if (IsDotenvCall(script_->calls[at].expression, *script_)) dotenv_loads_.emplace_back(at);
  }
}

std::vector<PrismaConfig::DotenvFile> PrismaConfig::DotenvFilesOf(
    size_t load, const Variables& variables) const {
  DotenvFile file{.path = working_directory_ / ".env"};
  file.expands = script_->modules.contains("dotenv-expand") ||
                 script_->modules.contains("dotenv-expand/config");
  const std::optional<size_t> at = dotenv_loads_[load];
  if (!at) {
    file.has_variable_settings = true;
    return {file};
  }
  const Script::Call& one = script_->calls[*at];
  file.is_conditional = one.is_conditional;
  if (one.expression.parts.size() < 2) return {file};
  const ScriptValue argument =
      EvaluateExpression(one.expression.parts[1], *script_, ContextOf(variables));
  const bool has_options = argument.kind == Kind::kObject;
  const ScriptValue* overrides = argument.Find("override");
  file.overrides = overrides != nullptr && overrides->boolean;
  if (overrides != nullptr && overrides->kind == Kind::kUnknown) file.is_conditional = true;
  const ScriptValue* encoding = argument.Find("encoding");
  if (encoding != nullptr && encoding->kind == Kind::kText) file.encoding = encoding->text;
  return FilesAt(has_options ? argument.Find("path") : &argument, file);
}

// `path`: a text, a list of texts, or undefined for the usual file.
std::vector<PrismaConfig::DotenvFile> PrismaConfig::FilesAt(const ScriptValue* path,
                                                            const DotenvFile& usual) const {
  if (path == nullptr || path->kind == Kind::kUndefined) return {usual};
  std::vector<DotenvFile> files;
  const auto add = [&](const std::string& written) {
    files.push_back(usual);
    files.back().path = written.starts_with('~') ? fs::path(written) : working_directory_ / written;
  };
  if (path->kind == Kind::kText) add(path->text);
  for (const ScriptValue& item : path->items) {
    if (item.kind == Kind::kText) add(item.text);
  }
  return files;
}

}  // namespace ballast::workspace
