// SPDX-License-Identifier: Apache-2.0
// The thresholds of a project's key figures.
#pragma once

#include "report/key_figures.h"
#include "workspace/config.h"

namespace ballast::run {

// The defaults, overridden by [thresholds] of ballast.toml.
report::Thresholds ThresholdsOf(const workspace::Config& config);

}  // namespace ballast::run
