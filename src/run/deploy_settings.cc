// SPDX-License-Identifier: Apache-2.0
#include "run/deploy_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace ballast::run {
namespace {

using std::chrono::milliseconds;

std::optional<milliseconds> Chosen(const std::optional<milliseconds>& option,
                                   const std::optional<int64_t>& configured_ms) {
  if (option || !configured_ms) return option;
  return milliseconds(*configured_ms);
}

}  // namespace

postgres::ObserveOptions TimeoutSettings(const std::optional<milliseconds>& lock_timeout,
                                         const std::optional<milliseconds>& statement_timeout,
                                         const workspace::Config& config,
                                         milliseconds table_lock_timeout) {
  const auto lock = Chosen(lock_timeout, config.lock_timeout_ms);
  const auto statement = Chosen(statement_timeout, config.statement_timeout_ms);
  postgres::ObserveOptions observe;
  if (lock) observe.lock_wait = *lock;
  observe.lock_timeout = lock.value_or(table_lock_timeout);
  if (statement) observe.statement_timeout = *statement;
  return observe;
}

std::string TimeLimitRemedy(const std::optional<milliseconds>& option,
                            const workspace::Config& config, const std::string& command) {
  if (option) {
    return fmt::format(
        "--statement-timeout allows each statement {} ms: raise it, or omit the option",
        option->count());
  }
  if (!config.statement_timeout_ms) return {};
  return fmt::format(
      "`statement_timeout` in ballast.toml allows each statement {} ms; raise the limit: {} "
      "--statement-timeout 10min",
      *config.statement_timeout_ms, command);
}

postgres::ObserveOptions ObserveSettings(const DeployOptions& options,
                                         const workspace::Config& config) {
  return TimeoutSettings(options.lock_timeout, options.statement_timeout, config,
                         kTableLockTimeout);
}

postgres::ObserveOptions StatusObservation() {
  postgres::ObserveOptions observe;
  observe.lock_timeout = kTableLockTimeout;
  observe.timeouts_end_with_observation = true;
  return observe;
}

postgres::ConnectOptions ConnectSettings(const DeployOptions& options,
                                         const workspace::Config& config, milliseconds timeout) {
  postgres::ConnectOptions connect{
      options.connect_timeout, timeout,
      std::max(options.wait_when_full, ObserveSettings(options, config).lock_wait)};
  connect.silent_is_full = options.wait_when_full.count() > 0;
  connect.until_created = !options.create_database;
  return connect;
}

assess::AssessOptions AssessSettings(const DeployOptions& options, const workspace::Config& config,
                                     const plan::RefusedScripts& refused) {
  const auto purpose = options.dry_run ? assess::Purpose::kDryRun : assess::Purpose::kDeploy;
  assess::AssessOptions assess(purpose, PolicyOf(options, refused),
                               ObserveSettings(options, config));
  if (!options.dry_run) assess.shortcuts = options.shortcuts;
  return assess;
}

}  // namespace ballast::run
