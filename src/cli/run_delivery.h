// SPDX-License-Identifier: Apache-2.0
// Reports a finished run to others: a metrics file, webhooks, and a collector of reports.
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

// Writes the metrics file, posts to --notify and BALLAST_NOTIFY_URL (several URLs are separated by
// spaces) if the run changed something or failed, and always posts to BALLAST_REPORT_URL. Takes at
// most two seconds. Returns a sentence for each failure.
std::vector<std::string> Deliver(const report::RunReport& run, const DeliveryOptions& options,
                                 const project::Invocation& invocation);

// Key figures as metrics, with the labels project, database and schema.
std::string FigureMetrics(const commands::LogReport& report);

// Replaces the file atomically. Returns an empty text, or a sentence.
std::string WriteMetricsFile(const std::string& file, const std::string& text);

}  // namespace ballast::cli
