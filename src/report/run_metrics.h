// SPDX-License-Identifier: Apache-2.0
// The metrics of one run, for --metrics-file (docs/operations.md).
#pragma once

#include "report/metrics_text.h"
#include "report/run_report.h"

namespace ballast::report {

// The labels of metrics of a target: project, database, schema, server ("HOST:PORT").
Labels TargetLabels(const RunReport& run);

// Its labels: those of its target, and its command.
Labels LabelsOf(const RunReport& run);

// Whether a run succeeded, and how long it took. `labels`: LabelsOf(run), and perhaps more.
void AddSuccess(const RunReport& run, const Labels& labels, MetricsText& metrics);
void AddDuration(const RunReport& run, const Labels& labels, MetricsText& metrics);

// All metrics of a run. `ended`: seconds since 1970.
void AddRunMetrics(const RunReport& run, double ended, MetricsText& metrics);

}  // namespace ballast::report
