// SPDX-License-Identifier: Apache-2.0
// The key figures of everything that is watched together (report/key_figures.h).
#pragma once

#include <vector>

#include "report/key_figures.h"
#include "report/run_report.h"
#include "serve/board.h"

namespace ballast::serve {

// `runs` of any time; those of the window count. Drift is that of the database that has most, the
// age of a package that of the oldest one that lacks migrations.
std::vector<report::KeyFigure> FiguresOf(const BoardView& view,
                                         const std::vector<report::RunReport>& runs,
                                         const report::Thresholds& thresholds);

}  // namespace ballast::serve
