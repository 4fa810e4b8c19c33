// SPDX-License-Identifier: Apache-2.0
#include "cli/options.h"

#include <CLI/CLI.hpp>

#include "base/text.h"
#include "base/version.h"
#include "cli/command_tree.h"
#include "cli/completion.h"
#include "cli/help.h"
#include "cli/suggestion.h"
#include "release/manifest.h"

namespace ballast::cli {
namespace {

std::string CheckMilliseconds(const std::string& text) {
  if (ParseMilliseconds(text)) return {};
  return "'" + text + "' is not a duration; use 500ms, 10s or 2m";
}

std::string CheckVersion(const std::string& text) {
  if (release::IsVersion(text)) return {};
  return "'" + text +
         "' is not a version: use 1 to 64 of A-Z a-z 0-9 . _ + -, not beginning with a dot";
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

// Accepts only these words; the type name already lists them.
CLI::Validator OneOf(std::vector<std::string> words) {
  return CLI::IsMember(std::move(words)).description("");
}

// An option that accepts only these words, each of which selects a value.
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

// Each subcommand fills its own options. The subcommand that was given becomes the command.
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
  void Select(CLI::App* app, T* value) {
    app->fallthrough();
    app->callback([this, value] { options_->command = *value; });
  }

  void AddGlobal() {
    app_.name("ballast");
    app_.description(
        "Replaces hundreds of Prisma migrations by one verified baseline and deploys it in one "
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
                    "Release package: a folder, or a file made by `release pack`")
        ->type_name("PATH");
    app_.add_flag("--trust-history", options_->trust_history,
                  "Run the migrations of a package of somebody else's without a sandbox, too");
    AddChoice<Output>(&app_, "--output", &options_->output,
                      {{"text", Output::kText}, {"json", Output::kJson}},
                      "json: one document on stdout, everything else on stderr");
    AddChoice<LogFormat>(&app_, "--log-format", &options_->log_format,
                         {{"text", LogFormat::kText}, {"json", LogFormat::kJson}},
                         "json: progress on stderr as one JSON object per line");
    AddChoice<Color>(&app_, "--color", &options_->color,
                     {{"auto", Color::kAuto}, {"always", Color::kAlways}, {"never", Color::kNever}},
                     "auto: on a terminal, unless NO_COLOR is set");
    app_.add_flag("-q,--quiet", options_->quiet, "Print errors only");
    app_.add_flag("-v,--verbose", options_->verbose,
                  "Show error details, and full definitions in differences");
    app_.set_version_flag("--version", "ballast " + std::string(kVersion));
  }

  static void AddAllowDrift(CLI::App* app, bool* allow_drift) {
    app->add_flag("--allow-drift", *allow_drift,
                  "Deploy although objects of the release are missing or changed; leave them so");
  }

  void AddDeploy() {
    CLI::App* app = app_.add_subcommand(
        "deploy", "Apply the release or the pending migrations to the database");
    app->add_option("--strategy", deploy_.strategy, "auto, release, development or history")
        ->type_name("NAME");
    app->add_option("--branch", deploy_.branch, "Branch name (default: detected)");
    AddTrustedKeys(app, &deploy_.trusted_keys);
    app->add_flag("--dry-run", deploy_.dry_run, "Print what would be done; change nothing");
    app->add_flag("--sql", deploy_.sql, "With --dry-run: print the SQL that would run, for psql")
        ->needs("--dry-run");
    app->add_flag("--adopt", deploy_.adopt,
                  "Mark an existing database as migrated if its schema matches a known state");
    app->add_flag("--strict", deploy_.strict,
                  "Refuse a database that is ahead, or that has objects of others (additions)");
    AddAllowDrift(app, &deploy_.allow_drift);
    app->add_flag("--template", deploy_.from_template,
                  "Create the database by copying a cached, already deployed template")
        ->excludes("--dry-run")
        ->excludes("--adopt");
    AddTime(app, "--lock-timeout", &deploy_.lock_timeout,
            "Lock timeout (default: 10s for the deployment lock, 3s per attempt for tables)");
    AddTime(app, "--statement-timeout", &deploy_.statement_timeout,
            "Statement timeout (default: the server's setting)");
    AddTime(app, "--connect-timeout", &deploy_.connect_timeout,
            "Timeout of one connection attempt (default: 5s)");
    AddTime(app, "--wait-for-database", &wait_for_database_,
            "How long to wait for a database that is missing or starting (default: 0)");
    app->fallthrough();
    app->callback([this] {
      if (wait_for_database_) deploy_.wait_for_database = *wait_for_database_;
      options_->command = deploy_;
    });
  }

  void AddStatus() {
    CLI::App* app =
        app_.add_subcommand("status", "Show the state of the database and what a deploy would do");
    app->add_option("--strategy", status_.strategy, "auto, release, development or history")
        ->type_name("NAME");
    app->add_option("--branch", status_.branch, "Branch name (default: detected)");
    app->add_flag("--strict", status_.strict, "Report objects of others (additions) as a refusal");
    AddAllowDrift(app, &status_.allow_drift);
    Select(app, &status_);
  }

  static void AddTrustedKeys(CLI::App* app, std::vector<std::string>* keys) {
    app->add_option("--trusted-key", *keys,
                    "Accept only packages signed with this public key or file (repeatable)")
        ->type_name("KEY")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }

  static void AddForce(CLI::App* app, proof::CreateOptions* options) {
    app->add_flag("--force", options->force, "Make and prove it again even if nothing has changed");
  }

  static void AddCreateOptions(CLI::App* app, proof::CreateOptions* options) {
    app->add_option("--replay-mode", options->replay_mode,
                    "batch: one message per script (Prisma before 7.4); split: one per statement")
        ->check(OneOf({"batch", "split"}))
        ->type_name("batch|split");
    app->add_option_function<std::string>(
           "--from",
           [options](const std::string& from) { options->from_schema = from == "schema"; },
           "history: write the baseline from the replayed migrations; schema: use the DDL that "
           "Prisma prints for schema.prisma, if it is proven equal")
        ->check(OneOf({"history", "schema"}))
        ->type_name("history|schema");
    app->add_option("--max-rows-bytes", options->max_rows_bytes,
                    "Limit on the rows in the baseline (default: 10 MiB)")
        ->type_name("BYTES");
  }

  void AddRelease() {
    CLI::App* release = app_.add_subcommand("release", "Create, verify and show release packages");
    release->require_subcommand(1);
    release->fallthrough();
    CLI::App* create = release->add_subcommand(
        "create", "Create the package of a version: replay, write the baseline, prove it");
    create
        ->add_option("VERSION", release_create_.options.version,
                     "e.g. v4.0.0; default: that of the release branch or tag")
        ->check(CheckVersion)
        ->type_name("TEXT");
    AddCheck(create, &release_create_.options);
    create->add_flag("--replace", release_create_.options.replace,
                     "Replace a package of the same version that has other content");
    AddForce(create, &release_create_.options);
    create
        ->add_option(
            "--from-release", release_create_.options.from_releases,
            "Package folder of an earlier release to prove an upgrade path from (repeatable)")
        ->type_name("PATH")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    create->add_flag("--allow-unproven", release_create_.options.allow_unproven,
                     "Leave out upgrade paths that cannot be proven");
    AddSignKey(create, &release_create_.options.sign_key);
    AddCreateOptions(create, &release_create_.options);
    Select(create, &release_create_);
    CLI::App* verify = release->add_subcommand(
        "verify", "Check every file of the package against the manifest, offline");
    verify->add_flag("--deep", verify_.deep, "Also prove the baseline again in a scratch database");
    AddTrustedKeys(verify, &verify_.trusted_keys);
    Select(verify, &verify_);
    CLI::App* show = release->add_subcommand("show", "Show the contents of the package");
    Select(show, &release_show_);
    CLI::App* pack = release->add_subcommand("pack", "Write the package into one file");
    pack->add_option("--out", pack_.file, "Output file (default: VERSION.tar.zst)")
        ->type_name("FILE");
    Select(pack, &pack_);
    Select(release->add_subcommand("list",
                                   "List the releases in this folder, in tags and in branches"),
           &release_list_);
    CLI::App* diff = release->add_subcommand("diff", "Show the differences between two releases");
    diff->add_option("A", release_diff_.a, "Version, tag or package folder")->required();
    diff->add_option("B", release_diff_.b, "The other version, tag or folder")->required();
    Select(diff, &release_diff_);
  }

  void AddHotfix() {
    CLI::App* hotfix = app_.add_subcommand("hotfix", "Add migrations on top of a release");
    hotfix->require_subcommand(1);
    hotfix->fallthrough();
    CLI::App* make = hotfix->add_subcommand("new", "Add a migration on top of the package");
    make->add_option("NAME", hotfix_new_.options.name, "e.g. add_missing_index")->required();
    make->add_option(
            "--sql", hotfix_new_.options.sql_file,
            "Script to prove and seal now (default: an empty script, sealed by `hotfix seal`)")
        ->type_name("FILE");
    AddSignKey(make, &hotfix_new_.options.sign_key);
    Select(make, &hotfix_new_);
    CLI::App* seal =
        hotfix->add_subcommand("seal", "Prove the hotfixes and write them into the manifest");
    AddSignKey(seal, &hotfix_seal_.options.sign_key);
    Select(seal, &hotfix_seal_);
  }

  static void AddCheck(CLI::App* app, proof::CreateOptions* options) {
    app->add_flag("--check", options->check,
                  "Write nothing; exit 1 and say what is stale, if it is not what would be made");
  }

  static void AddSignKey(CLI::App* app, std::string* file) {
    app->add_option("--sign-key", *file,
                    "Sign the package with this secret key (password: BALLAST_KEY_PASSWORD)")
        ->type_name("FILE");
  }

  void AddDevelopmentBaseline() {
    CLI::App* baseline = app_.add_subcommand("baseline", "Create the development baseline");
    baseline->require_subcommand(1);
    baseline->fallthrough();
    CLI::App* create =
        baseline->add_subcommand("create", "Create or refresh baseline.sql, and prove it");
    AddCheck(create, &baseline_create_.options);
    AddForce(create, &baseline_create_.options);
    AddCreateOptions(create, &baseline_create_.options);
    Select(create, &baseline_create_);
  }

  void AddResolve() {
    CLI::App* app = app_.add_subcommand(
        "resolve", "Mark migrations as applied or rolled back without running them");
    app->add_option("--applied", resolve_.applied,
                    "Migration to mark as applied (repeatable; * and ? match)")
        ->type_name("NAME")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    app->add_option("--rolled-back", resolve_.rolled_back,
                    "Migration to mark as rolled back (repeatable; * and ? match)")
        ->type_name("NAME")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    app->add_flag(
        "--all-covered", resolve_.all_covered,
        "Mark every migration that the baseline covers; converts rows of the other strategy");
    app->add_option("--strategy", resolve_.strategy, "Strategy whose rows --all-covered writes")
        ->type_name("NAME");
    app->add_option("--branch", resolve_.branch, "Branch name (default: detected)");
    Select(app, &resolve_);
  }

  void AddSchema() {
    CLI::App* schema =
        app_.add_subcommand("schema", "Print schema.prisma as DDL; compare it with the migrations");
    schema->require_subcommand(1);
    schema->fallthrough();
    CLI::App* sql =
        schema->add_subcommand("sql", "Print the DDL of the schema exactly as Prisma does");
    sql->add_option("--compat", schema_sql_.compat,
                    "Prisma major version to imitate (default: the project's)")
        ->check(OneOf({"5", "6", "7"}))
        ->type_name("5|6|7");
    Select(sql, &schema_sql_);
    CLI::App* check = schema->add_subcommand(
        "check", "Compare schema.prisma, the migrations and a live database");
    check->add_option("--ignore", schema_check_.ignore, "Ignore matching objects (repeatable)")
        ->type_name("GLOB")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    check->add_flag("--strict", schema_check_.strict, "Also report what Prisma cannot express");
    check->add_flag("--accept", schema_check_.accept,
                    "Record the differences in ballast.toml as accepted");
    check->add_flag("--live", schema_check_.live,
                    "Also compare the project's database (or that of --database-url)");
    Select(check, &schema_check_);
  }

  void AddCatalog() {
    CLI::App* catalog = app_.add_subcommand("catalog", "Fingerprint and compare live databases");
    catalog->require_subcommand(1);
    catalog->fallthrough();
    CLI::App* fingerprint =
        catalog->add_subcommand("fingerprint", "Print the fingerprint of a live database");
    Select(fingerprint, &fingerprint_);
    CLI::App* diff = catalog->add_subcommand(
        "diff", "Show the differences between two databases (-v: full definitions)");
    diff->add_option("URL_A", catalog_diff_.url_a)->required();
    diff->add_option("URL_B", catalog_diff_.url_b)->required();
    Select(diff, &catalog_diff_);
  }

  void AddDoctor() {
    CLI::App* app = app_.add_subcommand(
        "doctor", "Check project, package, environment and database; change nothing");
    app->add_option("--strategy", doctor_.strategy, "auto, release, development or history")
        ->type_name("NAME");
    app->add_option("--branch", doctor_.branch, "Branch name (default: detected)");
    AddTrustedKeys(app, &doctor_.trusted_keys);
    Select(app, &doctor_);
  }

  void AddScratch() {
    CLI::App* app = app_.add_subcommand(
        "scratch", "Run a command with DATABASE_URL set to a throw-away database");
    app->add_option("--major", scratch_.major,
                    "PostgreSQL major version (default: the newest installed)");
    app->add_flag("--deployed", scratch_.deployed, "Deploy the project to it first");
    app->add_option("COMMAND", scratch_.command, "Command to run, after --")->required();
    app->positionals_at_end();
    Select(app, &scratch_);
  }

  void AddKey() {
    CLI::App* key = app_.add_subcommand("key", "Create keys for signing packages");
    key->require_subcommand(1);
    key->fallthrough();
    CLI::App* made = key->add_subcommand(
        "new", "Create a key pair, PREFIX.key and PREFIX.pub, in minisign's format");
    made->add_option("--out", key_.prefix, "Output prefix (default: ballast)")->type_name("PREFIX");
    Select(made, &key_);
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
    Select(app, &init_);
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

// Whether an argument may contain a password, even in the wrong place.
bool MayBeSecret(const std::string& argument) {
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

std::string HelpOf(const Parsed& parsed) {
  return parsed.app->help(parsed.above) + HelpFooter(parsed.command);
}

std::vector<std::string> CommandsOf(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
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

// A sentence about the first argument that nothing accepts; empty if there is none.
std::string UnknownArgument(const CLI::App& root, const Parsed& parsed) {
  const std::vector<std::string> rest = root.remaining(true);
  if (rest.empty()) return {};
  const std::string word = rest.front().substr(0, rest.front().find('='));
  const bool option = word.starts_with("-");
  const std::vector<std::string> commands = CommandsOf(*parsed.app);
  if (!option && commands.empty()) return {};
  const std::string nearest = NearestWord(word, option ? OptionsOf(parsed.app) : commands);
  const std::string where = parsed.command.empty() ? "" : " of `" + parsed.command + "`";
  return "unknown " + std::string(option ? "option" : "command") + " '" + word + "'" + where +
         (nearest.empty() ? "" : "; did you mean '" + nearest + "'?");
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
  const bool asks = !reversed.empty() && reversed.back() == "help";  // as `git help COMMAND`
  if (asks) reversed.pop_back();
  if (asks || reversed.empty()) reversed.insert(reversed.begin(), "--help");
  try {
    line.app().parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    return std::variant<Options, Answer>(Answer{HelpOf(DeepestCommand(&line.app()))});
  } catch (const CLI::CallForVersion& version) {
    return std::variant<Options, Answer>(Answer{std::string(version.what()) + "\n"});
  } catch (const CLI::ParseError& error) {
    const std::string unknown = UnknownArgument(line.app(), DeepestCommand(&line.app()));
    return UsageError(unknown.empty() ? error.what() : unknown, arguments);
  }
  if (const auto* print = std::get_if<PrintCompletion>(&options.command)) {
    const Shell shell = print->shell == "bash"  ? Shell::kBash
                        : print->shell == "zsh" ? Shell::kZsh
                                                : Shell::kFish;
    return std::variant<Options, Answer>(
        Answer{CompletionScript(shell, DescribeCommands(line.app()))});
  }
  return std::variant<Options, Answer>(std::move(options));
}

}  // namespace ballast::cli
