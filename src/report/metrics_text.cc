// SPDX-License-Identifier: Apache-2.0
#include "report/metrics_text.h"

#include <fmt/format.h>

#include <cmath>

#include "base/text.h"

namespace ballast::report {
namespace {

std::string Escaped(std::string_view text, bool quotes) {
  std::string escaped = ReplaceAll(ReplaceAll(std::string(text), "\\", "\\\\"), "\n", "\\n");
  return quotes ? ReplaceAll(escaped, "\"", "\\\"") : escaped;
}

std::string LabelsText(const Labels& labels) {
  if (labels.empty()) return {};
  std::vector<std::string> pairs;
  pairs.reserve(labels.size());
  for (const auto& [name, value] : labels) {
    pairs.push_back(fmt::format("{}=\"{}\"", name, Escaped(value, true)));
  }
  return "{" + Join(pairs, ",") + "}";
}

std::string Number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

}  // namespace

void MetricsText::Add(std::string_view name, std::string_view help, const Labels& labels,
                      double value) {
  auto place = place_.find(name);
  if (place == place_.end()) {
    place = place_.emplace(std::string(name), families_.size()).first;
    families_.push_back({std::string(name), std::string(help), {}});
  }
  families_[place->second].samples.emplace_back(labels, value);
}

std::string MetricsText::Text() const {
  std::string text;
  for (const Family& family : families_) {
    text += fmt::format("# HELP {} {}\n# TYPE {} {}\n", family.name, Escaped(family.help, false),
                        family.name, family.name.ends_with("_total") ? "counter" : "gauge");
    for (const auto& [labels, value] : family.samples) {
      text += fmt::format("{}{} {}\n", family.name, LabelsText(labels), Number(value));
    }
  }
  return text;
}

}  // namespace ballast::report
