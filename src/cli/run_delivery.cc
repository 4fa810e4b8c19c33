// SPDX-License-Identifier: Apache-2.0
#include "cli/run_delivery.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/interruption.h"
#include "base/text.h"
#include "postgres/system_certificates.h"
#include "report/http_post.h"
#include "report/run_metrics.h"
#include "workspace/files.h"

namespace ballast::cli {
namespace {

struct NotifyUrl {
  std::string url;
  std::string source;
};

std::vector<NotifyUrl> NotifyUrls(const DeliveryOptions& options,
                                  const project::Invocation& invocation) {
  constexpr char kVariable[] = "BALLAST_NOTIFY_URL";
  std::vector<NotifyUrl> urls;
  for (const std::string& url : options.notify) urls.push_back({url, "--notify"});
  std::string listed = invocation.Variable(kVariable);
  for (const char blank : {'\n', '\t', '\r'}) listed = ReplaceAll(listed, {&blank, 1}, " ");
  for (const std::string& url : Split(listed, ' ')) {
    if (!url.empty()) urls.push_back({url, kVariable});
  }
  return urls;
}

std::vector<report::HttpPost> PostsFor(const report::RunReport& run, const DeliveryOptions& options,
                                       const project::Invocation& invocation) {
  std::vector<report::HttpPost> posts;
  if (run.outcome != report::Outcome::kNothing) {
    for (const auto& [url, source] : NotifyUrls(options, invocation)) {
      const report::NotificationFormat format = report::FormatFor(url, options.notify_format);
      posts.push_back({url, report::NotificationBody(run, format), {}, {}, source});
    }
  }
  constexpr char kCollector[] = "BALLAST_REPORT_URL";
  const std::string collector = invocation.Variable(kCollector);
  if (!collector.empty()) {
    constexpr char kToken[] = "BALLAST_REPORT_TOKEN";
    posts.push_back(
        {collector, report::ToJson(run), invocation.Variable(kToken), kToken, kCollector});
  }
  return posts;
}

double UnixTime() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

// A run that compared nothing leaves the counts of the last comparison in the file, so that no
// alert ends because of it.
std::string RunMetrics(const report::RunReport& run, const std::string& file) {
  std::optional<report::ObjectCounts> counts = report::ObjectCountsOf(run);
  std::string kept;
  if (!counts) {
    const Result<std::string> before = workspace::ReadFile(file);
    if (before && run.target) counts = report::ObjectCountsIn(*before, run);
    if (before && !run.target) kept = report::ObjectLinesIn(*before);
  }
  report::MetricsText metrics;
  report::AddRunMetrics(run, counts, UnixTime(), metrics);
  return metrics.Text() + kept;
}

}  // namespace

std::string FigureMetrics(const commands::LogReport& report) {
  report::RunReport labelled;
  labelled.project = report.project;
  labelled.target = report.target;
  const report::Labels labels = report::TargetLabels(labelled);
  report::MetricsText metrics;
  metrics.Add("ballast_key_figures_timestamp_seconds",
              "When the key figures were computed, in Unix time.", labels, UnixTime());
  if (report.is_reachable) {
    metrics.Add("ballast_database_reachable", "1 if the database answers or was not asked, else 0.",
                labels, *report.is_reachable ? 1 : 0);
  }
  report::AddKeyFigureMetrics(report.figures, labels, metrics);
  return metrics.Text();
}

std::string WriteMetricsFile(const std::string& file, const std::string& text) {
  const Status written = workspace::ReplaceFile(file, text, 0644);
  return written ? "" : "the metrics file was not written: " + written.error().message;
}

std::vector<std::string> Deliver(const report::RunReport& run, const DeliveryOptions& options,
                                 const project::Invocation& invocation) {
  std::vector<std::string> problems;
  if (run.run.empty()) return problems;
  if (!options.metrics_file.empty()) {
    std::string problem =
        WriteMetricsFile(options.metrics_file, RunMetrics(run, options.metrics_file));
    if (!problem.empty()) problems.push_back(std::move(problem));
  }
  const std::vector<report::HttpPost> posts = PostsFor(run, options, invocation);
  if (posts.empty()) return problems;
  const std::chrono::milliseconds limit(Interruption::Requested() ? 1000 : 2000);
  for (std::string& problem : PostAll(posts, postgres::SystemCertificates(), limit)) {
    // Two URLs of one host fail with the same words.
    const bool said = std::find(problems.begin(), problems.end(), problem) != problems.end();
    if (!said) problems.push_back(std::move(problem));
  }
  return problems;
}

}  // namespace ballast::cli
