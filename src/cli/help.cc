// SPDX-License-Identifier: Apache-2.0
#include "cli/help.h"

#include <utility>

namespace ballast::cli {
namespace {

constexpr std::pair<std::string_view, std::string_view> kExamples[] = {
    {"", R"(
  ballast release create v4.0.0             create and prove the package of this version
  ballast deploy                            apply the release or the pending migrations
  ballast status                            show the state of the database
  ballast doctor                            find problems and their remedies
  ballast scratch --deployed -- npm test    run tests on a temporary, deployed database
)"},
    {"deploy", R"(
  ballast deploy --dry-run                  print what would be done
  ballast deploy --wait-for-database 1min   wait for a database that is starting
  ballast deploy -- node server.js          then become the application, in the same process
  ballast deploy --adopt                    record a database that was restored without its rows
  BALLAST_NOTIFY_URL="$SLACK_WEBHOOK" ballast deploy --metrics-file ballast.prom
  ballast deploy --package v4.0.0.tar.zst   deploy from one file, without the project
  ballast deploy --template --database-url postgresql://postgres@db/test_1
)"},
    {"doctor", R"(
  ballast doctor
  ballast doctor --strict                   in CI: warnings fail, too
  ballast doctor --strategy release --output json
)"},
    {"status", R"(
  ballast status
  ballast status --output json              found, pending, failed, fingerprint …
)"},
    {"fleet status", R"(
  ballast fleet status --targets fleet.toml
  ballast fleet status --targets-query 'SELECT database FROM tenants' --output json
)"},
    {"fleet deploy", R"(
  ballast fleet deploy --targets fleet.toml --canary 3 --waves 10%,50%,rest --pause 30s
  ballast fleet deploy --targets-env TENANT_URL_ --only 'EU_*'
  ballast fleet deploy --targets-query 'SELECT database, region FROM tenants' --label region=eu \
    --control-url env:CONTROL_URL --url-template env:TENANT_URL --failure-budget 1%
)"},
    {"release create", R"(
  ballast release create v4.0.0
  ballast release create v4.0.1 --from-release ../v4.0.0/.railway
  ballast release create v4.0.0 --sign-key ballast.key
)"},
    {"release verify", R"(
  ballast release verify                    check every byte, offline
  ballast release verify --deep             prove the baseline again
)"},
    {"release show", R"(
  ballast release show                      the package of the project
  ballast release show --package v4.0.0.tar.zst
)"},
    {"release list", R"(
  ballast release list                      releases in branches and tags of the repository
  ballast release list --output json
)"},
    {"release pack", R"(
  ballast release pack                      one file, for deploy --package
  ballast release pack --out v4.0.0.tar.zst
)"},
    {"release diff", R"(
  ballast release diff v4.0.0 v4.1.0
)"},
    {"hotfix new", R"(
  ballast hotfix new add_missing_index --sql index.sql
)"},
    {"hotfix seal", R"(
  ballast hotfix seal                       after you have written the script of `hotfix new`
  ballast hotfix seal --sign-key ballast.key
)"},
    {"hotfix merge", R"(
  git checkout main && ballast hotfix merge                  copy all hotfixes that main lacks
  ballast hotfix merge add_missing_index
)"},
    {"baseline create", R"(
  ballast baseline create                   once, and again when `ballast doctor` reports it stale
)"},
    {"resolve", R"(
  ballast resolve --rolled-back 20260401080000_index
  ballast resolve --all-covered --strategy history
)"},
    {"log", R"(
  ballast log --since 7d                    what was deployed, by whom, how long it took
  ballast log --failures --output json
  ballast log --summary --fail-on alert     key figures against their thresholds
)"},
    {"repair", R"(
  ballast repair --dry-run                  what differs, and what would be done
  ballast repair                            do it; the result is compared before the last commit
  ballast repair --drop 'User.nickname'     accept the loss of this column's values
)"},
    {"rollback", R"(
  ballast rollback --to v4.0.0 --dry-run    what would be undone, and what data would be lost
  ballast rollback --to v4.0.0 --keep-data  move that data into the schema ballast_kept
  ballast rollback --to 20260401080000_add_index --strategy history
)"},
    {"schema sql", R"(
  ballast schema sql --schema prisma/schema.prisma > schema.sql
)"},
    {"schema check", R"(
  ballast schema check                      compare schema.prisma with the migrations
  ballast schema check --live               and with the project's database
)"},
    {"squash", R"(
  ballast squash                            replace all migrations with one, proven
  ballast squash --up-to 20240401120000_teams
  ballast squash --check                    in CI: fail if a migration was merged late
)"},
    {"lint", R"(
  ballast lint --since origin/main          what this branch adds
  ballast lint --database-url postgresql://localhost/app --fail-on warning
  ballast lint --since v4.0.0 --format sarif
)"},
    {"check", R"(
  ballast check --since origin/main         in CI: all that can be checked without a database
  ballast check --format github --summary "$GITHUB_STEP_SUMMARY"
)"},
    {"catalog fingerprint", R"(
  ballast catalog fingerprint               of the project's database
  ballast catalog fingerprint --database-url postgresql://localhost/app
)"},
    {"catalog diff", R"(
  ballast catalog diff postgresql://localhost/a postgresql://localhost/b
  ballast catalog diff --strict URL_A URL_B  compare what ballast.toml ignores, too
)"},
    {"scratch", R"(
  ballast scratch -- npx prisma migrate deploy
  ballast scratch --deployed -- npm test
  ballast scratch --template --scratch-url postgresql://postgres@localhost/postgres -- npm test
  ballast scratch --major 16 -- bash        start a shell with DATABASE_URL set
)"},
    {"init", R"(
  ballast init                              ballast.toml with the usual settings
  ballast init railway github               a pre-deploy command, and a workflow that creates releases
)"},
    {"serve", R"(
  ballast serve                             the dashboard of this project: http://127.0.0.1:7070
  ballast serve --database eu=env:EU_URL --database us=env:US_URL
  ballast serve --ready-only --listen 0.0.0.0:8080
)"},
    {"completion", R"(
  source <(ballast completion bash)         in ~/.bashrc
  source <(ballast completion zsh)          in ~/.zshrc, after compinit
  ballast completion fish | source          in ~/.config/fish/config.fish
)"},
    {"key new", R"(
  BALLAST_KEY_PASSWORD=… ballast key new --out release
)"},
};

constexpr std::string_view kForAll = R"(
The database URL is the first of --database-url, url_variable (ballast.toml), directUrl, DIRECT_URL, url, DATABASE_URL.
DIRECT_URL counts only if url is DATABASE_URL, or if nothing names a URL (docs/configuration.md).
Exit status: 0 success; 1 refused or differences found, nothing changed; 2 usage; 3 could not complete, nothing
changed; 4 partially applied, needs attention; 70 internal error; 129, 130, 143 interrupted.
)";

}  // namespace

std::vector<std::string_view> CommandsWithExamples() {
  std::vector<std::string_view> commands;
  for (const auto& [name, examples] : kExamples) commands.push_back(name);
  return commands;
}

std::string HelpFooter(std::string_view command) {
  std::string footer;
  for (const auto& [name, examples] : kExamples) {
    if (name == command) footer += "Examples:" + std::string(examples);
  }
  footer += command.empty() ? kForAll : "\nGlobal options and exit status: ballast --help\n";
  return footer;
}

}  // namespace ballast::cli
