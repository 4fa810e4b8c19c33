// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <CLI/CLI.hpp>

#include "cli/options_internal.h"
#include "release/manifest.h"

namespace ballast::cli {
namespace {

using release::ReplayMode;

std::string CheckVersion(const std::string& text) {
  if (release::IsVersion(text)) return {};
  return "'" + text +
         "' is not a version: use 1 to 64 of A-Z a-z 0-9 . _ + -, not beginning with a dot";
}

void AddForce(CLI::App* app, proof::CreateOptions* options) {
  app->add_flag("--force", options->force, "Rebuild and verify even if nothing changed");
}

void AddCheck(CLI::App* app, proof::CreateOptions* options) {
  app->add_flag("--check", options->check, "Write nothing; exit 1 and report what is stale");
}

void AddSignKey(CLI::App* app, std::string* file) {
  app->add_option("--sign-key", *file,
                  "Sign the package with this secret key (password: BALLAST_KEY_PASSWORD)")
      ->type_name("FILE");
}

void AddCreateOptions(CLI::App* app, proof::CreateOptions* options) {
  AddChoice<ReplayMode>(
      app, "--replay-mode", &options->replay_mode,
      {{"batch", ReplayMode::kBatch}, {"split", ReplayMode::kSplit}, {"auto", ReplayMode::kAuto}},
      "How scripts are replayed: auto (default), batch or split (docs/commands/release.md)");
  app->add_option_function<std::string>(
         "--from", [options](const std::string& from) { options->from_schema = from == "schema"; },
         "history: write the baseline from the replayed migrations; schema: use the DDL that "
         "Prisma prints for schema.prisma, if it is proven equal")
      ->check(OneOf({"history", "schema"}))
      ->type_name("history|schema");
  app->add_option("--max-rows-bytes", options->max_rows_bytes,
                  "Limit on the rows in the baseline (default: 10 MiB)")
      ->check(IsNumberOfBytes())
      ->type_name("BYTES");
}

void AddRelease(CLI::App* root, Options* options) {
  const auto release_create = std::make_shared<ReleaseCreate>();
  const auto verify_options = std::make_shared<commands::VerifyOptions>();
  const auto release_show = std::make_shared<ReleaseShow>();
  const auto pack_options = std::make_shared<commands::PackOptions>();
  const auto release_list = std::make_shared<ReleaseList>();
  const auto release_diff = std::make_shared<ReleaseDiff>();
  CLI::App* release = root->add_subcommand("release", "Create, verify and show release packages");
  release->require_subcommand(1);
  release->fallthrough();
  CLI::App* create = release->add_subcommand(
      "create", "Create the package of a version: replay, write the baseline, prove it");
  create
      ->add_option("VERSION", release_create->options.version,
                   "e.g. v4.0.0; default: that of the release branch or tag")
      ->check(CheckVersion)
      ->type_name("TEXT");
  AddCheck(create, &release_create->options);
  create->add_flag("--replace", release_create->options.replace,
                   "Replace a package of the same version that has different content");
  AddForce(create, &release_create->options);
  AddRepeatable(create, "--from-release", &release_create->options.from_releases, "PATH",
                "Package folder of an earlier release to prove an upgrade path from (repeatable)");
  create->add_flag("--allow-unproven", release_create->options.allow_unproven,
                   "Leave out upgrade paths that cannot be proven");
  AddSignKey(create, &release_create->options.sign_key);
  AddCreateOptions(create, &release_create->options);
  AddDelivery(create, options);
  Select(create, options, release_create);
  CLI::App* verify = release->add_subcommand(
      "verify", "Check every file of the package against the manifest, offline");
  verify->add_flag("--deep", verify_options->deep,
                   "Also prove the baseline again in a scratch database");
  AddTrustedKeys(verify, &verify_options->trusted_keys);
  Select(verify, options, verify_options);
  CLI::App* show = release->add_subcommand("show", "Show the contents of the package");
  Select(show, options, release_show);
  CLI::App* pack = release->add_subcommand("pack", "Write the package into one file");
  pack->add_option("--out", pack_options->file, "Output file (default: VERSION.tar.zst)")
      ->type_name("FILE");
  Select(pack, options, pack_options);
  Select(
      release->add_subcommand("list", "List the releases in this folder, in tags and in branches"),
      options, release_list);
  CLI::App* diff = release->add_subcommand("diff", "Show the differences between two releases");
  diff->add_option("A", release_diff->a, "Version, tag or package folder")->required();
  diff->add_option("B", release_diff->b, "The other version, tag or folder")->required();
  Select(diff, options, release_diff);
}

void AddHotfix(CLI::App* root, Options* options) {
  const auto hotfix_new = std::make_shared<HotfixNew>();
  const auto hotfix_seal = std::make_shared<HotfixSeal>();
  CLI::App* hotfix = root->add_subcommand("hotfix", "Add migrations on top of a release");
  hotfix->require_subcommand(1);
  hotfix->fallthrough();
  CLI::App* make = hotfix->add_subcommand("new", "Add a migration on top of the package");
  make->add_option("NAME", hotfix_new->options.name, "e.g. add_missing_index")->required();
  make->add_option(
          "--sql", hotfix_new->options.sql_file,
          "Script to prove and seal now (default: an empty script, sealed by `hotfix seal`)")
      ->type_name("FILE");
  AddSignKey(make, &hotfix_new->options.sign_key);
  Select(make, options, hotfix_new);
  CLI::App* seal =
      hotfix->add_subcommand("seal", "Prove the hotfixes and write them into the manifest");
  AddSignKey(seal, &hotfix_seal->options.sign_key);
  Select(seal, options, hotfix_seal);
  const auto hotfix_merge = std::make_shared<commands::HotfixMergeOptions>();
  CLI::App* merge = hotfix->add_subcommand(
      "merge", "Copy the hotfixes of releases into the migrations of this branch");
  merge->add_option("NAME", hotfix_merge->name, "One hotfix (default: all of them)");
  Select(merge, options, hotfix_merge);
}

void AddDevelopmentBaseline(CLI::App* root, Options* options) {
  const auto baseline_create = std::make_shared<BaselineCreate>();
  CLI::App* baseline = root->add_subcommand("baseline", "Create the development baseline");
  baseline->require_subcommand(1);
  baseline->fallthrough();
  CLI::App* create =
      baseline->add_subcommand("create", "Create or refresh baseline.sql, and prove it");
  AddCheck(create, &baseline_create->options);
  AddForce(create, &baseline_create->options);
  AddCreateOptions(create, &baseline_create->options);
  AddDelivery(create, options);
  Select(create, options, baseline_create);
}

void AddKey(CLI::App* root, Options* options) {
  const auto key_options = std::make_shared<project::KeyOptions>();
  CLI::App* key = root->add_subcommand("key", "Create keys for signing packages");
  key->require_subcommand(1);
  key->fallthrough();
  CLI::App* made = key->add_subcommand(
      "new", "Create a key pair, PREFIX.key and PREFIX.pub, in minisign's format");
  made->add_option("--out", key_options->prefix, "Output prefix (default: ballast)")
      ->type_name("PREFIX");
  Select(made, options, key_options);
}

}  // namespace

void AddReleaseCommands(CLI::App* root, Options* options) {
  AddRelease(root, options);
  AddHotfix(root, options);
  AddDevelopmentBaseline(root, options);
  AddKey(root, options);
}

}  // namespace ballast::cli
