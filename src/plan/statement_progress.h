// SPDX-License-Identifier: Apache-2.0
// How far a script came that runs statement by statement: the open row of the migrations table says
// it in its column `logs`, written in the transaction of each statement. Prisma shows that text
// with P3009.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ballast::plan {

struct StatementProgress {
  size_t done = 0;
  size_t count = 0;

  bool operator==(const StatementProgress&) const = default;
};

// "ballast: 1 of 3 statements applied", and on further lines what the server said.
std::string LogsOf(const StatementProgress& progress, std::string_view error = {});
// Nothing where the text is not of that form.
std::optional<StatementProgress> ProgressIn(std::string_view logs);
// What the server said; empty: nothing, the deploy was stopped.
std::string_view ErrorAfterProgress(std::string_view logs);

}  // namespace ballast::plan
