// SPDX-License-Identifier: Apache-2.0
// Collects metrics and prints them in Prometheus' text format
// (https://prometheus.io/docs/instrumenting/exposition_formats/, version 0.0.4).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ballast::report {

using Labels = std::vector<std::pair<std::string, std::string>>;

class MetricsText {
 public:
  // Adds a sample of a gauge, or of a counter if the name ends with "_total". Samples of one name
  // are grouped under the first help text. Names must be valid; values of labels are escaped.
  void Add(std::string_view name, std::string_view help, const Labels& labels, double value);

  // Families in the order of their first samples; each line ends with a line feed.
  std::string Text() const;

 private:
  struct Family {
    std::string name;
    std::string help;
    std::vector<std::pair<Labels, double>> samples;
  };
  std::vector<Family> families_;
  std::map<std::string, size_t, std::less<>> index_;  // of a name in families_
};

}  // namespace ballast::report
