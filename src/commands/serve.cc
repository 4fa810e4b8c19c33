// SPDX-License-Identifier: Apache-2.0
#include "commands/serve.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <utility>

#include "base/interruption.h"
#include "base/sha256.h"
#include "base/text.h"
#include "base/url_password.h"
#include "project/project_context.h"
#include "run/generation_record.h"
#include "run/thresholds.h"
#include "serve/access.h"
#include "serve/server.h"
#include "workspace/config_search.h"
#include "workspace/project.h"

namespace ballast::commands {
namespace {

constexpr int kDefaultPort = 7070;
constexpr size_t kShortestToken = 16;
constexpr std::string_view kReference = "env:";
constexpr char kOwnDatabase[] = "default";

class SettingsBuilder {
 public:
  SettingsBuilder(const ServeOptions& options, const project::Invocation& invocation)
      : options_(options), invocation_(invocation) {}

  Result<serve::Settings> Run() {
    TRY(LoadConfig());
    settings_.last_generation = run::LastGeneration;
    settings_.ready_only = options_.ready_only;
    settings_.allowed_hosts = config_.allowed_hosts;
    TRY(ReadAddress());
    TRY(ReadToken());
    TRY(ReadStore());
    TRY(ReadInterval());
    TRY(ReadDatabases());
    TRY(UseUrlOption());
    TRY(CheckVariables());
    return settings_;
  }

 private:
  // A schema or package that is broken now may be fixed while the server runs.
  Status LoadConfig() {
    auto context = project::LoadProject(invocation_);
    if (context) {
      context_ = std::move(context).value();
      UseConfig(context_->project.config, context_->project.root);
      return {};
    }
    if (context.error().code == ErrorCode::kConfigInvalid) return context.error();
    if (context.error().code == ErrorCode::kNoProject) return LoadConfigAlone(context.error());
    return {};
  }

  // The folder has several projects, or none. The server needs no project of its own if each
  // database names one; nor for databases of the command line, whose journal has their runs.
  Status LoadConfigAlone(Error no_project) {
    if (!invocation_.project.empty() || !invocation_.schema.empty()) return no_project;
    if (!options_.databases.empty()) {
      return workspace::FoundNothing(no_project) ? Status() : Status(std::move(no_project));
    }
    TRY_ASSIGN(const std::optional<workspace::FoundConfig> found,
               workspace::FindConfigAround(invocation_.directory));
    if (!found || found->config.serve.databases.empty()) return no_project;
    for (const workspace::ServedDatabase& served : found->config.serve.databases) {
      if (!served.project.empty()) continue;
      no_project.hint = fmt::format(
          "add `project` to [serve.database.{}] in ballast.toml, or choose one with --project NAME",
          served.name);
      return no_project;
    }
    UseConfig(found->config, found->root);
    return {};
  }

  void UseConfig(const workspace::Config& config, const std::filesystem::path& root) {
    config_ = config.serve;
    root_ = root;
    settings_.thresholds = run::ThresholdsOf(config);
  }

  std::string Variable(const std::string& name) const {
    if (!context_) return invocation_.Variable(name);
    const std::string* value = context_->environment.Find(name);
    return value == nullptr ? std::string() : *value;
  }

  // "HOST:PORT", "HOST", ":PORT", "PORT", "[::1]:PORT".
  Status ReadAddress() {
    std::string listen = options_.listen.empty() ? config_.listen : options_.listen;
    std::string port = Variable("PORT");
    bool from_variable = !port.empty();
    const size_t bracket = listen.find(']');
    const size_t colon = listen.rfind(':');
    if (!listen.empty() && listen.find_first_not_of("0123456789") == std::string::npos) {
      port = std::exchange(listen, {});
      from_variable = false;
    } else if (colon != std::string::npos && (bracket == std::string::npos || colon > bracket)) {
      port = listen.substr(colon + 1);
      from_variable = false;
      listen.resize(colon);
    }
    if (listen.size() >= 2 && listen.front() == '[' && listen.back() == ']') {
      listen = listen.substr(1, listen.size() - 2);
    }
    if (!listen.empty()) settings_.host = listen;
    if (port.empty()) port = std::to_string(kDefaultPort);
    const auto [end, failed] =
        std::from_chars(port.data(), port.data() + port.size(), settings_.port);
    if (failed == std::errc() && end == port.data() + port.size() && settings_.port >= 0 &&
        settings_.port <= 65535) {
      return {};
    }
    return MakeError(
        ErrorCode::kUsageError,
        fmt::format("\"{}\"{} is not a port", port, from_variable ? " in the variable PORT" : ""),
        from_variable ? "set PORT to a number, or write --listen HOST:PORT"
                      : "write --listen HOST:PORT");
  }

  Status ReadToken() {
    const std::string variable =
        config_.token.empty() ? "BALLAST_SERVE_TOKEN" : config_.token.substr(kReference.size());
    settings_.token = Variable(variable);
    if (settings_.token.empty() && !config_.token.empty()) {
      return MakeError(ErrorCode::kConfigInvalid,
                       fmt::format("the variable {} of the token is not set", variable),
                       "set it, or remove `token` from [serve] in ballast.toml");
    }
    // As in a file that ends with a line break. HTTP cannot transmit it.
    settings_.token = Trim(settings_.token);
    if (settings_.token.empty() || settings_.token.size() >= kShortestToken) return {};
    return MakeError(
        ErrorCode::kConfigInvalid,
        fmt::format("the token in {} has fewer than {} characters", variable, kShortestToken),
        "create one: openssl rand -hex 32");
  }

  Status ReadStore() {
    const std::string place = options_.store.empty() ? config_.store : options_.store;
    if (place == "memory" || (place.empty() && options_.ready_only)) return {};
    if (place.starts_with(kReference)) {
      settings_.store = Variable(place.substr(kReference.size()));
      if (!settings_.store.empty()) return {};
      return MakeError(
          ErrorCode::kConfigInvalid,
          fmt::format("the variable {} of the store is not set", place.substr(kReference.size())),
          "set it to a PostgreSQL URL");
    }
    if (place.find("://") != std::string::npos) {
      return MakeError(ErrorCode::kUsageError, "the store is a URL, which may contain a password",
                       "set a variable to it: --store env:VARIABLE");
    }
    settings_.store = place.empty() ? DefaultStore() : (invocation_.directory / place).string();
    return {};
  }

  // One file for each project, where programs keep their state (XDG Base Directory Specification).
  std::string DefaultStore() const {
    std::filesystem::path folder = invocation_.Variable("XDG_STATE_HOME");
    if (!folder.is_absolute()) {
      const std::string home = invocation_.Variable("HOME");
      if (home.empty()) return {};
      folder = std::filesystem::path(home) / ".local" / "state";
    }
    folder /= "ballast";
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) return {};
    const std::string project = root_.empty() ? invocation_.directory.string() : root_.string();
    return (folder / ("serve-" + Sha256Hex(project).substr(0, 12) + ".sqlite")).string();
  }

  Status ReadInterval() {
    if (config_.interval_ms) settings_.interval = std::chrono::milliseconds(*config_.interval_ms);
    if (options_.interval) settings_.interval = *options_.interval;
    if (settings_.interval >= std::chrono::milliseconds(100)) return {};
    return MakeError(ErrorCode::kUsageError, "the interval is shorter than 100 ms",
                     "write --interval 3s");
  }

  Status ReadDatabases() {
    if (!options_.databases.empty()) {
      for (const std::string& text : options_.databases) TRY(ReadOption(text));
      return {};
    }
    for (const workspace::ServedDatabase& served : config_.databases) {
      settings_.targets.push_back({served.name,
                                   served.url,
                                   {},
                                   served.project,
                                   served.strategy,
                                   served.branch,
                                   served.group});
    }
    if (settings_.targets.empty()) {
      serve::TargetSpec own;
      own.name = kOwnDatabase;
      settings_.targets.push_back(own);
    }
    return {};
  }

  // --database-url is the URL of the project's own database, and of no other.
  Status UseUrlOption() {
    if (invocation_.database_url.empty()) return {};
    bool is_used = false;
    for (serve::TargetSpec& spec : settings_.targets) {
      if (!spec.url.empty() || !spec.project.empty()) continue;
      spec.own_url = invocation_.database_url;
      is_used = true;
    }
    if (is_used) return {};
    return MakeError(ErrorCode::kUsageError,
                     fmt::format("--database-url has no effect on databases that {} names",
                                 options_.databases.empty() ? "ballast.toml" : "--database"),
                     "put the URL into a variable, and name it: --database shop=env:SHOP_URL");
  }

  // The variables of a process do not change, so such a database would never be observed. Those of
  // other projects may be in files that are read later.
  Status CheckVariables() const {
    for (const serve::TargetSpec& spec : settings_.targets) {
      if (spec.url.empty() || !spec.project.empty()) continue;
      const std::string variable = spec.url.substr(kReference.size());
      if (!Variable(variable).empty()) continue;
      return MakeError(ErrorCode::kNoUrl,
                       fmt::format("the database \"{}\" names the variable {}, which is not set",
                                   spec.name, variable),
                       "set it, or correct the reference");
    }
    return {};
  }

  Status ReadOption(const std::string& text) {
    const size_t equals = text.find('=');
    serve::TargetSpec spec;
    spec.name = text.substr(0, equals);
    if (equals != std::string::npos) spec.url = text.substr(equals + 1);
    if (spec.name.empty() || !spec.url.starts_with(kReference) ||
        spec.url.size() == kReference.size()) {
      return MakeError(ErrorCode::kUsageError, "--database is not NAME=env:VARIABLE",
                       "put the URL into a variable, and name it: --database shop=env:SHOP_URL");
    }
    constexpr std::string_view kAllowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    if (spec.name.size() > 64 || spec.name.find_first_not_of(kAllowed) != std::string::npos) {
      return MakeError(
          ErrorCode::kUsageError,
          fmt::format("\"{}\" cannot be the name of a --database", MaskUrlPasswords(spec.name)),
          "a name has at most 64 letters, digits, dots, underscores and hyphens");
    }
    const bool twice = std::any_of(settings_.targets.begin(), settings_.targets.end(),
                                   [&](const auto& other) { return other.name == spec.name; });
    if (twice) {
      return MakeError(ErrorCode::kUsageError, "two databases have the name " + spec.name,
                       "give each --database its own name");
    }
    settings_.targets.push_back(std::move(spec));
    return {};
  }

  const ServeOptions& options_;
  const project::Invocation& invocation_;
  std::optional<project::ProjectContext> context_;
  workspace::ServeConfig config_;
  std::filesystem::path root_;  // of the project or of ballast.toml; empty: not known
  serve::Settings settings_;
};

}  // namespace

ServeReport RunServer(const ServeOptions& options, const project::Invocation& invocation,
                      const std::function<void(const std::string& sentence)>& listening) {
  ServeReport report;
  const Result<serve::Settings> settings = SettingsBuilder(options, invocation).Run();
  if (!settings) {
    report.error = settings.error();
    return report;
  }
  report.databases = settings->targets.size();
  if (settings->store.empty() && !options.ready_only && options.store != "memory") {
    invocation.progress->Notice(
        "run reports and samples are kept in memory only: name a file with --store");
  }
  const Status served = serve::Serve(*settings, invocation, [&](const std::string& url) {
    report.url = url;
    listening(
        fmt::format("listening on {} and watching {}", url, Counted(report.databases, "database")));
  });
  if (Interruption::Requested()) report.ended_by = Interruption::SignalName();
  if (!served) report.error = served.error();
  return report;
}

}  // namespace ballast::commands
