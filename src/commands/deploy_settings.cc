// SPDX-License-Identifier: Apache-2.0
#include "commands/deploy_settings.h"

#include <algorithm>
#include <optional>

#include "release/replay_mode.h"

namespace ballast::commands {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kTableLockTimeout{3000};

std::optional<milliseconds> Chosen(const std::optional<milliseconds>& option,
                                   const std::optional<int64_t>& configured_ms) {
  if (option || !configured_ms) return option;
  return milliseconds(*configured_ms);
}

}  // namespace

postgres::ObserveOptions ObserveSettings(const DeployOptions& options,
                                         const workspace::Config& config) {
  const auto lock = Chosen(options.lock_timeout, config.lock_timeout_ms);
  const auto statement = Chosen(options.statement_timeout, config.statement_timeout_ms);
  postgres::ObserveOptions observe;
  if (lock) observe.lock_wait = *lock;
  observe.lock_timeout = lock.value_or(kTableLockTimeout);
  if (statement) observe.statement_timeout = *statement;
  return observe;
}

postgres::ConnectOptions ConnectSettings(const DeployOptions& options,
                                         const workspace::Config& config, milliseconds timeout) {
  return {options.connect_timeout, timeout,
          std::max(options.wait_when_full, ObserveSettings(options, config).lock_wait)};
}

assess::AssessOptions AssessSettings(const DeployOptions& options, const workspace::Config& config,
                                     const std::set<std::string>& split) {
  assess::AssessOptions assess;
  assess.policy = {options.adopt, options.strict,
                   release::ReplayModeOf(options.replay_mode).value_or(release::ReplayMode::kAuto),
                   split, options.allow_drift};
  assess.observe = ObserveSettings(options, config);
  assess.compare_current = options.dry_run;
  assess.rows_first = options.rows_first && !options.dry_run;
  assess.relies_on_end = options.relies_on_end && !options.dry_run;
  return assess;
}

}  // namespace ballast::commands
