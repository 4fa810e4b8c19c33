// SPDX-License-Identifier: Apache-2.0
#include "report/metrics_text.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "base/text.h"

namespace ballast::report {
namespace {

prometheus::ClientMetric MetricOf(const Labels& labels, double value, prometheus::MetricType type) {
  prometheus::ClientMetric metric;
  for (const auto& [name, text] : labels) metric.label.push_back({name, text});
  if (type == prometheus::MetricType::Counter) {
    metric.counter.value = value;
  } else {
    metric.gauge.value = value;
  }
  return metric;
}

}  // namespace

void MetricsText::Add(std::string_view name, std::string_view help, const Labels& labels,
                      double value) {
  auto index = index_.find(name);
  if (index == index_.end()) {
    index = index_.emplace(std::string(name), families_.size()).first;
    families_.push_back({std::string(name), std::string(help), {}});
  }
  families_[index->second].samples.emplace_back(labels, value);
}

std::string MetricsText::Text() const {
  std::vector<prometheus::MetricFamily> families;
  for (const Family& family : families_) {
    prometheus::MetricFamily printed;
    printed.name = family.name;
    // The library escapes values of labels, but not help texts.
    printed.help = ReplaceAll(ReplaceAll(family.help, "\\", "\\\\"), "\n", "\\n");
    printed.type = family.name.ends_with("_total") ? prometheus::MetricType::Counter
                                                   : prometheus::MetricType::Gauge;
    for (const auto& [labels, value] : family.samples) {
      printed.metric.push_back(MetricOf(labels, value, printed.type));
    }
    families.push_back(std::move(printed));
  }
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace ballast::report
