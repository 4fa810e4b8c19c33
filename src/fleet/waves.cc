// SPDX-License-Identifier: Apache-2.0
#include "fleet/waves.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"

namespace ballast::fleet {
namespace {

struct Amount {
  size_t number = 0;
  bool is_percentage = false;
};

std::optional<Amount> ParseAmount(std::string_view text) {
  Amount amount;
  if (text.ends_with('%')) {
    amount.is_percentage = true;
    text.remove_suffix(1);
  }
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), amount.number);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (amount.is_percentage && amount.number > 100) return std::nullopt;
  return amount;
}

// A wave's size; 0: the text is not one.
size_t SizeOf(std::string_view word, size_t all, size_t left) {
  if (word == "rest") return left;
  const std::optional<Amount> amount = ParseAmount(word);
  if (!amount) return 0;
  const size_t size = amount->is_percentage ? (all * amount->number + 99) / 100 : amount->number;
  return std::min(size, left);
}

bool IsSize(std::string_view word) {
  const std::optional<Amount> amount = ParseAmount(word);
  return word == "rest" || (amount && amount->number > 0);
}

}  // namespace

Result<std::vector<size_t>> CanariesOf(const std::vector<Member>& members,
                                       const std::string& canary) {
  std::vector<size_t> canaries;
  if (canary.empty()) return canaries;
  const std::optional<Amount> amount = ParseAmount(canary);
  const size_t first = amount ? SizeOf(canary, members.size(), members.size()) : 0;
  for (size_t i = 0; i < members.size(); ++i) {
    const std::vector<std::string>& groups = members[i].groups;
    const bool named = members[i].name == canary ||
                       std::find(groups.begin(), groups.end(), canary) != groups.end();
    if (amount ? i < first : named) canaries.push_back(i);
  }
  if (!canaries.empty()) return canaries;
  return MakeError(ErrorCode::kUsageError, fmt::format("--canary {} names no target", canary),
                   "pass a number, a percentage, a group or the name of a target");
}

Result<std::vector<Wave>> DivideIntoWaves(const std::vector<size_t>& members, size_t all,
                                          const std::string& waves) {
  std::vector<Wave> divided;
  auto next = members.begin();
  const auto take = [&](size_t size) {
    if (size == 0) return;
    Wave wave;
    wave.name = fmt::format("wave {}", divided.size() + 1);
    wave.members.assign(next, next + static_cast<std::ptrdiff_t>(size));
    next += static_cast<std::ptrdiff_t>(size);
    divided.push_back(std::move(wave));
  };
  bool rest_is_taken = false;
  for (const std::string& word : waves.empty() ? std::vector<std::string>() : Split(waves, ',')) {
    const std::string_view size = Trim(word);
    if (!IsSize(size)) {
      return MakeError(
          ErrorCode::kUsageError,
          fmt::format("\"{}\" is not the size of a wave (10,100,rest or 10%,50%,rest)", size),
          "write sizes such as 10,100,rest or 10%,50%,rest");
    }
    if (rest_is_taken) {
      return MakeError(ErrorCode::kUsageError,
                       fmt::format("\"{}\" follows \"rest\", which leaves no target", size),
                       "write rest as the last size: 10,100,rest");
    }
    rest_is_taken = size == "rest";
    take(SizeOf(size, all, static_cast<size_t>(members.end() - next)));
  }
  take(static_cast<size_t>(members.end() - next));
  return divided;
}

Result<size_t> FailureBudget(const std::string& budget, size_t members) {
  if (budget.empty()) return size_t{0};
  const std::optional<Amount> amount = ParseAmount(budget);
  if (!amount) {
    return MakeError(ErrorCode::kUsageError,
                     fmt::format("\"{}\" is neither a number nor a percentage", budget),
                     "write for example 3 or 5%");
  }
  return amount->is_percentage ? members * amount->number / 100 : amount->number;
}

}  // namespace ballast::fleet
