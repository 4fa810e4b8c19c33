// SPDX-License-Identifier: Apache-2.0
// The metrics of one run, for --metrics-file (docs/operations.md).
#pragma once

#include <optional>
#include <string>
#include <string_view>

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

// What a run knows of the objects of a database after it, as numbers.
struct ObjectCounts {
  size_t drift = 0;
  size_t additions = 0;
};
// Empty if the run did not compare the database with a proven state.
std::optional<ObjectCounts> ObjectCountsOf(const RunReport& run);

// The counts in the metrics of an earlier run on the same target, whatever its command; empty if
// the text has none. `text` is what MetricsText wrote.
std::optional<ObjectCounts> ObjectCountsIn(std::string_view text, const RunReport& run);

// The lines of these counts in the metrics of an earlier run, for a run that does not know its
// target: that is the one of the file.
std::string ObjectLinesIn(std::string_view text);

// All metrics of a run, with the counts `known` if there are any. `ended`: seconds since 1970.
void AddRunMetrics(const RunReport& run, const std::optional<ObjectCounts>& known, double ended,
                   MetricsText& metrics);

}  // namespace ballast::report
