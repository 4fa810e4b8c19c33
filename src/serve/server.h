// SPDX-License-Identifier: Apache-2.0
// `ballast serve` as a whole: store, looks and HTTP, until a signal asks to end.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "project/invocation.h"
#include "serve/settings.h"

namespace ballast::serve {

// Returns once a request to end came (base/interruption.h) and everything has stopped. `listening`
// is told the URL when requests are answered. B801, and the errors of OpenStore.
Status Serve(const Settings& settings, const project::Invocation& invocation,
             const std::function<void(const std::string& url)>& listening);

}  // namespace ballast::serve
