// SPDX-License-Identifier: Apache-2.0
// Functions that the files which render JSON share.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/error.h"
#include "commands/lint.h"
#include "report/run_report.h"

namespace ballast::cli {

using Json = nlohmann::ordered_json;

// An error without a hint has the remedies as its hint.
Json ErrorJson(const std::optional<Error>& error, const std::vector<std::string>& remedies = {});
// The findings of lint; in render_lint.cc.
Json FindingsJson(const commands::LintReport& report);
// Null for an empty text.
Json OrNull(const std::string& text);
// Null if the target is not known.
Json TargetJson(const std::optional<report::Target>& target);
// Never fails: bytes that are not UTF-8 become U+FFFD. Passwords in URLs are masked, except in SQL.
std::string JsonText(Json json);

}  // namespace ballast::cli
