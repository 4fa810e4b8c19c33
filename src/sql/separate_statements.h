// SPDX-License-Identifier: Apache-2.0
// A script as what is sent when each of its statements is a message of its own, as Prisma does
// since 7.4.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace ballast::sql {

enum class SeparatePlace {
  kInTransaction,   // it may run in a transaction that others open around it
  kOwnTransaction,  // BEGIN … COMMIT, both plain: `end` is the COMMIT
  kOutside          // refused in a transaction block, or it controls transactions in another way
};

// One statement, or a transaction of the script's own with all of its statements.
struct SeparateStatement {
  std::string_view text;  // a view into the script, without the last semicolon
  std::string_view end;   // of kOwnTransaction: what follows `text`, "COMMIT"
  size_t offset = 0;      // of the text, in bytes
  int line = 1;
  SeparatePlace place = SeparatePlace::kInTransaction;
  bool waits_for_transactions = false;  // refused in a transaction block: a concurrent index build
  // SET and the like: those after it need it in their session.
  bool sets_session = false;
};

// All of them, in order. Reads words only.
std::vector<SeparateStatement> SeparateStatements(std::string_view script);

}  // namespace ballast::sql
