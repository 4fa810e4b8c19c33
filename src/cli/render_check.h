// SPDX-License-Identifier: Apache-2.0
// The report of `ballast check` in its forms.
#pragma once

#include <string>

#include "cli/render_text.h"
#include "commands/check.h"

namespace ballast::cli {

Page RenderText(const commands::CheckReport& report, const Style& style);
std::string RenderJson(const commands::CheckReport& report);
// Workflow commands for GitHub Actions: one for each part that failed or is behind, on its line if
// the error has one, and one for each finding of lint.
std::string RenderGithub(const commands::CheckReport& report);
// A table of the parts, for the summary of a job or a comment.
std::string RenderMarkdown(const commands::CheckReport& report);

}  // namespace ballast::cli
