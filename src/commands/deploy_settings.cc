// SPDX-License-Identifier: Apache-2.0
#include "commands/deploy_settings.h"

#include <algorithm>
#include <optional>

namespace ballast::commands {
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

postgres::ObserveOptions ObserveSettings(const DeployOptions& options,
                                         const workspace::Config& config) {
  return TimeoutSettings(options.lock_timeout, options.statement_timeout, config,
                         kTableLockTimeout);
}

postgres::ConnectOptions ConnectSettings(const DeployOptions& options,
                                         const workspace::Config& config, milliseconds timeout) {
  postgres::ConnectOptions connect{
      options.connect_timeout, timeout,
      std::max(options.wait_when_full, ObserveSettings(options, config).lock_wait)};
  connect.until_created = !options.create_database;
  return connect;
}

assess::AssessOptions AssessSettings(const DeployOptions& options, const workspace::Config& config,
                                     const std::set<std::string>& split) {
  assess::AssessOptions assess;
  assess.policy = PolicyOf(options, split);
  assess.policy.foresees_split = options.dry_run;
  assess.observe = ObserveSettings(options, config);
  assess.compare_current = options.dry_run;
  assess.rows_first = options.rows_first && !options.dry_run;
  assess.relies_on_end = options.relies_on_end && !options.dry_run;
  return assess;
}

}  // namespace ballast::commands
