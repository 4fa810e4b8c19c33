// SPDX-License-Identifier: Apache-2.0
// Runs `ballast serve`: store, observation and HTTP, until a termination signal.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "project/invocation.h"
#include "serve/settings.h"

namespace ballast::serve {

// Returns after a termination request (base/interruption.h), when everything has stopped. Calls
// `listening` with the URL when the server is ready. B801, and errors as OpenStore.
Status Serve(const Settings& settings, const project::Invocation& invocation,
             const std::function<void(const std::string& url)>& listening);

}  // namespace ballast::serve
