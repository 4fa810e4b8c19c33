// SPDX-License-Identifier: Apache-2.0
// The thresholds of key figures that a project has chosen.
#pragma once

#include "report/key_figures.h"
#include "workspace/config.h"

namespace ballast::commands {

// [thresholds] of ballast.toml on top of the defaults.
report::Thresholds ThresholdsOf(const workspace::Config& config);

}  // namespace ballast::commands
