// SPDX-License-Identifier: Apache-2.0
// The report of `ballast lint` in its four formats.
#pragma once

#include <string>

#include "cli/render_text.h"
#include "commands/lint.h"

namespace ballast::cli {

// `statements`: also lists the measurements of every statement.
Page RenderText(const commands::LintReport& report, const Style& style, bool statements);
std::string RenderJson(const commands::LintReport& report);
// The findings that are not allowed, as RenderText shows them.
std::string RenderFindings(const commands::LintReport& report, const Style& style);
// SARIF 2.1.0 (OASIS). Allowed findings are suppressed results.
std::string RenderSarif(const commands::LintReport& report);
// Workflow commands for GitHub Actions, one for each finding that is not allowed.
std::string RenderGithub(const commands::LintReport& report);

}  // namespace ballast::cli
