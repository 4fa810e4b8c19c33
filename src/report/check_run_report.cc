// SPDX-License-Identifier: Apache-2.0
#include "report/check_run_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "base/text.h"
#include "base/url_password.h"

namespace ballast::report {
namespace {

constexpr size_t kLongestText = 500;
constexpr size_t kLongestMessage = 5000;
constexpr double kLongestMs = 1e12;  // 31 years

bool IsUuid(std::string_view text) {
  constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  if (text.size() != kForm.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (kForm[i] == 'x' ? !hex : c != '-') return false;
  }
  return true;
}

template <class Part>
bool AreDurations(const std::vector<Part>& parts) {
  for (const Part& part : parts) {
    if (!IsDuration(part.duration_ms)) return false;
  }
  return true;
}

template <class Part>
bool AreNamed(const std::vector<Part>& parts) {
  return std::all_of(parts.begin(), parts.end(),
                     [](const Part& part) { return !part.name.empty(); });
}

// The value of "password=…", "PGPASSWORD=…", and of the address of a webhook what follows its host.
std::string MaskOtherSecrets(std::string text) {
  constexpr std::string_view kMask = "***";
  for (const std::string_view before :
       {"password=", "hooks.slack.com/", "discord.com/api/webhooks/",
        "discordapp.com/api/webhooks/"}) {
    std::string lower = ToLowerAscii(text);
    for (size_t at = lower.find(before); at != std::string::npos; at = lower.find(before, at)) {
      at += before.size();
      const bool quoted = at < text.size() && (text[at] == '\'' || text[at] == '"');
      const size_t begin = quoted ? at + 1 : at;
      const std::string ends = quoted ? std::string(1, text[at]) : " \t\n\"'`<>&#;,";
      const size_t end = std::min(text.find_first_of(ends, begin), text.size());
      if (end == begin) continue;
      text.replace(begin, end - begin, kMask);
      lower.replace(begin, end - begin, kMask);
    }
  }
  return text;
}

std::string Tidied(std::string text, size_t longest) {
  text = MaskOtherSecrets(MaskUrlPasswords(std::move(text)));
  if (text.size() <= longest) return text;
  constexpr std::string_view kMore = "…";
  text.resize(CutToBytes(text, longest - kMore.size()).size());
  return text.append(kMore);
}

int NumberAt(std::string_view text, size_t at, size_t size) {
  int number = 0;
  std::from_chars(text.data() + at, text.data() + at + size, number);
  return number;
}

}  // namespace

std::optional<std::string> NormalTime(std::string_view text) {
  constexpr std::string_view kForm = "dddd-dd-ddTdd:dd:dd";
  if (text.size() <= kForm.size() || !text.ends_with('Z')) return std::nullopt;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  for (size_t i = 0; i < kForm.size(); ++i) {
    if (kForm[i] == 'd' ? !is_digit(text[i]) : text[i] != kForm[i]) return std::nullopt;
  }
  std::string_view fraction = text.substr(kForm.size());
  fraction.remove_suffix(1);
  if (!fraction.empty()) {
    if (fraction[0] != '.' || fraction.size() < 2 || fraction.size() > 10) return std::nullopt;
    for (const char c : fraction.substr(1)) {
      if (!is_digit(c)) return std::nullopt;
    }
  }
  const std::chrono::year_month_day day{
      std::chrono::year(NumberAt(text, 0, 4)),
      std::chrono::month(static_cast<unsigned>(NumberAt(text, 5, 2))),
      std::chrono::day(static_cast<unsigned>(NumberAt(text, 8, 2)))};
  const bool exists = day.ok() && NumberAt(text, 11, 2) < 24 && NumberAt(text, 14, 2) < 60 &&
                      NumberAt(text, 17, 2) <= 60;  // 60: a leap second
  if (!exists) return std::nullopt;
  std::string digits(fraction.empty() ? fraction : fraction.substr(1));
  digits.resize(3, '0');
  return fmt::format("{}.{}Z", text.substr(0, kForm.size()), digits);
}

bool IsDuration(const std::optional<double>& ms) {
  return !ms || (*ms >= 0 && *ms <= kLongestMs);  // false for NaN
}

void TidyTexts(RunReport& report) {
  const auto tidy = [](std::string& text) { text = Tidied(std::move(text), kLongestText); };
  report.message = Tidied(std::move(report.message), kLongestMessage);
  for (std::string* text : {&report.command, &report.code, &report.project, &report.strategy,
                            &report.found, &report.release, &report.release_before,
                            &report.fingerprint_expected, &report.fingerprint_actual,
                            &report.origin.host, &report.origin.user, &report.origin.program}) {
    tidy(*text);
  }
  if (report.target) {
    Target& target = *report.target;
    for (std::string* text : {&target.host, &target.database, &target.schema, &target.role,
                              &target.server_version, &target.project}) {
      tidy(*text);
    }
  }
  for (Stage& stage : report.stages) tidy(stage.name);
  for (MigrationTime& migration : report.migrations) tidy(migration.name);
  for (std::string& object : report.drift) tidy(object);
  for (std::string& object : report.additions) tidy(object);
  for (auto& [name, value] : report.origin.variables) {
    tidy(name);
    tidy(value);
  }
  if (!report.package) return;
  tidy(report.package->baseline_includes_up_to);
  tidy(report.package->fingerprint);
}

std::optional<WrongField> CheckRunReport(RunReport& report, const std::string& now) {
  if (!IsUuid(report.run)) return WrongField{"run", "a UUID"};
  const std::string duration = "milliseconds from 0 to 1e12";
  if (!IsDuration(report.duration_ms)) return WrongField{"duration_ms", duration};
  if (!AreDurations(report.stages)) return WrongField{"stages.duration_ms", duration};
  if (!AreDurations(report.migrations)) return WrongField{"migrations.duration_ms", duration};
  if (!AreNamed(report.stages)) return WrongField{"stages.name", "a name"};
  if (!AreNamed(report.migrations)) return WrongField{"migrations.name", "a name"};
  if (report.target && report.target->port > 65535) {
    return WrongField{"target.port", "a port from 0 to 65535"};
  }
  if (report.started_at.empty()) report.started_at = now;
  std::optional<std::string> started = NormalTime(report.started_at);
  if (!started) {
    return WrongField{"started_at", "a time in UTC such as 2026-11-26T20:11:14.123Z"};
  }
  report.started_at = std::min(*started, now);
  return std::nullopt;
}

}  // namespace ballast::report
