// SPDX-License-Identifier: Apache-2.0
#include "cli/options.h"

#include <algorithm>
#include <set>

#include <CLI/CLI.hpp>

#include "base/duration.h"
#include "base/nearest_name.h"
#include "base/version.h"
#include "cli/command_tree.h"
#include "cli/completion.h"
#include "cli/help.h"
#include "cli/options_internal.h"

namespace ballast::cli {
namespace {

using release::ReplayMode;

std::string CheckMilliseconds(const std::string& text) {
  if (ParseMilliseconds(text)) return {};
  return "'" + text + "' is not a duration; use 500ms, 10s, 2min or 1h";
}

// The names of the options, "--adopt, --dry-run"; empty: there are none. CLI11 sorts them by their
// addresses, so that the order differs between runs.
std::string NamesOf(const std::set<CLI::Option*>& options) {
  std::vector<std::string> names;
  for (const CLI::Option* option : options) names.push_back(option->get_name());
  std::ranges::sort(names);
  return Join(names, ", ");
}

// What CLI11 writes next to a name ("Excludes: --template") follows the description in words.
class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_option_opts(const CLI::Option* option) const override {
    std::string text = CLI::Formatter::make_option_opts(option);
    for (const char* relation : {"Needs", "Excludes"}) {
      const size_t at = text.find(" " + get_label(relation) + ":");
      if (at != std::string::npos) text.resize(at);
    }
    return text;
  }

  // `completion` needs it, except with an option that the help does not list.
  std::string make_option_usage(const CLI::Option* option) const override {
    const bool is_shell = option->get_positional() && option->get_name() == "SHELL";
    return is_shell ? option->get_name() : CLI::Formatter::make_option_usage(option);
  }

  std::string make_option_desc(const CLI::Option* option) const override {
    std::string text = CLI::Formatter::make_option_desc(option);
    const std::string needed = NamesOf(option->get_needs());
    const std::string excluded = NamesOf(option->get_excludes());
    if (!needed.empty() && text.find(needed) == std::string::npos) text += " (with " + needed + ")";
    if (!excluded.empty()) text += " (not with " + excluded + ")";
    return text;
  }
};

// The global options, and the subcommands of every family.
class CommandLine {
 public:
  explicit CommandLine(Options* options) : options_(options) {
    AddGlobal();
    AddDatabaseCommands(&app_, options);
    AddFleetCommands(&app_, options);
    AddChangeCommands(&app_, options);
    AddReleaseCommands(&app_, options);
    AddSchemaCommands(&app_, options);
    AddLogCommands(&app_, options);
    AddHistoryCommands(&app_, options);
    AddProjectCommands(&app_, options);
    AddServeCommands(&app_, options);
    app_.require_subcommand(1);
    app_.fallthrough();
  }

  CLI::App& app() { return app_; }

 private:
  void AddGlobal() {
    app_.name("ballast");
    app_.formatter(std::make_shared<HelpFormatter>());
    app_.description(
        "Replaces hundreds of Prisma migrations with one verified baseline and deploys it in one "
        "transaction.");
    app_.add_option("-C", options_->directory, "Run as if started in DIR")->type_name("DIR");
    app_.add_option("--schema", options_->schema,
                    "Schema file or folder (default: found as Prisma finds it)")
        ->type_name("PATH");
    app_.add_option("--project", options_->project, "Project named in ballast.toml")
        ->type_name("NAME");
    app_.add_option("--database-url", options_->database_url,
                    "Database URL (default: detected from the project)")
        ->type_name("URL");
    app_.add_option("--scratch-url", options_->scratch_url,
                    "Create scratch databases on this server (default: a private server)")
        ->type_name("URL");
    app_.add_option("--package", options_->package,
                    "Release package: a folder, or a file created by `release pack`")
        ->type_name("PATH");
    app_.add_flag("--trust-history", options_->trust_history,
                  "Run the migrations of a package from somebody else even without a sandbox");
    AddChoice<Output>(&app_, "--output", &options_->output,
                      {{"text", Output::kText}, {"json", Output::kJson}},
                      "json: one document on stdout, everything else on stderr");
    AddChoice<LogFormat>(&app_, "--log-format", &options_->log_format,
                         {{"text", LogFormat::kText}, {"json", LogFormat::kJson}},
                         "json: progress on stderr as one JSON object per line");
    AddChoice<Color>(&app_, "--color", &options_->color,
                     {{"auto", Color::kAuto}, {"always", Color::kAlways}, {"never", Color::kNever}},
                     "auto: on a terminal, unless NO_COLOR is set");
    app_.add_flag("-q,--quiet", options_->quiet,
                  "Print errors only (and the JSON or SQL that another option asks for)");
    app_.add_flag("-v,--verbose", options_->verbose,
                  "Show error details, and full definitions in differences");
    app_.set_version_flag("--version", "ballast " + std::string(kVersion));
  }

  CLI::App app_;
  Options* options_;
};

// Whether an argument may contain a password, even in the wrong place.
bool MayBeSecret(const std::string& argument) {
  if (argument.ends_with("://")) return false;  // nothing but a scheme, which messages can contain
  const size_t value = argument.starts_with("--") ? argument.find('=') + 1 : 0;
  if (argument.find('=', value) != std::string::npos) return true;  // libpq's key=value form
  return argument.find("://") != std::string::npos || argument.find('@') != std::string::npos ||
         ToLowerAscii(argument).find("password") != std::string::npos;
}

// The subcommand that was parsed last, and its name with those above it: "release create".
struct Parsed {
  CLI::App* app;
  std::string above;    // "ballast release"
  std::string command;  // "release create"
};

Parsed DeepestCommand(CLI::App* app) {
  Parsed parsed{app, {}, {}};
  while (!parsed.app->get_subcommands().empty()) {
    parsed.above += (parsed.above.empty() ? "" : " ") + parsed.app->get_name();
    parsed.app = parsed.app->get_subcommands().front();
    parsed.command += (parsed.command.empty() ? "" : " ") + parsed.app->get_name();
  }
  return parsed;
}

TextToPrint HelpOf(const Parsed& parsed) {
  std::string text = parsed.app->help(parsed.above) + HelpFooter(parsed.command);
  return {text, {{"command", parsed.command}, {"help", text}}};
}

// The arguments if `help` follows options of all commands: `ballast --output json help deploy`.
std::optional<std::vector<std::string>> WithHelpFirst(const CLI::App& root,
                                                      std::vector<std::string> arguments) {
  const std::vector<std::string> rest = root.remaining(true);
  if (rest.empty() || rest.front() != "help") return std::nullopt;
  const std::vector<CLI::App*> commands = root.get_subcommands();
  const std::string command = commands.empty() ? "" : commands.front()->get_name();
  const auto help = std::find(arguments.begin(), arguments.end(), "help");
  const auto named = std::find(arguments.begin(), arguments.end(), command);
  if (help == arguments.begin() || help == arguments.end() || named < help) return std::nullopt;
  std::rotate(arguments.begin(), help, help + 1);
  return arguments;
}

// Whether there are at most options about the output. Others, such as --project, need a command.
bool IsBare(const CLI::App& root, const CLI::ParseError& error) {
  const std::set<std::string> of_output = {"--output", "--log-format", "--color", "--quiet",
                                           "--verbose"};
  const bool incomplete =
      error.get_exit_code() == static_cast<int>(CLI::ExitCodes::RequiredError) &&
      root.get_subcommands().empty() && root.remaining(true).empty();
  return incomplete && std::ranges::all_of(root.get_options(), [&](const CLI::Option* option) {
           return option->count() == 0 || of_output.contains(option->get_name());
         });
}

std::vector<std::string> CommandsOf(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

void AddNamesWithValue(const CLI::App& app, std::set<std::string>* names) {
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_expected_max() == 0) continue;
    for (const std::string& name : option->get_lnames()) names->insert("--" + name);
  }
  for (const CLI::App* command : app.get_subcommands({})) AddNamesWithValue(*command, names);
}

// With `--to ""` for `--to=`, because CLI11 takes the argument behind `--to=` as the value.
std::vector<std::string> WithEmptyValues(const CLI::App& root,
                                         const std::vector<std::string>& arguments) {
  std::set<std::string> names;
  AddNamesWithValue(root, &names);
  std::vector<std::string> all;
  bool is_option = true;  // not behind "--"
  for (const std::string& argument : arguments) {
    is_option = is_option && argument != "--";
    const bool is_empty = is_option && argument.ends_with('=') &&
                          names.contains(argument.substr(0, argument.size() - 1));
    if (is_empty) {
      all.push_back(argument.substr(0, argument.size() - 1));
      all.emplace_back();
    } else {
      all.push_back(argument);
    }
  }
  return all;
}

std::vector<std::string> OptionsOf(const CLI::App* app) {
  std::vector<std::string> names;
  for (; app != nullptr; app = app->get_parent()) {
    for (const CLI::Option* option : app->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

bool TakesPath(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  return type == "DIR" || type == "FILE" || type == "FOLDER" || type == "PATH";
}

// A sentence about a value of the option that is empty, as from an unset variable of a script, or
// is another option, or a URL in place of a path; empty if there is none. The arguments of a
// program that is started may be anything. An address of a notification may be empty: it stops no
// deploy, but causes a warning after it.
std::string ValueProblem(const CLI::Option& option, const std::vector<std::string>& options) {
  if (option.count() == 0 || option.get_expected_max() == 0) return {};
  const std::vector<std::string>& values = option.results();
  const bool of_program = option.get_positional() && option.get_expected_max() > 1;
  const auto other = std::ranges::find_if(values, [&](const std::string& value) {
    return std::ranges::find(options, value.substr(0, value.find('='))) != options.end();
  });
  if (!of_program && other != values.end()) {
    return option.get_name() + " needs a value, and '" + *other + "' is an option";
  }
  const bool can_be_empty = of_program || option.get_name() == "--notify";
  if (!can_be_empty && std::ranges::find(values, std::string()) != values.end()) {
    return option.get_name() + " is empty; omit it, or give it a value";
  }
  const bool is_url = TakesPath(option) && std::ranges::any_of(values, [](const auto& value) {
                        return value.find("://") != std::string::npos;
                      });
  return is_url ? option.get_name() + " takes a path, not a URL" : std::string();
}

// The first of these sentences, about the options of the command. `options`: the names of all that
// it has.
std::string ValueProblemOf(const CLI::App* app, const std::vector<std::string>& options) {
  for (const CLI::Option* option : app->get_options()) {
    if (std::string sentence = ValueProblem(*option, options); !sentence.empty()) return sentence;
  }
  for (const CLI::App* command : app->get_subcommands()) {
    if (std::string sentence = ValueProblemOf(command, options); !sentence.empty()) return sentence;
  }
  return {};
}

// Whether the argument is in front of the command: `ballast scehma check`.
bool IsBeforeCommand(const std::string& argument, const std::string& command,
                     const std::vector<std::string>& arguments) {
  const auto at = std::ranges::find(arguments, argument);
  return std::find(at, arguments.end(), command.substr(0, command.find(' '))) != arguments.end();
}

// The commands below `app` that have the option, "`deploy`, `release create`".
void AddCommandsWith(const CLI::App& app, const std::string& option, const std::string& above,
                     std::vector<std::string>* commands) {
  for (const CLI::App* command : app.get_subcommands({})) {
    const std::string name = above + command->get_name();
    const auto of_command = command->get_options([&](const CLI::Option* one) {
      return one->check_lname(option.substr(std::min<size_t>(2, option.size())));
    });
    if (!of_command.empty()) commands->push_back("`" + name + "`");
    AddCommandsWith(*command, option, name + " ", commands);
  }
}

// As a clause, which commands have this option; empty if none has it.
std::string Owners(const CLI::App& root, const std::string& option) {
  std::vector<std::string> commands;
  if (option.starts_with("--")) AddCommandsWith(root, option, {}, &commands);
  return commands.empty() ? "" : "; it belongs to " + JoinSome(commands);
}

// Whether it may be the name of a migration or a version: 20240101000000_init, 1.0, v1.0.
bool MayBeVersion(std::string_view word) {
  if (word.starts_with('v')) word.remove_prefix(1);
  return !word.empty() && word[0] >= '0' && word[0] <= '9';
}

// A sentence about the first argument that nothing accepts; empty if there is none.
std::string UnknownArgument(const CLI::App& root, const Parsed& parsed,
                            const std::vector<std::string>& arguments) {
  const std::vector<std::string> rest = root.remaining(true);
  if (rest.empty() || rest.front() == "--") return {};  // what follows "--" was not parsed
  const bool option = rest.front().starts_with("-");
  // The value of an option is omitted; other arguments stay intact, so that UsageError finds them.
  const std::string word = option ? rest.front().substr(0, rest.front().find('=')) : rest.front();
  std::vector<std::string> commands = CommandsOf(*parsed.app);
  if (parsed.app == &root) commands.emplace_back("help");
  const std::string where = parsed.command.empty() ? "" : " of `" + parsed.command + "`";
  const std::vector<std::string> options = OptionsOf(parsed.app);
  if (std::find(options.begin(), options.end(), word) != options.end()) {
    return "option '" + word + "' must follow the command: `" + parsed.command + " " + word + "`";
  }
  if (option) {
    if (const std::string owners = Owners(root, word); !owners.empty()) {
      return "unknown option '" + word + "'" + where + owners;
    }
  }
  if (!option && parsed.app != &root && IsBeforeCommand(word, parsed.command, arguments)) {
    return "unknown command '" + word + "'" + DidYouMean(word, CommandsOf(root));
  }
  if (!option && commands.empty()) {
    // A name without the option that takes it.
    const bool takes_name =
        MayBeVersion(word) && std::ranges::find(options, "--to") != options.end();
    return "unknown argument '" + word + "'" + where +
           (takes_name ? "; did you mean '--to " + word + "'?" : "");
  }
  std::string nearest = NearestName(word, option ? options : commands);
  if (nearest.empty() && !option) nearest = NearestWord("--" + word, options);
  return "unknown " + std::string(option ? "option" : "command") + " '" + word + "'" + where +
         (nearest.empty() ? "" : "; did you mean '" + nearest + "'?");
}

// CLI11's "--to: 1 required VERSION missing" and "--to: At Most 1 required but received 2", in
// words; other texts are unchanged.
std::string NumberOfValues(const std::string& sentence) {
  constexpr std::string_view kMissing = ": 1 required ";
  constexpr std::string_view kTail = " missing";
  const size_t missing = sentence.find(kMissing);
  if (missing != std::string::npos && sentence.ends_with(kTail)) {
    const size_t type = missing + kMissing.size();
    return sentence.substr(0, missing) +
           " needs a value: " + sentence.substr(type, sentence.size() - kTail.size() - type);
  }
  const size_t most = sentence.find(": At Most 1 required");
  return most == std::string::npos ? sentence : sentence.substr(0, most) + " was given twice";
}

// As a clause, that a command was read as the value of an option: `ballast --project deploy`.
std::string CommandAsValue(const CLI::App& root, const std::vector<std::string>& commands) {
  for (const CLI::Option* option : root.get_options()) {
    for (const std::string& value : option->results()) {
      if (std::ranges::find(commands, value) == commands.end()) continue;
      return "; '" + value + "' is the value of " + option->get_name();
    }
  }
  return {};
}

// The parser's message, replaced if it does not name what is missing.
std::string UsageSentence(const CLI::App& root, const Parsed& parsed, const CLI::ParseError& error,
                          const std::vector<std::string>& arguments) {
  std::string unknown = UnknownArgument(root, parsed, arguments);
  if (!unknown.empty()) return unknown;
  const std::vector<std::string> commands = CommandsOf(*parsed.app);
  const bool incomplete = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::RequiredError);
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    return NumberOfValues(error.what());
  }
  if (!incomplete) {
    const std::string_view sentence = error.what();
    constexpr std::string_view kUnnamed = ": ";  // an option that the help does not list
    return std::string(sentence.substr(sentence.starts_with(kUnnamed) ? kUnnamed.size() : 0));
  }
  const std::string who = parsed.command.empty() ? "ballast" : "`" + parsed.command + "`";
  if (!commands.empty()) {
    return who + " needs a command: " + Join(commands, ", ") + CommandAsValue(root, commands);
  }
  const std::string what = error.what();
  constexpr std::string_view kTail = " is required";
  const std::string name = what.substr(0, what.find(kTail));
  return who + " needs " + name;
}

Error UsageError(std::string what, const Parsed& parsed,
                 const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments) {
    if (MayBeSecret(argument)) what = ReplaceAll(what, argument, "(a URL)");
  }
  return MakeError(
      ErrorCode::kUsageError, what,
      "see ballast " + parsed.command + (parsed.command.empty() ? "" : " ") + "--help");
}

}  // namespace

void AddTime(CLI::App* app, const std::string& name, std::optional<std::chrono::milliseconds>* time,
             const std::string& what) {
  app->add_option_function<std::string>(
         name,
         [time](const std::string& text) {
           *time = std::chrono::milliseconds(*ParseMilliseconds(text));
         },
         what)
      ->check(CheckMilliseconds)
      ->type_name("TIME");
}

CLI::Option* AddRepeatable(CLI::App* app, const std::string& name, std::vector<std::string>* values,
                           const std::string& type, const std::string& what) {
  return app->add_option(name, *values, what)
      ->type_name(type)
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

CLI::Validator IsNumberOfBytes() {
  return CLI::Validator(
      [](const std::string& text) {
        constexpr size_t kMostDigits = 15;
        const bool is_number = text.find_first_not_of("0123456789") == std::string::npos &&
                               text.find_first_not_of('0') != std::string::npos;
        return is_number && text.size() <= kMostDigits
                   ? std::string()
                   : "'" + text + "' is not a number of bytes, such as 10485760";
      },
      "");
}

CLI::Validator OneOf(std::vector<std::string> words) {
  return CLI::Validator(
      [words = std::move(words)](const std::string& given) -> std::string {
        if (std::find(words.begin(), words.end(), given) != words.end()) return {};
        if (words.size() == 1) return "'" + given + "' must be '" + words.front() + "'";
        return "'" + given + "' must be one of " + Join(words, ", ") + DidYouMean(given, words);
      },
      "");
}

void AddTrustedKeys(CLI::App* app, std::vector<std::string>* keys) {
  AddRepeatable(app, "--trusted-key", keys, "KEY",
                "Accept only packages signed with this public key or file (repeatable)");
}

void AddDeployGoal(CLI::App* app, run::DeployGoal* goal, GoalUse use) {
  const bool deploys = use == GoalUse::kDeploys;
  app->add_option("--strategy", goal->strategy, "auto, release, development or history")
      ->type_name("NAME");
  app->add_option("--branch", goal->branch, "Branch name (default: detected)");
  app->add_option("--to", goal->to,
                  "The last migration to apply (development and history), or the version that the "
                  "release must have")
      ->type_name("MIGRATION|VERSION");
  AddChoice<std::optional<ReplayMode>>(
      app, "--replay-mode", &goal->replay_mode,
      {{"batch", ReplayMode::kBatch}, {"split", ReplayMode::kSplit}, {"auto", ReplayMode::kAuto}},
      "How scripts are sent: auto (default), batch or split (docs/commands/deploy.md)");
  AddTrustedKeys(app, &goal->trusted_keys);
  app->add_flag("--adopt", goal->adopt,
                deploys
                    ? "Mark an existing database as migrated if its schema matches a known state"
                    : "Show what deploy --adopt would do, for a database without rows");
  app->add_flag("--strict", goal->strict,
                deploys ? "Refuse a database that is ahead, that has drift, or that has additions: "
                          "objects that the release does not manage"
                        : "Show what deploy --strict would do");
  app->add_flag("--allow-drift", goal->allow_drift,
                deploys ? "Accept objects of the release that are missing or changed"
                        : "Show what deploy --allow-drift would do");
}

std::vector<std::string> CommandNames() {
  Options options;
  CommandLine line(&options);
  return CommandsOf(line.app());
}

namespace {

using ParsedArguments = Result<std::variant<Options, TextToPrint>>;

ParsedArguments ParseAll(const std::vector<std::string>& arguments) {
  Options options;
  CommandLine line(&options);
  std::vector<std::string> reversed = WithEmptyValues(line.app(), arguments);
  std::ranges::reverse(reversed);
  if (reversed == std::vector<std::string>{"version"}) reversed = {"--version"};
  const bool asks = !reversed.empty() && reversed.back() == "help";  // as `git help COMMAND`
  if (asks) reversed.pop_back();
  if (asks || reversed.empty()) reversed.insert(reversed.begin(), "--help");
  try {
    line.app().parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    const Parsed parsed = DeepestCommand(&line.app());
    const std::string unknown =
        asks ? UnknownArgument(line.app(), parsed, arguments) : std::string();
    if (!unknown.empty()) return UsageError(unknown, parsed, arguments);
    return std::variant<Options, TextToPrint>(HelpOf(parsed));
  } catch (const CLI::CallForVersion& version) {
    return std::variant<Options, TextToPrint>(
        TextToPrint{std::string(version.what()) + "\n", {{"version", kVersion}}});
  } catch (const CLI::ParseError& error) {
    const Parsed parsed = DeepestCommand(&line.app());
    if (const auto moved = WithHelpFirst(line.app(), arguments)) return ParseAll(*moved);
    if (IsBare(line.app(), error)) return std::variant<Options, TextToPrint>(HelpOf(parsed));
    return UsageError(UsageSentence(line.app(), parsed, error, arguments), parsed, arguments);
  }
  const Parsed parsed = DeepestCommand(&line.app());
  std::vector<std::string> known = OptionsOf(parsed.app);
  known.emplace_back("--");
  if (const std::string problem = ValueProblemOf(&line.app(), known); !problem.empty()) {
    return UsageError(problem, parsed, arguments);
  }
  if (const auto* print = std::get_if<PrintCompletion>(&options.command)) {
    return std::variant<Options, TextToPrint>(
        TextToPrint{CompletionScript(print->shell, DescribeCommands(line.app())), {}});
  }
  return std::variant<Options, TextToPrint>(std::move(options));
}

// What follows "--" is not ballast's to read. Empty if the command is not a deploy.
std::optional<ParsedArguments> ParseWithProgram(const std::vector<std::string>& arguments) {
  const auto end = std::ranges::find(arguments, "--");
  if (end == arguments.end()) return std::nullopt;
  const std::vector<std::string> own(arguments.begin(), end);
  ParsedArguments parsed = ParseAll(own);
  auto* options = parsed ? std::get_if<Options>(&*parsed) : nullptr;
  const auto* deploy = options ? std::get_if<run::DeployOptions>(&options->command) : nullptr;
  if (deploy == nullptr) return std::nullopt;
  options->program.assign(end + 1, arguments.end());
  if (!deploy->dry_run || options->program.empty()) return parsed;
  return ParsedArguments(MakeError(ErrorCode::kUsageError,
                                   "a dry run starts no program: omit what follows '--'",
                                   "see ballast deploy --help"));
}

}  // namespace

Result<std::variant<Options, TextToPrint>> ParseOptions(const std::vector<std::string>& arguments) {
  if (auto parsed = ParseWithProgram(arguments)) return *std::move(parsed);
  return ParseAll(arguments);
}

}  // namespace ballast::cli
