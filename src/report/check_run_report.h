// SPDX-License-Identifier: Apache-2.0
// Checks the values of a run report from elsewhere (docs/schemas/run-report.json).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "report/run_report.h"

namespace ballast::report {

// A time in UTC such as "2026-11-26T20:11:14Z", with or without a fraction, in the form of TimeNow.
// No value for other texts and for dates that do not exist.
std::optional<std::string> NormalTime(std::string_view text);

// Milliseconds from 0 to 1e12, or unknown.
bool IsDuration(const std::optional<double>& ms);

struct WrongField {
  std::string name;      // "duration_ms"
  std::string expected;  // "a UUID"

  bool operator==(const WrongField&) const = default;
};

// Makes every text of a report from elsewhere fit to be shown: passwords in URLs become "***", and
// texts longer than 500 bytes, a message 5,000, are cut and end with "…".
void TidyTexts(RunReport& report);

// The first value that the schema does not allow. If there is none, the start is in the form of
// TimeNow, and not later than `now`: a clock that is ahead must not make its runs the newest for
// ever. A missing start becomes `now`.
std::optional<WrongField> CheckRunReport(RunReport& report, const std::string& now);

}  // namespace ballast::report
