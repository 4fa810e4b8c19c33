// SPDX-License-Identifier: Apache-2.0
// The duration of a project's last `release create`, for `log --summary` on the same machine. It is
// stored in the user's cache folder, because a package contains no times.
#pragma once

#include <filesystem>
#include <optional>

#include "report/run_report.h"

namespace ballast::run {

// Does nothing if the user has no cache folder.
void RememberGeneration(const std::filesystem::path& package, const report::RunReport& run);
std::optional<report::RunReport> LastGeneration(const std::filesystem::path& package);

}  // namespace ballast::run
