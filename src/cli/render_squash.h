// SPDX-License-Identifier: Apache-2.0
// The report of `ballast squash`.
#pragma once

#include <string>

#include "cli/render_text.h"
#include "commands/squash.h"

namespace ballast::cli {

Page RenderText(const commands::SquashReport& report, const Style& style);
std::string RenderJson(const commands::SquashReport& report);

}  // namespace ballast::cli
