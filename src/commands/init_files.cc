// SPDX-License-Identifier: Apache-2.0
#include "commands/init_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/shell_word.h"
#include "base/text.h"
#include "base/version.h"
#include "commands/init_monitoring.h"

namespace ballast::commands {
namespace {

constexpr std::string_view kConfig =
    R"(#:schema https://raw.githubusercontent.com/ballast-db/ballast/v%VERSION%/docs/schemas/ballast.toml.json
# Settings of ballast for this project. Everything is optional; docs/configuration.md lists all keys.

# Branches whose package is deployed as a release.
release_branches = ["railway-template-v*"]
# SQL that creates what the platform provides (extensions, roles). It runs before the first migration of a replay.
# setup_script = "prisma/setup.sql"
# Objects that comparisons leave out.
# ignore = ["table monitoring_*"]
)";

constexpr std::string_view kRailwayJson = R"({
  "$schema": "https://railway.com/railway.schema.json",
  "deploy": {
    "preDeployCommand": [%RAILWAY_COMMAND%]
  }
}
)";

constexpr std::string_view kMigrate = R"(#!/bin/sh
# Railway runs this script before each deployment. It brings the database to the state that the project defines.
%RUN%%SHELL% deploy --wait-for-database 1min "$@"
)";

constexpr std::string_view kGenerate = R"(#!/bin/sh
# Creates the release package of a version: %SCRIPTS%/generate-release-baseline.sh v4.0.0
%RUN%%SHELL% release create "$@"
)";

constexpr std::string_view kDockerfile =
    R"(# Adds ballast to the application's image: docker build -f Dockerfile%DOT%.ballast --build-arg APP=my-app .
# To use your own Dockerfile, copy the lines from "COPY --from=ballast" on into it.
ARG APP=node:22-slim
FROM ghcr.io/ballast-db/ballast:%VERSION% AS ballast
FROM ${APP}
COPY --from=ballast /usr/bin/ballast /usr/local/bin/ballast
COPY ballast-entrypoint%DOT%.sh /usr/local/bin/ballast-entrypoint%DOT%.sh
%COPY_FOLDERS%# Files that may be missing. The brackets make each path a pattern, and Docker skips patterns without a match.
%COPY_OPTIONAL%# The database is deployed from /app. If the application runs in another folder, keep /app and add to the entrypoint's
# `ballast` the option -C /app. An ENTRYPOINT removes the CMD of the image below it: repeat your application's.
WORKDIR /app
ENTRYPOINT ["/bin/sh", "/usr/local/bin/ballast-entrypoint%DOT%.sh"]
CMD ["node", "server.js"]
)";

constexpr std::string_view kEntrypoint = R"(#!/bin/sh
# The entrypoint of the container: deploys the database, then becomes the application. Replicas that start at the same
# time wait for one another. If the deploy fails or is stopped, the application does not start.
exec ballast%SHELL% deploy --wait-for-database 1min -- "$@"
)";

constexpr std::string_view kCompose = R"(# Deploys the database before the application starts:
#   docker compose -f compose.yaml -f compose%DOT%.ballast.yaml up
# "db" and "app" are the services in compose.yaml that run the database and the application. The URL is the
# database's address in Compose's network. If your names differ, change them here. The password has its own
# variable because in a URL its special characters would have to be escaped (%2F for /).
services:
  migrate%DASH%:
    image: ghcr.io/ballast-db/ballast:%VERSION%
    command: [%WORDS%"deploy", "--wait-for-database", "1min"]
    environment:
%URL_VARIABLES%      PGPASSWORD: ${POSTGRES_PASSWORD:-postgres}
    volumes:
      - .:/project:ro
    depends_on:
      - db
  app:
    depends_on:
      migrate%DASH%:
        condition: service_completed_successfully
)";

constexpr std::string_view kKubernetes =
    R"(# Deploys the database before the application's pods start. The init containers of all replicas may run at once:
# one deploys, and the others wait and then find nothing to do. Replace the image with your application's (it must
# contain ballast and the project: `ballast init docker`), and the secret with the one that contains %VARIABLE%.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app%DASH%
spec:
  replicas: 3
  selector:
    matchLabels:
      app: app%DASH%
  template:
    metadata:
      labels:
        app: app%DASH%
    spec:
      initContainers:
        - name: migrate%DASH%
          image: my-app:latest
          command: ["ballast", %WORDS%"deploy", "--wait-for-database", "1min"]
          envFrom:
            - secretRef:
                name: database%DASH%
      containers:
        - name: app%DASH%
          image: my-app:latest
          envFrom:
            - secretRef:
                name: database%DASH%
---
# The same as a separate job, for pipelines that deploy the database first. Jobs cannot be changed, so delete the
# job of the previous release first:
#   kubectl delete job migrate%DASH% --ignore-not-found
#   kubectl apply -f kubernetes%DOT%.ballast.yaml -l app=migrate%DASH%
#   kubectl wait --for=condition=complete --timeout=10m job/migrate%DASH%
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate%DASH%
  labels:
    app: migrate%DASH%
spec:
  backoffLimit: 3
  template:
    metadata:
      labels:
        app: migrate%DASH%
    spec:
      restartPolicy: Never
      containers:
        - name: migrate%DASH%
          image: my-app:latest
          command: ["ballast", %WORDS%"deploy", "--wait-for-database", "1min"]
          envFrom:
            - secretRef:
                name: database%DASH%
)";

constexpr std::string_view kKubernetesFleet =
    R"(# Deploys many databases with an indexed job that runs `ballast fleet deploy` in each of its pods. Replace the
# image (it must contain ballast and the project: `ballast init docker`), the secret, and the query that lists
# the targets.
#   kubectl delete job fleet%DASH% --ignore-not-found
#   kubectl apply -f kubernetes.fleet%DOT%.ballast.yaml
#   kubectl wait --for=condition=complete --timeout=1h job/fleet%DASH%
# Jobs cannot be changed, so the job of the previous release is deleted first.
# The first pod deploys the canaries. The other pods wait until the canaries are current; then each pod deploys its
# part of the fleet, wave by wave. A pod that is killed starts again and continues, because the databases show what
# is done. Keep completions, parallelism and JOB_COMPLETIONS equal.
apiVersion: v1
kind: ConfigMap
metadata:
  name: fleet%DASH%
data:
  # One row for each target. `name`, `database`, `schema`, `url` and `groups` (an array, or words with commas; --group
  # and --canary refer to them) are known columns. Each other column is a label: --label COLUMN=VALUE selects by it, and
  # {COLUMN} in the URL template is its value.
  targets.sql: |
    SELECT name, database, groups FROM tenants ORDER BY name
---
apiVersion: batch/v1
kind: Job
metadata:
  name: fleet%DASH%
spec:
  completionMode: Indexed
  completions: 4
  parallelism: 4
  backoffLimit: 12
  template:
    metadata:
      labels:
        app: fleet%DASH%
    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: 60
      containers:
        - name: fleet%DASH%
          image: my-app:latest
          command:
            - ballast
%ITEMS%            - fleet
            - deploy
            - --targets-query
            - $(TARGETS_QUERY)
            - --control-url
            - env:CONTROL_URL
            - --url-template
            - env:TENANT_URL
            - --canary
            - "3"
            - --waves
            - 10%,50%,rest
            - --pause
            - 30s
            - --failure-budget
            - 1%
            - --parallel
            - "8"
          env:
            - name: JOB_COMPLETIONS
              value: "4"
            - name: TARGETS_QUERY
              valueFrom:
                configMapKeyRef:
                  name: fleet%DASH%
                  key: targets.sql
            - name: CONTROL_URL
              valueFrom:
                secretKeyRef:
                  name: fleet%DASH%
                  key: CONTROL_URL
            # For example postgresql://deployer:PASSWORD@db:5432/{database}
            - name: TENANT_URL
              valueFrom:
                secretKeyRef:
                  name: fleet%DASH%
                  key: TENANT_URL
          securityContext:
            runAsNonRoot: true
            runAsUser: 65532
            readOnlyRootFilesystem: true
            allowPrivilegeEscalation: false
)";

constexpr std::string_view kGithub =
    R"(# Checks pull requests, keeps the development baseline fresh, and cuts a release from each tag.
name: ballast%DASH%
on:
  pull_request:
  push:
    branches: [%BRANCH%]
    tags: ['v*']
permissions:
  contents: read
jobs:
  check:
    if: github.event_name == 'pull_request'
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with: { fetch-depth: 0 }
      - uses: ballast-db/ballast@v%VERSION%
%WITH%  baseline:
    if: github.ref == 'refs/heads/%BRANCH%'
    runs-on: ubuntu-latest
    concurrency: ballast-baseline%DASH%
    permissions:
      contents: write
      pull-requests: write
    steps:
      - uses: actions/checkout@v4
      - uses: ballast-db/ballast@v%VERSION%
        with: { run: baseline%INPUTS% }
  release:
    if: github.ref_type == 'tag'
    runs-on: ubuntu-latest
    concurrency: ballast-release%DASH%
    permissions:
      contents: write
    steps:
      - uses: actions/checkout@v4
      - uses: ballast-db/ballast@v%VERSION%
        with: { run: release%INPUTS% }
)";

// Docker's COPY takes patterns.
std::string Escaped(const std::string& path) {
  std::string escaped;
  for (const char character : path) {
    const bool is_special = std::string_view("*?[").find(character) != std::string_view::npos;
    escaped += is_special ? std::string("[") + character + "]" : std::string(1, character);
  }
  return escaped;
}

// A pattern that matches the path alone, for Docker's COPY: it fails without a path, but not
// without a match of a pattern.
std::string Optional(const std::string& path) {
  if (path.empty()) return path;
  const std::string end = path.back() == ']' ? "]" : "[" + path.substr(path.size() - 1) + "]";
  return Escaped(path.substr(0, path.size() - 1)) + end;
}

std::string CopyFolder(const std::string& path, const std::string& pattern) {
  const std::string target = "/app/" + path;
  const bool has_blanks = (pattern + target).find_first_of(" \t\"'\\") != std::string::npos;
  if (has_blanks) return "COPY " + nlohmann::json({pattern, target}).dump() + "\n";
  return "COPY " + pattern + " " + target + "\n";
}

std::string CopyFolders(const InitPlace& place) {
  std::string lines;
  for (const std::string& path : place.paths) lines += CopyFolder(path, Escaped(path));
  return lines;
}

// Settings and packages.
std::string CopyOptional(const InitPlace& place) {
  const std::string prefix = place.base == "." ? "" : place.base + "/";
  const size_t slash = place.config.rfind('/');
  const std::string config_folder =
      slash == std::string::npos ? "" : place.config.substr(0, slash + 1);
  std::string lines = CopyFolder(config_folder, Optional(place.config));
  // The places where Prisma looks for its configuration.
  const std::string base = Escaped(prefix);
  lines += CopyFolder(prefix, base + "prisma.confi[g].*");
  lines += CopyFolder(prefix, base + "prisma7.confi[g].*");
  for (const std::string folder : {".config/", ".config/prisma/", ".config/prisma.config/"}) {
    const std::string name = folder == ".config/" ? "prism[a]*.*" : "inde[x].*";
    lines += CopyFolder(prefix + folder, fmt::format("{}{}{}", base, folder, name));
  }
  lines += CopyFolder(prefix + "prisma.config/", base + "prisma.config/inde[x].*");
  for (const std::string& folder : place.packages) {
    lines += CopyFolder(folder + "/", Optional(folder));
  }
  return lines;
}

std::string Quoted(const std::string& word) {
  return nlohmann::json(word).dump();
}

// As the image of PostgreSQL does, the user's name is also that of the database. Compose 1 does not
// understand a default value within a default value; a database in the path precedes `dbname`.
std::string DatabaseOf(const InitPlace& place) {
  if (!place.name.empty()) return place.name;
  return "${POSTGRES_DB:-}?dbname=${POSTGRES_USER:-postgres}";
}

using Placeholders = std::vector<std::pair<std::string_view, std::string>>;

// The forms of the options that choose the project: in shell, and in YAML in one line and several.
Placeholders Arguments(const InitPlace& place) {
  std::string shell;
  std::string words;
  std::string items;
  for (const std::string& argument : place.arguments) {
    shell += " " + ShellWord(argument);
    words += Quoted(argument) + ", ";
    items += "            - " + Quoted(argument) + "\n";
  }
  return {{"%SHELL%", shell}, {"%WORDS%", words}, {"%ITEMS%", items}};
}

// The folders of programs that package managers install, as `npm run` searches them: of the root of
// the project, and of the folders above it in the repository.
std::string ProgramFolders(const InitPlace& place, const std::string& root) {
  std::string folders = root + "/node_modules/.bin:";
  std::string above = root;
  for (const auto& folder : std::filesystem::path(place.working_directory)) {
    if (folder == ".") continue;
    above += "/..";
    folders += above + "/node_modules/.bin:";
  }
  return folders;
}

// How a script runs the program: the one that the project's packages pin, else that of PATH, and
// for the script's own project, from whatever folder the script is started.
std::string RunOf(const InitPlace& place) {
  std::string root = "$here";
  for ([[maybe_unused]] const auto& folder : std::filesystem::path(place.scripts)) root += "/..";
  const std::string run = place.runs_by_yarn
                              ? "exec yarn ballast"
                              : "PATH=" + ProgramFolders(place, root) + "$PATH exec ballast";
  return "here=${0%/*}\n[ \"$here\" != \"$0\" ] || here=.\n" + run + " -C \"" + root + "\"";
}

// Whether YAML reads the word as a string without quotes. "1.0", "true" and "~" are others.
bool IsPlainYaml(const std::string& word) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  constexpr std::string_view kOthers = "0123456789-_./";
  const std::string lower = ToLowerAscii(word);
  for (const char* special : {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}) {
    if (lower == special) return false;
  }
  return !word.empty() && kLetters.find(word.front()) != std::string_view::npos &&
         word.find_first_not_of(std::string(kLetters) + std::string(kOthers)) == std::string::npos;
}

// The inputs of the action.
Placeholders Inputs(const InitPlace& place) {
  std::string inputs;
  const auto add = [&](const std::string& name, const std::string& value) {
    inputs += ", " + name + ": " + (IsPlainYaml(value) ? value : Quoted(value));
  };
  if (place.working_directory != ".") add("working-directory", place.working_directory);
  for (size_t i = 0; i + 1 < place.arguments.size(); i += 2) {
    add(place.arguments[i].substr(2), place.arguments[i + 1]);  // --project NAME
  }
  const std::string with = inputs.empty() ? "" : "        with: { " + inputs.substr(2) + " }\n";
  return {{"%INPUTS%", inputs}, {"%WITH%", with}};
}

// The lines of Compose's file that set the variables of the URL. One that is not set there would
// come from the .env file of the folder that is mounted.
std::string UrlVariables(const InitPlace& place) {
  std::string lines;
  std::vector<std::string> names = {place.url_variable};
  names.insert(names.end(), place.more_variables.begin(), place.more_variables.end());
  for (const std::string& name : names) {
    lines += "      " + name + ": postgresql://${POSTGRES_USER:-postgres}@db:5432/" +
             DatabaseOf(place) + "\n";
  }
  return lines;
}

Placeholders PlaceholdersOf(const InitPlace& place) {
  Placeholders all = {
      {"%VERSION%", std::string(kVersion)},
      {"%SCRIPTS%", place.scripts},
      {"%RUN%", RunOf(place)},
      {"%RAILWAY_COMMAND%", Quoted(RailwayCommand(place))},
      {"%URL_VARIABLES%", UrlVariables(place)},
      {"%VARIABLE%", place.url_variable},
      {"%DOT%", place.name.empty() ? "" : "." + place.name},
      {"%DASH%", place.name.empty() ? "" : "-" + Label(place.name)},
      {"[%BRANCH%]", "[" + (IsPlainYaml(place.branch) ? place.branch : Quoted(place.branch)) + "]"},
      {"%BRANCH%", ReplaceAll(place.branch, "'", "''")},  // in an expression of GitHub's
      {"%COPY_FOLDERS%", CopyFolders(place)},
      {"%COPY_OPTIONAL%", CopyOptional(place)}};
  for (const auto& more : {Arguments(place), Inputs(place)}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

std::string Filled(std::string_view text, const Placeholders& placeholders) {
  std::string filled(text);
  for (const auto& [name, value] : placeholders) filled = ReplaceAll(filled, name, value);
  return filled;
}

struct Template {
  InitTarget target;
  std::string_view path;
  std::string_view text;
  bool executable;
};

constexpr Template kTemplates[] = {
    {InitTarget::kProject, "ballast.toml", kConfig, false},
    {InitTarget::kRailway, "railway%DOT%.json", kRailwayJson, false},
    {InitTarget::kRailway, "%SCRIPTS%/migrate.sh", kMigrate, true},
    {InitTarget::kRailway, "%SCRIPTS%/generate-release-baseline.sh", kGenerate, true},
    {InitTarget::kDocker, "Dockerfile%DOT%.ballast", kDockerfile, false},
    {InitTarget::kDocker, "ballast-entrypoint%DOT%.sh", kEntrypoint, true},
    {InitTarget::kCompose, "compose%DOT%.ballast.yaml", kCompose, false},
    {InitTarget::kKubernetes, "kubernetes%DOT%.ballast.yaml", kKubernetes, false},
    {InitTarget::kKubernetesFleet, "kubernetes.fleet%DOT%.ballast.yaml", kKubernetesFleet, false},
    {InitTarget::kGithub, ".github/workflows/ballast%DASH%.yml", kGithub, false},
};

}  // namespace

std::string Label(const std::string& name) {
  std::string label = ToLowerAscii(name);
  for (char& character : label) {
    if (!std::isalnum(static_cast<unsigned char>(character))) character = '-';
  }
  const size_t begin = label.find_first_not_of('-');
  if (begin == std::string::npos) return {};
  return label.substr(begin, label.find_last_not_of('-') - begin + 1);
}

std::string RailwayCommand(const InitPlace& place) {
  return "sh " + ShellWord(place.scripts + "/migrate.sh");
}

std::string WorkflowInputs(const InitPlace& place) {
  return Inputs(place).front().second;
}

std::vector<InitFile> InitFilesOf(InitTarget target, const InitPlace& place) {
  if (target == InitTarget::kMonitoring) {
    return {{"monitoring/ballast-alerts.yml", AlertRules(place.thresholds)},
            {"monitoring/ballast-dashboard.json", GrafanaDashboard()}};
  }
  const Placeholders placeholders = PlaceholdersOf(place);
  std::vector<InitFile> files;
  for (const Template& of : kTemplates) {
    if (of.target != target) continue;
    files.push_back({Filled(of.path, placeholders), Filled(of.text, placeholders), of.executable});
  }
  return files;
}

}  // namespace ballast::commands
