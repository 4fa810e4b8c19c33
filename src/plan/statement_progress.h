// SPDX-License-Identifier: Apache-2.0
// The progress of a script that runs statement by statement. It is stored in column `logs` of the
// open row of the migrations table, in the transaction of each statement. Prisma shows that text
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

// "ballast: 1 of 3 statements applied", and on further lines the server's message.
std::string LogsOf(const StatementProgress& progress, std::string_view error = {});
// Empty if the text does not have that form.
std::optional<StatementProgress> ProgressIn(std::string_view logs);
// The server's message; empty if there is none because the deploy was stopped.
std::string_view ErrorAfterProgress(std::string_view logs);

}  // namespace ballast::plan
