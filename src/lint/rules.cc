// SPDX-License-Identifier: Apache-2.0
#include "lint/rules.h"

#include <array>
#include <vector>

#include "base/nearest_name.h"

namespace ballast::lint {
namespace {

struct Line {
  Rule rule;
  std::string_view name;
  Severity severity;
  std::string_view title;
};

constexpr std::array kLines = {
#define BALLAST_LINT_LINE(enumerator, name, severity, title) \
  Line{Rule::enumerator, name, Severity::severity, title},
    BALLAST_LINT_RULES(BALLAST_LINT_LINE)
#undef BALLAST_LINT_LINE
};

const Line& LineOf(Rule rule) {
  return kLines[static_cast<size_t>(rule)];
}

}  // namespace

std::string_view NameOf(Rule rule) {
  return LineOf(rule).name;
}

std::string_view TitleOf(Rule rule) {
  return LineOf(rule).title;
}

Severity SeverityOf(Rule rule) {
  return LineOf(rule).severity;
}

std::optional<Rule> RuleNamed(std::string_view name) {
  for (const Line& line : kLines) {
    if (line.name == name) return line.rule;
  }
  return std::nullopt;
}

std::vector<Rule> AllRules() {
  std::vector<Rule> rules;
  rules.reserve(std::size(kLines));
  for (const Line& line : kLines) rules.push_back(line.rule);
  return rules;
}

std::string DidYouMeanRule(std::string_view entry) {
  std::vector<std::string> names;
  names.reserve(std::size(kLines));
  for (const Line& line : kLines) names.emplace_back(line.name);
  return DidYouMean(entry.substr(0, entry.find_first_of(" \t")), names);
}

std::string_view NameOf(Severity severity) {
  switch (severity) {
    case Severity::kNotice:
      return "notice";
    case Severity::kWarning:
      return "warning";
    case Severity::kError:
      return "error";
  }
  return "error";
}

}  // namespace ballast::lint
