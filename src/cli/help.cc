// SPDX-License-Identifier: Apache-2.0
#include "cli/help.h"

#include <utility>

namespace ballast::cli {
namespace {

constexpr std::pair<std::string_view, std::string_view> kExamples[] = {
    {"", R"(
  ballast release create v4.0.0             make the package of this version, proven
  ballast deploy                            bring the database to where the project says
  ballast status                            where does the database stand?
  ballast doctor                            what is wrong here, and what mends it?
  ballast scratch --deployed -- npm test    run the tests on a throw-away, deployed database
)"},
    {"deploy", R"(
  ballast deploy --dry-run                  say what would be done
  ballast deploy --wait-for-database 1min   in a container beside it (also 500ms, 30s)
  ballast deploy --adopt                    a database that was restored without its migrations table
  ballast deploy --package v4.0.0.tar.zst   from one file, without the project
  ballast deploy --template --database-url postgresql://postgres@db/test_1
)"},
    {"status", R"(
  ballast status
  ballast status --output json              found, pending, failed, fingerprint …
)"},
    {"release create", R"(
  ballast release create v4.0.0
  ballast release create v4.0.1 --from-release ../v4.0.0/.railway
  ballast release create v4.0.0 --sign-key ballast.key
)"},
    {"release verify", R"(
  ballast release verify                    every byte, offline
  ballast release verify --deep             the proof once more
)"},
    {"release diff", R"(
  ballast release diff v4.0.0 v4.1.0
)"},
    {"hotfix new", R"(
  ballast hotfix new add_missing_index --sql index.sql
)"},
    {"baseline create", R"(
  ballast baseline create                   once; again when `ballast doctor` calls it stale
)"},
    {"resolve", R"(
  ballast resolve --rolled-back 20260401080000_index
  ballast resolve --all-covered --strategy history
)"},
    {"schema sql", R"(
  ballast schema sql --schema prisma/schema.prisma > schema.sql
)"},
    {"schema check", R"(
  ballast schema check                      schema.prisma against the history
  ballast schema check --live               and against the project's database
)"},
    {"catalog diff", R"(
  ballast catalog diff postgresql://localhost/a postgresql://localhost/b
)"},
    {"scratch", R"(
  ballast scratch -- npx prisma migrate deploy
  ballast scratch --deployed -- npm test
  ballast scratch --major 16 -- bash        a shell with DATABASE_URL
)"},
    {"init", R"(
  ballast init                              ballast.toml with the usual settings
  ballast init railway github               a pre-deploy command, and releases cut by a workflow
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
The database is that of --database-url, else directUrl, DIRECT_URL, url, DATABASE_URL, the first that is there.
Exit status: 0 it is as wanted; 1 the answer is no; 2 wrong usage; 3 it could not be found out or done (after 1, 2
and 3 nothing is changed); 4 stopped midway, someone must look; 70 a bug of ours; 130 interrupted.
)";

}  // namespace

std::string HelpFooter(std::string_view command) {
  std::string footer;
  for (const auto& [name, examples] : kExamples) {
    if (name == command) footer += "\nExamples:" + std::string(examples);
  }
  footer +=
      command.empty() ? kForAll : "\nOptions of every command and exit status: ballast --help\n";
  return footer;
}

}  // namespace ballast::cli
