// Getting to a database that may not be there yet: containers start in any order.
#pragma once

#include <chrono>
#include <optional>

#include "base/progress.h"
#include "base/result.h"
#include "postgres/session.h"

namespace ballast::commands {

struct ReachOptions {
  std::optional<std::chrono::milliseconds> connect_timeout = {};  // of one attempt
  std::chrono::milliseconds patience{0};                          // of all; 0: one attempt
  // The same while the server has no free connection: a crowd of deploys takes them all, and
  // gives them back.
  std::chrono::milliseconds patience_when_full{0};
};

// What Session::Connect says, after trying again with back-off for as long as the patience lasts
// while the server does not answer, starts up, has no free connection or lacks the database.
// Nothing else is tried again.
// `begun`: the first attempt, where it is under way already.
Result<postgres::Session> Reach(const postgres::Target& target, const ReachOptions& options,
                                Progress& progress, postgres::Connecting* begun = nullptr);

// How one attempt is made.
postgres::SessionOptions SessionOf(const ReachOptions& options);

}  // namespace ballast::commands
