// SPDX-License-Identifier: Apache-2.0
#include "workspace/prisma_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "workspace/script_imports.h"
#include "workspace/script_loaders.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;
using Kind = ScriptValue::Kind;
using State = ConfigValue::State;

ConfigValue ToConfigValue(const ScriptValue& value) {
  ConfigValue found;
  found.line = value.line;
  found.variables = value.variables;
  found.is_chosen = value.is_chosen;
  found.import = value.import;
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

}  // namespace

PrismaConfig::PrismaConfig(std::string_view text, fs::path file, fs::path working_directory)
    : file_(std::move(file)), working_directory_(std::move(working_directory)), text_(text) {
  Script script = ParseScript(text);
  AddEffectsOfImports(file_, &script);
  script_ = std::make_shared<const Script>(std::move(script));
  FindSteps();
}

std::optional<ScriptValue> PrismaConfig::Find(std::string_view key, const Variables& variables,
                                              const Variables* uncertain, std::string* what) const {
  ScriptValue value;
  value.kind = Kind::kUnknown;
  if (script_->exported) {
    value = EvaluateExport(*script_, ContextOf(variables, uncertain));
  }
  const auto unknown_by = [](const ScriptValue& cause) {
    ScriptValue unknown;
    unknown.line = cause.line;
    unknown.import = cause.import;
    return unknown;
  };
  for (const std::string& name : Split(key, '.')) {
    if (value.kind == Kind::kUndefined) return std::nullopt;  // datasource: undefined
    if (value.kind != Kind::kObject) return unknown_by(value);
    const ScriptValue* member = value.Find(name);
    if (member == nullptr && value.is_open) return unknown_by(value);
    if (member == nullptr) return std::nullopt;
    value = ScriptValue(*member);
    *what += (what->empty() ? "" : ".") + name;
  }
  return value;
}

ConfigValue PrismaConfig::ReadWritten(std::string_view key, const Variables& variables,
                                      const Variables* uncertain) const {
  if (!Exists()) return {};
  std::string what;
  const std::optional<ScriptValue> value = Find(key, variables, uncertain, &what);
  ConfigValue found = value ? ToConfigValue(*value) : ConfigValue();
  if (found.state == State::kNotUnderstood) found.what = std::move(what);
  return found;
}

std::string PrismaConfig::WithoutExport(int* line) const {
  if (script_->fault) {
    *line = script_->fault->line;
    return fmt::format("because the file cannot be parsed: {} in line {}", script_->fault->message,
                       *line);
  }
  return script_->exported ? "" : "because ballast finds no default export in the file";
}

std::string PrismaConfig::ShownLine(int line) const {
  constexpr size_t kLongest = 80;
  const std::vector<std::string> lines = Split(text_, '\n');
  if (line < 1 || static_cast<size_t>(line) > lines.size()) return {};
  std::string_view shown = Trim(lines[static_cast<size_t>(line) - 1]);
  while (shown.ends_with(',') || shown.ends_with(';')) shown.remove_suffix(1);
  const bool may_be_secret = shown.find("://") != std::string_view::npos ||
                             shown.find('@') != std::string_view::npos ||
                             ContainsIgnoringAsciiCase(shown, "password");
  if (shown.empty() || may_be_secret || shown.size() > kLongest) return {};
  return fmt::format(": `{}`", shown);
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
  for (size_t at = 0; at < script_->steps.size(); ++at) {
    if (MayChangeEnvironment(script_->steps[at], *script_)) steps_.push_back(at);
  }
}

bool PrismaConfig::LoadsDotenv() const {
  return std::ranges::any_of(steps_, [&](size_t at) {
    return script_->steps[at].variable.empty() && script_->steps[at].effect.empty();
  });
}

int PrismaConfig::StoppedAt(const Variables& variables, const Variables* uncertain) const {
  const ScriptContext context = ContextOf(variables, uncertain);
  for (const Script::Guard& guard : script_->guards) {
    const bool stops = std::ranges::all_of(guard.conditions, [&](const Expression& condition) {
      return TruthOf(EvaluateExpression(condition, *script_, context)) == true;
    });
    if (stops) return guard.line;
  }
  return 0;
}

PrismaConfig::EnvironmentStep PrismaConfig::StepOf(size_t step, const Variables& variables,
                                                   const Variables* uncertain) const {
  EnvironmentStep effect;
  ScriptContext context = ContextOf(variables, uncertain);
  const Script::Step& one = script_->steps[steps_[step]];
  effect.read_before = one.read_before;
  effect.reads_all = one.reads_all;
  effect.line = one.line;
  bool is_conditional = one.is_conditional;
  for (const Expression& condition : one.conditions) {
    const std::optional<bool> truth = TruthOf(EvaluateExpression(condition, *script_, context));
    if (truth == false) return effect;
    if (!truth) is_conditional = true;
  }
  if (!one.effect.empty()) {
    effect.unknown = one.effect;
    effect.may_override = one.may_override;
    return effect;
  }
  if (one.variable.empty()) {
    context.undefined_is_text = true;
    effect.files = one.loop ? FilesOfLoop(one, context) : FilesOf(one, context);
    for (DotenvFile& file : effect.files) file.is_conditional |= is_conditional;
    return effect;
  }
  const bool is_uncertain = uncertain != nullptr && uncertain->contains(one.variable);
  const auto present = variables.find(one.variable);
  const bool stays = present != variables.end() && !is_uncertain &&
                     (one.sign == "?\?=" || (one.sign == "||=" && !present->second.empty()));
  if (stays) return effect;
  effect.variable = one.variable;
  effect.deletes = one.sign == "delete" && !is_conditional;
  if (one.sign == "delete") return effect;
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
  file.has_variable_settings = !step.module.empty();
  if (step.expression.parts.size() < 2) return {file};
  const ScriptValue argument = EvaluateExpression(step.expression.parts[1], *script_, context);
  const bool has_options = argument.kind == Kind::kObject;
  const ScriptValue* overrides = argument.Find("override");
  const std::optional<bool> truth = overrides == nullptr ? false : TruthOf(*overrides);
  file.overrides = truth.value_or(true);
  if (!truth) file.is_conditional = true;
  if (const ScriptValue* target = argument.Find("processEnv")) {
    const bool is_environment = target->kind == Kind::kBuiltin && target->text == "process.env";
    if (target->kind == Kind::kObject) return {};  // it is loaded into that object
    if (!is_environment) file.is_conditional = true;
  }
  const ScriptValue* encoding = argument.Find("encoding");
  if (encoding != nullptr && encoding->kind == Kind::kText) file.encoding = encoding->text;
  file.is_known = !step.uses_later && !(has_options && argument.is_open);
  const bool is_unknown = argument.kind == Kind::kUnknown || (has_options && argument.is_open);
  const bool may_override = is_unknown && step.expression.parts[0].text != "loadEnvFile";
  file.overrides |= may_override;
  if (!file.is_known) return {file};
  return FilesAt(has_options ? argument.Find("path") : &argument, file);
}

struct PrismaConfig::Loop {
  std::map<std::string, ScriptValue, std::less<>> locals;
  ScriptContext context;
  bool is_uncertain = false;  // whether it continues is not known
  std::vector<DotenvFile> files;
};

std::vector<PrismaConfig::DotenvFile> PrismaConfig::FilesOfLoop(
    const Script::Step& step, const ScriptContext& context) const {
  const ScriptValue items = EvaluateExpression(step.loop->parts[0], *script_, context);
  Loop loop{{}, context, false, {}};
  loop.context.locals = &loop.locals;
  const bool is_known = items.kind == Kind::kArray && !step.uses_later;
  const size_t count = is_known ? items.items.size() : 1;
  for (size_t i = 0; i < count; ++i) {
    loop.locals.clear();
    loop.locals[step.loop->text] = is_known ? items.items[i] : ScriptValue();
    if (RunLoop(std::span(step.loop->parts).subspan(1), !is_known, &loop)) break;
  }
  return loop.files;
}

// True if the loop ends.
bool PrismaConfig::RunLoop(std::span<const Expression> statements, bool is_conditional,
                           Loop* loop) const {
  for (const Expression& one : statements) {
    if (one.kind == ExpressionKind::kDeclare) {
      loop->locals[one.text] = EvaluateExpression(one.parts[0], *script_, loop->context);
    } else if (one.kind == ExpressionKind::kIf) {
      const std::optional<bool> truth =
          TruthOf(EvaluateExpression(one.parts[0], *script_, loop->context));
      if (truth == false) continue;
      const auto inside = std::span(one.parts).subspan(1);
      if (!RunLoop(inside, is_conditional || !truth, loop)) continue;
      if (truth) return true;
      loop->is_uncertain = true;
    } else if (one.kind == ExpressionKind::kBreak) {
      return true;
    } else if (IsDotenvCall(one.parts[0], *script_)) {
      Script::Step load;
      load.expression = one.parts[0];
      for (DotenvFile& file : FilesOf(load, loop->context)) {
        file.is_conditional |= is_conditional || loop->is_uncertain;
        loop->files.push_back(std::move(file));
      }
    }
  }
  return false;
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
