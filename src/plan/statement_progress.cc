// SPDX-License-Identifier: Apache-2.0
#include "plan/statement_progress.h"

#include <fmt/format.h>

#include <charconv>

namespace ballast::plan {
namespace {

constexpr std::string_view kStart = "ballast: ";
constexpr std::string_view kOf = " of ";
constexpr std::string_view kEnd = " statements applied";

std::optional<size_t> TakeNumber(std::string_view& text) {
  size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return number;
}

bool Take(std::string_view& text, std::string_view part) {
  if (!text.starts_with(part)) return false;
  text.remove_prefix(part.size());
  return true;
}

}  // namespace

std::string LogsOf(const StatementProgress& progress, std::string_view error) {
  const std::string text =
      fmt::format("{}{}{}{}{}", kStart, progress.done, kOf, progress.count, kEnd);
  return error.empty() ? text : fmt::format("{}\n{}", text, error);
}

std::optional<StatementProgress> ProgressIn(std::string_view logs) {
  if (!Take(logs, kStart)) return std::nullopt;
  const auto done = TakeNumber(logs);
  if (!done || !Take(logs, kOf)) return std::nullopt;
  const auto count = TakeNumber(logs);
  if (!count || !Take(logs, kEnd) || *done > *count) return std::nullopt;
  if (!logs.empty() && logs.front() != '\n') return std::nullopt;
  return StatementProgress{*done, *count};
}

std::string_view ErrorAfterProgress(std::string_view logs) {
  const size_t line = logs.find('\n');
  return line == std::string_view::npos ? std::string_view() : logs.substr(line + 1);
}

}  // namespace ballast::plan
