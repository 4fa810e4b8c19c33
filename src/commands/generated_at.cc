// SPDX-License-Identifier: Apache-2.0
#include "commands/generated_at.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <ctime>

namespace ballast::commands {
namespace {

constexpr char kEpochVariable[] = "SOURCE_DATE_EPOCH";
constexpr int64_t kLastSecond = 253402300799;  // of the year 9999

Result<int64_t> SecondsIn(const std::string& epoch) {
  int64_t seconds = -1;
  const char* end = epoch.data() + epoch.size();
  const auto read = std::from_chars(epoch.data(), end, seconds);
  if (read.ec == std::errc() && read.ptr == end && seconds >= 0 && seconds <= kLastSecond) {
    return seconds;
  }
  return MakeError(ErrorCode::kUsageError,
                   fmt::format("the value of {} is not a time: '{}'", kEpochVariable, epoch),
                   fmt::format("set it to a number of seconds since 1970: {}=$(git log -1 "
                               "--format=%ct); or unset it",
                               kEpochVariable));
}

}  // namespace

Result<std::string> GeneratedAt(const project::Invocation& invocation,
                                const workspace::GitState& git) {
  int64_t seconds = git.commit_time > 0 ? git.commit_time : std::time(nullptr);
  const std::string epoch = invocation.Variable(kEpochVariable);
  if (!epoch.empty()) {
    TRY_ASSIGN(seconds, SecondsIn(epoch));
  }
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

}  // namespace ballast::commands
