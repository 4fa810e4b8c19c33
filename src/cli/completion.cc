// SPDX-License-Identifier: Apache-2.0
#include "cli/completion.h"

#include <fmt/format.h>

#include "base/text.h"

namespace ballast::cli {
namespace {

// The program and its commands at every depth.
std::vector<const CompletedCommand*> AllCommands(const CompletedCommand& program) {
  std::vector<const CompletedCommand*> all = {&program};
  for (size_t i = 0; i < all.size(); ++i) {
    for (const CompletedCommand& below : all[i]->commands) all.push_back(&below);
  }
  return all;
}

std::string LastWord(const std::string& path) {
  return path.substr(path.rfind(' ') + 1);
}

// Quotes a word for all three shells.
std::string Quoted(const std::string& text) {
  return "'" + ReplaceAll(text, "'", "'\\''") + "'";
}

// fish knows no '\'' inside of quotes but \'.
std::string FishQuoted(const std::string& text) {
  return "'" + ReplaceAll(ReplaceAll(text, "\\", "\\\\"), "'", "\\'") + "'";
}

// The shell function of the scripts below that completes values of that kind.
std::string Offer(ValueKind kind, const std::vector<std::string>& words) {
  switch (kind) {
    case ValueKind::kNone:
      return {};
    case ValueKind::kAnything:
      return "return";
    case ValueKind::kWords:
      return "_ballast_words " + Quoted(Join(words, " "));
    case ValueKind::kFile:
      return "_ballast_files";
    case ValueKind::kFolder:
      return "_ballast_folders";
    case ValueKind::kRelease:
      return "_ballast_names releases";
    case ValueKind::kMigration:
      return "_ballast_names migrations";
    case ValueKind::kReleaseOrMigration:
      return "_ballast_names releases migrations";
  }
  return {};
}

// Global options are accepted after every command.
std::string ValueCases(const CompletedCommand& program) {
  std::string cases;
  for (const CompletedCommand* command : AllCommands(program)) {
    for (const CompletedOption& option : command->options) {
      if (option.value == ValueKind::kNone) continue;
      const std::string path = command->path.empty() ? "*" : Quoted(command->path);
      std::vector<std::string> patterns;
      for (const std::string& name : option.names) {
        patterns.push_back(fmt::format("{}:{}", path, name));
      }
      cases += fmt::format("    {}) {}; return ;;\n", Join(patterns, " | "),
                           Offer(option.value, option.words));
    }
  }
  return cases;
}

std::string OptionNames(const CompletedCommand& command) {
  std::vector<std::string> names;
  for (const CompletedOption& option : command.options) {
    names.insert(names.end(), option.names.begin(), option.names.end());
  }
  return Join(names, " ");
}

std::string CommandNames(const CompletedCommand& command) {
  std::vector<std::string> names;
  for (const CompletedCommand& below : command.commands) names.push_back(LastWord(below.path));
  return Join(names, " ");
}

// For bash and zsh: what each command accepts, with $at, $commands and $options of the script.
std::string CommandCases(const CompletedCommand& program) {
  std::string cases;
  for (const CompletedCommand* command : AllCommands(program)) {
    std::string line = fmt::format("    {}) commands={} options={}", Quoted(command->path),
                                   Quoted(CommandNames(*command)), Quoted(OptionNames(*command)));
    const std::string argument = Offer(command->argument, command->argument_words);
    if (!argument.empty() && argument != "return") line += " argument=" + Quoted(argument);
    cases += line + " ;;\n";
  }
  return cases;
}

// The names of all options with a value, so that the value is not taken for a command.
std::string OptionsWithValue(const CompletedCommand& program) {
  std::vector<std::string> names;
  for (const CompletedCommand* command : AllCommands(program)) {
    for (const CompletedOption& option : command->options) {
      if (option.value == ValueKind::kNone) continue;
      names.insert(names.end(), option.names.begin(), option.names.end());
    }
  }
  return " " + Join(names, " ") + " ";
}

// The common part for bash and zsh (zsh ties $path to $PATH, so no variable has that name): the
// arguments are the words before the cursor, without the program.
constexpr std::string_view kBody = R"shell(_ballast_complete() {
  local word at='' option='' previous='' commands='' options='' argument=''
  _ballast_project=()
  for word in "$@"; do
    if [ -n "$option" ]; then _ballast_use "$option" "$word"; option=''; previous=$word; continue; fi
    case "$word" in
      --) _ballast_files; return ;;
      --*=*) _ballast_use "${word%%=*}" "${word#*=}" ;;
      -*) case %VALUED% in *" $word "*) option=$word ;; esac ;;
      *) case " %PATHS% " in *"|${at:+$at }$word|"*) at=${at:+$at }$word ;; esac ;;
    esac
    previous=$word
  done
  case "$at:$previous" in
%VALUES%  esac
  case "$at" in
%COMMANDS%  esac
  if [[ "$_ballast_current" == -* ]]; then
    _ballast_words "$options %GLOBAL%"
  elif [ -n "$commands" ]; then
    _ballast_words "$commands"
  elif [ -n "$argument" ]; then
    eval "$argument"
  fi
}
# The options that name the project are passed on where releases and migrations are listed.
_ballast_use() {
  case "$1" in
    -C | --project | --schema | --package) _ballast_project+=("$1" "$(_ballast_unquoted "$2")") ;;
  esac
}
_ballast_list() {
  local kind
  for kind in "$@"; do command ballast "${_ballast_project[@]}" completion --names "$kind" 2>/dev/null; done
}
)shell";

std::string Body(const CompletedCommand& program) {
  std::vector<std::string> paths;
  for (const CompletedCommand* command : AllCommands(program)) paths.push_back(command->path);
  std::string body(kBody);
  body = ReplaceAll(body, "%VALUED%", Quoted(OptionsWithValue(program)));
  body = ReplaceAll(body, "%PATHS%", "|" + Join(paths, "|") + "|");
  body = ReplaceAll(body, "%VALUES%", ValueCases(program));
  body = ReplaceAll(body, "%COMMANDS%", CommandCases(program));
  return ReplaceAll(body, "%GLOBAL%", OptionNames(program));
}

// Names of migrations and releases come from the project, which can be somebody else's: they are
// read line by line, never expanded, and quoted where bash inserts them.
constexpr std::string_view kBash = R"bash(# bash completion for ballast. Use it with:
#   source <(ballast completion bash)
_ballast_unquoted() {
  local word=${1//[\"\'\\]/}
  printf %s "${word/#\~\//$HOME/}"
}
_ballast_offer() {
  local word quoted typed=${_ballast_current#[\"\']}
  while IFS= read -r word; do
    printf -v quoted %q "$word"
    if [ -z "$word" ]; then continue; fi
    # After an opening quote, only a word that needs none is sure to be taken as it is.
    if [ "$typed" != "$_ballast_current" ] && [ "$word" != "$quoted" ]; then continue; fi
    if [[ "$word" == "$typed"* || "$quoted" == "$typed"* ]]; then COMPREPLY+=("$quoted"); fi
  done
}
_ballast_words() { _ballast_offer <<<"${1// /$'\n'}"; }
_ballast_names() { _ballast_offer < <(_ballast_list "$@"); }
_ballast_files() { compopt -o default; }
_ballast_folders() { compopt -o dirnames; }
%BODY%
_ballast() {
  local _ballast_current=${COMP_WORDS[COMP_CWORD]} _ballast_project word
  local -a before=()
  COMPREPLY=()
  # bash makes a word of the = in --option=value.
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [ "$word" = = ] || before+=("$word")
  done
  [ "$_ballast_current" != = ] || _ballast_current=''
  _ballast_complete "${before[@]}"
}
complete -F _ballast ballast
)bash";

constexpr std::string_view kZsh = R"zsh(#compdef ballast
# zsh completion for ballast. Put it into a folder of $fpath as _ballast, or use it with:
#   source <(ballast completion zsh)
_ballast_unquoted() {
  local word=${(Q)1}
  print -rn -- ${word/#\~\//$HOME/}
}
_ballast_words() { compadd -- ${=1}; }
_ballast_names() { compadd -- ${(f)"$(_ballast_list $@)"}; }
_ballast_files() { _files; }
_ballast_folders() { _files -/; }
%BODY%
_ballast() {
  local _ballast_current=${words[CURRENT]}
  local -a before=("${(@)words[2,CURRENT-1]}") _ballast_project
  if [[ "$_ballast_current" == --*=* ]]; then
    before+=("${_ballast_current%%=*}")
    _ballast_current=${_ballast_current#*=}
    compset -P 1 '*='
  fi
  _ballast_complete "${before[@]}"
}
if [ "$funcstack[1]" = "_ballast" ]; then _ballast "$@"; else compdef _ballast ballast; fi
)zsh";

std::string FishValues(const CompletedOption& option) {
  switch (option.value) {
    case ValueKind::kNone:
      return {};
    case ValueKind::kAnything:
      return " -x";
    case ValueKind::kWords:
      return " -xa " + FishQuoted(Join(option.words, " "));
    case ValueKind::kFile:
      return " -rF";
    case ValueKind::kFolder:
      return " -xa '(__fish_complete_directories)'";
    case ValueKind::kRelease:
      return " -xa '(__ballast_names releases)'";
    case ValueKind::kMigration:
      return " -xa '(__ballast_names migrations)'";
    case ValueKind::kReleaseOrMigration:
      return " -xa '(__ballast_names releases migrations)'";
  }
  return {};
}

std::string FishOption(const std::string& condition, const CompletedOption& option) {
  std::string line = "complete -c ballast" + condition;
  for (const std::string& name : option.names) {
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  return line + FishValues(option) + " -d " + FishQuoted(option.help) + "\n";
}

constexpr std::string_view kFishHead = R"(# fish completion for ballast. Use it with:
#   ballast completion fish | source
# True if the words before the cursor name this command. Options and their values are passed over.
function __ballast_at
    set -l path
    set -l skip 0
    for word in (commandline -opc)[2..]
        if test $skip = 1
            set skip 0
        else if string match -q -- '-*' $word
            string match -q -- "* $word *" %VALUED%; and set skip 1
        else if contains -- (string join ' ' $path $word) %PATHS%
            set -a path $word
        end
    end
    set -l joined (string join ' ' $path)
    test "$joined" = "$argv[1]"
end
# Releases and migrations of the project that the words before the cursor name.
function __ballast_names
    set -l project
    set -l option
    for word in (commandline -opc)[2..]
        if test -n "$option"
            set -a project $option $word
            set option
        else if contains -- $word -C --project --schema --package
            set option $word
        else if string match -qr -- '^--(project|schema|package)=' $word
            set -a project $word
        end
    end
    for kind in $argv
        command ballast $project completion --names $kind 2>/dev/null
    end
end
complete -c ballast -f
complete -c ballast -n 'contains -- -- (commandline -opc)' -F
)";

std::string FishScript(const CompletedCommand& program) {
  std::vector<std::string> paths;
  for (const CompletedCommand* command : AllCommands(program)) {
    if (!command->path.empty()) paths.push_back(FishQuoted(command->path));
  }
  std::string script = ReplaceAll(std::string(kFishHead), "%PATHS%", Join(paths, " "));
  script = ReplaceAll(script, "%VALUED%", FishQuoted(OptionsWithValue(program)));
  for (const CompletedOption& option : program.options) script += FishOption("", option);
  for (const CompletedCommand* command : AllCommands(program)) {
    const std::string condition = " -n " + FishQuoted("__ballast_at " + FishQuoted(command->path));
    for (const CompletedCommand& below : command->commands) {
      script += fmt::format("complete -c ballast{} -a {} -d {}\n", condition, LastWord(below.path),
                            FishQuoted(below.help));
    }
    if (command->argument != ValueKind::kNone && command->argument != ValueKind::kAnything) {
      script += "complete -c ballast" + condition +
                ReplaceAll(FishValues({{}, {}, command->argument, command->argument_words}), " -xa",
                           " -a") +
                "\n";
    }
    if (command == &program) continue;
    for (const CompletedOption& option : command->options) script += FishOption(condition, option);
  }
  return script;
}

}  // namespace

std::string CompletionScript(Shell shell, const CompletedCommand& program) {
  if (shell == Shell::kFish) return FishScript(program);
  const std::string frame(shell == Shell::kBash ? kBash : kZsh);
  return ReplaceAll(frame, "%BODY%", Body(program));
}

}  // namespace ballast::cli
