// SPDX-License-Identifier: Apache-2.0
// How long the last `release create` of a project took, for `log --summary` on the same machine. It
// is a file in the user's folder for caches; a package itself has no times of its making.
#pragma once

#include <filesystem>
#include <optional>

#include "report/run_report.h"

namespace ballast::commands {

// Does nothing where the user has no folder for caches.
void RememberGeneration(const std::filesystem::path& package, const report::RunReport& run);
std::optional<report::RunReport> LastGeneration(const std::filesystem::path& package);

}  // namespace ballast::commands
