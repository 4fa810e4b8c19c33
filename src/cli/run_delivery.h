// SPDX-License-Identifier: Apache-2.0
// Tells others of a run when it is over: a metrics file, webhooks, and a collector of reports.
#pragma once

#include <string>
#include <vector>

#include "commands/log.h"
#include "project/invocation.h"
#include "report/notification.h"
#include "report/run_report.h"

namespace ballast::cli {

struct DeliveryOptions {
  std::string metrics_file;         // --metrics-file
  std::vector<std::string> notify;  // --notify
  report::NotificationFormat notify_format = report::NotificationFormat::kAuto;
};

// Writes the metrics file, and posts to --notify and BALLAST_NOTIFY_URL (several are separated by
// blanks) if the run changed something or failed, and to BALLAST_REPORT_URL in any case. Takes two
// seconds at most. Returns a sentence for each that did not succeed.
std::vector<std::string> Deliver(const report::RunReport& run, const DeliveryOptions& options,
                                 const project::Invocation& invocation);

// Key figures as metrics, with the labels project, database and schema.
std::string FigureMetrics(const commands::LogReport& report);

// Replaces the file in one step, so that nobody reads half of it. Empty, or a sentence.
std::string WriteMetricsFile(const std::string& file, const std::string& text);

}  // namespace ballast::cli
