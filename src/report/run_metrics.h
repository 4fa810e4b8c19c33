// SPDX-License-Identifier: Apache-2.0
// One run as metrics, for --metrics-file (docs/operations.md lists them).
#pragma once

#include "report/metrics_text.h"
#include "report/run_report.h"

namespace ballast::report {

// The labels of everything that is about one target: project, database, schema.
Labels TargetLabels(const RunReport& run);

// `ended`: seconds since 1970.
void AddRunMetrics(const RunReport& run, double ended, MetricsText& metrics);

}  // namespace ballast::report
