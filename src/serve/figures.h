// SPDX-License-Identifier: Apache-2.0
// The key figures of all watched databases together (report/key_figures.h).
#pragma once

#include <vector>

#include "report/key_figures.h"
#include "report/run_report.h"
#include "serve/state_registry.h"

namespace ballast::serve {

// `runs` can be of any time; those of the window are used. Drift is the maximum over the databases,
// of each as it was last compared;
// package age is that of the oldest package that lacks migrations.
std::vector<report::KeyFigure> FiguresOf(const StateView& view,
                                         const std::vector<report::RunReport>& runs,
                                         const report::Thresholds& thresholds);

}  // namespace ballast::serve
