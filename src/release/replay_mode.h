// SPDX-License-Identifier: Apache-2.0
// How the statements of a script are sent to the server.
#pragma once

#include <string_view>

namespace ballast::release {

enum class ReplayMode {
  kBatch,  // a script is one message and, without its own BEGIN, one transaction
  kSplit,  // each statement is a message, as Prisma does since 7.4
  kAuto    // as kBatch; a script that the server refuses as one transaction is split
};

std::string_view NameOf(ReplayMode mode);  // "batch", "split", "auto"

// Whether the server reports this SQLSTATE because a script runs in one transaction: a new enum
// value is used before its transaction ends (55P04), a statement cannot run in a transaction block
// (25001), or code ends a transaction that it has not begun (2D000).
bool SucceedsWhenSplit(std::string_view sqlstate);

}  // namespace ballast::release
