// SPDX-License-Identifier: Apache-2.0
// The files of `ballast init monitoring`: alert rules for Prometheus and a dashboard for Grafana.
#pragma once

#include <string>

#include "report/key_figures.h"

namespace ballast::commands {

// Rules on the metrics of --metrics-file and of `log --summary` (docs/operations.md). Slow runs are
// those past the project's thresholds.
std::string AlertRules(const report::Thresholds& thresholds);

// A dashboard of the same metrics, for import into Grafana.
std::string GrafanaDashboard();

}  // namespace ballast::commands
