// SPDX-License-Identifier: Apache-2.0
// `ballast serve`: health, metrics, API and dashboard over HTTP. It never changes a watched
// database.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "project/invocation.h"

namespace ballast::commands {

struct ServeOptions {
  std::string listen;                  // "HOST:PORT", "HOST" or ":PORT"; empty: ballast.toml's
  std::vector<std::string> databases;  // "NAME=env:VARIABLE"
  std::string store;                   // a file, "memory", or "env:VARIABLE"
  std::optional<std::chrono::milliseconds> interval;
  bool ready_only = false;
};

struct ServeReport {
  std::string url;
  size_t databases = 0;
  std::string ended_by;  // the signal; empty: it did not run
  std::optional<Error> error;
};

// Returns after a termination signal. Calls `listening` with a sentence that contains the URL when
// the server is ready. B100, B101, B801 and errors of the store.
ServeReport RunServer(const ServeOptions& options, const project::Invocation& invocation,
                      const std::function<void(const std::string& sentence)>& listening);

}  // namespace ballast::commands
