// SPDX-License-Identifier: Apache-2.0
// The files of `ballast init monitoring`: alert rules for Prometheus and a dashboard for Grafana.
#pragma once

#include <string>

namespace ballast::commands {

// Rules on the metrics of --metrics-file and of `log --summary` (docs/operations.md).
std::string AlertRules();

// A dashboard of the same metrics, for import into Grafana.
std::string GrafanaDashboard();

}  // namespace ballast::commands
