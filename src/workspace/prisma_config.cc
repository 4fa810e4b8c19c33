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
  FindSteps();
}

std::optional<ScriptValue> PrismaConfig::Find(std::string_view key, const Variables& variables,
                                              const Variables* uncertain, std::string* what) const {
  ScriptValue value;
  value.kind = Kind::kUnknown;
  if (script_->exported) {
    value = EvaluateExport(*script_, ContextOf(variables, uncertain));
  }
  const auto unknown_at = [](int line) {
    ScriptValue unknown;
    unknown.line = line;
    return unknown;
  };
  for (const std::string& name : Split(key, '.')) {
    if (value.kind == Kind::kUndefined) return std::nullopt;  // datasource: undefined
    if (value.kind != Kind::kObject) return unknown_at(value.line);
    const ScriptValue* member = value.Find(name);
    if (member == nullptr && value.is_open) return unknown_at(value.line);
    if (member == nullptr) return std::nullopt;
    value = ScriptValue(*member);
    *what += (what->empty() ? "" : ".") + name;
  }
  return value;
}

ConfigValue PrismaConfig::Read(std::string_view key, const Variables& variables,
                               const Variables* uncertain) const {
  if (!Exists()) return {};
  std::string what;
  const std::optional<ScriptValue> value = Find(key, variables, uncertain, &what);
  ConfigValue found = value ? ToConfigValue(*value) : ConfigValue();
  if (found.state == State::kNotUnderstood) found.what = std::move(what);
  return found;
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
  std::string what;
  const std::optional<ScriptValue> value = Find(key, variables, nullptr, &what);
  if (!value || value->kind != Kind::kArray) return texts;
  for (const ScriptValue& item : value->items) {
    if (item.kind == Kind::kText) texts.push_back(item.text);
  }
  return texts;
}

void PrismaConfig::FindSteps() {
  if (LoadsWhenImported(*script_)) steps_.emplace_back(std::nullopt);
  for (size_t at = 0; at < script_->steps.size(); ++at) {
    const Script::Step& step = script_->steps[at];
    if (!step.variable.empty() || IsDotenvCall(step.expression, *script_)) steps_.emplace_back(at);
  }
}

bool PrismaConfig::LoadsDotenv() const {
  return std::ranges::any_of(steps_, [&](const std::optional<size_t>& at) {
    return !at || script_->steps[*at].variable.empty();
  });
}

PrismaConfig::EnvironmentStep PrismaConfig::StepOf(size_t step, const Variables& variables,
                                                   const Variables* uncertain) const {
  EnvironmentStep effect;
  ScriptContext context = ContextOf(variables, uncertain);
  const std::optional<size_t> at = steps_[step];
  if (!at) {
    DotenvFile file = UsualFile();
    file.has_variable_settings = true;
    effect.files = {file};
    return effect;
  }
  const Script::Step& one = script_->steps[*at];
  effect.read_before = one.read_before;
  effect.reads_all = one.reads_all;
  effect.line = one.line;
  bool is_conditional = one.is_conditional;
  for (const Expression& condition : one.conditions) {
    const std::optional<bool> truth = TruthOf(EvaluateExpression(condition, *script_, context));
    if (truth == false) return effect;
    if (!truth) is_conditional = true;
  }
  if (one.variable.empty()) {
    context.undefined_is_text = true;
    effect.files = FilesOf(one, context);
    for (DotenvFile& file : effect.files) file.is_conditional |= is_conditional;
    return effect;
  }
  const bool is_uncertain = uncertain != nullptr && uncertain->contains(one.variable);
  const auto present = variables.find(one.variable);
  const bool stays = present != variables.end() && !is_uncertain &&
                     (one.sign == "?\?=" || (one.sign == "||=" && !present->second.empty()));
  if (stays) return effect;
  effect.variable = one.variable;
  const ScriptValue value = EvaluateExpression(one.expression, *script_, context);
  const bool is_known =
      value.kind == Kind::kText && !is_conditional && (one.sign == "=" || !is_uncertain);
  if (is_known) effect.value = value.text;
  return effect;
}

PrismaConfig::DotenvFile PrismaConfig::UsualFile() const {
  DotenvFile file{.path = working_directory_ / ".env"};
  file.expands = script_->modules.contains("dotenv-expand") ||
                 script_->modules.contains("dotenv-expand/config");
  return file;
}

std::vector<PrismaConfig::DotenvFile> PrismaConfig::FilesOf(const Script::Step& step,
                                                            const ScriptContext& context) const {
  DotenvFile file = UsualFile();
  if (step.expression.parts.size() < 2) return {file};
  const ScriptValue argument = EvaluateExpression(step.expression.parts[1], *script_, context);
  const bool has_options = argument.kind == Kind::kObject;
  const ScriptValue* overrides = argument.Find("override");
  file.overrides = overrides != nullptr && overrides->boolean;
  if (overrides != nullptr && overrides->kind == Kind::kUnknown) file.is_conditional = true;
  const ScriptValue* encoding = argument.Find("encoding");
  if (encoding != nullptr && encoding->kind == Kind::kText) file.encoding = encoding->text;
  file.is_known = !step.uses_later && !(has_options && argument.is_open);
  if (!file.is_known) return {file};
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
  const auto add_unknown = [&] {
    files.push_back(usual);
    files.back().is_known = false;
  };
  if (path->kind == Kind::kText) {
    add(path->text);
  } else if (path->kind != Kind::kArray) {
    add_unknown();
  }
  for (const ScriptValue& item : path->items) {
    if (item.kind == Kind::kText) {
      add(item.text);
    } else {
      add_unknown();
    }
  }
  return files;
}

}  // namespace ballast::workspace
