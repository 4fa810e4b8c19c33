// SPDX-License-Identifier: Apache-2.0
// The line that names the database that a command works on.
#pragma once

#include <optional>
#include <string>

#include "base/progress.h"
#include "report/run_report.h"

namespace ballast::cli {

// "🔌 shop on db.example.com:5432, schema public, role app, PostgreSQL 15.14", and a line break;
// before it "project web: " if the project has a name in ballast.toml;
// empty if the target is not known.
std::string TargetLine(const std::optional<report::Target>& target);

// The target that the event "connected" names.
report::Target TargetOf(const RunEvent& connected);

}  // namespace ballast::cli
