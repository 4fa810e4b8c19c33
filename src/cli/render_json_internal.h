// SPDX-License-Identifier: Apache-2.0
// What the files that render JSON have in common.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/error.h"
#include "report/run_report.h"

namespace ballast::cli {

using Json = nlohmann::ordered_json;

Json ErrorJson(const std::optional<Error>& error);
// Null if it is not known.
Json TargetJson(const std::optional<report::Target>& target);
// Bytes that are not UTF-8 become U+FFFD: a document must always come out.
std::string JsonText(const Json& json);

}  // namespace ballast::cli
