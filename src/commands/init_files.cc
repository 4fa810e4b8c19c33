// SPDX-License-Identifier: Apache-2.0
#include "commands/init_files.h"

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
# SQL for what the platform provides (extensions, roles), run before the first migration of a replay.
# setup_script = "prisma/setup.sql"
# Objects that comparisons leave out.
# ignore = ["table monitoring_*"]
)";

constexpr std::string_view kRailwayJson = R"({
  "$schema": "https://railway.com/railway.schema.json",
  "deploy": {
    "preDeployCommand": ["sh .railway/migrate.sh"]
  }
}
)";

constexpr std::string_view kMigrate = R"(#!/bin/sh
# Railway runs this before each deployment starts: it brings the database to where the project says.
PATH=$PATH:node_modules/.bin exec ballast deploy --wait-for-database 1min "$@"
)";

constexpr std::string_view kGenerate = R"(#!/bin/sh
# Makes the release package of a version: .railway/generate-release-baseline.sh v4.0.0
PATH=$PATH:node_modules/.bin exec ballast release create "$@"
)";

constexpr std::string_view kDockerfile =
    R"(# Adds ballast to the application's image: docker build -f Dockerfile.ballast --build-arg APP=my-app .
# In a Dockerfile of your own, copy the lines from "COPY --from=ballast" on.
ARG APP=node:22-slim
FROM ghcr.io/ballast-db/ballast:%VERSION% AS ballast
FROM ${APP}
COPY --from=ballast /usr/bin/ballast /usr/local/bin/ballast
COPY ballast-entrypoint.sh /usr/local/bin/ballast-entrypoint.sh
COPY %PRISMA% /app/%PRISMA%
# With a package only: the brackets allow that there is none yet.
COPY %OPTIONAL_PACKAGE% /app/%PACKAGE%/
WORKDIR /app
ENTRYPOINT ["/bin/sh", "/usr/local/bin/ballast-entrypoint.sh"]
CMD ["node", "server.js"]
)";

constexpr std::string_view kEntrypoint = R"(#!/bin/sh
# The container's entrypoint: deploys the database, then becomes the application. Replicas that start
# together wait for one another; a failed deploy keeps the application from starting.
set -eu
ballast deploy --wait-for-database 1min
exec "$@"
)";

constexpr std::string_view kCompose = R"(# Deploys the database before the application starts:
#   docker compose -f compose.yaml -f compose.ballast.yaml up
# "db" and "app" are the database and the application in compose.yaml. If your services have other names, or
# the database another password, change them here.
services:
  db:
    image: postgres:17
    environment:
      POSTGRES_PASSWORD: postgres
    healthcheck:
      test: ["CMD-SHELL", "pg_isready -U postgres"]
      interval: 2s
      retries: 30
  migrate:
    image: ghcr.io/ballast-db/ballast:%VERSION%
    command: ["deploy", "--wait-for-database", "1min"]
    environment:
      DATABASE_URL: postgresql://postgres:postgres@db:5432/postgres
    volumes:
      - .:/project:ro
    depends_on:
      db:
        condition: service_healthy
  app:
    depends_on:
      migrate:
        condition: service_completed_successfully
)";

constexpr std::string_view kKubernetes =
    R"(# Deploys the database before the application's pods start. Every replica's init container may run at once:
# one deploys, the others wait and find nothing to do. Replace the image of the application, which holds
# ballast and the project (`ballast init docker`), and the secret with DATABASE_URL.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app
spec:
  replicas: 3
  selector:
    matchLabels:
      app: app
  template:
    metadata:
      labels:
        app: app
    spec:
      initContainers:
        - name: migrate
          image: my-app:latest
          command: ["ballast", "deploy", "--wait-for-database", "1min"]
          envFrom:
            - secretRef:
                name: database
      containers:
        - name: app
          image: my-app:latest
          envFrom:
            - secretRef:
                name: database
---
# The same as a job of its own, for pipelines that deploy the database first:
#   kubectl apply -f kubernetes.ballast.yaml -l app=migrate && kubectl wait --for=condition=complete job/migrate
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  labels:
    app: migrate
spec:
  backoffLimit: 3
  template:
    metadata:
      labels:
        app: migrate
    spec:
      restartPolicy: Never
      containers:
        - name: migrate
          image: my-app:latest
          command: ["ballast", "deploy", "--wait-for-database", "1min"]
          envFrom:
            - secretRef:
                name: database
)";

constexpr std::string_view kKubernetesFleet =
    R"(# Deploys many databases with an indexed Job, `ballast fleet deploy` in each of its pods. Replace the image, which
# holds ballast and the project (`ballast init docker`), the secret, and the query or file that lists the targets.
#   kubectl apply -f kubernetes.fleet.ballast.yaml && kubectl wait --for=condition=complete --timeout=1h job/fleet
# The first pod deploys the canaries; the others wait until all of them are current, then each deploys its part of
# the fleet, wave by wave. A killed pod is started again and continues: the progress is known from the
# databases. Keep completions, parallelism and JOB_COMPLETIONS the same.
apiVersion: v1
kind: ConfigMap
metadata:
  name: fleet
data:
  # A row for each target: name, database or schema; other columns are labels.
  targets.sql: |
    SELECT name, database, groups FROM tenants ORDER BY name
---
apiVersion: batch/v1
kind: Job
metadata:
  name: fleet
spec:
  completionMode: Indexed
  completions: 4
  parallelism: 4
  backoffLimit: 12
  template:
    metadata:
      labels:
        app: fleet
    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: 60
      containers:
        - name: fleet
          image: my-app:latest
          command:
            - ballast
            - fleet
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
                  name: fleet
                  key: targets.sql
            - name: CONTROL_URL
              valueFrom:
                secretKeyRef:
                  name: fleet
                  key: CONTROL_URL
            # For example postgresql://deployer:PASSWORD@db:5432/{database}
            - name: TENANT_URL
              valueFrom:
                secretKeyRef:
                  name: fleet
                  key: TENANT_URL
          securityContext:
            runAsNonRoot: true
            runAsUser: 65532
            readOnlyRootFilesystem: true
            allowPrivilegeEscalation: false
)";

constexpr std::string_view kGithub =
    R"(# Checks pull requests, keeps the development baseline fresh, and cuts a release from each tag.
name: ballast
on:
  pull_request:
  push:
    branches: [main]
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
  baseline:
    if: github.ref == 'refs/heads/main'
    runs-on: ubuntu-latest
    permissions:
      contents: write
      pull-requests: write
    steps:
      - uses: actions/checkout@v4
      - uses: ballast-db/ballast@v%VERSION%
        with: { run: baseline }
  release:
    if: github.ref_type == 'tag'
    runs-on: ubuntu-latest
    permissions:
      contents: write
    steps:
      - uses: actions/checkout@v4
      - uses: ballast-db/ballast@v%VERSION%
        with: { run: release }
)";

// A pattern that matches the path alone, for Docker's COPY: it fails without a path, but not
// without a match of a pattern.
std::string Optional(const std::string& path) {
  return path.empty() ? path : path.substr(0, path.size() - 1) + "[" + path.back() + "]";
}

struct Template {
  InitTarget target;
  std::string_view path;
  std::string_view text;
  bool executable;
};

constexpr Template kTemplates[] = {
    {InitTarget::kProject, "ballast.toml", kConfig, false},
    {InitTarget::kRailway, "railway.json", kRailwayJson, false},
    {InitTarget::kRailway, ".railway/migrate.sh", kMigrate, true},
    {InitTarget::kRailway, ".railway/generate-release-baseline.sh", kGenerate, true},
    {InitTarget::kDocker, "Dockerfile.ballast", kDockerfile, false},
    {InitTarget::kDocker, "ballast-entrypoint.sh", kEntrypoint, true},
    {InitTarget::kCompose, "compose.ballast.yaml", kCompose, false},
    {InitTarget::kKubernetes, "kubernetes.ballast.yaml", kKubernetes, false},
    {InitTarget::kKubernetesFleet, "kubernetes.fleet.ballast.yaml", kKubernetesFleet, false},
    {InitTarget::kGithub, ".github/workflows/ballast.yml", kGithub, false},
};

}  // namespace

std::vector<InitFile> InitFilesOf(InitTarget target, const std::string& prisma,
                                  const std::string& package) {
  if (target == InitTarget::kMonitoring) {
    return {{"monitoring/ballast-alerts.yml", AlertRules()},
            {"monitoring/ballast-dashboard.json", GrafanaDashboard()}};
  }
  std::vector<InitFile> files;
  for (const Template& of : kTemplates) {
    if (of.target != target) continue;
    std::string text = ReplaceAll(std::string(of.text), "%VERSION%", kVersion);
    text = ReplaceAll(text, "%PRISMA%", prisma);
    text = ReplaceAll(text, "%OPTIONAL_PACKAGE%", Optional(package));
    text = ReplaceAll(text, "%PACKAGE%", package);
    files.push_back({std::string(of.path), std::move(text), of.executable});
  }
  return files;
}

}  // namespace ballast::commands
