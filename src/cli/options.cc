// SPDX-License-Identifier: Apache-2.0
#include "cli/options.h"

#include <CLI/CLI.hpp>

#include "base/text.h"
#include "base/version.h"
#include "cli/completion.h"
#include "cli/help.h"

namespace ballast::cli {
namespace {

std::string CheckMilliseconds(const std::string& text) {
  if (ParseMilliseconds(text)) return {};
  return "'" + text + "' is no time: say 500ms, 10s or 2m";
}

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

// A choice of words whose names stand in the type already.
CLI::Validator OneOf(std::vector<std::string> words) {
  return CLI::IsMember(std::move(words)).description("");
}

// A choice of words that stand for values; nothing but these words is understood.
template <class Value>
void AddChoice(CLI::App* app, const std::string& name, Value* value,
               const std::vector<std::pair<std::string, Value>>& choices, const std::string& what) {
  std::vector<std::string> words;
  words.reserve(choices.size());
  for (const auto& [word, meaning] : choices) words.push_back(word);
  app->add_option_function<std::string>(
         name,
         [value, choices](const std::string& given) {
           for (const auto& [word, meaning] : choices) {
             if (word == given) *value = meaning;
           }
         },
         what)
      ->check(OneOf(words))
      ->type_name(Join(words, "|"));
}

// Each subcommand fills its own options; the one that was given becomes the command.
class CommandLine {
 public:
  explicit CommandLine(Options* options) : options_(options) {
    AddGlobal();
    AddDeploy();
    AddStatus();
    AddRelease();
    AddHotfix();
    AddDevelopmentBaseline();
    AddResolve();
    AddSchema();
    AddCatalog();
    AddDoctor();
    AddScratch();
    AddKey();
    AddInit();
    AddCompletion();
    app_.require_subcommand(1);
    app_.fallthrough();
  }

  CLI::App& app() { return app_; }

 private:
  template <class T>
  void StrategySelection(CLI::App* app, T* value) {
    app->fallthrough();
    app->callback([this, value] { options_->command = *value; });
  }

  void AddGlobal() {
    app_.name("ballast");
    app_.description("Gives any Prisma + PostgreSQL project its database, right and at once.");
    app_.add_option("-C", options_->directory, "Run as if started in DIR")->type_name("DIR");
    app_.add_option("--database-url", options_->database_url, "The database to work on")
        ->type_name("URL");
    app_.add_option("--scratch-url", options_->scratch_url,
                    "Make scratch databases on this server instead of an embedded one")
        ->type_name("URL");
    app_.add_option("--package", options_->package,
                    "The package: a folder, or a file of `release pack`")
        ->type_name("PATH");
    AddChoice<Output>(&app_, "--output", &options_->output,
                      {{"text", Output::kText}, {"json", Output::kJson}},
                      "json: one document on stdout, all else on stderr");
    AddChoice<Color>(&app_, "--color", &options_->color,
                     {{"auto", Color::kAuto}, {"always", Color::kAlways}, {"never", Color::kNever}},
                     "auto: on a terminal, unless NO_COLOR is set");
    app_.add_flag("-q,--quiet", options_->quiet, "Print errors only");
    app_.add_flag("-v,--verbose", options_->verbose,
                  "Print the facts behind an error, exact definitions behind a difference");
    app_.set_version_flag("--version", "ballast " + std::string(kVersion));
  }

  void AddDeploy() {
    CLI::App* app = app_.add_subcommand("deploy", "Bring the database to where the project says");
    app->add_option("--strategy", deploy_.strategy, "auto, release, development or history")
        ->type_name("NAME");
    app->add_option("--branch", deploy_.branch, "The branch, instead of looking for it");
    AddTrustedKeys(app, &deploy_.trusted_keys);
    app->add_flag("--dry-run", deploy_.dry_run, "Look, decide, print the plan; change nothing");
    app->add_flag("--adopt", deploy_.adopt,
                  "Record a database that already holds everything, if that is proven");
    app->add_flag("--strict", deploy_.strict, "Refuse a database that is ahead");
    app->add_flag("--template", deploy_.from_template,
                  "Make the database, as a copy of a deployed one that the server keeps")
        ->excludes("--dry-run")
        ->excludes("--adopt");
    AddTime(app, "--lock-timeout", &deploy_.lock_timeout,
            "How long to wait for the deployment lock (10s) and for table locks (3s a try)");
    AddTime(app, "--statement-timeout", &deploy_.statement_timeout,
            "How long one statement may run (without: as the server says)");
    AddTime(app, "--connect-timeout", &deploy_.connect_timeout,
            "How long one attempt to connect may take (5s)");
    AddTime(app, "--wait-for-database", &wait_for_database_,
            "How long to try again while the database is not there or still starting (not at all)");
    app->fallthrough();
    app->callback([this] {
      if (wait_for_database_) deploy_.wait_for_database = *wait_for_database_;
      options_->command = deploy_;
    });
  }

  void AddStatus() {
    CLI::App* app =
        app_.add_subcommand("status", "Say where the database stands; change nothing at all");
    app->add_option("--strategy", status_.strategy, "auto, release, development or history")
        ->type_name("NAME");
    app->add_option("--branch", status_.branch, "The branch, instead of looking for it");
    StrategySelection(app, &status_);
  }

  static void AddTrustedKeys(CLI::App* app, std::vector<std::string>* keys) {
    app->add_option("--trusted-key", *keys,
                    "Only packages sealed by this public key or file (repeatable)")
        ->type_name("KEY")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }

  static void AddForce(CLI::App* app, proof::CreateOptions* options) {
    app->add_flag("--force", options->force,
                  "Prove again, even if nothing has changed since it was made");
  }

  static void AddCreateOptions(CLI::App* app, proof::CreateOptions* options) {
    app->add_option("--replay-mode", options->replay_mode,
                    "batch: a script is one message (Prisma before 7.4); split: one statement each")
        ->check(OneOf({"batch", "split"}))
        ->type_name("batch|split");
    app->add_option_function<std::string>(
           "--from",
           [options](const std::string& from) { options->from_schema = from == "schema"; },
           "history: write the baseline from the replayed history; schema: take what Prisma prints "
           "of schema.prisma, and prove or refute it")
        ->check(OneOf({"history", "schema"}))
        ->type_name("history|schema");
    app->add_option("--max-rows-bytes", options->max_rows_bytes,
                    "How many bytes of rows the baseline may carry (10 MiB)")
        ->type_name("BYTES");
  }

  void AddRelease() {
    CLI::App* release = app_.add_subcommand("release", "Make, check and show release packages");
    release->require_subcommand(1);
    release->fallthrough();
    CLI::App* create = release->add_subcommand(
        "create", "Make the package of a version: replay, write the baseline, prove it");
    create->add_option("VERSION", release_create_.options.version, "e.g. v4.0.0")->required();
    create->add_flag("--replace", release_create_.options.replace,
                     "Replace a package of the same version with other content");
    AddForce(create, &release_create_.options);
    create
        ->add_option("--from-release", release_create_.options.from_releases,
                     "The package folder of an earlier release to move forward from (repeatable)")
        ->type_name("PATH")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    create->add_flag("--allow-unproven", release_create_.options.allow_unproven,
                     "Leave out the ways from earlier releases that are not proven");
    AddSignKey(create, &release_create_.options.sign_key);
    AddCreateOptions(create, &release_create_.options);
    StrategySelection(create, &release_create_);
    CLI::App* verify = release->add_subcommand(
        "verify", "Check every file of the package against the manifest, offline");
    verify->add_flag("--deep", verify_.deep, "Make the proof again in a scratch database");
    AddTrustedKeys(verify, &verify_.trusted_keys);
    StrategySelection(verify, &verify_);
    CLI::App* show = release->add_subcommand("show", "Say what the package holds");
    StrategySelection(show, &release_show_);
    CLI::App* pack = release->add_subcommand("pack", "Write the package into one file");
    pack->add_option("--out", pack_.file, "Where (without: VERSION.tar.zst)")->type_name("FILE");
    StrategySelection(pack, &pack_);
    StrategySelection(
        release->add_subcommand("list", "List the packages here, in tags and in branches"),
        &release_list_);
    CLI::App* diff = release->add_subcommand("diff", "Say what lies between two releases");
    diff->add_option("A", release_diff_.a, "A version, a tag or a package folder")->required();
    diff->add_option("B", release_diff_.b, "The other one")->required();
    StrategySelection(diff, &release_diff_);
  }

  void AddHotfix() {
    CLI::App* hotfix = app_.add_subcommand("hotfix", "Add migrations on top of a release");
    hotfix->require_subcommand(1);
    hotfix->fallthrough();
    CLI::App* make =
        hotfix->add_subcommand("new", "Add a migration on top of the package that lies here");
    make->add_option("NAME", hotfix_new_.options.name, "e.g. add_missing_index")->required();
    make->add_option("--sql", hotfix_new_.options.sql_file,
                     "Its script, which is proven and sealed at once (without: hotfix seal)")
        ->type_name("FILE");
    AddSignKey(make, &hotfix_new_.options.sign_key);
    StrategySelection(make, &hotfix_new_);
    CLI::App* seal =
        hotfix->add_subcommand("seal", "Prove the hotfixes and write them into the manifest");
    AddSignKey(seal, &hotfix_seal_.options.sign_key);
    StrategySelection(seal, &hotfix_seal_);
  }

  static void AddSignKey(CLI::App* app, std::string* file) {
    app->add_option("--sign-key", *file,
                    "Seal the package with this secret key (password: BALLAST_KEY_PASSWORD)")
        ->type_name("FILE");
  }

  void AddDevelopmentBaseline() {
    CLI::App* baseline = app_.add_subcommand("baseline", "Make the development baseline");
    baseline->require_subcommand(1);
    baseline->fallthrough();
    CLI::App* create = baseline->add_subcommand("create", "Make or refresh baseline.sql, proven");
    AddForce(create, &baseline_create_.options);
    AddCreateOptions(create, &baseline_create_.options);
    StrategySelection(create, &baseline_create_);
  }

  void AddResolve() {
    CLI::App* app =
        app_.add_subcommand("resolve", "Tell the migrations table what happened; run nothing");
    app->add_option("--applied", resolve_.applied, "Mark as applied (may be repeated; * and ?)")
        ->type_name("NAME")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    app->add_option("--rolled-back", resolve_.rolled_back,
                    "Mark as rolled back (may be repeated; * and ?)")
        ->type_name("NAME")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    app->add_flag(
        "--all-covered", resolve_.all_covered,
        "Mark all that the baseline covers as applied; converts the other strategy's rows");
    app->add_option("--strategy", resolve_.strategy, "Whose rows --all-covered means")
        ->type_name("NAME");
    app->add_option("--branch", resolve_.branch, "The branch, instead of looking for it");
    StrategySelection(app, &resolve_);
  }

  void AddSchema() {
    CLI::App* schema =
        app_.add_subcommand("schema", "Print schema.prisma as DDL; hold it against the history");
    schema->require_subcommand(1);
    schema->fallthrough();
    CLI::App* sql = schema->add_subcommand("sql", "Print the schema's DDL, as Prisma prints it");
    sql->add_option("--schema", schema_sql_.schema, "A file or folder")->type_name("PATH");
    sql->add_option("--compat", schema_sql_.compat, "The Prisma major to print as")
        ->check(OneOf({"5", "6", "7"}))
        ->type_name("5|6|7");
    StrategySelection(sql, &schema_sql_);
    CLI::App* check = schema->add_subcommand(
        "check", "Hold schema.prisma, the history and a live database side by side");
    check
        ->add_option("--ignore", schema_check_.ignore,
                     "Leave out objects like this (may be repeated)")
        ->type_name("GLOB")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    check->add_flag("--strict", schema_check_.strict, "Count what Prisma cannot express, too");
    check->add_flag("--live", schema_check_.live,
                    "Look at the project's own database (--database-url looks at another)");
    StrategySelection(check, &schema_check_);
  }

  void AddCatalog() {
    CLI::App* catalog = app_.add_subcommand("catalog", "Fingerprint and compare live databases");
    catalog->require_subcommand(1);
    catalog->fallthrough();
    CLI::App* fingerprint =
        catalog->add_subcommand("fingerprint", "Print the fingerprint of a live database");
    StrategySelection(fingerprint, &fingerprint_);
    CLI::App* diff = catalog->add_subcommand(
        "diff", "Say what differs between two databases; -v: with exact definitions");
    diff->add_option("URL_A", catalog_diff_.url_a)->required();
    diff->add_option("URL_B", catalog_diff_.url_b)->required();
    StrategySelection(diff, &catalog_diff_);
  }

  void AddDoctor() {
    CLI::App* app = app_.add_subcommand(
        "doctor", "Look at project, package, environment and database; change nothing at all");
    app->add_option("--strategy", doctor_.strategy, "auto, release, development or history")
        ->type_name("NAME");
    app->add_option("--branch", doctor_.branch, "The branch, instead of looking for it");
    AddTrustedKeys(app, &doctor_.trusted_keys);
    StrategySelection(app, &doctor_);
  }

  void AddScratch() {
    CLI::App* app = app_.add_subcommand(
        "scratch", "Run a command with DATABASE_URL pointing at a throw-away database");
    app->add_option("--major", scratch_.major,
                    "The PostgreSQL major version (without: the newest that is installed)");
    app->add_flag("--deployed", scratch_.deployed, "Deploy the project to it first");
    app->add_option("COMMAND", scratch_.command, "After --")->required();
    app->positionals_at_end();
    StrategySelection(app, &scratch_);
  }

  void AddKey() {
    CLI::App* key = app_.add_subcommand("key", "Make keys that seal packages");
    key->require_subcommand(1);
    key->fallthrough();
    CLI::App* made = key->add_subcommand(
        "new", "Make a key pair, PREFIX.key and PREFIX.pub, in minisign's format");
    made->add_option("--out", key_.prefix, "Where (without: ballast)")->type_name("PREFIX");
    StrategySelection(made, &key_);
  }

  void AddInit() {
    static const std::vector<std::pair<std::string, commands::InitTarget>> targets = {
        {"railway", commands::InitTarget::kRailway},
        {"docker", commands::InitTarget::kDocker},
        {"compose", commands::InitTarget::kCompose},
        {"kubernetes", commands::InitTarget::kKubernetes},
        {"github", commands::InitTarget::kGithub}};
    CLI::App* app = app_.add_subcommand("init", "Write the files that use ballast on a platform");
    app->add_option_function<std::vector<std::string>>(
           "TARGET",
           [this](const std::vector<std::string>& names) {
             for (const std::string& name : names) {
               for (const auto& [word, target] : targets) {
                 if (word == name) init_.targets.push_back(target);
               }
             }
           },
           "Any of railway, docker, compose, kubernetes and github (default: ballast.toml alone)")
        ->check(OneOf({"railway", "docker", "compose", "kubernetes", "github"}));
    app->add_flag("--force", init_.force, "Overwrite files that have other content");
    StrategySelection(app, &init_);
  }

  void AddCompletion() {
    CLI::App* app =
        app_.add_subcommand("completion", "Print the script that completes commands in a shell");
    CLI::Option* shell = app->add_option("SHELL", completion_.shell, "bash, zsh or fish")
                             ->check(OneOf({"bash", "zsh", "fish"}));
    // What the scripts ask for while somebody types.
    AddChoice<commands::NameKind>(app, "--names", &list_names_.kind,
                                  {{"releases", commands::NameKind::kReleases},
                                   {"migrations", commands::NameKind::kMigrations}},
                                  "");
    CLI::Option* names = app->get_option("--names")->group("")->excludes(shell);
    app->fallthrough();
    app->callback([this, shell, names] {
      if (names->count() > 0) {
        options_->command = list_names_;
      } else if (shell->count() > 0) {
        options_->command = completion_;
      } else {
        throw CLI::RequiredError("SHELL");
      }
    });
  }

  CLI::App app_;
  Options* options_;
  commands::DeployOptions deploy_;
  std::optional<std::chrono::milliseconds> wait_for_database_;
  commands::StatusOptions status_;
  ReleaseCreate release_create_;
  commands::VerifyOptions verify_;
  ReleaseShow release_show_;
  commands::PackOptions pack_;
  ReleaseList release_list_;
  ReleaseDiff release_diff_;
  HotfixNew hotfix_new_;
  HotfixSeal hotfix_seal_;
  BaselineCreate baseline_create_;
  commands::ResolveOptions resolve_;
  commands::SchemaSqlOptions schema_sql_;
  commands::SchemaCheckOptions schema_check_;
  CatalogFingerprint fingerprint_;
  CatalogDiff catalog_diff_;
  commands::ScratchOptions scratch_;
  project::KeyOptions key_;
  commands::DoctorOptions doctor_;
  PrintCompletion completion_;
  commands::ListNamesOptions list_names_;
  commands::InitOptions init_;
};

// What can follow an option, by its name and by the type that its help shows.
ValueKind ValueKindOf(const std::string& name, const std::string& type) {
  if (name == "--applied" || name == "--rolled-back") return ValueKind::kMigration;
  if (name == "A" || name == "B") return ValueKind::kRelease;
  if (type == "FILE" || type == "PATH" || type == "PREFIX") return ValueKind::kFile;
  if (type == "DIR") return ValueKind::kFolder;
  if (type.find('|') != std::string::npos || name == "--strategy") return ValueKind::kWords;
  return ValueKind::kAnything;
}

CompletedOption Describe(const CLI::Option& option) {
  CompletedOption described;
  for (const std::string& name : option.get_snames()) described.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) described.names.push_back("--" + name);
  described.help = option.get_description();
  if (option.get_expected_max() == 0) return described;
  const std::string type = option.get_type_name();
  described.value = ValueKindOf(described.names.back(), type);
  if (described.value != ValueKind::kWords) return described;
  described.words = type.find('|') == std::string::npos
                        ? std::vector<std::string>{"auto", "release", "development", "history"}
                        : Split(type, '|');
  return described;
}

CompletedCommand Describe(const CLI::App& app, const std::string& path) {
  CompletedCommand described;
  described.path = path;
  described.help = app.get_description();
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;
    if (option->get_positional()) {
      const std::string name = option->get_name();
      described.argument = ValueKindOf(name, option->get_type_name());
    } else {
      described.options.push_back(Describe(*option));
    }
  }
  for (const CLI::App* below : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (below->get_group().empty()) continue;
    described.commands.push_back(
        Describe(*below, path.empty() ? below->get_name() : path + " " + below->get_name()));
  }
  return described;
}

// An argument that may hold a password, wherever it stands by mistake.
bool MayBeSecret(const std::string& argument) {
  const size_t value = argument.starts_with("--") ? argument.find('=') + 1 : 0;
  if (argument.find('=', value) != std::string::npos) return true;  // libpq's key=value form
  return argument.find("://") != std::string::npos || argument.find('@') != std::string::npos ||
         ToLowerAscii(argument).find("password") != std::string::npos;
}

Error UsageError(std::string what, const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments) {
    if (MayBeSecret(argument)) what = ReplaceAll(what, argument, "(a URL)");
  }
  return MakeError(ErrorCode::kUsageError, what, "see ballast --help");
}

}  // namespace

std::optional<long> ParseMilliseconds(const std::string& text) {
  const size_t digits = text.find_first_not_of("0123456789");
  if (digits == 0 || text.empty() || text.size() > 12) return std::nullopt;
  const long number = std::atol(text.c_str());
  const std::string unit = digits == std::string::npos ? "ms" : text.substr(digits);
  if (unit == "ms") return number;
  if (unit == "s") return number * 1000;
  if (unit == "m" || unit == "min") return number * 60000;
  return std::nullopt;
}

Result<std::variant<Options, Answer>> ParseOptions(const std::vector<std::string>& arguments) {
  Options options;
  CommandLine line(&options);
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    line.app().parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    CLI::App* app = &line.app();
    std::string path;
    std::string command;
    while (!app->get_subcommands().empty()) {
      path += (path.empty() ? "" : " ") + app->get_name();
      app = app->get_subcommands().front();
      command += (command.empty() ? "" : " ") + app->get_name();
    }
    return std::variant<Options, Answer>(Answer{app->help(path) + HelpFooter(command)});
  } catch (const CLI::CallForVersion& version) {
    return std::variant<Options, Answer>(Answer{std::string(version.what()) + "\n"});
  } catch (const CLI::ParseError& error) {
    return UsageError(error.what(), arguments);
  }
  if (const auto* print = std::get_if<PrintCompletion>(&options.command)) {
    const Shell shell = print->shell == "bash"  ? Shell::kBash
                        : print->shell == "zsh" ? Shell::kZsh
                                                : Shell::kFish;
    return std::variant<Options, Answer>(Answer{CompletionScript(shell, Describe(line.app(), ""))});
  }
  return std::variant<Options, Answer>(std::move(options));
}

}  // namespace ballast::cli
