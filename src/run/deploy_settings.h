// SPDX-License-Identifier: Apache-2.0
// The settings of a deploy's phases, from the options of the command and ballast.toml. An option
// has priority over the file.
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>

#include "assess/assess.h"
#include "postgres/connect_with_retry.h"
#include "postgres/observe.h"
#include "run/deploy_options.h"
#include "workspace/config.h"

namespace ballast::run {

// The timeouts of a session that changes the database. `lock_timeout` applies to the deployment
// lock and to each table lock. `table_lock_timeout`: for tables, if neither the option nor
// ballast.toml has one.
postgres::ObserveOptions TimeoutSettings(
    const std::optional<std::chrono::milliseconds>& lock_timeout,
    const std::optional<std::chrono::milliseconds>& statement_timeout,
    const workspace::Config& config, std::chrono::milliseconds table_lock_timeout);

// What to do if a statement takes longer than the time that the option or ballast.toml allows;
// empty if neither limits it. `command`: "ballast deploy".
std::string TimeLimitRemedy(const std::optional<std::chrono::milliseconds>& option,
                            const workspace::Config& config, const std::string& command);

// How long a command waits for another session's lock of a table. An application's reads queue
// behind a script that waits for one.
inline constexpr std::chrono::milliseconds kTableLockTimeout{3000};

// Those of a deploy. Default for tables: kTableLockTimeout per attempt.
postgres::ObserveOptions ObserveSettings(const DeployOptions& options,
                                         const workspace::Config& config);

// Those of a command that reports the state and takes no deployment lock.
postgres::ObserveOptions StatusObservation();

// `timeout`: how long to wait for a database that is missing or starting. A server without a free
// connection is waited for at least as long as for the deployment lock, because concurrent deploys
// can take all connections, and each of them waits for the lock anyway.
postgres::ConnectOptions ConnectSettings(const DeployOptions& options,
                                         const workspace::Config& config,
                                         std::chrono::milliseconds timeout);

// `split`: scripts that the server has refused in one transaction.
assess::AssessOptions AssessSettings(const DeployOptions& options, const workspace::Config& config,
                                     const plan::RefusedScripts& refused);

}  // namespace ballast::run
