// SPDX-License-Identifier: Apache-2.0
// The reports of `fleet`, as text and as JSON.
#pragma once

#include <string>

#include "cli/render_text.h"
#include "commands/fleet_deploy.h"
#include "commands/fleet_status.h"

namespace ballast::cli {

// `verbose`: a line for each target, including successful ones.
Page RenderText(const commands::FleetDeployReport& report, const Style& style, bool verbose);
Page RenderText(const commands::FleetStatusReport& report, const Style& style, bool verbose);

// The message of the error without the reason of the first failure, which the table shows.
std::string MessageAfterTable(const commands::FleetDeployReport& report);

std::string RenderJson(const commands::FleetDeployReport& report);
std::string RenderJson(const commands::FleetStatusReport& report);

}  // namespace ballast::cli
