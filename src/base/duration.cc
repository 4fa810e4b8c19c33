// SPDX-License-Identifier: Apache-2.0
#include "base/duration.h"

#include <fmt/format.h>

#include <charconv>

#include "base/text.h"

namespace ballast {
namespace {

struct Unit {
  std::string_view name;
  int64_t milliseconds;
};
constexpr Unit kUnits[] = {{"", 1},         {"ms", 1},        {"s", 1000},      {"m", 60'000},
                           {"min", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
constexpr int64_t kLargestNumber = 1'000'000'000;

}  // namespace

std::optional<int64_t> ParseMilliseconds(std::string_view text) {
  text = Trim(text);
  int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || number < 0 || number > kLargestNumber) return std::nullopt;
  const std::string_view unit = Trim(text.substr(static_cast<size_t>(end - text.data())));
  for (const Unit& known : kUnits) {
    if (known.name == unit) return number * known.milliseconds;
  }
  return std::nullopt;
}

std::string DurationInWords(std::chrono::milliseconds time) {
  constexpr int64_t kSecond = 1000;
  const int64_t count = time.count();
  return count > 0 && count % kSecond == 0 ? fmt::format("{} s", count / kSecond)
                                           : fmt::format("{} ms", count);
}

}  // namespace ballast
