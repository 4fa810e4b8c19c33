// SPDX-License-Identifier: Apache-2.0
// The metrics of one run, for --metrics-file (docs/operations.md).
#pragma once

#include "report/metrics_text.h"
#include "report/run_report.h"

namespace ballast::report {

// The labels of metrics of a target: project, database, schema.
Labels TargetLabels(const RunReport& run);

// `ended`: seconds since 1970.
void AddRunMetrics(const RunReport& run, double ended, MetricsText& metrics);

}  // namespace ballast::report
