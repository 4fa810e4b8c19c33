// SPDX-License-Identifier: Apache-2.0
// Bytes as a run report, which `ballast serve` accepts from others: read or refused; what is
// accepted is written back so that it reads the same and is accepted again.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "report/check_run_report.h"
#include "report/run_report.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ballast;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string wrong;
  auto report = report::ParseRunReport(text, &wrong);
  if (!report) return 0;
  const std::string now = "2026-11-26T20:11:14.123Z";
  if (report::CheckRunReport(*report, now)) return 0;
  const std::string written = report::ToJson(*report);
  auto again = report::ParseRunReport(written, &wrong);
  BALLAST_CHECK(again.has_value());
  BALLAST_CHECK(!report::CheckRunReport(*again, now));
  BALLAST_CHECK(report::ToJson(*again) == written);
  return 0;
}
