// SPDX-License-Identifier: Apache-2.0
// Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats/, "Text
// format details", version 0.0.4). The libraries of C++ for it are shared ones that every start of
// the program would have to load (docs/decisions/0006).
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
  // A sample of a gauge, or of a counter if the name ends with "_total". Samples of one name are
  // printed together, under the first help that was given for it. Names and labels are ours and
  // valid; values of labels are escaped.
  void Add(std::string_view name, std::string_view help, const Labels& labels, double value);

  // Families in the order of their first samples; each ends with a line break.
  std::string Text() const;

 private:
  struct Family {
    std::string name;
    std::string help;
    std::vector<std::pair<Labels, double>> samples;
  };
  std::vector<Family> families_;
  std::map<std::string, size_t, std::less<>> place_;  // of a name in families_
};

}  // namespace ballast::report
